// The transport over WebSockets, for programs that cannot link gRPC.
#pragma once

#include <memory>
#include <string>

#include "pantomatrix/transport.h"

namespace pantomatrix {

struct WebSocketOptions {
  // "host:port" of the server's WebSockets. There is no TLS here, which would bring an OpenSSL along: over the open
  // internet use gRPC or the engine's own WebSockets behind this interface.
  std::string address = "localhost:8080";
  // Empty for none.
  std::string token;
};

// Every call is a connection; one thread serves them all.
std::shared_ptr<Transport> websocket_transport(const WebSocketOptions& options) noexcept;

}  // namespace pantomatrix

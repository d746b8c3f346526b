// The transport over gRPC.
#pragma once

#include <memory>
#include <string>

#include "pantomatrix/transport.h"

namespace pantomatrix {

struct GrpcOptions {
  // "host:port".
  std::string address = "localhost:50051";
  bool tls = false;
  // PEM of the authorities to trust; empty for the system's.
  std::string root_certificates;
  // PEM of this caller's certificate and key, for a server that asks for one; empty for none.
  std::string certificate;
  std::string key;
  // Empty for none.
  std::string token;
};

// Connects when the first call starts, and again whenever the connection was lost.
std::shared_ptr<Transport> grpc_transport(const GrpcOptions& options) noexcept;

}  // namespace pantomatrix

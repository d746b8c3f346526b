// WebSockets as an engine has them: opened, heard and closed on one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pantomatrix/c_api.h"
#include "pantomatrix/socket_transport.h"

// What sockets are opened on. Of the protocol it speaks what these tests need, over Asio's plain TCP: compiling a whole
// library of it takes longer than everything else here, and the transport over WebSockets is tested on that.
class EngineNetwork {
 public:
  class Connection;
  // Sends what waits, and tells the listeners what has come.
  void poll();
  std::unique_ptr<pantomatrix::Socket> open(const std::string& address, const std::string& path, const std::string& token,
                                            pantomatrix::SocketListener* listener);

 private:
  std::vector<std::weak_ptr<Connection>> connections_;
};

// Sockets on a network that the owner polls.
pantomatrix::OpenSocket engine_sockets(EngineNetwork& network, const std::string& address);

// The same for the C interface, delivering every message in two parts. Lives as long as its client.
class EngineSockets {
 public:
  explicit EngineSockets(std::string address);
  pm_sockets functions() noexcept { return {this, open, send, close}; }
  EngineNetwork& network() noexcept { return network_; }

 private:
  class Told;
  static void* open(void* engine, const char* path, pm_socket* socket);
  static void send(void* socket, const void* data, std::size_t bytes);
  static void close(void* socket);

  std::string address_;
  EngineNetwork network_;
};

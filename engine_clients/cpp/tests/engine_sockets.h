// WebSockets as an engine has them: opened, heard and closed on one thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "pantomatrix/c_api.h"
#include "pantomatrix/socket_transport.h"

// Boost's, on a context that the owner runs.
pantomatrix::OpenSocket engine_sockets(boost::asio::io_context& context, const std::string& address,
                                       const std::string& token = {});

// The same for the C interface, delivering every message in two parts. Lives as long as its client.
class EngineSockets {
 public:
  explicit EngineSockets(std::string address);
  pm_sockets functions() noexcept { return {this, open, send, close}; }
  boost::asio::io_context& context() noexcept { return context_; }

 private:
  class Told;
  static void* open(void* engine, const char* path, pm_socket* socket);
  static void send(void* socket, const void* data, std::size_t bytes);
  static void close(void* socket);

  std::string address_;
  boost::asio::io_context context_;
};

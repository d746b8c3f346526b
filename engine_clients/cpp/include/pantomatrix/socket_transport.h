// The transport over WebSockets that somebody else opens: an engine's own.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pantomatrix/transport.h"

namespace pantomatrix {

// What a socket tells, on the thread that pumps the transport; nothing any more once the socket was let go of.
class SocketListener {
 public:
  virtual ~SocketListener() = default;
  virtual void opened() noexcept = 0;
  // A whole message.
  virtual void binary(const void* data, std::size_t bytes) noexcept = 0;
  virtual void text(const std::string& message) noexcept = 0;
  // It was open. code: the peer's, 1006 if the connection was lost.
  virtual void closed(int code, const std::string& reason) noexcept = 0;
  // It did not open.
  virtual void failed(const std::string& why) noexcept = 0;
};

// Letting go of it closes it: in pump() or with the transport, never in one of its listener's calls.
class Socket {
 public:
  virtual ~Socket() = default;
  // A binary message, while it is open.
  virtual void send(const void* data, std::size_t bytes) noexcept = 0;
};

// Begins to open a WebSocket at the server's path. The listener outlives the socket. nullptr if there can be none.
using OpenSocket = std::function<std::unique_ptr<Socket>(const char* path, SocketListener* listener)>;

// The sockets belong to the thread that pumps; calls may be started, used and let go of on any thread.
class SocketTransport : public Transport {
 public:
  explicit SocketTransport(OpenSocket open) noexcept : open_(std::move(open)) {}
  // On the thread that pumps. Ends what still runs.
  ~SocketTransport() override;

  std::unique_ptr<Call> start(const Method& method, std::shared_ptr<CallListener> listener,
                              std::chrono::milliseconds timeout) noexcept override;

  // Opens, sends and closes what was asked for since the last time. Once a tick is often enough.
  void pump() noexcept;

 private:
  class SocketCall;
  class Handle;

  OpenSocket open_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<SocketCall>> calls_;
};

}  // namespace pantomatrix

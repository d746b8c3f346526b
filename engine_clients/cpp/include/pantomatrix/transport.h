// How serialized messages travel. gRPC and WebSockets are there; an engine may bring its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "pantomatrix/error.h"

namespace pantomatrix {

// A call of the contract.
struct Method {
  // As in gRPC and as a WebSocket's path: "/pantomatrix.v1.MotionService/StreamMotion".
  const char* path;
  // Whether the caller sends many messages; else exactly one.
  bool many_requests;
};

// Takes what a call brings. Called by threads of the transport, never by two at once.
class CallListener {
 public:
  virtual ~CallListener() = default;
  // A serialized response, valid during the call only.
  virtual void on_message(const void* data, std::size_t bytes) noexcept = 0;
  // Last, once: how the call ended.
  virtual void on_end(const Error& error) noexcept = 0;
};

// A running call. No function blocks; all may be called by any thread. Letting go of it cancels the call.
class Call {
 public:
  virtual ~Call() = default;
  // Queues a serialized request.
  virtual void send(std::string message) noexcept = 0;
  // Nothing more will be sent.
  virtual void close_sending() noexcept = 0;
  // Ends the call with ErrorCode::cancelled, if it has not ended.
  virtual void cancel() noexcept = 0;
  // Bytes that were given to send and are not on their way yet.
  virtual std::size_t unsent_bytes() const noexcept = 0;
};

// Connects to one server. Outlives its calls; the last owner that lets go of it waits for them, and must not be a listener.
class Transport {
 public:
  virtual ~Transport() = default;
  // Starts a call; the listener lives until its on_end has returned. timeout: of the whole call, zero for none.
  virtual std::unique_ptr<Call> start(const Method& method, std::shared_ptr<CallListener> listener,
                                      std::chrono::milliseconds timeout) noexcept = 0;
};

}  // namespace pantomatrix

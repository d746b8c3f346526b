#include "pantomatrix/socket_transport.h"

#include <algorithm>
#include <atomic>
#include <deque>

#include "websocket_status.h"

namespace pantomatrix {

using Clock = std::chrono::steady_clock;

// One call on one socket. The socket and what it tells belong to the thread that pumps; the end may come from any.
class SocketTransport::SocketCall : public SocketListener {
 public:
  SocketCall(const Method& method, std::shared_ptr<CallListener> listener, std::chrono::milliseconds timeout)
      : method_(method),
        deadline_(timeout.count() > 0 ? Clock::now() + timeout : Clock::time_point::max()),
        listener_(std::move(listener)) {}

  void send(std::string message) {
    const std::lock_guard<std::mutex> lock(waiting_mutex_);
    unsent_bytes += message.size();
    waiting_.push_back(std::move(message));
  }

  // Only calls with many requests have an end of them on the wire: an empty message.
  void close_sending() {
    if (method_.many_requests) send({});
  }

  // Tells the listener how the call ended, once.
  void end(const Error& error) {
    const std::lock_guard<std::recursive_mutex> lock(listener_mutex_);
    if (over_) return;
    over_ = true;
    const auto listener = std::move(listener_);
    listener->on_end(error);
  }

  void close_socket() { socket_.reset(); }

  // False when there is nothing left to do.
  bool pump(const OpenSocket& open) {
    if (Clock::now() >= deadline_) end({ErrorCode::deadline_exceeded, "the call took longer than its timeout", {}});
    if (!over_ && !socket_) {
      socket_ = open(method_.path, this);
      if (!socket_) end({ErrorCode::unavailable, "no socket could be opened", {}});
    }
    if (!over_ && open_) send_what_waits();
    if (over_) close_socket();
    return !over_;
  }

  void opened() noexcept override {
    open_ = true;
    send_what_waits();
  }

  void binary(const void* data, std::size_t bytes) noexcept override {
    const std::lock_guard<std::recursive_mutex> lock(listener_mutex_);
    if (const auto listener = listener_) listener->on_message(data, bytes);
  }

  void text(const std::string& message) noexcept override { status_ = message; }
  void closed(int code, const std::string& reason) noexcept override { end(closing_error(code, reason, status_)); }
  void failed(const std::string& why) noexcept override { end({ErrorCode::unavailable, why, {}}); }

  std::atomic<std::size_t> unsent_bytes{0};

 private:
  void send_what_waits() {
    if (!socket_) return;  // it opened while it was being made
    std::deque<std::string> messages;
    {
      const std::lock_guard<std::mutex> lock(waiting_mutex_);
      messages.swap(waiting_);
    }
    for (const std::string& message : messages) {
      socket_->send(message.data(), message.size());
      unsent_bytes -= message.size();
    }
  }

  Method method_;
  Clock::time_point deadline_;
  std::unique_ptr<Socket> socket_;
  std::string status_;
  bool open_ = false;

  std::mutex waiting_mutex_;
  std::deque<std::string> waiting_;

  // A listener may cancel its own call.
  std::recursive_mutex listener_mutex_;
  std::shared_ptr<CallListener> listener_;
  std::atomic<bool> over_{false};
};

class SocketTransport::Handle : public Call {
 public:
  explicit Handle(std::shared_ptr<SocketCall> call) : call_(std::move(call)) {}
  ~Handle() override { cancel(); }

  void send(std::string message) noexcept override { call_->send(std::move(message)); }
  void close_sending() noexcept override { call_->close_sending(); }
  void cancel() noexcept override { call_->end({ErrorCode::cancelled, "cancelled by the caller", {}}); }
  std::size_t unsent_bytes() const noexcept override { return call_->unsent_bytes; }

 private:
  std::shared_ptr<SocketCall> call_;
};

SocketTransport::~SocketTransport() {
  for (const auto& call : calls_) {
    call->end({ErrorCode::cancelled, "the client was let go of", {}});
    call->close_socket();
  }
}

std::unique_ptr<Call> SocketTransport::start(const Method& method, std::shared_ptr<CallListener> listener,
                                             std::chrono::milliseconds timeout) noexcept {
  auto call = std::make_shared<SocketCall>(method, std::move(listener), timeout);
  const std::lock_guard<std::mutex> lock(mutex_);
  calls_.push_back(call);
  return std::make_unique<Handle>(std::move(call));
}

void SocketTransport::pump() noexcept {
  std::vector<std::shared_ptr<SocketCall>> calls, done;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    calls = calls_;
  }
  for (const auto& call : calls)
    if (!call->pump(open_)) done.push_back(call);
  if (done.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto is_done = [&](const auto& call) { return std::find(done.begin(), done.end(), call) != done.end(); };
  calls_.erase(std::remove_if(calls_.begin(), calls_.end(), is_done), calls_.end());
}

}  // namespace pantomatrix

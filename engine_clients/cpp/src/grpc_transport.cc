#include "pantomatrix/grpc_transport.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "error_info.h"

namespace pantomatrix {
namespace {

constexpr int keepalive_ms = 20000;
constexpr int longest_reconnect_ms = 2000;

// Counts a transport's calls. Waiting for them keeps gRPC from letting go of its last channel in a thread of its own,
// which 1.51 answers with a double free.
class Running {
 public:
  class Token {
   public:
    explicit Token(Running* running) : running_(running) {
      const std::lock_guard<std::mutex> lock(running_->mutex_);
      ++running_->calls_;
    }
    ~Token() {
      const std::lock_guard<std::mutex> lock(running_->mutex_);
      if (--running_->calls_ == 0) running_->none_.notify_all();
    }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;

   private:
    Running* running_;
  };

  void wait_for_none() {
    std::unique_lock<std::mutex> lock(mutex_);
    none_.wait(lock, [this] { return calls_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int calls_ = 0;
};

// Bytes both ways; the messages are the callers' business. Keeps itself alive until gRPC is done with it.
class Reactor : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  Reactor(Running* running, grpc::GenericStub* stub, const Method& method, std::shared_ptr<CallListener> listener,
          std::chrono::milliseconds timeout, const std::string& token)
      : token_(running), listener_(std::move(listener)) {
    if (timeout.count() > 0) context_.set_deadline(std::chrono::system_clock::now() + timeout);
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    stub->PrepareBidiStreamingCall(&context_, method.path, {}, this);
  }

  void start(std::shared_ptr<Reactor> self) {
    self_ = std::move(self);
    AddHold();  // requests come from outside of gRPC's own callbacks
    StartRead(&response_);
    StartCall();
  }

  void send(std::string message) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (over_ || half_closed_) return;
    unsent_bytes_ += message.size();
    waiting_.push_back(std::move(message));
    write_next();
  }

  void close_sending() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (over_ || half_closed_) return;
    half_closed_ = true;
    write_next();
  }

  void cancel() { context_.TryCancel(); }

  std::size_t unsent_bytes() const { return unsent_bytes_; }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) {
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        over_ = true;
      }
      RemoveHold();
      return;
    }
    grpc::Slice slice;
    if (response_.TrySingleSlice(&slice).ok() || response_.DumpToSingleSlice(&slice).ok())
      listener_->on_message(slice.begin(), slice.size());
    StartRead(&response_);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    unsent_bytes_ -= waiting_.front().size();
    waiting_.pop_front();
    writing_ = false;
    if (ok && !over_) write_next();
  }

  void OnDone(const grpc::Status& status) override {
    Error error{static_cast<ErrorCode>(status.error_code()), status.error_message(), {}};
    const auto& trailers = context_.GetServerTrailingMetadata();
    const auto found = trailers.find("x-request-id");
    if (found != trailers.end()) error.request_id.assign(found->second.data(), found->second.size());
    error.reason = reason_in(status.error_details());
    listener_->on_end(error);
    const std::shared_ptr<Reactor> last = std::move(self_);
  }

  // With the lock held.
  void write_next() {
    if (writing_) return;
    if (!waiting_.empty()) {
      writing_ = true;
      const grpc::Slice slice(waiting_.front());
      request_ = grpc::ByteBuffer(&slice, 1);
      StartWrite(&request_);
    } else if (half_closed_ && !closed_) {
      closed_ = true;
      StartWritesDone();
    }
  }

  Running::Token token_;  // the first, so that all else is gone before it
  std::shared_ptr<CallListener> listener_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_, response_;
  std::shared_ptr<Reactor> self_;

  std::mutex mutex_;
  std::deque<std::string> waiting_;
  bool writing_ = false, half_closed_ = false, closed_ = false, over_ = false;
  std::atomic<std::size_t> unsent_bytes_{0};
};

class GrpcCall : public Call {
 public:
  explicit GrpcCall(std::shared_ptr<Reactor> reactor) : reactor_(std::move(reactor)) {}
  ~GrpcCall() override { reactor_->cancel(); }
  void send(std::string message) noexcept override { reactor_->send(std::move(message)); }
  void close_sending() noexcept override { reactor_->close_sending(); }
  void cancel() noexcept override { reactor_->cancel(); }
  std::size_t unsent_bytes() const noexcept override { return reactor_->unsent_bytes(); }

 private:
  std::shared_ptr<Reactor> reactor_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(const GrpcOptions& options) : token_(options.token), stub_(channel(options)) {}
  ~GrpcTransport() override { running_.wait_for_none(); }

  std::unique_ptr<Call> start(const Method& method, std::shared_ptr<CallListener> listener,
                              std::chrono::milliseconds timeout) noexcept override {
    auto reactor = std::make_shared<Reactor>(&running_, &stub_, method, std::move(listener), timeout, token_);
    reactor->start(reactor);
    return std::make_unique<GrpcCall>(std::move(reactor));
  }

 private:
  static std::shared_ptr<grpc::Channel> channel(const GrpcOptions& options) {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, keepalive_ms);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, longest_reconnect_ms);
    // One connection for each transport, or two with different tokens would share their fate.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    if (!options.tls) return grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(), arguments);
    return grpc::CreateCustomChannel(
        options.address, grpc::SslCredentials({options.root_certificates, options.key, options.certificate}), arguments);
  }

  std::string token_;
  grpc::GenericStub stub_;
  Running running_;
};

}  // namespace

std::shared_ptr<Transport> grpc_transport(const GrpcOptions& options) noexcept {
  return std::make_shared<GrpcTransport>(options);
}

}  // namespace pantomatrix

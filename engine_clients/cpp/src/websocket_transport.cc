#include "pantomatrix/websocket_transport.h"

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <thread>

#include "websocket_status.h"

namespace pantomatrix {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::asio::ip::tcp;
using boost::system::error_code;

// Everything is on one io_context. Asio's own names take any executor, which is slower, most of all to compile.
using Executor = boost::asio::io_context::executor_type;
using Resolver = boost::asio::ip::basic_resolver<tcp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;
using Stream = beast::basic_stream<tcp, Executor>;

constexpr auto connecting_timeout = std::chrono::seconds(10);
// Nothing heard for so long, pings included: the peer is dead.
constexpr auto idle_timeout = std::chrono::seconds(40);

struct Address {
  std::string host, port;
};

Address parsed(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return {address, "8080"};
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return {host, address.substr(colon + 1)};
}

ErrorCode refusal_code(int http_status) {
  switch (http_status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::permission_denied;
    case 429:
      return ErrorCode::resource_exhausted;
    default:
      return ErrorCode::unavailable;
  }
}

// One connection. All but the counter of unsent bytes is touched by the transport's thread alone.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& context, const WebSocketOptions& options, const Method& method,
             std::shared_ptr<CallListener> listener, std::chrono::milliseconds timeout)
      : resolver_(context),
        deadline_(context),
        socket_(context),
        address_(options.address),
        path_(method.path),
        many_requests_(method.many_requests),
        listener_(std::move(listener)) {
    socket_.set_option(websocket::stream_base::timeout{connecting_timeout, idle_timeout, true});
    socket_.set_option(websocket::stream_base::decorator([token = options.token](websocket::request_type& request) {
      if (!token.empty()) request.set(beast::http::field::authorization, "Bearer " + token);
    }));
    socket_.read_message_max(0);
    socket_.binary(true);
    if (timeout.count() > 0)
      deadline_.expires_after(timeout);
    else
      deadline_.expires_at(Clock::time_point::max());
  }

  void start() {
    deadline_.async_wait([self = shared_from_this()](error_code failure) {
      if (!failure) self->end({ErrorCode::deadline_exceeded, "the call took longer than its timeout", {}});
    });
    const Address to = parsed(address_);
    resolver_.async_resolve(to.host, to.port, [self = shared_from_this()](error_code error, auto found) {
      if (self->failed("no address for", error)) return;
      beast::get_lowest_layer(self->socket_).expires_after(connecting_timeout);
      beast::get_lowest_layer(self->socket_).async_connect(found, [self](error_code failure, auto) {
        self->connected(failure);
      });
    });
  }

  void send(std::string message) {
    if (over_) return;
    unsent_bytes += message.size();
    waiting_.push_back(std::move(message));
    write_next();
  }

  // Only calls with many requests have an end of them on the wire: an empty message.
  void close_sending() {
    if (many_requests_) send({});
  }

  // Tells the listener how the call ended, once, and lets go of the connection.
  void end(Error error) {
    if (over_) return;
    over_ = true;
    deadline_.cancel();
    resolver_.cancel();
    beast::get_lowest_layer(socket_).close();
    listener_->on_end(error);
    listener_.reset();
  }

  std::atomic<std::size_t> unsent_bytes{0};

 private:
  bool failed(const char* what, error_code error) {
    if (over_) return true;
    if (!error) return false;
    end({ErrorCode::unavailable, std::string(what) + " " + address_ + ": " + error.message(), {}});
    return true;
  }

  void connected(error_code error) {
    if (failed("no server answers at", error)) return;
    beast::get_lowest_layer(socket_).expires_never();
    beast::get_lowest_layer(socket_).socket().set_option(tcp::no_delay(true), error);
    socket_.async_handshake(answer_, address_, path_, [self = shared_from_this()](error_code failure) {
      if (failure == websocket::error::upgrade_declined && !self->over_) {
        const int status = self->answer_.result_int();
        self->end({refusal_code(status),
                   self->address_ + " refused with HTTP " + std::to_string(status) + ": " + self->answer_.body(),
                   {}});
        return;
      }
      if (self->failed("no WebSocket server at", failure)) return;
      self->open_ = true;
      self->write_next();
      self->read();
    });
  }

  void read() {
    socket_.async_read(incoming_, [self = shared_from_this()](error_code error, std::size_t) { self->taken(error); });
  }

  void taken(error_code error) {
    if (over_) return;
    if (error == websocket::error::closed) {
      const auto& [code, reason] = socket_.reason();
      return end(closing_error(code, address_ + " " + reason.c_str(), status_));
    }
    if (failed("lost the connection to", error)) return;
    const auto bytes = incoming_.cdata();
    if (socket_.got_text())
      status_.assign(static_cast<const char*>(bytes.data()), bytes.size());
    else
      listener_->on_message(bytes.data(), bytes.size());
    incoming_.consume(incoming_.size());
    read();
  }

  void write_next() {
    if (!open_ || writing_ || over_ || waiting_.empty()) return;
    writing_ = true;
    socket_.async_write(boost::asio::buffer(waiting_.front()), [self = shared_from_this()](error_code error, std::size_t) {
      self->unsent_bytes -= self->waiting_.front().size();
      self->waiting_.pop_front();
      self->writing_ = false;
      if (!error) self->write_next();  // why a write failed, the pending read tells better: the server may have said it
    });
  }

  Resolver resolver_;
  Timer deadline_;
  websocket::stream<Stream, false> socket_;  // false: without the compression, which is not asked for
  websocket::response_type answer_;
  beast::flat_buffer incoming_;
  std::string address_, path_, status_;
  bool many_requests_;
  std::shared_ptr<CallListener> listener_;
  std::deque<std::string> waiting_;
  bool open_ = false, writing_ = false, over_ = false;
};

class WebSocketCall : public Call {
 public:
  WebSocketCall(boost::asio::io_context& context, std::shared_ptr<Connection> connection)
      : context_(context), connection_(std::move(connection)) {}

  ~WebSocketCall() override { cancel(); }

  void send(std::string message) noexcept override {
    boost::asio::post(context_, [connection = connection_, message = std::move(message)]() mutable {
      connection->send(std::move(message));
    });
  }

  void close_sending() noexcept override {
    boost::asio::post(context_, [connection = connection_] { connection->close_sending(); });
  }

  void cancel() noexcept override {
    boost::asio::post(context_, [connection = connection_] {
      connection->end({ErrorCode::cancelled, "cancelled by the caller", {}});
    });
  }

  std::size_t unsent_bytes() const noexcept override { return connection_->unsent_bytes; }

 private:
  boost::asio::io_context& context_;
  std::shared_ptr<Connection> connection_;
};

class WebSocketTransport : public Transport {
 public:
  explicit WebSocketTransport(const WebSocketOptions& options)
      : options_(options), work_(context_.get_executor()), thread_([this] { context_.run(); }) {}

  ~WebSocketTransport() override {
    work_.reset();
    thread_.join();
  }

  std::unique_ptr<Call> start(const Method& method, std::shared_ptr<CallListener> listener,
                              std::chrono::milliseconds timeout) noexcept override {
    auto connection = std::make_shared<Connection>(context_, options_, method, std::move(listener), timeout);
    boost::asio::post(context_, [connection] { connection->start(); });
    return std::make_unique<WebSocketCall>(context_, std::move(connection));
  }

 private:
  WebSocketOptions options_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<Executor> work_;
  std::thread thread_;
};

}  // namespace

std::shared_ptr<Transport> websocket_transport(const WebSocketOptions& options) noexcept {
  return std::make_shared<WebSocketTransport>(options);
}

}  // namespace pantomatrix

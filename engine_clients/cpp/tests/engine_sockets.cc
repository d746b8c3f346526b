#include "engine_sockets.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

namespace {

namespace beast = boost::beast;
namespace pm = pantomatrix;
using boost::asio::ip::tcp;
using boost::system::error_code;
constexpr int lost = 1006;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& context, std::string address, pm::SocketListener* listener)
      : address_(std::move(address)), resolver_(context), socket_(context), listener_(listener) {
    socket_.binary(true);
    socket_.read_message_max(0);
  }

  void open(const std::string& path, const std::string& token) {
    socket_.set_option(beast::websocket::stream_base::decorator([token](beast::websocket::request_type& request) {
      request.set(beast::http::field::sec_websocket_protocol, "pantomatrix.v1");
      if (!token.empty()) request.set(beast::http::field::authorization, "Bearer " + token);
    }));
    const auto colon = address_.rfind(':');
    resolver_.async_resolve(address_.substr(0, colon), address_.substr(colon + 1), [self = shared_from_this(), path](error_code error, auto found) {
      if (self->failed(error)) return;
      boost::asio::async_connect(self->socket_.next_layer(), found, [self, path](error_code refused, auto) {
        if (self->failed(refused)) return;
        self->socket_.async_handshake(self->address_, path, [self](error_code declined) {
          if (self->failed(declined)) return;
          self->listener_->opened();
          self->read();
        });
      });
    });
  }

  void send(const void* data, std::size_t bytes) {
    waiting_.emplace_back(static_cast<const char*>(data), bytes);
    if (waiting_.size() == 1) write();
  }

  void close() {
    listener_ = nullptr;
    resolver_.cancel();
    error_code ignored;
    socket_.next_layer().close(ignored);
  }

 private:
  bool failed(error_code error) {
    if (error && listener_) listener_->failed("no server answers at " + address_ + ": " + error.message());
    return error || !listener_;
  }

  void read() {
    socket_.async_read(incoming_, [self = shared_from_this()](error_code error, std::size_t) {
      if (!self->listener_) return;
      if (error == beast::websocket::error::closed)
        return self->listener_->closed(self->socket_.reason().code, self->socket_.reason().reason.c_str());
      if (error) return self->listener_->closed(lost, error.message());
      const auto bytes = self->incoming_.cdata();
      if (self->socket_.got_text())
        self->listener_->text({static_cast<const char*>(bytes.data()), bytes.size()});
      else
        self->listener_->binary(bytes.data(), bytes.size());
      self->incoming_.consume(bytes.size());
      if (self->listener_) self->read();
    });
  }

  void write() {
    socket_.async_write(boost::asio::buffer(waiting_.front()), [self = shared_from_this()](error_code error, std::size_t) {
      self->waiting_.pop_front();
      if (!error && !self->waiting_.empty()) self->write();
    });
  }

  std::string address_;
  tcp::resolver resolver_;
  beast::websocket::stream<tcp::socket, false> socket_;  // without timers and compression: Boost takes long to compile
  pm::SocketListener* listener_;
  beast::flat_buffer incoming_;
  std::deque<std::string> waiting_;
};

class BoostSocket : public pm::Socket {
 public:
  explicit BoostSocket(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~BoostSocket() override { connection_->close(); }
  void send(const void* data, std::size_t bytes) noexcept override { connection_->send(data, bytes); }

 private:
  std::shared_ptr<Connection> connection_;
};

}  // namespace

pm::OpenSocket engine_sockets(boost::asio::io_context& context, const std::string& address, const std::string& token) {
  return [&context, address, token](const char* path, pm::SocketListener* listener) {
    auto connection = std::make_shared<Connection>(context, address, listener);
    connection->open(path, token);
    return std::make_unique<BoostSocket>(std::move(connection));
  };
}

class EngineSockets::Told : public pm::SocketListener {
 public:
  explicit Told(pm_socket* told) : socket_(told) {}
  void opened() noexcept override { pm_socket_opened(socket_); }
  void binary(const void* data, std::size_t bytes) noexcept override {
    pm_socket_binary(socket_, data, bytes / 2, 0);
    pm_socket_binary(socket_, static_cast<const char*>(data) + bytes / 2, bytes - bytes / 2, 1);
  }
  void text(const std::string& message) noexcept override { pm_socket_text(socket_, message.c_str()); }
  void closed(int code, const std::string& reason) noexcept override { pm_socket_closed(socket_, code, reason.c_str()); }
  void failed(const std::string& why) noexcept override { pm_socket_failed(socket_, why.c_str()); }

  std::unique_ptr<pm::Socket> socket;

 private:
  pm_socket* socket_;
};

EngineSockets::EngineSockets(std::string address) : address_(std::move(address)) {}

void* EngineSockets::open(void* engine, const char* path, pm_socket* socket) {
  auto* self = static_cast<EngineSockets*>(engine);
  auto told = std::make_unique<Told>(socket);
  told->socket = engine_sockets(self->context_, self->address_)(path, told.get());
  return told.release();
}

void EngineSockets::send(void* socket, const void* data, std::size_t bytes) {
  static_cast<Told*>(socket)->socket->send(data, bytes);
}

void EngineSockets::close(void* socket) { delete static_cast<Told*>(socket); }

#include "engine_sockets.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

namespace pm = pantomatrix;

namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;
enum Kind { more = 0, text = 1, binary = 2, closing = 8, ping = 9, pong = 10 };
constexpr std::size_t no_status = 1005, lost = 1006;

// The number of `bytes` bytes, the most significant first.
std::size_t number(const std::string& data, std::size_t start, std::size_t bytes) {
  std::size_t out = 0;
  for (std::size_t at = start; at < start + bytes; ++at) out = out << 8 | static_cast<unsigned char>(data[at]);
  return out;
}

}  // namespace

class EngineNetwork::Connection {
 public:
  Connection(const std::string& address, const std::string& path, const std::string& token, pm::SocketListener* listener)
      : listener_(listener) {
    error_code error;
    const auto colon = address.rfind(':');
    boost::asio::connect(socket_, tcp::resolver(context_).resolve(address.substr(0, colon), address.substr(colon + 1), error), error);
    if (error) failure_ = "no server answers at " + address + ": " + error.message();
    if (!error) socket_.non_blocking(true);
    out_ = "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: pantomatrix.v1\r\n" +
           (token.empty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n";
  }

  void send(Kind kind, const std::string& data) {
    // Every message is whole and masked, with zeros: it goes as it is.
    out_ += static_cast<char>(0x80 | kind);
    const std::size_t bytes = data.size(), length_bytes = bytes < 126 ? 0 : bytes < 65536 ? 2 : 8;
    out_ += static_cast<char>(0x80 | (length_bytes == 0 ? bytes : length_bytes == 2 ? 126 : 127));
    for (std::size_t left = length_bytes; left-- > 0;) out_ += static_cast<char>(bytes >> 8 * left);
    out_ += std::string(4, '\0') + data;
    if (open_) write();
  }

  void poll() {
    if (!failure_.empty()) end(&pm::SocketListener::failed, failure_);
    write();
    char part[1 << 16];
    error_code error;
    while (listener_ && !error) {
      in_.append(part, socket_.read_some(boost::asio::buffer(part), error));
      if (!open_) answered();
      while (listener_ && open_ && heard()) continue;
    }
    if (!error || error == boost::asio::error::would_block) return;
    if (open_)
      end(&pm::SocketListener::closed, static_cast<int>(lost), error.message());
    else
      end(&pm::SocketListener::failed, error.message());
  }

  void close() {
    listener_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  // The last that the listener hears.
  template <typename Function, typename... Arguments>
  void end(Function function, const Arguments&... arguments) {
    if (auto* listener = std::exchange(listener_, nullptr)) (listener->*function)(arguments...);
  }

  // What cannot be sent is not told: reading tells why.
  void write() {
    error_code error;
    while (!out_.empty() && !error) out_.erase(0, socket_.write_some(boost::asio::buffer(out_), error));
  }

  void answered() {
    const auto end_of_head = in_.find("\r\n\r\n");
    if (end_of_head == std::string::npos) return;
    if (in_.rfind("HTTP/1.1 101 ", 0) != 0) return end(&pm::SocketListener::failed, in_.substr(0, in_.find('\r')));
    in_.erase(0, end_of_head + 4);
    open_ = true;
    listener_->opened();
  }

  // Whether there was a whole frame.
  bool heard() {
    if (in_.size() < 2) return false;
    const std::size_t short_length = number(in_, 1, 1), length_bytes = short_length < 126 ? 0 : short_length == 126 ? 2 : 8;
    const std::size_t start = 2 + length_bytes;
    if (in_.size() < start) return false;
    const std::size_t bytes = length_bytes ? number(in_, 2, length_bytes) : short_length;
    if (in_.size() < start + bytes) return false;
    const auto first = number(in_, 0, 1);
    const auto kind = static_cast<Kind>(first & 15);
    const std::string payload = in_.substr(start, bytes);
    in_.erase(0, start + bytes);
    if (kind == closing) {
      send(closing, payload.substr(0, 2));
      end(&pm::SocketListener::closed, static_cast<int>(bytes < 2 ? no_status : number(payload, 0, 2)),
          bytes < 2 ? std::string() : payload.substr(2));
    } else if (kind == ping) {
      send(pong, payload);
    } else if (kind == text || kind == binary || kind == more) {
      if (kind != more) kind_ = kind;
      message_ += payload;
      if (!(first & 0x80)) return true;
      const std::string whole = std::exchange(message_, {});
      if (kind_ == text)
        listener_->text(whole);
      else
        listener_->binary(whole.data(), whole.size());
    }
    return true;
  }

  boost::asio::io_context context_;
  tcp::socket socket_{context_};
  pm::SocketListener* listener_;
  std::string failure_, in_, out_, message_;
  Kind kind_ = binary;
  bool open_ = false;
};

namespace {

class EngineSocket : public pm::Socket {
 public:
  explicit EngineSocket(std::shared_ptr<EngineNetwork::Connection> connection) : connection_(std::move(connection)) {}
  ~EngineSocket() override { connection_->close(); }
  void send(const void* data, std::size_t bytes) noexcept override {
    connection_->send(binary, {static_cast<const char*>(data), bytes});
  }

 private:
  std::shared_ptr<EngineNetwork::Connection> connection_;
};

}  // namespace

void EngineNetwork::poll() {
  std::vector<std::shared_ptr<Connection>> open;
  for (const auto& connection : connections_)
    if (auto held = connection.lock()) open.push_back(std::move(held));
  connections_.assign(open.begin(), open.end());
  for (const auto& connection : open) connection->poll();
}

std::unique_ptr<pm::Socket> EngineNetwork::open(const std::string& address, const std::string& path, const std::string& token,
                                                pm::SocketListener* listener) {
  auto connection = std::make_shared<Connection>(address, path, token, listener);
  connections_.push_back(connection);
  return std::make_unique<EngineSocket>(std::move(connection));
}

pm::OpenSocket engine_sockets(EngineNetwork& network, const std::string& address) {
  return [&network, address](const char* path, pm::SocketListener* listener) { return network.open(address, path, {}, listener); };
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
  told->socket = self->network_.open(self->address_, path, {}, told.get());
  return told.release();
}

void EngineSockets::send(void* socket, const void* data, std::size_t bytes) {
  static_cast<Told*>(socket)->socket->send(data, bytes);
}

void EngineSockets::close(void* socket) { delete static_cast<Told*>(socket); }

#include <new>

#include "values.h"
#ifdef PM_HAS_GRPC
#include "pantomatrix/grpc_transport.h"
#endif
#ifdef PM_HAS_WEBSOCKET
#include "pantomatrix/websocket_transport.h"
#endif

using namespace pm_c;

namespace {

std::shared_ptr<pm::Transport> transport([[maybe_unused]] const pm_connection& connection) {
#ifdef PM_HAS_GRPC
  if (connection.transport == PM_GRPC) {
    pm::GrpcOptions options;
    if (connection.address) options.address = connection.address;
    options.tls = connection.tls != 0;
    options.root_certificates = text(connection.root_certificates);
    options.certificate = text(connection.certificate);
    options.key = text(connection.key);
    options.token = text(connection.token);
    return pm::grpc_transport(options);
  }
#endif
#ifdef PM_HAS_WEBSOCKET
  if (connection.transport == PM_WEBSOCKET && !connection.tls) {
    pm::WebSocketOptions options;
    if (connection.address) options.address = connection.address;
    options.token = text(connection.token);
    return pm::websocket_transport(options);
  }
#endif
  return nullptr;
}

pm::OpenSocket opener(const pm_sockets& engine) {
  return [engine](const char* path, pm::SocketListener* listener) -> std::unique_ptr<pm::Socket> {
    auto socket = std::make_unique<pm_socket>(engine, listener);
    socket->socket = engine.open(engine.engine, path, socket.get());
    if (!socket->socket) return nullptr;
    return socket;
  };
}

}  // namespace

pm_client* pm_connect(const pm_connection* connection, pm_error* error) {
  if (connection && connection->transport == PM_SOCKETS) {
    tell({}, error);
    auto sockets = std::make_shared<pm::SocketTransport>(opener(connection->sockets));
    return new (std::nothrow) pm_client{pm::Client(sockets), sockets};
  }
  auto made = transport(connection ? *connection : pm_connection{});
  tell(made ? pm::Error{} : pm::Error{pm::ErrorCode::unimplemented, "this library was built without that transport, or TLS was asked of WebSockets", {}}, error);
  return made ? new (std::nothrow) pm_client{pm::Client(std::move(made)), nullptr} : nullptr;
}

void pm_disconnect(pm_client* client) { delete client; }

void pm_pump(pm_client* client) {
  if (client->sockets) client->sockets->pump();
}

void pm_socket_opened(pm_socket* socket) { socket->listener->opened(); }

void pm_socket_binary(pm_socket* socket, const void* data, size_t bytes, int is_last_part) {
  if (is_last_part && socket->parts.empty()) return socket->listener->binary(data, bytes);
  socket->parts.append(static_cast<const char*>(data), bytes);
  if (!is_last_part) return;
  socket->listener->binary(socket->parts.data(), socket->parts.size());
  socket->parts.clear();
}

void pm_socket_text(pm_socket* socket, const char* message) { socket->listener->text(text(message)); }

void pm_socket_closed(pm_socket* socket, int code, const char* reason) { socket->listener->closed(code, text(reason)); }

void pm_socket_failed(pm_socket* socket, const char* why) { socket->listener->failed(text(why)); }

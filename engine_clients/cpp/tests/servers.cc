#include "servers.h"

#include <cstdlib>

#include "pantomatrix/client.h"
#include "pantomatrix/grpc_transport.h"
#include "pantomatrix/websocket_transport.h"
#include "pumped_transport.h"

std::string environment(const char* name) {
  const char* content = std::getenv(name);
  return content ? content : "";
}

std::shared_ptr<pantomatrix::Transport> transport_to_server(const std::string& kind) {
  if (kind == "grpc") {
    pantomatrix::GrpcOptions options;
    options.address = environment("PANTOMATRIX_TEST_GRPC");
    return pantomatrix::grpc_transport(options);
  }
  if (kind == "sockets") return pumped_transport(environment("PANTOMATRIX_TEST_WEBSOCKET"));
  pantomatrix::WebSocketOptions options;
  options.address = environment("PANTOMATRIX_TEST_WEBSOCKET");
  return pantomatrix::websocket_transport(options);
}

void OverTransports::SetUp() {
  if (environment("PANTOMATRIX_TEST_GRPC").empty()) GTEST_SKIP() << "no server: PANTOMATRIX_TEST_GRPC is not set";
  transport_ = transport_to_server(GetParam());
}

std::string speech_samples(double seconds) {
  constexpr std::size_t head = 44;
  return pantomatrix::read_file(SPEECH).value.substr(head, 2 * static_cast<std::size_t>(16000 * seconds));
}

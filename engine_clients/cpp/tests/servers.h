// The server that the tests talk to; tests/clients/test_cpp*.py, which run them, started it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "pantomatrix/transport.h"

// The variable's content; empty if it is not set.
std::string environment(const char* name);

// "grpc", "websocket", or "sockets": those of an engine.
std::shared_ptr<pantomatrix::Transport> transport_to_server(const std::string& kind);

// A test that runs over both transports, and is skipped where no server was started.
class OverTransports : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override;
  std::shared_ptr<pantomatrix::Transport> transport_;
};

// 16-bit samples of human speech at 16 kHz.
std::string speech_samples(double seconds);

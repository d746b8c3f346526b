#include "pantomatrix/client.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "pantomatrix/grpc_transport.h"
#include "pantomatrix/websocket_transport.h"
#include "servers.h"

namespace pm = pantomatrix;

class ClientTest : public OverTransports {
 protected:
  static pm::v1::GenerateMotionRequest request() {
    pm::v1::GenerateMotionRequest request;
    request.mutable_options()->set_skeleton("smplx");
    request.mutable_audio()->mutable_encoded()->set_data(pm::read_file(SPEECH).value);
    return request;
  }
};

INSTANTIATE_TEST_SUITE_P(Over, ClientTest, testing::Values("grpc", "websocket", "sockets"), [](const auto& test) { return test.param; });

TEST_P(ClientTest, Catalog) {
  const auto catalog = pm::Client(transport_).catalog();
  ASSERT_TRUE(catalog.ok()) << catalog.error.message;
  EXPECT_EQ(catalog.value.models(0).name(), "builtin");
  EXPECT_GT(catalog.value.skeletons_size(), 5);
}

TEST_P(ClientTest, AClip) {
  double last = 0;
  int told = 0;
  const auto motion = pm::Client(transport_).generate(request(), std::chrono::minutes(1), [&](double progress) {
    EXPECT_GT(progress, last);
    last = progress;
    ++told;
  });
  ASSERT_TRUE(motion.ok()) << motion.error.message;
  EXPECT_EQ(motion.value.frames.frame_count, 330);
  EXPECT_EQ(motion.value.header.skeleton().joints_size(), 55);
  EXPECT_EQ(last, 1);
  EXPECT_GT(told, 1);
  const float* frame = motion.value.frame(329);
  EXPECT_NEAR(std::hypot(std::hypot(frame[3], frame[4]), std::hypot(frame[5], frame[6])), 1, 1e-5);
  EXPECT_EQ(motion.value.summary.audio_seconds(), 11);
}

TEST_P(ClientTest, FramesInFewerBytes) {
  auto asked = request();
  asked.mutable_options()->set_fps(10);
  const auto whole = pm::Client(transport_).generate(asked);
  ASSERT_TRUE(whole.ok()) << whole.error.message;
  (*asked.mutable_labels())["character"] = "Käthe";
  for (const auto encoding : {pm::v1::FRAME_ENCODING_FLOAT16, pm::v1::FRAME_ENCODING_COMPACT}) {
    asked.set_frame_encoding(encoding);
    const auto smaller = pm::Client(transport_).generate(asked);
    ASSERT_TRUE(smaller.ok()) << smaller.error.message;
    EXPECT_EQ(smaller.value.header.labels().at("character"), "Käthe");
    EXPECT_LT(smaller.value.layout.bytes_per_frame, whole.value.layout.bytes_per_frame * 0.55);
    ASSERT_EQ(smaller.value.layout.floats(), whole.value.layout.floats());
    for (std::int64_t frame = 0; frame < whole.value.frames.frame_count; ++frame) {
      const float *given = smaller.value.frame(frame), *exact = whole.value.frame(frame);
      for (int i = 0; i < 3; ++i) ASSERT_EQ(given[i], exact[i]);
      for (int i = 3; i < whole.value.layout.weights(); i += 4) {
        const double sign = std::inner_product(given + i, given + i + 4, exact + i, 0.0) < 0 ? -1 : 1;
        for (int k = i; k < i + 4; ++k) ASSERT_NEAR(sign * given[k], exact[k], 0.0005) << frame << ", " << k;
      }
      for (int i = whole.value.layout.weights(); i < whole.value.layout.floats(); ++i) ASSERT_NEAR(given[i], exact[i], 0.002);
    }
  }
}

TEST_P(ClientTest, AConversion) {
  pm::v1::ConvertRequest convert;
  const std::string bvh = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\n"
                          "End Site\n{\nOFFSET 0 1 0\n}\n}\nMOTION\nFrames: 2\nFrame Time: 0.1\n0 0 0 0 0 0\n0 0 0 90 0 0\n";
  convert.set_data(bvh);
  convert.mutable_file()->set_format("bvh");
  convert.mutable_options()->set_fps(30);
  const auto file = pm::Client(transport_).convert(convert);
  ASSERT_TRUE(file.ok()) << file.error.message;
  EXPECT_EQ(file.value.header.extension(), ".bvh");
  EXPECT_EQ(file.value.file.rfind("HIERARCHY", 0), 0u);
  convert.mutable_frames();
  const auto frames = pm::Client(transport_).convert(convert);
  ASSERT_TRUE(frames.ok()) << frames.error.message;
  EXPECT_EQ(frames.value.motion.frames.frame_count, 6);
}

TEST_P(ClientTest, TheServersErrors) {
  auto bad = request();
  bad.mutable_options()->set_model("emagee");
  auto motion = pm::Client(transport_).generate(bad);
  EXPECT_EQ(motion.error.code, pm::ErrorCode::not_found);
  EXPECT_NE(motion.error.message.find("unknown model 'emagee'"), std::string::npos) << motion.error.message;
  EXPECT_GE(motion.error.request_id.size(), 8u);
  EXPECT_EQ(motion.error.reason, "UNKNOWN_NAME");
  EXPECT_FALSE(motion.error.passing());
  bad.mutable_options()->clear_model();
  bad.mutable_audio()->mutable_encoded()->set_data("not audio");
  motion = pm::Client(transport_).generate(bad);
  EXPECT_EQ(motion.error.code, pm::ErrorCode::invalid_argument);
  EXPECT_EQ(motion.error.reason, "INVALID_AUDIO");
  EXPECT_TRUE(motion.value.frames.data.empty());
}

TEST_P(ClientTest, CancelledWhileItRuns) {
  auto pending = pm::Client(transport_).start_generate(request());
  pending->cancel();
  EXPECT_EQ(pending->take().error.code, pm::ErrorCode::cancelled);
  EXPECT_TRUE(pending->done());
  pm::Client(transport_).start_generate(request());  // let go at once
}

TEST_P(ClientTest, TakesNoLongerThanAllowed) {
  const auto motion = pm::Client(transport_).generate(request(), std::chrono::milliseconds(1));
  EXPECT_EQ(motion.error.code, pm::ErrorCode::deadline_exceeded);
  EXPECT_TRUE(motion.error.passing());
}

TEST(Unreachable, OverGrpc) {
  pm::GrpcOptions options;
  options.address = "127.0.0.1:1";
  const auto catalog = pm::Client(pm::grpc_transport(options)).catalog();
  EXPECT_EQ(catalog.error.code, pm::ErrorCode::unavailable);
  EXPECT_TRUE(catalog.error.passing());
}

TEST(Unreachable, OverWebSockets) {
  for (const char* address : {"127.0.0.1:1", "no-such-host.invalid:1", "[::1]:1"}) {
    pm::WebSocketOptions options;
    options.address = address;
    const auto catalog = pm::Client(pm::websocket_transport(options)).catalog();
    EXPECT_EQ(catalog.error.code, pm::ErrorCode::unavailable);
    EXPECT_NE(catalog.error.message.find(address), std::string::npos) << catalog.error.message;
  }
}

// A server with TLS and tokens on gRPC.
TEST(Secure, TlsAndTokens) {
  pm::GrpcOptions options;
  options.address = environment("PANTOMATRIX_TEST_SECURE");
  if (options.address.empty()) GTEST_SKIP() << "PANTOMATRIX_TEST_SECURE is not set";
  options.tls = true;
  options.root_certificates = pm::read_file(environment("PANTOMATRIX_TEST_ROOTS")).value;
  EXPECT_EQ(pm::Client(pm::grpc_transport(options)).catalog().error.code, pm::ErrorCode::unauthenticated);
  options.token = environment("PANTOMATRIX_TEST_TOKEN");
  EXPECT_TRUE(pm::Client(pm::grpc_transport(options)).catalog().ok());
  options.root_certificates.clear();
  EXPECT_EQ(pm::Client(pm::grpc_transport(options)).catalog().error.code, pm::ErrorCode::unavailable);
}

// A server with tokens on WebSockets.
TEST(Secure, TokensOverWebSockets) {
  pm::WebSocketOptions options;
  options.address = environment("PANTOMATRIX_TEST_TOKENS_WEBSOCKET");
  if (options.address.empty()) GTEST_SKIP() << "PANTOMATRIX_TEST_TOKENS_WEBSOCKET is not set";
  EXPECT_EQ(pm::Client(pm::websocket_transport(options)).catalog().error.code, pm::ErrorCode::unauthenticated);
  options.token = environment("PANTOMATRIX_TEST_TOKEN");
  EXPECT_TRUE(pm::Client(pm::websocket_transport(options)).catalog().ok());
}

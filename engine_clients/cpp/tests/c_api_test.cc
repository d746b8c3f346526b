#include "pantomatrix/c_api.h"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "pantomatrix/client.h"
#include "servers.h"

extern "C" int size_of_a_c_error(void);

class CApi : public testing::TestWithParam<pm_transport> {
 protected:
  void SetUp() override {
    const auto address = environment(GetParam() == PM_GRPC ? "PANTOMATRIX_TEST_GRPC" : "PANTOMATRIX_TEST_WEBSOCKET");
    if (address.empty()) GTEST_SKIP() << "no server";
    pm_connection connection{};
    connection.transport = GetParam();
    connection.address = address.c_str();
    client_ = pm_connect(&connection, &error_);
    ASSERT_NE(client_, nullptr);
    EXPECT_EQ(error_.code, 0);
  }
  void TearDown() override { pm_disconnect(client_); }

  pm_client* client_ = nullptr;
  pm_error error_{};
};

INSTANTIATE_TEST_SUITE_P(Over, CApi, testing::Values(PM_GRPC, PM_WEBSOCKET),
                         [](const auto& test) { return test.param == PM_GRPC ? "grpc" : "websocket"; });

TEST_P(CApi, Catalog) {
  size_t bytes = 0;
  void* catalog = pm_catalog(client_, 10, &bytes, &error_);
  ASSERT_NE(catalog, nullptr) << error_.message;
  pantomatrix::v1::GetCatalogResponse message;
  EXPECT_TRUE(message.ParseFromArray(catalog, static_cast<int>(bytes)));
  EXPECT_EQ(message.models(0).name(), "builtin");
  pm_free(catalog);
}

TEST_P(CApi, AClip) {
  const std::string audio = pantomatrix::read_file(SPEECH).value;
  pantomatrix::v1::MotionOptions more;
  more.add_parts(pantomatrix::v1::BODY_PART_FACE);
  const std::string serialized = more.SerializeAsString();
  pm_motion_options options{};
  options.skeleton = "smplx";
  options.fps = 60;
  options.more = serialized.data();
  options.more_bytes = serialized.size();
  pm_clip* clip = pm_generate(client_, audio.data(), audio.size(), &options);
  ASSERT_EQ(pm_clip_wait(clip, &error_), 1) << error_.message;
  EXPECT_EQ(pm_clip_done(clip), 1);
  EXPECT_EQ(pm_clip_progress(clip), 1);
  EXPECT_EQ(pm_clip_frame_count(clip), 660);
  const pm_header* header = pm_clip_header(clip);
  EXPECT_EQ(pm_header_fps(header), 60);
  EXPECT_STREQ(pm_header_joint_name(header, 0), "pelvis");
  EXPECT_EQ(pm_header_joint_parent(header, 1), 0);
  EXPECT_EQ(pm_header_joint_name(header, 55), nullptr);
  EXPECT_STREQ(pm_header_curve_name(header, 17), "jawOpen");
  float rest[3];
  pm_header_rest_translation(header, 1, rest);
  EXPECT_GT(std::abs(rest[0]), 0.01f);
  EXPECT_EQ(pm_clip_frame(clip, 660), nullptr);
  EXPECT_EQ(pm_clip_frame(clip, 100)[3 + 4 * 20 + 3], pm_clip_frame(clip, 200)[3 + 4 * 20 + 3]) << "only the face moves";
  pm_clip_free(clip);

  options.model = "emagee";
  clip = pm_generate(client_, audio.data(), audio.size(), &options);
  EXPECT_EQ(pm_clip_wait(clip, &error_), 0);
  EXPECT_STREQ(pm_error_name(error_.code), "not_found");
  EXPECT_GT(std::string(error_.request_id).size(), 7u);
  pm_clip_free(clip);
}

TEST_P(CApi, Live) {
  pm_live_options options{};
  options.encoding = PM_S16LE;
  options.sample_rate_hz = 16000;
  options.motion.skeleton = "smplx";
  pm_live* live = pm_live_open(client_, &options);
  const std::string samples = speech_samples(2);
  std::thread microphone([&] {
    for (std::size_t at = 0; at < samples.size(); at += 640)
      while (!pm_live_push_audio(live, samples.data() + at, 640)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pm_live_end_utterance(live);
    pm_live_close(live);
  });
  float widest = 0;
  while (pm_live_state(live) != PM_ENDED || !pm_live_stalled(live)) {
    if (pm_live_update(live, 1.0 / 60)) {
      const pm_header* header = pm_live_header(live);
      ASSERT_STREQ(pm_header_curve_name(header, 17), "jawOpen");
      widest = std::max(widest, pm_live_pose(live)[pm_header_floats(header) - 52 + 17]);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  microphone.join();
  pm_live_error(live, &error_);
  EXPECT_EQ(error_.code, 0) << error_.message;
  EXPECT_GT(widest, 0.2f);
  EXPECT_GE(pm_live_time(live), 59 / 30.0);
  pm_live_free(live);
}

TEST(CApiAlone, Errors) {
  EXPECT_EQ(size_of_a_c_error(), static_cast<int>(sizeof(pm_error)));
  EXPECT_STREQ(pm_error_name(16), "unauthenticated");
  EXPECT_STREQ(pm_error_name(99), "unknown");
  pm_connection connection{};
  connection.transport = PM_WEBSOCKET;
  connection.tls = 1;
  pm_error error{};
  EXPECT_EQ(pm_connect(&connection, &error), nullptr);
  EXPECT_EQ(error.code, 12);
  pm_clip_free(nullptr);
  pm_live_free(nullptr);
  pm_disconnect(nullptr);
}

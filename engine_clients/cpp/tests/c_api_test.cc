#include "pantomatrix/c_api.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <optional>
#include <thread>

#include "engine_sockets.h"
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
    if (GetParam() == PM_SOCKETS) connection.sockets = sockets_.emplace(address).functions();
    client_ = pm_connect(&connection, &error_);
    ASSERT_NE(client_, nullptr);
    EXPECT_EQ(error_.code, 0);
    if (!sockets_) return;
    game_ = std::thread([this] {
      while (!stopping_) {
        pm_pump(client_);
        sockets_->network().poll();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  }
  void TearDown() override {
    stopping_ = true;
    if (game_.joinable()) game_.join();
    pm_disconnect(client_);
  }

  std::optional<EngineSockets> sockets_;
  std::atomic<bool> stopping_{false};
  std::thread game_;
  pm_client* client_ = nullptr;
  pm_error error_{};
};

INSTANTIATE_TEST_SUITE_P(Over, CApi, testing::Values(PM_GRPC, PM_WEBSOCKET, PM_SOCKETS), [](const auto& test) {
  return test.param == PM_GRPC ? "grpc" : test.param == PM_WEBSOCKET ? "websocket" : "sockets";
});

TEST_P(CApi, Catalog) {
  pm_catalog* catalog = pm_catalog_ask(client_, 10);
  ASSERT_EQ(pm_catalog_wait(catalog, &error_), 1) << error_.message;
  EXPECT_EQ(pm_catalog_done(catalog), 1);
  size_t bytes = 0;
  pantomatrix::v1::GetCatalogResponse message;
  const void* serialized = pm_catalog_message(catalog, &bytes);
  EXPECT_TRUE(message.ParseFromArray(serialized, static_cast<int>(bytes)));
  EXPECT_EQ(pm_catalog_server_version(catalog), message.server_version());
  EXPECT_STREQ(pm_catalog_name(catalog, PM_MODELS, 0), "builtin");
  EXPECT_EQ(pm_catalog_speaker(catalog, 0, 0), message.models(0).speakers(0).id());
  EXPECT_EQ(pm_catalog_speaker_count(catalog, 99), 0);
  EXPECT_EQ(pm_catalog_speaker(catalog, 99, 0), nullptr);
  EXPECT_EQ(pm_catalog_emotion_count(catalog, 0), message.models(0).emotions_size());
  EXPECT_EQ(pm_catalog_emotion(catalog, 0, 0), message.models(0).emotions(0));
  EXPECT_EQ(pm_catalog_emotion(catalog, 99, 0), nullptr);
  ASSERT_GT(message.features_size(), 0);
  EXPECT_EQ(pm_catalog_has_feature(catalog, message.features(0).c_str()), 1);
  EXPECT_EQ(pm_catalog_has_feature(catalog, "no such feature"), 0);
  for (const auto& [listed, count] : {std::pair{PM_SKELETONS, message.skeletons_size()}, {PM_FACE_RIGS, message.face_rigs_size()},
                                      {PM_COORDINATE_SYSTEMS, message.coordinate_systems_size()},
                                      {PM_FORMATS, message.formats_size()}, {PM_EMOTIONS, message.emotions_size()}}) {
    EXPECT_EQ(pm_catalog_count(catalog, listed), count);
    EXPECT_NE(pm_catalog_name(catalog, listed, count - 1), nullptr);
    EXPECT_EQ(pm_catalog_name(catalog, listed, count), nullptr);
  }
  pm_catalog_free(catalog);
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
  const pm_label label{"character", "Käthe"};
  options.labels = &label, options.label_count = 1;
  options.frame_encoding = PM_FRAMES_COMPACT;
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
  EXPECT_EQ(pm_header_joint_parent(header, 0), -1);
  EXPECT_STREQ(pm_header_label(header, "character"), "Käthe");
  EXPECT_EQ(pm_header_label(header, "other"), nullptr);
  EXPECT_EQ(pm_header_floats(header), 3 + 4 * 55 + 52);
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
  EXPECT_STREQ(error_.reason, "UNKNOWN_NAME");
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

TEST_P(CApi, ASkeletonOfTheCallersOwn) {
  pm_catalog* catalog = pm_catalog_ask(client_, 10);
  ASSERT_EQ(pm_catalog_wait(catalog, &error_), 1) << error_.message;
  size_t bytes = 0;
  pantomatrix::v1::GetCatalogResponse message;
  const void* serialized = pm_catalog_message(catalog, &bytes);
  ASSERT_TRUE(message.ParseFromArray(serialized, static_cast<int>(bytes)));
  const auto& manny = *std::find_if(message.skeletons().begin(), message.skeletons().end(),
                                    [](const auto& skeleton) { return skeleton.name() == "ue5_manny"; });
  std::vector<pm_joint> joints;
  for (const auto& from : manny.joints()) {
    const auto& at = from.rest_translation();
    const auto& turn = from.rest_rotation();
    const int parent = from.has_parent() ? from.parent() : -1;
    joints.push_back({from.name().c_str(), parent, {at.x(), at.y(), at.z()}, {turn.x(), turn.y(), turn.z(), turn.w()}});
  }
  pm_motion_options own{}, named{};
  own.joints = joints.data();
  own.joint_count = static_cast<int>(joints.size());
  named.skeleton = "ue5_manny";
  const pm_gestures gestures{1.5, 1.2f};
  const pm_part face{pantomatrix::v1::BODY_PART_FACE, 0.5f};
  const pm_emotion joy{"joy", 0.8f};
  const std::string samples = speech_samples(2);
  std::vector<std::vector<float>> frames;
  for (pm_motion_options* options : {&own, &named}) {
    options->root = PM_ROOT_IN_PLACE;
    options->gestures = &gestures;
    options->parts = &face, options->part_count = 1;
    options->emotions = &joy, options->emotion_count = 1;
    pm_clip* clip = pm_generate_pcm(client_, samples.data(), samples.size(), PM_S16LE, 16000, 1, options);
    ASSERT_EQ(pm_clip_wait(clip, &error_), 1) << error_.message;
    const pm_header* header = pm_clip_header(clip);
    EXPECT_STREQ(pm_header_joint_name(header, 12), "lowerarm_l");
    EXPECT_STREQ(pm_header_joint_role(header, 12), "left_elbow");
    EXPECT_STREQ(pm_header_joint_role(header, 13), "left_forearm");
    EXPECT_STREQ(pm_header_joint_role(header, 16), "") << "metacarpals keep their rest pose";
    EXPECT_EQ(pm_header_joint_role(header, 80), nullptr);
    float rest[4];
    pm_header_rest_rotation(header, 12, rest);
    EXPECT_NEAR(rest[3], joints[12].rotation[3], 1e-6);
    const float* frame = pm_clip_frame(clip, 45);
    frames.emplace_back(frame, frame + pm_header_floats(header));
    EXPECT_EQ(frame[0], pm_clip_frame(clip, 10)[0]) << "in place";
    pm_clip_free(clip);
  }
  for (std::size_t i = 0; i < frames[0].size(); ++i) ASSERT_NEAR(frames[0][i], frames[1][i], 1e-5) << i;
  pm_catalog_free(catalog);
}

TEST_P(CApi, SoundComesBackWithItsMotion) {
  pm_live_options options{};
  options.encoding = PM_S16LE;
  options.sample_rate_hz = 16000;
  options.motion.skeleton = "smplx";
  options.keep_sound = 1;
  options.audio_buffer_seconds = 5;
  pm_live* live = pm_live_open(client_, &options);
  const std::string samples = speech_samples(3);
  EXPECT_EQ(pm_live_push_audio(live, samples.data(), samples.size()), 1);
  pm_live_end_utterance(live);
  std::vector<float> heard;
  const auto opened = std::chrono::steady_clock::now();
  const auto tick = std::chrono::milliseconds(10);
  auto begin = opened, last = opened;
  for (auto now = opened; pm_live_time(live) < 2.5; now = std::chrono::steady_clock::now()) {
    ASSERT_LT(now - opened, std::chrono::seconds(60));
    pm_live_update(live, std::chrono::duration<double>(now - last).count());
    // What is heard begins with the motion and a block of usual length: by a longer one the sound would be ahead, and be
    // slower for seconds.
    if (pm_live_time(live) == 0) {
      begin = now - tick;
      heard.clear();
    }
    // Counted from the beginning, so that no fraction of a sample is lost at a tick.
    const std::size_t due = static_cast<std::size_t>(std::chrono::duration<double>(now - begin).count() * 16000);
    const std::size_t block = due - heard.size();
    last = now;
    heard.resize(heard.size() + block);
    pm_live_sound(live, heard.data() + heard.size() - block, block);
    std::this_thread::sleep_for(tick);
  }
  // The best place for a piece of the speech in what was heard; tick by tick the speed may differ by a percent. Where a busy
  // machine held the ticks up there is a gap: then another piece is looked for.
  std::vector<float> spoken(samples.size() / 2);
  for (std::size_t i = 0; i < spoken.size(); ++i) {
    std::int16_t sample;
    std::memcpy(&sample, samples.data() + 2 * i, 2);
    spoken[i] = static_cast<float>(sample) / 32768;
  }
  const std::size_t length = 3200;
  double best = 0;
  for (const std::size_t from : {24000u, 16000u, 9600u, 20000u, 28000u}) {
    const float* const word = spoken.data() + from;
    double word_power = 1e-9;
    for (std::size_t i = 0; i < length; i += 2) word_power += word[i] * word[i];
    for (const float* at = heard.data(); at + length < heard.data() + heard.size(); ++at) {
      double product = 0, power = 1e-9;
      for (std::size_t i = 0; i < length; i += 2) {
        const float sample = at[i];
        product += sample * word[i];
        power += sample * sample;
      }
      best = std::max(best, product / std::sqrt(power * word_power));
    }
    if (best > 0.8) break;
  }
  EXPECT_GT(best, 0.8);
  pm_live_free(live);
}

TEST_P(CApi, InterruptsAndChanges) {
  pm_live_options options{};
  options.encoding = PM_S16LE;
  options.sample_rate_hz = 16000;
  options.motion.skeleton = "smplx";
  options.motion.frame_encoding = PM_FRAMES_COMPACT;
  options.max_ahead_seconds = -1;
  options.keep_sound = 1;
  options.audio_buffer_seconds = 8;
  pm_live* live = pm_live_open(client_, &options);
  auto last = std::chrono::steady_clock::now();
  std::vector<float> heard;
  // Plays until a condition holds; the loudest sample meanwhile, or -1 after a minute.
  const auto play = [&](auto until) {
    float loudest = 0;
    for (const auto end = last + std::chrono::seconds(60); !until();) {
      const auto now = std::chrono::steady_clock::now();
      if (now > end) return -1.f;
      const double seconds = std::chrono::duration<double>(now - last).count();
      last = now;
      pm_live_update(live, seconds);
      heard.resize(static_cast<std::size_t>(seconds * 16000));
      pm_live_sound(live, heard.data(), heard.size());
      for (const float sample : heard) loudest = std::max(loudest, std::abs(sample));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return loudest;
  };
  const std::string samples = speech_samples(6);
  EXPECT_EQ(pm_live_push_audio(live, samples.data(), samples.size()), 1);
  EXPECT_GT(play([&] { return pm_live_time(live) > 1.5; }), 0.05f);
  EXPECT_EQ(pm_live_idle(live), 0);
  EXPECT_EQ(pm_live_interrupt(live), 1);
  const double interrupted = pm_live_time(live);
  pm_live_update(live, 0.01);
  heard.assign(1600, 0);
  pm_live_sound(live, heard.data(), heard.size());
  EXPECT_EQ(heard.back(), 0) << "at once";
  EXPECT_EQ(play([&] { return pm_live_idle(live) && pm_live_time(live) > interrupted + 0.4; }), 0);
  EXPECT_LT(pm_live_time(live), interrupted + 3.5) << "six seconds were on their way; the server keeps two of them";
  const float* pose = pm_live_pose(live);
  EXPECT_LT(pose[3 + 4 * 55 + 17], 0.1f) << "the mouth is shut";

  pm_change change{};
  change.speaker = "nobody";
  EXPECT_EQ(pm_live_change(live, &change), 1);
  pm_refusal refusal{};
  EXPECT_EQ(play([&] { return pm_live_refusal(live, &refusal); }), 0);
  EXPECT_STREQ(refusal.reason, "UNKNOWN_NAME");
  EXPECT_NE(std::strstr(refusal.text, "nobody"), nullptr) << refusal.text;
  EXPECT_STREQ(refusal.field, "options.speaker");
  EXPECT_EQ(pm_live_refusal(live, &refusal), 0);
  const pm_part still{pantomatrix::v1::BODY_PART_FACE, 0};
  const pm_emotion joy{"joy", 1};
  change.speaker = nullptr;
  change.parts = &still, change.part_count = 1;
  change.emotions = &joy, change.emotion_count = 1;
  EXPECT_EQ(pm_live_change(live, &change), 1);
  pantomatrix::v1::TimedText said;
  said.set_alphabet(pantomatrix::v1::ALPHABET_WORDS);
  said.add_symbols()->set_symbol("one");
  const std::string text = said.SerializeAsString();
  EXPECT_EQ(pm_live_push_text(live, text.data(), text.size()), 1);
  EXPECT_EQ(pm_live_push_text(live, text.data(), text.size() - 1), 0);
  EXPECT_EQ(pm_live_push_audio(live, samples.data(), samples.size()), 1);
  EXPECT_GT(play([&] { return !pm_live_idle(live); }), -1);
  const double spoken = pm_live_time(live);
  EXPECT_GT(play([&] { return pm_live_time(live) > spoken + 1; }), 0.05f) << "what is pushed afterwards is heard";
  EXPECT_EQ(pm_live_pose(live)[3 + 4 * 55 + 17], 0) << "a still face";
  pm_live_error(live, &error_);
  EXPECT_EQ(error_.code, 0) << error_.message;
  EXPECT_EQ(pm_live_state(live), PM_STREAMING);
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

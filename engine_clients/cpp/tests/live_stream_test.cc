#include "pantomatrix/live_stream.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <thread>

#include "pantomatrix/client.h"
#include "servers.h"

namespace pm = pantomatrix;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t chunk = 640;  // 20 ms

pm::v1::StreamStart start_of_16_bit() {
  pm::v1::StreamStart start;
  start.mutable_options()->set_skeleton("smplx");
  start.mutable_format()->set_encoding(pm::v1::PCM_ENCODING_S16LE);
  start.mutable_format()->set_sample_rate_hz(16000);
  return start;
}

void push(pm::LiveStream& stream, const std::string& samples) {
  for (std::size_t at = 0; at < samples.size(); at += chunk) {
    const std::size_t bytes = std::min(chunk, samples.size() - at);
    while (!stream.push_audio(samples.data() + at, bytes)) std::this_thread::sleep_for(1ms);
  }
}

// Polls until an event is as wanted; false after half a minute.
bool until(pm::LiveStream& stream, const std::function<bool(pm::LiveEvent&)>& wanted) {
  pm::LiveEvent event;
  for (const auto end = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < end;) {
    if (!stream.poll(event))
      std::this_thread::sleep_for(1ms);
    else if (wanted(event))
      return true;
  }
  return false;
}

template <class Event>
bool until_a(pm::LiveStream& stream, Event* found = nullptr) {
  return until(stream, [&](pm::LiveEvent& event) {
    auto* it = std::get_if<Event>(&event);
    if (it && found) *found = std::move(*it);
    return it != nullptr;
  });
}

}  // namespace

class LiveStreamTest : public OverTransports {};
INSTANTIATE_TEST_SUITE_P(Over, LiveStreamTest, testing::Values("grpc", "websocket", "sockets"), [](const auto& test) { return test.param; });

TEST_P(LiveStreamTest, GivesTheFramesOfTheWholeClip) {
  const std::string samples = speech_samples(4);
  pm::v1::GenerateMotionRequest request;
  request.mutable_options()->set_skeleton("smplx");
  *request.mutable_audio()->mutable_pcm()->mutable_format() = start_of_16_bit().format();
  request.mutable_audio()->mutable_pcm()->set_samples(samples);
  const auto whole = pm::Client(transport_).generate(request);
  ASSERT_TRUE(whole.ok()) << whole.error.message;

  auto start = start_of_16_bit();
  start.set_look_ahead_seconds(0.5);
  start.set_echo_audio(true);
  pm::LiveStream stream(transport_, start);
  std::thread microphone([&] {
    push(stream, samples);
    stream.close();
  });
  std::vector<float> data;
  std::string echo;
  pm::v1::MotionSummary summary;
  EXPECT_TRUE(until(stream, [&](pm::LiveEvent& event) {
    if (const auto* frames = std::get_if<pm::Frames>(&event)) data.insert(data.end(), frames->data.begin(), frames->data.end());
    if (const auto* audio = std::get_if<pm::v1::AudioEcho>(&event)) echo += audio->samples();
    if (const auto* last = std::get_if<pm::v1::MotionSummary>(&event)) summary = *last;
    return std::holds_alternative<pm::StreamEnded>(event);
  }));
  microphone.join();
  EXPECT_EQ(stream.state(), pm::LiveState::ended);
  EXPECT_EQ(echo, samples);
  EXPECT_EQ(summary.frame_count(), 120);
  ASSERT_EQ(data.size(), whole.value.frames.data.size());
  for (std::size_t i = 0; i < data.size(); ++i) ASSERT_NEAR(data[i], whole.value.frames.data[i], 1e-4) << i;
}

TEST_P(LiveStreamTest, UtterancesAndInterrupts) {
  pm::LiveStream stream(transport_, start_of_16_bit());
  pm::v1::UtteranceEnd end;
  push(stream, speech_samples(1));
  EXPECT_TRUE(stream.end_utterance());
  ASSERT_TRUE(until_a(stream, &end));
  EXPECT_EQ(end.end_frame(), 30);
  EXPECT_FALSE(end.interrupted());
  push(stream, speech_samples(1));
  EXPECT_TRUE(until_a<pm::Frames>(stream));
  EXPECT_TRUE(stream.interrupt());
  push(stream, speech_samples(0.5));
  ASSERT_TRUE(until_a(stream, &end));
  EXPECT_TRUE(end.interrupted());
  EXPECT_EQ(end.utterance(), 1);
  EXPECT_TRUE(stream.end_utterance());
  ASSERT_TRUE(until_a(stream, &end)) << "what is pushed after an interrupt is heard";
  EXPECT_FALSE(end.interrupted());
  EXPECT_EQ(end.utterance(), 2);
}

TEST_P(LiveStreamTest, WhatWasNotPlayedComesAgain) {
  auto start = start_of_16_bit();
  start.set_max_ahead_seconds(0);
  pm::LiveStream stream(transport_, start);
  push(stream, speech_samples(2));
  std::int64_t end_frame = 0, first = -1;
  const auto count = [&](pm::LiveEvent& event) {
    const auto* frames = std::get_if<pm::Frames>(&event);
    if (!frames) return false;
    EXPECT_TRUE(frames->first_frame == end_frame || (frames->first_frame == 30 && first < 0));
    if (frames->first_frame < end_frame) first = frames->first_frame;
    end_frame = frames->first_frame + frames->frame_count;
    return true;
  };
  ASSERT_TRUE(until(stream, [&](pm::LiveEvent& event) { return count(event) && end_frame > 50; }));
  EXPECT_TRUE(stream.interrupt(29.5 / 30));
  pm::v1::UtteranceEnd end;
  ASSERT_TRUE(until(stream, [&](pm::LiveEvent& event) {
    count(event);
    const auto* told = std::get_if<pm::v1::UtteranceEnd>(&event);
    if (told) end = *told;
    return told != nullptr;
  }));
  EXPECT_EQ(end.end_frame(), 30);
  EXPECT_TRUE(end.interrupted());
  EXPECT_TRUE(first == 30 || until(stream, [&](pm::LiveEvent& event) { return count(event) && first == 30; }));
}

TEST_P(LiveStreamTest, ChangesInMidSentence) {
  auto start = start_of_16_bit();
  start.set_max_ahead_seconds(0);
  pm::LiveStream stream(transport_, start);
  ASSERT_TRUE(until_a<pm::v1::MotionHeader>(stream));
  pm::v1::StreamOptions changed;
  auto* closed = changed.mutable_curve_adjustments()->add_entries();
  closed->set_curve("jawOpen");
  closed->set_gain(0);
  changed.set_at_seconds(1);
  EXPECT_TRUE(stream.change(changed));
  pm::v1::StreamOptions wrong;
  wrong.mutable_emotions()->add_entries()->set_emotion("joi");
  EXPECT_TRUE(stream.change(wrong));
  push(stream, speech_samples(3));
  stream.close();
  float before = 0, after = 0;
  pm::v1::Refusal refusal;
  pm::Error error{pm::ErrorCode::unknown, "not told", {}};
  constexpr std::size_t floats = 3 + 4 * 55 + 52, jaw = 3 + 4 * 55 + 17;
  EXPECT_TRUE(until(stream, [&](pm::LiveEvent& event) {
    if (const auto* told = std::get_if<pm::v1::Refusal>(&event)) refusal = *told;
    if (const auto* ended = std::get_if<pm::StreamEnded>(&event)) return error = ended->error, true;
    if (const auto* frames = std::get_if<pm::Frames>(&event))
      for (int i = 0; i < frames->frame_count; ++i) {
        const float open = frames->data[static_cast<std::size_t>(i) * floats + jaw];
        if (frames->first_frame + i < 30) before = std::max(before, open);
        if (frames->first_frame + i >= 40) after = std::max(after, open);  // it takes a third of a second
      }
    return false;
  }));
  EXPECT_FALSE(error) << error.message;
  EXPECT_GT(before, 0.05f);
  EXPECT_EQ(after, 0);
  EXPECT_EQ(refusal.reason(), pm::v1::ERROR_REASON_UNKNOWN_NAME);
  EXPECT_NE(refusal.text().find("joi"), std::string::npos) << refusal.text();
  EXPECT_EQ(refusal.field().rfind("options.emotions", 0), 0u) << refusal.field();
}

TEST_P(LiveStreamTest, LipsFollowTimedText) {
  auto start = start_of_16_bit();
  start.set_max_ahead_seconds(0);
  pm::LiveStream stream(transport_, start);
  ASSERT_TRUE(until_a<pm::v1::MotionHeader>(stream));
  pm::v1::TimedText said;
  said.set_alphabet(pm::v1::ALPHABET_IPA);
  auto* rounded = said.add_symbols();
  rounded->set_symbol("u");
  rounded->set_start_seconds(1);
  EXPECT_TRUE(stream.push_text(said));
  rounded->set_symbol("Q");
  EXPECT_TRUE(stream.push_text(said));
  push(stream, speech_samples(3));
  stream.close();
  float round = 0;
  pm::v1::Refusal refusal;
  constexpr std::size_t floats = 3 + 4 * 55 + 52, funnel = 3 + 4 * 55 + 19;
  EXPECT_TRUE(until(stream, [&](pm::LiveEvent& event) {
    if (const auto* told = std::get_if<pm::v1::Refusal>(&event)) refusal = *told;
    if (const auto* frames = std::get_if<pm::Frames>(&event))
      for (int i = 0; i < frames->frame_count; ++i)
        if (frames->first_frame + i == 75) round = frames->data[static_cast<std::size_t>(i) * floats + funnel];
    return std::holds_alternative<pm::StreamEnded>(event);
  }));
  EXPECT_GT(round, 0.3f);
  EXPECT_EQ(refusal.field(), "audio.timed_text.symbols");
}

TEST_P(LiveStreamTest, ErrorsEndIt) {
  auto start = start_of_16_bit();
  start.mutable_format()->set_sample_rate_hz(1);
  pm::LiveStream stream(transport_, start);
  pm::StreamEnded ended;
  ASSERT_TRUE(until_a(stream, &ended));
  EXPECT_EQ(ended.error.code, pm::ErrorCode::invalid_argument);
  EXPECT_NE(ended.error.message.find("4000"), std::string::npos) << ended.error.message;
}

TEST_P(LiveStreamTest, LetGoInMidSentence) {
  for (int i = 0; i < 5; ++i) {
    pm::LiveStream stream(transport_, start_of_16_bit());
    push(stream, speech_samples(0.5));
    if (i % 2) until_a<pm::v1::MotionHeader>(stream);
  }
}

TEST_P(LiveStreamTest, AGameThatStandsStillLosesFramesAndGoesOn) {
  pm::LiveOptions options;
  options.event_capacity = 2;
  pm::LiveStream stream(transport_, start_of_16_bit(), options);
  push(stream, speech_samples(1));
  EXPECT_TRUE(stream.end_utterance());
  while (stream.dropped_frames() == 0) std::this_thread::sleep_for(1ms);
  stream.close();
  EXPECT_TRUE(until_a<pm::StreamEnded>(stream));
}

// The program that runs this test kills the server after "streaming" and starts another at the same address.
TEST_P(LiveStreamTest, SurvivesARestart) {
  if (environment("PANTOMATRIX_TEST_RESTART") != GetParam()) GTEST_SKIP() << "PANTOMATRIX_TEST_RESTART is not set";
  pm::LiveOptions options;
  options.longest_retry = 500ms;
  pm::LiveStream stream(transport_, start_of_16_bit(), options);
  ASSERT_TRUE(until_a<pm::v1::MotionHeader>(stream));
  push(stream, speech_samples(0.5));
  ASSERT_TRUE(until_a<pm::Frames>(stream));
  std::printf("streaming\n");
  std::fflush(stdout);
  pm::ConnectionLost lost;
  ASSERT_TRUE(until_a(stream, &lost));
  EXPECT_EQ(lost.error.code, pm::ErrorCode::unavailable) << lost.error.message;
  ASSERT_TRUE(until_a<pm::v1::MotionHeader>(stream));
  push(stream, speech_samples(0.5));
  pm::Frames frames;
  ASSERT_TRUE(until_a(stream, &frames));
  EXPECT_EQ(frames.first_frame, 0);
  EXPECT_EQ(stream.state(), pm::LiveState::streaming);
}

namespace {

// A server that ends every call at once, with errors in turn.
class FailingTransport : public pm::Transport {
 public:
  explicit FailingTransport(std::vector<pm::ErrorCode> codes) : codes_(std::move(codes)) {}

  std::unique_ptr<pm::Call> start(const pm::Method&, std::shared_ptr<pm::CallListener> listener,
                                  std::chrono::milliseconds) noexcept override {
    const pm::ErrorCode code = codes_[std::min(calls++, codes_.size() - 1)];
    requests.clear();
    listener->on_end({code, "as told", {}});
    return std::make_unique<NoCall>(this);
  }

  std::atomic<std::size_t> calls{0};
  // Of the last call.
  std::vector<std::string> requests;

 private:
  class NoCall : public pm::Call {
   public:
    explicit NoCall(FailingTransport* transport) : transport_(transport) {}
    void send(std::string message) noexcept override { transport_->requests.push_back(std::move(message)); }
    void close_sending() noexcept override {}
    void cancel() noexcept override {}
    std::size_t unsent_bytes() const noexcept override { return 0; }

   private:
    FailingTransport* transport_;
  };

  std::vector<pm::ErrorCode> codes_;
};

}  // namespace

TEST(Reconnecting, DoublesItsWaitAndStopsAtWhatStays) {
  const auto transport = std::make_shared<FailingTransport>(std::vector<pm::ErrorCode>{
      pm::ErrorCode::unavailable, pm::ErrorCode::resource_exhausted, pm::ErrorCode::unavailable, pm::ErrorCode::unauthenticated});
  pm::LiveOptions options;
  options.first_retry = 20ms;
  options.longest_retry = 40ms;
  pm::LiveStream stream(transport, start_of_16_bit(), options);
  for (const double expected : {0.02, 0.04, 0.04}) {
    pm::ConnectionLost lost;
    ASSERT_TRUE(until_a(stream, &lost));
    EXPECT_NEAR(lost.retry_seconds, expected, 0.26 * expected);
  }
  pm::StreamEnded ended;
  ASSERT_TRUE(until_a(stream, &ended));
  EXPECT_EQ(ended.error.code, pm::ErrorCode::unauthenticated);
  EXPECT_EQ(transport->calls, 4u);
}

TEST(Reconnecting, OldAudioIsDroppedAndChangesAreKept) {
  const auto transport = std::make_shared<FailingTransport>(std::vector<pm::ErrorCode>{pm::ErrorCode::unavailable});
  pm::LiveOptions options;
  options.first_retry = options.longest_retry = 50ms;
  pm::LiveStream stream(transport, start_of_16_bit(), options);
  pm::v1::StreamOptions both, speaker;
  both.set_speaker("6");
  both.mutable_part_strengths();
  both.set_at_seconds(9);
  speaker.set_speaker("7");
  EXPECT_TRUE(stream.change(both));
  EXPECT_TRUE(stream.change(speaker));
  const std::string silence(64000, '\0');
  for (int i = 0; i < 4; ++i)
    while (!stream.push_audio(silence.data(), silence.size())) std::this_thread::sleep_for(1ms);
  while (transport->calls < 4) std::this_thread::sleep_for(1ms);
  EXPECT_GE(stream.dropped_audio_bytes(), 2u * silence.size());
  EXPECT_TRUE(stream.close());
  EXPECT_TRUE(until_a<pm::StreamEnded>(stream)) << "closing ends the tries";
  ASSERT_EQ(transport->requests.size(), 3u);
  pm::v1::StreamMotionRequest request;
  ASSERT_TRUE(request.ParseFromString(transport->requests[0]));
  EXPECT_EQ(request.start().SerializeAsString(), start_of_16_bit().SerializeAsString()) << "one that is refused would end it";
  ASSERT_TRUE(request.ParseFromString(transport->requests[1]));
  EXPECT_TRUE(request.options().has_part_strengths());
  EXPECT_FALSE(request.options().has_speaker() || request.options().has_at_seconds());
  ASSERT_TRUE(request.ParseFromString(transport->requests[2]));
  EXPECT_EQ(request.options().speaker(), "7");
}

TEST(Reconnecting, NotWhenTold) {
  pm::LiveOptions options;
  options.reconnect = false;
  const auto transport = std::make_shared<FailingTransport>(std::vector<pm::ErrorCode>{pm::ErrorCode::unavailable});
  pm::LiveStream stream(transport, start_of_16_bit(), options);
  pm::StreamEnded ended;
  ASSERT_TRUE(until_a(stream, &ended));
  EXPECT_EQ(ended.error.code, pm::ErrorCode::unavailable);
}

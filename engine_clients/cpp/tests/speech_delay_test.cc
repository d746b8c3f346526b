// Speech whose samples are their own time, so that what is heard tells when it is from.
#include "pantomatrix/speech_delay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

namespace pm = pantomatrix;

namespace {

constexpr int rate = 8000;
constexpr std::size_t block = 80;  // 10 ms

class SpeechDelayTest : public testing::Test {
 protected:
  static pm::v1::PcmFormat format(pm::v1::PcmEncoding encoding = pm::v1::PCM_ENCODING_F32LE, int channels = 1) {
    pm::v1::PcmFormat format;
    format.set_encoding(encoding);
    format.set_sample_rate_hz(rate);
    format.set_channels(channels);
    return format;
  }

  // Samples from start to end seconds, each its own time in seconds plus an offset.
  void feed(double start, double end, float offset = 0) {
    std::vector<float> samples;
    for (auto i = std::llround(start * rate); i < std::llround(end * rate); ++i)
      samples.push_back(static_cast<float>(static_cast<double>(i) / rate) + offset);
    pm::v1::AudioEcho echo;
    echo.set_start_seconds(start);
    echo.set_samples(samples.data(), samples.size() * sizeof(float));
    delay_.feed(echo);
  }

  pm::SpeechDelay::Clock::time_point at(double seconds) const {
    return begin_ + std::chrono::duration_cast<pm::SpeechDelay::Clock::duration>(std::chrono::duration<double>(seconds));
  }

  // Runs the sound card from one moment of real time to another, the game's ticks between; `clock` tells the stream's time.
  template <class Time>
  std::vector<float> run(double from, double to, Time clock, double tick = 1 / 60.0) {
    std::vector<float> heard;
    double next_tick = from;
    for (double now = from; now < to - 1e-9; now += block / double{rate}) {
      for (; next_tick <= now; next_tick += tick) delay_.follow(clock(next_tick), false, at(next_tick));
      heard.resize(heard.size() + block);
      delay_.read(heard.data() + heard.size() - block, block, at(now));
    }
    return heard;
  }

  pm::SpeechDelay delay_{format()};
  pm::SpeechDelay::Clock::time_point begin_ = pm::SpeechDelay::Clock::now();
};

}  // namespace

TEST_F(SpeechDelayTest, IsHeardWhenTheClockIsThere) {
  feed(0, 1);
  feed(1, 3);
  const auto heard = run(0.5, 2.5, [](double now) { return now - 0.3; });
  for (std::size_t i = 100; i < heard.size(); ++i)
    ASSERT_NEAR(heard[i], 0.2 + static_cast<double>(i) / rate, 0.0005) << i;
}

TEST_F(SpeechDelayTest, SilenceBeforeBetweenAndAfter) {
  std::vector<float> heard(block, 1);
  delay_.read(heard.data(), block, at(0));
  EXPECT_EQ(heard, std::vector<float>(block, 0));
  feed(0, 0.5, 1);
  feed(1, 1.5, 1);
  heard = run(0, 2, [](double now) { return now; });
  for (const double seconds : {0.6, 0.95, 1.6, 1.95}) EXPECT_EQ(heard[static_cast<std::size_t>(seconds * rate)], 0) << seconds;
  for (const double seconds : {0.1, 0.4, 1.1, 1.4}) EXPECT_NEAR(heard[static_cast<std::size_t>(seconds * rate)], 1 + seconds, 0.001);
}

TEST_F(SpeechDelayTest, FollowsAClockThatDrifts) {
  feed(0, 60);
  const auto heard = run(0, 40, [](double now) { return now * 1.002; });
  float most = 0;
  for (std::size_t i = 1000; i < heard.size(); ++i) most = std::max(most, std::abs(heard[i] - heard[i - 1]));
  constexpr float rounding = 4e-6f;  // of a float near 40
  EXPECT_LT(most, 1.01f / rate + 2 * rounding) << "never a jump";
  EXPECT_NEAR(heard.back(), 40 * 1.002, 0.01);
}

TEST_F(SpeechDelayTest, JumpsWithAFade) {
  feed(0, 10);
  run(0, 1, [](double now) { return now; });
  const auto heard = run(1, 2, [](double now) { return now + 5; });
  EXPECT_NEAR(heard[0], 1, 0.2);
  EXPECT_NEAR(heard[50], 6 + 50.0 / rate, 0.01);
  EXPECT_NEAR(heard.back(), 7, 0.01);
  float most = 0;
  for (std::size_t i = 1; i < heard.size(); ++i) most = std::max(most, std::abs(heard[i] - heard[i - 1]));
  EXPECT_LT(most, 0.3f) << "five seconds are five here; a click would be all of it at once";
}

TEST_F(SpeechDelayTest, StandsWithTheClockAndGoesOn) {
  feed(0, 10, 1);
  run(0, 1, [](double now) { return now; });
  std::vector<float> heard(rate);
  delay_.follow(1, true, at(1));
  delay_.read(heard.data(), heard.size(), at(1));
  EXPECT_EQ(heard.back(), 0);
  heard = run(2, 3, [](double now) { return now - 1; });
  EXPECT_NEAR(heard[100], 2 + 100.0 / rate, 0.02);
  EXPECT_NEAR(heard.back(), 3, 0.02);
}

TEST_F(SpeechDelayTest, ANewStreamBeginsAtNothing) {
  feed(0, 10, 100);
  run(0, 1, [](double now) { return now; });
  delay_.restart();
  feed(0, 10, 1);
  const auto heard = run(1, 2, [](double now) { return now - 1; });
  for (std::size_t i = 100; i < heard.size(); ++i) ASSERT_NEAR(heard[i], 1 + static_cast<double>(i) / rate, 0.001);
}

TEST_F(SpeechDelayTest, WhatWasInterruptedIsNotHeard) {
  const auto clock = [](double now) { return now; };
  feed(0, 2, 1);
  run(0, 1, clock);
  delay_.cut(1);
  feed(2, 2.2, 1);  // was on its way
  std::vector<float> heard = run(1, 1.2, clock);
  EXPECT_NEAR(heard[0], 2, 0.1) << "fades, no click";
  for (std::size_t i = rate / 50; i < heard.size(); ++i) ASSERT_EQ(heard[i], 0) << i;
  delay_.cut(1.1);  // the server's answer
  feed(2.2, 4, 1);  // the next sentence
  heard = run(1.2, 3, clock);
  const auto at = [&](double seconds) { return heard[static_cast<std::size_t>((seconds - 1.2) * rate)]; };
  for (const double seconds : {1.21, 1.5, 2.0, 2.15}) EXPECT_EQ(at(seconds), 0) << seconds;
  for (const double seconds : {2.25, 2.9}) EXPECT_NEAR(at(seconds), 1 + seconds, 0.005) << seconds;
}

TEST_F(SpeechDelayTest, MixesChannelsOf16Bit) {
  pm::SpeechDelay delay(format(pm::v1::PCM_ENCODING_S16LE, 2));
  const std::vector<std::int16_t> samples(2 * rate, 0);
  std::vector<std::int16_t> given = samples;
  for (std::size_t i = 0; i < given.size(); i += 2) given[i] = 16384, given[i + 1] = 8192;
  pm::v1::AudioEcho echo;
  echo.set_samples(given.data(), given.size() * sizeof(std::int16_t));
  delay.feed(echo);
  delay.follow(0, false, begin_);
  std::vector<float> heard(200);
  delay.read(heard.data(), heard.size(), begin_);
  EXPECT_EQ(heard.back(), 0.375f);
}

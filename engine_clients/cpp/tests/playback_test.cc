// Frames whose one curve is their own time, so that a pose tells when it is from.
#include "pantomatrix/playback.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pm = pantomatrix;

namespace {

constexpr double fps = 30, tick = 1.0 / 60;

class PlaybackTest : public testing::Test {
 protected:
  void begin(pm::LatePolicy late, double delay) {
    options_.late = late;
    options_.delay_seconds = delay;
    playback_ = pm::Playback(options_);
    playback_.begin(header());
  }

  static pm::v1::MotionHeader header() {
    pm::v1::MotionHeader header;
    header.set_fps(fps);
    header.add_curve_names("time");
    return header;
  }

  // offset: added to the numbers, to tell frames that come again from those before.
  void push(int count, float offset = 0, bool idle = false) {
    pm::Frames frames;
    frames.first_frame = next_;
    frames.frame_count = count;
    frames.idle = idle;
    for (int i = 0; i < count; ++i) frames.data.push_back(static_cast<float>(static_cast<double>(next_ + i) / fps) + offset);
    next_ += count;
    playback_.push(frames);
  }

  void advance(double seconds) {
    for (double done = 0; done < seconds - 1e-9; done += tick) playback_.advance(tick);
  }

  float shown() const { return playback_.pose()[0]; }

  pm::PlaybackOptions options_;
  pm::Playback playback_;
  std::int64_t next_ = 0;
};

}  // namespace

TEST_F(PlaybackTest, WaitsForItsDelay) {
  begin(pm::LatePolicy::hold, 0.1);
  EXPECT_FALSE(playback_.advance(tick));
  push(3);
  EXPECT_FALSE(playback_.advance(tick));
  EXPECT_EQ(playback_.pose(), nullptr);
  push(1);
  EXPECT_TRUE(playback_.advance(tick));
  EXPECT_EQ(shown(), 0);
  advance(0.05);
  EXPECT_NEAR(shown(), 0.05, 1e-6);
  EXPECT_NEAR(playback_.buffered_seconds(), 0.05, 1e-6);
}

TEST_F(PlaybackTest, AnyTickRateShowsTheSame) {
  for (const double step : {1 / 144.0, 1 / 60.0, 1 / 24.0, 0.37}) {
    begin(pm::LatePolicy::hold, 0);
    next_ = 0;
    push(60);
    playback_.advance(step);
    for (int i = 1; i * step < 1.9; ++i) {
      playback_.advance(step);
      ASSERT_NEAR(shown(), i * step, 1e-5);
    }
  }
}

TEST_F(PlaybackTest, HoldLeavesNothingOut) {
  begin(pm::LatePolicy::hold, 0.1);
  push(10);
  advance(0.5);
  EXPECT_NEAR(shown(), 0.3, 1e-6);
  EXPECT_TRUE(playback_.stalled());
  EXPECT_EQ(playback_.underruns(), 1);
  push(1);
  advance(0.2);
  EXPECT_NEAR(shown(), 0.3, 1e-6) << "waits until there is its delay again";
  push(9);
  advance(2 * tick);
  EXPECT_NEAR(shown(), 0.3 + tick, 1e-6) << "and continues where it stood";
}

TEST_F(PlaybackTest, DropGoesOnWithTheClock) {
  begin(pm::LatePolicy::drop, 0.1);
  push(10);
  advance(0.5);
  EXPECT_NEAR(shown(), 0.3, 1e-6);
  EXPECT_FALSE(playback_.stalled());
  push(20);
  advance(0.3);
  EXPECT_NEAR(playback_.time(), 0.8, 0.02);
  EXPECT_NEAR(shown(), playback_.time(), 1e-5);
  EXPECT_EQ(playback_.underruns(), 1);
}

TEST_F(PlaybackTest, DropSkipsWhatPiledUpWhileTheGameStood) {
  begin(pm::LatePolicy::drop, 0.1);
  push(10);
  advance(0.1);
  push(300);
  advance(0.3);
  EXPECT_NEAR(playback_.time(), static_cast<double>(next_ - 1) / fps - 0.1 + 0.3 - 2 * tick, 0.1);
  EXPECT_NEAR(shown(), std::min(playback_.time(), static_cast<double>(next_ - 1) / fps), 1e-4);
}

TEST_F(PlaybackTest, DropFollowsAnotherClock) {
  // A server whose frames come 0.1 % faster than the game's seconds: 3.6 s in an hour, unless the clock follows.
  begin(pm::LatePolicy::drop, 0.1);
  push(6);
  double made = 6 / fps;
  for (double time = 0; time < 600; time += tick) {
    for (made += tick * 1.001; made >= static_cast<double>(next_ + 1) / fps;) push(1);
    playback_.advance(tick);
  }
  EXPECT_LT(playback_.buffered_seconds(), 0.2);
  EXPECT_GT(playback_.buffered_seconds(), 0.05);
  EXPECT_EQ(playback_.underruns(), 0);
}

TEST_F(PlaybackTest, InterruptSkipsWhatWasSentAhead) {
  begin(pm::LatePolicy::hold, 0.1);
  push(300);
  advance(1);
  const float before = shown();
  pm::v1::UtteranceEnd end;
  end.set_end_frame(300);
  end.set_interrupted(true);
  playback_.feed(end);
  push(30);
  float last = before;
  for (int i = 0; i < 18; ++i) {
    playback_.advance(tick);
    EXPECT_GE(shown(), last);
    EXPECT_LT(shown() - last, 1.6) << "goes over, does not jump by 9";
    last = shown();
  }
  EXPECT_NEAR(shown(), playback_.time(), 1e-4);
  EXPECT_GT(playback_.time(), 10);
}

TEST_F(PlaybackTest, AnUtteranceThatEndsByItselfSkipsNothing) {
  begin(pm::LatePolicy::hold, 0.1);
  push(300);
  advance(1);
  pm::v1::UtteranceEnd end;
  end.set_end_frame(300);
  playback_.feed(end);
  playback_.advance(tick);
  EXPECT_NEAR(shown(), 1, 0.02);
}

TEST_F(PlaybackTest, WhatWasNotPlayedIsReplaced) {
  for (const pm::LatePolicy late : {pm::LatePolicy::hold, pm::LatePolicy::drop}) {
    begin(late, 0.1);
    next_ = 0;
    push(30);
    playback_.advance(tick);  // starts the clock
    advance(0.5);
    next_ = 12;  // 0.4 s: what had been played when the interrupt was sent
    push(3, 100);
    EXPECT_NEAR(playback_.time(), 0.5, 0.01) << "frames 12 to 14 end before the clock, which does not go back";
    double last = playback_.time();
    playback_.advance(tick);
    EXPECT_GE(playback_.time(), last);
    push(35, 100, true);
    pm::v1::UtteranceEnd end;
    end.set_end_frame(12);
    end.set_interrupted(true);
    playback_.feed(end);
    float before = shown();
    EXPECT_LT(before, 20) << "goes over, does not jump";
    for (int i = 0; i < 20; ++i, last = playback_.time(), before = shown()) {
      playback_.advance(tick);
      EXPECT_GE(playback_.time(), last);
      EXPECT_LT(shown() - before, 20);
    }
    EXPECT_NEAR(shown(), playback_.time() + 100, 1e-3);
    EXPECT_TRUE(playback_.idle());
    EXPECT_GT(playback_.time(), 0.7);
  }
}

TEST_F(PlaybackTest, FramesThatComeAgainBeforeTheyAreDueAreNoJump) {
  begin(pm::LatePolicy::hold, 0.1);
  push(30);
  playback_.advance(tick);
  advance(0.2);
  next_ = 15;
  push(30, 100, true);
  pm::v1::UtteranceEnd end;
  end.set_end_frame(15);
  end.set_interrupted(true);
  playback_.feed(end);
  playback_.advance(tick);
  EXPECT_NEAR(playback_.time(), 15 / fps, tick + 1e-6) << "the server kept no more: what lies between is skipped";
  EXPECT_LT(shown(), 100);
  advance(0.4);
  EXPECT_NEAR(shown(), playback_.time() + 100, 1e-3);
}

TEST_F(PlaybackTest, AnInterruptWithinTheFrameThatIsShownIsNoJump) {
  begin(pm::LatePolicy::hold, 0.1);
  push(30);
  playback_.advance(tick);
  advance(0.21);
  const double before = playback_.time();
  next_ = 7;
  push(30);
  pm::v1::UtteranceEnd end;
  end.set_end_frame(7);
  end.set_interrupted(true);
  playback_.feed(end);
  EXPECT_EQ(playback_.time(), before);
  advance(0.3);
  EXPECT_NEAR(playback_.time(), before + 0.3, tick + 1e-6);
  EXPECT_NEAR(shown(), playback_.time(), 1e-5);
}

TEST_F(PlaybackTest, TellsWhetherSomebodySpeaks) {
  begin(pm::LatePolicy::hold, 0);
  EXPECT_TRUE(playback_.idle());
  push(10, 0, true);
  push(10);
  push(10, 0, true);
  playback_.advance(tick);
  EXPECT_TRUE(playback_.idle());
  advance(0.5);
  EXPECT_FALSE(playback_.idle());
  advance(0.3);
  EXPECT_TRUE(playback_.idle());
}

TEST_F(PlaybackTest, ANewConnectionBeginsWithTheOldPose) {
  begin(pm::LatePolicy::hold, 0.1);
  push(300);
  advance(5);
  const float before = shown();
  playback_.begin(header());
  next_ = 0;
  EXPECT_EQ(shown(), before);
  advance(0.1);
  EXPECT_EQ(shown(), before);
  push(30);
  playback_.advance(tick);
  playback_.advance(tick);
  EXPECT_GT(shown(), 4);
  advance(0.3);
  EXPECT_NEAR(shown(), playback_.time(), 1e-5);
}

TEST_F(PlaybackTest, AGapIsGoneOver) {
  begin(pm::LatePolicy::hold, 0);
  push(10);
  advance(0.2);
  next_ = 100;
  push(30);
  playback_.advance(tick);
  EXPECT_LT(shown(), 1);
  advance(0.3);
  EXPECT_NEAR(shown(), playback_.time(), 1e-5);
  EXPECT_GT(playback_.time(), 100 / fps);
}

TEST_F(PlaybackTest, TheOldestMakeRoom) {
  options_.capacity_seconds = 1;
  begin(pm::LatePolicy::hold, 0);
  push(90);
  playback_.advance(tick);
  EXPECT_NEAR(shown(), 2, 1e-6);
}

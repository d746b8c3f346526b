// A jitter buffer and a clock: poses at whatever moments a game draws.
#pragma once

#include <cstdint>
#include <vector>

#include "pantomatrix/live_stream.h"
#include "pantomatrix/motion.h"

namespace pantomatrix {

// What happens when the next frame is not there in time. The last pose stays in both cases.
enum class LatePolicy : int {
  // The clock waits: nothing is left out, all later frames come later. For speech that the game plays itself and can
  // hold as well (stalled()).
  hold,
  // The clock keeps running: frames that come too late are left out, and what has piled up is skipped. For microphones.
  drop,
};

struct PlaybackOptions {
  LatePolicy late = LatePolicy::hold;
  // How much is gathered before the clock starts: the jitter that is evened out.
  double delay_seconds = 0.1;
  // How long a pose takes to go over into another where frames do not follow each other: after an interrupt, a gap, a
  // lost connection.
  double blend_seconds = 0.2;
  // Frames kept; the oldest make room. Speech that is sent faster than it is spoken has to find room here.
  double capacity_seconds = 60;
};

// Belongs to one thread. After the header nothing is allocated.
class Playback {
 public:
  explicit Playback(PlaybackOptions options = {}) noexcept : options_(options) {}

  // Takes headers, frames and interrupted utterances' ends; other events are none of its business.
  void feed(const LiveEvent& event);
  void begin(const v1::MotionHeader& header);
  // Frames that begin before the end of what is there take its place from there on; the clock never goes back.
  void push(const Frames& frames) noexcept;

  // Moves the clock on and computes the pose. False as long as there is none. seconds: since the last call, real time.
  bool advance(double seconds) noexcept;

  // (layout().floats()) floats, laid out as a frame; nullptr before the first.
  const float* pose() const noexcept { return has_pose_ ? pose_.data() : nullptr; }
  const FrameLayout& layout() const noexcept { return layout_; }

  // The time of the pose on the stream's clock, on which frame k is at k / fps; sound is in sync where it is there too.
  double time() const noexcept { return time_; }
  // Whether nobody speaks in the pose's frame.
  bool idle() const noexcept { return idle_; }
  // Whether the clock waits for frames.
  bool stalled() const noexcept { return !playing_; }
  // How much there is beyond the clock.
  double buffered_seconds() const noexcept;
  // How often the next frame was not there in time.
  std::int64_t underruns() const noexcept { return underruns_; }

 private:
  double seconds_of(std::int64_t frame) const noexcept { return static_cast<double>(frame) / fps_; }
  std::size_t place(std::int64_t frame) const noexcept { return static_cast<std::size_t>(frame % capacity_); }
  float* row(std::int64_t frame) noexcept;
  void jump(double time) noexcept;
  void follow_the_stream(double seconds) noexcept;
  void sample() noexcept;

  PlaybackOptions options_;
  FrameLayout layout_{};
  double fps_ = 0;
  std::int64_t capacity_ = 0;
  // Frames first_ to end_ - 1 are there, frame k in row k % capacity_.
  std::int64_t first_ = 0, end_ = 0;
  std::vector<float> rows_, pose_, blend_from_;
  std::vector<char> idle_rows_;
  bool has_pose_ = false, idle_ = true, playing_ = false, late_ = false;
  double time_ = 0;
  // Slowly varying mean of buffered_seconds(), from which the drift between two clocks is told.
  double depth_ = 0;
  double blend_left_ = 0;
  std::int64_t underruns_ = 0;
};

}  // namespace pantomatrix

#include "pantomatrix/playback.h"

#include <algorithm>
#include <cmath>

namespace pantomatrix {
namespace {

// More than this beyond the delay is no jitter: the game stood still.
constexpr double most_excess_seconds = 1.0;
// Clocks differ by some 100 ppm; a percent of speed is not seen and catches up with far more.
constexpr double most_speed_change = 0.01;
constexpr double speed_change_a_second = 0.05;
constexpr double depth_memory_seconds = 2.0;

}  // namespace

void Playback::feed(const LiveEvent& event) {
  if (const auto* header = std::get_if<v1::MotionHeader>(&event)) begin(*header);
  if (const auto* frames = std::get_if<Frames>(&event)) push(*frames);
  // What lies before an interrupted end was not sent again: it is skipped, but for the rest of the frame that is shown.
  if (const auto* end = std::get_if<v1::UtteranceEnd>(&event))
    if (end->interrupted() && seconds_of(end->end_frame() - 1) > time_) jump(seconds_of(end->end_frame()));
}

void Playback::begin(const v1::MotionHeader& header) {
  const FrameLayout layout(header);
  if (layout.joints != layout_.joints || layout.curves != layout_.curves) has_pose_ = false;
  layout_ = layout;
  fps_ = header.fps();
  capacity_ = std::max<std::int64_t>(2, std::llround(options_.capacity_seconds * fps_));
  const auto floats = static_cast<std::size_t>(layout_.floats());
  rows_.resize(static_cast<std::size_t>(capacity_) * floats);
  idle_rows_.resize(static_cast<std::size_t>(capacity_));
  pose_.resize(floats);
  blend_from_.resize(floats);
  first_ = end_ = 0;
  playing_ = late_ = false;
  jump(0);
}

float* Playback::row(std::int64_t frame) noexcept {
  return rows_.data() + place(frame) * static_cast<std::size_t>(layout_.floats());
}

void Playback::push(const Frames& frames) noexcept {
  if (capacity_ == 0) return;
  if (frames.first_frame != end_) {
    // Either some were dropped on the way, and what is there can no longer be interpolated to; or what was not played comes
    // again, and the pose goes over to it.
    if (frames.first_frame < first_ || frames.first_frame > end_) first_ = frames.first_frame;
    end_ = frames.first_frame;
    if (time_ < seconds_of(first_) || time_ > seconds_of(end_ - 1)) jump(std::max(time_, seconds_of(first_)));
  }
  const auto floats = static_cast<std::size_t>(layout_.floats());
  for (std::int64_t i = 0; i < frames.frame_count; ++i, ++end_) {
    std::copy_n(frames.data.data() + static_cast<std::size_t>(i) * floats, floats, row(end_));
    idle_rows_[place(end_)] = frames.idle;
  }
  first_ = std::max(first_, end_ - capacity_);
}

double Playback::buffered_seconds() const noexcept {
  return end_ > first_ ? std::max(0.0, seconds_of(end_ - 1) - time_) : 0.0;
}

void Playback::jump(double time) noexcept {
  time_ = time;
  if (!has_pose_) return;
  blend_from_ = pose_;
  blend_left_ = options_.blend_seconds;
}

bool Playback::advance(double seconds) noexcept {
  if (end_ == first_) return has_pose_;
  if (time_ < seconds_of(first_)) jump(seconds_of(first_));
  if (!playing_ && buffered_seconds() >= options_.delay_seconds) {
    playing_ = true;
    depth_ = buffered_seconds();
  } else if (playing_) {
    follow_the_stream(seconds);
  }
  if (!playing_ && !has_pose_) return false;
  blend_left_ = std::max(0.0, blend_left_ - seconds);
  sample();
  return true;
}

void Playback::follow_the_stream(double seconds) noexcept {
  const double newest = seconds_of(end_ - 1);
  if (options_.late == LatePolicy::hold) {
    if (time_ + seconds > newest) {
      ++underruns_;
      playing_ = false;
    }
    time_ = std::max(time_, std::min(time_ + seconds, newest));
    return;
  }
  const double ahead = newest - time_;
  depth_ += (ahead - depth_) * std::min(1.0, seconds / depth_memory_seconds);
  const double excess = depth_ - options_.delay_seconds;
  time_ += seconds * (1 + std::clamp(excess * speed_change_a_second, -most_speed_change, most_speed_change));
  if (time_ > newest) {
    underruns_ += late_ ? 0 : 1;
    late_ = true;
  } else if (late_) {
    late_ = false;
    jump(time_);
  } else if (ahead > options_.delay_seconds + most_excess_seconds) {
    jump(newest - options_.delay_seconds);
    depth_ = options_.delay_seconds;
  }
}

void Playback::sample() noexcept {
  const double at = std::min(time_ * fps_, static_cast<double>(end_ - 1));
  const auto before = std::clamp(static_cast<std::int64_t>(std::floor(at)), first_, end_ - 1);
  const auto after = std::min(before + 1, end_ - 1);
  const auto fraction = static_cast<float>(std::clamp(at - static_cast<double>(before), 0.0, 1.0));
  interpolate(layout_, row(before), row(after), fraction, pose_.data());
  if (blend_left_ > 0) {
    const auto left = static_cast<float>(blend_left_ / options_.blend_seconds);
    interpolate(layout_, pose_.data(), blend_from_.data(), left * left * (3 - 2 * left), pose_.data());
  }
  idle_ = idle_rows_[place(before)] != 0;
  has_pose_ = true;
}

}  // namespace pantomatrix

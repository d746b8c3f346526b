// Motions as they come: a header, and frames of floats.
#pragma once

#include <cstdint>
#include <vector>

#include "pantomatrix/error.h"
#include "pantomatrix/v1/frames.pb.h"

namespace pantomatrix {

// Frames that follow one another. data: (frame_count, header.floats_per_frame()) floats; a frame is the root's
// translation x y z, then each joint's rotation relative to its parent as a unit quaternion x y z w, then each curve's
// weight. Without joints it is the weights alone.
struct Frames {
  std::int64_t first_frame = 0;
  std::int32_t frame_count = 0;
  std::vector<float> data;
};

// A whole clip.
struct Motion {
  v1::MotionHeader header;
  Frames frames;
  v1::MotionSummary summary;

  const float* frame(std::int64_t index) const noexcept {
    return frames.data.data() + index * header.floats_per_frame();
  }
};

// Where things lie in a frame.
struct FrameLayout {
  std::int32_t joints = 0;
  std::int32_t curves = 0;

  explicit FrameLayout(const v1::MotionHeader& header = {}) noexcept
      : joints(header.skeleton().joints_size()), curves(header.curve_names_size()) {}
  std::int32_t floats() const noexcept { return rotations() + 4 * joints + curves; }
  // Index of the first rotation's x.
  std::int32_t rotations() const noexcept { return joints ? 3 : 0; }
  // Index of the first weight.
  std::int32_t weights() const noexcept { return rotations() + 4 * joints; }
};

// data_loss if the header contradicts itself.
Error check(const v1::MotionHeader& header) noexcept;

// Appends a block to frames that it has to follow, else data_loss.
Error append(const v1::FrameBlock& block, std::int32_t floats_per_frame, Frames* frames) noexcept;

// The frame at `fraction` (0 to 1) of the way from one to another: rotations by slerp on the shortest arc, the rest
// linearly. out may be one of the two. (Shoemake, "Animating rotation with quaternion curves", 1985)
void interpolate(const FrameLayout& layout, const float* from, const float* to, float fraction, float* out) noexcept;

}  // namespace pantomatrix

// Motions as they come: a header, and frames of floats.
#pragma once

#include <cstdint>
#include <vector>

#include "pantomatrix/error.h"
#include "pantomatrix/v1/frames.pb.h"

namespace pantomatrix {

// Where things lie: in the bytes of a frame, as the header's channels say, and in the row of floats that it is decoded to,
// which is always the root's translation x y z, then each joint's rotation relative to its parent as a unit quaternion
// x y z w, then each curve's weight. Without joints it is the weights alone. Joints of which no channel tells are in their
// rest pose.
struct FrameLayout {
  std::int32_t joints = 0;
  std::int32_t curves = 0;
  // 0 if check() has something to say of the header.
  std::int32_t bytes_per_frame = 0;

  FrameLayout() noexcept = default;
  explicit FrameLayout(const v1::MotionHeader& header) noexcept;
  std::int32_t floats() const noexcept { return weights() + curves; }
  // Index of the first rotation's x.
  std::int32_t rotations() const noexcept { return joints ? 3 : 0; }
  // Index of the first weight.
  std::int32_t weights() const noexcept { return rotations() + 4 * joints; }

  // Decodes one frame. data: bytes_per_frame of them; row: floats() of them.
  void decode(const char* data, float* row) const noexcept;

 private:
  struct Part {
    std::int32_t width = 0;
    // Negative where no channel has it.
    std::int32_t offset = 0;
    v1::ChannelEncoding encoding = v1::CHANNEL_ENCODING_FLOAT32;
  };
  // Of the root, the rotations, the weights.
  Part parts_[3];
  // The root's and the joints' numbers in the rest pose; empty if they have channels.
  std::vector<float> rest_;
};

// data_loss if the header contradicts itself, or stores what is needed in a way that this client does not know. Channels that
// are not needed may be as they like.
Error check(const v1::MotionHeader& header) noexcept;

// Frames that follow one another. data: (frame_count, FrameLayout::floats()) floats.
struct Frames {
  std::int64_t first_frame = 0;
  std::int32_t frame_count = 0;
  // Of a live stream: nobody speaks in them.
  bool idle = false;
  std::vector<float> data;
};

// Appends a block to frames that it has to follow, else data_loss.
Error append(const v1::FrameBlock& block, const FrameLayout& layout, Frames* frames) noexcept;

// A whole clip.
struct Motion {
  v1::MotionHeader header;
  FrameLayout layout;
  Frames frames;
  v1::MotionSummary summary;

  const float* frame(std::int64_t index) const noexcept { return frames.data.data() + index * layout.floats(); }
};

// The frame at `fraction` (0 to 1) of the way from one to another: rotations by slerp on the shortest arc, the rest
// linearly. out may be one of the two. (Shoemake, "Animating rotation with quaternion curves", 1985)
void interpolate(const FrameLayout& layout, const float* from, const float* to, float fraction, float* out) noexcept;

}  // namespace pantomatrix

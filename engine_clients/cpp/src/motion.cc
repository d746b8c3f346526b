#include "pantomatrix/motion.h"

#include <cmath>
#include <cstring>

namespace pantomatrix {
namespace {

// Where the angle between two rotations is so small that the chord will do.
constexpr float nearly_equal = 0.9995f;

void slerp(const float* from, const float* to, float fraction, float* out) noexcept {
  float cosine = from[0] * to[0] + from[1] * to[1] + from[2] * to[2] + from[3] * to[3];
  const float sign = cosine < 0 ? -1.0f : 1.0f;
  cosine *= sign;
  float a = 1 - fraction, b = fraction;
  if (cosine < nearly_equal) {
    const float angle = std::acos(cosine);
    const float scale = 1 / std::sin(angle);
    a = std::sin(a * angle) * scale;
    b = std::sin(b * angle) * scale;
  }
  b *= sign;
  float q[4];
  float squares = 0;
  for (int i = 0; i < 4; ++i) {
    q[i] = a * from[i] + b * to[i];
    squares += q[i] * q[i];
  }
  const float norm = 1 / std::sqrt(squares);
  for (int i = 0; i < 4; ++i) out[i] = q[i] * norm;
}

}  // namespace

Error check(const v1::MotionHeader& header) noexcept {
  const std::int32_t expected = FrameLayout(header).floats();
  if (header.floats_per_frame() != expected || expected == 0)
    return {ErrorCode::data_loss, "the header says " + std::to_string(header.floats_per_frame()) +
                                      " floats a frame, its joints and curves make " + std::to_string(expected), header.request_id()};
  if (!(header.fps() > 0)) return {ErrorCode::data_loss, "the header has no frame rate", header.request_id()};
  return {};
}

Error append(const v1::FrameBlock& block, std::int32_t floats_per_frame, Frames* frames) noexcept {
  const std::int64_t next = frames->first_frame + frames->frame_count;
  if (block.first_frame() != next)
    return {ErrorCode::data_loss,
            "frame " + std::to_string(block.first_frame()) + " came where frame " + std::to_string(next) + " was to come", {}};
  const std::size_t floats = static_cast<std::size_t>(block.frame_count()) * static_cast<std::size_t>(floats_per_frame);
  if (block.frame_count() < 1 || block.data().size() != floats * sizeof(float))
    return {ErrorCode::data_loss,
            "a block of " + std::to_string(block.frame_count()) + " frames has " + std::to_string(block.data().size()) +
                " bytes, expected " + std::to_string(floats * sizeof(float)), {}};
  const std::size_t before = frames->data.size();
  frames->data.resize(before + floats);
  std::memcpy(frames->data.data() + before, block.data().data(), block.data().size());
  frames->frame_count += block.frame_count();
  return {};
}

void interpolate(const FrameLayout& layout, const float* from, const float* to, float fraction, float* out) noexcept {
  for (int i = 0; i < layout.rotations(); ++i) out[i] = from[i] + (to[i] - from[i]) * fraction;
  for (int i = layout.rotations(); i < layout.weights(); i += 4) slerp(from + i, to + i, fraction, out + i);
  for (int i = layout.weights(); i < layout.floats(); ++i) out[i] = from[i] + (to[i] - from[i]) * fraction;
}

}  // namespace pantomatrix

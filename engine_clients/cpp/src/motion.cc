#include "pantomatrix/motion.h"

#include <algorithm>
#include <cmath>

#include "channels.h"

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

// What a row of floats needs: which channel, and how many numbers.
struct Need {
  v1::ChannelKind kind;
  const char* what;
  std::int32_t width;
};

struct Needs {
  explicit Needs(const v1::MotionHeader& header) noexcept {
    const std::int32_t joints = header.skeleton().joints_size();
    all[0] = {v1::CHANNEL_KIND_ROOT_TRANSLATION, "the root's translation", joints ? 3 : 0};
    all[1] = {v1::CHANNEL_KIND_JOINT_ROTATIONS, "the joints' rotations", 4 * joints};
    all[2] = {v1::CHANNEL_KIND_CURVES, "the curves' weights", header.curve_names_size()};
  }
  Need all[3];
};

// The first of a kind that is about all joints.
const v1::Channel* find(const v1::MotionHeader& header, v1::ChannelKind kind) noexcept {
  for (const auto& channel : header.channels())
    if (channel.kind() == kind && channel.joints().empty()) return &channel;
  return nullptr;
}

std::string contradiction(const v1::MotionHeader& header, const Need& need) {
  const v1::Channel* channel = find(header, need.kind);
  if (!channel) return need.kind == v1::CHANNEL_KIND_CURVES ? std::string("the header has no channel of ") + need.what : "";
  const std::string name = "channel '" + channel->name() + "' ";
  if (channel->width() != need.width)
    return name + "has " + std::to_string(channel->width()) + " numbers, " + need.what + " are " + std::to_string(need.width);
  const std::int64_t bytes = stored_bytes(channel->encoding(), need.width);
  if (bytes < 0)
    return name + "has encoding " + std::to_string(channel->encoding()) + ", in which this client reads no " +
           std::to_string(need.width) + " numbers";
  if (channel->offset() < 0 || channel->offset() + bytes > header.bytes_per_frame())
    return name + "has " + std::to_string(bytes) + " bytes from byte " + std::to_string(channel->offset()) +
           " on, a frame has " + std::to_string(header.bytes_per_frame());
  return {};
}

std::vector<float> rest_pose(const v1::Skeleton& skeleton) {
  const auto& root = skeleton.joints(0).rest_translation();
  std::vector<float> row = {root.x(), root.y(), root.z()};
  for (const auto& joint : skeleton.joints()) {
    const auto& q = joint.rest_rotation();
    const bool none = q.x() == 0 && q.y() == 0 && q.z() == 0 && q.w() == 0;
    row.insert(row.end(), {q.x(), q.y(), q.z(), none ? 1.0f : q.w()});
  }
  return row;
}

}  // namespace

Error check(const v1::MotionHeader& header) noexcept {
  const auto wrong = [&](std::string why) { return Error{ErrorCode::data_loss, std::move(why), header.request_id()}; };
  if (header.skeleton().joints().empty() && header.curve_names().empty())
    return wrong("the header has neither joints nor curves");
  for (const Need& need : Needs(header).all)
    if (need.width > 0)
      if (std::string why = contradiction(header, need); !why.empty()) return wrong(std::move(why));
  if (!(header.fps() > 0)) return wrong("the header has no frame rate");
  return {};
}

FrameLayout::FrameLayout(const v1::MotionHeader& header) noexcept
    : joints(header.skeleton().joints_size()), curves(header.curve_names_size()) {
  if (check(header)) return;
  bytes_per_frame = header.bytes_per_frame();
  Part* part = parts_;
  for (const Need& need : Needs(header).all) {
    if (need.width > 0) {
      const v1::Channel* channel = find(header, need.kind);
      *part = channel ? Part{need.width, channel->offset(), channel->encoding()} : Part{need.width, -1};
      if (!channel && rest_.empty()) rest_ = rest_pose(header.skeleton());
    }
    ++part;
  }
}

void FrameLayout::decode(const char* data, float* row) const noexcept {
  const float* const begin = row;
  for (const Part& part : parts_) {
    if (part.offset < 0)
      std::copy_n(rest_.data() + (row - begin), part.width, row);
    else
      decode_channel(part.encoding, data + part.offset, part.width, row);
    row += part.width;
  }
}

Error append(const v1::FrameBlock& block, const FrameLayout& layout, Frames* frames) noexcept {
  const std::int64_t next = frames->first_frame + frames->frame_count;
  if (block.first_frame() != next)
    return {ErrorCode::data_loss,
            "frame " + std::to_string(block.first_frame()) + " came where frame " + std::to_string(next) + " was to come", {}};
  const auto bytes = static_cast<std::int64_t>(block.data().size());
  if (block.frame_count() < 1 || bytes == 0 || bytes != std::int64_t{block.frame_count()} * layout.bytes_per_frame)
    return {ErrorCode::data_loss,
            "a block of " + std::to_string(block.frame_count()) + " frames has " + std::to_string(bytes) +
                " bytes, a frame has " + std::to_string(layout.bytes_per_frame), {}};
  const auto count = static_cast<std::size_t>(block.frame_count());
  const auto stride = static_cast<std::size_t>(layout.bytes_per_frame), floats = static_cast<std::size_t>(layout.floats());
  const std::size_t before = frames->data.size();
  frames->data.resize(before + count * floats);
  for (std::size_t i = 0; i < count; ++i)
    layout.decode(block.data().data() + i * stride, frames->data.data() + before + i * floats);
  frames->frame_count += block.frame_count();
  frames->idle = block.idle();
  return {};
}

void interpolate(const FrameLayout& layout, const float* from, const float* to, float fraction, float* out) noexcept {
  for (int i = 0; i < layout.rotations(); ++i) out[i] = from[i] + (to[i] - from[i]) * fraction;
  for (int i = layout.rotations(); i < layout.weights(); i += 4) slerp(from + i, to + i, fraction, out + i);
  for (int i = layout.weights(); i < layout.floats(); ++i) out[i] = from[i] + (to[i] - from[i]) * fraction;
}

}  // namespace pantomatrix

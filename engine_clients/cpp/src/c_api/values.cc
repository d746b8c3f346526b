#include "values.h"

#include <algorithm>
#include <cstring>

namespace pm_c {
namespace {

template <std::size_t Size>
void copy(const std::string& from, char (&to)[Size]) {
  std::size_t length = std::min(from.size(), Size - 1);
  // Not in the middle of a character.
  while (length < from.size() && length > 0 && (static_cast<unsigned char>(from[length]) & 0xC0) == 0x80) --length;
  std::memcpy(to, from.data(), length);
  to[length] = '\0';
}

void take_joints(const pm_motion_options& options, pm::v1::Skeleton* skeleton) {
  skeleton->set_name("custom");
  for (int i = 0; i < options.joint_count; ++i) {
    const pm_joint& from = options.joints[i];
    auto* joint = skeleton->add_joints();
    joint->set_name(text(from.name));
    if (from.parent >= 0) joint->set_parent(from.parent);
    auto* at = joint->mutable_rest_translation();
    at->set_x(from.translation[0]), at->set_y(from.translation[1]), at->set_z(from.translation[2]);
    auto* turn = joint->mutable_rest_rotation();
    turn->set_x(from.rotation[0]), turn->set_y(from.rotation[1]), turn->set_z(from.rotation[2]);
    turn->set_w(from.rotation[3]);
  }
}

template <class Strengths>
void take_parts(const pm_part* parts, int count, Strengths* strengths) {
  for (int i = 0; i < count; ++i) {
    auto* strength = strengths->Add();
    strength->set_part(static_cast<pm::v1::BodyPart>(parts[i].part));
    strength->set_gain(parts[i].gain);
  }
}

template <class Strengths>
void take_emotions(const pm_emotion* emotions, int count, Strengths* strengths) {
  for (int i = 0; i < count; ++i) {
    auto* strength = strengths->Add();
    strength->set_emotion(text(emotions[i].name));
    strength->set_strength(emotions[i].strength);
  }
}

}  // namespace

void tell(const pm::Error& error, pm_error* out) {
  if (!out) return;
  out->code = static_cast<int>(error.code);
  copy(error.message, out->message);
  copy(error.request_id, out->request_id);
  copy(error.reason, out->reason);
}

void tell(const pm::v1::Refusal& refusal, pm_refusal* out) {
  constexpr std::size_t prefix = sizeof "ERROR_REASON_" - 1;
  const std::string& reason = pm::v1::ErrorReason_Name(refusal.reason());
  copy(reason.size() > prefix ? reason.substr(prefix) : reason, out->reason);
  copy(refusal.text(), out->text);
  copy(refusal.field(), out->field);
}

pm::v1::MotionOptions message(const pm_motion_options& options) {
  pm::v1::MotionOptions message;
  if (options.more) message.ParseFromArray(options.more, static_cast<int>(options.more_bytes));
  if (options.model) message.set_model(options.model);
  if (options.speaker) message.set_speaker(options.speaker);
  if (options.expression) message.set_expression(options.expression);
  if (options.skeleton) message.set_skeleton(options.skeleton);
  if (options.face_rig) message.set_face_rig(options.face_rig);
  if (options.coordinate_system) message.set_coordinate_system(options.coordinate_system);
  if (options.fps != 0) message.set_fps(options.fps);
  if (options.seed) message.set_seed(options.seed);
  if (options.joint_count > 0) take_joints(options, message.mutable_custom_skeleton());
  if (options.root) message.set_root_mode(static_cast<pm::v1::RootMode>(options.root));
  if (options.gestures) {
    message.mutable_gestures()->set_amplitude(options.gestures->amplitude);
    message.mutable_gestures()->set_rate(options.gestures->rate);
  }
  take_parts(options.parts, options.part_count, message.mutable_part_strengths());
  take_emotions(options.emotions, options.emotion_count, message.mutable_emotions());
  return message;
}

pm::v1::StreamOptions message(const pm_change& change) {
  pm::v1::StreamOptions message;
  if (change.more) message.ParseFromArray(change.more, static_cast<int>(change.more_bytes));
  if (change.speaker) message.set_speaker(change.speaker);
  if (change.expression) message.set_expression(change.expression);
  if (change.parts) take_parts(change.parts, change.part_count, message.mutable_part_strengths()->mutable_entries());
  if (change.emotions) take_emotions(change.emotions, change.emotion_count, message.mutable_emotions()->mutable_entries());
  if (change.at_seconds > 0) message.set_at_seconds(change.at_seconds);
  return message;
}

pm::v1::PcmFormat pcm_format(pm_encoding encoding, int sample_rate_hz, int channels) {
  pm::v1::PcmFormat format;
  format.set_encoding(encoding == PM_F32LE ? pm::v1::PCM_ENCODING_F32LE : pm::v1::PCM_ENCODING_S16LE);
  format.set_sample_rate_hz(sample_rate_hz);
  format.set_channels(channels);
  return format;
}

}  // namespace pm_c

const char* pm_error_name(int code) { return pm::name(static_cast<pm::ErrorCode>(code)); }

#include "values.h"

using namespace pm_c;

double pm_header_fps(const pm_header* header) { return header->message.fps(); }
int pm_header_floats(const pm_header* header) { return header->layout.floats(); }
int pm_header_joints(const pm_header* header) { return header->message.skeleton().joints_size(); }
int pm_header_curves(const pm_header* header) { return header->message.curve_names_size(); }

const char* pm_header_joint_name(const pm_header* header, int joint) {
  return within(joint, pm_header_joints(header)) ? header->message.skeleton().joints(joint).name().c_str() : nullptr;
}

int pm_header_joint_parent(const pm_header* header, int joint) {
  if (!within(joint, pm_header_joints(header))) return -1;
  const auto& message = header->message.skeleton().joints(joint);
  return message.has_parent() ? message.parent() : -1;
}

void pm_header_rest_translation(const pm_header* header, int joint, float out[3]) {
  out[0] = out[1] = out[2] = 0;
  if (!within(joint, pm_header_joints(header))) return;
  const auto& at = header->message.skeleton().joints(joint).rest_translation();
  out[0] = at.x(), out[1] = at.y(), out[2] = at.z();
}

void pm_header_rest_rotation(const pm_header* header, int joint, float out[4]) {
  out[0] = out[1] = out[2] = 0, out[3] = 1;
  if (!within(joint, pm_header_joints(header))) return;
  const auto& turn = header->message.skeleton().joints(joint).rest_rotation();
  out[0] = turn.x(), out[1] = turn.y(), out[2] = turn.z(), out[3] = turn.w();
}

const char* pm_header_joint_role(const pm_header* header, int joint) {
  return within(joint, pm_header_joints(header)) ? header->message.skeleton().joints(joint).role().c_str() : nullptr;
}

const char* pm_header_curve_name(const pm_header* header, int curve) {
  return within(curve, pm_header_curves(header)) ? header->message.curve_names(curve).c_str() : nullptr;
}

const char* pm_header_label(const pm_header* header, const char* key) {
  const auto& labels = header->message.labels();
  const auto found = labels.find(key);
  return found != labels.end() ? found->second.c_str() : nullptr;
}

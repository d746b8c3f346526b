// Between C's values and C++'s.
#pragma once

#include <string>

#include "objects.h"

namespace pm_c {

// Empty for null.
inline std::string text(const char* given) { return given ? given : ""; }

inline bool within(int index, int count) { return index >= 0 && index < count; }

void tell(const pm::Error& error, pm_error* out);
void tell(const pm::v1::Refusal& refusal, pm_refusal* out);

pm::v1::MotionOptions message(const pm_motion_options& options);
pm::v1::StreamOptions message(const pm_change& change);

// What is asked for beside MotionOptions, of a clip as of a stream.
template <class Request>
void set_delivery(const pm_motion_options& options, Request* request) {
  request->set_frame_encoding(static_cast<pm::v1::FrameEncoding>(options.frame_encoding));
  for (int i = 0; i < options.label_count; ++i)
    (*request->mutable_labels())[text(options.labels[i].key)] = text(options.labels[i].text);
}

pm::v1::PcmFormat pcm_format(pm_encoding encoding, int sample_rate_hz, int channels);

// Takes the value once, and says how it went.
template <class Pending>
int wait_for(Pending* pending, pm_error* error) {
  if (!pending->taken) pending->taken = pending->pending->take();
  tell(pending->taken->error, error);
  return pending->taken->ok();
}

}  // namespace pm_c

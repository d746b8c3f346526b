// Between C's values and C++'s.
#pragma once

#include <string>

#include "objects.h"

namespace pm_c {

// Empty for null.
inline std::string text(const char* given) { return given ? given : ""; }

inline bool within(int index, int count) { return index >= 0 && index < count; }

void tell(const pm::Error& error, pm_error* out);

pm::v1::MotionOptions message(const pm_motion_options& options);

pm::v1::PcmFormat pcm_format(pm_encoding encoding, int sample_rate_hz, int channels);

// Takes the value once, and says how it went.
template <class Pending>
int wait_for(Pending* pending, pm_error* error) {
  if (!pending->taken) pending->taken = pending->pending->take();
  tell(pending->taken->error, error);
  return pending->taken->ok();
}

}  // namespace pm_c

#include "pantomatrix/error.h"

#include <iterator>

namespace pantomatrix {

const char* name(ErrorCode code) noexcept {
  static constexpr const char* names[] = {
      "ok",           "cancelled",           "unknown",       "invalid_argument",   "deadline_exceeded",
      "not_found",    "already_exists",      "permission_denied", "resource_exhausted", "failed_precondition",
      "aborted",      "out_of_range",        "unimplemented", "internal",           "unavailable",
      "data_loss",    "unauthenticated",
  };
  const int number = static_cast<int>(code);
  return number >= 0 && number < static_cast<int>(std::size(names)) ? names[number] : "unknown";
}

bool Error::passing() const noexcept {
  if (code == ErrorCode::resource_exhausted) return reason != "OVER_LIMIT";
  return code == ErrorCode::unavailable || code == ErrorCode::aborted || code == ErrorCode::deadline_exceeded;
}

}  // namespace pantomatrix

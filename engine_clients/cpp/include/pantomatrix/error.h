// What can go wrong, told without exceptions.
#pragma once

#include <string>
#include <utility>

namespace pantomatrix {

// The numbers are those of gRPC's status codes, over every transport.
enum class ErrorCode : int {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

// "invalid_argument" and so on.
const char* name(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::ok;
  // For people: what, where, and what would be right.
  std::string message;
  // Names the call in the server's log; empty where no server was reached.
  std::string request_id;
  // For programs: a name of errors.proto's ErrorReason, "UNKNOWN_NAME"; empty where no server said it.
  std::string reason = {};

  explicit operator bool() const noexcept { return code != ErrorCode::ok; }
  // Whether the same call may succeed a little later: unavailable, aborted, deadline_exceeded, and resource_exhausted but for
  // what is larger than a limit.
  bool passing() const noexcept;
};

// A value, or why there is none.
template <class Value>
struct Result {
  Value value{};
  Error error;

  bool ok() const noexcept { return !error; }
};

}  // namespace pantomatrix

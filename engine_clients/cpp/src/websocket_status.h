// How a call over a WebSocket ended (docs/reference/contract.md, "WebSockets").
#pragma once

#include <string>

#include "pantomatrix/error.h"

namespace pantomatrix {

// code, reason: the closing frame's. status: the google.rpc.Status that came as JSON before, or nothing. ok if the
// call succeeded.
Error closing_error(int code, const std::string& reason, const std::string& status);

}  // namespace pantomatrix

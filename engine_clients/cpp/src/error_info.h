// Why a call failed, for programs: google.rpc.ErrorInfo in google.rpc.Status.
#pragma once

#include <string>

namespace pantomatrix {

// The reason in a serialized google.rpc.Status; empty if there is none. Read by hand: its messages are not in protobuf-lite, and
// copies of them would clash with a program that has them.
std::string reason_in(const std::string& status);

}  // namespace pantomatrix

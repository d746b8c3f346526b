// How a channel's numbers are stored: frames.proto.
#pragma once

#include <cstdint>

#include "pantomatrix/v1/frames.pb.h"

namespace pantomatrix {

// Of a channel with that many numbers; -1 for an unknown encoding, or one that cannot hold so many.
std::int64_t stored_bytes(v1::ChannelEncoding encoding, std::int32_t width) noexcept;

// data: as many bytes as stored_bytes says; out: width numbers.
void decode_channel(v1::ChannelEncoding encoding, const char* data, std::int32_t width, float* out) noexcept;

}  // namespace pantomatrix

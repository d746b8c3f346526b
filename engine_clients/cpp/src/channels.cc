#include "channels.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace pantomatrix {
namespace {

// For any address: the channels of a frame lie where they lie. Little-endian, as all machines are that games run on.
template <class Number>
Number read(const char* data) noexcept {
  Number number;
  std::memcpy(&number, data, sizeof number);
  return number;
}

float from_float16(std::uint16_t bits) noexcept {
  const std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 31u, fraction = bits & 0x3FFu;
  if (exponent == 0) {
    constexpr float smallest = 1.0f / (1 << 24);
    const float value = static_cast<float>(fraction) * smallest;
    return sign ? -value : value;
  }
  constexpr std::uint32_t bias = 127 - 15;
  const std::uint32_t wide = sign | (exponent == 31 ? 255u : exponent + bias) << 23 | fraction << 13;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

void from_quaternion48(const char* data, float* out) noexcept {
  constexpr float scale = 1 / (16384 * 1.41421356237f);
  std::uint16_t words[3];
  std::memcpy(words, data, sizeof words);
  const int left_out = 2 * (words[1] >> 15) + (words[0] >> 15);
  float rest = 1;
  for (int i = 0; i < 3; ++i) {
    const float value = static_cast<float>((words[i] & 0x7FFF) - 16384) * scale;
    out[i < left_out ? i : i + 1] = value;
    rest -= value * value;
  }
  out[left_out] = std::sqrt(std::max(0.0f, rest));
}

}  // namespace

std::int64_t stored_bytes(v1::ChannelEncoding encoding, std::int32_t width) noexcept {
  const std::int64_t numbers = width;
  switch (encoding) {
    case v1::CHANNEL_ENCODING_FLOAT32:
      return 4 * numbers;
    case v1::CHANNEL_ENCODING_FLOAT16:
      return 2 * numbers;
    case v1::CHANNEL_ENCODING_QUATERNION48:
      return numbers % 4 == 0 ? numbers / 4 * 6 : -1;
    case v1::CHANNEL_ENCODING_UNORM8:
      return numbers;
    default:
      return -1;
  }
}

void decode_channel(v1::ChannelEncoding encoding, const char* data, std::int32_t width, float* out) noexcept {
  switch (encoding) {
    case v1::CHANNEL_ENCODING_FLOAT16:
      for (std::int32_t i = 0; i < width; ++i) out[i] = from_float16(read<std::uint16_t>(data + 2 * i));
      return;
    case v1::CHANNEL_ENCODING_QUATERNION48:
      for (std::int32_t i = 0; i < width; i += 4) from_quaternion48(data + i / 4 * 6, out + i);
      return;
    case v1::CHANNEL_ENCODING_UNORM8:
      for (std::int32_t i = 0; i < width; ++i) out[i] = static_cast<float>(read<std::uint8_t>(data + i)) / 255;
      return;
    default:
      std::memcpy(out, data, sizeof(float) * static_cast<std::size_t>(width));
  }
}

}  // namespace pantomatrix

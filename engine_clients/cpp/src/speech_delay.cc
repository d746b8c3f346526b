#include "pantomatrix/speech_delay.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace pantomatrix {
namespace {

// Chunks that may be ahead of the clock: a minute of 15 ms.
constexpr std::size_t most_blocks = 4096, most_moments = 256;
// A game's ticks and the sound card's blocks each come some 20 ms apart; what is further off is no jitter.
constexpr double most_error_seconds = 0.1;
constexpr double correction_a_second = 0.5, most_pitch_change = 0.01;
constexpr double fade_seconds = 0.005;

template <class Sample>
void mix_down(const std::string& bytes, int channels, float scale, std::vector<float>* mono) {
  const std::size_t width = sizeof(Sample) * static_cast<std::size_t>(channels);
  mono->resize(bytes.size() / width);
  const char* at = bytes.data();
  for (float& out : *mono) {
    float sum = 0;
    for (int channel = 0; channel < channels; ++channel, at += sizeof(Sample)) {
      Sample sample;
      std::memcpy(&sample, at, sizeof sample);
      sum += static_cast<float>(sample);
    }
    out = sum * scale / static_cast<float>(channels);
  }
}

}  // namespace

SpeechDelay::SpeechDelay(const v1::PcmFormat& format)
    : encoding_(format.encoding()),
      rate_(std::max(1, format.sample_rate_hz())),
      channels_(std::max(1, format.channels())),
      blocks_(most_blocks),
      moments_(most_moments) {}

void SpeechDelay::restart() noexcept {
  ++fed_epoch_;
  fed_end_ = 0;
  cut_ = {};
}

void SpeechDelay::feed(const v1::AudioEcho& echo) {
  fed_.epoch = fed_epoch_;
  fed_.start = std::llround(echo.start_seconds() * rate_);
  if (encoding_ == v1::PCM_ENCODING_F32LE)
    mix_down<float>(echo.samples(), channels_, 1, &fed_.samples);
  else
    mix_down<std::int16_t>(echo.samples(), channels_, 1 / 32768.f, &fed_.samples);
  fed_end_ = std::max(fed_end_, fed_.start + static_cast<std::int64_t>(fed_.samples.size()));
  blocks_.push(fed_);
}

void SpeechDelay::cut(double seconds) noexcept {
  // One is enough: by a cut that does not touch the last one the clock has passed that.
  const std::int64_t start = std::llround(seconds * rate_);
  cut_ = {start <= cut_.end ? std::min(start, cut_.start) : start, fed_end_};
}

void SpeechDelay::follow(double time, bool stalled, Clock::time_point now) noexcept {
  Moment moment{fed_epoch_, time, stalled, now, cut_};
  moments_.push(moment);
}

void SpeechDelay::read(float* samples, std::size_t count, Clock::time_point now) noexcept {
  bool is_cut = false;
  for (Moment newer; moments_.pop(newer); moment_ = newer)
    is_cut |= newer.cut.start != moment_.cut.start || newer.cut.end != moment_.cut.end;
  const bool sounding = !moment_.stalled;
  double speed = 1;
  if (sounding) {
    const double since = std::chrono::duration<double>(now - moment_.at).count();
    const double target = (moment_.time + since) * rate_;
    const double error = (target - static_cast<double>(whole_) - fraction_) / rate_;
    if (epoch_ != moment_.epoch || std::abs(error) > most_error_seconds)
      move_to(target);
    else
      speed += std::clamp(error * correction_a_second, -most_pitch_change, most_pitch_change);
  }
  const int fade = std::max(1, static_cast<int>(fade_seconds * rate_));
  if (sounding != sounding_ || is_cut) {
    sounding_ = sounding;
    fade_from_ = last_;
    fade_left_ = fade;
  }
  for (std::size_t i = 0; i < count; ++i) {
    float value = 0;
    if (sounding_) {
      value = left_ + static_cast<float>(fraction_) * (right_ - left_);
      for (fraction_ += speed; fraction_ >= 1; fraction_ -= 1) {
        left_ = right_;
        right_ = sample_at(++whole_ + 1);
      }
    }
    if (fade_left_ > 0) {
      const float left = static_cast<float>(fade_left_--) / static_cast<float>(fade);
      value += (fade_from_ - value) * left;
    }
    samples[i] = last_ = value;
  }
}

void SpeechDelay::move_to(double position) noexcept {
  epoch_ = moment_.epoch;
  whole_ = static_cast<std::int64_t>(std::floor(position));
  fraction_ = position - std::floor(position);
  left_ = sample_at(whole_);
  right_ = sample_at(whole_ + 1);
  fade_from_ = last_;
  fade_left_ = std::max(1, static_cast<int>(fade_seconds * rate_));
}

// Indices come in rising order within an epoch, but for small steps back that stay in the same block or are silent.
float SpeechDelay::sample_at(std::int64_t index) noexcept {
  if (index >= moment_.cut.start && index < moment_.cut.end && epoch_ == moment_.epoch) return 0;
  for (;;) {
    if (has_block_ && block_.epoch == epoch_) {
      const std::int64_t end = block_.start + static_cast<std::int64_t>(block_.samples.size());
      if (index < block_.start) return 0;
      if (index < end) return block_.samples[static_cast<std::size_t>(index - block_.start)];
    } else if (has_block_ && block_.epoch > epoch_) {
      return 0;
    }
    has_block_ = blocks_.pop(block_);
    if (!has_block_) return 0;
  }
}

}  // namespace pantomatrix

// A speaker's own sound, held back until its motion is there.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "pantomatrix/spsc_queue.h"
#include "pantomatrix/v1/audio.pb.h"
#include "pantomatrix/v1/motion.pb.h"

namespace pantomatrix {

// Takes the audio that a server sends back stamped (StreamStart.echo_audio) and gives it out as Playback's clock comes
// to it. restart, feed, cut and follow belong to one thread (the game's), read to one other (the sound's). None blocks.
class SpeechDelay {
 public:
  using Clock = std::chrono::steady_clock;

  // format: the stream's.
  explicit SpeechDelay(const v1::PcmFormat& format);

  // A new header: the stream's clock begins at 0 again.
  void restart() noexcept;
  void feed(const v1::AudioEcho& echo);
  // What was fed of this second of the stream's clock and later is not heard: it was interrupted. From the next follow on.
  void cut(double seconds) noexcept;
  // After each Playback::advance: its time() and whether it is stalled().
  void follow(double time, bool stalled, Clock::time_point now = Clock::now()) noexcept;

  // Writes mono samples at the stream's rate. Silence where there is no speech or the clock stands. To stay with the
  // clock it runs up to a percent faster or slower; what is further off than a tenth of a second is jumped over, with
  // a short fade.
  void read(float* samples, std::size_t count, Clock::time_point now = Clock::now()) noexcept;

  int sample_rate_hz() const noexcept { return rate_; }

 private:
  struct Block {
    std::int64_t epoch = 0, start = 0;
    std::vector<float> samples;
  };
  // Samples that are not heard.
  struct Cut {
    std::int64_t start = 0, end = 0;
  };
  struct Moment {
    std::int64_t epoch = 0;
    double time = 0;
    bool stalled = true;
    Clock::time_point at{};
    Cut cut;
  };

  float sample_at(std::int64_t index) noexcept;
  void move_to(double position) noexcept;

  const v1::PcmEncoding encoding_;
  const int rate_, channels_;

  // The game's.
  std::int64_t fed_epoch_ = 0, fed_end_ = 0;
  Block fed_;
  Cut cut_;

  SpscQueue<Block> blocks_;
  SpscQueue<Moment> moments_;

  // The sound's.
  Moment moment_;
  Block block_;
  bool has_block_ = false;
  std::int64_t epoch_ = 0;
  // Between the samples at whole_ (left_) and whole_ + 1 (right_), by fraction_.
  std::int64_t whole_ = 0;
  double fraction_ = 0;
  float left_ = 0, right_ = 0;
  bool sounding_ = false;
  float last_ = 0, fade_from_ = 0;
  int fade_left_ = 0;
};

}  // namespace pantomatrix

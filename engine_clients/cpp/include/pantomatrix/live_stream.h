// Live speech in, frames out, for threads that may not wait.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "pantomatrix/motion.h"
#include "pantomatrix/spsc_queue.h"
#include "pantomatrix/transport.h"
#include "pantomatrix/v1/motion.pb.h"

namespace pantomatrix {

class RecordRing;

// The connection was lost; the stream tries again after `retry_seconds`.
struct ConnectionLost {
  Error error;
  double retry_seconds = 0;
};

// Nothing follows. error: ok if the caller closed the stream.
struct StreamEnded {
  Error error;
};

// What a stream brings, in order. A header comes first, and again after a lost connection, when frames count from 0. Frames
// follow one another, but after an interrupt that says what was played they may begin before the last one's end: then they
// take the place of those that were not played. A Refusal says which change was not followed; the stream continues.
using LiveEvent = std::variant<std::monostate, v1::MotionHeader, Frames, v1::UtteranceEnd, v1::Refusal, v1::AudioEcho,
                               v1::MotionSummary, ConnectionLost, StreamEnded>;

enum class LiveState : int { connecting, streaming, waiting_to_reconnect, ended };

struct LiveOptions {
  // Audio that may wait to be sent; more is refused by push_audio.
  double audio_buffer_seconds = 2;
  // Events that may wait to be polled. Frames beyond are dropped, as when a game is paused.
  std::size_t event_capacity = 512;
  // Whether to connect again after a passing error; audio pushed meanwhile is dropped, since it would come too late.
  bool reconnect = true;
  // The wait doubles with each try in vain.
  std::chrono::milliseconds first_retry{250};
  std::chrono::milliseconds longest_retry{8000};
};

// A StreamMotion call and its successors. push_audio, push_text, end_utterance, interrupt, change and close belong to one thread
// (the audio's), poll to one other (the game's). None of them blocks; pushing and polling allocate nothing once the
// queues have gone round.
class LiveStream {
 public:
  LiveStream(std::shared_ptr<Transport> transport, v1::StreamStart start, LiveOptions options = {});
  ~LiveStream();
  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  // Interleaved samples in the start's format. False, and none taken, if the buffer is full.
  bool push_audio(const void* samples, std::size_t bytes) noexcept;
  // What is said in the utterance, as far as it is known, in seconds since it began; lips follow it. It has most effect where it
  // comes before its sound. A Refusal comes where it cannot be followed.
  bool push_text(const v1::TimedText& said);
  // The sentence is over: its frames are settled, the mouth closes.
  bool end_utterance() noexcept;
  // Stop talking at once; audio that waits to be sent is dropped, what is pushed from now on is not. played_seconds: what was
  // shown, Playback::time(); what was sent beyond it comes again with the mouth shut. Without it that stays as it was sent.
  bool interrupt(std::optional<double> played_seconds = {}) noexcept;
  // What is set in it changes, in mid-sentence too; the rest stays. A Refusal comes where it cannot be done.
  bool change(const v1::StreamOptions& options);
  // No more audio follows: the last frames come, a summary, then StreamEnded.
  bool close() noexcept;

  // The next event, if there is one; event gets its content, and the queue gets event's memory.
  bool poll(LiveEvent& event) noexcept { return events_.pop(event); }

  LiveState state() const noexcept { return state_; }
  std::uint64_t dropped_audio_bytes() const noexcept { return dropped_audio_bytes_; }
  std::uint64_t dropped_frames() const noexcept { return dropped_frames_; }

 private:
  class Listener;

  void run() noexcept;
  Error serve(bool* got_header);
  void send_what_waits(Call& call);
  void drop_what_waits();
  void remember(v1::StreamOptions changed);
  bool push(std::uint32_t kind, const void* data, std::size_t bytes, std::size_t keep_free = 0) noexcept;

  std::shared_ptr<Transport> transport_;
  const v1::StreamStart start_;
  // What was changed since, for a stream that is opened again.
  std::vector<v1::StreamOptions> changes_;
  LiveOptions options_;
  std::unique_ptr<RecordRing> requests_;
  SpscQueue<LiveEvent> events_;
  std::atomic<LiveState> state_{LiveState::connecting};
  std::atomic<bool> stopping_{false};
  std::atomic<int> interrupts_waiting_{0};
  std::atomic<std::uint64_t> dropped_audio_bytes_{0}, dropped_frames_{0};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace pantomatrix

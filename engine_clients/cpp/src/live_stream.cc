#include "pantomatrix/live_stream.h"

#include <algorithm>
#include <cstring>
#include <random>

#include "record_ring.h"

namespace pantomatrix {
namespace {

constexpr Method stream_motion{"/pantomatrix.v1.MotionService/StreamMotion", true};
enum Kind : std::uint32_t { audio = 1, text, end_of_utterance, stop_talking, options, end_of_requests };

// The longest that a request waits though nobody woke the sender: waking takes no lock, so a call may be missed.
constexpr std::chrono::milliseconds nap{10};
constexpr double longest_chunk_seconds = 0.5;
constexpr double most_unsent_seconds = 1;
constexpr std::size_t room_for_commands = 1 << 16;
constexpr std::size_t room_for_heads = 1 << 12;

std::size_t bytes_a_second(const v1::PcmFormat& format) {
  const std::size_t sample = format.encoding() == v1::PCM_ENCODING_F32LE ? 4 : 2;
  return static_cast<std::size_t>(std::max(format.sample_rate_hz(), 4000)) * sample *
         static_cast<std::size_t>(std::max(format.channels(), 1));
}

}  // namespace

// Turns responses into events.
class LiveStream::Listener : public CallListener {
 public:
  explicit Listener(LiveStream* stream) : stream_(stream) {}

  void on_message(const void* data, std::size_t bytes) noexcept override {
    if (broken_) return;
    if (!response_.ParseFromArray(data, static_cast<int>(bytes)))
      broken_ = {ErrorCode::data_loss, "a response does not parse", {}};
    else
      broken_ = take();
    if (broken_) end(broken_);
  }

  void on_end(const Error& error) noexcept override { end(broken_ ? broken_ : error); }

  bool ended() const noexcept { return ended_; }
  bool got_header() const noexcept { return got_header_; }
  const Error& error() const noexcept { return error_; }  // once ended

 private:
  Error take() {
    switch (response_.message_case()) {
      case v1::StreamMotionResponse::kHeader:
        if (Error error = check(response_.header())) return error;
        layout_ = FrameLayout(response_.header());
        got_header_ = true;
        stream_->state_ = LiveState::streaming;
        return give_message(response_.mutable_header());
      case v1::StreamMotionResponse::kFrames:
        return take_frames(response_.frames());
      case v1::StreamMotionResponse::kUtteranceEnd:
        return give_message(response_.mutable_utterance_end());
      case v1::StreamMotionResponse::kRefusal:
        return give_message(response_.mutable_refusal());
      case v1::StreamMotionResponse::kAudio:
        return give_message(response_.mutable_audio());
      case v1::StreamMotionResponse::kSummary:
        return give_message(response_.mutable_summary());
      default:
        return {};
    }
  }

  template <class Message>
  Error give_message(Message* message) {
    LiveEvent event(std::in_place_type<Message>);
    std::get<Message>(event).Swap(message);
    stream_->events_.push(event);
    return {};
  }

  Error take_frames(const v1::FrameBlock& block) {
    if (!got_header_) return {ErrorCode::data_loss, "frames came before their header", {}};
    auto* frames = std::get_if<Frames>(&next_);
    if (!frames) frames = &next_.emplace<Frames>();
    frames->data.clear();
    // A block may begin before the last one's end, but leaves no gap.
    frames->first_frame = std::clamp<std::int64_t>(block.first_frame(), 0, end_);
    frames->frame_count = 0;
    if (Error error = append(block, layout_, frames)) return error;
    end_ = frames->first_frame + frames->frame_count;
    if (!stream_->events_.push(next_)) stream_->dropped_frames_ += static_cast<std::uint64_t>(block.frame_count());
    return {};
  }

  void end(const Error& error) {
    if (ended_) return;
    error_ = error;
    const std::lock_guard<std::mutex> lock(stream_->mutex_);
    ended_ = true;
    stream_->wake_.notify_all();
  }

  LiveStream* stream_;
  v1::StreamMotionResponse response_;
  LiveEvent next_;
  FrameLayout layout_;
  // The first frame that has not come.
  std::int64_t end_ = 0;
  Error broken_, error_;
  std::atomic<bool> got_header_{false}, ended_{false};
};

LiveStream::LiveStream(std::shared_ptr<Transport> transport, v1::StreamStart start, LiveOptions options)
    : transport_(std::move(transport)),
      start_(std::move(start)),
      options_(options),
      requests_(std::make_unique<RecordRing>(
          room_for_commands + room_for_heads +
          static_cast<std::size_t>(options.audio_buffer_seconds * static_cast<double>(bytes_a_second(start_.format()))))),
      events_(options.event_capacity),
      thread_([this] { run(); }) {}

LiveStream::~LiveStream() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool LiveStream::push(std::uint32_t kind, const void* data, std::size_t bytes, std::size_t keep_free) noexcept {
  if (!requests_->push(kind, data, bytes, keep_free)) return false;
  wake_.notify_one();
  return true;
}

bool LiveStream::push_audio(const void* samples, std::size_t bytes) noexcept {
  if (bytes == 0) return true;
  if (push(audio, samples, bytes, room_for_commands)) return true;
  dropped_audio_bytes_ += bytes;
  return false;
}

bool LiveStream::push_text(const v1::TimedText& said) {
  const std::string message = said.SerializeAsString();
  return push(text, message.data(), message.size());
}

bool LiveStream::end_utterance() noexcept { return push(end_of_utterance, nullptr, 0); }

bool LiveStream::change(const v1::StreamOptions& changed) {
  const std::string message = changed.SerializeAsString();
  return push(options, message.data(), message.size());
}

bool LiveStream::close() noexcept { return push(end_of_requests, nullptr, 0); }

bool LiveStream::interrupt(std::optional<double> played_seconds) noexcept {
  ++interrupts_waiting_;
  const double played = played_seconds.value_or(0);
  if (push(stop_talking, &played, played_seconds ? sizeof played : 0)) return true;
  --interrupts_waiting_;
  return false;
}

void LiveStream::run() noexcept {
  std::mt19937 random(std::random_device{}());
  auto retry = options_.first_retry;
  Error error;
  while (!stopping_) {
    bool got_header = false;
    error = serve(&got_header);
    if (stopping_ || closed_ || !error.passing() || !options_.reconnect) break;
    if (got_header) retry = options_.first_retry;
    const auto delay = retry * std::uniform_int_distribution<int>(75, 125)(random) / 100;
    state_ = LiveState::waiting_to_reconnect;
    LiveEvent event = ConnectionLost{error, std::chrono::duration<double>(delay).count()};
    events_.push(event);
    const auto until = std::chrono::steady_clock::now() + delay;
    while (!stopping_ && !closed_ && std::chrono::steady_clock::now() < until) {
      drop_what_waits();
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait_until(lock, std::min(until, std::chrono::steady_clock::now() + nap));
    }
    if (closed_) break;
    retry = std::min(retry * 2, options_.longest_retry);
    state_ = LiveState::connecting;
  }
  state_ = LiveState::ended;
  LiveEvent event = StreamEnded{std::move(error)};
  while (!events_.push(event) && !stopping_) std::this_thread::sleep_for(nap);
}

Error LiveStream::serve(bool* got_header) {
  const auto listener = std::make_shared<Listener>(this);
  const auto call = transport_->start(stream_motion, listener, std::chrono::milliseconds(0));
  v1::StreamMotionRequest request;
  *request.mutable_start() = start_;
  call->send(request.SerializeAsString());
  // Apart from the start, so that one of them that is refused does not end the stream.
  for (const v1::StreamOptions& changed : changes_) {
    *request.mutable_options() = changed;
    call->send(request.SerializeAsString());
  }
  const auto most_unsent =
      static_cast<std::size_t>(most_unsent_seconds * static_cast<double>(bytes_a_second(start_.format())));
  const auto may_send = [&] {
    return !stopping_ && !closed_ && !requests_->empty() && call->unsent_bytes() < most_unsent;
  };
  while (!listener->ended()) {
    if (stopping_) call->cancel();
    while (may_send()) send_what_waits(*call);
    std::unique_lock<std::mutex> lock(mutex_);
    if (!listener->ended() && !may_send()) wake_.wait_for(lock, nap);
  }
  const std::lock_guard<std::mutex> lock(mutex_);  // the listener has let go of this stream
  *got_header = listener->got_header();
  return listener->error();
}

void LiveStream::send_what_waits(Call& call) {
  v1::StreamMotionRequest request;
  std::uint32_t kind = 0;
  std::string bytes;
  if (!requests_->pop(&kind, &bytes)) return;
  const bool stale = interrupts_waiting_ > 0;
  switch (kind) {
    case audio: {
      const auto most =
          static_cast<std::size_t>(longest_chunk_seconds * static_cast<double>(bytes_a_second(start_.format())));
      while (bytes.size() < most && requests_->pop(&kind, &bytes, audio)) {
      }
      if (stale) {
        dropped_audio_bytes_ += bytes.size();
        return;
      }
      request.mutable_audio()->set_samples(std::move(bytes));
      break;
    }
    case text:
      if (stale) return;
      request.mutable_audio()->mutable_timed_text()->ParseFromString(bytes);
      break;
    case end_of_utterance:
      if (stale) return;
      request.mutable_end_of_utterance();
      break;
    case stop_talking: {
      --interrupts_waiting_;
      v1::Interrupt* interrupt = request.mutable_interrupt();
      if (bytes.empty()) break;
      double played_seconds;
      std::memcpy(&played_seconds, bytes.data(), sizeof played_seconds);
      interrupt->set_played_seconds(played_seconds);
      break;
    }
    case options:
      request.mutable_options()->ParseFromString(bytes);
      remember(request.options());
      break;
    default:
      closed_ = true;
      call.close_sending();
      return;
  }
  call.send(request.SerializeAsString());
}

void LiveStream::drop_what_waits() {
  std::uint32_t kind = 0;
  std::string bytes;
  for (; requests_->pop(&kind, &bytes); bytes.clear()) {
    v1::StreamOptions changed;
    if (kind == audio) dropped_audio_bytes_ += bytes.size();
    if (kind == stop_talking) --interrupts_waiting_;
    if (kind == options && changed.ParseFromString(bytes)) remember(std::move(changed));
    if (kind == end_of_requests) closed_ = true;
  }
}

// Of each option the last change is kept, with the message that it came in: that is followed as a whole or not at all.
void LiveStream::remember(v1::StreamOptions changed) {
  changed.clear_at_seconds();  // of a clock that has ended
  for (v1::StreamOptions& earlier : changes_) {
    if (changed.has_speaker()) earlier.clear_speaker();
    if (changed.has_expression()) earlier.clear_expression();
    if (changed.has_part_strengths()) earlier.clear_part_strengths();
    if (changed.has_curve_adjustments()) earlier.clear_curve_adjustments();
    if (changed.has_emotions()) earlier.clear_emotions();
  }
  const auto is_over = [](const v1::StreamOptions& earlier) { return earlier.ByteSizeLong() == 0; };
  changes_.erase(std::remove_if(changes_.begin(), changes_.end(), is_over), changes_.end());
  changes_.push_back(std::move(changed));
}

}  // namespace pantomatrix

#include <algorithm>
#include <new>

#include "values.h"

using namespace pm_c;

namespace {

// The server's own, beyond which a longer buffer would fill as slowly as it is played.
constexpr double usual_max_ahead_seconds = 0.3;
constexpr std::size_t most_refusals = 16;

void take(pm_live* live, const pm::v1::MotionHeader& header) {
  live->header.set(header);
  if (live->sound) live->sound->restart();
}

void take(pm_live* live, const pm::v1::UtteranceEnd& end) {
  if (live->sound && end.interrupted()) live->sound->cut(static_cast<double>(end.end_frame()) / live->header.message.fps());
}

void take(pm_live* live, const pm::v1::AudioEcho& echo) {
  if (live->sound) live->sound->feed(echo);
}

void take(pm_live* live, const pm::v1::Refusal& refusal) {
  if (live->refusals.size() == most_refusals) live->refusals.pop_front();
  live->refusals.push_back(refusal);
}

void take(pm_live* live, const pm::ConnectionLost& lost) { live->error = lost.error; }
void take(pm_live* live, const pm::StreamEnded& ended) { live->error = ended.error; }

template <class Other>
void take(pm_live*, const Other&) {}

}  // namespace

pm_live* pm_live_open(pm_client* client, const pm_live_options* options) {
  pm::v1::StreamStart start;
  *start.mutable_options() = message(options->motion);
  *start.mutable_format() = pcm_format(options->encoding, options->sample_rate_hz, options->channels);
  start.set_echo_audio(options->keep_sound != 0);
  set_delivery(options->motion, &start);
  if (options->look_ahead_seconds > 0) start.set_look_ahead_seconds(options->look_ahead_seconds);
  if (options->max_ahead_seconds != 0)
    start.set_max_ahead_seconds(std::max(0.0, options->max_ahead_seconds));
  else if (options->delay_seconds > usual_max_ahead_seconds)
    start.set_max_ahead_seconds(options->delay_seconds);
  pm::PlaybackOptions playback;
  playback.late = options->late == PM_LATE_DROP ? pm::LatePolicy::drop : pm::LatePolicy::hold;
  if (options->delay_seconds > 0) playback.delay_seconds = options->delay_seconds;
  pm::LiveOptions live;
  live.reconnect = !options->no_reconnect;
  if (options->audio_buffer_seconds > 0) live.audio_buffer_seconds = options->audio_buffer_seconds;
  std::optional<pm::v1::PcmFormat> sound;
  if (options->keep_sound) sound = start.format();
  auto* made = new (std::nothrow)
      pm_live{{client->client.transport(), std::move(start), live}, pm::Playback(playback), {}, {}, {}, {}, {}};
  if (made && sound) made->sound.emplace(*sound);
  return made;
}

int pm_live_push_audio(pm_live* live, const void* samples, size_t bytes) { return live->stream.push_audio(samples, bytes); }
int pm_live_end_utterance(pm_live* live) { return live->stream.end_utterance(); }

int pm_live_interrupt(pm_live* live) {
  live->interrupted = true;
  return live->stream.interrupt(live->shown_seconds);
}

int pm_live_push_text(pm_live* live, const void* said, size_t bytes) {
  pantomatrix::v1::TimedText text;
  return text.ParseFromArray(said, static_cast<int>(bytes)) && live->stream.push_text(text);
}
int pm_live_change(pm_live* live, const pm_change* change) { return live->stream.change(message(*change)); }
int pm_live_close(pm_live* live) { return live->stream.close(); }

int pm_live_update(pm_live* live, double seconds) {
  // Before what has come, which may be the next sentence's.
  if (live->interrupted.exchange(false) && live->sound) live->sound->cut(live->playback.time());
  while (live->stream.poll(live->event)) {
    live->playback.feed(live->event);
    std::visit([live](const auto& event) { take(live, event); }, live->event);
  }
  const bool has_pose = live->playback.advance(seconds);
  live->shown_seconds = live->playback.time();
  if (live->sound) live->sound->follow(live->playback.time(), live->playback.stalled());
  return has_pose;
}

void pm_live_sound(pm_live* live, float* samples, size_t count) {
  if (live->sound)
    live->sound->read(samples, count);
  else
    std::fill_n(samples, count, 0.f);
}

const float* pm_live_pose(const pm_live* live) { return live->playback.pose(); }
const pm_header* pm_live_header(const pm_live* live) { return live->playback.pose() ? &live->header : nullptr; }
double pm_live_time(const pm_live* live) { return live->playback.time(); }
int pm_live_idle(const pm_live* live) { return live->playback.idle(); }
int pm_live_stalled(const pm_live* live) { return live->playback.stalled(); }
pm_state pm_live_state(const pm_live* live) { return static_cast<pm_state>(live->stream.state()); }
void pm_live_error(const pm_live* live, pm_error* error) { tell(live->error, error); }

int pm_live_refusal(pm_live* live, pm_refusal* refusal) {
  if (live->refusals.empty()) return 0;
  tell(live->refusals.front(), refusal);
  live->refusals.pop_front();
  return 1;
}

void pm_live_free(pm_live* live) { delete live; }

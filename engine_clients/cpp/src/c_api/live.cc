#include <algorithm>
#include <new>

#include "values.h"

using namespace pm_c;

pm_live* pm_live_open(pm_client* client, const pm_live_options* options) {
  pm::v1::StreamStart start;
  *start.mutable_options() = message(options->motion);
  *start.mutable_format() = pcm_format(options->encoding, options->sample_rate_hz, options->channels);
  start.set_echo_audio(options->keep_sound != 0);
  if (options->look_ahead_seconds > 0)
    start.mutable_look_ahead()->set_nanos(static_cast<int>(std::min(options->look_ahead_seconds, 0.999) * 1e9));
  pm::PlaybackOptions playback;
  playback.late = options->late == PM_LATE_DROP ? pm::LatePolicy::drop : pm::LatePolicy::hold;
  if (options->delay_seconds > 0) playback.delay_seconds = options->delay_seconds;
  pm::LiveOptions live;
  live.reconnect = !options->no_reconnect;
  if (options->audio_buffer_seconds > 0) live.audio_buffer_seconds = options->audio_buffer_seconds;
  std::optional<pm::v1::PcmFormat> sound;
  if (options->keep_sound) sound = start.format();
  auto* made = new (std::nothrow)
      pm_live{{client->client.transport(), std::move(start), live}, pm::Playback(playback), {}, {}, {}, {}};
  if (made && sound) made->sound.emplace(*sound);
  return made;
}

int pm_live_push_audio(pm_live* live, const void* samples, size_t bytes) { return live->stream.push_audio(samples, bytes); }
int pm_live_end_utterance(pm_live* live) { return live->stream.end_utterance(); }
int pm_live_interrupt(pm_live* live) { return live->stream.interrupt(); }
int pm_live_close(pm_live* live) { return live->stream.close(); }

int pm_live_update(pm_live* live, double seconds) {
  while (live->stream.poll(live->event)) {
    live->playback.feed(live->event);
    if (const auto* header = std::get_if<pm::v1::MotionHeader>(&live->event)) {
      live->header.message = *header;
      if (live->sound) live->sound->restart();
    }
    if (const auto* echo = std::get_if<pm::v1::AudioEcho>(&live->event); echo && live->sound) live->sound->feed(*echo);
    if (const auto* lost = std::get_if<pm::ConnectionLost>(&live->event)) live->error = lost->error;
    if (const auto* ended = std::get_if<pm::StreamEnded>(&live->event)) live->error = ended->error;
  }
  const bool has_pose = live->playback.advance(seconds);
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
int pm_live_stalled(const pm_live* live) { return live->playback.stalled(); }
pm_state pm_live_state(const pm_live* live) { return static_cast<pm_state>(live->stream.state()); }
void pm_live_error(const pm_live* live, pm_error* error) { tell(live->error, error); }
void pm_live_free(pm_live* live) { delete live; }

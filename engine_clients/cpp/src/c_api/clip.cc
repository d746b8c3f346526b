#include <new>

#include "values.h"

using namespace pm_c;

namespace {

pm::v1::GenerateMotionRequest asking_for(const pm_motion_options* options) {
  pm::v1::GenerateMotionRequest request;
  if (!options) return request;
  *request.mutable_options() = message(*options);
  set_delivery(*options, &request);
  return request;
}

}  // namespace

pm_clip* pm_generate(pm_client* client, const void* audio_file, size_t bytes, const pm_motion_options* options) {
  auto request = asking_for(options);
  request.mutable_audio()->mutable_encoded()->set_data(audio_file, bytes);
  return new (std::nothrow) pm_clip{client->client.start_generate(request), {}, {}};
}

pm_clip* pm_generate_pcm(pm_client* client, const void* samples, size_t bytes, pm_encoding encoding, int sample_rate_hz,
                         int channels, const pm_motion_options* options) {
  auto request = asking_for(options);
  *request.mutable_audio()->mutable_pcm()->mutable_format() = pcm_format(encoding, sample_rate_hz, channels);
  request.mutable_audio()->mutable_pcm()->set_samples(samples, bytes);
  return new (std::nothrow) pm_clip{client->client.start_generate(request), {}, {}};
}

int pm_clip_done(const pm_clip* clip) { return clip->taken || clip->pending->done(); }
double pm_clip_progress(const pm_clip* clip) { return clip->pending->progress(); }

int pm_clip_wait(pm_clip* clip, pm_error* error) {
  const bool is_new = !clip->taken;
  const int ok = wait_for(clip, error);
  if (is_new) clip->header.set(clip->taken->value.header);
  return ok;
}

const pm_header* pm_clip_header(const pm_clip* clip) { return &clip->header; }
int64_t pm_clip_frame_count(const pm_clip* clip) { return clip->taken ? clip->taken->value.frames.frame_count : 0; }

const float* pm_clip_frame(const pm_clip* clip, int64_t frame) {
  return frame >= 0 && frame < pm_clip_frame_count(clip) ? clip->taken->value.frame(frame) : nullptr;
}

void pm_clip_free(pm_clip* clip) { delete clip; }

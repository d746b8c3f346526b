#include "pantomatrix/c_api.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>

#include "pantomatrix/client.h"
#include "pantomatrix/live_stream.h"
#include "pantomatrix/playback.h"
#ifdef PM_HAS_GRPC
#include "pantomatrix/grpc_transport.h"
#endif
#ifdef PM_HAS_WEBSOCKET
#include "pantomatrix/websocket_transport.h"
#endif

namespace pm = pantomatrix;

struct pm_header {
  pm::v1::MotionHeader message;
};

struct pm_client {
  pm::Client client;
};

struct pm_clip {
  std::unique_ptr<pm::Pending<pm::Motion>> pending;
  std::optional<pm::Result<pm::Motion>> taken;
  pm_header header;
};

struct pm_live {
  pm::LiveStream stream;
  pm::Playback playback;
  pm::LiveEvent event;
  pm_header header;
  pm::Error error;
};

namespace {

std::string text(const char* given) { return given ? given : ""; }

template <std::size_t Size>
void copy(const std::string& from, char (&to)[Size]) {
  std::size_t length = std::min(from.size(), Size - 1);
  // Not in the middle of a character.
  while (length < from.size() && length > 0 && (static_cast<unsigned char>(from[length]) & 0xC0) == 0x80) --length;
  std::memcpy(to, from.data(), length);
  to[length] = '\0';
}

void tell(const pm::Error& error, pm_error* out) {
  if (!out) return;
  out->code = static_cast<int>(error.code);
  copy(error.message, out->message);
  copy(error.request_id, out->request_id);
}

std::shared_ptr<pm::Transport> transport(const pm_connection& connection) {
#ifdef PM_HAS_GRPC
  if (connection.transport == PM_GRPC) {
    pm::GrpcOptions options;
    if (connection.address) options.address = connection.address;
    options.tls = connection.tls != 0;
    options.root_certificates = text(connection.root_certificates);
    options.certificate = text(connection.certificate);
    options.key = text(connection.key);
    options.token = text(connection.token);
    return pm::grpc_transport(options);
  }
#endif
#ifdef PM_HAS_WEBSOCKET
  if (connection.transport == PM_WEBSOCKET && !connection.tls) {
    pm::WebSocketOptions options;
    if (connection.address) options.address = connection.address;
    options.token = text(connection.token);
    return pm::websocket_transport(options);
  }
#endif
  return nullptr;
}

pm::v1::MotionOptions message(const pm_motion_options& options) {
  pm::v1::MotionOptions message;
  if (options.more) message.ParseFromArray(options.more, static_cast<int>(options.more_bytes));
  if (options.model) message.set_model(options.model);
  if (options.speaker) message.set_speaker(options.speaker);
  if (options.skeleton) message.set_skeleton(options.skeleton);
  if (options.face_rig) message.set_face_rig(options.face_rig);
  if (options.coordinate_system) message.set_coordinate_system(options.coordinate_system);
  if (options.fps != 0) message.set_fps(options.fps);
  if (options.seed) message.set_seed(options.seed);
  return message;
}

bool within(int index, int count) { return index >= 0 && index < count; }

}  // namespace

const char* pm_error_name(int code) { return pm::name(static_cast<pm::ErrorCode>(code)); }

pm_client* pm_connect(const pm_connection* connection, pm_error* error) {
  auto made = transport(connection ? *connection : pm_connection{});
  tell(made ? pm::Error{} : pm::Error{pm::ErrorCode::unimplemented, "this library was built without that transport, or TLS was asked of WebSockets", {}}, error);
  return made ? new (std::nothrow) pm_client{pm::Client(std::move(made))} : nullptr;
}

void pm_disconnect(pm_client* client) { delete client; }

void* pm_catalog(pm_client* client, double timeout_seconds, size_t* bytes, pm_error* error) {
  const auto timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds * 1000));
  const auto result = client->client.catalog(timeout);
  tell(result.error, error);
  *bytes = 0;
  if (!result.ok()) return nullptr;
  const std::string serialized = result.value.SerializeAsString();
  void* memory = std::malloc(serialized.size());
  if (memory) {
    std::memcpy(memory, serialized.data(), serialized.size());
    *bytes = serialized.size();
  }
  return memory;
}

void pm_free(void* memory) { std::free(memory); }

double pm_header_fps(const pm_header* header) { return header->message.fps(); }
int pm_header_floats(const pm_header* header) { return header->message.floats_per_frame(); }
int pm_header_joints(const pm_header* header) { return header->message.skeleton().joints_size(); }
int pm_header_curves(const pm_header* header) { return header->message.curve_names_size(); }

const char* pm_header_joint_name(const pm_header* header, int joint) {
  return within(joint, pm_header_joints(header)) ? header->message.skeleton().joints(joint).name().c_str() : nullptr;
}

int pm_header_joint_parent(const pm_header* header, int joint) {
  return within(joint, pm_header_joints(header)) ? header->message.skeleton().joints(joint).parent() : -1;
}

void pm_header_rest_translation(const pm_header* header, int joint, float out[3]) {
  out[0] = out[1] = out[2] = 0;
  if (!within(joint, pm_header_joints(header))) return;
  const auto& at = header->message.skeleton().joints(joint).rest_translation();
  out[0] = at.x(), out[1] = at.y(), out[2] = at.z();
}

const char* pm_header_curve_name(const pm_header* header, int curve) {
  return within(curve, pm_header_curves(header)) ? header->message.curve_names(curve).c_str() : nullptr;
}

pm_clip* pm_generate(pm_client* client, const void* audio_file, size_t bytes, const pm_motion_options* options) {
  pm::v1::GenerateMotionRequest request;
  if (options) *request.mutable_options() = message(*options);
  request.mutable_audio()->mutable_encoded()->set_data(audio_file, bytes);
  return new (std::nothrow) pm_clip{client->client.start_generate(request), {}, {}};
}

int pm_clip_done(const pm_clip* clip) { return clip->taken || clip->pending->done(); }
double pm_clip_progress(const pm_clip* clip) { return clip->pending->progress(); }

int pm_clip_wait(pm_clip* clip, pm_error* error) {
  if (!clip->taken) {
    clip->taken = clip->pending->take();
    clip->header.message = clip->taken->value.header;
  }
  tell(clip->taken->error, error);
  return clip->taken->ok();
}

const pm_header* pm_clip_header(const pm_clip* clip) { return &clip->header; }
int64_t pm_clip_frame_count(const pm_clip* clip) { return clip->taken ? clip->taken->value.frames.frame_count : 0; }

const float* pm_clip_frame(const pm_clip* clip, int64_t frame) {
  return frame >= 0 && frame < pm_clip_frame_count(clip) ? clip->taken->value.frame(frame) : nullptr;
}

void pm_clip_free(pm_clip* clip) { delete clip; }

pm_live* pm_live_open(pm_client* client, const pm_live_options* options) {
  pm::v1::StreamStart start;
  *start.mutable_options() = message(options->motion);
  auto* format = start.mutable_format();
  format->set_encoding(options->encoding == PM_F32LE ? pm::v1::PCM_ENCODING_F32LE : pm::v1::PCM_ENCODING_S16LE);
  format->set_sample_rate_hz(options->sample_rate_hz);
  format->set_channels(options->channels);
  if (options->look_ahead_seconds > 0)
    start.mutable_look_ahead()->set_nanos(static_cast<int>(std::min(options->look_ahead_seconds, 0.999) * 1e9));
  pm::PlaybackOptions playback;
  playback.late = options->late == PM_LATE_DROP ? pm::LatePolicy::drop : pm::LatePolicy::hold;
  if (options->delay_seconds > 0) playback.delay_seconds = options->delay_seconds;
  pm::LiveOptions live;
  live.reconnect = !options->no_reconnect;
  return new (std::nothrow)
      pm_live{{client->client.transport(), std::move(start), live}, pm::Playback(playback), {}, {}, {}};
}

int pm_live_push_audio(pm_live* live, const void* samples, size_t bytes) { return live->stream.push_audio(samples, bytes); }
int pm_live_end_utterance(pm_live* live) { return live->stream.end_utterance(); }
int pm_live_interrupt(pm_live* live) { return live->stream.interrupt(); }
int pm_live_close(pm_live* live) { return live->stream.close(); }

int pm_live_update(pm_live* live, double seconds) {
  while (live->stream.poll(live->event)) {
    live->playback.feed(live->event);
    if (const auto* header = std::get_if<pm::v1::MotionHeader>(&live->event)) live->header.message = *header;
    if (const auto* lost = std::get_if<pm::ConnectionLost>(&live->event)) live->error = lost->error;
    if (const auto* ended = std::get_if<pm::StreamEnded>(&live->event)) live->error = ended->error;
  }
  return live->playback.advance(seconds);
}

const float* pm_live_pose(const pm_live* live) { return live->playback.pose(); }
const pm_header* pm_live_header(const pm_live* live) { return live->playback.pose() ? &live->header : nullptr; }
double pm_live_time(const pm_live* live) { return live->playback.time(); }
int pm_live_stalled(const pm_live* live) { return live->playback.stalled(); }
pm_state pm_live_state(const pm_live* live) { return static_cast<pm_state>(live->stream.state()); }
void pm_live_error(const pm_live* live, pm_error* error) { tell(live->error, error); }
void pm_live_free(pm_live* live) { delete live; }

#include "pantomatrix/c_api.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>

#include "pantomatrix/client.h"
#include "pantomatrix/live_stream.h"
#include "pantomatrix/playback.h"
#include "pantomatrix/socket_transport.h"
#include "pantomatrix/speech_delay.h"
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
  std::shared_ptr<pm::SocketTransport> sockets;
};

struct pm_socket : pm::Socket {
  pm_socket(const pm_sockets& engine, pm::SocketListener* told) : functions(engine), listener(told) {}
  ~pm_socket() override {
    if (socket) functions.close(socket);
  }
  void send(const void* data, std::size_t bytes) noexcept override { functions.send(socket, data, bytes); }

  const pm_sockets functions;
  pm::SocketListener* const listener;
  void* socket = nullptr;
  std::string parts;
};

struct pm_catalog {
  std::unique_ptr<pm::Pending<pm::v1::GetCatalogResponse>> pending;
  std::optional<pm::Result<pm::v1::GetCatalogResponse>> taken;
  std::string message;
};

struct pm_clip {
  std::unique_ptr<pm::Pending<pm::Motion>> pending;
  std::optional<pm::Result<pm::Motion>> taken;
  pm_header header;
};

struct pm_live {
  pm::LiveStream stream;
  pm::Playback playback;
  std::optional<pm::SpeechDelay> sound;
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

std::shared_ptr<pm::Transport> transport([[maybe_unused]] const pm_connection& connection) {
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

void take_joints(const pm_motion_options& options, pm::v1::Skeleton* skeleton) {
  skeleton->set_name("custom");
  for (int i = 0; i < options.joint_count; ++i) {
    const pm_joint& from = options.joints[i];
    auto* joint = skeleton->add_joints();
    joint->set_name(text(from.name));
    joint->set_parent(from.parent);
    auto* at = joint->mutable_rest_translation();
    at->set_x(from.translation[0]), at->set_y(from.translation[1]), at->set_z(from.translation[2]);
    auto* turn = joint->mutable_rest_rotation();
    turn->set_x(from.rotation[0]), turn->set_y(from.rotation[1]), turn->set_z(from.rotation[2]);
    turn->set_w(from.rotation[3]);
  }
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
  if (options.joint_count > 0) take_joints(options, message.mutable_custom_skeleton());
  if (options.root) message.set_root_mode(static_cast<pm::v1::RootMode>(options.root));
  if (options.gestures) {
    message.mutable_gestures()->set_amplitude(options.gestures->amplitude);
    message.mutable_gestures()->set_rate(options.gestures->rate);
  }
  for (int i = 0; i < options.part_count; ++i) {
    auto* strength = message.add_part_strengths();
    strength->set_part(static_cast<pm::v1::BodyPart>(options.parts[i].of));
    strength->set_gain(options.parts[i].strength);
  }
  for (int i = 0; i < options.emotion_count; ++i) {
    auto* strength = message.add_emotions();
    strength->set_emotion(static_cast<pm::v1::Emotion>(options.emotions[i].of));
    strength->set_strength(options.emotions[i].strength);
  }
  return message;
}

pm::v1::PcmFormat pcm_format(pm_encoding encoding, int sample_rate_hz, int channels) {
  pm::v1::PcmFormat format;
  format.set_encoding(encoding == PM_F32LE ? pm::v1::PCM_ENCODING_F32LE : pm::v1::PCM_ENCODING_S16LE);
  format.set_sample_rate_hz(sample_rate_hz);
  format.set_channels(channels);
  return format;
}

// Takes the value once, and says how it went.
template <class Pending>
int wait_for(Pending* pending, pm_error* error) {
  if (!pending->taken) pending->taken = pending->pending->take();
  tell(pending->taken->error, error);
  return pending->taken->ok();
}

pm::OpenSocket opener(const pm_sockets& engine) {
  return [engine](const char* path, pm::SocketListener* listener) -> std::unique_ptr<pm::Socket> {
    auto socket = std::make_unique<pm_socket>(engine, listener);
    socket->socket = engine.open(engine.engine, path, socket.get());
    if (!socket->socket) return nullptr;
    return socket;
  };
}

bool within(int index, int count) { return index >= 0 && index < count; }

template <class Use>
void with_list(const pm_catalog& catalog, pm_listed listed, Use use) {
  const auto& message = catalog.taken->value;
  switch (listed) {
    case PM_MODELS:
      return use(message.models());
    case PM_SKELETONS:
      return use(message.skeletons());
    case PM_FACE_RIGS:
      return use(message.face_rigs());
    case PM_COORDINATE_SYSTEMS:
      return use(message.coordinate_systems());
    case PM_FORMATS:
      return use(message.formats());
  }
}

}  // namespace

const char* pm_error_name(int code) { return pm::name(static_cast<pm::ErrorCode>(code)); }

pm_client* pm_connect(const pm_connection* connection, pm_error* error) {
  if (connection && connection->transport == PM_SOCKETS) {
    tell({}, error);
    auto sockets = std::make_shared<pm::SocketTransport>(opener(connection->sockets));
    return new (std::nothrow) pm_client{pm::Client(sockets), sockets};
  }
  auto made = transport(connection ? *connection : pm_connection{});
  tell(made ? pm::Error{} : pm::Error{pm::ErrorCode::unimplemented, "this library was built without that transport, or TLS was asked of WebSockets", {}}, error);
  return made ? new (std::nothrow) pm_client{pm::Client(std::move(made)), nullptr} : nullptr;
}

void pm_disconnect(pm_client* client) { delete client; }

void pm_pump(pm_client* client) {
  if (client->sockets) client->sockets->pump();
}

void pm_socket_opened(pm_socket* socket) { socket->listener->opened(); }

void pm_socket_binary(pm_socket* socket, const void* data, size_t bytes, int is_last_part) {
  if (is_last_part && socket->parts.empty()) return socket->listener->binary(data, bytes);
  socket->parts.append(static_cast<const char*>(data), bytes);
  if (!is_last_part) return;
  socket->listener->binary(socket->parts.data(), socket->parts.size());
  socket->parts.clear();
}

void pm_socket_text(pm_socket* socket, const char* message) { socket->listener->text(text(message)); }

void pm_socket_closed(pm_socket* socket, int code, const char* reason) { socket->listener->closed(code, text(reason)); }

void pm_socket_failed(pm_socket* socket, const char* why) { socket->listener->failed(text(why)); }

pm_catalog* pm_catalog_ask(pm_client* client, double timeout_seconds) {
  const auto timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_seconds * 1000));
  return new (std::nothrow) pm_catalog{client->client.start_catalog(timeout), {}, {}};
}

int pm_catalog_done(const pm_catalog* catalog) { return catalog->taken || catalog->pending->done(); }

int pm_catalog_wait(pm_catalog* catalog, pm_error* error) {
  const bool is_new = !catalog->taken;
  const int ok = wait_for(catalog, error);
  if (is_new) catalog->message = catalog->taken->value.SerializeAsString();
  return ok;
}

const char* pm_catalog_server_version(const pm_catalog* catalog) { return catalog->taken->value.server_version().c_str(); }

int pm_catalog_count(const pm_catalog* catalog, pm_listed listed) {
  int count = 0;
  with_list(*catalog, listed, [&](const auto& list) { count = list.size(); });
  return count;
}

const char* pm_catalog_name(const pm_catalog* catalog, pm_listed listed, int index) {
  const char* name = nullptr;
  with_list(*catalog, listed, [&](const auto& list) {
    if (within(index, list.size())) name = list.Get(index).name().c_str();
  });
  return name;
}

int pm_catalog_speaker_count(const pm_catalog* catalog, int model) {
  const auto& models = catalog->taken->value.models();
  return within(model, models.size()) ? models.Get(model).speakers_size() : 0;
}

const char* pm_catalog_speaker(const pm_catalog* catalog, int model, int index) {
  if (!within(index, pm_catalog_speaker_count(catalog, model))) return nullptr;
  return catalog->taken->value.models(model).speakers(index).id().c_str();
}

const void* pm_catalog_message(const pm_catalog* catalog, size_t* bytes) {
  *bytes = catalog->message.size();
  return catalog->message.data();
}

void pm_catalog_free(pm_catalog* catalog) { delete catalog; }

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

void pm_header_rest_rotation(const pm_header* header, int joint, float out[4]) {
  out[0] = out[1] = out[2] = 0, out[3] = 1;
  if (!within(joint, pm_header_joints(header))) return;
  const auto& turn = header->message.skeleton().joints(joint).rest_rotation();
  out[0] = turn.x(), out[1] = turn.y(), out[2] = turn.z(), out[3] = turn.w();
}

const char* pm_header_joint_role(const pm_header* header, int joint) {
  return within(joint, pm_header_joints(header)) ? header->message.skeleton().joints(joint).role().c_str() : nullptr;
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

pm_clip* pm_generate_pcm(pm_client* client, const void* samples, size_t bytes, pm_encoding encoding, int sample_rate_hz,
                         int channels, const pm_motion_options* options) {
  pm::v1::GenerateMotionRequest request;
  if (options) *request.mutable_options() = message(*options);
  *request.mutable_audio()->mutable_pcm()->mutable_format() = pcm_format(encoding, sample_rate_hz, channels);
  request.mutable_audio()->mutable_pcm()->set_samples(samples, bytes);
  return new (std::nothrow) pm_clip{client->client.start_generate(request), {}, {}};
}

int pm_clip_done(const pm_clip* clip) { return clip->taken || clip->pending->done(); }
double pm_clip_progress(const pm_clip* clip) { return clip->pending->progress(); }

int pm_clip_wait(pm_clip* clip, pm_error* error) {
  const bool is_new = !clip->taken;
  const int ok = wait_for(clip, error);
  if (is_new) clip->header.message = clip->taken->value.header;
  return ok;
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

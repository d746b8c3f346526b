/* The client for C, and for engines that speak C (Godot, Rust, C#, Lua, ...).
 *
 * Text is UTF-8. A pointer that is handed out belongs to the object that it came from and lives as long, unless said
 * otherwise. Nothing throws. A function that may be given NULL for a client, clip or stream says so. */
#ifndef PANTOMATRIX_C_API_H
#define PANTOMATRIX_C_API_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(PM_BUILDING)
#define PM_API __declspec(dllexport)
#elif defined(_WIN32)
#define PM_API __declspec(dllimport)
#else
#define PM_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* gRPC's status codes; 0 is no error. pm_error_name(3) is "invalid_argument". */
typedef struct pm_error {
  int code;
  char message[1024];
  char request_id[64];
  char reason[32]; /* for programs: a name of pantomatrix.v1.ErrorReason, "UNKNOWN_NAME"; "" where no server said it */
} pm_error;

PM_API const char* pm_error_name(int code);

/* ------------------------------------------------------------------------------------------------------ connecting */

typedef enum pm_transport { PM_GRPC = 0, PM_WEBSOCKET = 1, PM_SOCKETS = 2 } pm_transport;

/* The library's side of a WebSocket that the engine opens; lives until the engine's close has returned. */
typedef struct pm_socket pm_socket;

/* An engine's own WebSockets. All of it, and what the engine tells, happens on the thread that calls pm_pump (and
 * pm_disconnect). */
typedef struct pm_sockets {
  void* engine; /* handed to open */
  /* Begins to open a WebSocket at the server's path ("/pantomatrix.v1..."), with the token if there is one. Gives the
   * engine's side of it, NULL if there can be none. */
  void* (*open)(void* engine, const char* path, pm_socket* socket);
  /* A binary message, while it is open. */
  void (*send)(void* engine_socket, const void* data, size_t bytes);
  /* Nothing may be told any more. Called once, never from inside a pm_socket_ function. */
  void (*close)(void* engine_socket);
} pm_sockets;

PM_API void pm_socket_opened(pm_socket* socket);
/* A part of a binary message; messages may come whole. */
PM_API void pm_socket_binary(pm_socket* socket, const void* data, size_t bytes, int is_last_part);
/* A whole text message. */
PM_API void pm_socket_text(pm_socket* socket, const char* text);
/* It was open. code: the peer's, 1006 if the connection was lost. reason: may be NULL. */
PM_API void pm_socket_closed(pm_socket* socket, int code, const char* reason);
/* It did not open. */
PM_API void pm_socket_failed(pm_socket* socket, const char* why);

/* Zero and NULL mean the default everywhere. */
typedef struct pm_connection {
  pm_transport transport;
  const char* address;           /* "localhost:50051", for WebSockets "localhost:8080" */
  int tls;                       /* gRPC only, as the three below */
  const char* root_certificates; /* PEM; default: the system's */
  const char* certificate;       /* PEM of the caller's own */
  const char* key;
  const char* token;
  pm_sockets sockets; /* PM_SOCKETS only, which needs nothing of the above */
} pm_connection;

typedef struct pm_client pm_client;

/* Connects with the first call. NULL, and why in error, if the transport was not built in. */
PM_API pm_client* pm_connect(const pm_connection* connection, pm_error* error);
/* The client's clips and streams have to be freed first. May be given NULL. */
PM_API void pm_disconnect(pm_client* client);

/* Opens, sends and closes what was asked for; each tick. Over PM_SOCKETS nothing happens without it, so the program that pumps
 * asks pm_..._done and does not wait. Does nothing over the other transports. */
PM_API void pm_pump(pm_client* client);

/* What the server has. */
typedef struct pm_catalog pm_catalog;
typedef enum pm_listed {
  PM_MODELS = 0,
  PM_SKELETONS = 1,
  PM_FACE_RIGS = 2,
  PM_COORDINATE_SYSTEMS = 3,
  PM_FORMATS = 4,
  PM_EMOTIONS = 5
} pm_listed;

/* Starts the call and returns at once. */
PM_API pm_catalog* pm_catalog_ask(pm_client* client, double timeout_seconds);
/* 1 as soon as pm_catalog_wait would not wait. */
PM_API int pm_catalog_done(const pm_catalog* catalog);
/* Waits for the end. 1 if the catalog is there, else 0 and why in error. */
PM_API int pm_catalog_wait(pm_catalog* catalog, pm_error* error);
/* After pm_catalog_wait gave 1. */
PM_API const char* pm_catalog_server_version(const pm_catalog* catalog);
PM_API int pm_catalog_count(const pm_catalog* catalog, pm_listed listed);
/* NULL for an index out of range. */
PM_API const char* pm_catalog_name(const pm_catalog* catalog, pm_listed listed, int index);
PM_API int pm_catalog_speaker_count(const pm_catalog* catalog, int model);
PM_API const char* pm_catalog_speaker(const pm_catalog* catalog, int model, int index);
/* What a model can show; PM_EMOTIONS are those of all models. */
PM_API int pm_catalog_emotion_count(const pm_catalog* catalog, int model);
PM_API const char* pm_catalog_emotion(const pm_catalog* catalog, int model, int index);
/* 1 if the server can do more than the first version of the contract, by a name that the contract's page lists. */
PM_API int pm_catalog_has_feature(const pm_catalog* catalog, const char* name);
/* The serialized pantomatrix.v1.GetCatalogResponse. */
PM_API const void* pm_catalog_message(const pm_catalog* catalog, size_t* bytes);
/* May be given NULL. */
PM_API void pm_catalog_free(pm_catalog* catalog);

/* --------------------------------------------------------------------------------------------------------- motions */

/* A joint of the caller's own skeleton, parents before children. */
typedef struct pm_joint {
  const char* name;
  int parent;           /* -1 for the root, which is first */
  float translation[3]; /* rest pose, in the parent's frame, in the coordinate system of the request */
  float rotation[4];    /* x y z w; all zero means none */
} pm_joint;

typedef enum pm_root { PM_ROOT_DEFAULT = 0, PM_ROOT_FREE = 1, PM_ROOT_IN_PLACE = 2, PM_ROOT_LOCKED = 3 } pm_root;

typedef struct pm_part {
  int part;   /* a number of pantomatrix.v1.BodyPart */
  float gain; /* 0 to 2; 1 is usual */
} pm_part;

typedef struct pm_emotion {
  const char* name; /* as the catalog has it, for example "joy" */
  float strength;   /* 0 to 1 */
} pm_emotion;

typedef struct pm_gestures {
  float amplitude; /* 0 to 2; 1 is usual */
  float rate;      /* 0.25 to 2; 1 is usual */
} pm_gestures;

/* How frames come over the network; they are handed out as floats in any case. */
typedef enum pm_frame_encoding {
  PM_FRAMES_DEFAULT = 0,
  PM_FRAMES_FLOAT32 = 1,
  PM_FRAMES_FLOAT16 = 2,
  PM_FRAMES_COMPACT = 3 /* a third of the bytes; rotations at most 0.02 degrees off, weights 0.002 */
} pm_frame_encoding;

/* A word of the caller's that comes back in the header. */
typedef struct pm_label {
  const char* key;
  const char* text;
} pm_label;

/* What may be asked of a motion; zero and NULL leave the server's default. */
typedef struct pm_motion_options {
  const char* model;
  const char* speaker;
  const char* skeleton;
  const char* face_rig;
  const char* coordinate_system;
  double fps;
  uint64_t seed;
  /* Instead of a skeleton's name. */
  const pm_joint* joints;
  int joint_count;
  pm_root root;
  const pm_gestures* gestures;
  const pm_part* parts;
  int part_count;
  const pm_emotion* emotions;
  int emotion_count;
  const char* expression; /* how the face looks at rest, as the catalog has it, for example "friendly" */
  pm_frame_encoding frame_encoding;
  const pm_label* labels;
  int label_count;
  /* A serialized pantomatrix.v1.MotionOptions for everything else; the fields above are set over it. */
  const void* more;
  size_t more_bytes;
} pm_motion_options;

/* What the floats of a frame mean: root x y z, then joints' rotations x y z w, then curves' weights (without joints
 * the weights alone). */
typedef struct pm_header pm_header;

PM_API double pm_header_fps(const pm_header* header);
PM_API int pm_header_floats(const pm_header* header);
PM_API int pm_header_joints(const pm_header* header);
PM_API int pm_header_curves(const pm_header* header);
/* NULL for an index out of range. */
PM_API const char* pm_header_joint_name(const pm_header* header, int joint);
/* -1 for the root, and for an index out of range. */
PM_API int pm_header_joint_parent(const pm_header* header, int joint);
/* out: x y z of the joint in its parent's frame, in the rest pose. */
PM_API void pm_header_rest_translation(const pm_header* header, int joint, float out[3]);
/* out: x y z w relative to the parent, in the rest pose. */
PM_API void pm_header_rest_rotation(const pm_header* header, int joint, float out[4]);
/* What the joint is in a body ("left_elbow"); "" for one that keeps its rest rotation. NULL for an index out of range. */
PM_API const char* pm_header_joint_role(const pm_header* header, int joint);
PM_API const char* pm_header_curve_name(const pm_header* header, int curve);
/* The text of one of the request's labels; NULL for a key that it did not have. */
PM_API const char* pm_header_label(const pm_header* header, const char* key);

/* ----------------------------------------------------------------------------------------------------- whole clips */

typedef struct pm_clip pm_clip;
typedef enum pm_encoding { PM_S16LE = 1, PM_F32LE = 2 } pm_encoding;

/* Starts a clip from an audio file's bytes and returns at once. */
PM_API pm_clip* pm_generate(pm_client* client, const void* audio_file, size_t bytes, const pm_motion_options* options);
/* From interleaved samples. */
PM_API pm_clip* pm_generate_pcm(pm_client* client, const void* samples, size_t bytes, pm_encoding encoding, int sample_rate_hz,
                                int channels, const pm_motion_options* options);
/* 1 as soon as pm_clip_wait would not wait. */
PM_API int pm_clip_done(const pm_clip* clip);
/* 0 to 1. */
PM_API double pm_clip_progress(const pm_clip* clip);
/* Waits for the end. 1 if the motion is there, else 0 and why in error. */
PM_API int pm_clip_wait(pm_clip* clip, pm_error* error);
/* After pm_clip_wait gave 1. */
PM_API const pm_header* pm_clip_header(const pm_clip* clip);
PM_API int64_t pm_clip_frame_count(const pm_clip* clip);
/* pm_header_floats of them; NULL for an index out of range. */
PM_API const float* pm_clip_frame(const pm_clip* clip, int64_t frame);
/* Cancels a clip that still runs. May be given NULL. */
PM_API void pm_clip_free(pm_clip* clip);

/* ---------------------------------------------------------------------------------------------------- live streams */

typedef enum pm_late { PM_LATE_HOLD = 0, PM_LATE_DROP = 1 } pm_late;
typedef enum pm_state { PM_CONNECTING = 0, PM_STREAMING = 1, PM_WAITING_TO_RECONNECT = 2, PM_ENDED = 3 } pm_state;

typedef struct pm_live_options {
  pm_motion_options motion;
  pm_encoding encoding; /* required */
  int sample_rate_hz;   /* required */
  int channels;         /* default: 1 */
  double look_ahead_seconds; /* default: the model's own */
  /* How far frames may be ahead of who listens: the server holds back what is pushed in a burst, so that an interrupt finds it
   * unsaid. Default: 0.3, or delay_seconds if that is more; below 0: frames come as soon as they are made. */
  double max_ahead_seconds;
  pm_late late;
  double delay_seconds; /* of the jitter buffer; default: 0.1 */
  int no_reconnect;
  double audio_buffer_seconds; /* of audio that waits to be sent; default: 2 */
  int keep_sound;              /* for pm_live_sound */
} pm_live_options;

/* One thread pushes audio, one other updates and reads poses, a third may take the sound; none of these functions waits. */
typedef struct pm_live pm_live;

PM_API pm_live* pm_live_open(pm_client* client, const pm_live_options* options);
/* Interleaved samples. 0, and none taken, if the buffer is full. */
PM_API int pm_live_push_audio(pm_live* live, const void* samples, size_t bytes);
/* A serialized pantomatrix.v1.TimedText: what is said in the utterance, in seconds since it began; lips follow it. It has most
 * effect where it comes before its sound. 0 if it is none, or the buffer is full. */
PM_API int pm_live_push_text(pm_live* live, const void* said, size_t bytes);
PM_API int pm_live_end_utterance(pm_live* live);
/* Stop talking: the sound ends with the next update, the mouth closes as soon as the server has answered. */
PM_API int pm_live_interrupt(pm_live* live);

/* What changes while a stream runs, in mid-sentence too. NULL leaves as it is; what is given replaces the former whole, so a
 * count of 0 takes it back. */
typedef struct pm_change {
  const char* speaker;
  const pm_part* parts;
  int part_count;
  const pm_emotion* emotions;
  int emotion_count;
  const char* expression;
  double at_seconds; /* when, on the stream's clock; default: at once */
  /* A serialized pantomatrix.v1.StreamOptions for everything else; the fields above are set over it. */
  const void* more;
  size_t more_bytes;
} pm_change;

/* Belongs to the thread that pushes. pm_live_refusal tells where it could not be followed. */
PM_API int pm_live_change(pm_live* live, const pm_change* change);
/* No more audio follows; the last frames come. */
PM_API int pm_live_close(pm_live* live);

/* Takes what has come and moves the clock on by the seconds since the last update. 1 if there is a pose. */
PM_API int pm_live_update(pm_live* live, double seconds);
/* NULL before the first update that gave 1. */
PM_API const float* pm_live_pose(const pm_live* live);
/* Changes only in pm_live_update; NULL before the first pose. */
PM_API const pm_header* pm_live_header(const pm_live* live);
/* The pose's time on the stream's clock. */
PM_API double pm_live_time(const pm_live* live);
/* 1 if nobody speaks in the pose. */
PM_API int pm_live_idle(const pm_live* live);
/* The speech that was pushed, held back until its motion is there: mono floats at the stream's sample rate, silence
 * where there is none. Silence only without keep_sound. */
PM_API void pm_live_sound(pm_live* live, float* samples, size_t count);
/* 1 while the clock waits for frames. */
PM_API int pm_live_stalled(const pm_live* live);
PM_API pm_state pm_live_state(const pm_live* live);
/* The last error that pm_live_update met. */
PM_API void pm_live_error(const pm_live* live, pm_error* error);

/* A message of the caller's that was not followed; the stream went on. */
typedef struct pm_refusal {
  char reason[32]; /* a name of pantomatrix.v1.ErrorReason: "UNKNOWN_NAME" */
  char text[1024];
  char field[128]; /* a path in StreamMotionRequest; "" if it is none */
} pm_refusal;

/* Takes the oldest that pm_live_update met; 0 if there is none. The newest 16 are kept. */
PM_API int pm_live_refusal(pm_live* live, pm_refusal* refusal);
/* May be given NULL. */
PM_API void pm_live_free(pm_live* live);

#ifdef __cplusplus
}
#endif

#endif

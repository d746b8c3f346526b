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
} pm_error;

PM_API const char* pm_error_name(int code);

/* ------------------------------------------------------------------------------------------------------ connecting */

typedef enum pm_transport { PM_GRPC = 0, PM_WEBSOCKET = 1 } pm_transport;

/* Zero and NULL mean the default everywhere. */
typedef struct pm_connection {
  pm_transport transport;
  const char* address;           /* "localhost:50051", for WebSockets "localhost:50052" */
  int tls;                       /* gRPC only, as the three below */
  const char* root_certificates; /* PEM; default: the system's */
  const char* certificate;       /* PEM of the caller's own */
  const char* key;
  const char* token;
} pm_connection;

typedef struct pm_client pm_client;

/* Connects with the first call. NULL, and why in error, if the transport was not built in. */
PM_API pm_client* pm_connect(const pm_connection* connection, pm_error* error);
/* The client's clips and streams have to be freed first. May be given NULL. */
PM_API void pm_disconnect(pm_client* client);

/* A serialized pantomatrix.v1.GetCatalogResponse; free it with pm_free. NULL on error. */
PM_API void* pm_catalog(pm_client* client, double timeout_seconds, size_t* bytes, pm_error* error);
PM_API void pm_free(void* memory);

/* --------------------------------------------------------------------------------------------------------- motions */

/* What may be asked of a motion; zero and NULL leave the server's default. */
typedef struct pm_motion_options {
  const char* model;
  const char* speaker;
  const char* skeleton;
  const char* face_rig;
  const char* coordinate_system;
  double fps;
  uint64_t seed;
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
PM_API const char* pm_header_curve_name(const pm_header* header, int curve);

/* ----------------------------------------------------------------------------------------------------- whole clips */

typedef struct pm_clip pm_clip;

/* Starts a clip from an audio file's bytes and returns at once. */
PM_API pm_clip* pm_generate(pm_client* client, const void* audio_file, size_t bytes, const pm_motion_options* options);
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

typedef enum pm_encoding { PM_S16LE = 1, PM_F32LE = 2 } pm_encoding;
typedef enum pm_late { PM_LATE_HOLD = 0, PM_LATE_DROP = 1 } pm_late;
typedef enum pm_state { PM_CONNECTING = 0, PM_STREAMING = 1, PM_WAITING_TO_RECONNECT = 2, PM_ENDED = 3 } pm_state;

typedef struct pm_live_options {
  pm_motion_options motion;
  pm_encoding encoding; /* required */
  int sample_rate_hz;   /* required */
  int channels;         /* default: 1 */
  double look_ahead_seconds; /* default: the model's own */
  pm_late late;
  double delay_seconds; /* of the jitter buffer; default: 0.1 */
  int no_reconnect;
} pm_live_options;

/* One thread pushes audio, one other updates and reads poses; none of these functions waits. */
typedef struct pm_live pm_live;

PM_API pm_live* pm_live_open(pm_client* client, const pm_live_options* options);
/* Interleaved samples. 0, and none taken, if the buffer is full. */
PM_API int pm_live_push_audio(pm_live* live, const void* samples, size_t bytes);
PM_API int pm_live_end_utterance(pm_live* live);
PM_API int pm_live_interrupt(pm_live* live);
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
/* 1 while the clock waits for frames. */
PM_API int pm_live_stalled(const pm_live* live);
PM_API pm_state pm_live_state(const pm_live* live);
/* The last error that pm_live_update met. */
PM_API void pm_live_error(const pm_live* live, pm_error* error);
/* May be given NULL. */
PM_API void pm_live_free(pm_live* live);

#ifdef __cplusplus
}
#endif

#endif

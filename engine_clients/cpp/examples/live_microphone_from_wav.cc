// A live stream over a WebSocket, as a game runs it: live_microphone_from_wav HOST:PORT speech.wav
//
// One thread plays microphone: it pushes 20 ms of the file every 20 ms. The other plays game: it draws 60 times a second.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "pantomatrix/client.h"
#include "pantomatrix/live_stream.h"
#include "pantomatrix/playback.h"
#include "pantomatrix/websocket_transport.h"

namespace {

// The 16-bit samples of a canonical mono WAV at 16 kHz, 44 bytes of head.
constexpr std::size_t wav_head = 44, rate = 16000, chunk = rate / 50 * 2;

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: live_microphone_from_wav HOST:PORT speech.wav\n");
    return 2;
  }
  const auto audio = pantomatrix::read_file(arguments[2]);
  if (!audio.ok() || audio.value.size() < wav_head || audio.value.compare(0, 4, "RIFF") != 0) {
    std::fprintf(stderr, "error: %s is no WAV file\n", arguments[2]);
    return 1;
  }
  pantomatrix::WebSocketOptions options;
  options.address = arguments[1];
  pantomatrix::v1::StreamStart start;
  start.mutable_options()->set_skeleton("smplx");
  start.mutable_format()->set_encoding(pantomatrix::v1::PCM_ENCODING_S16LE);
  start.mutable_format()->set_sample_rate_hz(rate);
  pantomatrix::LiveStream stream(pantomatrix::websocket_transport(options), start);

  std::thread microphone([&] {
    auto next = std::chrono::steady_clock::now();
    for (std::size_t at = wav_head; at < audio.value.size(); at += chunk) {
      stream.push_audio(audio.value.data() + at, std::min(chunk, audio.value.size() - at));
      std::this_thread::sleep_until(next += std::chrono::milliseconds(20));
    }
    stream.close();
  });

  pantomatrix::PlaybackOptions playing;
  playing.late = pantomatrix::LatePolicy::drop;
  pantomatrix::Playback playback(playing);
  pantomatrix::LiveEvent event;
  pantomatrix::Error error;
  int jaw = -1, drawn = 0;
  bool ended = false;
  auto next = std::chrono::steady_clock::now();
  while (!ended) {
    while (stream.poll(event)) {
      playback.feed(event);
      if (const auto* header = std::get_if<pantomatrix::v1::MotionHeader>(&event)) {
        const auto& names = header->curve_names();
        jaw = pantomatrix::FrameLayout(*header).weights() +
              static_cast<int>(std::find(names.begin(), names.end(), "jawOpen") - names.begin());
      }
      if (const auto* lost = std::get_if<pantomatrix::ConnectionLost>(&event))
        std::fprintf(stderr, "%s; trying again in %.1f s\n", lost->error.message.c_str(), lost->retry_seconds);
      if (const auto* end = std::get_if<pantomatrix::StreamEnded>(&event)) {
        ended = true;
        error = end->error;
      }
    }
    if (playback.advance(1.0 / 60) && ++drawn % 6 == 0)
      std::printf("%6.2f s  jaw %s\n", playback.time(),
                  std::string(static_cast<std::size_t>(40 * std::max(0.0f, playback.pose()[jaw])), '#').c_str());
    std::this_thread::sleep_until(next += std::chrono::microseconds(16667));
  }
  microphone.join();
  if (error) std::fprintf(stderr, "error: %s: %s\n", pantomatrix::name(error.code), error.message.c_str());
  return error ? 1 : 0;
}

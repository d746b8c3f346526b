// What the client's part of many live streams costs: decoding their frames and sampling poses for a game at 60 Hz.
//
// live_streams [STREAMS] [SECONDS]: frames of 55 joints and 52 curves at 30 fps in blocks of three, as the server sends
// them, on one thread. Prints how many times faster than real time that is.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <random>

#include "pantomatrix/playback.h"
#include "pantomatrix/v1/motion.pb.h"

namespace pm = pantomatrix;

namespace {

constexpr int joints = 55, curves = 52, fps = 30, ticks = 60, frames_in_block = 3;

std::vector<std::string> messages(int blocks, pm::v1::MotionHeader* header) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  header->set_fps(fps);
  for (int i = 0; i < joints; ++i) header->mutable_skeleton()->add_joints()->set_parent(i - 1);
  for (int i = 0; i < curves; ++i) header->add_curve_names("curve");
  header->set_floats_per_frame(pm::FrameLayout(*header).floats());
  std::vector<std::string> out;
  for (int block = 0; block < blocks; ++block) {
    std::vector<float> data(static_cast<std::size_t>(frames_in_block * header->floats_per_frame()));
    for (float& number : data) number = normal(random);
    pm::v1::StreamMotionResponse response;
    response.mutable_frames()->set_first_frame(block * frames_in_block);
    response.mutable_frames()->set_frame_count(frames_in_block);
    response.mutable_frames()->set_data(data.data(), data.size() * sizeof(float));
    out.push_back(response.SerializeAsString());
  }
  return out;
}

double seconds_of(std::chrono::steady_clock::duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

int main(int count, char** arguments) {
  const int streams = count > 1 ? std::atoi(arguments[1]) : 1000;
  const int seconds = count > 2 ? std::atoi(arguments[2]) : 2;
  pm::v1::MotionHeader header;
  const auto blocks = messages(seconds * fps / frames_in_block + 2, &header);
  pm::PlaybackOptions options;
  options.delay_seconds = 0.05;
  options.capacity_seconds = 2;
  std::deque<pm::Playback> playbacks(static_cast<std::size_t>(streams), pm::Playback(options));
  for (auto& playback : playbacks) playback.begin(header);

  std::chrono::steady_clock::duration decoding{}, sampling{};
  pm::v1::StreamMotionResponse response;
  pm::Frames frames;
  double checked = 0;
  std::size_t next = 0;
  for (int tick = 0; tick < seconds * ticks; ++tick) {
    if (tick % (ticks * frames_in_block / fps) == 0) {
      const auto started = std::chrono::steady_clock::now();
      for (auto& playback : playbacks) {
        response.ParseFromString(blocks[next]);
        frames.data.clear();
        frames.first_frame = response.frames().first_frame();
        frames.frame_count = 0;
        pm::append(response.frames(), header.floats_per_frame(), &frames);
        playback.push(frames);
      }
      ++next;
      decoding += std::chrono::steady_clock::now() - started;
    }
    const auto started = std::chrono::steady_clock::now();
    for (auto& playback : playbacks)
      if (playback.advance(1.0 / ticks)) checked += playback.pose()[3];
    sampling += std::chrono::steady_clock::now() - started;
  }
  const double taken = seconds_of(decoding) + seconds_of(sampling);
  std::printf("%d streams, %d s: decoding %.3f s, sampling %.3f s, %.1f times faster than real time (%.3f)\n", streams,
              seconds, seconds_of(decoding), seconds_of(sampling), seconds / taken, checked);
  return 0;
}

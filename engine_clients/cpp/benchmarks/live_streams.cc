// What the client's part of many live streams costs: decoding their frames and sampling poses for a game at 60 Hz.
//
// live_streams [STREAMS] [SECONDS] [compact]: frames of 55 joints and 52 curves at 30 fps in blocks of three, as the server
// sends them, on one thread. Prints how many times faster than real time that is.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <cstring>
#include <random>

#include "pantomatrix/playback.h"
#include "pantomatrix/v1/motion.pb.h"

namespace pm = pantomatrix;

namespace {

constexpr int joints = 55, curves = 52, fps = 30, ticks = 60, frames_in_block = 3;

void add_channel(pm::v1::ChannelKind kind, pm::v1::ChannelEncoding encoding, int width, int bytes, pm::v1::MotionHeader* header) {
  auto* channel = header->add_channels();
  channel->set_kind(kind);
  channel->set_encoding(encoding);
  channel->set_width(width);
  channel->set_offset(header->bytes_per_frame());
  header->set_bytes_per_frame(header->bytes_per_frame() + bytes);
}

pm::v1::MotionHeader header_of(bool compact) {
  pm::v1::MotionHeader header;
  header.set_fps(fps);
  for (int i = 0; i < joints; ++i) header.mutable_skeleton()->add_joints();
  for (int i = 0; i < curves; ++i) header.add_curve_names("curve");
  add_channel(pm::v1::CHANNEL_KIND_ROOT_TRANSLATION, pm::v1::CHANNEL_ENCODING_FLOAT32, 3, 12, &header);
  add_channel(pm::v1::CHANNEL_KIND_JOINT_ROTATIONS,
              compact ? pm::v1::CHANNEL_ENCODING_QUATERNION48 : pm::v1::CHANNEL_ENCODING_FLOAT32, 4 * joints,
              (compact ? 6 : 16) * joints, &header);
  add_channel(pm::v1::CHANNEL_KIND_CURVES, compact ? pm::v1::CHANNEL_ENCODING_UNORM8 : pm::v1::CHANNEL_ENCODING_FLOAT32, curves,
              (compact ? 1 : 4) * curves, &header);
  return header;
}

template <class Number>
void append(Number number, std::string* data) {
  data->append(reinterpret_cast<const char*>(&number), sizeof number);
}

// Small turns from frame to frame, as a body makes them.
std::string frame(bool compact, std::mt19937* random) {
  std::normal_distribution<float> normal(0, 0.002f);
  std::uniform_int_distribution<int> word(16384 - 50, 16384 + 50), byte(0, 255);
  std::string data;
  for (int i = 0; i < 3; ++i) append(normal(*random), &data);
  for (int i = 0; i < 4 * joints; ++i)
    if (!compact)
      append(i % 4 == 3 ? 1.0f : normal(*random), &data);
    else if (i % 4 < 3)
      append(static_cast<std::uint16_t>(word(*random) | (i / 4 % 2 << 15)), &data);
  for (int i = 0; i < curves; ++i)
    compact ? append(static_cast<std::uint8_t>(byte(*random)), &data) : append(normal(*random), &data);
  return data;
}

std::vector<std::string> messages(int blocks, bool compact) {
  std::mt19937 random(1);
  std::vector<std::string> out;
  for (int block = 0; block < blocks; ++block) {
    pm::v1::StreamMotionResponse response;
    response.mutable_frames()->set_first_frame(block * frames_in_block);
    response.mutable_frames()->set_frame_count(frames_in_block);
    for (int i = 0; i < frames_in_block; ++i) response.mutable_frames()->mutable_data()->append(frame(compact, &random));
    out.push_back(response.SerializeAsString());
  }
  return out;
}

double seconds_of(std::chrono::steady_clock::duration span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

int main(int count, char** arguments) {
  const int streams = count > 1 ? std::atoi(arguments[1]) : 1000;
  const int seconds = count > 2 ? std::atoi(arguments[2]) : 2;
  const bool compact = count > 3 && std::strcmp(arguments[3], "compact") == 0;
  const pm::v1::MotionHeader header = header_of(compact);
  const pm::FrameLayout layout(header);
  const auto blocks = messages(seconds * fps / frames_in_block + 2, compact);
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
        if (pm::append(response.frames(), layout, &frames)) return 1;
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

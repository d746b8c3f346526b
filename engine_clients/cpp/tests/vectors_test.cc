// The same bytes mean the same to all clients: tests/vectors.
#include <google/protobuf/io/coded_stream.h>
#include <gtest/gtest.h>

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <cmath>
#include <functional>
#include <numeric>

#include "pantomatrix/client.h"
#include "pantomatrix/playback.h"
#include "websocket_status.h"

namespace pm = pantomatrix;
using boost::property_tree::ptree;

namespace {

std::string content(const std::string& name) {
  const auto read = pm::read_file(VECTORS + name);
  EXPECT_TRUE(read.ok()) << read.error.message;
  return read.value;
}

ptree json(const std::string& name) {
  ptree tree;
  read_json(VECTORS + name, tree);
  return tree;
}

std::vector<float> numbers(const ptree& list) {
  std::vector<float> out;
  for (const auto& item : list) out.push_back(item.second.get_value<float>());
  return out;
}

// Messages, each after its length.
std::vector<std::string> messages(const std::string& name) {
  const std::string bytes = content(name);
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  std::vector<std::string> out;
  std::uint32_t length = 0;
  while (stream.ReadVarint32(&length)) EXPECT_TRUE(stream.ReadString(&out.emplace_back(), static_cast<int>(length)));
  return out;
}

std::vector<pm::v1::StreamMotionResponse> responses(const std::string& name = "stream_responses.bin") {
  std::vector<pm::v1::StreamMotionResponse> out;
  for (const auto& bytes : messages(name)) EXPECT_TRUE(out.emplace_back().ParseFromString(bytes));
  return out;
}

pm::Frames frames_of(const std::vector<pm::v1::StreamMotionResponse>& all) {
  pm::Frames frames;
  const pm::FrameLayout layout(all[0].header());
  for (const auto& response : all)
    if (response.has_frames()) {
      EXPECT_FALSE(pm::append(response.frames(), layout, &frames));
    }
  return frames;
}

// (12, 17)
std::vector<float> expected_frames() {
  std::vector<float> out;
  const ptree expected = json("frames.json");
  for (const auto& row : expected.get_child("frames"))
    for (const float number : numbers(row.second)) out.push_back(number);
  return out;
}

// Between two unit quaternions; exact near zero, where the arc cosine of their product is not.
double degrees(const float* one, const float* other) {
  const float sign = std::inner_product(one, one + 4, other, 0.0f) < 0 ? -1.0f : 1.0f;
  double squares = 0;
  for (int i = 0; i < 4; ++i) squares += std::pow(one[i] - sign * other[i], 2);
  return 4 * std::asin(std::sqrt(squares) / 2) * 180 / std::acos(-1);
}

}  // namespace

TEST(Vectors, RequestsSurviveARoundTrip) {
  pm::v1::GenerateMotionRequest request;
  ASSERT_TRUE(request.ParseFromString(content("generate_request.bin")));
  EXPECT_EQ(request.SerializeAsString(), content("generate_request.bin"));
  EXPECT_EQ(request.options().seed(), 9223372036854775813u);
  EXPECT_EQ(request.options().skeleton(), "ue5_manny");
  EXPECT_TRUE(request.options().curve_adjustments(0).has_gain());
  EXPECT_FALSE(request.options().curve_adjustments(0).has_minimum());
  for (const auto& bytes : messages("stream_requests.bin")) {
    pm::v1::StreamMotionRequest streamed;
    ASSERT_TRUE(streamed.ParseFromString(bytes));
    EXPECT_EQ(streamed.SerializeAsString(), bytes);
  }
}

TEST(Vectors, FramesAreTheNumbers) {
  const auto all = responses();
  const auto& header = all[0].header();
  EXPECT_FALSE(pm::check(header)) << pm::check(header).message;
  EXPECT_EQ(header.skeleton().joints(1).name(), "Rücken");
  EXPECT_EQ(header.look_ahead_seconds(), 1.5);
  EXPECT_EQ(header.labels().at("character"), "Käthe");
  EXPECT_EQ(header.features(1), "b");
  EXPECT_EQ(pm::FrameLayout(header).bytes_per_frame, 72) << "with a channel that no client knows";
  EXPECT_EQ(pm::FrameLayout(header).floats(), 17);
  const pm::Frames frames = frames_of(all);
  EXPECT_EQ(frames.frame_count, 12);
  EXPECT_EQ(frames.data, expected_frames());
  EXPECT_TRUE(frames.idle) << "the last block is";
  EXPECT_FALSE(all[2].frames().idle());
  EXPECT_TRUE(all[4].utterance_end().interrupted());
  EXPECT_EQ(all[5].refusal().reason(), pm::v1::ERROR_REASON_UNKNOWN_NAME);
  EXPECT_EQ(all[6].audio().samples(), std::string("\0\xff\x80\x7f", 4));
}

TEST(Vectors, CompactFramesAreNearlyTheNumbers) {
  const auto all = responses("compact_responses.bin");
  const pm::FrameLayout layout(all[0].header());
  EXPECT_EQ(layout.bytes_per_frame, 36);
  const std::vector<float> given = frames_of(all).data, expected = expected_frames();
  ASSERT_EQ(given.size(), expected.size());
  for (std::size_t row = 0; row < given.size(); row += 17) {
    for (std::size_t i = row; i < row + 3; ++i) EXPECT_EQ(given[i], expected[i]);
    for (std::size_t i = row + 3; i < row + 15; i += 4) EXPECT_LT(degrees(&given[i], &expected[i]), 0.02);
    for (std::size_t i = row + 15; i < row + 17; ++i) EXPECT_NEAR(given[i], expected[i], 0.002);
  }
}

TEST(Vectors, AStatusIsWhatItSays) {
  const ptree expected = json("status.json");
  const auto text = expected.get<std::string>("text");
  const auto error = pm::closing_error(4000 + expected.get<int>("code"), "", text);
  EXPECT_EQ(static_cast<int>(error.code), expected.get<int>("code"));
  EXPECT_EQ(error.message, expected.get<std::string>("message"));
  EXPECT_EQ(error.request_id, expected.get<std::string>("request_id"));
  EXPECT_EQ(error.reason, "INVALID_OPTION");
}

TEST(Vectors, PosesBetweenFrames) {
  const ptree expected = json("samples.json");
  const std::vector<float> times = numbers(expected.get_child("times"));
  const auto all = responses();
  const pm::FrameLayout layout(all[0].header());
  const pm::Frames frames = frames_of(all);
  std::size_t index = 0;
  for (const auto& row : expected.get_child("poses")) {
    pm::PlaybackOptions options;
    options.delay_seconds = 0;
    pm::Playback playback(options);
    playback.begin(all[0].header());
    playback.push(frames);
    const double time = times[index++];
    ASSERT_TRUE(playback.advance(0));
    playback.advance(time > 0 ? time : 0);
    std::vector<float> pose = numbers(row.second);
    for (int start = layout.rotations(); start < layout.weights(); start += 4) {
      // A quaternion and its negative are one rotation.
      float* q = pose.data() + start;
      if (std::inner_product(q, q + 4, playback.pose() + start, 0.0f) < 0) std::transform(q, q + 4, q, std::negate<>());
    }
    for (std::size_t i = 0; i < pose.size(); ++i) EXPECT_NEAR(playback.pose()[i], pose[i], 2e-6) << time << " s, " << i;
  }
  EXPECT_EQ(index, times.size());
}

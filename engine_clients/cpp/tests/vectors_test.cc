// The same bytes mean the same to all clients: tests/vectors.
#include <google/protobuf/io/coded_stream.h>
#include <gtest/gtest.h>

#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <functional>
#include <numeric>

#include "pantomatrix/client.h"
#include "pantomatrix/playback.h"

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

std::vector<pm::v1::StreamMotionResponse> responses() {
  std::vector<pm::v1::StreamMotionResponse> out;
  for (const auto& bytes : messages("stream_responses.bin")) EXPECT_TRUE(out.emplace_back().ParseFromString(bytes));
  return out;
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
  const ptree expected = json("frames.json");
  const auto all = responses();
  const auto& header = all[0].header();
  EXPECT_FALSE(pm::check(header));
  EXPECT_EQ(header.skeleton().joints(1).name(), "Rücken");
  EXPECT_EQ(header.look_ahead().seconds(), 1);
  EXPECT_EQ(header.look_ahead().nanos(), 500000000);
  pm::Frames frames;
  for (const auto& response : all)
    if (response.has_frames()) {
      EXPECT_FALSE(pm::append(response.frames(), header.floats_per_frame(), &frames));
    }
  EXPECT_EQ(frames.frame_count, 12);
  std::size_t at = 0;
  for (const auto& row : expected.get_child("frames"))
    for (const float number : numbers(row.second)) EXPECT_EQ(frames.data.at(at++), number);
  EXPECT_EQ(at, frames.data.size());
  EXPECT_TRUE(all[4].utterance_end().interrupted());
  EXPECT_EQ(all[5].audio().samples(), std::string("\0\xff\x80\x7f", 4));
}

TEST(Vectors, PosesBetweenFrames) {
  const ptree expected = json("samples.json");
  const std::vector<float> times = numbers(expected.get_child("times"));
  const auto all = responses();
  const pm::FrameLayout layout(all[0].header());
  pm::Frames frames;
  for (const auto& response : all)
    if (response.has_frames()) pm::append(response.frames(), layout.floats(), &frames);
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

TEST(Vectors, WhatDoesNotFitIsRefused) {
  auto all = responses();
  pm::Frames frames;
  const auto gap = pm::append(all[2].frames(), 17, &frames);
  EXPECT_EQ(gap.code, pm::ErrorCode::data_loss);
  EXPECT_EQ(gap.message, "frame 5 came where frame 0 was to come");
  EXPECT_EQ(pm::append(all[1].frames(), 16, &frames).code, pm::ErrorCode::data_loss);
  EXPECT_TRUE(frames.data.empty());
  all[0].mutable_header()->set_floats_per_frame(16);
  EXPECT_EQ(pm::check(all[0].header()).code, pm::ErrorCode::data_loss);
}

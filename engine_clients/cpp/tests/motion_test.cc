// Headers and blocks that a server of this or a later day might send.
#include "pantomatrix/motion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace pm = pantomatrix;

namespace {

// One joint and two curves: the curves first, of 16 bits, after a byte of somebody else's.
pm::v1::MotionHeader header() {
  pm::v1::MotionHeader header;
  header.set_fps(30);
  header.mutable_skeleton()->add_joints()->set_name("root");
  for (const char* name : {"one", "two"}) header.add_curve_names(name);
  header.set_request_id("r1");
  const auto add = [&](const char* name, pm::v1::ChannelKind kind, int width, int offset, pm::v1::ChannelEncoding encoding) {
    auto* channel = header.add_channels();
    channel->set_name(name);
    channel->set_kind(kind);
    channel->set_width(width);
    channel->set_offset(offset);
    channel->set_encoding(encoding);
  };
  add("curves", pm::v1::CHANNEL_KIND_CURVES, 2, 1, pm::v1::CHANNEL_ENCODING_FLOAT16);
  add("joint_rotations", pm::v1::CHANNEL_KIND_JOINT_ROTATIONS, 4, 17, pm::v1::CHANNEL_ENCODING_QUATERNION48);
  add("root_translation", pm::v1::CHANNEL_KIND_ROOT_TRANSLATION, 3, 5, pm::v1::CHANNEL_ENCODING_FLOAT32);
  header.set_bytes_per_frame(24);
  return header;
}

std::string frame(std::uint16_t one, std::uint16_t two, const float (&root)[3], std::uint16_t x, std::uint16_t y,
                  std::uint16_t z) {
  std::string data(24, '\x55');
  const std::uint16_t curves[] = {one, two}, turn[] = {x, y, z};
  std::memcpy(&data[1], curves, 4);
  std::memcpy(&data[5], root, 12);
  std::memcpy(&data[17], turn, 6);
  return data;
}

pm::v1::FrameBlock block(const std::string& data, int count = 1, std::int64_t first = 0) {
  pm::v1::FrameBlock block;
  block.set_first_frame(first);
  block.set_frame_count(count);
  block.set_data(data);
  return block;
}

std::vector<float> decoded(const std::string& data) {
  pm::Frames frames;
  const pm::Error error = pm::append(block(data), pm::FrameLayout(header()), &frames);
  EXPECT_FALSE(error) << error.message;
  return frames.data;
}

// What check says of a header after a change to it.
template <class Change>
std::string said(Change change) {
  auto message = header();
  change(message);
  const pm::Error error = pm::check(message);
  EXPECT_EQ(error.code, pm::ErrorCode::data_loss);
  EXPECT_EQ(error.request_id, "r1");
  EXPECT_EQ(pm::FrameLayout(message).bytes_per_frame, 0);
  pm::Frames frames;
  EXPECT_TRUE(pm::append(block(std::string(24, '\0')), pm::FrameLayout(message), &frames));
  return error.message;
}

}  // namespace

TEST(Channels, InAnyOrderAndAtAnyByte) {
  ASSERT_FALSE(pm::check(header())) << pm::check(header()).message;
  const auto row = decoded(frame(0x3C00, 0xC000, {1.5f, -2, 3}, 16384, 16384, 16384));
  EXPECT_EQ(row, (std::vector<float>{1.5f, -2, 3, 1, 0, 0, 0, 1, -2}));
}

TEST(Channels, EveryComponentCanBeLeftOut) {
  for (int left_out = 0; left_out < 4; ++left_out) {
    const auto high = [](int bit) { return static_cast<std::uint16_t>(bit << 15); };
    const auto word = static_cast<std::uint16_t>(16384 + 8192);  // half of 1 / sqrt(2)
    const auto row = decoded(frame(0, 0, {0, 0, 0}, word | high(left_out & 1), word | high(left_out >> 1), 16384 - 8192));
    const float small = 0.5f / std::sqrt(2.0f);
    std::vector<float> others = {small, small, -small};
    others.insert(others.begin() + left_out, std::sqrt(1 - 3 * small * small));
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(row[3 + i], others[i], 1e-6) << left_out;
  }
  const auto row = decoded(frame(0, 0, {0, 0, 0}, 0x7FFF, 0x7FFF, 0x7FFF));
  EXPECT_EQ(row[3], 0) << "never the root of a negative number";
}

TEST(Channels, HalfFloats) {
  const struct {
    std::uint16_t bits;
    float value;
  } cases[] = {{0x0000, 0.f}, {0x0001, 0x1p-24f}, {0x03FF, 0x1.FF8p-15f}, {0x0400, 0x1p-14f}, {0x3555, 0x1.554p-2f},
               {0x7BFF, 65504.f}, {0x7C00, std::numeric_limits<float>::infinity()}};
  for (const auto& it : cases) {
    const auto row = decoded(frame(it.bits, it.bits | 0x8000, {0, 0, 0}, 0, 0, 0));
    EXPECT_EQ(row[7], it.value);
    EXPECT_EQ(row[8], -it.value);
    EXPECT_TRUE(std::signbit(row[8]));
  }
  EXPECT_TRUE(std::isnan(decoded(frame(0x7E00, 0, {0, 0, 0}, 0, 0, 0))[7]));
}

TEST(Channels, Bytes) {
  pm::v1::MotionHeader face;
  face.set_fps(30);
  for (int i = 0; i < 256; ++i) face.add_curve_names("curve");
  auto* channel = face.add_channels();
  channel->set_kind(pm::v1::CHANNEL_KIND_CURVES);
  channel->set_width(256);
  channel->set_encoding(pm::v1::CHANNEL_ENCODING_UNORM8);
  face.set_bytes_per_frame(256);
  std::string data;
  for (int i = 0; i < 256; ++i) data.push_back(static_cast<char>(i));
  pm::Frames frames;
  ASSERT_FALSE(pm::append(block(data), pm::FrameLayout(face), &frames)) << "a face alone";
  for (int i = 0; i < 256; ++i) EXPECT_FLOAT_EQ(frames.data[static_cast<std::size_t>(i)], static_cast<float>(i) / 255);
}

TEST(Channels, WhatIsNotNeededIsSkipped) {
  auto message = header();
  auto* later = message.add_channels();
  later->set_kind(static_cast<pm::v1::ChannelKind>(99));
  later->set_encoding(static_cast<pm::v1::ChannelEncoding>(99));
  later->set_offset(-7);
  EXPECT_FALSE(pm::check(message)) << "of a kind that is not known";
  message.mutable_channels(1)->Swap(later);
  *message.add_channels() = *later;
  message.mutable_channels(1)->set_kind(pm::v1::CHANNEL_KIND_JOINT_ROTATIONS);
  message.mutable_channels(1)->add_joints(0);
  EXPECT_FALSE(pm::check(message)) << "of some of the joints";
  EXPECT_EQ(pm::FrameLayout(message).bytes_per_frame, 24);
}

TEST(Channels, WhatDoesNotFitIsSaid) {
  using Header = pm::v1::MotionHeader;
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(0)->set_encoding(static_cast<pm::v1::ChannelEncoding>(9)); }),
            "channel 'curves' has encoding 9, in which this client reads no 2 numbers");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(0)->set_encoding(pm::v1::CHANNEL_ENCODING_QUATERNION48); }),
            "channel 'curves' has encoding 3, in which this client reads no 2 numbers");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(0)->set_width(3); }),
            "channel 'curves' has 3 numbers, the curves' weights are 2");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(1)->set_offset(19); }),
            "channel 'joint_rotations' has 6 bytes from byte 19 on, a frame has 24");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(2)->set_offset(-1); }),
            "channel 'root_translation' has 12 bytes from byte -1 on, a frame has 24");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels(2)->set_offset(std::numeric_limits<int>::max()); }),
            "channel 'root_translation' has 12 bytes from byte 2147483647 on, a frame has 24");
  EXPECT_EQ(said([](Header& it) { it.mutable_channels()->DeleteSubrange(0, 1); }),
            "the header has no channel of the curves' weights");
  EXPECT_EQ(said([](Header& it) { it.mutable_skeleton()->add_joints(); }),
            "channel 'joint_rotations' has 4 numbers, the joints' rotations are 8");
  EXPECT_EQ(said([](Header& it) { it.clear_fps(); }), "the header has no frame rate");
  EXPECT_EQ(said([](Header& it) { it.clear_skeleton(), it.clear_curve_names(); }),
            "the header has neither joints nor curves");
}

TEST(Blocks, LeaveJointsAtRestOfWhichNoChannelTells) {
  auto face_alone = header();
  face_alone.mutable_channels()->DeleteSubrange(1, 2);
  auto* joint = face_alone.mutable_skeleton()->mutable_joints(0);
  joint->mutable_rest_translation()->set_y(0.5f);
  face_alone.mutable_skeleton()->add_joints()->mutable_rest_rotation()->set_x(1);
  pm::Frames frames;
  const std::string data = frame(0x3C00, 0x3800, {9, 9, 9}, 0, 0, 0);
  ASSERT_FALSE(pm::append(block(data), pm::FrameLayout(face_alone), &frames));
  EXPECT_EQ(frames.data, (std::vector<float>{0, 0.5f, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0.5f}));
}

TEST(Blocks, HaveToFollowAndToFit) {
  const pm::FrameLayout layout(header());
  const std::string data = frame(0, 0, {0, 0, 0}, 0, 0, 0);
  pm::Frames frames;
  EXPECT_EQ(pm::append(block(data, 1, 5), layout, &frames).message, "frame 5 came where frame 0 was to come");
  EXPECT_EQ(pm::append(block(data, 2), layout, &frames).message, "a block of 2 frames has 24 bytes, a frame has 24");
  EXPECT_EQ(pm::append(block("", 0), layout, &frames).code, pm::ErrorCode::data_loss);
  EXPECT_EQ(pm::append(block(data, -1), layout, &frames).code, pm::ErrorCode::data_loss);
  EXPECT_EQ(pm::append(block(data), pm::FrameLayout(), &frames).code, pm::ErrorCode::data_loss);
  EXPECT_TRUE(frames.data.empty());
}

TEST(Blocks, AllocateNothingOnceTheirMemoryIsThere) {
  const pm::FrameLayout layout(header());
  const std::string data = frame(0, 0, {0, 0, 0}, 0, 0, 0);
  const pm::v1::FrameBlock three = block(data + data + data, 3);
  pm::Frames frames;
  ASSERT_FALSE(pm::append(three, layout, &frames));
  const float* memory = frames.data.data();
  for (int i = 0; i < 3; ++i) {
    frames.data.clear();
    frames.frame_count = 0;
    ASSERT_FALSE(pm::append(three, layout, &frames));
    EXPECT_EQ(frames.data.data(), memory);
  }
}

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "pantomatrix/spsc_queue.h"
#include "record_ring.h"

namespace pm = pantomatrix;

TEST(SpscQueue, KeepsOrderBetweenTwoThreads) {
  constexpr int count = 200000;
  pm::SpscQueue<int> queue(64);
  std::thread producer([&] {
    for (int i = 1; i <= count; ++i)
      for (int item = i; !queue.push(item);) std::this_thread::yield();
  });
  for (int expected = 1; expected <= count; ++expected) {
    int item = 0;
    while (!queue.pop(item)) std::this_thread::yield();
    ASSERT_EQ(item, expected);
  }
  producer.join();
}

TEST(SpscQueue, FullAndEmptyLeaveTheItemAlone) {
  pm::SpscQueue<std::string> queue(2);
  std::string item = "none";
  EXPECT_FALSE(queue.pop(item));
  EXPECT_EQ(item, "none");
  for (const char* text : {"a", "b"}) EXPECT_TRUE(queue.push(item = text));
  EXPECT_FALSE(queue.push(item = "c"));
  EXPECT_EQ(item, "c");
}

TEST(SpscQueue, MemoryGoesRound) {
  pm::SpscQueue<std::vector<float>> queue(3);
  std::vector<float> given(100), taken;
  const float* memory = given.data();
  queue.push(given);
  queue.pop(taken);
  EXPECT_EQ(taken.data(), memory);
  bool back = false;
  for (int i = 0; i < 6; ++i) {
    given.assign(1, 0);
    queue.push(given);
    queue.pop(taken);
    back |= given.data() == memory || given.capacity() >= 100;
  }
  EXPECT_TRUE(back);
}

TEST(RecordRing, BytesSurviveAnyWrap) {
  pm::RecordRing ring(1000);
  std::thread producer([&] {
    std::mt19937 random(1);
    std::string record;
    for (std::uint32_t i = 1; i <= 20000; ++i) {
      record.assign(random() % 300, static_cast<char>(i));
      while (!ring.push(i, record.data(), record.size())) std::this_thread::yield();
    }
  });
  std::mt19937 random(1);
  for (std::uint32_t i = 1; i <= 20000; ++i) {
    std::uint32_t kind = 0;
    std::string record;
    while (!ring.pop(&kind, &record)) std::this_thread::yield();
    ASSERT_EQ(kind, i);
    ASSERT_EQ(record, std::string(random() % 300, static_cast<char>(i)));
  }
  producer.join();
}

TEST(RecordRing, OnlyTheWantedKindAndRoomForCommands) {
  pm::RecordRing ring(100);
  EXPECT_TRUE(ring.push(1, "audio", 5));
  EXPECT_TRUE(ring.push(2, nullptr, 0));
  std::uint32_t kind = 0;
  std::string bytes;
  EXPECT_TRUE(ring.pop(&kind, &bytes, 1));
  EXPECT_FALSE(ring.pop(&kind, &bytes, 1));
  EXPECT_TRUE(ring.pop(&kind, &bytes));
  EXPECT_EQ(kind, 2u);
  EXPECT_EQ(bytes, "audio");
  EXPECT_FALSE(ring.push(1, "audio", 5, 90));
  EXPECT_FALSE(ring.push(1, std::string(93, 'x').data(), 93));
  EXPECT_TRUE(ring.empty());
}

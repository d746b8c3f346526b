// A lock-free queue between one producing and one consuming thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

namespace pantomatrix {

// Items are exchanged, not copied: who pushes gets back an item that was popped earlier, with its memory, so nothing
// is allocated once the queue has gone round.
template <class Item>
class SpscQueue {
 public:
  explicit SpscQueue(std::size_t capacity) : slots_(capacity + 1) {}

  // The producer's. False, and the item untouched, if the queue is full.
  bool push(Item& item) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t next = following(tail);
    if (next == head_.load(std::memory_order_acquire)) return false;
    std::swap(slots_[tail], item);
    tail_.store(next, std::memory_order_release);
    return true;
  }

  // The consumer's. False, and the item untouched, if the queue is empty.
  bool pop(Item& item) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    std::swap(item, slots_[head]);
    head_.store(following(head), std::memory_order_release);
    return true;
  }

 private:
  std::size_t following(std::size_t index) const noexcept { return index + 1 == slots_.size() ? 0 : index + 1; }

  std::vector<Item> slots_;
  // Apart by a cache line, or the two threads would slow each other down.
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace pantomatrix

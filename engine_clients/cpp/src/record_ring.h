// A lock-free ring of records of any size between one producing and one consuming thread; nothing is allocated.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace pantomatrix {

class RecordRing {
 public:
  explicit RecordRing(std::size_t capacity_bytes) : bytes_(capacity_bytes) {}

  // The producer's. False if there is no room, after which `keep_free` bytes are to be left.
  bool push(std::uint32_t kind, const void* data, std::size_t size, std::size_t keep_free = 0) noexcept {
    const Head head{kind, static_cast<std::uint32_t>(size)};
    const std::uint64_t written = written_.load(std::memory_order_relaxed);
    const std::uint64_t used = written - read_.load(std::memory_order_acquire);
    if (sizeof head + size + keep_free > bytes_.size() - used) return false;
    put(written, &head, sizeof head);
    if (size) put(written + sizeof head, data, size);
    written_.store(written + sizeof head + size, std::memory_order_release);
    return true;
  }

  // The consumer's. Appends the record's bytes to data. False if there is none, or if wanted is not zero and the next
  // record is of another kind.
  bool pop(std::uint32_t* kind, std::string* data, std::uint32_t wanted = 0) {
    const std::uint64_t read = read_.load(std::memory_order_relaxed);
    if (read == written_.load(std::memory_order_acquire)) return false;
    Head head;
    get(read, &head, sizeof head);
    if (wanted != 0 && head.kind != wanted) return false;
    *kind = head.kind;
    const std::size_t before = data->size();
    data->resize(before + head.size);
    if (head.size) get(read + sizeof head, data->data() + before, head.size);
    read_.store(read + sizeof head + head.size, std::memory_order_release);
    return true;
  }

  bool empty() const noexcept {
    return read_.load(std::memory_order_acquire) == written_.load(std::memory_order_acquire);
  }

 private:
  struct Head {
    std::uint32_t kind;
    std::uint32_t size;
  };

  void put(std::uint64_t at, const void* data, std::size_t size) noexcept {
    const std::size_t start = at % bytes_.size();
    const std::size_t first = std::min(size, bytes_.size() - start);
    std::memcpy(bytes_.data() + start, data, first);
    if (size > first) std::memcpy(bytes_.data(), static_cast<const char*>(data) + first, size - first);
  }

  void get(std::uint64_t at, void* data, std::size_t size) const noexcept {
    const std::size_t start = at % bytes_.size();
    const std::size_t first = std::min(size, bytes_.size() - start);
    std::memcpy(data, bytes_.data() + start, first);
    if (size > first) std::memcpy(static_cast<char*>(data) + first, bytes_.data(), size - first);
  }

  std::vector<char> bytes_;
  alignas(64) std::atomic<std::uint64_t> written_{0};
  alignas(64) std::atomic<std::uint64_t> read_{0};
};

}  // namespace pantomatrix

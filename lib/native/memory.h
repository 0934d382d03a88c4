// Memory of large results, kept for the next training step: asked anew from the system, each page
// of it would cost a fault and a clearing, a fifth of the time of a step.
#pragma once
#include <sys/mman.h>

#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace starlit {

class Memory {
 public:
  static Memory& shared() {
    static Memory* memory = new Memory;  // never destroyed: tensors may outlive any order of it
    return *memory;
  }

  void* take(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    clock_++;
    void* found = nullptr;
    std::vector<Idle> kept;
    for (const Idle& idle : idle_) {
      if (!found && idle.bytes == bytes)
        found = idle.memory;
      else if (clock_ - idle.since > kPatience)
        std::free(idle.memory);
      else
        kept.push_back(idle);
    }
    idle_.swap(kept);
    return found ? found : allocate(bytes);
  }

  void give(void* memory, size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    idle_.push_back({memory, bytes, clock_});
    keepWithin(most_);
  }

  // Gives back what is not in use.
  void trim() {
    std::lock_guard<std::mutex> lock(mutex_);
    keepWithin(0);
  }

  // From now on no more than this waits for the next step.
  void keepAtMost(size_t bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    keepWithin(most_ = bytes);
  }

 private:
  struct Idle {
    void* memory;
    size_t bytes;
    long since;
  };

  static void* allocate(size_t bytes) {
    constexpr size_t page = 2 << 20;
    void* memory = nullptr;
    if (posix_memalign(&memory, page, (bytes + page - 1) / page * page) != 0)
      throw std::bad_alloc();
#if defined(MADV_HUGEPAGE)
    madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
  }

  // Frees what waits longest until at most so many bytes wait.
  void keepWithin(size_t most) {
    size_t all = 0, first = idle_.size();
    while (first > 0 && all + idle_[first - 1].bytes <= most) all += idle_[--first].bytes;
    for (size_t i = 0; i < first; i++) std::free(idle_[i].memory);
    idle_.erase(idle_.begin(), idle_.begin() + first);
  }

  // What nobody took for so many requests, some training steps, belongs to a model of the past.
  static constexpr long kPatience = 200;

  std::mutex mutex_;
  std::vector<Idle> idle_;
  long clock_ = 0;
  size_t most_ = static_cast<size_t>(-1);
};

}  // namespace starlit

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

  // What nobody took for so many requests, some training steps, belongs to a model of the past.
  static constexpr long kPatience = 200;

  std::mutex mutex_;
  std::vector<Idle> idle_;
  long clock_ = 0;
};

}  // namespace starlit

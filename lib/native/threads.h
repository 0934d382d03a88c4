// A few threads that wait for work, started at the first use and kept until the process ends.
#pragma once
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>

namespace starlit {

constexpr int kMostThreads = 256;

// How many threads compute, from 1 to kMostThreads; engine/cores.ts says it before any operation
// runs.
inline int& threadCount() {
  static int count = 1;
  return count;
}

// Whether others want this processor: then the system takes it from this thread now and again.
inline bool isCrowded() {
#if defined(RUSAGE_THREAD)
  static thread_local long taken = 0;
  static thread_local int wary = 0;
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  wary = usage.ru_nivcsw != taken ? 16 : std::max(0, wary - 1);
  taken = usage.ru_nivcsw;
  return wary > 0;
#else
  return true;
#endif
}

// Waits awake for up to two milliseconds, unless others want the processor. That is longer than the
// pauses inside a training step, and waking a thread that sleeps may take as long as an operation.
template <class Condition>
bool spinUntil(Condition holds) {
  using Clock = std::chrono::steady_clock;
  if (isCrowded()) return holds();
  const auto end = Clock::now() + std::chrono::milliseconds(2);
  do {
    for (int i = 0; i < 64; i++) {
      if (holds()) return true;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
  } while (Clock::now() < end);
  return false;
}

class Threads {
 public:
  // Never destroyed: at the end of the process its threads must not find it gone.
  static Threads& shared() {
    static Threads* threads = new Threads;
    return *threads;
  }

  // work(0) … work(count - 1), each once; `count` is at most threadCount(). Returns when all ended.
  void run(int count, const std::function<void(int)>& work) {
    if (count == 1) return work(0);
    std::lock_guard<std::mutex> oneAtATime(callers_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      start(count - 1);
      work_ = &work;
      count_ = count;
      running_ = std::min(started_, count - 1);
      round_++;
    }
    wake_.notify_all();
    work(0);
    for (int i = started_ + 1; i < count; i++) work(i);
    if (spinUntil([this] { return running_ == 0; })) return;
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  // Where the system allows no more threads, the caller does their share.
  void start(int wanted) {
    try {
      for (; started_ < wanted; started_++)
        std::thread([this, index = started_ + 1] { serve(index); }).detach();
    } catch (const std::system_error&) {
    }
  }

  void serve(int index) {
    long seen = 0;
    while (true) {
      spinUntil([&] { return round_ != seen; });
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return round_ != seen; });
      seen = round_;
      if (index >= count_) continue;
      const auto* work = work_;
      lock.unlock();
      (*work)(index);
      lock.lock();
      if (--running_ == 0) done_.notify_one();
    }
  }

  std::mutex callers_, mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int)>* work_ = nullptr;
  int started_ = 0, count_ = 0;
  std::atomic<int> running_{0};
  std::atomic<long> round_{0};
};

inline void parallel(int count, const std::function<void(int)>& work) {
  Threads::shared().run(count, work);
}

}  // namespace starlit

// Working memory that is kept from call to call, so that large arrays are not asked from the
// system, page by page, at each training step.
#pragma once
#include <cstdlib>
#include <map>
#include <new>
#include <utility>

namespace starlit {

class Workspace {
 public:
  // The one of the calling thread.
  static Workspace& mine() {
    static thread_local Workspace workspace;
    return workspace;
  }

  // Room for `count` floats, at a multiple of 64 bytes, under a name and a number. What was there
  // may be gone.
  float* floats(const char* name, int number, long count) {
    Piece& piece = pieces_[{name, number}];
    if (count > piece.size) {
      std::free(piece.memory);
      piece = {};
      if (posix_memalign(&piece.memory, 64, count * sizeof(float)) != 0) throw std::bad_alloc();
      piece.size = count;
    }
    return static_cast<float*>(piece.memory);
  }

  // Gives all of it back to the system.
  void clear() {
    for (auto& [name, piece] : pieces_) std::free(piece.memory);
    pieces_.clear();
  }

  ~Workspace() { clear(); }

 private:
  struct Piece {
    void* memory = nullptr;
    long size = 0;
  };
  std::map<std::pair<const void*, int>, Piece> pieces_;
};

}  // namespace starlit

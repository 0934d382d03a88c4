// The backward pass of recurrent.h.
//
// Gradients of the gates are kept for a chunk of steps only, while they are in the processor's
// cache: then the weights get theirs, one product over all steps and rows of the chunk. Each thread
// has its own sums, which are added up in the order of the threads: no result depends on chance.
#pragma once
#include <vector>

#include "recurrent.h"

namespace starlit {

struct Gradients {
  float* x;  // null where nobody asks for it
  float *kernel, *recurrent, *bias;
};

// Transposed weights: from gradients of gates to those of the input and of the earlier state.
template <class Cell>
struct TransposedWeights {
  float *input, *state, *reset;

  TransposedWeights(const Layer& layer, const float* kernel, const float* recurrent, bool toInput) {
    constexpr Shape shape = Cell::shape;
    const long units = layer.units, whole = layer.whole(), columns = shape.gates * units;
    constexpr int direct = shape.gatesOfState();
    const long ofInputs = toInput ? shape.gates * whole * padded(layer.features) : 0;
    input = Workspace::mine().floats("input panels", 0, ofInputs);
    state = Workspace::mine().floats("state panels", 0, shape.gates * whole * whole);
    reset = state + direct * whole * whole;
    long ofInput[kMostGates], ofState[kMostGates];
    for (int g = 0; g < shape.gates; g++) {
      ofInput[g] = shape.inputColumn[g] * units;
      ofState[g] = shape.stateColumn[g] * units;
    }
    if (toInput)
      packTransposed(kernel, columns, ofInput, shape.gates, units, layer.features, input);
    packTransposed(recurrent, columns, ofState, direct, units, units, state);
    if (shape.resetsBefore)
      packTransposed(recurrent, columns, ofState + direct, 1, units, units, reset);
  }
};

// What one thread works in.
template <class Cell>
struct GradientRoom {
  float *kernel, *recurrent, *bias;  // sums over this thread's rows
  float *dh, *dc, *d, *panels, *left, *resets, *zeros, *scratch;

  GradientRoom(const Layer& layer, int thread) {
    constexpr Shape shape = Cell::shape;
    const long whole = layer.whole(), rows = std::max(kChunkRows, layer.mostRows());
    const long gates = shape.gates * whole, blocks = shape.blocks * whole;
    const auto floats = [&](const char* name, long count) {
      return Workspace::mine().floats(name, thread, count);
    };
    kernel = cleared(floats("kernel sums", layer.features * gates), layer.features * gates);
    recurrent = cleared(floats("recurrent sums", layer.units * gates), layer.units * gates);
    bias = cleared(floats("bias sums", blocks), blocks);
    dh = floats("dh", layer.mostRows() * whole);
    dc = floats("dc", layer.mostRows() * whole);
    d = floats("d", rows * blocks);
    panels = floats("d panels", rows * blocks);
    left = floats("left", rows * (std::max(layer.features, layer.units) + kTileRows));
    resets = floats("resets", shape.resetsBefore ? rows * whole : 0);
    const long empty = std::max(shape.saved * whole, padded(layer.features));
    zeros = cleared(floats("zeros", empty), empty);
    scratch = floats("scratch", whole);
  }

  static float* cleared(float* memory, long count) {
    std::memset(memory, 0, count * sizeof(float));
    return memory;
  }
};

// One block of sequences, from its last step to its first.
template <class Cell>
struct GradientOfBlock {
  static constexpr Shape shape = Cell::shape;
  const Layer& layer;
  const float *x, *saved, *upstream;
  const TransposedWeights<Cell>& weights;
  const GradientRoom<Cell>& room;
  float* dx;
  const long first, rows;
  const long units = layer.units, whole = layer.whole(), features = layer.features;
  const long width = shape.saved * whole, blocks = shape.blocks * whole;
  float* const steps = const_cast<float*>(saved) + first * layer.steps * width;

  void run() {
    std::memset(room.dh, 0, rows * whole * sizeof(float));
    std::memset(room.dc, 0, rows * whole * sizeof(float));
    const long most = std::max<long>(1, kChunkRows / rows);
    for (long end = layer.steps; end > 0; end -= std::min(most, end)) {
      const long begin = std::max<long>(0, end - most);
      for (long t = end - 1; t >= begin; t--) step(t, t - begin);
      sumWeights(begin, end - begin);
    }
  }

  void step(long t, long place) {
    float* const d = room.d + place * rows * blocks;
    float* const resets = room.resets + place * rows * whole;
    const auto rowAt = [&](long r) {
      const float* last = t ? steps + ((t - 1) * rows + r) * width : room.zeros;
      return Row{units, whole, steps + (t * rows + r) * width, last};
    };
    for (long r = 0; r < rows; r++) {
      float* __restrict const dh = room.dh + r * whole;
      if (layer.allStates || t == layer.steps - 1) {
        const float* __restrict up =
            upstream + (layer.allStates ? (first + r) * layer.steps + t : first + r) * units;
        for (long j = 0; j < units; j++) dh[j] += up[j];
      }
      if (layer.masked(first + r, t))  // what comes from later goes on to earlier as it is
        std::memset(d + r * blocks, 0, blocks * sizeof(float));
      else
        Cell::backward(rowAt(r), d + r * blocks, dh, room.dc + r * whole, room.scratch);
    }
    if constexpr (shape.resetsBefore) {
      const Term term{d + (shape.gates - 1) * whole, blocks, weights.reset, whole};
      multiply(&term, 1, rows, whole, room.zeros, 0, resets, whole);
      for (long r = 0; r < rows; r++)
        Cell::resetBackward(rowAt(r), d + r * blocks, room.dh + r * whole, resets + r * whole);
    }
    if (t) {
      const Term term{d + shape.firstOfState * whole, blocks, weights.state,
                      shape.gatesOfState() * whole};
      multiply(&term, 1, rows, whole, room.dh, whole, room.dh, whole);
    }
    if (!dx) return;
    const Term term{d, blocks, weights.input, shape.gates * whole};
    multiply(&term, 1, rows, features, room.zeros, 0,
             dx + (first * layer.steps + layer.readAt(t)) * features, layer.steps * features);
  }

  // Adds what `count` steps from `begin` give to the weights.
  void sumWeights(long begin, long count) {
    const long depth = count * rows;
    for (int block = 0; block < shape.blocks; block++)
      packPanels(room.d + block * whole, blocks, depth, whole, room.panels + block * depth * whole);
    for (long k = 0; k < depth; k++) {
      float* __restrict const sums = room.bias;
      const float* __restrict const d = room.d + k * blocks;
      for (long j = 0; j < blocks; j++) sums[j] += d[j];
    }

    for (long i = 0; i < count; i++)
      packLeft(x + (first * layer.steps + layer.readAt(begin + i)) * features,
               layer.steps * features, rows, features, room.left + i * rows * kTileRows, depth);
    for (int g = 0; g < shape.gates; g++) addProduct(depth, features, g, room.kernel + g * whole);

    if (begin + count == 1) return;  // the first step alone has no state before it
    for (long i = 0; i < count; i++) {
      const bool any = begin + i > 0;
      const float* last = any ? steps + (begin + i - 1) * rows * width + width - whole : room.zeros;
      packLeft(last, any ? width : 0, rows, units, room.left + i * rows * kTileRows, depth);
    }
    for (int g = 0; g < shape.gatesOfState(); g++)
      addProduct(depth, units, shape.firstOfState + g, room.recurrent + g * whole);

    if constexpr (shape.resetsBefore) {
      packLeft(room.resets, whole, depth, units, room.left, depth);
      addProduct(depth, units, shape.gates - 1, room.recurrent + (shape.gates - 1) * whole);
    }
  }

  void addProduct(long depth, long across, int block, float* sums) {
    const Term term{room.left, 0, room.panels + block * depth * whole, depth};
    const long stride = shape.gates * whole;
    multiply<true>(&term, 1, across, whole, sums, stride, sums, stride);
  }
};

// upstream: gradient of the output, [B, T, H] or [B, H]. saved: what forward left.
template <class Cell>
void backward(const Layer& layer, const float* x, const float* kernel, const float* recurrent,
              const float* saved, const float* upstream, const Gradients& out) {
  constexpr Shape shape = Cell::shape;
  const long units = layer.units, whole = layer.whole(), columns = shape.gates * units;
  const TransposedWeights<Cell> weights(layer, kernel, recurrent, out.x != nullptr);
  const int threads = threadsFor<Cell>(layer);
  std::vector<GradientRoom<Cell>> rooms;
  for (int i = 0; i < threads; i++) rooms.emplace_back(layer, i);

  parallel(threads, [&](int thread) {
    forBlocks(layer, threads, thread, [&](long first, long rows) {
      GradientOfBlock<Cell>{layer, x, saved, upstream, weights, rooms[thread], out.x, first, rows}
          .run();
    });
  });

  // Sums over the threads, without the padding and in the order of Keras's columns.
  const auto collect = [&](float* GradientRoom<Cell>::* sums, long row, long stride, int block,
                           float* to) {
    for (long j = 0; j < units; j++) {
      float sum = 0;
      for (const auto& room : rooms) sum += (room.*sums)[row * stride + block * whole + j];
      to[j] = sum;
    }
  };
  using Room = GradientRoom<Cell>;
  parallel(threads, [&](int thread) {
    const long all = layer.features + units;
    for (long row = all * thread / threads; row < all * (thread + 1) / threads; row++)
      for (int g = 0; g < shape.gates; g++) {
        const long state = row - layer.features;
        if (state < 0)
          collect(&Room::kernel, row, shape.gates * whole, g,
                  out.kernel + row * columns + shape.inputColumn[g] * units);
        else
          collect(&Room::recurrent, state, shape.gates * whole, g,
                  out.recurrent + state * columns + shape.stateColumn[g] * units);
      }
  });
  for (int g = 0; g < shape.gates; g++) {
    collect(&Room::bias, 0, 0, g, out.bias + shape.inputColumn[g] * units);
    if (shape.twoBiases())
      collect(&Room::bias, 0, 0, shape.firstOfState + g,
              out.bias + columns + shape.stateColumn[g] * units);
  }
}

}  // namespace starlit

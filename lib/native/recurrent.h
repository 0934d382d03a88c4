// A recurrent layer over whole sequences, for any cell of cells.h: the forward pass, and what the
// backward pass (gradient.h) shares with it.
//
// The sequences of a batch don't depend on each other: they are shared out to the threads, and in a
// thread to blocks of some rows, and each block runs through all its time steps alone.
#pragma once
#include "cells.h"
#include "product.h"
#include "threads.h"
#include "workspace.h"

namespace starlit {

// Rows of a block at most: so many in long sequences; and in those of a few steps so many that the
// weights, which are read once a block, are worth their way from memory.
constexpr long kFewestRows = 4 * kTileRows;
constexpr long kChunkRows = 256;

// Sizes and options of a layer. All arrays are row-major and made of whole rows.
struct Layer {
  long batch, steps, features, units;
  bool backwards;    // reads the steps from last to first
  bool allStates;    // the output is [B, T, H] and not [B, H]
  const bool* mask;  // [B, T] or null

  long whole() const { return padded(units); }
  long mostRows() const { return std::max(kFewestRows, kChunkRows / steps); }
  long readAt(long t) const { return backwards ? steps - 1 - t : t; }
  bool masked(long row, long t) const { return mask && !mask[row * steps + readAt(t)]; }
};

// Floats that the forward pass leaves for the backward pass: rows of a block of sequences together,
// step after step.
template <class Cell>
long savedFloats(const Layer& layer) {
  return layer.batch * layer.steps * Cell::shape.saved * layer.whole();
}

template <class Cell>
int threadsFor(const Layer& layer) {
  const double columns = static_cast<double>(Cell::shape.gates) * layer.units;
  const double work = columns * layer.batch * layer.steps * (layer.features + layer.units);
  const double enough = 1e6;  // below this, waking a thread takes longer than it helps
  return work < enough ? 1 : static_cast<int>(std::min<long>(threadCount(), layer.batch));
}

// Calls work(first, rows) for each block of rows of one thread.
template <class Work>
void forBlocks(const Layer& layer, int threads, int thread, Work work) {
  const long begin = layer.batch * thread / threads, end = layer.batch * (thread + 1) / threads;
  const long most = layer.mostRows(), blocks = (end - begin + most - 1) / most;
  for (long b = 0; b < blocks; b++) {
    const long from = begin + (end - begin) * b / blocks;
    const long to = begin + (end - begin) * (b + 1) / blocks;
    work(from, to - from);
  }
}

// Panels of the weights, gate after gate, and the sum of the biases that reach each block.
template <class Cell>
struct Weights {
  float *input, *state, *bias;

  Weights(const Layer& layer, const float* kernel, const float* recurrent, const float* biases) {
    constexpr Shape shape = Cell::shape;
    const long units = layer.units, whole = layer.whole(), columns = shape.gates * units;
    input = Workspace::mine().floats("input panels", 0, layer.features * shape.gates * whole);
    state = Workspace::mine().floats("state panels", 0, units * shape.gates * whole);
    bias = Workspace::mine().floats("bias", 0, shape.blocks * whole);
    std::memset(bias, 0, shape.blocks * whole * sizeof(float));
    for (int g = 0; g < shape.gates; g++) {
      const long ofInput = shape.inputColumn[g] * units, ofState = shape.stateColumn[g] * units;
      packPanels(kernel + ofInput, columns, layer.features, units,
                 input + g * layer.features * whole);
      packPanels(recurrent + ofState, columns, units, units, state + g * units * whole);
      for (long j = 0; j < units; j++) {
        bias[g * whole + j] += biases[ofInput + j];
        if (shape.twoBiases())
          bias[(shape.firstOfState + g) * whole + j] += biases[columns + ofState + j];
      }
    }
  }
};

// output: [B, T, H] or [B, H]. saved: savedFloats(), or null where no backward pass will follow.
template <class Cell>
void forward(const Layer& layer, const float* x, const float* kernel, const float* recurrent,
             const float* biases, float* output, float* saved) {
  constexpr Shape shape = Cell::shape;
  const long units = layer.units, whole = layer.whole(), width = shape.saved * whole;
  const Weights<Cell> weights(layer, kernel, recurrent, biases);
  const int threads = threadsFor<Cell>(layer);
  float *zeros[kMostThreads], *resets[kMostThreads], *turns[kMostThreads];
  for (int i = 0; i < threads; i++) {
    zeros[i] = Workspace::mine().floats("zeros", i, width);
    resets[i] = Workspace::mine().floats("resets", i, layer.mostRows() * whole);
    turns[i] = saved ? nullptr : Workspace::mine().floats("turns", i, 2 * layer.mostRows() * width);
    std::memset(zeros[i], 0, width * sizeof(float));
  }

  parallel(threads, [&](int thread) {
    float* const reset = resets[thread];
    forBlocks(layer, threads, thread, [&](long first, long rows) {
      // Without a backward pass two steps take turns in the same place.
      float* const steps = saved ? saved + first * layer.steps * width : turns[thread];
      const auto at = [&](long t) { return steps + (saved ? t : t & 1) * rows * width; };
      for (long t = 0; t < layer.steps; t++) {
        float* const now = at(t);
        const float* const last = t ? at(t - 1) : zeros[thread];
        const long lastStride = t ? width : 0;

        Ahead ahead;
        if (saved && t + 1 < layer.steps) ahead = {at(t + 1), rows * width};
        const float* const xNow = x + (first * layer.steps + layer.readAt(t)) * layer.features;
        for (int block = 0; block < shape.blocks; block++) {
          const int gate = block - shape.firstOfState;
          Term terms[2];
          int count = 0;
          if (block < shape.gates)
            terms[count++] = {xNow, layer.steps * layer.features,
                              weights.input + block * layer.features * whole, layer.features};
          if (t && gate >= 0 && gate < shape.gatesOfState())
            terms[count++] = {last + width - whole, lastStride,
                              weights.state + gate * units * whole, units};
          multiply(terms, count, rows, whole, weights.bias + block * whole, 0, now + block * whole,
                   width, &ahead);
        }

        const auto rowAt = [&](long r) {
          return Row{units, whole, now + r * width, last + r * lastStride};
        };
        if constexpr (shape.resetsBefore) {
          for (long r = 0; r < rows; r++) Cell::reset(rowAt(r), reset + r * whole);
          constexpr int gate = shape.gates - 1;
          const Term term{reset, whole, weights.state + gate * units * whole, units};
          float* const sums = now + gate * whole;
          multiply(&term, 1, rows, whole, sums, width, sums, width);
        }
        for (long r = 0; r < rows; r++) {
          const Row row = rowAt(r);
          Cell::forward(row);
          if (layer.masked(first + r, t)) {
            const long states = shape.states * whole;
            std::memcpy(row.now + width - states, row.last + width - states,
                        states * sizeof(float));
          }
          const long place = layer.allStates ? (first + r) * layer.steps + t : first + r;
          if (layer.allStates || t == layer.steps - 1)
            std::memcpy(output + place * units, row.now + width - whole, units * sizeof(float));
        }
      }
    });
  });
}

}  // namespace starlit

// The mathematics of one time step, a row (one sequence) at a time, forward and backward.
//
// What a step leaves for the backward pass is a row of blocks, each as long as the state, padded to
// whole vectors: first what the matrix products reach, then the cell state where there is one, last
// the state h. `forward` finds the sums of the products in those blocks and puts the gates' values
// there. `backward` gets the gradient of h, writes the gradients of the sums to `d`, and leaves in
// `dh` the part that reaches the earlier h not through a product.
#pragma once
#include "vector.h"

namespace starlit {

constexpr int kMostGates = 4;

// What the driver must know of a cell. The input's products reach blocks 0 … gates - 1; those of
// the earlier state reach `gates` blocks from `firstOfState` on. `column` is the place of a block
// in Keras's weights. `resetsBefore`: the last block's product needs the reset state, so comes
// second.
struct Shape {
  int gates;
  int blocks;
  int firstOfState;
  int saved;   // all blocks of a row
  int states;  // how many of them, the last ones, a masked step hands on
  bool resetsBefore;
  int inputColumn[kMostGates];
  int stateColumn[kMostGates];

  constexpr bool twoBiases() const { return firstOfState > 0; }
  // Gates whose product with the earlier state needs nothing but that state.
  constexpr int gatesOfState() const { return resetsBefore ? gates - 1 : gates; }
};

struct Row {
  long units;         // H
  long whole;         // H padded to whole vectors: the length of a block
  float* now;         // blocks of this step
  const float* last;  // blocks of the step before; zeros before the first
};

#define STARLIT_EACH(j, row) for (long j = 0; j < (row).whole; j += kLanes)

// Hochreiter and Schmidhuber 1997 with a forget gate: blocks i f g o, then c, h.
//   c = f c' + i g,  h = o a(c);  a is tanh, or a softmax over the units, for g too.
template <bool kSoftmax>
struct Lstm {
  static constexpr Shape shape{4, 4, 0, 6, 2, false, {0, 1, 2, 3}, {0, 1, 2, 3}};

  static void forward(const Row& row) {
    float *i = row.now, *f = i + row.whole, *g = f + row.whole, *o = g + row.whole;
    float *c = o + row.whole, *h = c + row.whole;
    const float* cLast = row.last + 4 * row.whole;
    if constexpr (kSoftmax) softmax(g, g, row.units, row.whole);
    STARLIT_EACH(j, row) {
      const Vec in = sigmoid(load(i + j)), forget = sigmoid(load(f + j));
      const Vec candidate = kSoftmax ? load(g + j) : tanh(load(g + j));
      const Vec out = sigmoid(load(o + j));
      const Vec cell = forget * load(cLast + j) + in * candidate;
      store(i + j, in);
      store(f + j, forget);
      store(g + j, candidate);
      store(o + j, out);
      store(c + j, cell);
      if constexpr (!kSoftmax) store(h + j, out * tanh(cell));
    }
    if constexpr (kSoftmax) {
      softmax(c, h, row.units, row.whole);
      STARLIT_EACH(j, row) store(h + j, load(h + j) * load(o + j));
    }
  }

  static void backward(const Row& row, float* d, float* dh, float* dc, float* scratch) {
    const float *i = row.now, *f = i + row.whole, *g = f + row.whole, *o = g + row.whole;
    const float *c = o + row.whole, *cLast = row.last + 4 * row.whole;
    float *di = d, *df = di + row.whole, *dg = df + row.whole, *dout = dg + row.whole;
    Vec ofCell = Vec{}, ofCandidate = Vec{};
    if constexpr (kSoftmax) {  // the sums that the derivative of a softmax needs
      softmax(c, scratch, row.units, row.whole);
      STARLIT_EACH(j, row) ofCell += load(scratch + j) * load(o + j) * load(dh + j);
      ofCell = all(sumOf(ofCell));
      STARLIT_EACH(j, row) {
        const Vec a = load(scratch + j);
        const Vec cell = load(dc + j) + a * (load(dh + j) * load(o + j) - ofCell);
        ofCandidate += load(g + j) * load(i + j) * cell;
      }
      ofCandidate = all(sumOf(ofCandidate));
    }
    STARLIT_EACH(j, row) {
      const Vec in = load(i + j), forget = load(f + j), candidate = load(g + j), out = load(o + j);
      const Vec a = kSoftmax ? load(scratch + j) : tanh(load(c + j));
      const Vec gradient = load(dh + j);
      const Vec ofActive = gradient * out;
      const Vec cell = load(dc + j) + (kSoftmax ? a * (ofActive - ofCell) : ofActive * (1 - a * a));
      store(dout + j, gradient * a * out * (1 - out));
      store(di + j, cell * candidate * in * (1 - in));
      store(df + j, cell * load(cLast + j) * forget * (1 - forget));
      store(dg + j, kSoftmax ? candidate * (cell * in - ofCandidate)
                             : cell * in * (1 - candidate * candidate));
      store(dc + j, cell * forget);
      store(dh + j, Vec{});
    }
  }
};

// Cho et al. 2014, with the reset gate after the product: blocks n z r m, then h.
//   n = tanh(x W + r m),  m = h' U + b,  h = z h' + (1 - z) n.
struct GruAfter {
  static constexpr Shape shape{3, 4, 1, 5, 1, false, {2, 0, 1}, {0, 1, 2}};

  static void forward(const Row& row) {
    float *n = row.now, *z = n + row.whole, *r = z + row.whole, *m = r + row.whole,
          *h = m + row.whole;
    const float* hLast = row.last + 4 * row.whole;
    STARLIT_EACH(j, row) {
      const Vec update = sigmoid(load(z + j)), reset = sigmoid(load(r + j));
      const Vec candidate = tanh(load(n + j) + reset * load(m + j));
      store(n + j, candidate);
      store(z + j, update);
      store(r + j, reset);
      store(h + j, update * load(hLast + j) + (1 - update) * candidate);
    }
  }

  static void backward(const Row& row, float* d, float* dh, float*, float*) {
    const float *n = row.now, *z = n + row.whole, *r = z + row.whole, *m = r + row.whole;
    const float* hLast = row.last + 4 * row.whole;
    float *dn = d, *dz = dn + row.whole, *dr = dz + row.whole, *dm = dr + row.whole;
    STARLIT_EACH(j, row) {
      const Vec candidate = load(n + j), update = load(z + j), reset = load(r + j);
      const Vec gradient = load(dh + j);
      const Vec ofSum = gradient * (1 - update) * (1 - candidate * candidate);
      store(dn + j, ofSum);
      store(dz + j, gradient * (load(hLast + j) - candidate) * update * (1 - update));
      store(dr + j, ofSum * load(m + j) * reset * (1 - reset));
      store(dm + j, ofSum * reset);
      store(dh + j, gradient * update);
    }
  }
};

// The same with the reset gate before the product: blocks z r n, then h.
//   n = tanh(x W + (r h') U),  h = z h' + (1 - z) n.
struct GruBefore {
  static constexpr Shape shape{3, 3, 0, 4, 1, true, {0, 1, 2}, {0, 1, 2}};

  // First half: the gates, and in `resetState` the left factor of the candidate's product.
  static void reset(const Row& row, float* resetState) {
    float *z = row.now, *r = z + row.whole;
    const float* hLast = row.last + 3 * row.whole;
    STARLIT_EACH(j, row) {
      const Vec gate = sigmoid(load(r + j));
      store(z + j, sigmoid(load(z + j)));
      store(r + j, gate);
      store(resetState + j, gate * load(hLast + j));
    }
  }

  static void forward(const Row& row) {
    float *z = row.now, *n = z + 2 * row.whole, *h = n + row.whole;
    const float* hLast = row.last + 3 * row.whole;
    STARLIT_EACH(j, row) {
      const Vec update = load(z + j), candidate = tanh(load(n + j));
      store(n + j, candidate);
      store(h + j, update * load(hLast + j) + (1 - update) * candidate);
    }
  }

  static void backward(const Row& row, float* d, float* dh, float*, float*) {
    const float *z = row.now, *n = z + 2 * row.whole, *hLast = row.last + 3 * row.whole;
    float *dz = d, *dn = d + 2 * row.whole;
    STARLIT_EACH(j, row) {
      const Vec update = load(z + j), candidate = load(n + j), gradient = load(dh + j);
      store(dn + j, gradient * (1 - update) * (1 - candidate * candidate));
      store(dz + j, gradient * (load(hLast + j) - candidate) * update * (1 - update));
      store(dh + j, gradient * update);
    }
  }

  // Second half, when `resetState` holds the gradient of the reset state; puts that state there.
  static void resetBackward(const Row& row, float* d, float* dh, float* resetState) {
    const float *r = row.now + row.whole, *hLast = row.last + 3 * row.whole;
    float* dr = d + row.whole;
    STARLIT_EACH(j, row) {
      const Vec gate = load(r + j), h = load(hLast + j), gradient = load(resetState + j);
      store(dr + j, gradient * h * gate * (1 - gate));
      store(dh + j, load(dh + j) + gradient * gate);
      store(resetState + j, gate * h);
    }
  }
};

// Elman 1990: one block, which is the state.  h = tanh(x W + h' U + b).
struct Elman {
  static constexpr Shape shape{1, 1, 0, 1, 1, false, {0}, {0}};

  static void forward(const Row& row) {
    STARLIT_EACH(j, row) store(row.now + j, tanh(load(row.now + j)));
  }

  static void backward(const Row& row, float* d, float* dh, float*, float*) {
    STARLIT_EACH(j, row) {
      const Vec h = load(row.now + j);
      store(d + j, load(dh + j) * (1 - h * h));
      store(dh + j, Vec{});
    }
  }
};

}  // namespace starlit

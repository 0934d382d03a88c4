// Matrix products on packed operands. A matrix of weights is used at every time step, so it is laid
// out once as panels, each as wide as two vectors: panel after panel, and in a panel row after row.
// One tile of the result, up to 12 rows by one panel, stays in registers over the whole depth.
#pragma once
#include <algorithm>
#include <cstring>

#include "vector.h"

namespace starlit {

#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kTileRows = 12;  // 32 registers: 24 sums, 2 of the panel, 1 of the left factor
#else
constexpr int kTileRows = 6;  // 16 registers
#endif
constexpr int kPanel = 2 * kLanes;

inline long padded(long n) { return (n + kLanes - 1) / kLanes * kLanes; }

// One product `a · panels`. The left factor has `stride` from row to row; or, where the tile says
// so, it is packed as well (packLeft) and `stride` is unused.
struct Term {
  const float* a;
  long stride;
  const float* panels;
  long depth;
};

// c = start + sum of terms, for one tile. Of the panel's columns only `columns` are stored.
template <int kRows, int kVecs, bool kLeftPacked>
STARLIT_INLINE void tile(const Term* terms, int count, long row, long column, const float* start,
                         long startStride, float* c, long stride, long columns) {
  Vec sum[kRows][kVecs];
#pragma GCC unroll 12
  for (int r = 0; r < kRows; r++)
#pragma GCC unroll 2
    for (int v = 0; v < kVecs; v++) sum[r][v] = load(start + r * startStride + v * kLanes);
  for (int i = 0; i < count; i++) {
    const Term term = terms[i];
    const float* b = term.panels + column * term.depth;
    const float* a = term.a + row * (kLeftPacked ? term.depth : term.stride);
    // Three rows a pointer: an address can hold 0, 1 or 2 times the stride.
    const float* of[(kRows + 2) / 3];
#pragma GCC unroll 4
    for (int q = 0; q < (kRows + 2) / 3; q++) of[q] = a + 3 * q * term.stride;
    for (long k = 0; k < term.depth; k++) {
      Vec right[kVecs];
#pragma GCC unroll 2
      for (int v = 0; v < kVecs; v++) right[v] = load(b + k * kVecs * kLanes + v * kLanes);
#pragma GCC unroll 12
      for (int r = 0; r < kRows; r++) {
        const Vec left =
            all(kLeftPacked ? a[k * kTileRows + r] : of[r / 3][r % 3 * term.stride + k]);
#pragma GCC unroll 2
        for (int v = 0; v < kVecs; v++) sum[r][v] += left * right[v];
      }
    }
  }
  if (columns == kVecs * kLanes) {
#pragma GCC unroll 12
    for (int r = 0; r < kRows; r++)
#pragma GCC unroll 2
      for (int v = 0; v < kVecs; v++) store(c + r * stride + v * kLanes, sum[r][v]);
  } else {
    float whole[kPanel];
    for (int r = 0; r < kRows; r++) {
      for (int v = 0; v < kVecs; v++) store(whole + v * kLanes, sum[r][v]);
      std::memcpy(c + r * stride, whole, columns * sizeof(float));
    }
  }
}

template <int kVecs, bool kLeftPacked, int kRows = kTileRows>
inline void tileOfRows(long rows, const Term* terms, int count, long row, long column,
                       const float* start, long startStride, float* c, long stride, long columns) {
  if constexpr (kRows > 1)
    if (rows < kRows)
      return tileOfRows<kVecs, kLeftPacked, kRows - 1>(rows, terms, count, row, column, start,
                                                       startStride, c, stride, columns);
  tile<kRows, kVecs, kLeftPacked>(terms, count, row, column, start, startStride, c, stride,
                                  columns);
}

// Memory that will be wanted soon: asked for a little at a time between tiles, while they compute.
struct Ahead {
  const float* next = nullptr;
  long floats = 0;

  void ask(long share) {
    constexpr long line = 16;
    for (long end = std::max(0L, floats - share); floats > end; floats -= line, next += line)
      __builtin_prefetch(next, 0, 2);
  }
};

// c[rows, width] = start + sum of terms. `start` is one row for all (stride 0) or a matrix, c
// itself for instance. It is read in whole vectors, so it must be padded to them; c need not be.
template <bool kLeftPacked = false>
inline void multiply(const Term* terms, int count, long rows, long width, const float* start,
                     long startStride, float* c, long stride, Ahead* ahead = nullptr) {
  const long blocks = (rows + kTileRows - 1) / kTileRows;
  for (long column = 0; column < width; column += kPanel) {
    const long columns = std::min<long>(kPanel, width - column);
    for (long block = 0; block < blocks; block++) {
      // Packed rows come in whole blocks; others are shared out evenly.
      const long row = kLeftPacked ? block * kTileRows : rows * block / blocks;
      const long end = kLeftPacked ? std::min(row + kTileRows, rows) : rows * (block + 1) / blocks;
      const float* from = start + row * startStride + column;
      float* to = c + row * stride + column;
      if (ahead) ahead->ask(1024);
      if (columns > kLanes)
        tileOfRows<2, kLeftPacked>(end - row, terms, count, row, column, from, startStride, to,
                                   stride, columns);
      else
        tileOfRows<1, kLeftPacked>(end - row, terms, count, row, column, from, startStride, to,
                                   stride, columns);
    }
  }
}

// Panels of a matrix with `depth` rows and `width` columns, padded with zeros to whole vectors.
inline void packPanels(const float* from, long stride, long depth, long width, float* to) {
  for (long column = 0; column < width; column += kPanel) {
    const long columns = std::min<long>(kPanel, width - column), whole = padded(columns);
    for (long k = 0; k < depth; k++, to += whole) {
      if (columns == kPanel) {  // a length that the compiler knows
        std::memcpy(to, from + k * stride + column, kPanel * sizeof(float));
        continue;
      }
      std::memcpy(to, from + k * stride + column, columns * sizeof(float));
      for (long j = columns; j < whole; j++) to[j] = 0;
    }
  }
}

// Panels of the transpose of a matrix that has `width` rows. Its columns, here the depth, come in
// blocks: `blocks[i]` is the first column of block i, `units` wide, padded to whole vectors.
inline void packTransposed(const float* from, long stride, const long* blocks, int count,
                           long units, long width, float* to) {
  const long whole = padded(units), depth = count * whole;
  std::memset(to, 0, depth * padded(width) * sizeof(float));
  for (long column = 0; column < width; column += kPanel) {
    const long columns = std::min<long>(kPanel, width - column), across = padded(columns);
    for (int block = 0; block < count; block++) {
      const float* in = from + column * stride + blocks[block];
      float* out = to + column * depth + block * whole * across;
      for (long k = 0; k < units; k++, in++, out += across)
        for (long j = 0; j < columns; j++) out[j] = in[j * stride];
    }
  }
}

// The transpose of a matrix with `depth` rows as a left factor: blocks of kTileRows of its columns,
// in a block depth after depth. Unused places of the last block are never read for a result.
inline void packLeft(const float* from, long stride, long depth, long width, float* to,
                     long depthOfBlock) {
  for (long column = 0; column < width; column += kTileRows) {
    const long columns = std::min<long>(kTileRows, width - column);
    const float* in = from + column;
    float* out = to + column * depthOfBlock;
    for (long k = 0; k < depth; k++, in += stride, out += kTileRows) {
      if (columns == kTileRows)
        std::memcpy(out, in, kTileRows * sizeof(float));
      else
        std::memcpy(out, in, columns * sizeof(float));
    }
  }
}

}  // namespace starlit

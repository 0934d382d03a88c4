// Vectors of floats as the compiler's own type, as wide as the processor's registers, and the three
// functions that cells of recurrent networks need. Works with g++ and clang++ on any processor.
#pragma once
#include <cstdint>

namespace starlit {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(kLanes * 4)));
typedef int32_t IntVec __attribute__((vector_size(kLanes * 4)));
typedef float UnalignedVec __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));

#define STARLIT_INLINE inline __attribute__((always_inline))

STARLIT_INLINE Vec load(const float* p) { return *reinterpret_cast<const UnalignedVec*>(p); }
STARLIT_INLINE void store(float* p, Vec v) { *reinterpret_cast<UnalignedVec*>(p) = v; }
STARLIT_INLINE Vec all(float x) { return x - Vec{}; }

// Written so that a NaN passes through: every comparison with it is false.
STARLIT_INLINE Vec clamp(Vec x, float low, float high) {
  x = x > all(high) ? all(high) : x;
  return x < all(low) ? all(low) : x;
}

// Quotient of odd and even polynomials; error below 3 units in the last place.
STARLIT_INLINE Vec tanh(Vec x) {
  x = clamp(x, -7.90531110763549805f, 7.90531110763549805f);
  const Vec y = x * x;
  Vec p = all(-2.76076847742355e-16f);
  p = p * y + 2.00018790482477e-13f;
  p = p * y + -8.60467152213735e-11f;
  p = p * y + 5.12229709037114e-08f;
  p = p * y + 1.48572235717979e-05f;
  p = p * y + 6.37261928875436e-04f;
  p = p * y + 4.89352455891786e-03f;
  Vec q = all(1.19825839466702e-06f);
  q = q * y + 1.18534705686654e-04f;
  q = q * y + 2.26843463243900e-03f;
  q = q * y + 4.89352518554385e-03f;
  return x * p / q;
}

STARLIT_INLINE Vec sigmoid(Vec x) { return 0.5f * tanh(0.5f * x) + 0.5f; }

// 2^n · e^r with n whole and |r| <= ln 2 / 2; 0 far below, and capped before infinity.
STARLIT_INLINE Vec exp(Vec x) {
  x = clamp(x, -87.0f, 88.0f);
  const Vec shift = all(12582912.0f);  // 1.5 · 2^23: adding it rounds to a whole number
  const Vec rounded = x * 1.44269504088896341f + shift;
  const Vec n = rounded - shift;
  Vec r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  Vec p = all(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const IntVec power = ((IntVec)rounded + 127) << 23;
  return p * (Vec)power;
}

STARLIT_INLINE Vec larger(Vec a, Vec b) { return a > b ? a : b; }

// Sums of halves, of quarters and so on: each takes one addition, not one for each float.
STARLIT_INLINE float sumOf(Vec v) {
  for (int width = kLanes / 2; width > 0; width /= 2)
    for (int k = 0; k < width; k++) v[k] += v[k + width];
  return v[0];
}

// The values of a vector at `j` in a row of `units`, with `otherwise` past the end of it.
STARLIT_INLINE Vec inRow(Vec x, long j, long units, float otherwise) {
  if (j + kLanes <= units) return x;
  IntVec lane;
  for (int k = 0; k < kLanes; k++) lane[k] = k;
  return lane < static_cast<int32_t>(units - j) ? x : all(otherwise);
}

// Softmax of the first `units` values of a row; what follows, up to whole vectors, becomes 0.
inline void softmax(const float* in, float* out, long units, long padded) {
  Vec largest = all(in[0]);
  for (long j = 0; j < padded; j += kLanes)
    largest = larger(inRow(load(in + j), j, units, in[0]), largest);
  float most = largest[0];
  for (int k = 1; k < kLanes; k++) most = largest[k] > most ? largest[k] : most;
  Vec sums = Vec{};
  for (long j = 0; j < padded; j += kLanes) {
    const Vec e = inRow(exp(load(in + j) - most), j, units, 0);
    store(out + j, e);
    sums += e;
  }
  const Vec scale = all(1 / sumOf(sums));
  for (long j = 0; j < padded; j += kLanes) store(out + j, load(out + j) * scale);
}

}  // namespace starlit

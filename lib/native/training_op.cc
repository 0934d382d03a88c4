// What a training step needs besides the layers: Adam, the gradient of an embedding, dropout. Each
// is one pass over its arrays. They are bound by memory: threads share the rows, no sum is split.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "operation.h"
#include "operations.h"
#include "threads.h"
#include "vector.h"

namespace starlit {
namespace {

// Calls work(begin, end) on `count` things, shared out to the threads in multiples of `grain`.
template <class Work>
void share(long count, long grain, long enough, Work work) {
  const long pieces = (count + grain - 1) / grain;
  const int threads = count < enough ? 1 : static_cast<int>(std::min<long>(threadCount(), pieces));
  parallel(threads, [&](int i) {
    work(pieces * i / threads * grain, std::min(count, pieces * (i + 1) / threads * grain));
  });
}

constexpr long kEnough = 1 << 15;

// Kingma and Ba 2015 as Keras computes it:
//   m += (g - m)(1 - beta1),  v += (g² - v)(1 - beta2),  p' = p - rate · m / (sqrt(v) + epsilon).
// m and v, which nobody else holds, are changed in place; p' is new, since p may be shared.
// scalars: rate (with the correction of the bias), 1 - beta1, 1 - beta2, epsilon.
class Adam {
 public:
  explicit Adam(Attributes&) {}

  void run(Call& call) {
    const Tensor p = call.input(0), m = call.input(1), v = call.input(2), g = call.input(3),
                 scalars = call.input(4);
    m.sized("m", p.dims());
    v.sized("v", p.dims());
    g.sized("gradient", p.dims());
    const float* k = scalars.sized("scalars", {4}).data();
    const Tensor out = call.output(0, p.dims());
    share(p.count(), 1024, kEnough, [&](long begin, long end) {
      update(end - begin, p.data() + begin, g.data() + begin, m.data() + begin, v.data() + begin,
             out.data() + begin, {k[0], k[1], k[2], k[3]});
    });
  }

 private:
  struct Scalars {
    float rate, forMean, forSquare, epsilon;
  };

  // Told that its arrays don't overlap, the compiler makes this five times as fast.
  static void update(long count, const float* __restrict p, const float* __restrict g,
                     float* __restrict m, float* __restrict v, float* __restrict out, Scalars k) {
    for (long i = 0; i < count; i++) {
      m[i] += (g[i] - m[i]) * k.forMean;
      v[i] += (g[i] * g[i] - v[i]) * k.forSquare;
      out[i] = p[i] - k.rate * m[i] / (std::sqrt(v[i]) + k.epsilon);
    }
  }
};

// Rows of a table by their number, for ids of any shape.
class Embedding {
 public:
  explicit Embedding(Attributes&) {}

  void run(Call& call) {
    const Tensor table = call.input(0), ids = call.input(1);
    table.sized("table", {-1, -1});
    const long vocabulary = table.dim(0), width = table.dim(1), count = ids.count();
    const int32_t* id = ids.data<int32_t>();
    requireIds(id, count, vocabulary);
    Dims dims = ids.dims();
    dims.push_back(width);
    const Tensor out = call.output(0, dims);
    const float* from = table.data();
    float* to = out.data();
    share(count, 1, count * width < kEnough ? count + 1 : 0, [&](long begin, long end) {
      for (long i = begin; i < end; i++)
        std::memcpy(to + i * width, from + id[i] * width, width * sizeof(float));
    });
  }

  static void requireIds(const int32_t* id, long count, long vocabulary) {
    for (long i = 0; i < count; i++)
      if (id[i] < 0 || id[i] >= vocabulary)
        throw Invalid("indices = " + std::to_string(id[i]) + " is not in the table");
  }
};

// Rows of `upstream` summed by id, in the order of the batch. Threads share the columns, so that
// each sum is made by one of them, however often an id comes.
class EmbeddingGradient {
 public:
  explicit EmbeddingGradient(Attributes&) {}

  void run(Call& call) {
    const Tensor ids = call.input(0), upstream = call.input(1), shape = call.input(2);
    const int32_t* wanted = shape.sized("shape", {2}).data<int32_t>();
    const long vocabulary = wanted[0], width = wanted[1], count = ids.count();
    require(vocabulary > 0 && width > 0, "the table has no entry");
    Dims dims = ids.dims();
    dims.push_back(width);
    upstream.sized("upstream", dims);
    const int32_t* id = ids.data<int32_t>();
    Embedding::requireIds(id, count, vocabulary);
    const Tensor out = call.output(0, {vocabulary, width});
    const float* from = upstream.data();
    float* to = out.data();
    share(width, 16, (vocabulary + count) * width < kEnough ? width + 1 : 0,
          [&](long begin, long end) {
            for (long row = 0; row < vocabulary; row++)
              std::memset(to + row * width + begin, 0, (end - begin) * sizeof(float));
            for (long i = 0; i < count; i++) {
              float* __restrict sum = to + id[i] * width;
              const float* __restrict row = from + i * width;
              for (long j = begin; j < end; j++) sum[j] += row[j];
            }
          });
  }
};

// Drops a value where a hash of its place and of the key is below the threshold (a share of 2^32),
// and scales the others. The same key gives the same places: the gradient needs no mask.
// key: two words of the seed, then the threshold; all as the bits of int32.
class Dropout {
 public:
  explicit Dropout(Attributes&) {}

  void run(Call& call) {
    const Tensor x = call.input(0), key = call.input(1), scale = call.input(2);
    const auto* words = key.sized("key", {3}).data<int32_t>();
    const float factor = scale.sized("scale", {1}).data()[0];
    const Tensor out = call.output(0, x.dims());
    require(x.count() < (1LL << 32), "dropout of more than 2^32 values");
    share(x.count(), 1024, kEnough, [&](long begin, long end) {
      apply(static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin), x.data() + begin,
            out.data() + begin, factor, static_cast<uint32_t>(words[0]),
            static_cast<uint32_t>(words[1]), static_cast<uint32_t>(words[2]));
    });
  }

 private:
  static void apply(uint32_t place, uint32_t count, const float* __restrict x,
                    float* __restrict out, float factor, uint32_t first, uint32_t second,
                    uint32_t threshold) {
    for (uint32_t i = 0; i < count; i++) {
      uint32_t h = (place + i) * 0x9e3779b9u + first;  // murmur3's finalizer, keyed
      h = (h ^ (h >> 16)) * 0x85ebca6bu;
      h = ((h ^ (h >> 13)) + second) * 0xc2b2ae35u;
      h ^= h >> 16;
      out[i] = h < threshold ? 0.0f : x[i] * factor;
    }
  }
};

}  // namespace

void registerTraining() {
  registerOperation<Adam>("StarlitAdam",
                          {"p: float", "m: float", "v: float", "gradient: float", "scalars: float"},
                          {"out: float"}, {});
  registerOperation<Embedding>("StarlitEmbedding", {"table: float", "ids: int32"}, {"rows: float"},
                               {});
  registerOperation<EmbeddingGradient>("StarlitEmbeddingGrad",
                                       {"ids: int32", "upstream: float", "shape: int32"},
                                       {"gradient: float"}, {});
  registerOperation<Dropout>("StarlitDropout", {"x: float", "key: int32", "scale: float"},
                             {"out: float"}, {});
}

}  // namespace starlit

// What a training step needs besides the layers: Adam, the gradient of an embedding, dropout. Each
// is one pass over its arrays. They are bound by memory: threads share the rows, no sum is split.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

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

// Kingma and Ba 2015 as Keras computes it, for all variables of a model:
//   m += (g - m)(1 - beta1),  v += (g² - v)(1 - beta2),  p' = p - rate · m / (sqrt(v) + epsilon),
// with g first scaled down to the Euclidean norm `clip`, if that is above 0. m and v, which nobody
// else holds, are changed in place; p' is new, since p may be shared.
// scalars: rate (with the correction of the bias), 1 - beta1, 1 - beta2, epsilon, clip.
class Adam {
 public:
  explicit Adam(Attributes&) {}

  void run(Call& call) {
    const int count = (call.inputs() - 1) / 4;
    const Tensor scalars = call.input(4 * count);
    const float* k = scalars.sized("scalars", {5}).data();
    for (int i = 0; i < count; i++) {
      const Tensor p = call.input(i), m = call.input(count + i), v = call.input(2 * count + i),
                   g = call.input(3 * count + i);
      m.sized("m", p.dims());
      v.sized("v", p.dims());
      g.sized("gradient", p.dims());
      const float scale = k[4] > 0 ? k[4] / std::max(norm(g.data(), g.count()), k[4]) : 1;
      const Tensor out = call.output(i, p.dims());
      share(p.count(), kGrain, kEnough, [&](long begin, long end) {
        update(end - begin, p.data() + begin, g.data() + begin, m.data() + begin, v.data() + begin,
               out.data() + begin, {k[0], k[1], k[2], k[3], scale});
      });
    }
  }

 private:
  static constexpr long kGrain = 1024;

  struct Scalars {
    float rate, forMean, forSquare, epsilon, scale;
  };

  // Told that its arrays don't overlap, the compiler makes this five times as fast.
  static void update(long count, const float* __restrict p, const float* __restrict gradient,
                     float* __restrict m, float* __restrict v, float* __restrict out, Scalars k) {
    for (long i = 0; i < count; i++) {
      const float g = gradient[i] * k.scale;
      m[i] += (g - m[i]) * k.forMean;
      v[i] += (g * g - v[i]) * k.forSquare;
      out[i] = p[i] - k.rate * m[i] / (std::sqrt(v[i]) + k.epsilon);
    }
  }

  // Summed by pieces of one length, so that the threads don't matter.
  static float norm(const float* x, long count) {
    std::vector<double> pieces((count + kGrain - 1) / kGrain);
    share(count, kGrain, kEnough, [&](long begin, long end) {
      for (long from = begin; from < end; from += kGrain) {
        Vec sums = Vec{};
        const long whole = std::min(kGrain, end - from), vectors = whole / kLanes * kLanes;
        for (long i = 0; i < vectors; i += kLanes) sums += load(x + from + i) * load(x + from + i);
        double sum = sumOf(sums);
        for (long i = vectors; i < whole; i++) sum += x[from + i] * x[from + i];
        pieces[from / kGrain] = sum;
      }
    });
    return static_cast<float>(std::sqrt(std::accumulate(pieces.begin(), pieces.end(), 0.0)));
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

// Which values dropout sets to 0: those where a hash of the place and of the key is below the
// threshold (a share of 2^32). key: two words of the seed, then the threshold; bits of int32.
struct DropoutKey {
  uint32_t first, second, threshold;

  explicit DropoutKey(const Tensor& key) {
    const auto* words = key.sized("key", {3}).data<int32_t>();
    first = static_cast<uint32_t>(words[0]);
    second = static_cast<uint32_t>(words[1]);
    threshold = static_cast<uint32_t>(words[2]);
  }
  STARLIT_INLINE bool drops(uint32_t place) const {
    uint32_t h = place * 0x9e3779b9u + first;  // murmur3's finalizer, keyed
    h = (h ^ (h >> 16)) * 0x85ebca6bu;
    h = ((h ^ (h >> 13)) + second) * 0xc2b2ae35u;
    h ^= h >> 16;
    return h < threshold;
  }
  // work(begin, end) on pieces of that many values.
  template <class Work>
  static void shareValues(long count, Work work) {
    require(count < (1LL << 32), "dropout of more than 2^32 values");
    share(count, 1024, kEnough, [&](long begin, long end) {
      work(static_cast<uint32_t>(begin), static_cast<uint32_t>(end));
    });
  }
};

// Drops values and scales the others. The same key gives the same places: the gradient needs no
// mask.
class Dropout {
 public:
  explicit Dropout(Attributes&) {}

  void run(Call& call) {
    const Tensor x = call.input(0), key = call.input(1), scale = call.input(2);
    const float factor = scale.sized("scale", {1}).data()[0];
    const Tensor out = call.output(0, x.dims());
    DropoutKey::shareValues(x.count(), [&, k = DropoutKey(key)](uint32_t begin, uint32_t end) {
      apply(begin, end, x.data(), out.data(), factor, k);
    });
  }

 private:
  static void apply(uint32_t begin, uint32_t end, const float* __restrict x, float* __restrict out,
                    float factor, DropoutKey key) {
    for (uint32_t i = begin; i < end; i++) out[i] = key.drops(i) ? 0.0f : x[i] * factor;
  }
};

// What Dropout multiplies each value of a shape with, for values that lie on a GPU.
class DropoutFactors {
 public:
  explicit DropoutFactors(Attributes&) {}

  void run(Call& call) {
    const Tensor shape = call.input(0), key = call.input(1), scale = call.input(2);
    const float factor = scale.sized("scale", {1}).data()[0];
    const int32_t* sizes = shape.data<int32_t>();
    const Tensor out = call.output(0, Dims(sizes, sizes + shape.count()));
    float* const factors = out.data();
    DropoutKey::shareValues(out.count(), [&, k = DropoutKey(key)](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; i++) factors[i] = k.drops(i) ? 0.0f : factor;
    });
  }
};

// Keras's crossentropy of probabilities [..., C], kept 1e-7 away from 0 and 1, and its derivative:
// of C separate questions (their mean), or of C classes (probabilities first divided by their sum).
class Crossentropy {
 public:
  explicit Crossentropy(Attributes& attributes) : categorical_(attributes.truth("categorical")) {}

  void run(Call& call) {
    const Tensor targets = call.input(0), probabilities = call.input(1);
    targets.sized("targets", probabilities.dims());
    Dims rows = probabilities.dims();
    require(!rows.empty() && rows.back() > 0, "probabilities of no class");
    const long classes = rows.back(), count = probabilities.count() / classes;
    rows.pop_back();
    const Tensor loss = call.output(0, rows), slope = call.output(1, probabilities.dims());
    const auto row = categorical_ ? ofClasses : ofQuestions;
    for (long i = 0; i < count; i++)
      loss.data()[i] = row(classes, targets.data() + i * classes,
                           probabilities.data() + i * classes, slope.data() + i * classes);
  }

 private:
  static constexpr float kLeast = 1e-7f, kMost = 1 - kLeast;

  // Written so that a NaN passes through.
  static float clipped(float p) { return p < kLeast ? kLeast : p > kMost ? kMost : p; }

  static float ofQuestions(long classes, const float* y, const float* p, float* slope) {
    float sum = 0;
    for (long j = 0; j < classes; j++) {
      const float q = clipped(p[j]);
      sum -= y[j] * std::log(q) + (1 - y[j]) * std::log(1 - q);
      slope[j] = p[j] == q ? (q - y[j]) / (q * (1 - q)) / classes : 0;
    }
    return sum / classes;
  }

  static float ofClasses(long classes, const float* y, const float* p, float* slope) {
    float total = 0, loss = 0, common = 0;
    for (long j = 0; j < classes; j++) total += p[j];
    for (long j = 0; j < classes; j++) {
      const float share = p[j] / total, q = clipped(share);
      loss -= y[j] * std::log(q);
      slope[j] = share == q ? -y[j] / q : 0;
      common += slope[j] * share;
    }
    for (long j = 0; j < classes; j++) slope[j] = (slope[j] - common) / total;
    return loss;
  }

  const bool categorical_;
};

}  // namespace

void registerTraining() {
  registerOperation<Adam>(
      "StarlitAdam",
      {"p: N * float", "m: N * float", "v: N * float", "gradient: N * float", "scalars: float"},
      {"out: N * float"}, {"N: int >= 1"});
  registerOperation<Crossentropy>("StarlitCrossentropy", {"targets: float", "probabilities: float"},
                                  {"loss: float", "slope: float"}, {"categorical: bool"});
  registerOperation<Embedding>("StarlitEmbedding", {"table: float", "ids: int32"}, {"rows: float"},
                               {});
  registerOperation<EmbeddingGradient>("StarlitEmbeddingGrad",
                                       {"ids: int32", "upstream: float", "shape: int32"},
                                       {"gradient: float"}, {});
  registerOperation<Dropout>("StarlitDropout", {"x: float", "key: int32", "scale: float"},
                             {"out: float"}, {});
  registerOperation<DropoutFactors>("StarlitDropoutFactors",
                                    {"shape: int32", "key: int32", "scale: float"},
                                    {"factors: float"}, {});
}

}  // namespace starlit

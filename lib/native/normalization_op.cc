// Batch normalisation of rows of features (Ioffe and Szegedy 2015) while training. Threads share
// the features, so that each sum over the rows is made by one of them.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "operation.h"
#include "operations.h"
#include "threads.h"

namespace starlit {
namespace {

constexpr long kGrain = 16;

// Calls work(begin, end) on blocks of columns.
template <class Work>
void shareColumns(long rows, long columns, Work work) {
  const long pieces = (columns + kGrain - 1) / kGrain;
  const int threads =
      rows * columns < 1 << 17 ? 1 : static_cast<int>(std::min<long>(threadCount(), pieces));
  parallel(threads, [&](int i) {
    work(pieces * i / threads * kGrain, std::min(columns, pieces * (i + 1) / threads * kGrain));
  });
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance of each column.
class BatchNorm {
 public:
  explicit BatchNorm(Attributes&) {}

  void run(Call& call) {
    const Tensor x = call.input(0), gamma = call.input(1), beta = call.input(2),
                 epsilon = call.input(3);
    x.sized("x", {-1, -1});
    const long rows = x.dim(0), columns = x.dim(1);
    gamma.sized("gamma", {columns});
    beta.sized("beta", {columns});
    const float added = epsilon.sized("epsilon", {1}).data()[0];
    const Tensor y = call.output(0, x.dims()), mean = call.output(1, {columns}),
                 variance = call.output(2, {columns});
    shareColumns(rows, columns, [&](long begin, long end) {
      for (long j = begin; j < end; j += kGrain)
        normalize(rows, columns, std::min(kGrain, end - j), x.data() + j, gamma.data() + j,
                  beta.data() + j, added, y.data() + j, mean.data() + j, variance.data() + j);
    });
  }

 private:
  static void normalize(long rows, long stride, long width, const float* __restrict x,
                        const float* __restrict gamma, const float* __restrict beta, float epsilon,
                        float* __restrict y, float* __restrict mean, float* __restrict variance) {
    float sum[kGrain] = {}, squares[kGrain] = {}, scale[kGrain];
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < width; j++) sum[j] += x[i * stride + j];
    for (long j = 0; j < width; j++) mean[j] = sum[j] / rows;
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < width; j++) {
        const float far = x[i * stride + j] - mean[j];
        squares[j] += far * far;
      }
    for (long j = 0; j < width; j++) {
      variance[j] = squares[j] / rows;
      scale[j] = gamma[j] / std::sqrt(variance[j] + epsilon);
    }
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < width; j++)
        y[i * stride + j] = (x[i * stride + j] - mean[j]) * scale[j] + beta[j];
  }
};

// With n = (x - mean) / sqrt(variance + epsilon) and d the gradient of y:
//   dbeta = sum d,  dgamma = sum d n,
//   dx = gamma / sqrt(variance + epsilon) · (d - dbeta / rows - n dgamma / rows).
class BatchNormGradient {
 public:
  explicit BatchNormGradient(Attributes&) {}

  void run(Call& call) {
    const Tensor x = call.input(0), gamma = call.input(1), mean = call.input(2),
                 variance = call.input(3), epsilon = call.input(4), upstream = call.input(5);
    x.sized("x", {-1, -1});
    const long rows = x.dim(0), columns = x.dim(1);
    gamma.sized("gamma", {columns});
    mean.sized("mean", {columns});
    variance.sized("variance", {columns});
    upstream.sized("upstream", x.dims());
    const float added = epsilon.sized("epsilon", {1}).data()[0];
    const Tensor dx = call.output(0, x.dims()), dgamma = call.output(1, {columns}),
                 dbeta = call.output(2, {columns});
    shareColumns(rows, columns, [&](long begin, long end) {
      for (long j = begin; j < end; j += kGrain)
        differentiate(rows, columns, std::min(kGrain, end - j), x.data() + j, upstream.data() + j,
                      gamma.data() + j, mean.data() + j, variance.data() + j, added, dx.data() + j,
                      dgamma.data() + j, dbeta.data() + j);
    });
  }

 private:
  static void differentiate(long rows, long stride, long width, const float* __restrict x,
                            const float* __restrict d, const float* __restrict gamma,
                            const float* __restrict mean, const float* __restrict variance,
                            float epsilon, float* __restrict dx, float* __restrict dgamma,
                            float* __restrict dbeta) {
    float sum[kGrain] = {}, product[kGrain] = {}, inverse[kGrain];
    for (long j = 0; j < width; j++) inverse[j] = 1 / std::sqrt(variance[j] + epsilon);
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < width; j++) {
        sum[j] += d[i * stride + j];
        product[j] += d[i * stride + j] * (x[i * stride + j] - mean[j]) * inverse[j];
      }
    for (long i = 0; i < rows; i++)
      for (long j = 0; j < width; j++) {
        const float n = (x[i * stride + j] - mean[j]) * inverse[j];
        dx[i * stride + j] =
            gamma[j] * inverse[j] * (d[i * stride + j] - sum[j] / rows - n * product[j] / rows);
      }
    std::memcpy(dbeta, sum, width * sizeof(float));
    std::memcpy(dgamma, product, width * sizeof(float));
  }
};

}  // namespace

void registerNormalization() {
  registerOperation<BatchNorm>("StarlitBatchNorm",
                               {"x: float", "gamma: float", "beta: float", "epsilon: float"},
                               {"y: float", "mean: float", "variance: float"}, {});
  registerOperation<BatchNormGradient>("StarlitBatchNormGrad",
                                       {"x: float", "gamma: float", "mean: float",
                                        "variance: float", "epsilon: float", "upstream: float"},
                                       {"dx: float", "dgamma: float", "dbeta: float"}, {});
}

}  // namespace starlit

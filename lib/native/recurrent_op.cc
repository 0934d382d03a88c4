// StarlitRecurrent and its gradient: checks of all sizes, then the right instance of recurrent.h.
#include "gradient.h"
#include "operation.h"
#include "operations.h"

namespace starlit {
namespace {

struct Arguments {
  Layer layer;
  const float *x, *kernel, *recurrent;
};

// The numbers of the kinds are those of native.ts.
template <class Visitor>
void withCell(int kind, Visitor visit) {
  switch (kind) {
    case 0:
      return visit(Lstm<false>());
    case 1:
      return visit(Lstm<true>());
    case 2:
      return visit(GruAfter());
    case 3:
      return visit(GruBefore());
    case 4:
      return visit(Elman());
  }
  throw Invalid("kind is unknown");
}

class Recurrent {
 public:
  explicit Recurrent(Attributes& attributes)
      : kind_(attributes.whole("kind")),
        backwards_(attributes.truth("backwards")),
        sequences_(attributes.truth("sequences")) {}

 protected:
  template <class Cell>
  Layer checked(const Tensor& x, const Tensor& kernel, const Tensor& recurrent,
                const Tensor& mask) {
    x.sized("x", {-1, -1, -1});
    recurrent.sized("recurrent kernel", {-1, -1});
    const int64_t units = recurrent.dim(0), columns = Cell::shape.gates * units;
    recurrent.sized("recurrent kernel", {units, columns});
    kernel.sized("kernel", {x.dim(2), columns});
    if (mask.count()) mask.sized("mask", {x.dim(0), x.dim(1)});
    return {x.dim(0),
            x.dim(1),
            x.dim(2),
            units,
            backwards_,
            sequences_,
            mask.count() ? mask.data<bool>() : nullptr};
  }
  template <class Cell>
  Dims biasDims(const Layer& layer) {
    const int64_t columns = Cell::shape.gates * layer.units;
    return Cell::shape.twoBiases() ? Dims{2, columns} : Dims{columns};
  }
  template <class Cell>
  Dims savedDims(const Layer& layer) {
    return {layer.batch, layer.steps, Cell::shape.saved * layer.whole()};
  }
  Dims outputDims(const Layer& layer) {
    return sequences_ ? Dims{layer.batch, layer.steps, layer.units}
                      : Dims{layer.batch, layer.units};
  }

  const int kind_;
  const bool backwards_, sequences_;
};

class Forward : Recurrent {
 public:
  explicit Forward(Attributes& attributes)
      : Recurrent(attributes), save_(attributes.truth("save")) {}

  void run(Call& call) {
    const Tensor x = call.input(0), kernel = call.input(1), recurrent = call.input(2),
                 bias = call.input(3), mask = call.input(4);
    withCell(kind_, [&](auto cell) {
      using Cell = decltype(cell);
      const Layer layer = checked<Cell>(x, kernel, recurrent, mask);
      bias.sized("bias", biasDims<Cell>(layer));
      const Tensor output = call.output(0, outputDims(layer));
      const Tensor saved = call.output(1, save_ ? savedDims<Cell>(layer) : Dims{0});
      forward<Cell>(layer, x.data(), kernel.data(), recurrent.data(), bias.data(), output.data(),
                    save_ ? saved.data() : nullptr);
    });
  }

 private:
  const bool save_;
};

class Backward : Recurrent {
 public:
  explicit Backward(Attributes& attributes)
      : Recurrent(attributes), toInput_(attributes.truth("toInput")) {}

  void run(Call& call) {
    const Tensor x = call.input(0), kernel = call.input(1), recurrent = call.input(2),
                 mask = call.input(3), saved = call.input(4), upstream = call.input(5);
    withCell(kind_, [&](auto cell) {
      using Cell = decltype(cell);
      const Layer layer = checked<Cell>(x, kernel, recurrent, mask);
      saved.sized("saved", savedDims<Cell>(layer));
      upstream.sized("upstream", outputDims(layer));
      const Tensor dx = call.output(0, toInput_ ? x.dims() : Dims{0}),
                   dKernel = call.output(1, kernel.dims()),
                   dRecurrent = call.output(2, recurrent.dims()),
                   dBias = call.output(3, biasDims<Cell>(layer));
      backward<Cell>(
          layer, x.data(), kernel.data(), recurrent.data(), saved.data(), upstream.data(),
          {toInput_ ? dx.data() : nullptr, dKernel.data(), dRecurrent.data(), dBias.data()});
    });
  }

 private:
  const bool toInput_;
};

}  // namespace

void registerRecurrent() {
  registerOperation<Forward>(
      "StarlitRecurrent",
      {"x: float", "kernel: float", "recurrent: float", "bias: float", "mask: bool"},
      {"output: float", "saved: float"},
      {"kind: int", "backwards: bool", "sequences: bool", "save: bool"});
  registerOperation<Backward>("StarlitRecurrentGrad",
                              {"x: float", "kernel: float", "recurrent: float", "mask: bool",
                               "saved: float", "upstream: float"},
                              {"dx: float", "dkernel: float", "drecurrent: float", "dbias: float"},
                              {"kind: int", "backwards: bool", "sequences: bool", "toInput: bool"});
}

}  // namespace starlit

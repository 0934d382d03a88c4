// A thin dress over TensorFlow's C kernel interface: inputs and outputs with their sizes, errors
// that reach JavaScript as exceptions, and registration.
#pragma once
#include <initializer_list>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "memory.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace starlit {

using Dims = std::vector<int64_t>;

struct Invalid : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& otherwise) {
  if (!holds) throw Invalid(otherwise);
}

inline std::string written(const Dims& dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); i++) text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

class Tensor {
 public:
  Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(Tensor&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  ~Tensor() {
    if (tensor_) TF_DeleteTensor(tensor_);
  }
  int64_t dim(int axis) const { return TF_Dim(tensor_, axis); }
  int64_t count() const { return TF_TensorElementCount(tensor_); }
  Dims dims() const {
    Dims all;
    for (int i = 0; i < TF_NumDims(tensor_); i++) all.push_back(dim(i));
    return all;
  }
  template <class T = float>
  T* data() const {
    return static_cast<T*>(TF_TensorData(tensor_));
  }
  // This tensor, if it has these sizes; -1 stands for any but 0.
  const Tensor& sized(const char* name, const Dims& wanted) const {
    const Dims is = dims();
    bool same = is.size() == wanted.size();
    for (size_t i = 0; same && i < is.size(); i++)
      same = wanted[i] < 0 ? is[i] > 0 : is[i] == wanted[i];
    require(same, std::string(name) + " has the shape " + written(is) + ", not " + written(wanted));
    return *this;
  }

 private:
  TF_Tensor* tensor_;
};

// One execution of an operation.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  Call(const Call&) = delete;
  ~Call() { TF_DeleteStatus(status_); }

  Tensor input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    check();
    return tensor;
  }
  // How many there are; more than its definition names where one of them is a list.
  int inputs() const { return TF_NumInputs(context_); }
  Tensor output(int index, const Dims& dims) {
    size_t bytes = sizeof(float);
    for (int64_t d : dims) bytes *= d;
    const int rank = static_cast<int>(dims.size());
    TF_Tensor* tensor = nullptr;
    if (bytes < kLarge) {
      tensor = TF_AllocateOutput(context_, index, TF_FLOAT, dims.data(), rank, bytes, status_);
    } else {
      const auto back = [](void* data, size_t length, void*) {
        Memory::shared().give(data, length);
      };
      void* memory = Memory::shared().take(bytes);
      tensor = TF_NewTensor(TF_FLOAT, dims.data(), rank, memory, bytes, back, nullptr);
      TF_SetOutput(context_, index, tensor, status_);
    }
    check();
    return tensor;
  }
  void fail(TF_Code code, const char* message) {
    TF_SetStatus(status_, code, message);
    TF_OpKernelContext_Failure(context_, status_);
  }

 private:
  // Sanitizers watch the exact ends of TensorFlow's own memory.
#if defined(__SANITIZE_ADDRESS__)
  static constexpr size_t kLarge = static_cast<size_t>(-1);
#else
  static constexpr size_t kLarge = 1 << 20;
#endif

  void check() { require(TF_GetCode(status_) == TF_OK, TF_Message(status_)); }

  TF_OpKernelContext* context_;
  TF_Status* status_;
};

// Attributes of an operation, read once.
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* construction)
      : construction_(construction), status_(TF_NewStatus()) {}
  Attributes(const Attributes&) = delete;
  ~Attributes() { TF_DeleteStatus(status_); }
  int whole(const char* name) {
    int32_t value = 0;
    TF_OpKernelConstruction_GetAttrInt32(construction_, name, &value, status_);
    return value;
  }
  bool truth(const char* name) {
    TF_Bool value = 0;
    TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    return value;
  }

 private:
  TF_OpKernelConstruction* construction_;
  TF_Status* status_;
};

// Makes `Operation` known to TensorFlow under a name. It has a constructor from Attributes and a
// method run(Call&) that throws what goes wrong.
template <class Operation>
void registerOperation(const char* name, std::initializer_list<const char*> inputs,
                       std::initializer_list<const char*> outputs,
                       std::initializer_list<const char*> attributes) {
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(definition, status);

  const auto create = [](TF_OpKernelConstruction* construction) -> void* {
    Attributes attributes(construction);
    return new Operation(attributes);
  };
  const auto compute = [](void* operation, TF_OpKernelContext* context) {
    Call call(context);
    try {
      static_cast<Operation*>(operation)->run(call);
    } catch (const Invalid& error) {
      call.fail(TF_INVALID_ARGUMENT, error.what());
    } catch (const std::bad_alloc&) {
      call.fail(TF_RESOURCE_EXHAUSTED, "Memory ran out: use a smaller batch.");
    }
  };
  const auto destroy = [](void* operation) { delete static_cast<Operation*>(operation); };
  if (TF_GetCode(status) == TF_OK)
    TF_RegisterKernelBuilder(name, TF_NewKernelBuilder(name, "CPU", create, compute, destroy),
                             status);
  const std::string message = TF_Message(status);
  const bool registered = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  require(registered, message);
}

}  // namespace starlit

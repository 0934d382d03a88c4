// The Node module: requiring it registers the operations with the TensorFlow that is loaded, once
// per process, however many JavaScript contexts require it. Exports how many threads they use.
#include <node_api.h>
#if defined(__AVX2__)
#include <cpuid.h>
#endif

#include <string>

#include "operation.h"
#include "operations.h"
#include "threads.h"
#include "vector.h"

namespace {

// The module is compiled for the processor of the machine that built it; on another one that knows
// fewer instructions it must not be used.
bool fitsProcessor() {
#if defined(__AVX2__)
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
#if defined(__AVX512F__)
  constexpr unsigned wanted = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;  // F, DQ, BW, VL
#else
  constexpr unsigned wanted = 1u << 5;  // AVX2
#endif
  return (b & wanted) == wanted;
#else
  return true;
#endif
}

std::string registered() {
  if (!fitsProcessor()) return "built for another processor";
  try {
    starlit::registerRecurrent();
    starlit::registerTraining();
    starlit::registerNormalization();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value
napi_register_module_v1(napi_env env, napi_value exports) {
  static const std::string problem = registered();
  if (!problem.empty()) {
    napi_throw_error(env, nullptr, problem.c_str());
    return exports;
  }
  const auto number = [&](const char* name, int value) {
    napi_value as;
    napi_create_int32(env, value, &as);
    napi_set_named_property(env, exports, name, as);
  };
  number("threads", starlit::threadCount());
  number("lanes", starlit::kLanes);
  return exports;
}

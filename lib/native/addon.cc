// The Node module: requiring it registers the operations with the TensorFlow that is loaded, once
// per process, however many JavaScript contexts require it.
#include <malloc.h>
#include <node_api.h>
#if defined(__AVX2__)
#include <cpuid.h>
#endif

#include <string>

#include "operation.h"
#include "operations.h"
#include "threads.h"
#include "vector.h"
#include "workspace.h"

namespace {

// engine/kernels/addon.ts takes the build that fits the processor; this is for one that was named.
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

// configure(threads, idleBytes)
napi_value configure(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  int64_t threads = 1, idleBytes = 0;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_value_int64(env, arguments[0], &threads);
  napi_get_value_int64(env, arguments[1], &idleBytes);
  starlit::threadCount() = static_cast<int>(threads);
  starlit::Memory::shared().keepAtMost(static_cast<size_t>(idleBytes));
  return nullptr;
}

// trim(): operations run on the thread that asks for them, which is this one.
napi_value trim(napi_env, napi_callback_info) {
  starlit::Memory::shared().trim();
  starlit::Workspace::mine().clear();
#if defined(__GLIBC__)
  malloc_trim(0);  // what is free goes back to the system
#endif
  return nullptr;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value
napi_register_module_v1(napi_env env, napi_value exports) {
  static const std::string problem = registered();
  if (!problem.empty()) {
    napi_throw_error(env, nullptr, problem.c_str());
    return exports;
  }
  napi_value lanes;
  napi_create_int32(env, starlit::kLanes, &lanes);
  napi_set_named_property(env, exports, "lanes", lanes);
  const auto function = [&](const char* name, napi_callback call) {
    napi_value as;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, call, nullptr, &as);
    napi_set_named_property(env, exports, name, as);
  };
  function("configure", configure);
  function("trim", trim);
  return exports;
}

// A Node module that calls a function with the process's stderr switched off. TensorFlow's library
// greets on stderr while it is loaded, before any log level can be set, and JavaScript cannot stop
// what C++ writes. Linked to nothing, so that it can be loaded first.
#include <fcntl.h>
#include <node_api.h>
#include <unistd.h>

namespace {

napi_value quietly(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value work, global, result = nullptr;
  napi_get_cb_info(env, info, &count, &work, nullptr, nullptr);
  napi_get_global(env, &global);
  const int before = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
  if (before >= 0 && nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  napi_call_function(env, global, work, 0, nullptr, &result);  // an exception goes on to JavaScript
  if (before >= 0 && nowhere >= 0) dup2(before, STDERR_FILENO);
  if (before >= 0) close(before);
  if (nowhere >= 0) close(nowhere);
  return result;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) napi_value
napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "quietly", NAPI_AUTO_LENGTH, quietly, nullptr, &function);
  napi_set_named_property(env, exports, "quietly", function);
  return exports;
}

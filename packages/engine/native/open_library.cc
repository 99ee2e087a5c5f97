// Opens a shared library with stderr captured. TensorFlow logs from static initialisers, before it reads
// TF_CPP_MIN_LOG_LEVEL, and nothing but the file descriptor can be put in its way then. The caller gets the text and
// decides what to pass on. Environment variables are set here, too: in a worker thread `process.env` is a copy
// that C code does not see.

#include <dlfcn.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

namespace {

std::string ReadString(napi_env env, napi_value value) {
  size_t length = 0;
  napi_get_value_string_utf8(env, value, nullptr, 0, &length);
  std::string text(length + 1, '\0');
  napi_get_value_string_utf8(env, value, &text[0], text.size(), &length);
  text.resize(length);
  return text;
}

std::string ReadAll(FILE* file) {
  std::string text;
  char buffer[4096];
  rewind(file);
  for (size_t count; (count = fread(buffer, 1, sizeof buffer, file)) > 0;) text.append(buffer, count);
  return text;
}

void* OpenCaptured(const char* path, std::string* text) {
  FILE* capture = tmpfile();
  int original = capture ? dup(STDERR_FILENO) : -1;
  if (original < 0) {
    if (capture) fclose(capture);
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
  }
  fflush(stderr);
  dup2(fileno(capture), STDERR_FILENO);
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  fflush(stderr);
  dup2(original, STDERR_FILENO);
  close(original);
  *text = ReadAll(capture);
  fclose(capture);
  return library;
}

// openLibrary(path: string): string
napi_value OpenLibrary(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  std::string text;
  if (OpenCaptured(ReadString(env, argument).c_str(), &text) == nullptr) {
    const char* reason = dlerror();
    napi_throw_error(env, nullptr, (text + (reason ? reason : "dlopen failed")).c_str());
    return nullptr;
  }
  napi_create_string_utf8(env, text.c_str(), text.size(), &result);
  return result;
}

// setEnvironment(name: string, value: string): void
napi_value SetEnvironment(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  setenv(ReadString(env, arguments[0]).c_str(), ReadString(env, arguments[1]).c_str(), 1);
  return nullptr;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "openLibrary", NAPI_AUTO_LENGTH, OpenLibrary, nullptr, &function);
  napi_set_named_property(env, exports, "openLibrary", function);
  napi_create_function(env, "setEnvironment", NAPI_AUTO_LENGTH, SetEnvironment, nullptr, &function);
  napi_set_named_property(env, exports, "setEnvironment", function);
  return exports;
}

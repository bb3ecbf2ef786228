// Runs every operation of the shim on fixed inputs and prints what comes out, a line per result:
// a name, then the values. check_onednn3.py compares the lines of two versions of oneDNN.

#include "onednn_shim.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

[[noreturn]] void fail(const char *what) {
  std::fprintf(stderr, "%s: %s\n", what, onednn_last_error());
  std::exit(1);
}

template <typename T>
T *checked(T *result, const char *what) {
  if (result == nullptr) fail(what);
  return result;
}

// Numbers in -1..<1 that depend on the seed alone.
std::vector<float> numbers(size_t count, uint32_t seed) {
  std::vector<float> values(count);
  uint32_t state = seed * 2654435761u + 1;
  for (auto &value : values) {
    state = state * 1664525u + 1013904223u;
    value = float(state >> 8) / float(1 << 23) - 1;
  }
  return values;
}

constexpr onednn_activation none{onednn_no_function, 0, 0};
constexpr onednn_activation relu_only{onednn_relu, 0, 0};
constexpr onednn_activation swish{onednn_swish, 0, 0};

struct shape {
  int64_t batch, height, width, channels;
  size_t count() const { return size_t(batch * height * width * channels); }
};

onednn_buffer *activations(shape s, uint32_t seed = 0) {
  auto *buffer = checked(
      onednn_buffer_activations(s.batch, s.height, s.width, s.channels), "activations");
  if (seed != 0) {
    const auto values = numbers(s.count(), seed);
    std::copy(values.begin(), values.end(), onednn_buffer_data(buffer));
  }
  return buffer;
}

void pack(onednn_buffer *buffer, const std::vector<float> &values) {
  if (onednn_buffer_pack(buffer, values.data(), values.size()) != 0) fail("pack");
}

onednn_buffer *vector(size_t count, uint32_t seed = 0, float offset = 0) {
  auto *buffer = checked(onednn_buffer_vector(int64_t(count)), "vector");
  if (seed != 0) {
    auto values = numbers(count, seed);
    for (auto &value : values) value += offset;
    pack(buffer, values);
  }
  return buffer;
}

void run(onednn_operation *operation, const char *what) {
  checked(operation, what);
  const size_t bytes = onednn_operation_scratchpad_bytes(operation);
  auto *scratchpad = vector(bytes / 4 + 1);
  if (onednn_operation_use_scratchpad(operation, scratchpad) != 0) fail(what);
  if (onednn_operation_run(operation) != 0) fail(what);
  onednn_buffer_release(scratchpad);
  onednn_operation_release(operation);
}

void print(const std::string &name, const float *values, size_t count) {
  std::printf("%s", name.c_str());
  for (size_t i = 0; i < count; i++) std::printf(" %.9g", double(values[i]));
  std::printf("\n");
}

// Activations lie in the order of their axes.
void print(const std::string &name, onednn_buffer *buffer, shape s) {
  print(name, onednn_buffer_data(buffer), s.count());
}

void print_parameter(const std::string &name, onednn_buffer *buffer, size_t count) {
  std::vector<float> values(count);
  if (onednn_buffer_unpack(buffer, values.data(), count) != 0) fail("unpack");
  print(name, values.data(), count);
}

void convolution(const std::string &name, shape in, shape out, onednn_window window) {
  auto *x = activations(in, 1), *y = activations(out), *dy = activations(out, 2);
  auto *dx = activations(in);
  auto *kernel = checked(onednn_buffer_convolution_kernel(x, y, window), "kernel");
  const size_t count = size_t(
      window.kernel_height * window.kernel_width * in.channels / window.groups * out.channels);
  pack(kernel, numbers(count, 3));
  auto *bias = vector(size_t(out.channels), 4);
  auto *dk = checked(onednn_buffer_like(kernel), "kernel gradient");
  auto *db = vector(size_t(out.channels));
  for (int relu = 0; relu < 2; relu++) {
    run(onednn_convolution_forward(
            x, kernel, bias, y, window, !relu, !relu, relu ? relu_only : none, 0),
        "convolution");
    print(name + (relu ? "/relu" : "/forward"), y, out);
  }
  run(onednn_convolution_backward_data(dy, kernel, dx, window, 1), "convolution backward data");
  print(name + "/dx", dx, in);
  run(onednn_convolution_backward_weights(x, dy, dk, db, window), "convolution backward weights");
  run(onednn_convolution_forward(x, kernel, bias, y, window, 0, 0, swish, 0),
      "convolution with swish");
  print(name + "/swish", y, out);
  print_parameter(name + "/kernel", kernel, count);
  print_parameter(name + "/dk", dk, count);
  print_parameter(name + "/db", db, size_t(out.channels));
}

void dense(const std::string &name, int64_t batch, int64_t features, int64_t units) {
  const shape in{batch, 1, 1, features}, out{batch, 1, 1, units};
  auto *x = activations(in, 5), *y = activations(out), *dy = activations(out, 6);
  auto *dx = activations(in);
  auto *kernel = checked(onednn_buffer_dense_kernel(x, y), "dense kernel");
  pack(kernel, numbers(size_t(features * units), 7));
  auto *bias = vector(size_t(units), 8), *db = vector(size_t(units));
  auto *dk = checked(onednn_buffer_like(kernel), "kernel gradient");
  for (int relu = 0; relu < 2; relu++) {
    run(onednn_dense_forward(x, kernel, bias, y, 1, !relu, relu ? relu_only : none), "dense");
    print(name + (relu ? "/relu" : "/forward"), y, out);
  }
  run(onednn_dense_backward_data(dy, kernel, dx, 1), "dense backward data");
  print(name + "/dx", dx, in);
  run(onednn_dense_backward_weights(x, dy, dk, db), "dense backward weights");
  print_parameter(name + "/dk", dk, size_t(features * units));
  print_parameter(name + "/db", db, size_t(units));
}

void batch_norm(const std::string &name, shape s, bool batch_statistics, bool relu) {
  const size_t c = size_t(s.channels);
  auto *x = activations(s, 9), *y = activations(s), *dy = activations(s, 10), *dx = activations(s);
  auto *gamma = vector(c, 11, 1.5), *beta = vector(c, 12), *dg = vector(c), *db = vector(c);
  auto *mean = vector(c, 13), *variance = vector(c, 14, 1.5);
  const auto follower = relu ? onednn_follower_relu : onednn_follower_none;
  onednn_buffer *positions = nullptr;
  run(onednn_batch_norm_forward(
          x, gamma, beta, mean, variance, y, 1e-3f, batch_statistics, follower, &positions),
      "normalization");
  print(name + "/forward", y, s);
  print_parameter(name + "/mean", mean, c);
  print_parameter(name + "/variance", variance, c);
  run(onednn_batch_norm_backward(
          x, gamma, beta, mean, variance, dy, dx, dg, db, 1e-3f, batch_statistics, follower,
          positions),
      "normalization backward");
  print(name + "/dx", dx, s);
  print_parameter(name + "/dg", dg, c);
  print_parameter(name + "/db", db, c);
  auto *alone = activations(s);
  run(onednn_batch_norm_backward(
          x, gamma, beta, mean, variance, dy, alone, nullptr, nullptr, 1e-3f, batch_statistics,
          follower, positions),
      "normalization backward data");
  print(name + "/dx-alone", alone, s);
  run(onednn_batch_norm_forward(
          x, gamma, beta, mean, variance, y, 1e-3f, 0, onednn_follower_none, nullptr),
      "normalization inference");
  print(name + "/inference", y, s);
}

void pool(const std::string &name, onednn_pool_kind kind, shape in, shape out, onednn_window w) {
  auto *x = activations(in, 15), *y = activations(out), *dy = activations(out, 16);
  auto *dx = activations(in);
  onednn_buffer *workspace = nullptr;
  run(onednn_pool_forward(kind, x, y, w, nullptr), "pooling inference");
  print(name + "/inference", y, out);
  run(onednn_pool_forward(kind, x, y, w, &workspace), "pooling");
  print(name + "/forward", y, out);
  run(onednn_pool_backward(kind, dy, dx, w, workspace), "pooling backward");
  print(name + "/dx", dx, in);
}

void elementwise(const std::string &name, shape s) {
  auto *x = activations(s, 17), *other = activations(s, 18), *y = activations(s);
  for (int function = onednn_relu; function <= onednn_hard_swish; function++) {
    const onednn_activation activation{onednn_function(function), 0.25f, 0.5f};
    const auto label = name + "/function" + std::to_string(function);
    run(onednn_elementwise_forward(x, y, activation), "function");
    print(label, y, s);
    run(onednn_elementwise_backward(x, other, y, activation), "function backward");
    print(label + "-dx", y, s);
  }
  for (int relu = 0; relu < 2; relu++) {
    run(onednn_add(x, other, y, relu ? relu_only : none), "addition");
    print(name + (relu ? "/add-relu" : "/add"), y, s);
  }
}

// A buffer and its view that get their memory after the operation was made.
void placing() {
  const shape s{2, 3, 4, 5};
  auto *x = checked(onednn_buffer_unplaced_activations(2, 3, 4, 5), "unplaced");
  auto *view = checked(onednn_buffer_reshaped(x, 2, 1, 1, 60), "view");
  auto *y = activations({2, 1, 1, 60});
  auto *operation = checked(onednn_elementwise_forward(view, y, swish), "function");
  auto *arena = vector(16 + s.count());
  if (onednn_buffer_place(x, arena, 64) != 0) fail("place");
  const auto values = numbers(s.count(), 19);
  std::copy(values.begin(), values.end(), onednn_buffer_data(x));
  run(operation, "placed function");
  print("placing", y, s);
}

}  // namespace

int main() {
  std::fprintf(stderr, "oneDNN %s\n", onednn_version_text());
  for (int64_t in : {1, 3, 16, 17}) {
    for (int64_t out : {1, 16, 33}) {
      const auto name = std::to_string(in) + "-" + std::to_string(out);
      convolution("conv/" + name, {3, 7, 9, in}, {3, 7, 9, out}, {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1});
      convolution("conv-stride/" + name, {2, 8, 8, in}, {2, 4, 4, out}, {3, 3, 2, 2, 0, 0, 1, 1, 1, 1, 1});
      convolution("conv-1x1/" + name, {2, 8, 7, in}, {2, 4, 4, out}, {1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 1});
      dense("dense/" + name, 5, in, out);
    }
    for (bool batch : {true, false}) {
      for (bool relu : {true, false}) {
        const auto name = std::to_string(in) + (batch ? "-batch" : "-given") + (relu ? "-relu" : "");
        batch_norm("norm/" + name, {4, 5, 3, in}, batch, relu);
      }
    }
    const auto name = std::to_string(in);
    convolution(
        "depthwise/" + name, {2, 7, 6, in}, {2, 7, 6, in}, {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, in});
    convolution(
        "depthwise-2/" + name, {2, 7, 6, in}, {2, 3, 3, 2 * in},
        {3, 3, 2, 2, 0, 0, 0, 1, 1, 1, in});
    convolution(
        "groups/" + name, {2, 5, 6, 2 * in}, {2, 5, 6, 4 * in},
        {3, 3, 1, 1, 2, 2, 2, 2, 2, 2, 2});
    pool("overlap/" + name, onednn_pool_average, {2, 7, 6, in}, {2, 4, 3, in},
         {3, 3, 2, 2, 1, 0, 1, 1, 1, 1, 1});
    pool("max/" + name, onednn_pool_max, {2, 5, 7, in}, {2, 2, 3, in}, {2, 2, 2, 2, 0, 0, 0, 0, 1, 1, 1});
    pool("mean/" + name, onednn_pool_average, {2, 4, 5, in}, {2, 1, 1, in},
         {4, 5, 1, 1, 0, 0, 0, 0, 1, 1, 1});
    elementwise("elementwise/" + name, {2, 3, 5, in});
  }
  placing();
}

// What a training step on plain oneDNN is made of: primitives that are ready to run, and parameters
// in one block that Adam updates. Part of onednn_step.cpp; for oneDNN 2.6 and oneDNN 3.

#pragma once

#include <dnnl.h>

#include <cmath>
#include <dnnl.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

// How a primitive is described, which oneDNN 2 and 3 do in different ways.
template <typename Primitive, typename... Arguments>
auto describe(const dnnl::engine& engine, Arguments&&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine, std::forward<Arguments>(arguments)...);
#else
  return typename Primitive::primitive_desc(
      typename Primitive::desc(std::forward<Arguments>(arguments)...), engine);
#endif
}

// The same for a backward pass, which wants to know its forward pass.
template <typename Primitive, typename Hint, typename... Arguments>
auto describeBackward(
    const dnnl::engine& engine, const Hint& hint, Arguments&&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine, std::forward<Arguments>(arguments)..., hint);
#else
  return typename Primitive::primitive_desc(
      typename Primitive::desc(std::forward<Arguments>(arguments)...), engine, hint);
#endif
}

// A primitive with its arguments, ready to run.
class Call {
 public:
  using Arguments = std::vector<std::pair<int, dnnl::memory>>;

  Call(dnnl::primitive primitive, const Arguments& arguments)
      : primitive_(std::move(primitive)) {
    for (const auto& [index, buffer] : arguments) {
      buffers_.push_back(buffer);
      arguments_.push_back({index, buffer.get()});
    }
  }

  void run(const dnnl::stream& stream) const {
    dnnl::error::wrap_c_api(
        dnnl_primitive_execute(
            primitive_.get(), stream.get(), static_cast<int>(arguments_.size()),
            arguments_.data()),
        "a primitive failed");
  }

 private:
  dnnl::primitive primitive_;
  std::vector<dnnl::memory> buffers_;
  std::vector<dnnl_exec_arg_t> arguments_;
};

// All parameters in one block, their gradients and Adam's moments in blocks like it.
class Parameters {
 public:
  explicit Parameters(size_t capacity)
      : values(capacity), gradients(capacity), first_(capacity), second_(capacity) {}

  // The place of so many more parameters, at a multiple of 64 bytes from the first.
  size_t take(size_t count) {
    const size_t place = used_;
    used_ += (count + 15) / 16 * 16;
    if (used_ > values.size()) throw std::length_error("more parameters than expected");
    return place;
  }

  void adam(float rate) {
    ++steps_;
    const float correction1 = 1 / (1 - std::pow(0.9f, steps_));
    const float correction2 = 1 / (1 - std::pow(0.999f, steps_));
    float* __restrict value = values.data();
    const float* __restrict gradient = gradients.data();
    float* __restrict first = first_.data();
    float* __restrict second = second_.data();
    for (size_t i = 0; i < used_; ++i) {
      first[i] = 0.9f * first[i] + 0.1f * gradient[i];
      second[i] = 0.999f * second[i] + 0.001f * gradient[i] * gradient[i];
      value[i] -= rate * first[i] * correction1 / (std::sqrt(second[i] * correction2) + 1e-7f);
    }
  }

  std::vector<float> values, gradients;

 private:
  std::vector<float> first_, second_;
  size_t used_ = 0;
  float steps_ = 0;
};

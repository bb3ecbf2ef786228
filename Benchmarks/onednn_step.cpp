// Training steps on oneDNN with nothing around it: the yardstick for what a framework costs.
//
//     onednn_step FILE CHANNELS...         (simple: 16 32; medium: 16 32 64)
//
// FILE is what tasks.write_start makes: images, labels and the parameters to start at. For every
// line on standard input, such as {"work": "step", "passes": 3}, it trains so many times on all
// images and answers with {"seconds": ..., "images": ..., "losses": [...]}.
//
// What a careful programmer does without a framework, this does: activations in NHWC, weights in
// the format that oneDNN asks for and reordered only where the backward pass wants another one,
// ReLU fused into batch normalization, no gradient into the images, every primitive, buffer and
// argument list made once, gradients passed down in two buffers by turns, Adam in one loop over
// one block of memory. It is written for oneDNN 2.6 and for oneDNN 3.

#include <dnnl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dnnl.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using dnnl::memory;
using Desc = memory::desc;
using Tag = memory::format_tag;

constexpr int kBatch = 32, kSide = 16, kClasses = 10, kImages = 2048;
constexpr float kEpsilon = 1e-3f, kKeeping = 0.9f, kRate = 1e-3f;
const auto kNormalization = dnnl::normalization_flags::use_scale |
                                dnnl::normalization_flags::use_shift |
                                dnnl::normalization_flags::fuse_norm_relu;
const memory::dims kStride1{1, 1}, kPad1{1, 1}, kWindow2{2, 2}, kNone{0, 0};

Desc vectorDesc(int count) { return Desc({count}, memory::data_type::f32, Tag::x); }

Desc imageDesc(int channels, int side) {
  return Desc({kBatch, channels, side, side}, memory::data_type::f32, Tag::nhwc);
}

Desc kernelDesc(int inputs, int filters, Tag tag) {
  return Desc({filters, inputs, 3, 3}, memory::data_type::f32, tag);
}

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
  Call(dnnl::primitive primitive, const std::vector<std::pair<int, memory>>& arguments)
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
  std::vector<memory> buffers_;
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

  void adam() {
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
      value[i] -= kRate * first[i] * correction1 / (std::sqrt(second[i] * correction2) + 1e-7f);
    }
  }

  std::vector<float> values, gradients;

 private:
  std::vector<float> first_, second_;
  size_t used_ = 0;
  float steps_ = 0;
};

// Numbers from the file, in order.
class Start {
 public:
  explicit Start(const char* path) : file_(path, std::ios::binary) {}

  template <typename Number>
  void read(Number* numbers, size_t count) {
    file_.read(reinterpret_cast<char*>(numbers), static_cast<std::streamsize>(count * sizeof(Number)));
    if (!file_) throw std::runtime_error("the file of images and parameters is too short");
  }

 private:
  std::ifstream file_;
};

class Network {
 public:
  Network(Start& start, const std::vector<int>& channels)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        parameters_(1 << 18),
        input_(imageDesc(1, kSide), engine_) {
    const int widest = *std::max_element(channels.begin(), channels.end());
    const size_t largest = std::max<size_t>(
        imageDesc(channels[0], kSide).get_size(), imageDesc(widest, kSide / 4).get_size());
    for (auto& buffer : gradientBuffers_) buffer.resize(largest / sizeof(float));

    memory values = input_;
    int inputs = 1, side = kSide;
    for (const int filters : channels) {
      values = addConvolution(start, values, inputs, filters, side);
      values = addConvolution(start, values, filters, filters, side);
      values = addPooling(values, filters, side);
      inputs = filters;
      side /= 2;
    }
    features_ = static_cast<float*>(values.get_data_handle());
    featureCount_ = inputs * side * side;
    head_ = parameters_.take(featureCount_ * kClasses);
    bias_ = parameters_.take(kClasses);
    buildBackward();
  }

  // One step; returns the mean loss.
  float step(const float* images, const int* labels) {
    std::memcpy(input_.get_data_handle(), images, input_.get_desc().get_size());
    for (const auto& call : forward_) call.run(stream_);
    moveStatistics();
    const float loss = head(labels);
    for (const auto& call : backward_) call.run(stream_);
    stream_.wait();
    parameters_.adam();
    return loss;
  }

 private:
  struct Statistics {
    memory mean, variance;
    std::vector<float> movingMean, movingVariance;
  };

  memory parameter(const Desc& desc, std::vector<float>& block, size_t place) {
    return memory(desc, engine_, block.data() + place);
  }

  // A parameter with its gradient.
  std::pair<memory, memory> newParameter(const Desc& desc) {
    const size_t place = parameters_.take(desc.get_size() / sizeof(float));
    return {parameter(desc, parameters_.values, place),
            parameter(desc, parameters_.gradients, place)};
  }

  // A view of the buffer that gradients are in, or of the other one.
  memory gradient(const Desc& desc) {
    return memory(desc, engine_, gradientBuffers_[current_].data());
  }
  memory nextGradient(const Desc& desc) {
    current_ = 1 - current_;
    return gradient(desc);
  }

  void reorder(memory from, memory to, std::vector<Call>& calls) {
    calls.emplace_back(
        dnnl::reorder(from, to),
        std::vector<std::pair<int, memory>>{{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  }

  // A 3x3 convolution, then batch normalization with ReLU.
  memory addConvolution(Start& start, memory source, int inputs, int filters, int side) {
    using dnnl::algorithm;
    using dnnl::prop_kind;
    const Desc from = imageDesc(inputs, side), to = imageDesc(filters, side);
    const Desc anyKernel = kernelDesc(inputs, filters, Tag::any), vector = vectorDesc(filters);
    const auto forward = describe<dnnl::convolution_forward>(
        engine_, prop_kind::forward_training, algorithm::convolution_direct, from, anyKernel, to,
        kStride1, kPad1, kPad1);
    const auto [kernel, kernelGradient] = newParameter(forward.weights_desc());
    memory given(kernelDesc(inputs, filters, Tag::oihw), engine_);
    start.read(static_cast<float*>(given.get_data_handle()), 9 * inputs * filters);
    memory placed = kernel;
    dnnl::reorder(given, placed).execute(stream_, given, placed);
    stream_.wait();
    const memory convolved(to, engine_), normalized(to, engine_);
    forward_.emplace_back(
        dnnl::convolution_forward(forward),
        std::vector<std::pair<int, memory>>{
            {DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, kernel}, {DNNL_ARG_DST, convolved}});

#if DNNL_VERSION_MAJOR >= 3
    const auto norm = describe<dnnl::batch_normalization_forward>(
        engine_, prop_kind::forward_training, to, to, kEpsilon, kNormalization);
#else
    const auto norm = describe<dnnl::batch_normalization_forward>(
        engine_, prop_kind::forward_training, to, kEpsilon, kNormalization);
#endif
    const auto [gamma, gammaGradient] = newParameter(vector);
    const auto [beta, betaGradient] = newParameter(vector);
    start.read(static_cast<float*>(gamma.get_data_handle()), filters);
    start.read(static_cast<float*>(beta.get_data_handle()), filters);
    const memory mean(vector, engine_), variance(vector, engine_);
    const memory mask(norm.workspace_desc(), engine_);
    statistics_.push_back(
        {mean, variance, std::vector<float>(filters), std::vector<float>(filters, 1)});
    forward_.emplace_back(
        dnnl::batch_normalization_forward(norm),
        std::vector<std::pair<int, memory>>{
            {DNNL_ARG_SRC, convolved}, {DNNL_ARG_MEAN, mean}, {DNNL_ARG_VARIANCE, variance},
            {DNNL_ARG_SCALE, gamma}, {DNNL_ARG_SHIFT, beta}, {DNNL_ARG_WORKSPACE, mask},
            {DNNL_ARG_DST, normalized}});

    const bool isFirst = makeBackward_.empty();
    makeBackward_.push_back([=, kernel = kernel, kernelGradient = kernelGradient, gamma = gamma,
                             gammaGradient = gammaGradient, beta = beta,
                             betaGradient = betaGradient] {
      const memory flowing = gradient(to);
#if DNNL_VERSION_MAJOR >= 3
      const auto normBackward = describeBackward<dnnl::batch_normalization_backward>(
          engine_, norm, prop_kind::backward, to, to, to, kEpsilon, kNormalization);
#else
      const auto normBackward = describeBackward<dnnl::batch_normalization_backward>(
          engine_, norm, prop_kind::backward, to, to, kEpsilon, kNormalization);
#endif
      std::vector<std::pair<int, memory>> normArguments{
          {DNNL_ARG_SRC, convolved}, {DNNL_ARG_MEAN, mean}, {DNNL_ARG_VARIANCE, variance},
          {DNNL_ARG_DIFF_DST, flowing}, {DNNL_ARG_SCALE, gamma}, {DNNL_ARG_WORKSPACE, mask},
          {DNNL_ARG_DIFF_SRC, flowing}, {DNNL_ARG_DIFF_SCALE, gammaGradient},
          {DNNL_ARG_DIFF_SHIFT, betaGradient}};
      // oneDNN 2 asks for it, oneDNN 3 refuses it.
      if (DNNL_VERSION_MAJOR < 3) normArguments.emplace_back(DNNL_ARG_SHIFT, beta);
      backward_.emplace_back(
          dnnl::batch_normalization_backward(normBackward), normArguments);

      const auto weights = describeBackward<dnnl::convolution_backward_weights>(
          engine_, forward, algorithm::convolution_direct, from, anyKernel, to, kStride1, kPad1,
          kPad1);
      const bool isSameFormat = weights.diff_weights_desc() == forward.weights_desc();
      const memory result =
          isSameFormat ? kernelGradient : memory(weights.diff_weights_desc(), engine_);
      backward_.emplace_back(
          dnnl::convolution_backward_weights(weights),
          std::vector<std::pair<int, memory>>{
              {DNNL_ARG_SRC, source}, {DNNL_ARG_DIFF_DST, flowing},
              {DNNL_ARG_DIFF_WEIGHTS, result}});
      if (!isSameFormat) reorder(result, kernelGradient, backward_);
      if (isFirst) return;

      const auto data = describeBackward<dnnl::convolution_backward_data>(
          engine_, forward, algorithm::convolution_direct, from, anyKernel, to, kStride1, kPad1,
          kPad1);
      memory turned = kernel;
      if (data.weights_desc() != forward.weights_desc()) {
        turned = memory(data.weights_desc(), engine_);
        reorder(kernel, turned, backward_);
      }
      backward_.emplace_back(
          dnnl::convolution_backward_data(data),
          std::vector<std::pair<int, memory>>{
              {DNNL_ARG_DIFF_DST, flowing}, {DNNL_ARG_WEIGHTS, turned},
              {DNNL_ARG_DIFF_SRC, nextGradient(from)}});
    });
    return normalized;
  }

  // 2x2 maximum pooling.
  memory addPooling(memory source, int channels, int side) {
    const Desc from = imageDesc(channels, side), to = imageDesc(channels, side / 2);
    const auto maximum = dnnl::algorithm::pooling_max;
#if DNNL_VERSION_MAJOR >= 3
    const auto forward = describe<dnnl::pooling_forward>(
        engine_, dnnl::prop_kind::forward_training, maximum, from, to, kWindow2, kWindow2, kNone,
        kNone, kNone);
#else
    const auto forward = describe<dnnl::pooling_forward>(
        engine_, dnnl::prop_kind::forward_training, maximum, from, to, kWindow2, kWindow2, kNone,
        kNone);
#endif
    const memory pooled(to, engine_), places(forward.workspace_desc(), engine_);
    forward_.emplace_back(
        dnnl::pooling_forward(forward),
        std::vector<std::pair<int, memory>>{
            {DNNL_ARG_SRC, source}, {DNNL_ARG_DST, pooled}, {DNNL_ARG_WORKSPACE, places}});
    makeBackward_.push_back([=] {
#if DNNL_VERSION_MAJOR >= 3
      const auto backward = describeBackward<dnnl::pooling_backward>(
          engine_, forward, maximum, from, to, kWindow2, kWindow2, kNone, kNone, kNone);
#else
      const auto backward = describeBackward<dnnl::pooling_backward>(
          engine_, forward, maximum, from, to, kWindow2, kWindow2, kNone, kNone);
#endif
      const memory flowing = gradient(to);
      backward_.emplace_back(
          dnnl::pooling_backward(backward),
          std::vector<std::pair<int, memory>>{
              {DNNL_ARG_DIFF_DST, flowing}, {DNNL_ARG_WORKSPACE, places},
              {DNNL_ARG_DIFF_SRC, nextGradient(from)}});
    });
    return pooled;
  }

  void buildBackward() {
    for (auto make = makeBackward_.rbegin(); make != makeBackward_.rend(); ++make) (*make)();
  }

  void moveStatistics() {
    for (auto& [mean, variance, movingMean, movingVariance] : statistics_) {
      const float* batchMean = static_cast<float*>(mean.get_data_handle());
      const float* batchVariance = static_cast<float*>(variance.get_data_handle());
      for (size_t i = 0; i < movingMean.size(); ++i) {
        movingMean[i] = kKeeping * movingMean[i] + (1 - kKeeping) * batchMean[i];
        movingVariance[i] = kKeeping * movingVariance[i] + (1 - kKeeping) * batchVariance[i];
      }
    }
  }

  // The dense layer, softmax cross-entropy, and the way back to the features.
  float head(const int* labels) {
    const int width = featureCount_;
    float* kernel = parameters_.values.data() + head_;
    const float* bias = parameters_.values.data() + bias_;
    float* kernelGradient = parameters_.gradients.data() + head_;
    float* biasGradient = parameters_.gradients.data() + bias_;
    float* flowing = gradientBuffers_[0].data();
    dnnl_sgemm(
        'N', 'N', kBatch, kClasses, width, 1, features_, width, kernel, kClasses, 0, logits_,
        kClasses);
    float loss = 0;
    std::fill_n(biasGradient, kClasses, 0.0f);
    for (int row = 0; row < kBatch; ++row) {
      float* logits = logits_ + row * kClasses;
      for (int k = 0; k < kClasses; ++k) logits[k] += bias[k];
      const float top = *std::max_element(logits, logits + kClasses);
      const float chosen = logits[labels[row]] - top;
      float sum = 0;
      for (int k = 0; k < kClasses; ++k) sum += logits[k] = std::exp(logits[k] - top);
      loss += std::log(sum) - chosen;
      for (int k = 0; k < kClasses; ++k) {
        logits[k] = (logits[k] / sum - (k == labels[row] ? 1 : 0)) / kBatch;
        biasGradient[k] += logits[k];
      }
    }
    dnnl_sgemm(
        'T', 'N', width, kClasses, kBatch, 1, features_, width, logits_, kClasses, 0,
        kernelGradient, kClasses);
    dnnl_sgemm(
        'N', 'T', kBatch, width, kClasses, 1, logits_, kClasses, kernel, kClasses, 0, flowing,
        width);
    return loss / kBatch;
  }

  dnnl::engine engine_;
  dnnl::stream stream_;
  Parameters parameters_;
  memory input_;
  std::vector<Call> forward_, backward_;
  std::vector<std::function<void()>> makeBackward_;
  std::vector<Statistics> statistics_;
  std::vector<float> gradientBuffers_[2];
  int current_ = 0;
  float* features_ = nullptr;
  int featureCount_ = 0;
  size_t head_ = 0, bias_ = 0;
  float logits_[kBatch * kClasses] = {};
};

int passes(const std::string& request) {
  const std::string key = "\"passes\":";
  const size_t place = request.find(key);
  if (place == std::string::npos) throw std::invalid_argument("a request without passes");
  return std::stoi(request.substr(place + key.size()));
}

}  // namespace

int main(int count, char** arguments) try {
  if (count < 3) throw std::invalid_argument("usage: onednn_step FILE CHANNELS...");
  Start start(arguments[1]);
  std::vector<float> images(kImages * kSide * kSide);
  std::vector<int> labels(kImages);
  start.read(images.data(), images.size());
  start.read(labels.data(), labels.size());
  std::vector<int> channels;
  for (int i = 2; i < count; ++i) channels.push_back(std::atoi(arguments[i]));
  Network network(start, channels);

  for (std::string request; std::getline(std::cin, request);) {
    std::string losses;
    const int wanted = passes(request);
    const auto before = std::chrono::steady_clock::now();
    for (int pass = 0; pass < wanted; ++pass) {
      double loss = 0;
      for (int first = 0; first < kImages; first += kBatch)
        loss += network.step(&images[first * kSide * kSide], &labels[first]) * kBatch;
      losses += (pass > 0 ? ", " : "") + std::to_string(loss / kImages);
    }
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - before;
    std::printf(
        "{\"seconds\": %.6f, \"images\": %d, \"losses\": [%s]}\n", spent.count(),
        wanted * kImages, losses.c_str());
    std::fflush(stdout);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "onednn_step: %s\n", error.what());
  return 1;
}

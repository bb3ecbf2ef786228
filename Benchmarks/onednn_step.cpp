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
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dnnl.hpp>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "onednn_calls.hpp"
#include "onednn_head.hpp"

namespace {

using dnnl::memory;
using Desc = memory::desc;
using Tag = memory::format_tag;

constexpr int kSide = 16, kImages = 2048;
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
    head_ = std::make_unique<Head>(parameters_, inputs * side * side);
    buildBackward();
  }

  // One step; returns the mean loss.
  float step(const float* images, const int* labels) {
    std::memcpy(input_.get_data_handle(), images, input_.get_desc().get_size());
    for (const auto& call : forward_) call.run(stream_);
    moveStatistics();
    const float loss = head_->step(features_, labels, gradientBuffers_[0].data());
    for (const auto& call : backward_) call.run(stream_);
    stream_.wait();
    parameters_.adam(kRate);
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
        Call::Arguments{{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
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
        Call::Arguments{
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
        Call::Arguments{
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
      Call::Arguments normArguments{
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
          Call::Arguments{
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
          Call::Arguments{
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
        Call::Arguments{
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
          Call::Arguments{
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
  std::unique_ptr<Head> head_;
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

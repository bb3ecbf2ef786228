// The end of a network: a dense layer and softmax cross-entropy, forward and backward. Part of
// onednn_step.cpp.

#pragma once

#include <dnnl.h>

#include <algorithm>
#include <cmath>

#include "onednn_calls.hpp"

constexpr int kBatch = 32, kClasses = 10;

class Head {
 public:
  // Takes its kernel, which starts at zero, and its bias from the parameters.
  Head(Parameters& parameters, int width)
      : parameters_(parameters),
        width_(width),
        kernel_(parameters.take(static_cast<size_t>(width) * kClasses)),
        bias_(parameters.take(kClasses)) {}

  // Returns the mean loss; leaves its gradient by the features [batch, width] in `flowing`.
  float step(const float* features, const int* labels, float* flowing) {
    float* kernel = parameters_.values.data() + kernel_;
    const float* bias = parameters_.values.data() + bias_;
    float* kernelGradient = parameters_.gradients.data() + kernel_;
    float* biasGradient = parameters_.gradients.data() + bias_;
    dnnl_sgemm(
        'N', 'N', kBatch, kClasses, width_, 1, features, width_, kernel, kClasses, 0, logits_,
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
        'T', 'N', width_, kClasses, kBatch, 1, features, width_, logits_, kClasses, 0,
        kernelGradient, kClasses);
    dnnl_sgemm(
        'N', 'T', kBatch, width_, kClasses, 1, logits_, kClasses, kernel, kClasses, 0, flowing,
        width_);
    return loss / kBatch;
  }

 private:
  Parameters& parameters_;
  const int width_;
  const size_t kernel_, bias_;
  float logits_[kBatch * kClasses] = {};
};

// What the parts of the convolution kernels have in common.

#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include "convolution_kernels.h"
#include "kernel_weights.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// What happens to results before they are stored.
struct epilogue {
  const float *bias;
  conv3_follower follower;

  vec bias_at(size_t channel, int count) const {
    return bias == nullptr ? vec{} : load(bias + channel, count);
  }
  /// The smallest result: ReLU is the larger one of a result and zero.
  float lowest() const {
    return follower == conv3_follower_none ? -std::numeric_limits<float>::infinity() : 0.0f;
  }
  bool pools() const { return follower == conv3_follower_relu_pool; }
};

/// A forward convolution, or one with the turned kernel, which computes the gradient of a source.
struct convolution {
  conv3_shape shape;
  const float *source;
  float *destination;
  const float *prepared;
  epilogue end;
};

/// The lanes of a vector of channels that exist.
static inline int lanes_of(size_t vector, size_t channels) {
  return int(std::min<size_t>(lanes, channels - vector * lanes));
}

/// Working memory that is handed out piece by piece, each aligned to cache lines. Without memory it
/// only counts.
class scratch_pieces {
 public:
  explicit scratch_pieces(void *memory) : base(static_cast<char *>(memory)) {
    if (base != nullptr) used = (alignment - size_t(uintptr_t(base) % alignment)) % alignment;
  }
  float *take(size_t floats) {
    char *piece = base == nullptr ? nullptr : base + used;
    used += (floats * sizeof(float) + alignment - 1) / alignment * alignment;
    return reinterpret_cast<float *>(piece);
  }
  /// The bytes of all pieces, wherever the memory begins.
  size_t bytes() const { return used + alignment; }

 private:
  static constexpr size_t alignment = 64;
  char *base;
  size_t used = 0;
};

/// The sums over all rows of [rows, channels], for a range of channels that begins with a vector.
static void sum_rows(
    float *sums, const float *values, size_t rows, size_t channels, kernel_range range) {
  // Sums of 256 rows before they are added to the total, for the sake of precision.
  constexpr size_t part = 256;
  for (size_t channel = range.first; channel < range.end; channel += lanes) {
    const int count = int(std::min<size_t>(lanes, range.end - channel));
    vec total = {};
    for (size_t first = 0; first < rows; first += part) {
      vec sum = {};
      for (size_t row = first; row < std::min(rows, first + part); row++) {
        sum += load(values + row * channels + channel, count);
      }
      total += sum;
    }
    store(sums + channel, total, count);
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

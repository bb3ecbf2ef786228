// Batch normalization: statistics and normalizing; see batch_norm_kernels.h.

#pragma once

#include "channels.hpp"
#include "batch_norm_kernels.h"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Working memory: vectors of all channels.
struct Scratch {
  /// Totals over all rows, in double precision, and the sums of a few rows.
  double *total, *total_product;
  float *sum, *product;
  /// Factors of the normalization and of its gradient.
  float *scale, *slope, *constant;

  Scratch(void *memory, size_t channels) {
    total = static_cast<double *>(memory);
    total_product = total + channels;
    sum = reinterpret_cast<float *>(total_product + channels);
    product = sum + channels;
    scale = product + channels;
    slope = scale + channels;
    constant = slope + channels;
  }
};

/// Adds up over rows: the differences to a value per channel, and their squares.
template <typename Group>
static inline void sum_differences(
    Group channels, float *sums, float *squares, const float *origin, const float *x, size_t rows,
    size_t row_size) {
  constexpr int vectors = Group::vectors;
  // Four sums at a time, so that additions need not wait for each other.
  constexpr int at_once = 4 / vectors;
  vec sum[at_once][vectors] = {}, square[at_once][vectors] = {}, center[vectors];
  for (int v = 0; v < vectors; v++) {
    center[v] = channels.read(origin, v);
    sum[0][v] = channels.read(sums, v);
    square[0][v] = channels.read(squares, v);
  }
  const auto add = [&](const float *row, int i) {
    for (int v = 0; v < vectors; v++) {
      const vec difference = channels.read(row, v) - center[v];
      sum[i][v] += difference;
      square[i][v] = difference * difference + square[i][v];
    }
  };
  size_t row = 0;
  for (; row + at_once <= rows; row += at_once)
    for (int i = 0; i < at_once; i++) add(x + (row + size_t(i)) * row_size, i);
  for (; row < rows; row++) add(x + row * row_size, 0);
  for (int v = 0; v < vectors; v++) {
    for (int i = 1; i < at_once; i++) {
      sum[0][v] += sum[i][v];
      square[0][v] += square[i][v];
    }
    channels.write(sums, sum[0][v], v);
    channels.write(squares, square[0][v], v);
  }
}

/// Mean and variance as blocks of rows are merged (Chan, Golub and LeVeque 1979). Differences are
/// from the mean of the blocks before, which keeps them small.
static void batch_norm_statistics(
    float *mean, float *variance, const float *x, size_t rows, size_t channels, void *memory) {
  const Scratch scratch(memory, channels);
  double *means = scratch.total, *squares = scratch.total_product;
  float *origin = scratch.scale, *sum = scratch.sum, *square = scratch.product;
  for (size_t c = 0; c < channels; c++) {
    means[c] = x[c];
    squares[c] = 0;
  }
  for_blocks(0, rows, rows_per_sum, [=](size_t begin, size_t end) {
    for (size_t c = 0; c < channels; c++) {
      origin[c] = float(means[c]);
      sum[c] = square[c] = 0;
    }
    for_blocks(begin, end, rows_at_a_time(channels), [=](size_t first, size_t last) {
      for_channel_groups<4>(channels, [=](auto group) {
        sum_differences(group, sum, square, origin, x + first * channels, last - first, channels);
      });
    });
    const double count = double(end - begin), fraction = count / double(end);
    const double scale = 1 / count, weight = double(begin) * fraction;
    for (size_t c = 0; c < channels; c++) {
      const double shift = sum[c] * scale, change = shift + (origin[c] - means[c]);
      const double spread = square[c] - sum[c] * shift;
      squares[c] += (spread < 0 ? 0 : spread) + change * change * weight;
      means[c] += change * fraction;
    }
  });
  for (size_t c = 0; c < channels; c++) {
    mean[c] = float(means[c]);
    variance[c] = float(squares[c] / double(rows));
  }
}

/// What normalizes one vector of channels. The same values give the same results, bit by bit, in
/// all kernels of an instruction set.
struct Normalization {
  vec mean, scale, offset;

  template <typename Group>
  static Normalization of(
      Group channels, const batch_norm_parameters &p, const float *scales, int v = 0) {
    return {channels.read(p.mean, v), channels.read(scales, v), channels.read(p.beta, v)};
  }

  vec operator()(vec x) const { return (x - mean) * scale + offset; }
};

/// The factors of all channels, so that roots and divisions are computed once.
static inline void compute_scales(
    float *scales, size_t channels, const batch_norm_parameters &p) {
  for_channel_groups<1>(channels, [=](auto group) {
    const vec deviation = __builtin_elementwise_sqrt(group.read(p.variance) + p.epsilon);
    group.write(scales, group.read(p.gamma) / deviation);
  });
}

template <bool relu>
static void normalize(
    float *y, const float *x, size_t rows, size_t row_size, const batch_norm_parameters &p,
    const float *scales) {
  for_blocks(0, rows, rows_at_a_time(row_size), [=](size_t begin, size_t end) {
    for_channel_groups<4>(row_size, [=](auto channels) {
      constexpr int vectors = channels.vectors;
      Normalization normalized[vectors];
      for (int v = 0; v < vectors; v++) normalized[v] = Normalization::of(channels, p, scales, v);
      for (size_t row = begin; row < end; row++)
        for (int v = 0; v < vectors; v++) {
          const vec value = normalized[v](channels.read(x + row * row_size, v));
          channels.write(y + row * row_size, relu ? larger(vec{}, value) : value, v);
        }
    });
  });
}

static void batch_norm(
    float *y, const float *x, size_t rows, size_t channels, const batch_norm_parameters *p,
    bool relu, void *memory) {
  float *scales = Scratch(memory, channels).scale;
  compute_scales(scales, channels, *p);
  relu ? normalize<true>(y, x, rows, channels, *p, scales)
       : normalize<false>(y, x, rows, channels, *p, scales);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

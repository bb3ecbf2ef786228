// Batch normalization: statistics and normalizing; see batch_norm_kernels.h.

#pragma once

#include "channels.hpp"
#include "batch_norm_kernels.h"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Sums over one block of rows: vectors of all channels.
struct BlockSums {
  float *sum, *product;

  void clear(size_t channels) const {
    std::memset(sum, 0, channels * sizeof(float));
    std::memset(product, 0, channels * sizeof(float));
  }
};

/// Working memory: vectors of all channels, and the sums of all blocks.
struct Scratch {
  /// Totals over all rows, in double precision.
  double *total, *total_product;
  /// Factors of the normalization and of its gradient.
  float *scale, *slope, *constant;

  Scratch(void *memory, size_t channels) : channels(channels) {
    total = static_cast<double *>(memory);
    total_product = total + channels;
    scale = reinterpret_cast<float *>(total_product + channels);
    slope = scale + channels;
    constant = slope + channels;
  }
  BlockSums block(size_t index) const {
    float *sum = constant + channels + 2 * index * channels;
    return {sum, sum + channels};
  }

 private:
  size_t channels;
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

/// Calls `body` with the rows of some of the blocks, [begin, end), and their sums, which are zero.
template <typename Body>
static inline void for_sums(
    const Scratch &scratch, size_t channels, kernel_range blocks, size_t rows, size_t block_rows,
    Body body) {
  for (size_t block = blocks.first; block < blocks.end; block++) {
    const BlockSums sums = scratch.block(block);
    sums.clear(channels);
    const size_t begin = block * block_rows, end = begin + block_rows;
    body(begin, end < rows ? end : rows, sums);
  }
}

/// Differences are from the first row of the block, which keeps them small.
static void batch_norm_add_statistics(
    void *memory, const float *x, size_t rows, size_t channels, kernel_range blocks) {
  const Scratch scratch(memory, channels);
  const auto add = [=](size_t begin, size_t end, BlockSums sums) {
    const float *origin = x + begin * channels;
    for_blocks(begin, end, rows_at_a_time(channels), [=](size_t first, size_t last) {
      for_channel_groups<4>(channels, [=](auto group) {
        sum_differences(
            group, sums.sum, sums.product, origin, x + first * channels, last - first, channels);
      });
    });
  };
  for_sums(scratch, channels, blocks, rows, rows_per_sum, add);
}

/// Merges the blocks in their order (Chan, Golub and LeVeque 1979).
static void batch_norm_statistics(
    float *mean, float *variance, const float *x, size_t rows, size_t channels, void *memory) {
  const Scratch scratch(memory, channels);
  double *means = scratch.total, *squares = scratch.total_product;
  for (size_t c = 0; c < channels; c++) means[c] = squares[c] = 0;
  size_t block = 0;
  for_blocks(0, rows, rows_per_sum, [&](size_t begin, size_t end) {
    const BlockSums sums = scratch.block(block++);
    const float *origin = x + begin * channels;
    const double count = double(end - begin), fraction = count / double(end);
    const double scale = 1 / count, weight = double(begin) * fraction;
    for (size_t c = 0; c < channels; c++) {
      const double shift = sums.sum[c] * scale, change = shift + (origin[c] - means[c]);
      const double spread = sums.product[c] - sums.sum[c] * shift;
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

static void batch_norm_prepare(
    const batch_norm_parameters *p, size_t channels, void *memory) {
  compute_scales(Scratch(memory, channels).scale, channels, *p);
}

static void batch_norm(
    float *y, const float *x, size_t rows, size_t channels, const batch_norm_parameters *p,
    bool relu, const void *memory) {
  const float *scales = Scratch(const_cast<void *>(memory), channels).scale;
  relu ? normalize<true>(y, x, rows, channels, *p, scales)
       : normalize<false>(y, x, rows, channels, *p, scales);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

// The gradients of batch normalization; see batch_norm_kernels.h.
//
// With the gradient g of the result, masked by the ReLU, and d = x - mean:
// beta's gradient is sum(g), gamma's is sum(g d) / sqrt(variance + epsilon), and x's is
// scale g with given statistics, or else scale g + slope d + constant, where slope and constant
// make it orthogonal to d and to constants.

#pragma once

#include <cmath>

#include "batch_norm.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// As many vectors of channels as registers hold with all that their gradients need.
constexpr int gradient_vectors = VECTOR_BYTES == 64 ? 4 : 2;

/// The gradient of a ReLU after a normalization, where it is not 0.
template <bool relu>
static inline vec through_relu(vec gradient, vec x, const Normalization &normalized) {
  if constexpr (!relu) return gradient;
  return normalized(x) > 0 ? gradient : vec{};
}

/// Adds up over rows: the gradients, and their products with x - mean. If `writes`
/// is true, `dx` receives the gradients of x with given statistics.
template <bool relu, bool writes, typename Group>
static inline void sum_gradients(
    Group channels, BlockSums sums, const float *scales, float *dx, const float *dy,
    const float *x, size_t rows, size_t row_size, const batch_norm_parameters &p) {
  constexpr int vectors = Group::vectors;
  constexpr int at_once = 4 / vectors;
  vec sum[at_once][vectors] = {}, product[at_once][vectors] = {};
  Normalization normalized[vectors];
  for (int v = 0; v < vectors; v++) {
    normalized[v] = Normalization::of(channels, p, scales, v);
    sum[0][v] = channels.read(sums.sum, v);
    product[0][v] = channels.read(sums.product, v);
  }
  const auto add = [&](size_t row, int i) {
    for (int v = 0; v < vectors; v++) {
      const vec value = channels.read(x + row * row_size, v);
      const vec gradient =
          through_relu<relu>(channels.read(dy + row * row_size, v), value, normalized[v]);
      sum[i][v] += gradient;
      product[i][v] = gradient * (value - normalized[v].mean) + product[i][v];
      if constexpr (writes) channels.write(dx + row * row_size, gradient * normalized[v].scale, v);
    }
  };
  size_t row = 0;
  for (; row + at_once <= rows; row += at_once)
    for (int i = 0; i < at_once; i++) add(row + size_t(i), i);
  for (; row < rows; row++) add(row, 0);
  for (int v = 0; v < vectors; v++) {
    for (int i = 1; i < at_once; i++) {
      sum[0][v] += sum[i][v];
      product[0][v] += product[i][v];
    }
    channels.write(sums.sum, sum[0][v], v);
    channels.write(sums.product, product[0][v], v);
  }
}

/// Turns the sums of all blocks into the gradients of the parameters and into slope and constant.
/// The totals are in double precision.
static void batch_norm_finish_gradients(
    float *dgamma, float *dbeta, size_t blocks, size_t rows, size_t channels,
    const batch_norm_parameters *parameters, void *memory) {
  const batch_norm_parameters &p = *parameters;
  const Scratch scratch(memory, channels);
  for (size_t c = 0; c < channels; c++) scratch.total[c] = scratch.total_product[c] = 0;
  for (size_t block = 0; block < blocks; block++) {
    const BlockSums sums = scratch.block(block);
    for (size_t c = 0; c < channels; c++) {
      scratch.total[c] += sums.sum[c];
      scratch.total_product[c] += sums.product[c];
    }
  }
  for (size_t c = 0; c < channels; c++) {
    const double inverse = 1 / std::sqrt(double(p.variance[c]) + double(p.epsilon));
    const double gamma_gradient = scratch.total_product[c] * inverse;
    const double per_row = p.gamma[c] * inverse / double(rows);
    if (dgamma != nullptr) dgamma[c] = float(gamma_gradient);
    if (dbeta != nullptr) dbeta[c] = float(scratch.total[c]);
    scratch.slope[c] = float(-per_row * inverse * gamma_gradient);
    scratch.constant[c] = float(-per_row * scratch.total[c]);
  }
}

template <bool relu, bool writes>
static void sum_all_gradients(
    const Scratch &scratch, float *dx, const float *dy, const float *x, size_t rows,
    size_t row_size, const batch_norm_parameters &p, kernel_range blocks) {
  const auto add = [&](size_t begin, size_t end, BlockSums sums) {
    for_blocks(begin, end, rows_at_a_time(row_size), [&](size_t first, size_t last) {
      const size_t at = first * row_size;
      for_channel_groups<gradient_vectors>(row_size, [&](auto channels) {
        sum_gradients<relu, writes>(
            channels, sums, scratch.scale, writes ? dx + at : nullptr, dy + at, x + at,
            last - first, row_size, p);
      });
    });
  };
  for_sums(scratch, row_size, blocks, rows, rows_per_sum, add);
}

static void batch_norm_add_gradients(
    void *memory, float *dx, const float *dy, const float *x, size_t rows, size_t channels,
    const batch_norm_parameters *p, bool relu, kernel_range blocks) {
  const Scratch scratch(memory, channels);
  const auto sum = dx == nullptr
      ? (relu ? sum_all_gradients<true, false> : sum_all_gradients<false, false>)
      : (relu ? sum_all_gradients<true, true> : sum_all_gradients<false, true>);
  sum(scratch, dx, dy, x, rows, channels, *p, blocks);
}

template <bool batch_statistics, bool relu>
static void write_gradients(
    float *dx, const float *dy, const float *x, size_t rows, size_t row_size,
    const batch_norm_parameters &p, const Scratch &scratch) {
  for_blocks(0, rows, rows_at_a_time(row_size), [=](size_t begin, size_t end) {
    for_channel_groups<gradient_vectors>(row_size, [=](auto channels) {
      constexpr int vectors = channels.vectors;
      Normalization normalized[vectors];
      vec slope[vectors], constant[vectors];
      for (int v = 0; v < vectors; v++) {
        normalized[v] = Normalization::of(channels, p, scratch.scale, v);
        if constexpr (!batch_statistics) continue;
        slope[v] = channels.read(scratch.slope, v);
        constant[v] = channels.read(scratch.constant, v);
      }
      for (size_t row = begin; row < end; row++)
        for (int v = 0; v < vectors; v++) {
          const size_t at = row * row_size;
          const vec value =
              batch_statistics || relu ? channels.read(x + at, v) : normalized[v].mean;
          vec gradient = through_relu<relu>(channels.read(dy + at, v), value, normalized[v]) *
              normalized[v].scale;
          if constexpr (batch_statistics)
            gradient += (value - normalized[v].mean) * slope[v] + constant[v];
          channels.write(dx + at, gradient, v);
        }
    });
  });
}

static void batch_norm_gradient(
    float *dx, const float *dy, const float *x, size_t rows, size_t channels,
    const batch_norm_parameters *p, bool batch_statistics, bool relu, const void *memory) {
  const Scratch scratch(const_cast<void *>(memory), channels);
  const auto write = batch_statistics
      ? (relu ? write_gradients<true, true> : write_gradients<true, false>)
      : (relu ? write_gradients<false, true> : write_gradients<false, false>);
  write(dx, dy, x, rows, channels, *p, scratch);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

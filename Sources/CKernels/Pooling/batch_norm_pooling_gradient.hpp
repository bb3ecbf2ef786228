// The gradients of batch normalization, ReLU and 2×2 maximum pooling; see batch_norm_kernels.h.
//
// Of each window, only the value at the stored position has a gradient; the formulas are those of
// batch_norm_gradient.hpp.

#pragma once

#include "batch_norm_gradient.hpp"
#include "batch_norm_pooling.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Adds the gradients of a part of a row of windows and their products with x - mean to sums. The
/// pointers are those of the first window.
template <typename Group>
static inline void sum_pooled_gradients(
    Group channels, BlockSums sums, const float *dy, const uint8_t *positions,
    const float *top, size_t count, const PooledRows &rows, const float *means) {
  const size_t c = rows.channels;
  const float *bottom = top + rows.row_size();
  const vec mean = channels.read(means);
  vec sum = channels.read(sums.sum), product = channels.read(sums.product);
  for (size_t j = 0; j < count; j++) {
    const mask position = channels.read_bytes(positions + j * c);
    vec value = channels.read(top + 2 * j * c);
    value = position == 1 ? channels.read(top + (2 * j + 1) * c) : value;
    value = position == 2 ? channels.read(bottom + 2 * j * c) : value;
    value = position == 3 ? channels.read(bottom + (2 * j + 1) * c) : value;
    const vec gradient = position == no_position ? vec{} : channels.read(dy + j * c);
    sum += gradient;
    product = gradient * (value - mean) + product;
  }
  channels.write(sums.sum, sum);
  channels.write(sums.product, product);
}

static void batch_norm_pool_add_gradients(
    void *memory, const float *dy, const uint8_t *positions, const float *x,
    const batch_norm_images *images, const batch_norm_parameters *p, kernel_range blocks) {
  const PooledRows rows(*images);
  const size_t c = rows.channels;
  const Scratch scratch(memory, c);
  const auto add = [&](size_t begin, size_t end, BlockSums sums) {
    for_each_part(rows, begin, end, [&](size_t row, size_t first, size_t last) {
      const size_t pooled = rows.pooled(row) + first * c;
      const float *top = x + rows.source(row) + 2 * first * c;
      for_channel_groups<1>(c, [&](auto channels) {
        sum_pooled_gradients(
            channels, sums, dy + pooled, positions + pooled, top, last - first, rows, p->mean);
      });
    });
  };
  for_sums(scratch, c, blocks, rows.count, pooled_rows_per_sum(rows.pooled_width), add);
}

/// The gradient of a pixel without a gradient from the pooling.
template <bool batch_statistics>
struct IndirectGradient {
  vec mean, slope, constant;

  template <typename Group>
  IndirectGradient(Group channels, const float *means, const Scratch &scratch) {
    if constexpr (!batch_statistics) return;
    mean = channels.read(means);
    slope = channels.read(scratch.slope);
    constant = channels.read(scratch.constant);
  }

  template <typename Group>
  vec operator()(Group channels, const float *x) const {
    if constexpr (!batch_statistics) return vec{};
    return (channels.read(x) - mean) * slope + constant;
  }
};

template <bool batch_statistics>
static void write_pooled_gradients(
    float *dx, const float *dy, const uint8_t *positions, const float *x, const PooledRows &rows,
    const float *means, const Scratch &scratch) {
  const size_t c = rows.channels, below = rows.row_size();
  for_each_part(rows, 0, rows.count, [=](size_t row, size_t first, size_t last) {
    for_channel_groups<1>(c, [=](auto channels) {
      const IndirectGradient<batch_statistics> indirect(channels, means, scratch);
      const vec scale = channels.read(scratch.scale);
      size_t from = rows.pooled(row) + first * c, to = rows.source(row) + 2 * first * c;
      for (size_t j = first; j < last; j++, from += c, to += 2 * c) {
        const vec direct = channels.read(dy + from) * scale;
        const mask position = channels.read_bytes(positions + from);
        const auto write = [=](int its_position, size_t at) {
          const vec gradient = position == its_position ? direct : vec{};
          channels.write(dx + at, gradient + indirect(channels, x + at));
        };
        write(0, to);
        write(1, to + c);
        write(2, to + below);
        write(3, to + below + c);
      }
    });
  });
}

/// Writes the gradients of pixels that are in no window: a last odd row or column.
template <bool batch_statistics>
static void write_unpooled_gradients(
    float *dx, const float *x, size_t batch, const PooledRows &rows, const float *means,
    const Scratch &scratch) {
  const size_t c = rows.channels;
  const auto write = [=](size_t at) {
    for_channel_groups<1>(c, [=](auto channels) {
      const IndirectGradient<batch_statistics> indirect(channels, means, scratch);
      channels.write(dx + at, indirect(channels, x + at));
    });
  };
  for (size_t image = 0; image < batch; image++) {
    const size_t first_row = image * rows.height;
    if (rows.width % 2 == 1)
      for (size_t i = 0; i < rows.pooled_height * 2; i++)
        write(((first_row + i + 1) * rows.width - 1) * c);
    if (rows.height % 2 == 1)
      for (size_t j = 0; j < rows.width; j++)
        write(((first_row + rows.height - 1) * rows.width + j) * c);
  }
}

template <bool batch_statistics>
static void write_all_pooled_gradients(
    float *dx, const float *dy, const uint8_t *positions, const float *x,
    const batch_norm_images &images, const float *means, const Scratch &scratch) {
  const PooledRows rows(images);
  write_pooled_gradients<batch_statistics>(dx, dy, positions, x, rows, means, scratch);
  write_unpooled_gradients<batch_statistics>(dx, x, images.batch, rows, means, scratch);
}

static void batch_norm_relu_pool_gradient(
    float *dx, const float *dy, const uint8_t *positions, const float *x,
    const batch_norm_images *images, const batch_norm_parameters *p, bool batch_statistics,
    const void *memory) {
  const Scratch scratch(const_cast<void *>(memory), images->channels);
  const auto write = batch_statistics ? write_all_pooled_gradients<true>
                                      : write_all_pooled_gradients<false>;
  write(dx, dy, positions, x, *images, p->mean, scratch);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

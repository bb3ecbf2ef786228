// Batch normalization, ReLU and 2×2 maximum pooling in one pass; see batch_norm_kernels.h.

#pragma once

#include "batch_norm.hpp"
#include "max_pooling.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The position of a maximum that no ReLU lets through.
constexpr int no_position = 4;

/// Pooled pixels of a batch, by rows of pooled pixels.
struct PooledRows {
  size_t channels, width, height, pooled_width, pooled_height, count;

  explicit PooledRows(const batch_norm_images &i)
      : channels(i.channels), width(i.width), height(i.height), pooled_width(i.width / 2),
        pooled_height(i.height / 2), count(i.batch * pooled_height) {}

  /// The number of values of one row of the source.
  size_t row_size() const { return width * channels; }
  /// Where the first pixel of a row of windows is in the source.
  size_t source(size_t row) const {
    return (row / pooled_height * height + row % pooled_height * 2) * row_size();
  }
  /// Where the first pixel of a row is among the pooled pixels.
  size_t pooled(size_t row) const { return row * pooled_width * channels; }
};

/// Calls `body` with parts of rows of windows: the row, the first window, and the end. A part is so
/// short that memory is read almost in its order, although channels are taken group by group.
template <typename Body>
static inline void for_each_part(const PooledRows &rows, size_t begin, size_t end, Body body) {
  for (size_t row = begin; row < end; row++)
    for_blocks(0, rows.pooled_width, rows_at_a_time(rows.channels), [=](size_t first, size_t last) {
      body(row, first, last);
    });
}

template <bool with_positions>
static void normalize_and_pool(
    float *y, uint8_t *positions, const float *x, const batch_norm_images &images,
    const batch_norm_parameters &p, const float *scales) {
  const PooledRows rows(images);
  const size_t c = rows.channels, below = rows.row_size();
  for_each_part(rows, 0, rows.count, [=](size_t row, size_t first, size_t last) {
    for_channel_groups<1>(c, [=](auto channels) {
      const auto normalized = Normalization::of(channels, p, scales);
      const float *top = x + rows.source(row) + 2 * first * c;
      size_t to = rows.pooled(row) + first * c;
      for (size_t j = first; j < last; j++, top += 2 * c, to += c) {
        Maximum most(0, no_position);
        most.consider(normalized(channels.read(top)), 0);
        most.consider(normalized(channels.read(top + c)), 1);
        most.consider(normalized(channels.read(top + below)), 2);
        most.consider(normalized(channels.read(top + below + c)), 3);
        channels.write(y + to, most.value);
        if constexpr (with_positions) channels.write_bytes(positions + to, most.position);
      }
    });
  });
}

static void batch_norm_relu_pool(
    float *y, uint8_t *positions, const float *x, const batch_norm_images *images,
    const batch_norm_parameters *p, const void *memory) {
  const float *scales = Scratch(const_cast<void *>(memory), images->channels).scale;
  positions == nullptr ? normalize_and_pool<false>(y, positions, x, *images, *p, scales)
                       : normalize_and_pool<true>(y, positions, x, *images, *p, scales);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

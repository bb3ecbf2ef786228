// The windows of a pooling and the pixels in them.

#pragma once

#include "channels.hpp"
#include "pooling_kernels.h"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Indices from `begin` up to but without `end`.
struct Range {
  size_t begin, end;
  size_t count() const { return end - begin; }
};

/// The rows or columns of a window, counted from its own start, that are inside an image of `size`
/// pixels. `start` is the distance from the start of the padding to the window.
static inline Range inside(size_t start, size_t window, size_t pad, size_t size) {
  const size_t end = size + pad - start;
  return {start < pad ? pad - start : 0, end < window ? end : window};
}

/// A window and the part of it that is inside the image.
struct Window {
  /// The index of the window among all pooled pixels.
  size_t pooled;
  Range rows, columns;
  /// The first row that is inside, among all rows of the batch.
  size_t first_row;
  /// The first pixel that is inside, among all pixels of the batch.
  size_t first_pixel;

  /// The share of one pixel in the average.
  float share() const { return 1 / float(rows.count() * columns.count()); }

  bool is_whole(size_t size, const pooling_shape &s) const {
    return s.window_height == size && s.window_width == size && rows.count() == size &&
        columns.count() == size;
  }
};

/// Calls `body` with every window of the batch, in order.
template <typename Body>
static inline void for_each_window(const pooling_shape &s, Body body) {
  size_t pooled = 0;
  for (size_t image = 0; image < s.batch; image++)
    for (size_t i = 0; i < s.pooled_height; i++) {
      const size_t top = i * s.stride_height;
      const Range rows = inside(top, s.window_height, s.pad_top, s.height);
      const size_t first_row = image * s.height + top + rows.begin - s.pad_top;
      for (size_t j = 0; j < s.pooled_width; j++) {
        const size_t left = j * s.stride_width;
        const Range columns = inside(left, s.window_width, s.pad_left, s.width);
        const size_t first_column = left + columns.begin - s.pad_left;
        body(Window{pooled++, rows, columns, first_row, first_row * s.width + first_column});
      }
    }
}

/// Calls `body` with the position of each pixel of a whole window and its distance from the first
/// one in memory; without loops, because the size is a constant.
template <size_t size, typename Body>
static inline void for_each_tap(const pooling_shape &s, Body body) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < size; i++)
#pragma clang loop unroll(full)
    for (size_t j = 0; j < size; j++)
      body(int(i * size + j), (i * s.width + j) * s.channels);
}

/// Calls `body` with the position of each pixel that is inside and its distance from the first one
/// in memory.
template <typename Body>
static inline void for_each_tap(const Window &window, const pooling_shape &s, Body body) {
  if (window.is_whole(2, s)) return for_each_tap<2>(s, body);
  if (window.is_whole(3, s)) return for_each_tap<3>(s, body);
  size_t row = 0;
  for (size_t i = window.rows.begin; i < window.rows.end; i++, row += s.width * s.channels) {
    size_t distance = row;
    for (size_t j = window.columns.begin; j < window.columns.end; j++, distance += s.channels)
      body(int(i * s.window_width + j), distance);
  }
}

/// Whether each pixel is in exactly one window.
static inline bool is_partition(const pooling_shape &s) {
  const auto is_partitioned = [](size_t size, size_t window, size_t stride, size_t pooled) {
    return pooled * window == size && (pooled == 1 || stride == window);
  };
  return s.pad_top == 0 && s.pad_left == 0 &&
      is_partitioned(s.height, s.window_height, s.stride_height, s.pooled_height) &&
      is_partitioned(s.width, s.window_width, s.stride_width, s.pooled_width);
}

/// Sets the rows of a batch of images to zero shortly before they are needed.
struct RowClearing {
  float *images;
  size_t row_size, cleared = 0;

  void up_to(size_t row) {
    if (row <= cleared) return;
    std::memset(images + cleared * row_size, 0, (row - cleared) * row_size * sizeof(float));
    cleared = row;
  }
};

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

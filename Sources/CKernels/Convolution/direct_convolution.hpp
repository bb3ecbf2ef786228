// Direct convolution, for images and numbers of channels that are too small for Winograd's. Only
// taps inside the image are multiplied.

#pragma once

#include "convolution_types.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The taps of a pixel that are inside the image: per row of taps, adjacent pixels with their
/// channels, as floats from the pixel in the source and rows of the packed kernel.
struct inside_taps {
  struct run {
    ptrdiff_t source;
    size_t weights, length;
  };
  int count = 0;
  run runs[kernel_side];

  inside_taps(const conv3_shape &shape, size_t row, size_t column) {
    const ptrdiff_t channels = ptrdiff_t(shape.inputs), width = ptrdiff_t(shape.width);
    const ptrdiff_t left = column == 0 ? 0 : -1, right = column + 1 == shape.width ? 0 : 1;
    for (ptrdiff_t below = -1; below <= 1; below++) {
      if (row == 0 && below < 0) continue;
      if (row + 1 == shape.height && below > 0) continue;
      runs[count++] = {
          (below * width + left) * channels,
          size_t(((below + 1) * kernel_side + left + 1) * channels),
          size_t((right - left + 1) * channels)};
    }
  }
};

/// Stores results, of which a last vector has only `last` lanes, after what follows.
template <int rows, int columns>
static inline void store_pixels(
    const vec (&sums)[rows][columns], const epilogue &finish, size_t channel, int last,
    float *destination, size_t destination_step) {
  const vec lowest = vec{} + finish.lowest();
#pragma clang loop unroll(full)
  for (int j = 0; j < columns; j++) {
    const int count = j + 1 < columns ? lanes : last;
    const vec bias = finish.bias_at(channel + j * lanes, count);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      const vec result = larger(sums[i][j] + bias, lowest);
      float *to = destination + i * destination_step + j * lanes;
      if (count == lanes) {
        store(to, result);
      } else {
        store(to, result, count);
      }
    }
  }
}

/// The results of `rows` pixels with the same taps for one panel of weights.
template <int rows, int columns>
[[gnu::noinline]] static void multiply_pixels(
    const inside_taps &taps, const float *source, size_t source_step, const float *panel,
    const epilogue &finish, size_t channel, int last, float *destination,
    size_t destination_step) {
  vec sums[rows][columns] = {};
  for (int run = 0; run < taps.count; run++) {
    const float *from = source + taps.runs[run].source;
    const float *weights = panel + taps.runs[run].weights * columns * lanes;
    const float *const end = from + taps.runs[run].length;
    do {
      add_row<rows, columns>(sums, from, source_step, weights);
      weights += columns * lanes;
    } while (++from < end);
  }
  store_pixels(sums, finish, channel, last, destination, destination_step);
}

/// Stores the kernel in panels of [9 × inputs] rows.
static void pack_kernel(const kernel_weights &kernel, kernel_range parts, float *packed) {
  const weight_panels panels{tap_count * kernel.inputs, vectors_of(kernel.outputs)};
  each_weight(kernel, parts, [&](const vec(&taps)[tap_count], size_t input, size_t vector) {
    for (size_t tap = 0; tap < tap_count; tap++) {
      store(packed + panels.offset(vector, tap * kernel.inputs + input), taps[tap]);
    }
  });
}

/// One panel of a direct convolution.
struct direct_panel {
  const convolution &work;
  const float *panel;
  size_t vector, columns;

  /// Computes `count` pixels with the same taps, beginning with that of an image, row and column,
  /// at distances of `pixels` pixels.
  void compute(
      const inside_taps &taps, size_t count, size_t image, size_t row, size_t column,
      size_t pixels) const {
    const conv3_shape &shape = work.shape;
    const size_t pixel = (image * shape.height + row) * shape.width + column;
    const int last = lanes_of(vector + columns - 1, shape.outputs);
    with_constant<block_rows>(count, [&](auto rows) {
      with_constant<block_columns>(columns, [&](auto width) {
        multiply_pixels<rows, width>(
            taps, work.source + pixel * shape.inputs, pixels * shape.inputs, panel, work.end,
            vector * lanes, last, work.destination + pixel * shape.outputs + vector * lanes,
            pixels * shape.outputs);
      });
    });
  }

  /// Computes one pixel of several images.
  void column_of_images(size_t image, size_t images, size_t row, size_t column) const {
    const inside_taps taps(work.shape, row, column);
    compute(taps, images, image, row, column, work.shape.height * work.shape.width);
  }

  /// Computes one row of several images.
  void row_of_images(size_t image, size_t images, size_t row) const {
    const conv3_shape &shape = work.shape;
    // Inner pixels of one row share their taps as those of several images do.
    const bool along_row = shape.width > 2 && (images < block_rows || shape.width > block_rows);
    for (size_t column = 0; column < shape.width; column++) {
      const bool inner = column > 0 && column + 1 < shape.width;
      if (!(inner && along_row)) column_of_images(image, images, row, column);
    }
    if (!along_row) return;
    const inside_taps taps(shape, row, 1);
    for (size_t i = image; i < image + images; i++) {
      in_parts(shape.width - 2, block_rows, [&](size_t first, size_t count) {
        compute(taps, count, i, row, 1 + first, 1);
      });
    }
  }
};

static size_t packed_size(const conv3_shape &shape) {
  return weight_panels{tap_count * shape.inputs, vectors_of(shape.outputs)}.size();
}

/// Computes the images first..<last, given the packed kernel.
static void direct_range(
    const convolution &work, const float *packed, size_t first, size_t last) {
  const conv3_shape &shape = work.shape;
  const weight_panels panels{tap_count * shape.inputs, vectors_of(shape.outputs)};
  in_parts(last - first, block_rows, [&](size_t image, size_t images) {
    // Rows with as many results as there are weights, so that a cache keeps either of them.
    const size_t rows = 1 + packed_size(shape) / (images * shape.width * shape.outputs);
    in_parts(shape.height, rows, [&](size_t row, size_t count) {
      for (size_t vector = 0; vector < panels.vectors; vector += block_columns) {
        const float *weights = packed + panels.offset(vector, 0);
        const direct_panel panel{work, weights, vector, panels.columns(vector)};
        for (size_t i = row; i < row + count; i++) panel.row_of_images(first + image, images, i);
      }
    });
  });
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

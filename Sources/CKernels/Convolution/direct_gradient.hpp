// The gradient of a kernel by direct convolution, for images and numbers of channels that are too
// small for Winograd's.

#pragma once

#include "padded_images.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The gradient of a kernel while it is being summed up: [9 × inputs][vectors of outputs].
struct gradient_sums {
  const conv3_shape &shape;
  float *values;

  size_t step() const { return vectors_of(shape.outputs) * lanes; }
  size_t size() const { return tap_count * shape.inputs * step(); }

  /// Adds the outer products over a walk to `count` rows.
  void add(
      const pixel_walk &walk, const float *source, const float *gradient, size_t row,
      size_t count) const {
    const size_t vectors = vectors_of(shape.outputs);
    in_parts(count, outer_rows, [&](size_t first, size_t size) {
      in_parts(vectors, outer_columns, [&](size_t vector, size_t width) {
        const int last = lanes_of(vector + width - 1, shape.outputs);
        with_constant<outer_rows>(size, [&](auto rows) {
          with_constant<outer_columns>(width, [&](auto columns) {
            const auto add = last == lanes ? add_outer_products<rows, columns, false>
                                           : add_outer_products<rows, columns, true>;
            add(walk, source + first, gradient + vector * lanes, lanes,
                values + (row + first) * step() + vector * lanes, step(), false, last);
          });
        });
      });
    });
  }
};

/// The pixels that are summed up in registers before they are added to the total: few enough for
/// precision, and for a cache.
constexpr size_t pixels_at_once = 2048;

/// Calls `body(first, size)` for parts of the rows of an image, or of images.
template <class Body>
static inline void in_runs(size_t count, size_t pixels_each, Body body) {
  in_parts(count, std::max<size_t>(1, pixels_at_once / pixels_each), body);
}

/// Adds the pixels that one tap connects, for images first..<last.
static void add_tap(
    const gradient_sums &sums, const float *source, const float *gradient, size_t tap,
    size_t first, size_t last) {
  const conv3_shape &shape = sums.shape;
  const size_t down = tap / kernel_side, right = tap % kernel_side;
  const size_t rows = shape.height - (down == 1 ? 0 : 1);
  const size_t pixels = shape.width - (right == 1 ? 0 : 1);
  if (rows == 0 || pixels == 0) return;
  // The first pixels of the gradient and of the source.
  const size_t to_row = down == 0 ? 1 : 0, to_column = right == 0 ? 1 : 0;
  const size_t from_row = to_row + down - 1, from_column = to_column + right - 1;
  const size_t image = shape.height * shape.width;
  in_runs(rows, pixels * (last - first), [&](size_t row, size_t count) {
    const size_t to = first * image + (to_row + row) * shape.width + to_column;
    const size_t from = first * image + (from_row + row) * shape.width + from_column;
    const pixel_walk walk = {
        last - first, count, pixels,
        {image * shape.inputs, shape.width * shape.inputs, shape.inputs},
        {image * shape.outputs, shape.width * shape.outputs, shape.outputs}};
    sums.add(
        walk, source + from * shape.inputs, gradient + to * shape.outputs, tap * shape.inputs,
        shape.inputs);
  });
}

/// Adds one image, of which three adjacent taps are one row of values.
static void add_padded(
    const gradient_sums &sums, const float *padded, const float *gradient) {
  const conv3_shape &shape = sums.shape;
  const size_t inputs = shape.inputs, source_row = (shape.width + 2) * inputs;
  const size_t gradient_row = shape.width * shape.outputs;
  in_runs(shape.height, shape.width, [&](size_t first, size_t count) {
    const pixel_walk walk = {
        1, count, shape.width, {0, source_row, inputs}, {0, gradient_row, shape.outputs}};
    for (size_t down = 0; down < kernel_side; down++) {
      sums.add(
          walk, padded + (first + down) * source_row, gradient + first * gradient_row,
          down * kernel_side * inputs, kernel_side * inputs);
    }
  });
}

/// Whether there are so few inputs that those of three taps are multiplied together.
static bool joins_taps(const conv3_shape &shape) { return shape.inputs <= 4; }

/// Adds the images first..<last.
static void direct_gradient_range(
    const gradient_sums &sums, const float *source, const float *gradient, float *padded,
    size_t first, size_t last) {
  const conv3_shape &shape = sums.shape;
  const size_t pixels = shape.height * shape.width;
  if (joins_taps(shape)) {
    std::memset(padded, 0, sizeof(float) * padded_size(shape));
    for (size_t image = first; image < last; image++) {
      copy_inside(shape, padded, source + image * pixels * shape.inputs);
      add_padded(sums, padded, gradient + image * pixels * shape.outputs);
    }
    return;
  }
  in_runs(last - first, pixels, [&](size_t image, size_t count) {
    for (size_t tap = 0; tap < tap_count; tap++) {
      add_tap(sums, source, gradient, tap, first + image, first + image + count);
    }
  });
}

/// The number of parts in which a gradient is computed, each with some of the images and sums of
/// its own. It depends on the shape alone, and so do the results.
static size_t direct_gradient_parts(const conv3_shape &shape) {
  const size_t runs = shape.batch * shape.height * shape.width / pixels_at_once;
  return std::max<size_t>(1, std::min({runs, shape.batch, size_t(8)}));
}

static size_t direct_sums_size(const conv3_shape &shape) {
  return direct_gradient_parts(shape) * gradient_sums{shape, nullptr}.size();
}

/// The floats of working memory of one call.
static size_t direct_gradient_memory(const conv3_shape &shape) {
  return joins_taps(shape) ? padded_size(shape) : 0;
}

/// Computes the sums of some parts.
static void direct_add_gradient(
    const conv3_shape &shape, kernel_range parts, float *values, const float *gradient,
    const float *source, void *scratch) {
  const size_t count = direct_gradient_parts(shape);
  for (size_t part = parts.first; part < parts.end; part++) {
    gradient_sums sums = {shape, values};
    sums.values += part * sums.size();
    std::memset(sums.values, 0, sizeof(float) * sums.size());
    direct_gradient_range(
        sums, source, gradient, static_cast<float *>(scratch), part * shape.batch / count,
        (part + 1) * shape.batch / count);
  }
}

/// Stores the gradient of the weights of some inputs: the total of the parts, in their order.
static void direct_store_gradient(
    const conv3_shape &shape, kernel_range inputs, float *to, const float *values) {
  const gradient_sums sums = {shape, nullptr};
  const size_t count = direct_gradient_parts(shape);
  for (size_t tap = 0; tap < tap_count; tap++) {
    for (size_t input = inputs.first; input < inputs.end; input++) {
      const size_t row = tap * shape.inputs + input;
      for (size_t vector = 0; vector < vectors_of(shape.outputs); vector++) {
        const float *from = values + row * sums.step() + vector * lanes;
        vec total = load(from);
        for (size_t part = 1; part < count; part++) total += load(from + part * sums.size());
        store(
            to + row * shape.outputs + vector * lanes, total, lanes_of(vector, shape.outputs));
      }
    }
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

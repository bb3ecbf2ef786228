// Direct convolution of images with one channel: so few products per pixel that leaving out those
// with zeros around an image would cost more than they do.

#pragma once

#include "direct_convolution.hpp"
#include "padded_images.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The results of `rows` adjacent pixels for one panel of weights; `source` is the first pixel's
/// first tap.
template <int rows, int columns>
[[gnu::noinline]] static void multiply_single_channel(
    const float *source, size_t source_row, const float *panel, const epilogue &finish,
    size_t channel, int last, float *destination, size_t destination_step) {
  vec sums[rows][columns] = {};
#pragma clang loop unroll(full)
  for (int tap = 0; tap < tap_count; tap++) {
    add_row<rows, columns>(
        sums, source + tap / kernel_side * source_row + tap % kernel_side, 1,
        panel + tap * columns * lanes);
  }
  store_pixels(sums, finish, channel, last, destination, destination_step);
}

/// Convolves one image, given with zeros around it.
static void convolve_single_channel(
    const convolution &work, const float *padded, float *destination) {
  const conv3_shape &shape = work.shape;
  const weight_panels panels{tap_count, vectors_of(shape.outputs)};
  for (size_t vector = 0; vector < panels.vectors; vector += block_columns) {
    const float *panel = work.prepared + panels.offset(vector, 0);
    const size_t columns = panels.columns(vector);
    const int last = lanes_of(vector + columns - 1, shape.outputs);
    in_parts(shape.width, block_rows, [&](size_t first, size_t count) {
      with_constant<block_rows>(count, [&](auto rows) {
        with_constant<block_columns>(columns, [&](auto width) {
          for (size_t row = 0; row < shape.height; row++) {
            multiply_single_channel<rows, width>(
                padded + row * (shape.width + 2) + first, shape.width + 2, panel, work.end,
                vector * lanes, last,
                destination + (row * shape.width + first) * shape.outputs + vector * lanes,
                shape.outputs);
          }
        });
      });
    });
  }
}

/// Convolves the images first..<last. `padded` has padded_size floats.
static void single_channel_range(
    const convolution &work, float *padded, size_t first, size_t last) {
  const size_t pixels = work.shape.height * work.shape.width;
  std::memset(padded, 0, sizeof(float) * padded_size(work.shape));
  for (size_t image = first; image < last; image++) {
    copy_inside(work.shape, padded, work.source + image * pixels);
    convolve_single_channel(work, padded, work.destination + image * pixels * work.shape.outputs);
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

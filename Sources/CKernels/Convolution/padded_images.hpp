// Images with one pixel of zeros around them, in which every pixel has nine taps.

#pragma once

#include "convolution_types.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

static size_t padded_size(const conv3_shape &shape) {
  return (shape.height + 2) * (shape.width + 2) * shape.inputs;
}

/// Copies an image into the middle of one that has one more pixel on each side.
static void copy_inside(const conv3_shape &shape, float *padded, const float *image) {
  const size_t row = shape.width * shape.inputs;
  for (size_t y = 0; y < shape.height; y++) {
    std::memcpy(
        padded + (y + 1) * (row + 2 * shape.inputs) + shape.inputs, image + y * row,
        sizeof(float) * row);
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

// The functions of convolution_kernels.h for one instruction set; included by one source per
// instruction set, which defines VECTOR_SET.

#pragma once

#include "convolution_table.hpp"
#include "direct_convolution.hpp"
#include "direct_gradient.hpp"
#include "winograd_convolution.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The shape of the convolution that computes a pass: backward data has the channels reversed.
static conv3_shape computed_shape(conv3_shape shape, conv3_pass pass) {
  if (pass == conv3_pass_backward_data) std::swap(shape.inputs, shape.outputs);
  return shape;
}

/// The multiplications of a direct convolution per image and pair of channels.
static size_t direct_products(const conv3_shape &shape) {
  return (3 * shape.height - 2) * (3 * shape.width - 2);
}

/// The channels with those that only fill a vector.
static size_t whole_vectors(size_t channels) { return vectors_of(channels) * lanes; }

/// The cost of Winograd's convolution of a number of tiles, in multiplications: the transforms of a
/// tile cost as much per channel as 7 × 36 products, as measured.
static size_t winograd_cost(const conv3_shape &shape, size_t tiles) {
  const size_t outputs = whole_vectors(shape.outputs);
  const size_t transforms = 7 * (whole_vectors(shape.inputs) + outputs);
  return plane_count * tiles * (shape.inputs * outputs + transforms);
}

/// Whether Winograd's convolution is faster than direct convolution; independent of the batch, so
/// that the results of an image are as well.
static bool uses_winograd(const conv3_shape &shape) {
  const size_t direct = direct_products(shape) * shape.inputs * whole_vectors(shape.outputs);
  return shape.inputs > 4 && 10 * winograd_cost(shape, tile_grid(shape).per_image()) < 11 * direct;
}

/// How many tiles cost as much as the transform of the kernel; more if it is larger than a cache.
static size_t kernel_tiles(const conv3_shape &shape, conv3_pass pass) {
  const size_t pairs = shape.inputs * shape.outputs;
  if (pairs > 256 * 256 && pass == conv3_pass_backward_weights) return 40;
  return pairs > 128 * 128 ? 16 : 4;
}

/// The limits are those of the measurements of driver.cpp.
static bool is_fast(conv3_shape original, conv3_pass pass) {
  const conv3_shape shape = computed_shape(original, pass);
  const size_t products = shape.batch * direct_products(shape);
  const size_t outputs = whole_vectors(shape.outputs);
  if (std::max(shape.inputs, shape.outputs) < 8) return false;
  if (uses_winograd(shape)) {
    const size_t tiles = shape.batch * tile_grid(shape).per_image() + kernel_tiles(shape, pass);
    return 10 * winograd_cost(shape, tiles) < 12 * products * shape.inputs * outputs;
  }
  if (shape.inputs <= 4 && shape.outputs > 16 && pass == conv3_pass_forward) return false;
  const bool fills_vectors = 4 * shape.outputs >= 3 * outputs;
  return fills_vectors && (products >= 32 || shape.inputs * shape.outputs <= 512);
}

static size_t scratch_bytes(conv3_shape original, conv3_pass pass) {
  const conv3_shape shape = computed_shape(original, pass);
  scratch_pieces pieces(nullptr);
  if (pass != conv3_pass_backward_weights) {
    if (uses_winograd(shape)) {
      winograd_memory(shape, pieces);
    } else {
      pieces.take(packed_size(shape));
    }
  } else if (uses_winograd(shape)) {
    winograd_gradient_memory(shape, pieces);
  } else {
    direct_gradient_memory(shape, pieces);
  }
  return pieces.bytes();
}

static void convolve(const convolution &work, void *scratch) {
  if (uses_winograd(work.shape)) {
    winograd_convolution(work, scratch);
  } else {
    direct_convolution(work, scratch);
  }
}

static void forward(
    conv3_shape shape, float *destination, const float *source, const float *kernel,
    const float *bias, bool relu, void *scratch) {
  const kernel_weights weights = {kernel, shape.inputs, shape.outputs, false};
  convolve({shape, source, destination, weights, {bias, relu}}, scratch);
}

static void backward_data(
    conv3_shape original, float *source_gradient, const float *gradient, const float *kernel,
    void *scratch) {
  const conv3_shape shape = computed_shape(original, conv3_pass_backward_data);
  const kernel_weights weights = {kernel, shape.inputs, shape.outputs, true};
  convolve({shape, gradient, source_gradient, weights, {nullptr, false}}, scratch);
}

static void backward_weights(
    conv3_shape shape, float *kernel_gradient, float *bias_gradient, const float *gradient,
    const float *source, void *scratch) {
  if (uses_winograd(shape)) {
    winograd_kernel_gradient(shape, kernel_gradient, gradient, source, scratch);
  } else {
    direct_kernel_gradient(shape, kernel_gradient, gradient, source, scratch);
  }
  if (bias_gradient != nullptr) {
    sum_rows(bias_gradient, gradient, shape.batch * shape.height * shape.width, shape.outputs);
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

namespace kernels::VECTORS_NAMESPACE {

const convolution_table convolutions = {
    lanes, scratch_bytes, is_fast, forward, backward_data, backward_weights};

}  // namespace kernels::VECTORS_NAMESPACE

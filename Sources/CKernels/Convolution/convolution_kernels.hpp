// The functions of convolution_kernels.h for one instruction set; included by one source per
// instruction set, which defines VECTOR_SET.

#pragma once

#include "convolution_table.hpp"
#include "direct_gradient.hpp"
#include "single_channel.hpp"
#include "winograd_gradient.hpp"

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

static size_t prepared_bytes(conv3_shape original, conv3_pass pass) {
  const conv3_shape shape = computed_shape(original, pass);
  const transformed_kernel transformed(shape.inputs, shape.outputs);
  return sizeof(float) * (uses_winograd(shape) ? transformed.size() : packed_size(shape));
}

static size_t prepare_parts(conv3_shape original, conv3_pass pass) {
  return vectors_of(computed_shape(original, pass).inputs);
}

static void prepare(
    conv3_shape original, conv3_pass pass, kernel_range parts, void *prepared,
    const float *kernel) {
  const conv3_shape shape = computed_shape(original, pass);
  const bool turned = pass == conv3_pass_backward_data;
  const kernel_weights weights = {kernel, shape.inputs, shape.outputs, turned};
  if (uses_winograd(shape)) {
    transform_kernel(weights, parts, static_cast<float *>(prepared));
  } else {
    pack_kernel(weights, parts, static_cast<float *>(prepared));
  }
}

static size_t scratch_bytes(conv3_shape original, conv3_pass pass) {
  const conv3_shape shape = computed_shape(original, pass);
  scratch_pieces pieces(nullptr);
  if (pass != conv3_pass_backward_weights) {
    if (uses_winograd(shape)) {
      winograd_memory(shape, pieces);
    } else if (shape.inputs == 1) {
      pieces.take(padded_size(shape));
    }
  } else if (uses_winograd(shape)) {
    winograd_gradient_memory(shape, pieces);
  } else {
    pieces.take(direct_gradient_memory(shape));
  }
  return pieces.bytes();
}

static void convolve(const convolution &work, void *scratch) {
  const size_t batch = work.shape.batch;
  if (uses_winograd(work.shape)) {
    winograd_convolution(work, scratch);
  } else if (work.shape.inputs == 1) {
    single_channel_range(work, scratch_pieces(scratch).take(padded_size(work.shape)), 0, batch);
  } else {
    direct_range(work, work.prepared, 0, batch);
  }
}

static const char *kernel_name(conv3_shape original, conv3_pass pass) {
  const bool winograd = uses_winograd(computed_shape(original, pass));
  return winograd ? "winograd:" VECTORS_NAME : "direct:" VECTORS_NAME;
}

static bool can_pool(conv3_shape shape) { return uses_winograd(shape); }

static void forward(
    conv3_shape shape, float *destination, const float *source, const void *prepared,
    const float *bias, conv3_follower follower, void *scratch) {
  const auto *kernel = static_cast<const float *>(prepared);
  convolve({shape, source, destination, kernel, {bias, follower}}, scratch);
}

static void backward_data(
    conv3_shape original, float *source_gradient, const float *gradient, const void *prepared,
    void *scratch) {
  const conv3_shape shape = computed_shape(original, conv3_pass_backward_data);
  const auto *kernel = static_cast<const float *>(prepared);
  convolve({shape, gradient, source_gradient, kernel, {nullptr, conv3_follower_none}}, scratch);
}

static size_t gradient_parts(conv3_shape shape) {
  return uses_winograd(shape) ? winograd_split(shape).parts : direct_gradient_parts(shape);
}

static size_t gradient_sums_bytes(conv3_shape shape) {
  const size_t floats =
      uses_winograd(shape) ? winograd_sums(shape, nullptr).size() : direct_sums_size(shape);
  return sizeof(float) * floats;
}

static void add_gradient(
    conv3_shape shape, kernel_range parts, void *sums, const float *gradient, const float *source,
    void *scratch) {
  const auto add = uses_winograd(shape) ? winograd_add_gradient : direct_add_gradient;
  add(shape, parts, static_cast<float *>(sums), gradient, source, scratch);
}

static void store_gradient(
    conv3_shape shape, kernel_range inputs, float *kernel_gradient, void *sums) {
  if (uses_winograd(shape)) {
    winograd_store_gradient(shape, inputs, kernel_gradient, static_cast<float *>(sums));
  } else {
    direct_store_gradient(shape, inputs, kernel_gradient, static_cast<const float *>(sums));
  }
}

static void bias_gradient(
    conv3_shape shape, kernel_range parts, float *gradient_of_bias, const float *gradient) {
  const kernel_range channels = {
      parts.first * conv3_bias_part, std::min(shape.outputs, parts.end * conv3_bias_part)};
  const size_t rows = shape.batch * shape.height * shape.width;
  sum_rows(gradient_of_bias, gradient, rows, shape.outputs, channels);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

namespace kernels::VECTORS_NAMESPACE {

const convolution_table convolutions = {
    lanes, prepared_bytes, prepare_parts, prepare, scratch_bytes, is_fast, kernel_name, can_pool,
    forward, backward_data, gradient_parts, gradient_sums_bytes, add_gradient, store_gradient,
    bias_gradient};

}  // namespace kernels::VECTORS_NAMESPACE

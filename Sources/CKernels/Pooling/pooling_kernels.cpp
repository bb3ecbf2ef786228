#include <algorithm>

#include "block_sums.hpp"
#include "instruction_set.hpp"
#include "kernel_functions.hpp"

namespace {

const kernels::PoolingFunctions &functions() {
#if defined(__x86_64__)
  switch (kernels::instruction_set()) {
    case kernels::InstructionSet::avx512: return kernels::avx512_pooling_functions;
    case kernels::InstructionSet::avx2: return kernels::avx2_pooling_functions;
    case kernels::InstructionSet::portable: break;
  }
#endif
  return kernels::portable_pooling_functions;
}

}  // namespace

extern "C" {

bool pooling_has_positions(const pooling_shape *shape) {
  return shape->window_height <= 255 && shape->window_width <= 255 &&
      shape->window_height * shape->window_width <= 255;
}

void pooling_maximum(
    float *destination, uint8_t *positions, const float *source, const pooling_shape *shape) {
  functions().maximum(destination, positions, source, shape);
}

void pooling_maximum_gradient(
    float *source_gradient, const float *gradient, const uint8_t *positions,
    const pooling_shape *shape) {
  functions().maximum_gradient(source_gradient, gradient, positions, shape);
}

void pooling_average(float *destination, const float *source, const pooling_shape *shape) {
  functions().average(destination, source, shape);
}

void pooling_average_gradient(
    float *source_gradient, const float *gradient, const pooling_shape *shape) {
  functions().average_gradient(source_gradient, gradient, shape);
}

size_t batch_norm_blocks(size_t rows) { return kernels::blocks_of(rows, kernels::rows_per_sum); }

size_t batch_norm_pooled_blocks(const batch_norm_images *images) {
  return kernels::blocks_of(
      images->batch * (images->height / 2), kernels::pooled_rows_per_sum(images->width / 2));
}

size_t batch_norm_scratch_bytes(const batch_norm_images *images) {
  const size_t blocks = std::max(
      batch_norm_blocks(images->batch * images->height * images->width),
      batch_norm_pooled_blocks(images));
  return images->channels * (2 * sizeof(double) + (3 + 2 * blocks) * sizeof(float));
}

void batch_norm_add_statistics(
    void *scratch, const float *source, size_t rows, size_t channels, kernel_range blocks) {
  functions().add_statistics(scratch, source, rows, channels, blocks);
}

void batch_norm_statistics(
    float *mean, float *variance, const float *source, size_t rows, size_t channels,
    void *scratch) {
  functions().statistics(mean, variance, source, rows, channels, scratch);
}

void batch_norm_prepare(
    const batch_norm_parameters *parameters, size_t channels, void *scratch) {
  functions().prepare(parameters, channels, scratch);
}

void batch_norm(
    float *destination, const float *source, size_t rows, size_t channels,
    const batch_norm_parameters *parameters, bool relu, const void *scratch) {
  functions().normalize(destination, source, rows, channels, parameters, relu, scratch);
}

void batch_norm_add_gradients(
    void *scratch, float *source_gradient, const float *gradient, const float *source, size_t rows,
    size_t channels, const batch_norm_parameters *parameters, bool relu, kernel_range blocks) {
  functions().add_gradients(
      scratch, source_gradient, gradient, source, rows, channels, parameters, relu, blocks);
}

void batch_norm_finish_gradients(
    float *gamma_gradient, float *beta_gradient, size_t blocks, size_t rows, size_t channels,
    const batch_norm_parameters *parameters, void *scratch) {
  functions().finish_gradients(
      gamma_gradient, beta_gradient, blocks, rows, channels, parameters, scratch);
}

void batch_norm_gradient(
    float *source_gradient, const float *gradient, const float *source, size_t rows,
    size_t channels, const batch_norm_parameters *parameters, bool batch_statistics, bool relu,
    const void *scratch) {
  functions().normalize_gradient(
      source_gradient, gradient, source, rows, channels, parameters, batch_statistics, relu,
      scratch);
}

void batch_norm_relu_pool(
    float *destination, uint8_t *positions, const float *source, const batch_norm_images *images,
    const batch_norm_parameters *parameters, const void *scratch) {
  functions().relu_pool(destination, positions, source, images, parameters, scratch);
}

void batch_norm_pool_add_gradients(
    void *scratch, const float *gradient, const uint8_t *positions, const float *source,
    const batch_norm_images *images, const batch_norm_parameters *parameters,
    kernel_range blocks) {
  functions().pool_add_gradients(
      scratch, gradient, positions, source, images, parameters, blocks);
}

void batch_norm_relu_pool_gradient(
    float *source_gradient, const float *gradient, const uint8_t *positions, const float *source,
    const batch_norm_images *images, const batch_norm_parameters *parameters,
    bool batch_statistics, const void *scratch) {
  functions().relu_pool_gradient(
      source_gradient, gradient, positions, source, images, parameters, batch_statistics, scratch);
}

}  // extern "C"

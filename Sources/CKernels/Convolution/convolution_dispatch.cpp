// Selects the kernels for the processor.

#include "convolution_table.hpp"
#include "instruction_set.hpp"

namespace kernels {

/// The widest kernels for this processor.
static const convolution_table &widest() {
#if defined(__x86_64__)
  switch (instruction_set()) {
    case InstructionSet::avx512: return avx512::convolutions;
    case InstructionSet::avx2: return avx2::convolutions;
    case InstructionSet::portable: break;
  }
#endif
  return portable::convolutions;
}

/// The kernels for a shape: shorter vectors where fewer lanes stay unused that way.
static const convolution_table &table_for(const conv3_shape &shape) {
#if defined(__x86_64__)
  const auto half = [](size_t channels) { return (channels - 1) % 16 < 8; };
  if (widest().lanes == 16 && half(shape.outputs) && half(shape.inputs)) return avx2::convolutions;
#endif
  return widest();
}

}  // namespace kernels

size_t conv3_prepared_bytes(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).prepared_bytes(shape, pass);
}

size_t conv3_prepare_parts(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).prepare_parts(shape, pass);
}

void conv3_prepare(
    conv3_shape shape, conv3_pass pass, kernel_range parts, void *prepared, const float *kernel) {
  kernels::table_for(shape).prepare(shape, pass, parts, prepared, kernel);
}

size_t conv3_scratch_bytes(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).scratch_bytes(shape, pass);
}

bool conv3_is_fast(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).is_fast(shape, pass);
}

const char *conv3_kernel_name(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).kernel_name(shape, pass);
}

bool conv3_can_pool(conv3_shape shape) { return kernels::table_for(shape).can_pool(shape); }

void conv3_forward(
    conv3_shape shape, float *destination, const float *source, const void *prepared,
    const float *bias, conv3_follower follower, void *scratch) {
  kernels::table_for(shape).forward(
      shape, destination, source, prepared, bias, follower, scratch);
}

void conv3_backward_data(
    conv3_shape shape, float *source_gradient, const float *gradient, const void *prepared,
    void *scratch) {
  kernels::table_for(shape).backward_data(shape, source_gradient, gradient, prepared, scratch);
}

size_t conv3_gradient_parts(conv3_shape shape) {
  return kernels::table_for(shape).gradient_parts(shape);
}

size_t conv3_gradient_sums_bytes(conv3_shape shape) {
  return kernels::table_for(shape).gradient_sums_bytes(shape);
}

void conv3_add_gradient(
    conv3_shape shape, kernel_range parts, void *sums, const float *gradient, const float *source,
    void *scratch) {
  kernels::table_for(shape).add_gradient(shape, parts, sums, gradient, source, scratch);
}

void conv3_store_gradient(
    conv3_shape shape, kernel_range inputs, float *kernel_gradient, void *sums) {
  kernels::table_for(shape).store_gradient(shape, inputs, kernel_gradient, sums);
}

void conv3_bias_gradient(
    conv3_shape shape, kernel_range parts, float *bias_gradient, const float *gradient) {
  kernels::table_for(shape).bias_gradient(shape, parts, bias_gradient, gradient);
}

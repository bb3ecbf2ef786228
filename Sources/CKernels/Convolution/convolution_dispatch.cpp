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

size_t conv3_scratch_bytes(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).scratch_bytes(shape, pass);
}

bool conv3_is_fast(conv3_shape shape, conv3_pass pass) {
  return kernels::table_for(shape).is_fast(shape, pass);
}

void conv3_forward(
    conv3_shape shape, float *destination, const float *source, const float *kernel,
    const float *bias, bool relu, void *scratch) {
  kernels::table_for(shape).forward(shape, destination, source, kernel, bias, relu, scratch);
}

void conv3_backward_data(
    conv3_shape shape, float *source_gradient, const float *gradient, const float *kernel,
    void *scratch) {
  kernels::table_for(shape).backward_data(shape, source_gradient, gradient, kernel, scratch);
}

void conv3_backward_weights(
    conv3_shape shape, float *kernel_gradient, float *bias_gradient, const float *gradient,
    const float *source, void *scratch) {
  kernels::table_for(shape).backward_weights(
      shape, kernel_gradient, bias_gradient, gradient, source, scratch);
}

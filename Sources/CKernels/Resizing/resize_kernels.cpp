#include "instruction_set.hpp"
#include "resize_functions.hpp"

namespace {

const kernels::ResizeFunctions &functions() {
#if defined(__x86_64__)
  switch (kernels::instruction_set()) {
    case kernels::InstructionSet::avx512: return kernels::avx512_resize_functions;
    case kernels::InstructionSet::avx2: return kernels::avx2_resize_functions;
    case kernels::InstructionSet::portable: break;
  }
#endif
  return kernels::portable_resize_functions;
}

}  // namespace

extern "C" {

void resize_rows(
    uint8_t *destination, const uint8_t *source, size_t height, size_t width, size_t channels,
    const resize_filter *filter) {
  functions().rows(destination, source, height, width, channels, filter);
}

void resize_columns(
    uint8_t *destination, const uint8_t *source, size_t length, const resize_filter *filter) {
  functions().columns(destination, source, length, filter);
}

}  // extern "C"

// The convolution kernels of one instruction set.

#pragma once

#include "convolution_kernels.h"

namespace kernels {

struct convolution_table {
  size_t lanes;
  decltype(&conv3_scratch_bytes) scratch_bytes;
  decltype(&conv3_is_fast) is_fast;
  decltype(&conv3_forward) forward;
  decltype(&conv3_backward_data) backward_data;
  decltype(&conv3_backward_weights) backward_weights;
};

namespace portable {
extern const convolution_table convolutions;
}
namespace avx2 {
extern const convolution_table convolutions;
}
namespace avx512 {
extern const convolution_table convolutions;
}

}  // namespace kernels

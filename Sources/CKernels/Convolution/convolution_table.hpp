// The convolution kernels of one instruction set.

#pragma once

#include "convolution_kernels.h"

namespace kernels {

struct convolution_table {
  size_t lanes;
  decltype(&conv3_prepared_bytes) prepared_bytes;
  decltype(&conv3_prepare_parts) prepare_parts;
  decltype(&conv3_prepare) prepare;
  decltype(&conv3_scratch_bytes) scratch_bytes;
  decltype(&conv3_is_fast) is_fast;
  decltype(&conv3_kernel_name) kernel_name;
  decltype(&conv3_can_pool) can_pool;
  decltype(&conv3_forward) forward;
  decltype(&conv3_backward_data) backward_data;
  decltype(&conv3_gradient_parts) gradient_parts;
  decltype(&conv3_gradient_sums_bytes) gradient_sums_bytes;
  decltype(&conv3_add_gradient) add_gradient;
  decltype(&conv3_store_gradient) store_gradient;
  decltype(&conv3_bias_gradient) bias_gradient;
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

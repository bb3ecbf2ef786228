// The functions that each instruction set has its own version of; those of pooling_kernels.h and
// batch_norm_kernels.h with the same meaning and arguments.

#pragma once

#include "batch_norm_kernels.h"
#include "pooling_kernels.h"

namespace kernels {

struct PoolingFunctions {
  decltype(&::pooling_maximum) maximum;
  decltype(&::pooling_maximum_gradient) maximum_gradient;
  decltype(&::pooling_average) average;
  decltype(&::pooling_average_gradient) average_gradient;
  decltype(&::batch_norm_add_statistics) add_statistics;
  decltype(&::batch_norm_statistics) statistics;
  decltype(&::batch_norm_prepare) prepare;
  decltype(&::batch_norm) normalize;
  decltype(&::batch_norm_add_gradients) add_gradients;
  decltype(&::batch_norm_finish_gradients) finish_gradients;
  decltype(&::batch_norm_gradient) normalize_gradient;
  decltype(&::batch_norm_relu_pool) relu_pool;
  decltype(&::batch_norm_pool_add_gradients) pool_add_gradients;
  decltype(&::batch_norm_relu_pool_gradient) relu_pool_gradient;
};

extern const PoolingFunctions portable_pooling_functions;
#if defined(__x86_64__)
extern const PoolingFunctions avx2_pooling_functions, avx512_pooling_functions;
#endif

}  // namespace kernels

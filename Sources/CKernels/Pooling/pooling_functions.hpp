// The pooling and batch normalization kernels of one instruction set.

#pragma once

#include "average_pooling.hpp"
#include "batch_norm.hpp"
#include "batch_norm_gradient.hpp"
#include "batch_norm_pooling.hpp"
#include "batch_norm_pooling_gradient.hpp"
#include "kernel_functions.hpp"
#include "max_pooling.hpp"

namespace kernels::VECTORS_NAMESPACE {

static constexpr PoolingFunctions pooling_functions = {
    pooling_maximum,
    pooling_maximum_gradient,
    pooling_average,
    pooling_average_gradient,
    batch_norm_add_statistics,
    batch_norm_statistics,
    batch_norm_prepare,
    batch_norm,
    batch_norm_add_gradients,
    batch_norm_finish_gradients,
    batch_norm_gradient,
    batch_norm_relu_pool,
    batch_norm_pool_add_gradients,
    batch_norm_relu_pool_gradient,
};

}  // namespace kernels::VECTORS_NAMESPACE

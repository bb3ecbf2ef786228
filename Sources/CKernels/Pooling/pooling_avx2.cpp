#if defined(__x86_64__)

#define VECTOR_SET VECTOR_SET_AVX2
#include "pooling_functions.hpp"

const kernels::PoolingFunctions kernels::avx2_pooling_functions =
    kernels::avx2::pooling_functions;

#endif

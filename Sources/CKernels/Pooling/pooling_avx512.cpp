#if defined(__x86_64__)

#define VECTOR_SET VECTOR_SET_AVX512
#include "pooling_functions.hpp"

const kernels::PoolingFunctions kernels::avx512_pooling_functions =
    kernels::avx512::pooling_functions;

#endif

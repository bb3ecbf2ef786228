#define VECTOR_SET VECTOR_SET_PORTABLE
#include "pooling_functions.hpp"

const kernels::PoolingFunctions kernels::portable_pooling_functions =
    kernels::portable::pooling_functions;

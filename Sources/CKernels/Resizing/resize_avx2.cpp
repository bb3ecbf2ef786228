#if defined(__x86_64__)

#define VECTOR_SET VECTOR_SET_AVX2
#include "resize.hpp"

const kernels::ResizeFunctions kernels::avx2_resize_functions = {
    kernels::avx2::resize_rows, kernels::avx2::resize_columns};

#endif

#if defined(__x86_64__)

#define VECTOR_SET VECTOR_SET_AVX512
#include "resize.hpp"

const kernels::ResizeFunctions kernels::avx512_resize_functions = {
    kernels::avx512::resize_rows, kernels::avx512::resize_columns};

#endif

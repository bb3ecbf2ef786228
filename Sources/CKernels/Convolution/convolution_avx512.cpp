// The convolution kernels for processors with AVX-512.

#if defined(__x86_64__)
#define VECTOR_SET VECTOR_SET_AVX512
#include "convolution_kernels.hpp"
#endif

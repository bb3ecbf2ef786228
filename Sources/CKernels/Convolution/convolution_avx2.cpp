// The convolution kernels for processors with AVX2 and FMA.

#if defined(__x86_64__)
#define VECTOR_SET VECTOR_SET_AVX2
#include "convolution_kernels.hpp"
#endif

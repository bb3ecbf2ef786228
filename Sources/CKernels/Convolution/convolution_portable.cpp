// The convolution kernels for any processor.

#define VECTOR_SET VECTOR_SET_PORTABLE
#include "convolution_kernels.hpp"

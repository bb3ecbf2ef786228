#define VECTOR_SET VECTOR_SET_PORTABLE
#include "resize.hpp"

const kernels::ResizeFunctions kernels::portable_resize_functions = {
    kernels::portable::resize_rows, kernels::portable::resize_columns};

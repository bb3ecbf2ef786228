// The functions that each instruction set has its own version of; those of resize_kernels.h with
// the same meaning and arguments.

#pragma once

#include "resize_kernels.h"

namespace kernels {

struct ResizeFunctions {
  decltype(&::resize_rows) rows;
  decltype(&::resize_columns) columns;
};

extern const ResizeFunctions portable_resize_functions;
#if defined(__x86_64__)
extern const ResizeFunctions avx2_resize_functions, avx512_resize_functions;
#endif

}  // namespace kernels

// A part of the work of a kernel.

#ifndef KERNEL_RANGE_H
#define KERNEL_RANGE_H

#include <stddef.h>

/// Indices from `first` up to but without `end`.
typedef struct {
  size_t first, end;
} kernel_range;

#endif

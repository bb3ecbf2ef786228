// Counts what a thread asks the allocator for, for tests of what must not allocate.

#pragma once

#include <stddef.h>

/// Whether calls of malloc and its relatives are seen: not on other systems than Linux with glibc,
/// nor under a sanitizer, which has an allocator of its own.
int allocation_counter_works(void);
/// Starts counting the allocations of the calling thread, from 0.
void allocation_counter_start(void);
/// Ends counting.
///
/// - Returns: the allocations that were asked for by code outside of oneDNN and of the C++ library
///   that it calls.
size_t allocation_counter_stop(void);
/// All allocations between the last start and stop, oneDNN's included.
size_t allocation_counter_all(void);

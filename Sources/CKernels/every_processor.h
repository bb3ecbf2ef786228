// Marks functions that are compiled for several instruction sets; not visible to Swift.

#pragma once

// The function that selects a version runs before the sanitizers are initialized.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define ONE_PROCESSOR
#endif
#endif

#if defined(__x86_64__) && defined(__linux__) && !defined(ONE_PROCESSOR)
#define HAS_CHOICE
#define EVERY_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define EVERY_PROCESSOR
#endif

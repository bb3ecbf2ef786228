#define _GNU_SOURCE
#include "allocation_counter.h"

// Defines __GLIBC__ where that is the C library.
#include <limits.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define HAS_SANITIZER
#endif
#endif

static _Thread_local int counts;
static _Thread_local size_t all, own;

#if defined(__linux__) && defined(__GLIBC__) && !defined(HAS_SANITIZER)
#include <dlfcn.h>
#include <errno.h>
#include <string.h>

// glibc's own functions, under the names that it offers to those that replace malloc. Pointers from
// them may go to its free.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void count(const void *caller) {
  if (!counts) return;
  counts = 0;  // Whatever dladdr asks for is not counted.
  all++;
  Dl_info info;
  const char *file = dladdr(caller, &info) != 0 && info.dli_fname != NULL ? info.dli_fname : "";
  if (strstr(file, "libdnnl") == NULL && strstr(file, "libstdc++") == NULL) own++;
  counts = 1;
}

void *malloc(size_t size) {
  count(__builtin_return_address(0));
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(__builtin_return_address(0));
  return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
  count(__builtin_return_address(0));
  return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
  count(__builtin_return_address(0));
  *block = __libc_memalign(alignment, size);
  return *block == NULL ? ENOMEM : 0;
}

int allocation_counter_works(void) { return 1; }
#else
int allocation_counter_works(void) { return 0; }
#endif

void allocation_counter_start(void) {
  all = own = 0;
  counts = 1;
}

size_t allocation_counter_stop(void) {
  counts = 0;
  return own;
}

size_t allocation_counter_all(void) { return all; }

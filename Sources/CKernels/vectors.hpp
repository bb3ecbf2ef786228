// Vectors as wide as an instruction set's, for kernels that are written once and compiled for
// several instruction sets.
//
// Each kernel source, such as pooling_kernels.hpp, is included by one file per instruction set,
// such as pooling_avx2.cpp, which defines VECTOR_SET and includes this header first. The kernels
// stand between VECTORS_BEGIN and VECTORS_END, and standard headers before: a function of theirs
// that was compiled for a newer processor could be used by the whole program.
//
// A product and a sum in one expression become one fused multiplication where the instruction set
// has it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define VECTOR_SET_PORTABLE 0
#define VECTOR_SET_AVX2 1
#define VECTOR_SET_AVX512 2

#if VECTOR_SET == VECTOR_SET_AVX512
#define VECTOR_BYTES 64
#define VECTORS_NAMESPACE avx512
#define VECTORS_NAME "avx512"
#define VECTORS_BEGIN                                                                        \
  _Pragma("clang attribute push(__attribute__((target(\
\"avx512f,avx512bw,avx512dq,avx512vl,fma\"))), apply_to = function)")
#define VECTORS_END _Pragma("clang attribute pop")
#elif VECTOR_SET == VECTOR_SET_AVX2
#define VECTOR_BYTES 32
#define VECTORS_NAMESPACE avx2
#define VECTORS_NAME "avx2"
#define VECTORS_BEGIN                                                                    \
  _Pragma("clang attribute push(__attribute__((target(\"avx2,fma\"))), apply_to = function)")
#define VECTORS_END _Pragma("clang attribute pop")
#else
#define VECTOR_BYTES 16
#define VECTORS_NAMESPACE portable
#define VECTORS_NAME "portable"
#define VECTORS_BEGIN
#define VECTORS_END
#endif

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Floats of one register.
typedef float vec __attribute__((vector_size(VECTOR_BYTES)));
/// What comparing two vectors yields: -1 in lanes where it holds, else 0.
typedef int32_t mask __attribute__((vector_size(VECTOR_BYTES)));

/// The number of floats in a vector.
constexpr int lanes = VECTOR_BYTES / 4;

static inline vec load(const float *from) {
  vec value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

static inline void store(float *to, vec value) { std::memcpy(to, &value, sizeof value); }

#if VECTOR_SET == VECTOR_SET_AVX2
/// A mask of the first `count` lanes, in 0...lanes.
static inline __m256i first_lanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif

/// The first `count` floats, in 0...lanes; the other lanes are zero and their memory is not read.
static inline vec load(const float *from, int count) {
#if VECTOR_SET == VECTOR_SET_AVX512
  return _mm512_maskz_loadu_ps(__mmask16((1u << count) - 1), from);
#elif VECTOR_SET == VECTOR_SET_AVX2
  return _mm256_maskload_ps(from, first_lanes(count));
#else
  vec value = {};
  std::memcpy(&value, from, sizeof(float) * size_t(count));
  return value;
#endif
}

/// Writes the first `count` lanes, in 0...lanes, and no other memory.
static inline void store(float *to, vec value, int count) {
#if VECTOR_SET == VECTOR_SET_AVX512
  _mm512_mask_storeu_ps(to, __mmask16((1u << count) - 1), value);
#elif VECTOR_SET == VECTOR_SET_AVX2
  _mm256_maskstore_ps(to, first_lanes(count), value);
#else
  std::memcpy(to, &value, sizeof(float) * size_t(count));
#endif
}

/// The larger value of each lane; the first one where they are equal or one is no number.
static inline vec larger(vec a, vec b) { return b > a ? b : a; }

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

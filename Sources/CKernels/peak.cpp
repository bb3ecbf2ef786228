#include "peak.h"

#include "instruction_set.hpp"

namespace kernels {
namespace {

/// Enough independent sums to keep two units busy, each of which takes four or five cycles; with
/// two factors they fit into 16 registers.
constexpr int sums = 12;

/// What is left of a loop, so that it is not removed.
volatile float kept;

// One function for each instruction set. A product and a sum in one expression become one fused
// multiply-add where the instruction set has it. The sums tend to 1, so that none is denormal.
#define MULTIPLY_ADDS(name, bytes, target)                                    \
  target double name(long rounds) {                                           \
    typedef float vec __attribute__((vector_size(bytes)));                    \
    const vec factor = vec{} + 0.5f, addend = vec{} + 0.5f;                   \
    vec values[sums];                                                         \
    for (int i = 0; i < sums; i++) values[i] = vec{} + float(i);              \
    for (long round = 0; round < rounds; round++) {                           \
      for (int i = 0; i < sums; i++)                                          \
        values[i] = values[i] * factor + addend;                              \
      /* Otherwise a compiler could compute several rounds in one. */         \
      for (int i = 0; i < sums; i++) __asm__ volatile("" : KEPT(values[i]));  \
    }                                                                         \
    vec total = values[0];                                                    \
    for (int i = 1; i < sums; i++) total += values[i];                        \
    kept = total[0];                                                          \
    return 2.0 * sums * (bytes / 4) * double(rounds);                         \
  }

#if defined(__x86_64__)
#define KEPT(value) "+v"(value)
MULTIPLY_ADDS(multiply_adds_avx512, 64, __attribute__((target("avx512f,fma"))))
MULTIPLY_ADDS(multiply_adds_avx2, 32, __attribute__((target("avx2,fma"))))
#undef KEPT
#define KEPT(value) "+x"(value)
#elif defined(__aarch64__)
#define KEPT(value) "+w"(value)
#else
#define KEPT(value) "+m"(value)
#endif
MULTIPLY_ADDS(multiply_adds_portable, 16, )

}  // namespace
}  // namespace kernels

using kernels::InstructionSet;

const char *peak_instruction_set(int index) {
  if (index < 0 || index > int(kernels::instruction_set())) return nullptr;
  switch (InstructionSet(index)) {
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx2: return "avx2";
    case InstructionSet::portable: break;
  }
  return "portable";
}

double peak_operations(int index, long rounds) {
  if (peak_instruction_set(index) == nullptr) return 0;
#if defined(__x86_64__)
  switch (InstructionSet(index)) {
    case InstructionSet::avx512: return kernels::multiply_adds_avx512(rounds);
    case InstructionSet::avx2: return kernels::multiply_adds_avx2(rounds);
    case InstructionSet::portable: break;
  }
#endif
  return kernels::multiply_adds_portable(rounds);
}

#include "instruction_set.hpp"
#include "instruction_sets.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <strings.h>

namespace kernels {
namespace {

InstructionSet of_processor() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (has_avx2 && has_avx512) return InstructionSet::avx512;
  if (has_avx2) return InstructionSet::avx2;
#endif
  return InstructionSet::portable;
}

/// The limit that the user sets for oneDNN.
InstructionSet allowed() {
  const char *text = std::getenv("ONEDNN_MAX_CPU_ISA");
  if (text == nullptr) text = std::getenv("DNNL_MAX_CPU_ISA");
  if (text == nullptr) return InstructionSet::avx512;
  if (strcasecmp(text, "SSE41") == 0 || strcasecmp(text, "AVX") == 0)
    return InstructionSet::portable;
  return strncasecmp(text, "AVX2", 4) == 0 ? InstructionSet::avx2 : InstructionSet::avx512;
}

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet chosen = std::min(of_processor(), allowed());
  return chosen;
}

}  // namespace kernels

const char *kernel_instruction_set(void) {
  switch (kernels::instruction_set()) {
    case kernels::InstructionSet::avx512: return "avx512";
    case kernels::InstructionSet::avx2: return "avx2";
    case kernels::InstructionSet::portable: break;
  }
  return "portable";
}

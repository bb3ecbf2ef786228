// The instruction set for which kernels are chosen.

#pragma once

namespace kernels {

enum class InstructionSet { portable, avx2, avx512 };

/// The best instruction set of this processor for which there are kernels.
///
/// The environment variable ONEDNN_MAX_CPU_ISA, or else DNNL_MAX_CPU_ISA, lowers it as it lowers
/// oneDNN's: a value that starts with AVX2, to AVX2; SSE41 or AVX, to the portable kernels. It is
/// read once.
InstructionSet instruction_set();

}  // namespace kernels

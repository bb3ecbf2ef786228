// The instruction set for which kernels are chosen when the program runs.

#ifndef INSTRUCTION_SETS_H
#define INSTRUCTION_SETS_H

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction set of the kernels of convolutions, pooling and batch normalization: "avx512",
/// "avx2" or "portable". It is chosen once; ONEDNN_MAX_CPU_ISA lowers it.
const char *_Nonnull kernel_instruction_set(void);

#ifdef __cplusplus
}
#endif

#endif

// How fast a core multiplies and adds: a bound for every kernel of the same instruction set.

#ifndef PEAK_H
#define PEAK_H

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction sets of this processor up to that of the kernels, the best one last; NULL from
/// the end on. Each is a name as that of kernel_instruction_set.
const char *_Nullable peak_instruction_set(int index);

/// Multiplies and adds vectors of an instruction set in registers alone, on the calling thread, and
/// returns the number of floating-point operations: two for each lane of a fused multiply-add.
///
/// The instruction set must be one of those of peak_instruction_set.
double peak_operations(int index, long rounds);

#ifdef __cplusplus
}
#endif

#endif

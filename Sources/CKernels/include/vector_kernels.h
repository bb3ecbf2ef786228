// Elementwise updates of long vectors, compiled for several instruction sets, of which one is
// selected for the processor at load time, so that a portable binary is as fast as a native one.

#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019):
/// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g²; w -= rate (m/c1) / (sqrt(v/c2) + epsilon) + decay w,
/// where c1 = 1 - b1^t and c2 = 1 - b2^t; `decay` is rate × weight decay.
void vector_adam(
    float *_Nonnull weights, const float *_Nonnull gradient, float *_Nonnull first,
    float *_Nonnull second, size_t count, float rate, float beta1, float beta2, float epsilon,
    float correction1, float correction2, float decay);

/// One step of stochastic gradient descent with momentum: v = momentum v - rate g; w += v - decay
/// w.
void vector_momentum(
    float *_Nonnull weights, const float *_Nonnull gradient, float *_Nonnull velocity, size_t count,
    float rate, float momentum, float decay);

/// The instruction set that is used on this processor: "avx512f", "avx2" or "default".
const char *_Nonnull vector_instruction_set(void);

/// values = keep × values + (1 - keep) × update.
void vector_moving_average(
    float *_Nonnull values, const float *_Nonnull update, size_t count, float keep);

/// gradient += strength × (weights - anchor); a NULL anchor stands for zeros.
void vector_pull(
    float *_Nonnull gradient, const float *_Nonnull weights, const float *_Nullable anchor,
    size_t count, float strength);

/// The sum of the squares, accumulated in double precision.
double vector_sum_of_squares(const float *_Nonnull values, size_t count);

/// values *= factor.
void vector_scale(float *_Nonnull values, size_t count, float factor);

/// destination = source × mask.
void vector_multiply(
    float *_Nonnull destination, const float *_Nonnull source, const float *_Nonnull mask,
    size_t count);

#ifdef __cplusplus
}
#endif

#endif

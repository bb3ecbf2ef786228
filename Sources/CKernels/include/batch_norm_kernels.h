// Batch normalization, alone and together with the ReLU and the 2×2 maximum pooling after it.
//
// Activations are matrices [rows, channels] without gaps: a row is a pixel. Results depend only on
// the input and on the instruction set of the processor, which is chosen when a kernel is first
// used.

#ifndef BATCH_NORM_KERNELS_H
#define BATCH_NORM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The parameters of y = gamma (x - mean) / sqrt(variance + epsilon) + beta, each [channels].
typedef struct {
  const float *_Nonnull gamma, *_Nonnull beta;
  const float *_Nonnull mean, *_Nonnull variance;
  float epsilon;
} batch_norm_parameters;

/// Bytes of working memory that each of the following functions needs. It must be aligned
/// to 8 bytes; its values are neither read before they are written nor used afterwards.
size_t batch_norm_scratch_bytes(size_t channels);

/// The mean and the population variance of each channel, which are [channels].
///
/// The variance is never negative and exactly 0 for a constant channel. It is as exact for channels
/// whose mean is far from 0 as for others. At least one row is required.
void batch_norm_statistics(
    float *_Nonnull mean, float *_Nonnull variance, const float *_Nonnull source, size_t rows,
    size_t channels, void *_Nonnull scratch);

/// Normalizes [rows, channels] and applies a ReLU if `relu` is true.
///
/// The destination may be the source.
void batch_norm(
    float *_Nonnull destination, const float *_Nonnull source, size_t rows, size_t channels,
    const batch_norm_parameters *_Nonnull parameters, bool relu, void *_Nonnull scratch);

/// The gradients of batch_norm; gradients of parameters that are NULL are not computed.
///
/// If `batch_statistics` is true, mean and variance are those of the source and depend on it;
/// otherwise they are constants. The gradient of a ReLU is recomputed from the source: 0 where its
/// result is 0. `source_gradient` may be `gradient`, but not the source.
void batch_norm_gradient(
    float *_Nonnull source_gradient, float *_Nullable gamma_gradient,
    float *_Nullable beta_gradient, const float *_Nonnull gradient, const float *_Nonnull source,
    size_t rows, size_t channels, const batch_norm_parameters *_Nonnull parameters,
    bool batch_statistics, bool relu, void *_Nonnull scratch);

/// A batch of images [batch, height, width, channels].
typedef struct {
  size_t batch, height, width, channels;
} batch_norm_images;

/// Batch normalization, ReLU, and maximum pooling with windows of 2×2 pixels and a stride of 2.
///
/// The destination is [batch, height / 2, width / 2, channels]; a last odd row or column is not
/// pooled. `positions` has the shape of the destination and receives the place of the maximum in
/// its window, 0...3 by rows, or 4 if no value is above 0; NULL for inference. The first of several
/// equal values is the maximum.
void batch_norm_relu_pool(
    float *_Nonnull destination, uint8_t *_Nullable positions, const float *_Nonnull source,
    const batch_norm_images *_Nonnull images, const batch_norm_parameters *_Nonnull parameters,
    void *_Nonnull scratch);

/// The gradients of batch_norm_relu_pool; gradients of parameters that are NULL are not computed.
///
/// `gradient` is that of the pooled images. If `batch_statistics` is true, mean and variance are
/// those of the source, including pixels that are not pooled, and depend on it; otherwise they are
/// constants. No argument may overlap another.
void batch_norm_relu_pool_gradient(
    float *_Nonnull source_gradient, float *_Nullable gamma_gradient,
    float *_Nullable beta_gradient, const float *_Nonnull gradient,
    const uint8_t *_Nonnull positions, const float *_Nonnull source,
    const batch_norm_images *_Nonnull images, const batch_norm_parameters *_Nonnull parameters,
    bool batch_statistics, void *_Nonnull scratch);

#ifdef __cplusplus
}
#endif

#endif

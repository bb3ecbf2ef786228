// Batch normalization, alone and together with the ReLU and the 2×2 maximum pooling after it.
//
// Activations are matrices [rows, channels] without gaps: a row is a pixel. Results depend only on
// the input and on the instruction set of the processor, which is chosen when a kernel is first
// used.
//
// Several threads may share the work, with the same results. Sums over all rows are made of sums
// over blocks of rows, which may be computed at the same time; what is computed per row may be
// computed for any rows at the same time. The functions of one pass share their working memory and
// are called in the order in which they are declared here.

#ifndef BATCH_NORM_KERNELS_H
#define BATCH_NORM_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel_range.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The parameters of y = gamma (x - mean) / sqrt(variance + epsilon) + beta, each [channels].
typedef struct {
  const float *_Nonnull gamma, *_Nonnull beta;
  const float *_Nonnull mean, *_Nonnull variance;
  float epsilon;
} batch_norm_parameters;

/// A batch of images [batch, height, width, channels].
typedef struct {
  size_t batch, height, width, channels;
} batch_norm_images;

/// Bytes of working memory of a pass. It must be aligned to 8 bytes; its values are neither read
/// before they are written nor used afterwards.
size_t batch_norm_scratch_bytes(const batch_norm_images *_Nonnull images);

/// The number of blocks of all rows.
size_t batch_norm_blocks(size_t rows);

/// Computes the sums of some blocks for batch_norm_statistics.
void batch_norm_add_statistics(
    void *_Nonnull scratch, const float *_Nonnull source, size_t rows, size_t channels,
    kernel_range blocks);

/// The mean and the population variance of each channel, which are [channels], given the sums of
/// all blocks.
///
/// The variance is never negative and exactly 0 for a constant channel. It is as exact for channels
/// whose mean is far from 0 as for others. At least one row is required.
void batch_norm_statistics(
    float *_Nonnull mean, float *_Nonnull variance, const float *_Nonnull source, size_t rows,
    size_t channels, void *_Nonnull scratch);

/// Computes the factors that the following functions use, except batch_norm_finish_gradients and
/// batch_norm_pool_add_gradients.
void batch_norm_prepare(
    const batch_norm_parameters *_Nonnull parameters, size_t channels, void *_Nonnull scratch);

/// Normalizes some rows [rows, channels] and applies a ReLU if `relu` is true.
///
/// The destination may be the source.
void batch_norm(
    float *_Nonnull destination, const float *_Nonnull source, size_t rows, size_t channels,
    const batch_norm_parameters *_Nonnull parameters, bool relu, const void *_Nonnull scratch);

/// Computes the sums of some blocks for batch_norm_finish_gradients, given the gradient of the
/// result of batch_norm for all rows.
///
/// With given statistics, the gradients of the source do not depend on the sums;
/// `source_gradient`, unless it is NULL, receives them. It may be `gradient`, but not the source.
/// The gradient of a ReLU is recomputed from the source: 0 where its result is 0.
void batch_norm_add_gradients(
    void *_Nonnull scratch, float *_Nullable source_gradient, const float *_Nonnull gradient,
    const float *_Nonnull source, size_t rows, size_t channels,
    const batch_norm_parameters *_Nonnull parameters, bool relu, kernel_range blocks);

/// Computes the gradients of gamma and beta, each [channels] unless it is NULL, and what the
/// gradients of the source need, from the sums of all blocks; `rows` is the number of all pixels.
void batch_norm_finish_gradients(
    float *_Nullable gamma_gradient, float *_Nullable beta_gradient, size_t blocks, size_t rows,
    size_t channels, const batch_norm_parameters *_Nonnull parameters, void *_Nonnull scratch);

/// The gradients of some rows of the source of batch_norm.
///
/// If `batch_statistics` is true, mean and variance are those of all rows and depend on them, for
/// which batch_norm_finish_gradients must have been called; otherwise they are constants.
/// `source_gradient` may be `gradient`, but not the source.
void batch_norm_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient, const float *_Nonnull source,
    size_t rows, size_t channels, const batch_norm_parameters *_Nonnull parameters,
    bool batch_statistics, bool relu, const void *_Nonnull scratch);

/// Batch normalization, ReLU, and maximum pooling with windows of 2×2 pixels and a stride of 2, for
/// some images.
///
/// The destination is [batch, height / 2, width / 2, channels]; a last odd row or column is not
/// pooled. `positions` has the shape of the destination and receives the place of the maximum in
/// its window, 0...3 by rows, or 4 if no value is above 0; NULL for inference. The first of several
/// equal values is the maximum.
void batch_norm_relu_pool(
    float *_Nonnull destination, uint8_t *_Nullable positions, const float *_Nonnull source,
    const batch_norm_images *_Nonnull images, const batch_norm_parameters *_Nonnull parameters,
    const void *_Nonnull scratch);

/// The number of blocks of all rows of pooled pixels.
size_t batch_norm_pooled_blocks(const batch_norm_images *_Nonnull images);

/// Computes the sums of some blocks for batch_norm_finish_gradients, given the gradient of the
/// result of batch_norm_relu_pool for all images.
void batch_norm_pool_add_gradients(
    void *_Nonnull scratch, const float *_Nonnull gradient, const uint8_t *_Nonnull positions,
    const float *_Nonnull source, const batch_norm_images *_Nonnull images,
    const batch_norm_parameters *_Nonnull parameters, kernel_range blocks);

/// The gradients of some images, the source of batch_norm_relu_pool; see batch_norm_gradient.
///
/// `gradient` is that of the pooled images. Mean and variance are those of all images, including
/// pixels that are not pooled. No argument may overlap another.
void batch_norm_relu_pool_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const uint8_t *_Nonnull positions, const float *_Nonnull source,
    const batch_norm_images *_Nonnull images, const batch_norm_parameters *_Nonnull parameters,
    bool batch_statistics, const void *_Nonnull scratch);

#ifdef __cplusplus
}
#endif

#endif

// 3×3 convolutions with stride 1 and one pixel of zeros around each image: forward and both
// gradients, compiled for several instruction sets, of which one is selected for the processor.
//
// Forward and backward data first prepare the kernel: they bring it into the form in which they
// read it. A prepared kernel may be used in any number of calls, also for other batch sizes and by
// several threads at the same time.
//
// Activations are [batch, height, width, channels] and kernels [3, 3, inputs, outputs], both
// float32 without gaps. No argument may overlap another. Every result is the same, bit for bit, in
// each call with the same arguments on the same processor, and the results of one image depend
// neither on the batch size nor on the place of the image in the batch.

#ifndef CONVOLUTION_KERNELS_H
#define CONVOLUTION_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel_range.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The size of a convolution: images [batch, height, width, inputs] become images
/// [batch, height, width, outputs]. No size may be zero.
typedef struct {
  size_t batch, height, width, inputs, outputs;
} conv3_shape;

typedef enum {
  conv3_pass_forward,
  conv3_pass_backward_data,
  conv3_pass_backward_weights,
} conv3_pass;

/// What happens to the results of conv3_forward before they are stored: nothing, a ReLU, or a ReLU
/// and the maximum of each window of 2×2 pixels with a stride of 2, in which a last odd row or
/// column is dropped.
typedef enum {
  conv3_follower_none,
  conv3_follower_relu,
  conv3_follower_relu_pool,
} conv3_follower;

/// The size of a prepared kernel in bytes, for forward or backward data.
size_t conv3_prepared_bytes(conv3_shape shape, conv3_pass pass);

/// The number of parts in which a kernel is prepared, which several threads may do at the same
/// time.
size_t conv3_prepare_parts(conv3_shape shape, conv3_pass pass);

/// Prepares some parts of a kernel for forward or backward data. The memory should be aligned to 64
/// bytes, for speed.
void conv3_prepare(
    conv3_shape shape, conv3_pass pass, kernel_range parts, void *_Nonnull prepared,
    const float *_Nonnull kernel);

/// The working memory of a pass, in bytes; it need not be aligned, and its content does not matter.
/// It may be NULL if it has no bytes.
size_t conv3_scratch_bytes(conv3_shape shape, conv3_pass pass);

/// Whether a pass is expected to be about as fast as that of oneDNN or faster, on one thread.
///
/// The answer depends on the batch size: small batches do not repay the transform of a large
/// kernel. Ask with the usual batch size if the results of an image must not depend on the batch.
bool conv3_is_fast(conv3_shape shape, conv3_pass pass);

/// The algorithm and the instruction set of a pass, such as "winograd:avx512" or "direct:avx2".
const char *_Nonnull conv3_kernel_name(conv3_shape shape, conv3_pass pass);

/// Whether conv3_forward has the follower conv3_follower_relu_pool for a shape.
bool conv3_can_pool(conv3_shape shape);

/// destination [batch, height, width, outputs] = source [batch, height, width, inputs] convolved
/// with the prepared kernel, plus the bias [outputs], where NULL stands for zeros; then what
/// follows. With pooling, the destination is [batch, height / 2, width / 2, outputs].
void conv3_forward(
    conv3_shape shape, float *_Nonnull destination, const float *_Nonnull source,
    const void *_Nonnull prepared, const float *_Nullable bias, conv3_follower follower,
    void *_Nullable scratch);

/// The gradient of the source of conv3_forward, given the gradient of its destination (before what
/// follows) and the kernel as prepared for backward data.
void conv3_backward_data(
    conv3_shape shape, float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const void *_Nonnull prepared, void *_Nonnull scratch);

// The gradient of the kernel is computed in parts, which several threads may do at the same time:
// first sums, then, when all of them are there, the gradient. The parts depend on the shape and the
// processor alone, and so do the results.

/// The number of parts of conv3_add_gradient.
size_t conv3_gradient_parts(conv3_shape shape);

/// The size of all sums in bytes.
size_t conv3_gradient_sums_bytes(conv3_shape shape);

/// Computes some parts of the sums, given the gradient of the destination of conv3_forward (before
/// what follows). The sums should be aligned to 64 bytes, for speed, and need not be cleared.
void conv3_add_gradient(
    conv3_shape shape, kernel_range parts, void *_Nonnull sums, const float *_Nonnull gradient,
    const float *_Nonnull source, void *_Nullable scratch);

/// Stores the gradient of the weights of some inputs, in 0...inputs; changes the sums.
void conv3_store_gradient(
    conv3_shape shape, kernel_range inputs, float *_Nonnull kernel_gradient, void *_Nonnull sums);

/// The number of channels of each part of conv3_bias_gradient but the last, which may be smaller.
enum { conv3_bias_part = 16 };

/// Stores some parts of the gradient of the bias of conv3_forward, each with 16 outputs.
void conv3_bias_gradient(
    conv3_shape shape, kernel_range parts, float *_Nonnull bias_gradient,
    const float *_Nonnull gradient);

#ifdef __cplusplus
}
#endif

#endif

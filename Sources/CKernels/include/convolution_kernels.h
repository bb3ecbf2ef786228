// 3×3 convolutions with stride 1 and one pixel of zeros around each image: forward and both
// gradients, compiled for several instruction sets, of which one is selected for the processor.
//
// Activations are [batch, height, width, channels] and kernels [3, 3, inputs, outputs], both
// float32 without gaps. No argument may overlap another. Every result is the same, bit for bit, in
// each call with the same arguments on the same processor, and the results of one image depend
// neither on the batch size nor on the place of the image in the batch.

#ifndef CONVOLUTION_KERNELS_H
#define CONVOLUTION_KERNELS_H

#include <stdbool.h>
#include <stddef.h>

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

/// The working memory of a pass, in bytes; it need not be aligned, and its content does not matter.
size_t conv3_scratch_bytes(conv3_shape shape, conv3_pass pass);

/// Whether a pass is expected to be about as fast as that of oneDNN or faster, on one thread.
///
/// The answer depends on the batch size: small batches do not repay the transform of a large
/// kernel. Ask with the usual batch size if the results of an image must not depend on the batch.
bool conv3_is_fast(conv3_shape shape, conv3_pass pass);

/// destination [batch, height, width, outputs] = source [batch, height, width, inputs] convolved
/// with the kernel, plus the bias [outputs], where NULL stands for zeros; with `relu`, negative
/// results become zero.
void conv3_forward(
    conv3_shape shape, float *_Nonnull destination, const float *_Nonnull source,
    const float *_Nonnull kernel, const float *_Nullable bias, bool relu, void *_Nonnull scratch);

/// The gradient of the source of conv3_forward, given the gradient of its destination (before
/// ReLU).
void conv3_backward_data(
    conv3_shape shape, float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const float *_Nonnull kernel, void *_Nonnull scratch);

/// The gradients of the kernel and, unless it is NULL, of the bias of conv3_forward, given the
/// gradient of its destination (before ReLU).
void conv3_backward_weights(
    conv3_shape shape, float *_Nonnull kernel_gradient, float *_Nullable bias_gradient,
    const float *_Nonnull gradient, const float *_Nonnull source, void *_Nonnull scratch);

#ifdef __cplusplus
}
#endif

#endif

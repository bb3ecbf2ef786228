// Maximum and average pooling.
//
// Images are [batch, height, width, channels] without gaps. Results depend only on the input and on
// the instruction set of the processor, which is chosen when a kernel is first used. No argument
// may overlap another.

#ifndef POOLING_KERNELS_H
#define POOLING_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Windows over images of height × width.
///
/// The first window starts `pad_top` pixels above and `pad_left` pixels to the left of the image;
/// the last ones may end outside. Each window must contain at least one pixel of the image.
typedef struct {
  size_t batch, height, width, channels;
  size_t pooled_height, pooled_width;
  size_t window_height, window_width;
  size_t stride_height, stride_width;
  size_t pad_top, pad_left;
} pooling_shape;

/// Whether pooling_maximum can store the positions of these windows: they have at most 255 pixels.
bool pooling_has_positions(const pooling_shape *_Nonnull shape);

/// The largest value of each window, [batch, pooled_height, pooled_width, channels].
///
/// `positions` has the shape of the destination and receives the place of the maximum in its
/// window, counted by rows from 0 and including pixels outside the image; NULL for inference. The
/// first of several equal values is the maximum. NaN is ignored: a window without other values
/// yields -FLT_MAX at position 0.
void pooling_maximum(
    float *_Nonnull destination, uint8_t *_Nullable positions, const float *_Nonnull source,
    const pooling_shape *_Nonnull shape);

/// The gradient of the source of pooling_maximum: each pixel receives the sum of the gradients of
/// the windows whose maximum it is.
void pooling_maximum_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const uint8_t *_Nonnull positions, const pooling_shape *_Nonnull shape);

/// The mean of the pixels of each window that are inside the image, [batch, pooled_height,
/// pooled_width, channels].
void pooling_average(
    float *_Nonnull destination, const float *_Nonnull source,
    const pooling_shape *_Nonnull shape);

/// The gradient of the source of pooling_average.
void pooling_average_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const pooling_shape *_Nonnull shape);

#ifdef __cplusplus
}
#endif

#endif

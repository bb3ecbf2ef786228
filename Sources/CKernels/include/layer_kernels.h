// Computations of layers that do not use oneDNN: moving, broadcasting, scaling and normalizing
// activations, and elementwise functions that oneDNN does not have.
//
// Activations are [batch, height, width, channels] without gaps; "rows" are pixels with their
// channels. No argument may overlap another.

#ifndef LAYER_KERNELS_H
#define LAYER_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The size of one image.
typedef struct {
  size_t height, width, channels;
} image_size;

/// destination = (source - center) × scale + offset, per channel.
void layer_affine(
    float *_Nonnull destination, const float *_Nonnull source, size_t rows, size_t channels,
    const float *_Nonnull center, const float *_Nonnull scale, const float *_Nonnull offset);

/// The sum of each channel over all rows, [channels], accumulated in double precision.
void layer_channel_sums(
    float *_Nonnull sums, const float *_Nonnull source, size_t rows, size_t channels);

/// destination = matrix + scale × down × up: the matrix is [rows, columns], down is [rows, rank] and
/// up is [rank, columns].
void layer_add_product(
    float *_Nonnull destination, const float *_Nonnull matrix, const float *_Nonnull down,
    const float *_Nonnull up, size_t rows, size_t rank, size_t columns, float scale);

/// Copies `channels` values per row between rows of `to_stride` and `from_stride` values.
void layer_copy_channels(
    float *_Nonnull to, size_t to_stride, const float *_Nonnull from, size_t from_stride,
    size_t rows, size_t channels);

/// Copies images into larger ones at row `top` and column `left`; everything else becomes zero.
void layer_pad(
    float *_Nonnull destination, image_size to, const float *_Nonnull source, image_size from,
    size_t batch, size_t top, size_t left);
/// The transpose of layer_pad: copies the inner images out.
void layer_crop(
    float *_Nonnull destination, image_size to, const float *_Nonnull source, image_size from,
    size_t batch, size_t top, size_t left);

/// destination = left × right, with broadcasting of axes of size 1.
void layer_spread_multiply(
    float *_Nonnull destination, image_size size, const float *_Nonnull left, image_size left_size,
    const float *_Nonnull right, image_size right_size, size_t batch);
/// destination = left + right, with broadcasting of axes of size 1.
void layer_spread_add(
    float *_Nonnull destination, image_size size, const float *_Nonnull left, image_size left_size,
    const float *_Nonnull right, image_size right_size, size_t batch);
/// destination = gradient × factor, summed over the axes in which the destination has size 1. The
/// factor is broadcast like an input; NULL stands for 1.
void layer_spread_gradient(
    float *_Nonnull destination, image_size destination_size, const float *_Nonnull gradient,
    image_size size, const float *_Nullable factor, image_size factor_size, size_t batch);

/// The source of an output row or column: (1 - weight) × low + weight × high.
typedef struct {
  int32_t low, high;
  float weight;
} resample_tap;

/// Resamples images with the given rows and columns.
void layer_resample(
    float *_Nonnull destination, image_size to, const float *_Nonnull source, image_size from,
    size_t batch, const resample_tap *_Nonnull rows, const resample_tap *_Nonnull columns);
/// The transpose of layer_resample.
void layer_resample_gradient(
    float *_Nonnull source_gradient, image_size from, const float *_Nonnull gradient,
    image_size to, size_t batch, const resample_tap *_Nonnull rows,
    const resample_tap *_Nonnull columns);

/// Normalizes each row by its own mean and population variance, then scales and shifts per channel.
/// `mean` and `inverse` receive each row's mean and 1 / sqrt(variance + epsilon).
void layer_norm(
    float *_Nonnull destination, const float *_Nonnull source, size_t rows, size_t channels,
    float epsilon, const float *_Nonnull gamma, const float *_Nonnull beta,
    float *_Nonnull mean, float *_Nonnull inverse);
/// The gradients of layer_norm; parameter gradients that are NULL are not computed.
void layer_norm_gradient(
    float *_Nonnull source_gradient, float *_Nullable gamma_gradient,
    float *_Nullable beta_gradient, const float *_Nonnull gradient, const float *_Nonnull source,
    size_t rows, size_t channels, const float *_Nonnull gamma, const float *_Nonnull mean,
    const float *_Nonnull inverse);

/// Softmax of each row.
void layer_softmax(
    float *_Nonnull destination, const float *_Nonnull source, size_t rows, size_t channels);
/// The gradient of the source of layer_softmax, given the softmax itself.
void layer_softmax_gradient(
    float *_Nonnull source_gradient, const float *_Nonnull gradient, const float *_Nonnull softmax,
    size_t rows, size_t channels);

typedef enum {
  /// Keras' ReLU: x above the threshold a, but at most the maximum b; c (x - a) below the
  /// threshold.
  layer_bounded_relu,
  /// clip(a x + b, 0, 1).
  layer_hard_sigmoid,
  /// a x above zero, a b (exp(x) - 1) below.
  layer_selu,
  /// x / (1 + |x|).
  layer_softsign,
} layer_function;

void layer_function_forward(
    layer_function function, float *_Nonnull destination, const float *_Nonnull source,
    size_t count, float a, float b, float c);
void layer_function_backward(
    layer_function function, float *_Nonnull source_gradient, const float *_Nonnull gradient,
    const float *_Nonnull source, size_t count, float a, float b, float c);

#ifdef __cplusplus
}
#endif

#endif

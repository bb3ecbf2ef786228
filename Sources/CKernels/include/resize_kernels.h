// Resampling of images of bytes along one axis, with weights of 22 binary places.
//
// Images are [height, width, channels] without gaps. Results are the same with every instruction
// set: sums are whole numbers. No argument may overlap another.

#ifndef RESIZE_KERNELS_H
#define RESIZE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The old pixels that each new pixel along an axis is computed from, and their weights.
typedef struct {
  /// The number of new pixels.
  size_t count;
  /// The first old pixel of each new pixel.
  const uint32_t *_Nonnull first;
  /// The number of old pixels of each new pixel.
  const uint32_t *_Nonnull taps;
  /// The weights in units of 2^-22, `stride` for each new pixel, of which the first ones are used.
  const uint32_t *_Nonnull weights;
  size_t stride;
} resize_filter;

/// Resizes each of `height` rows of `width` pixels to `filter->count` pixels.
///
/// A new value is the weighted sum of the old values, rounded to the nearest (halves up) and at
/// most 255.
void resize_rows(
    uint8_t *_Nonnull destination, const uint8_t *_Nonnull source, size_t height, size_t width,
    size_t channels, const resize_filter *_Nonnull filter);

/// Makes `filter->count` rows of `length` bytes of those of the source, as resize_rows makes
/// pixels.
void resize_columns(
    uint8_t *_Nonnull destination, const uint8_t *_Nonnull source, size_t length,
    const resize_filter *_Nonnull filter);

#ifdef __cplusplus
}
#endif

#endif

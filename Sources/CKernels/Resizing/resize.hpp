// The kernels of resize_kernels.h for one instruction set.

#pragma once

#include "resize_functions.hpp"
#include "vectors.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The binary places of the weights.
constexpr int places = 22;
constexpr uint32_t half = uint32_t(1) << (places - 1);

/// The values of a pixel of three or four channels, and those of as many pixels as fit a register.
typedef uint32_t pixel_sums __attribute__((vector_size(16)));
typedef uint8_t pixel_bytes __attribute__((vector_size(4)));
typedef uint32_t sums __attribute__((vector_size(VECTOR_BYTES)));
typedef uint8_t bytes __attribute__((vector_size(VECTOR_BYTES / 4)));

template <typename Sums, typename Bytes>
static inline Sums widened(const uint8_t *from) {
  Bytes values;
  std::memcpy(&values, from, sizeof values);
  return __builtin_convertvector(values, Sums);
}

/// The rounded values of sums to which `half` was added.
template <typename Bytes, typename Sums>
static inline Bytes rounded(Sums values) {
  values >>= places;
  const Sums most = values - values + 255;
  return __builtin_convertvector(values < most ? values : most, Bytes);
}

static inline uint8_t rounded_byte(uint32_t sum) {
  sum >>= places;
  return uint8_t(sum < 255 ? sum : 255);
}

/// Some rows of any number of channels, one value after the other.
static inline void resize_any_rows(
    uint8_t *destination, const uint8_t *source, size_t height, size_t width, size_t channels,
    const resize_filter &filter) {
  for (size_t row = 0; row < height; row++) {
    const uint8_t *from = source + row * width * channels;
    uint8_t *to = destination + row * filter.count * channels;
    for (size_t x = 0; x < filter.count; x++) {
      const uint32_t *weights = filter.weights + x * filter.stride;
      for (size_t channel = 0; channel < channels; channel++) {
        const uint8_t *value = from + filter.first[x] * channels + channel;
        uint32_t sum = half;
        for (size_t tap = 0; tap < filter.taps[x]; tap++) {
          sum += value[tap * channels] * weights[tap];
        }
        *to++ = rounded_byte(sum);
      }
    }
  }
}

/// `count` rows at the same time, with four values for each pixel: of three channels, the fourth
/// value is the next pixel's first and is not stored, so that a byte after the last row is read.
template <size_t channels, size_t count>
static inline void resize_some_rows(
    uint8_t *destination, const uint8_t *source, size_t width, const resize_filter &filter) {
  const size_t row_bytes = width * channels, new_row_bytes = filter.count * channels;
  for (size_t x = 0; x < filter.count; x++) {
    const uint32_t *weights = filter.weights + x * filter.stride;
    const uint8_t *from = source + filter.first[x] * channels;
    pixel_sums sums[count];
    for (size_t row = 0; row < count; row++) sums[row] = pixel_sums{half, half, half, half};
    for (size_t tap = 0; tap < filter.taps[x]; tap++) {
      for (size_t row = 0; row < count; row++) {
        sums[row] += widened<pixel_sums, pixel_bytes>(from + row * row_bytes) * weights[tap];
      }
      from += channels;
    }
    for (size_t row = 0; row < count; row++) {
      const pixel_bytes pixel = rounded<pixel_bytes>(sums[row]);
      std::memcpy(destination + row * new_row_bytes + x * channels, &pixel, channels);
    }
  }
}

/// All rows of three or four channels.
template <size_t channels>
static inline void resize_pixel_rows(
    uint8_t *destination, const uint8_t *source, size_t height, size_t width,
    const resize_filter &filter) {
  constexpr size_t together = 4;
  size_t row = 0;
  // No byte after the last row may be read.
  for (; row + together < height; row += together) {
    resize_some_rows<channels, together>(
        destination + row * filter.count * channels, source + row * width * channels, width,
        filter);
  }
  for (; row + 1 < height; row++) {
    resize_some_rows<channels, 1>(
        destination + row * filter.count * channels, source + row * width * channels, width,
        filter);
  }
  resize_any_rows(
      destination + row * filter.count * channels, source + row * width * channels, height - row,
      width, channels, filter);
}

static void resize_rows(
    uint8_t *destination, const uint8_t *source, size_t height, size_t width, size_t channels,
    const resize_filter *filter) {
  switch (channels) {
    case 1: return resize_any_rows(destination, source, height, width, 1, *filter);
    case 3: return resize_pixel_rows<3>(destination, source, height, width, *filter);
    case 4: return resize_pixel_rows<4>(destination, source, height, width, *filter);
    default: return resize_any_rows(destination, source, height, width, channels, *filter);
  }
}

static void resize_columns(
    uint8_t *destination, const uint8_t *source, size_t length, const resize_filter *filter) {
  constexpr size_t step = sizeof(bytes), together = 4;
  for (size_t y = 0; y < filter->count; y++) {
    const uint32_t *weights = filter->weights + y * filter->stride;
    const uint8_t *from = source + filter->first[y] * length;
    uint8_t *to = destination + y * length;
    const size_t taps = filter->taps[y];
    size_t x = 0;
    for (; x + together * step <= length; x += together * step) {
      sums all[together];
      for (size_t i = 0; i < together; i++) all[i] = sums{} + half;
      for (size_t tap = 0; tap < taps; tap++) {
        for (size_t i = 0; i < together; i++) {
          all[i] += widened<sums, bytes>(from + tap * length + x + i * step) * weights[tap];
        }
      }
      for (size_t i = 0; i < together; i++) {
        const bytes values = rounded<bytes>(all[i]);
        std::memcpy(to + x + i * step, &values, step);
      }
    }
    for (; x < length; x++) {
      uint32_t sum = half;
      for (size_t tap = 0; tap < taps; tap++) sum += from[tap * length + x] * weights[tap];
      to[x] = rounded_byte(sum);
    }
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

#include "layer_kernels.h"

#include <math.h>
#include <string.h>

#include "every_processor.h"

EVERY_PROCESSOR void layer_affine(
    float *destination, const float *source, size_t rows, size_t channels, const float *center,
    const float *scale, const float *offset) {
  for (size_t row = 0; row < rows; row++) {
    const float *x = source + row * channels;
    float *y = destination + row * channels;
    for (size_t c = 0; c < channels; c++) y[c] = (x[c] - center[c]) * scale[c] + offset[c];
  }
}

EVERY_PROCESSOR void layer_channel_sums(
    float *sums, const float *source, size_t rows, size_t channels) {
  enum { strip = 16 };
  for (size_t first = 0; first < channels; first += strip) {
    const size_t width = channels - first < strip ? channels - first : strip;
    double total[strip] = {0};
    for (size_t row = 0; row < rows; row++) {
      const float *x = source + row * channels + first;
      for (size_t c = 0; c < width; c++) total[c] += x[c];
    }
    for (size_t c = 0; c < width; c++) sums[first + c] = (float)total[c];
  }
}

EVERY_PROCESSOR void layer_add_product(
    float *destination, const float *matrix, const float *down, const float *up, size_t rows,
    size_t rank, size_t columns, float scale) {
  for (size_t row = 0; row < rows; row++) {
    float *y = destination + row * columns;
    memcpy(y, matrix + row * columns, columns * sizeof(float));
    for (size_t r = 0; r < rank; r++) {
      const float weight = scale * down[row * rank + r];
      const float *x = up + r * columns;
      for (size_t c = 0; c < columns; c++) y[c] += weight * x[c];
    }
  }
}

void layer_copy_channels(
    float *to, size_t to_stride, const float *from, size_t from_stride, size_t rows,
    size_t channels) {
  for (size_t row = 0; row < rows; row++)
    memcpy(to + row * to_stride, from + row * from_stride, channels * sizeof(float));
}

void layer_pad(
    float *destination, image_size to, const float *source, image_size from, size_t batch,
    size_t top, size_t left) {
  const size_t line = from.width * from.channels;
  memset(destination, 0, batch * to.height * to.width * to.channels * sizeof(float));
  for (size_t n = 0; n < batch; n++) {
    for (size_t y = 0; y < from.height; y++) {
      float *start = destination + ((n * to.height + top + y) * to.width + left) * to.channels;
      memcpy(start, source + (n * from.height + y) * line, line * sizeof(float));
    }
  }
}

void layer_crop(
    float *destination, image_size to, const float *source, image_size from, size_t batch,
    size_t top, size_t left) {
  const size_t line = to.width * to.channels;
  for (size_t n = 0; n < batch; n++) {
    for (size_t y = 0; y < to.height; y++) {
      const float *start =
          source + ((n * from.height + top + y) * from.width + left) * from.channels;
      memcpy(destination + (n * to.height + y) * line, start, line * sizeof(float));
    }
  }
}

// The index of a pixel in an image of size `size`, in which axes of size 1 are broadcast.
static inline __attribute__((always_inline)) size_t pixel(
    image_size size, size_t n, size_t y, size_t x) {
  const size_t row = n * size.height + (size.height > 1 ? y : 0);
  return (row * size.width + (size.width > 1 ? x : 0)) * size.channels;
}

#define SPREAD(operation)                                                                      \
  for (size_t n = 0; n < batch; n++) {                                                         \
    for (size_t y = 0; y < size.height; y++) {                                                 \
      for (size_t x = 0; x < size.width; x++) {                                                \
        float *d = destination + pixel(size, n, y, x);                                         \
        const float *a = left + pixel(left_size, n, y, x);                                     \
        const float *b = right + pixel(right_size, n, y, x);                                   \
        if (left_size.channels == size.channels && right_size.channels == size.channels) {     \
          for (size_t c = 0; c < size.channels; c++) d[c] = a[c] operation b[c];               \
        } else if (left_size.channels == size.channels) {                                      \
          for (size_t c = 0; c < size.channels; c++) d[c] = a[c] operation b[0];               \
        } else {                                                                               \
          for (size_t c = 0; c < size.channels; c++) d[c] = a[0] operation b[c];               \
        }                                                                                      \
      }                                                                                        \
    }                                                                                          \
  }

EVERY_PROCESSOR void layer_spread_multiply(
    float *destination, image_size size, const float *left, image_size left_size,
    const float *right, image_size right_size, size_t batch) {
  SPREAD(*)
}

EVERY_PROCESSOR void layer_spread_add(
    float *destination, image_size size, const float *left, image_size left_size,
    const float *right, image_size right_size, size_t batch) {
  SPREAD(+)
}

EVERY_PROCESSOR void layer_spread_gradient(
    float *destination, image_size destination_size, const float *gradient, image_size size,
    const float *factor, image_size factor_size, size_t batch) {
  static const float one = 1;
  const image_size none = {1, 1, 1};
  if (factor == NULL) factor_size = none;
  const int whole = destination_size.height == size.height && destination_size.width == size.width
      && destination_size.channels == size.channels;
  const size_t count = destination_size.height * destination_size.width * destination_size.channels;
  memset(destination, 0, batch * count * sizeof(float));
  for (size_t n = 0; n < batch; n++) {
    for (size_t y = 0; y < size.height; y++) {
      for (size_t x = 0; x < size.width; x++) {
        float *d = destination + pixel(destination_size, n, y, x);
        const float *g = gradient + pixel(size, n, y, x);
        const float *f = factor == NULL ? &one : factor + pixel(factor_size, n, y, x);
        const size_t step = factor != NULL && factor_size.channels == size.channels;
        if (whole || destination_size.channels == size.channels) {
          if (step) {
            for (size_t c = 0; c < size.channels; c++) d[c] += g[c] * f[c];
          } else {
            for (size_t c = 0; c < size.channels; c++) d[c] += g[c] * f[0];
          }
        } else {
          float sum = 0;
          for (size_t c = 0; c < size.channels; c++) sum += g[c] * f[step * c];
          d[0] += sum;
        }
      }
    }
  }
}

EVERY_PROCESSOR void layer_resample(
    float *destination, image_size to, const float *source, image_size from, size_t batch,
    const resample_tap *rows, const resample_tap *columns) {
  const size_t channels = to.channels;
  for (size_t n = 0; n < batch; n++) {
    for (size_t y = 0; y < to.height; y++) {
      const resample_tap row = rows[y];
      const float *low = source + (n * from.height + (size_t)row.low) * from.width * channels;
      const float *high = source + (n * from.height + (size_t)row.high) * from.width * channels;
      for (size_t x = 0; x < to.width; x++) {
        const resample_tap column = columns[x];
        const size_t left = (size_t)column.low * channels, right = (size_t)column.high * channels;
        const float w = row.weight, v = column.weight;
        float *d = destination + ((n * to.height + y) * to.width + x) * channels;
        for (size_t c = 0; c < channels; c++) {
          const float above = (1 - v) * low[left + c] + v * low[right + c];
          const float below = (1 - v) * high[left + c] + v * high[right + c];
          d[c] = (1 - w) * above + w * below;
        }
      }
    }
  }
}

EVERY_PROCESSOR void layer_resample_gradient(
    float *source_gradient, image_size from, const float *gradient, image_size to, size_t batch,
    const resample_tap *rows, const resample_tap *columns) {
  const size_t channels = to.channels;
  memset(source_gradient, 0, batch * from.height * from.width * channels * sizeof(float));
  for (size_t n = 0; n < batch; n++) {
    for (size_t y = 0; y < to.height; y++) {
      const resample_tap row = rows[y];
      float *low = source_gradient + (n * from.height + (size_t)row.low) * from.width * channels;
      float *high = source_gradient + (n * from.height + (size_t)row.high) * from.width * channels;
      for (size_t x = 0; x < to.width; x++) {
        const resample_tap column = columns[x];
        const size_t left = (size_t)column.low * channels, right = (size_t)column.high * channels;
        const float w = row.weight, v = column.weight;
        const float *g = gradient + ((n * to.height + y) * to.width + x) * channels;
        // One after another, since the four may be the same pixel.
        for (size_t c = 0; c < channels; c++) low[left + c] += (1 - w) * (1 - v) * g[c];
        if (v > 0) {
          for (size_t c = 0; c < channels; c++) low[right + c] += (1 - w) * v * g[c];
        }
        if (w > 0) {
          for (size_t c = 0; c < channels; c++) high[left + c] += w * (1 - v) * g[c];
        }
        if (w > 0 && v > 0) {
          for (size_t c = 0; c < channels; c++) high[right + c] += w * v * g[c];
        }
      }
    }
  }
}

#include "layer_kernels.h"

#include <math.h>

#include "every_processor.h"

EVERY_PROCESSOR static void bounded_relu(
    float *y, const float *x, size_t count, float threshold, float maximum, float slope) {
  for (size_t i = 0; i < count; i++) {
    const float above = x[i] < maximum ? x[i] : maximum;
    y[i] = x[i] > threshold ? above : slope * (x[i] - threshold);
  }
}

EVERY_PROCESSOR static void bounded_relu_gradient(
    float *d, const float *g, const float *x, size_t count, float threshold, float maximum,
    float slope) {
  for (size_t i = 0; i < count; i++) {
    const float above = x[i] < maximum ? 1 : 0;
    d[i] = g[i] * (x[i] > threshold ? above : slope);
  }
}

EVERY_PROCESSOR static void hard_sigmoid(
    float *y, const float *x, size_t count, float slope, float offset) {
  for (size_t i = 0; i < count; i++) {
    const float line = slope * x[i] + offset;
    const float above = line > 0 ? line : 0;
    y[i] = above < 1 ? above : 1;
  }
}

EVERY_PROCESSOR static void hard_sigmoid_gradient(
    float *d, const float *g, const float *x, size_t count, float slope, float offset) {
  for (size_t i = 0; i < count; i++) {
    const float line = slope * x[i] + offset;
    d[i] = line > 0 && line < 1 ? slope * g[i] : 0;
  }
}

void layer_function_forward(
    layer_function function, float *y, const float *x, size_t count, float a, float b, float c) {
  switch (function) {
    case layer_bounded_relu: bounded_relu(y, x, count, a, b, c); return;
    case layer_hard_sigmoid: hard_sigmoid(y, x, count, a, b); return;
    case layer_selu:
      for (size_t i = 0; i < count; i++) y[i] = a * (x[i] > 0 ? x[i] : b * expm1f(x[i]));
      return;
    case layer_softsign:
      for (size_t i = 0; i < count; i++) y[i] = x[i] / (1 + fabsf(x[i]));
      return;
  }
}

void layer_function_backward(
    layer_function function, float *d, const float *g, const float *x, size_t count, float a,
    float b, float c) {
  switch (function) {
    case layer_bounded_relu: bounded_relu_gradient(d, g, x, count, a, b, c); return;
    case layer_hard_sigmoid: hard_sigmoid_gradient(d, g, x, count, a, b); return;
    case layer_selu:
      for (size_t i = 0; i < count; i++) d[i] = g[i] * a * (x[i] > 0 ? 1 : b * expf(x[i]));
      return;
    case layer_softsign:
      for (size_t i = 0; i < count; i++) {
        const float s = 1 + fabsf(x[i]);
        d[i] = g[i] / (s * s);
      }
      return;
  }
}

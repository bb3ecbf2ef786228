#include "layer_kernels.h"

#include <math.h>
#include <string.h>

#include "every_processor.h"

// Sums have 16 parts, which the compiler can keep in one register without changing the order of
// additions.
#define PARTS 16

EVERY_PROCESSOR void layer_norm(
    float *destination, const float *source, size_t rows, size_t channels, float epsilon,
    const float *gamma, const float *beta, float *mean, float *inverse) {
  for (size_t row = 0; row < rows; row++) {
    const float *x = source + row * channels;
    float *y = destination + row * channels;
    float parts[PARTS] = {0};
    size_t c = 0;
    for (; c + PARTS <= channels; c += PARTS)
      for (size_t j = 0; j < PARTS; j++) parts[j] += x[c + j];
    for (; c < channels; c++) parts[0] += x[c];
    float sum = 0;
    for (size_t j = 0; j < PARTS; j++) sum += parts[j];
    const float m = sum / (float)channels;

    float squares[PARTS] = {0};
    for (c = 0; c + PARTS <= channels; c += PARTS)
      for (size_t j = 0; j < PARTS; j++) squares[j] += (x[c + j] - m) * (x[c + j] - m);
    for (; c < channels; c++) squares[0] += (x[c] - m) * (x[c] - m);
    sum = 0;
    for (size_t j = 0; j < PARTS; j++) sum += squares[j];
    const float i = 1 / sqrtf(sum / (float)channels + epsilon);

    for (c = 0; c < channels; c++) y[c] = (x[c] - m) * i * gamma[c] + beta[c];
    mean[row] = m;
    inverse[row] = i;
  }
}

EVERY_PROCESSOR void layer_norm_gradient(
    float *source_gradient, float *gamma_gradient, float *beta_gradient, const float *gradient,
    const float *source, size_t rows, size_t channels, const float *gamma, const float *mean,
    const float *inverse) {
  if (gamma_gradient != NULL) memset(gamma_gradient, 0, channels * sizeof(float));
  if (beta_gradient != NULL) memset(beta_gradient, 0, channels * sizeof(float));
  for (size_t row = 0; row < rows; row++) {
    const float *x = source + row * channels, *g = gradient + row * channels;
    float *d = source_gradient + row * channels;
    const float m = mean[row], i = inverse[row];
    // With z = (x - m) i and s = g gamma: d = i (s - mean(s) - z mean(s z)).
    float sums[PARTS] = {0}, products[PARTS] = {0};
    size_t c = 0;
    for (; c + PARTS <= channels; c += PARTS) {
      for (size_t j = 0; j < PARTS; j++) {
        const float s = g[c + j] * gamma[c + j];
        sums[j] += s;
        products[j] += s * (x[c + j] - m) * i;
      }
    }
    for (; c < channels; c++) {
      const float s = g[c] * gamma[c];
      sums[0] += s;
      products[0] += s * (x[c] - m) * i;
    }
    float sum = 0, product = 0;
    for (size_t j = 0; j < PARTS; j++) {
      sum += sums[j];
      product += products[j];
    }
    sum /= (float)channels;
    product /= (float)channels;
    for (c = 0; c < channels; c++)
      d[c] = i * (g[c] * gamma[c] - sum - (x[c] - m) * i * product);
    if (gamma_gradient != NULL)
      for (c = 0; c < channels; c++) gamma_gradient[c] += g[c] * (x[c] - m) * i;
    if (beta_gradient != NULL)
      for (c = 0; c < channels; c++) beta_gradient[c] += g[c];
  }
}

void layer_softmax(float *destination, const float *source, size_t rows, size_t channels) {
  for (size_t row = 0; row < rows; row++) {
    const float *x = source + row * channels;
    float *y = destination + row * channels;
    float most = x[0], sum = 0;
    for (size_t c = 1; c < channels; c++) most = x[c] > most ? x[c] : most;
    for (size_t c = 0; c < channels; c++) {
      y[c] = expf(x[c] - most);
      sum += y[c];
    }
    for (size_t c = 0; c < channels; c++) y[c] /= sum;
  }
}

void layer_softmax_gradient(
    float *source_gradient, const float *gradient, const float *softmax, size_t rows,
    size_t channels) {
  for (size_t row = 0; row < rows; row++) {
    const float *g = gradient + row * channels, *y = softmax + row * channels;
    float *d = source_gradient + row * channels;
    float mean = 0;
    for (size_t c = 0; c < channels; c++) mean += g[c] * y[c];
    for (size_t c = 0; c < channels; c++) d[c] = y[c] * (g[c] - mean);
  }
}

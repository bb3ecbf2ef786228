#include <math.h>

#include "every_processor.h"
#include "exponential.h"
#include "softmax_kernels.h"

enum { BLOCK = 64 };

/// exp(logit - highest) for each logit.
EVERY_PROCESSOR static void row_exponentials(
    float *results, const float *logits, size_t count, float highest) {
  for (size_t j = 0; j < count; j++) results[j] = exponential(logits[j] - highest);
}

static double sum(const float *values, size_t count) {
  double sum = 0;
  for (size_t j = 0; j < count; j++) sum += values[j];
  return sum;
}

softmax_sums softmax_cross_entropy(
    const float *logits, const int32_t *labels, size_t count, size_t classes, float smoothing,
    float *gradient) {
  softmax_sums sums = {0, 0};
  const float scale = 1.0f / (count > 0 ? count : 1);
  const float spread = smoothing / classes;
  for (size_t row = 0; row < count; row++) {
    const float *scores = logits + row * classes;
    const size_t label = (size_t)labels[row];
    size_t best = 0;
    for (size_t j = 1; j < classes; j++) {
      if (scores[j] > scores[best]) best = j;
    }
    const float highest = scores[best];
    double total = 0;
    if (gradient) {
      float *slopes = gradient + row * classes;
      row_exponentials(slopes, scores, classes, highest);
      total = sum(slopes, classes);
      const float share = (float)(scale / total);
      for (size_t j = 0; j < classes; j++) slopes[j] = slopes[j] * share - spread * scale;
      slopes[label] -= (1 - smoothing) * scale;
    } else {
      float block[BLOCK];
      for (size_t j = 0; j < classes; j += BLOCK) {
        const size_t length = classes - j < BLOCK ? classes - j : BLOCK;
        row_exponentials(block, scores + j, length, highest);
        total += sum(block, length);
      }
    }
    double target = scores[label] - highest;
    // Without smoothing, a logit of minus infinity must not cause NaN.
    if (spread > 0) {
      double all = 0;
      for (size_t j = 0; j < classes; j++) all += scores[j] - highest;
      target = (1 - smoothing) * target + spread * all;
    }
    sums.loss += log(total) - target;
    if (best == label) sums.correct++;
  }
  return sums;
}

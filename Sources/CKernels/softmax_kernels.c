#include "softmax_kernels.h"

#include <math.h>
#include <string.h>

#include "every_processor.h"
#include "exponential.h"

enum { PANEL = softmax_panel_rows, CLASS_TILE = 5 };

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define KEEP_ROLLED _Pragma("clang loop unroll(disable)")

typedef float quad __attribute__((ext_vector_type(4), aligned(4)));

// Tiles whose sums stay in registers: 16 of eight floats, or 32 of sixteen. Larger tiles were
// measured to be slower, since the compiler does not keep their sums there.
#ifdef HAS_CHOICE
// Without fused multiply-add, AVX2 gains little, and every processor with one of them has both.
#define TARGET __attribute__((target_clones("fma", "default")))
#else
#define TARGET
#endif
#define LANES 8
#define FEATURE_TILE 2
#define GRADIENT_TILE 5
#include "softmax_products.h"
#undef TARGET
#undef LANES
#undef FEATURE_TILE

#ifdef HAS_CHOICE
#define TARGET __attribute__((target("avx512f")))
#define LANES 16
#define FEATURE_TILE 3
#include "softmax_products.h"
#undef TARGET
#undef LANES
#undef FEATURE_TILE
#endif

static void panel_logits(
    const float *panel, size_t features, size_t classes, const float *weights, const float *bias,
    float *logits) {
#ifdef HAS_CHOICE
  if (__builtin_cpu_supports("avx512f")) {
    panel_logits16(panel, features, classes, weights, bias, logits);
    return;
  }
#endif
  panel_logits8(panel, features, classes, weights, bias, logits);
}

static void chunk_gradient(
    softmax_panels panels, const float *slopes, size_t slope_stride, size_t classes,
    double *gradient) {
#ifdef HAS_CHOICE
  if (__builtin_cpu_supports("avx512f")) {
    chunk_gradient16(
        panels.values, panels.stride, panels.features, slopes, slope_stride, classes,
        panels.count, gradient);
    return;
  }
#endif
  chunk_gradient8(
      panels.values, panels.stride, panels.features, slopes, slope_stride, classes, panels.count,
      gradient);
}

void softmax_pack_weights(float *packed, const float *weights, size_t features, size_t classes) {
  for (size_t first = 0; first < classes; first += CLASS_TILE) {
    const size_t end = first + CLASS_TILE < classes ? first + CLASS_TILE : classes;
    for (size_t j = 0; j < features; j++) {
      for (size_t k = first; k < end; k++) *packed++ = weights[j * classes + k];
    }
  }
}

EVERY_PROCESSOR void softmax_fill_panel(
    float *panel, const float *rows, size_t count, size_t features, const double *shift,
    const double *factor) {
  float block[PANEL][16];
  for (size_t start = 0; start < features; start += 16) {
    const size_t width = features - start < 16 ? features - start : 16;
    memset(block, 0, sizeof block);
    for (size_t row = 0; row < count; row++) {
      const float *from = rows + row * features + start;
      for (size_t j = 0; j < width; j++) {
        block[row][j] = (float)((from[j] - shift[start + j]) * factor[start + j]);
      }
    }
    for (size_t j = 0; j < width; j++) {
      float *to = panel + (start + j) * PANEL;
      for (size_t row = 0; row < PANEL; row++) to[row] = block[row][j];
    }
  }
}

typedef float floats16 __attribute__((ext_vector_type(16), aligned(4)));
typedef int32_t integers16 __attribute__((ext_vector_type(16), aligned(4)));

/// The sums of a pass.
typedef struct {
  double loss;
  size_t correct;
  double *bias_gradient;
} running_sums;

/// Computes the softmax of one panel's logits [classes][32] and replaces them with the slopes of
/// the loss.
///
/// The slope of the label is the negative sum of the others: if the classes are separable, 1 minus
/// a probability near 1 would lose all digits.
EVERY_PROCESSOR static void panel_softmax(
    float *logits, size_t classes, const int32_t *labels, double *exponentials, int slopes,
    running_sums *sums) {
  // One logarithm for the product of all rows' sums of exponentials, each at most the number of
  // classes. The product is stored minus 1, since a 1 would lose the digits of small sums.
  doubles8 product = 0, margins = 0;
  integers16 hits = 0;
  for (size_t first = 0; first < PANEL; first += 16) {
    const integers16 label = *(const integers16 *)(labels + first);
    floats16 highest = *(const floats16 *)(logits + first), own = highest;
    integers16 best = 0;
    for (size_t k = 1; k < classes; k++) {
      const floats16 logit = *(const floats16 *)(logits + k * PANEL + first);
      const integers16 higher = logit > highest;
      highest = higher ? logit : highest;
      best = higher ? (integers16)(int32_t)k : best;
      own = label == (int32_t)k ? logit : own;
    }
    own = label < 0 ? highest : own;
    hits -= best == label;
    for (size_t half = 0; half < 2; half++) {
#define HALF(v) (half ? v.hi : v.lo)
      const integers8 best8 = HALF(best), label8 = HALF(label);
      const doubles8 highest8 = __builtin_convertvector(HALF(highest), doubles8);
      const size_t row = first + 8 * half;
      doubles8 rest = 0, weight = 0;
      for (size_t k = 0; k < classes; k++) {
        const floats8 logit = *(const floats8 *)(logits + k * PANEL + row);
        doubles8 e = __builtin_convertvector(logit, doubles8) - highest8;
        exponential8(&e);
        *(doubles8 *)(exponentials + k * PANEL + row) = e;
        rest += WIDENED(best8 == (int32_t)k) ? (doubles8)0.0 : e;
        weight = WIDENED(label8 == (int32_t)k) ? e : weight;
      }
      const bits8 filler = WIDENED(label8 < 0);
      rest = filler ? (doubles8)0.0 : rest;
      product += rest + product * rest;
      margins += __builtin_convertvector(HALF(own), doubles8) - highest8;
      if (!slopes) continue;
      const doubles8 total = 1 + rest;
      const doubles8 share = filler ? (doubles8)0.0 : 1 / total;
      const doubles8 others = WIDENED(best8 == label8) ? rest : total - weight;
      for (size_t k = 0; k < classes; k++) {
        const doubles8 e = *(const doubles8 *)(exponentials + k * PANEL + row);
        const doubles8 slope = (WIDENED(label8 == (int32_t)k) ? -others : e) * share;
        *(floats8 *)(logits + k * PANEL + row) = __builtin_convertvector(slope, floats8);
        *(doubles8 *)(sums->bias_gradient + k * 8) += slope;
      }
#undef HALF
    }
  }
  double all = 0, margin = 0;
  for (size_t i = 0; i < 8; i++) {
    all += product[i] + all * product[i];
    margin += margins[i];
  }
  for (size_t i = 0; i < 16; i++) sums->correct += (size_t)hits[i];
  sums->loss += log1p(all) - margin;
}

softmax_sums softmax_run_pass(
    softmax_panels panels, softmax_pass pass, double *kernel_gradient, double *bias_gradient) {
  running_sums sums = {0, 0, bias_gradient};
  const size_t classes = pass.classes;
  for (size_t start = 0; start < panels.count; start += pass.chunk) {
    softmax_panels chunk = panels;
    chunk.values += start * panels.stride;
    if (panels.count - start < pass.chunk) chunk.count = panels.count - start;
    else chunk.count = pass.chunk;
    for (size_t p = 0; p < chunk.count; p++) {
      float *slopes = pass.slopes + p * classes * PANEL;
      panel_logits(
          chunk.values + p * panels.stride, panels.features, classes, pass.weights, pass.bias,
          slopes);
      panel_softmax(
          slopes, classes, pass.labels + (start + p) * PANEL, pass.exponentials,
          kernel_gradient != NULL, &sums);
    }
    if (kernel_gradient) {
      chunk_gradient(chunk, pass.slopes, classes * PANEL, classes, kernel_gradient);
    }
  }
  return (softmax_sums){sums.loss, sums.correct};
}

void softmax_add_squares(softmax_panels panels, size_t chunk, double *products) {
  const size_t count = panels.count;
  for (size_t start = 0; start < count; start += chunk) {
    panels.count = count - start < chunk ? count - start : chunk;
    chunk_gradient(panels, panels.values, panels.stride, panels.features, products);
    panels.values += chunk * panels.stride;
  }
}

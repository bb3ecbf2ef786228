// The two products of softmax regression, for registers of LANES floats. Included once per register
// size; not visible to Swift.

#define JOIN(a, b) a##b
#define NAME(name, lanes) JOIN(name, lanes)
#define VECTOR NAME(floats, LANES)

typedef float VECTOR __attribute__((ext_vector_type(LANES), aligned(4)));

/// logits[classes][32] = bias + weights × panel for at most CLASS_TILE classes.
INLINE void NAME(logits_tile, LANES)(
    const float *panel, size_t features, const float *weights, const float *bias, float *logits,
    const size_t classes) {
  for (size_t row = 0; row < PANEL; row += 2 * LANES) {
    VECTOR left[CLASS_TILE], right[CLASS_TILE];
    UNROLL for (size_t k = 0; k < classes; k++) left[k] = right[k] = (VECTOR)bias[k];
    for (size_t j = 0; j < features; j++) {
      const VECTOR x0 = *(const VECTOR *)(panel + j * PANEL + row);
      const VECTOR x1 = *(const VECTOR *)(panel + j * PANEL + row + LANES);
      UNROLL for (size_t k = 0; k < classes; k++) {
        const float weight = weights[j * classes + k];
        left[k] += weight * x0;
        right[k] += weight * x1;
      }
    }
    UNROLL for (size_t k = 0; k < classes; k++) {
      *(VECTOR *)(logits + k * PANEL + row) = left[k];
      *(VECTOR *)(logits + k * PANEL + row + LANES) = right[k];
    }
  }
}

TARGET static void NAME(panel_logits, LANES)(
    const float *panel, size_t features, size_t classes, const float *weights, const float *bias,
    float *logits) {
  for (size_t k = 0; k < classes; k += CLASS_TILE) {
    const float *w = weights + k * features;
    switch (classes - k) {
      case 1: NAME(logits_tile, LANES)(panel, features, w, bias + k, logits + k * PANEL, 1); break;
      case 2: NAME(logits_tile, LANES)(panel, features, w, bias + k, logits + k * PANEL, 2); break;
      case 3: NAME(logits_tile, LANES)(panel, features, w, bias + k, logits + k * PANEL, 3); break;
      case 4: NAME(logits_tile, LANES)(panel, features, w, bias + k, logits + k * PANEL, 4); break;
      default: NAME(logits_tile, LANES)(panel, features, w, bias + k, logits + k * PANEL, 5);
    }
  }
}

INLINE double NAME(sum, LANES)(const VECTOR *v) {
#if LANES == 16
  const floats8 half = v->lo + v->hi;
#else
  const floats8 half = *v;
#endif
  const quad q = half.lo + half.hi;
  return (double)(q.x + q.y) + (double)(q.z + q.w);
}

/// gradient[features, classes] += panels × slopes, for `tall` features and `wide` classes.
INLINE void NAME(gradient_tile, LANES)(
    const float *panels, size_t stride, const float *slopes, size_t slope_stride, size_t count,
    double *gradient, size_t row_length, const size_t tall, const size_t wide) {
  VECTOR sums[FEATURE_TILE][GRADIENT_TILE];
  UNROLL for (size_t j = 0; j < tall; j++) {
    UNROLL for (size_t k = 0; k < wide; k++) sums[j][k] = (VECTOR)0.0f;
  }
  for (size_t p = 0; p < count; p++) {
    const float *x = panels + p * stride, *s = slopes + p * slope_stride;
    // If unrolled, the loop would keep more values than there are registers.
    KEEP_ROLLED for (size_t row = 0; row < PANEL; row += LANES) {
      VECTOR values[FEATURE_TILE];
      UNROLL for (size_t j = 0; j < tall; j++) {
        values[j] = *(const VECTOR *)(x + j * PANEL + row);
      }
      UNROLL for (size_t k = 0; k < wide; k++) {
        const VECTOR slope = *(const VECTOR *)(s + k * PANEL + row);
        UNROLL for (size_t j = 0; j < tall; j++) sums[j][k] += slope * values[j];
      }
    }
  }
  UNROLL for (size_t j = 0; j < tall; j++) {
    UNROLL for (size_t k = 0; k < wide; k++) {
      gradient[j * row_length + k] += NAME(sum, LANES)(&sums[j][k]);
    }
  }
}

TARGET static void NAME(chunk_gradient, LANES)(
    const float *panels, size_t stride, size_t features, const float *slopes, size_t slope_stride,
    size_t classes, size_t count, double *gradient) {
  size_t j = 0;
#define TILE(tall, wide)                                                                     \
  NAME(gradient_tile, LANES)(                                                                \
      panels + j * PANEL, stride, slopes + k * PANEL, slope_stride, count,                   \
      gradient + j * classes + k, classes, tall, wide)
  for (; j + FEATURE_TILE <= features; j += FEATURE_TILE) {
    size_t k = 0;
    for (; k + GRADIENT_TILE <= classes; k += GRADIENT_TILE) TILE(FEATURE_TILE, GRADIENT_TILE);
    for (; k < classes; k++) TILE(FEATURE_TILE, 1);
  }
  for (; j < features; j++) {
    size_t k = 0;
    for (; k + GRADIENT_TILE <= classes; k += GRADIENT_TILE) TILE(1, GRADIENT_TILE);
    for (; k < classes; k++) TILE(1, 1);
  }
#undef TILE
}

#undef VECTOR
#undef NAME
#undef JOIN

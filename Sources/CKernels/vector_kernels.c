#include "vector_kernels.h"

#include "every_processor.h"

// The loops use vectors of 16 because a square root in a plain loop is not vectorized (it may set
// errno); the compiler splits them if registers are shorter.
typedef float wide __attribute__((ext_vector_type(16), aligned(4)));

EVERY_PROCESSOR void vector_adam(
    float *weights, const float *gradient, float *first, float *second, size_t count, float rate,
    float beta1, float beta2, float epsilon, float correction1, float correction2, float decay) {
  const float step = rate / correction1;
  const float scale = 1.0f / __builtin_sqrtf(correction2);
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    wide g = *(const wide *)(gradient + i), w = *(wide *)(weights + i);
    wide m = *(wide *)(first + i), v = *(wide *)(second + i);
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    w -= step * m / (__builtin_elementwise_sqrt(v) * scale + epsilon) + decay * w;
    *(wide *)(first + i) = m;
    *(wide *)(second + i) = v;
    *(wide *)(weights + i) = w;
  }
  for (; i < count; i++) {
    const float g = gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    weights[i] -= step * first[i] / (__builtin_sqrtf(second[i]) * scale + epsilon)
        + decay * weights[i];
  }
}

EVERY_PROCESSOR void vector_momentum(
    float *weights, const float *gradient, float *velocity, size_t count, float rate,
    float momentum, float decay) {
  for (size_t i = 0; i < count; i++) {
    velocity[i] = momentum * velocity[i] - rate * gradient[i];
    weights[i] += velocity[i] - decay * weights[i];
  }
}

EVERY_PROCESSOR void vector_moving_average(
    float *values, const float *update, size_t count, float keep) {
  for (size_t i = 0; i < count; i++) values[i] = keep * values[i] + (1 - keep) * update[i];
}

EVERY_PROCESSOR void vector_pull(
    float *gradient, const float *weights, const float *anchor, size_t count, float strength) {
  if (anchor == NULL) {
    for (size_t i = 0; i < count; i++) gradient[i] += strength * weights[i];
  } else {
    for (size_t i = 0; i < count; i++) gradient[i] += strength * (weights[i] - anchor[i]);
  }
}

double vector_sum_of_squares(const float *values, size_t count) {
  // Four sums, so that additions do not wait for each other.
  double sums[4] = {0, 0, 0, 0};
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    for (size_t j = 0; j < 4; j++) sums[j] += (double)values[i + j] * values[i + j];
  }
  for (; i < count; i++) sums[0] += (double)values[i] * values[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

EVERY_PROCESSOR void vector_scale(float *values, size_t count, float factor) {
  for (size_t i = 0; i < count; i++) values[i] *= factor;
}

EVERY_PROCESSOR void vector_multiply(
    float *destination, const float *source, const float *mask, size_t count) {
  for (size_t i = 0; i < count; i++) destination[i] = source[i] * mask[i];
}

const char *vector_instruction_set(void) {
#ifdef HAS_CHOICE
  // In the order of preference of the clones.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return "avx512f";
  if (__builtin_cpu_supports("avx2")) return "avx2";
#endif
  return "default";
}

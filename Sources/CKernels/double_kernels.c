#include "softmax_kernels.h"

#include <math.h>

#include "every_processor.h"

typedef double doubles8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double doubles16 __attribute__((ext_vector_type(16), aligned(8)));

static inline __attribute__((always_inline)) double dot(
    const double *a, const double *b, size_t count) {
  // Several sums, so that additions do not wait for each other.
  doubles8 sums[4] = {0, 0, 0, 0};
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    for (size_t j = 0; j < 4; j++) {
      sums[j] += *(const doubles8 *)(a + i + 8 * j) * *(const doubles8 *)(b + i + 8 * j);
    }
  }
  for (; i + 8 <= count; i += 8) {
    sums[0] += *(const doubles8 *)(a + i) * *(const doubles8 *)(b + i);
  }
  const doubles8 all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  double sum = ((all[0] + all[1]) + (all[2] + all[3])) + ((all[4] + all[5]) + (all[6] + all[7]));
  for (; i < count; i++) sum += a[i] * b[i];
  return sum;
}

EVERY_PROCESSOR double double_dot(const double *a, const double *b, size_t count) {
  return dot(a, b, count);
}

EVERY_PROCESSOR void double_add(double *a, double factor, const double *b, size_t count) {
  for (size_t i = 0; i < count; i++) a[i] += factor * b[i];
}

EVERY_PROCESSOR void double_add_columns(
    double *sums, const float *rows, size_t count, size_t width, const double *mean) {
  for (size_t i = 0; i < count; i++) {
    const float *row = rows + i * width;
    if (mean == NULL) {
      for (size_t j = 0; j < width; j++) sums[j] += row[j];
    } else {
      for (size_t j = 0; j < width; j++) sums[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
    }
  }
}

EVERY_PROCESSOR int double_cholesky(double *matrix, size_t size) {
  for (size_t i = 0; i < size; i++) {
    double *row = matrix + i * size;
    for (size_t j = 0; j < i; j++) {
      const double *other = matrix + j * size;
      row[j] = (row[j] - dot(row, other, j)) / other[j];
    }
    const double pivot = row[i] - dot(row, row, i);
    // The negated comparison is also true for NaN.
    if (!(pivot > 0)) return 1;
    row[i] = __builtin_sqrt(pivot);
  }
  return 0;
}

EVERY_PROCESSOR void double_cholesky_solve(
    const double *factor, size_t size, double *sides, size_t columns, double *work) {
  doubles16 *x = (doubles16 *)work;
  for (size_t first = 0; first < columns; first += 16) {
    const size_t width = columns - first < 16 ? columns - first : 16;
    for (size_t i = 0; i < size; i++) {
      for (size_t k = 0; k < 16; k++) {
        work[i * 16 + k] = k < width ? sides[i * columns + first + k] : 0;
      }
    }
    for (size_t i = 0; i < size; i++) {
      const double *row = factor + i * size;
      doubles16 even = x[i], odd = 0;
      size_t j = 0;
      for (; j + 2 <= i; j += 2) {
        even -= row[j] * x[j];
        odd -= row[j + 1] * x[j + 1];
      }
      if (j < i) even -= row[j] * x[j];
      x[i] = (even + odd) / row[i];
    }
    for (size_t i = size; i-- > 0;) {
      const double *row = factor + i * size;
      const doubles16 solved = x[i] / row[i];
      x[i] = solved;
      for (size_t j = 0; j < i; j++) x[j] -= row[j] * solved;
    }
    for (size_t i = 0; i < size; i++) {
      for (size_t k = 0; k < width; k++) sides[i * columns + first + k] = work[i * 16 + k];
    }
  }
}

// Products of small matrices with strides; not visible to Swift.

#pragma once

#include <stddef.h>

typedef float lanes16 __attribute__((ext_vector_type(16), aligned(4)));
typedef float lanes8 __attribute__((ext_vector_type(8), aligned(4)));

/// A factor whose element (i, k) is at i × row + k × column.
typedef struct {
  const float *start;
  size_t row, column;
} left_factor;

// Columns first..<first + the lanes of a vector, four rows at a time.
#define PRODUCT_COLUMNS(vector, first)                                                       \
  {                                                                                          \
    size_t i = 0;                                                                            \
    for (; i + 4 <= rows; i += 4) {                                                          \
      vector s0 = 0, s1 = 0, s2 = 0, s3 = 0;                                                 \
      for (size_t k = 0; k < depth; k++) {                                                   \
        const vector r = *(const vector *)(right + k * right_row + (first));                 \
        const float *l = left.start + i * left.row + k * left.column;                        \
        s0 += l[0] * r;                                                                      \
        s1 += l[left.row] * r;                                                               \
        s2 += l[2 * left.row] * r;                                                           \
        s3 += l[3 * left.row] * r;                                                           \
      }                                                                                      \
      *(vector *)(destination + i * destination_row + (first)) = s0 * scale;                 \
      *(vector *)(destination + (i + 1) * destination_row + (first)) = s1 * scale;           \
      *(vector *)(destination + (i + 2) * destination_row + (first)) = s2 * scale;           \
      *(vector *)(destination + (i + 3) * destination_row + (first)) = s3 * scale;           \
    }                                                                                        \
    for (; i < rows; i++) {                                                                  \
      vector s = 0;                                                                          \
      for (size_t k = 0; k < depth; k++)                                                     \
        s += left.start[i * left.row + k * left.column]                                      \
            * *(const vector *)(right + k * right_row + (first));                            \
      *(vector *)(destination + i * destination_row + (first)) = s * scale;                  \
    }                                                                                        \
  }

/// destination = scale × left × right: left is [rows, depth], right [depth, columns] and the
/// destination [rows, columns], both row by row.
static inline __attribute__((always_inline)) void strided_product(
    float *destination, size_t destination_row, left_factor left, const float *right,
    size_t right_row, size_t rows, size_t depth, size_t columns, float scale) {
  size_t j = 0;
  for (; j + 16 <= columns; j += 16) PRODUCT_COLUMNS(lanes16, j)
  if (j + 8 <= columns) {
    PRODUCT_COLUMNS(lanes8, j)
    j += 8;
  }
  for (; j < columns; j++) {
    for (size_t i = 0; i < rows; i++) {
      float sum = 0;
      for (size_t k = 0; k < depth; k++)
        sum += left.start[i * left.row + k * left.column] * right[k * right_row + j];
      destination[i * destination_row + j] = sum * scale;
    }
  }
}

/// destination = the transpose of source, [rows, columns]; the destination is [columns, rows] with
/// rows of `stride` numbers.
static inline __attribute__((always_inline)) void transpose(
    float *destination, size_t stride, const float *source, size_t source_row, size_t rows,
    size_t columns) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++)
      destination[j * stride + i] = source[i * source_row + j];
}

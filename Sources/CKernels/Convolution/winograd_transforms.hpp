// The transforms of tiles of activations in Winograd's convolution F(4×4, 3×3) (Lavin and Gray
// 2016): 4 × 4 results of a 3 × 3 kernel from 36 instead of 144 products per pair of channels.
//
// A transformed tile has 36 values per channel; they are kept in 36 planes
// [channel vector][tile][lane], so that each plane is a matrix for itself.

#pragma once

#include "vectors.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

constexpr int tile_side = 4;
constexpr int window_side = 6;
constexpr int plane_count = window_side * window_side;

struct vec_pair {
  vec sum, difference;
};

static inline vec_pair sum_and_difference(vec a, vec b) { return {a + b, a - b}; }

// The rows of the matrix Bᵀ, which transforms 6 values of an input

static inline vec input_outer(vec a, vec b, vec c) { return 4.0f * a + (c - 5.0f * b); }
static inline vec_pair input_near(vec d1, vec d2, vec d3, vec d4) {
  return sum_and_difference(d4 - 4.0f * d2, d3 - 4.0f * d1);
}
static inline vec_pair input_far(vec d1, vec d2, vec d3, vec d4) {
  return sum_and_difference(d4 - d2, 2.0f * (d3 - d1));
}

/// Transforms a row of 6 values and stores it in 6 planes.
static inline void store_input_row(float *to, size_t plane, const vec (&d)[window_side]) {
  store(to, input_outer(d[0], d[2], d[4]));
  const vec_pair near = input_near(d[1], d[2], d[3], d[4]);
  store(to + plane, near.sum);
  store(to + 2 * plane, near.difference);
  const vec_pair far = input_far(d[1], d[2], d[3], d[4]);
  store(to + 3 * plane, far.sum);
  store(to + 4 * plane, far.difference);
  store(to + 5 * plane, input_outer(d[1], d[3], d[5]));
}

/// Transforms 6 × 6 vectors; `at(row, column)` returns one.
template <class Pixel>
static inline void transform_input(float *to, size_t plane, Pixel at) {
  const size_t row = window_side * plane;
  vec first[window_side], second[window_side];
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) first[j] = input_outer(at(0, j), at(2, j), at(4, j));
  store_input_row(to, plane, first);
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) {
    const vec_pair near = input_near(at(1, j), at(2, j), at(3, j), at(4, j));
    first[j] = near.sum;
    second[j] = near.difference;
  }
  store_input_row(to + row, plane, first);
  store_input_row(to + 2 * row, plane, second);
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) {
    const vec_pair far = input_far(at(1, j), at(2, j), at(3, j), at(4, j));
    first[j] = far.sum;
    second[j] = far.difference;
  }
  store_input_row(to + 3 * row, plane, first);
  store_input_row(to + 4 * row, plane, second);
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) first[j] = input_outer(at(1, j), at(3, j), at(5, j));
  store_input_row(to + 5 * row, plane, first);
}

/// The matrix A: transforms 4 values of a gradient.
static inline void gradient_values(const vec (&g)[tile_side], vec (&t)[window_side]) {
  const vec_pair near = sum_and_difference(g[0] + g[2], g[1] + g[3]);
  const vec_pair far = sum_and_difference(g[0] + 4.0f * g[2], 2.0f * g[1] + 8.0f * g[3]);
  t[0] = g[0];
  t[1] = near.sum;
  t[2] = near.difference;
  t[3] = far.sum;
  t[4] = far.difference;
  t[5] = g[3];
}

/// Transforms 4 × 4 vectors; `at(row, column)` returns one.
template <class Pixel>
static inline void transform_gradient(float *to, size_t plane, Pixel at) {
  vec columns[tile_side][window_side];
#pragma clang loop unroll(full)
  for (int j = 0; j < tile_side; j++) {
    gradient_values({at(0, j), at(1, j), at(2, j), at(3, j)}, columns[j]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < window_side; i++) {
    vec row[window_side];
    gradient_values({columns[0][i], columns[1][i], columns[2][i], columns[3][i]}, row);
#pragma clang loop unroll(full)
    for (int j = 0; j < window_side; j++) store(to + (i * window_side + j) * plane, row[j]);
  }
}

/// The matrix Aᵀ: 4 results from 6 products.
static inline void output_values(const vec (&m)[window_side], vec (&y)[tile_side]) {
  const vec_pair near = sum_and_difference(m[1], m[2]);
  const vec_pair far = sum_and_difference(m[3], m[4]);
  y[0] = m[0] + near.sum + far.sum;
  y[1] = near.difference + 2.0f * far.difference;
  y[2] = near.sum + 4.0f * far.sum;
  y[3] = m[5] + (near.difference + 8.0f * far.difference);
}

/// Transforms 6 × 6 products back; `put(row, column, value)` receives 4 × 4 results.
template <class Put>
static inline void transform_output(const float *from, size_t plane, Put put) {
  vec columns[window_side][tile_side];
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) {
    vec m[window_side];
#pragma clang loop unroll(full)
    for (int i = 0; i < window_side; i++) m[i] = load(from + (i * window_side + j) * plane);
    output_values(m, columns[j]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < tile_side; i++) {
    vec row[tile_side];
    output_values(
        {columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i], columns[5][i]},
        row);
#pragma clang loop unroll(full)
    for (int j = 0; j < tile_side; j++) put(i, j, row[j]);
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

// The transform of a kernel in Winograd's convolution F(4×4, 3×3), and its transpose, which makes
// the gradient of a kernel of sums over transformed tiles.

#pragma once

#include "winograd_transforms.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

constexpr int kernel_side = 3;
constexpr int tap_count = kernel_side * kernel_side;

/// The matrix G: 6 values from 3 weights.
static inline void weight_values(const vec (&g)[kernel_side], vec (&u)[window_side]) {
  const vec_pair near = sum_and_difference((g[0] + g[2]) * (-1.0f / 6), g[1] * (-1.0f / 6));
  const vec_pair far =
      sum_and_difference(g[0] * (1.0f / 24) + g[2] * (1.0f / 6), g[1] * (1.0f / 12));
  u[0] = g[0] * 0.25f;
  u[1] = near.sum;
  u[2] = near.difference;
  u[3] = far.sum;
  u[4] = far.difference;
  u[5] = g[2];
}

/// Transforms the 9 taps of one vector of weights and stores them in 36 planes.
static inline void transform_weights(const vec (&taps)[tap_count], float *to, size_t plane) {
  vec columns[kernel_side][window_side];
#pragma clang loop unroll(full)
  for (int j = 0; j < kernel_side; j++) {
    weight_values({taps[j], taps[3 + j], taps[6 + j]}, columns[j]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < window_side; i++) {
    vec row[window_side];
    weight_values({columns[0][i], columns[1][i], columns[2][i]}, row);
#pragma clang loop unroll(full)
    for (int j = 0; j < window_side; j++) store(to + (i * window_side + j) * plane, row[j]);
  }
}

/// The matrix Gᵀ: the gradients of 3 weights.
static inline void weight_gradients(const vec (&u)[window_side], vec (&g)[kernel_side]) {
  const vec_pair near = sum_and_difference(u[1], u[2]);
  const vec_pair far = sum_and_difference(u[3], u[4]);
  g[0] = 0.25f * u[0] + (far.sum * (1.0f / 24) - near.sum * (1.0f / 6));
  g[1] = far.difference * (1.0f / 12) - near.difference * (1.0f / 6);
  g[2] = u[5] + (far.sum - near.sum) * (1.0f / 6);
}

/// The gradients of 9 taps from sums in 36 planes.
static inline void transform_weight_gradient(
    const float *from, size_t plane, vec (&taps)[tap_count]) {
  vec columns[window_side][kernel_side];
#pragma clang loop unroll(full)
  for (int j = 0; j < window_side; j++) {
    vec u[window_side];
#pragma clang loop unroll(full)
    for (int i = 0; i < window_side; i++) u[i] = load(from + (i * window_side + j) * plane);
    weight_gradients(u, columns[j]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < kernel_side; i++) {
    vec row[kernel_side];
    weight_gradients(
        {columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i], columns[5][i]},
        row);
#pragma clang loop unroll(full)
    for (int j = 0; j < kernel_side; j++) taps[3 * i + j] = row[j];
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

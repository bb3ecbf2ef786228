// Reading the weights of a kernel as vectors of outputs, also of the kernel that backward data
// convolves with.

#pragma once

#include "kernel_range.h"
#include "matrix_kernels.hpp"
#include "winograd_weights.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// A kernel [3, 3, inputs, outputs]; if it is turned, it is stored as [3, 3, outputs, inputs] with
/// its taps in reverse order.
struct kernel_weights {
  const float *values;
  size_t inputs, outputs;
  bool turned;
};

typedef float quad __attribute__((vector_size(16)));

/// to[column][row] = from[row][column] for 4 × 4 values.
static inline void transpose_quads(const float *from, size_t from_step, float *to, size_t to_step) {
  quad a, b, c, d;
  std::memcpy(&a, from, sizeof a);
  std::memcpy(&b, from + from_step, sizeof b);
  std::memcpy(&c, from + 2 * from_step, sizeof c);
  std::memcpy(&d, from + 3 * from_step, sizeof d);
  const quad ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const quad ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const quad cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const quad cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const quad rows[4] = {
      __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
      __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
      __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
      __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7),
  };
  for (int i = 0; i < 4; i++) std::memcpy(to + i * to_step, &rows[i], sizeof rows[i]);
}

/// to[column][row] = from[row][column] for at most lanes × lanes values; other values of `to`,
/// which is [lanes][lanes], become zero.
static inline void transpose_block(
    const float *from, size_t from_step, size_t rows, size_t columns, float *to) {
  if (rows == lanes && columns == lanes) {
    for (int row = 0; row < lanes; row += 4) {
      for (int column = 0; column < lanes; column += 4) {
        transpose_quads(
            from + row * from_step + column, from_step, to + column * lanes + row, lanes);
      }
    }
    return;
  }
  std::memset(to, 0, sizeof(float) * lanes * lanes);
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      to[column * lanes + row] = from[row * from_step + column];
    }
  }
}

/// Reads the 9 taps of one vector of outputs.
static inline void load_taps(
    const kernel_weights &kernel, size_t input, size_t vector, vec (&taps)[tap_count]) {
  const size_t tap_step = kernel.inputs * kernel.outputs;
  const size_t first = vector * lanes;
  const int count = int(std::min<size_t>(lanes, kernel.outputs - first));
  const float *from = kernel.values + input * kernel.outputs + first;
  for (int tap = 0; tap < tap_count; tap++) taps[tap] = load(from + tap * tap_step, count);
}

/// Weights of a turned kernel: [tap][input][output] for one vector of each.
struct turned_block {
  float values[tap_count][lanes * lanes];

  turned_block(const kernel_weights &kernel, size_t input, size_t output) {
    const size_t tap_step = kernel.inputs * kernel.outputs;
    const size_t inputs = std::min<size_t>(lanes, kernel.inputs - input);
    const size_t outputs = std::min<size_t>(lanes, kernel.outputs - output);
    const float *from = kernel.values + output * kernel.inputs + input;
    for (int tap = 0; tap < tap_count; tap++) {
      transpose_block(
          from + (tap_count - 1 - tap) * tap_step, kernel.inputs, outputs, inputs, values[tap]);
    }
  }
};

/// Calls `body(taps, input, output vector)` for the weights of some vectors of inputs, in an order
/// in which the vectors of a panel follow each other closely.
template <class Body>
static inline void each_weight(const kernel_weights &kernel, kernel_range parts, Body body) {
  const size_t vectors = vectors_of(kernel.outputs);
  const size_t first = parts.first * lanes;
  const size_t last = std::min<size_t>(kernel.inputs, parts.end * lanes);
  vec taps[tap_count];
  for (size_t panel = 0; panel < vectors; panel += block_columns) {
    const size_t end = std::min<size_t>(panel + block_columns, vectors);
    for (size_t input = first; input < last; input += kernel.turned ? lanes : 1) {
      for (size_t vector = panel; vector < end; vector++) {
        if (!kernel.turned) {
          load_taps(kernel, input, vector, taps);
          body(taps, input, vector);
          continue;
        }
        const turned_block block(kernel, input, vector * lanes);
        for (size_t i = 0; i < std::min<size_t>(lanes, kernel.inputs - input); i++) {
          for (int tap = 0; tap < tap_count; tap++) taps[tap] = load(block.values[tap] + i * lanes);
          body(taps, input + i, vector);
        }
      }
    }
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

// Products of matrices whose sums stay in registers.

#pragma once

#include <algorithm>
#include <type_traits>

#include "vectors.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The sums that fit in the registers, beside a row of factors: rows × columns vectors.
constexpr int block_rows = VECTOR_SET == VECTOR_SET_AVX512 ? 12 : 6;
constexpr int block_columns = 2;
/// The same for sums of outer products, where the rows are parts of one vector.
constexpr int outer_rows = VECTOR_SET == VECTOR_SET_AVX512 ? 8 : 4;
constexpr int outer_columns = 2;

constexpr size_t vectors_of(size_t channels) { return (channels + lanes - 1) / lanes; }

/// Calls `body` with a value in 1...most as a compile-time constant.
template <int most, class Body>
static inline void with_constant(size_t value, Body body) {
  if constexpr (most > 1) {
    if (value < most) return with_constant<most - 1>(value, body);
  }
  body(std::integral_constant<int, most>());
}

/// Calls `body(first, size)` for parts of at most `most` elements that differ by one at most.
template <class Body>
static inline void in_parts(size_t count, size_t most, Body body) {
  if (count == 0) return;
  const size_t parts = (count + most - 1) / most;
  const size_t size = count / parts, larger = count % parts;
  size_t first = 0;
  for (size_t part = 0; part < parts; part++) {
    const size_t part_size = size + (part < larger ? 1 : 0);
    body(first, part_size);
    first += part_size;
  }
}

/// Where weights are stored: panels of `block_columns` vectors of outputs, each [rows][columns], so
/// that a product reads them in order.
struct weight_panels {
  size_t rows, vectors;

  size_t columns(size_t vector) const {
    return std::min<size_t>(block_columns, vectors - vector / block_columns * block_columns);
  }
  size_t offset(size_t vector, size_t row) const {
    const size_t panel = vector / block_columns * block_columns;
    return (panel * rows + row * columns(vector) + vector - panel) * lanes;
  }
  size_t size() const { return rows * vectors * lanes; }
};

/// sums[row][column] += source[row × row_step] × weights[column].
template <int rows, int columns>
static inline void add_row(
    vec (&sums)[rows][columns], const float *source, size_t row_step, const float *weights) {
  vec factors[columns];
#pragma clang loop unroll(full)
  for (int j = 0; j < columns; j++) factors[j] = load(weights + j * lanes);
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
    const float value = source[i * row_step];
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) sums[i][j] += value * factors[j];
  }
}

/// The product of `rows` tiles and one panel of weights. Tiles and products are
/// [channel vector][tile][lane], with the given steps between channel vectors.
template <int rows, int columns>
[[gnu::noinline]] static void multiply_tiles(
    const float *tiles, size_t tiles_step, const float *weights, size_t channels, float *products,
    size_t products_step) {
  vec sums[rows][columns] = {};
  for (; channels >= lanes; channels -= lanes, tiles += tiles_step) {
#pragma clang loop unroll_count(4)
    for (int lane = 0; lane < lanes; lane++, weights += columns * lanes) {
      add_row<rows, columns>(sums, tiles + lane, lanes, weights);
    }
  }
  for (size_t lane = 0; lane < channels; lane++, weights += columns * lanes) {
    add_row<rows, columns>(sums, tiles + lane, lanes, weights);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      store(products + j * products_step + i * lanes, sums[i][j]);
    }
  }
}

/// Pixels of several images, and the distances between them in two arrays of activations.
struct pixel_walk {
  struct steps {
    size_t image, row, pixel;
  };
  size_t images, rows, pixels;
  steps source, gradient;
};

/// to[row × to_step + column] = the sum over all pixels of source[row] × gradient[column], with the
/// given step between vectors of the gradient; added to what is there unless it `begins` the sum. A
/// `partial` last vector has only `last` lanes.
template <int rows, int columns, bool partial = false>
[[gnu::noinline]] static void add_outer_products(
    const pixel_walk &walk, const float *source, const float *gradient, size_t gradient_step,
    float *to, size_t to_step, bool begins, int last = lanes) {
  vec sums[rows][columns] = {};
  for (size_t image = 0; image < walk.images; image++) {
    for (size_t row = 0; row < walk.rows; row++) {
      const float *a = source + image * walk.source.image + row * walk.source.row;
      const float *b = gradient + image * walk.gradient.image + row * walk.gradient.row;
      for (size_t pixel = 0; pixel < walk.pixels; pixel++) {
        vec factors[columns];
#pragma clang loop unroll(full)
        for (int j = 0; j < columns; j++) {
          const bool whole = !partial || j + 1 < columns;
          factors[j] = whole ? load(b + j * gradient_step) : load(b + j * gradient_step, last);
        }
#pragma clang loop unroll(full)
        for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
          for (int j = 0; j < columns; j++) sums[i][j] += a[i] * factors[j];
        }
        a += walk.source.pixel;
        b += walk.gradient.pixel;
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < columns; j++) {
      float *at = to + i * to_step + j * lanes;
      store(at, begins ? sums[i][j] : load(at) + sums[i][j]);
    }
  }
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

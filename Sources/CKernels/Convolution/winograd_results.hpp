// Moving products of transformed tiles back to activations, with what follows a convolution.

#pragma once

#include <cfloat>

#include "winograd_tiles.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

[[gnu::noinline]] static void store_tile(
    const float *products, size_t plane, const tile_pixels &tile, vec bias, float lowest,
    float *to) {
  const size_t row_step = tile.row_step, channels = tile.channels;
  transform_output(products, plane, [&](int i, int j, vec value) {
    store(to + i * row_step + j * channels, larger(value + bias, vec{} + lowest));
  });
}

/// The same for a tile that is partly outside the image, and any number of channels.
[[gnu::noinline]] static void store_partial_tile(
    const float *products, size_t plane, const tile_pixels &tile, vec bias, float lowest,
    float *to, int count) {
  pixel_copy<tile_side> copy;
  transform_output(products, plane, [&](int i, int j, vec value) {
    store(copy.at(i, j), larger(value + bias, vec{} + lowest));
  });
  for (int i = 0; i < tile.rows; i++) {
    for (int j = 0; j < tile.columns; j++) store(to + tile.at(i, j), load(copy.at(i, j)), count);
  }
}

/// The largest result of each window of 2 × 2 pixels of a tile.
[[gnu::noinline]] static void store_pooled_tile(
    const float *products, size_t plane, const tile_pixels &pooled, vec bias, float lowest,
    float *to, int count) {
  vec results[tile_side][tile_side];
  transform_output(products, plane, [&](int i, int j, vec value) {
    results[i][j] = larger(value + bias, vec{} + lowest);
  });
  vec most[tile_side / 2][tile_side / 2];
#pragma clang loop unroll(full)
  for (int i = 0; i < tile_side / 2; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < tile_side / 2; j++) {
      // In the order of pooling_maximum, for the same result with values that are not numbers.
      vec value = larger(vec{} - FLT_MAX, results[2 * i][2 * j]);
      value = larger(value, results[2 * i][2 * j + 1]);
      value = larger(value, results[2 * i + 1][2 * j]);
      most[i][j] = larger(value, results[2 * i + 1][2 * j + 1]);
    }
  }
  for (int i = 0; i < pooled.rows; i++) {
    for (int j = 0; j < pooled.columns; j++) store(to + pooled.at(i, j), most[i][j], count);
  }
}

/// Pools and stores the results of the tiles first..<last; see store_results.
static void store_pooled_results(
    const conv3_shape &shape, const tile_planes &products, size_t first, size_t last,
    size_t first_vector, const epilogue &end, float *destination) {
  tile_grid(shape).each(first, last, [&](size_t tile, size_t image, size_t row, size_t column) {
    const auto pixels = tile_pixels::pooled(shape, image, row, column);
    for (size_t vector = 0; vector < products.vectors; vector++) {
      const size_t channel = (first_vector + vector) * lanes;
      const int count = lanes_of(first_vector + vector, shape.outputs);
      store_pooled_tile(
          products.at(0, vector, tile), products.plane(), pixels, end.bias_at(channel, count),
          end.lowest(), destination + pixels.first + channel, count);
    }
  });
}

/// Transforms products back and stores the results of the tiles first..<last, whose first vector of
/// outputs is `first_vector`.
static void store_results(
    const conv3_shape &shape, const tile_planes &products, size_t first, size_t last,
    size_t first_vector, const epilogue &end, float *destination) {
  if (end.pools()) {
    store_pooled_results(shape, products, first, last, first_vector, end, destination);
    return;
  }
  tile_grid(shape).each(first, last, [&](size_t tile, size_t image, size_t row, size_t column) {
    const tile_pixels pixels(shape, image, row, column);
    for (size_t vector = 0; vector < products.vectors; vector++) {
      const size_t channel = (first_vector + vector) * lanes;
      const int count = lanes_of(first_vector + vector, shape.outputs);
      const vec bias = end.bias_at(channel, count);
      const float *from = products.at(0, vector, tile);
      float *to = destination + pixels.first + channel;
      if (pixels.is_whole() && count == lanes) {
        store_tile(from, products.plane(), pixels, bias, end.lowest(), to);
      } else {
        store_partial_tile(from, products.plane(), pixels, bias, end.lowest(), to, count);
      }
    }
  });
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

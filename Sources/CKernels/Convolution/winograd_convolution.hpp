// Winograd's convolution F(4×4, 3×3), in blocks of tiles that stay in a cache.

#pragma once

#include "winograd_results.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Outputs are computed in groups, so that the memory for one group stays in a cache.
constexpr size_t group_vectors = 64 / lanes;

static size_t vectors_in_group(size_t outputs) {
  return std::min(group_vectors, vectors_of(outputs));
}

/// The number of tiles in a block: as many as a part of the second-level cache holds, but at least
/// `fewest` if there are as many, so that slower memory with 36 values per pair of channels is
/// read seldom enough.
static size_t block_tiles(const conv3_shape &shape, size_t fewest) {
  constexpr size_t cache = 192 << 10;
  const size_t vectors = vectors_of(shape.inputs) + vectors_in_group(shape.outputs);
  const size_t tiles = std::max(cache / (plane_count * vectors * VECTOR_BYTES), fewest);
  const size_t all = shape.batch * tile_grid(shape).per_image();
  const size_t parts = (std::min(tiles, all) + block_rows - 1) / block_rows;
  // An odd multiple: with a power of two, vectors of channels would share sets of a cache.
  return (parts | 1) * block_rows;
}

/// The layout of a transformed kernel: 36 planes of panels.
struct transformed_kernel {
  weight_panels panels;

  transformed_kernel(size_t inputs, size_t outputs) : panels{inputs, vectors_of(outputs)} {}
  size_t plane() const { return panels.size() + 16; }
  size_t size() const { return plane_count * plane(); }
};

static void transform_kernel(const kernel_weights &kernel, kernel_range parts, float *to) {
  const transformed_kernel layout(kernel.inputs, kernel.outputs);
  each_weight(kernel, parts, [&](const vec(&taps)[tap_count], size_t input, size_t vector) {
    transform_weights(taps, to + layout.panels.offset(vector, input), layout.plane());
  });
}

/// The working memory of a convolution.
struct winograd_memory {
  tile_planes source, products;
  float *zeros;

  winograd_memory(const conv3_shape &shape, scratch_pieces &pieces) {
    const size_t tiles = block_tiles(shape, 54);
    source = {nullptr, vectors_of(shape.inputs), tiles};
    products = {nullptr, vectors_in_group(shape.outputs), tiles};
    source.values = pieces.take(source.size());
    products.values = pieces.take(products.size());
    zeros = pieces.take(window_side * shape.inputs);
  }
};

/// The products of a block of transformed tiles and one group of vectors of outputs of the
/// transformed kernel.
static void multiply_planes(
    const convolution &work, const tile_planes &source, const tile_planes &products, size_t tiles,
    size_t group) {
  const conv3_shape &shape = work.shape;
  const transformed_kernel kernel(shape.inputs, shape.outputs);
  const weight_panels &panels = kernel.panels;
  for (size_t plane = 0; plane < plane_count; plane++) {
    const float *weights = work.prepared + plane * kernel.plane();
    for (size_t vector = 0; vector < products.vectors; vector += block_columns) {
      const float *panel = weights + panels.offset(group + vector, 0);
      in_parts(tiles, block_rows, [&](size_t first, size_t count) {
        with_constant<block_rows>(count, [&](auto rows) {
          with_constant<block_columns>(panels.columns(group + vector), [&](auto columns) {
            multiply_tiles<rows, columns>(
                source.at(plane, 0, first), source.step(), panel, shape.inputs,
                products.at(plane, vector, first), products.step());
          });
        });
      });
    }
  }
}

/// Computes the tiles first..<last.
static void winograd_range(
    const convolution &work, const winograd_memory &memory, size_t first, size_t last) {
  const conv3_shape &shape = work.shape;
  std::memset(memory.zeros, 0, sizeof(float) * window_side * shape.inputs);
  for (size_t begin = first; begin < last; begin += memory.source.tiles) {
    const size_t end = std::min(last, begin + memory.source.tiles);
    transform_source(shape, work.source, memory.zeros, begin, end, memory.source);
    for (size_t group = 0; group < vectors_of(shape.outputs); group += group_vectors) {
      const tile_planes products = memory.products.first(vectors_of(shape.outputs) - group);
      multiply_planes(work, memory.source, products, end - begin, group);
      store_results(shape, products, begin, end, group, work.end, work.destination);
    }
  }
}

static void winograd_convolution(const convolution &work, void *scratch) {
  scratch_pieces pieces(scratch);
  const winograd_memory memory(work.shape, pieces);
  winograd_range(work, memory, 0, work.shape.batch * tile_grid(work.shape).per_image());
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

// Winograd's convolution F(4×4, 3×3), forward and both gradients, in blocks of tiles that stay in
// a cache.

#pragma once

#include "winograd_tiles.hpp"

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

/// The working memory of a convolution.
struct winograd_memory {
  /// The transformed kernel: 36 planes of panels.
  float *weights;
  size_t weights_plane;
  tile_planes source, products;
  float *zeros;

  winograd_memory(const conv3_shape &shape, scratch_pieces &pieces) {
    const size_t tiles = block_tiles(shape, 54);
    weights_plane = weight_panels{shape.inputs, vectors_of(shape.outputs)}.size() + 16;
    source = {nullptr, vectors_of(shape.inputs), tiles};
    products = {nullptr, vectors_in_group(shape.outputs), tiles};
    weights = pieces.take(plane_count * weights_plane);
    source.values = pieces.take(source.size());
    products.values = pieces.take(products.size());
    zeros = pieces.take(window_side * shape.inputs);
  }
};

static void transform_kernel(const kernel_weights &kernel, const winograd_memory &memory) {
  const weight_panels panels{kernel.inputs, vectors_of(kernel.outputs)};
  each_weight(kernel, [&](const vec(&taps)[tap_count], size_t input, size_t vector) {
    transform_weights(taps, memory.weights + panels.offset(vector, input), memory.weights_plane);
  });
}

/// The products of a block of transformed tiles and one group of vectors of outputs of the
/// transformed kernel.
static void multiply_planes(
    const conv3_shape &shape, const winograd_memory &memory, const tile_planes &products,
    size_t tiles, size_t group) {
  const tile_planes &source = memory.source;
  const weight_panels panels{shape.inputs, vectors_of(shape.outputs)};
  for (size_t plane = 0; plane < plane_count; plane++) {
    const float *weights = memory.weights + plane * memory.weights_plane;
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

/// Computes the tiles first..<last, given the transformed kernel.
static void winograd_range(
    const convolution &work, const winograd_memory &memory, size_t first, size_t last) {
  const conv3_shape &shape = work.shape;
  std::memset(memory.zeros, 0, sizeof(float) * window_side * shape.inputs);
  for (size_t begin = first; begin < last; begin += memory.source.tiles) {
    const size_t end = std::min(last, begin + memory.source.tiles);
    transform_source(shape, work.source, memory.zeros, begin, end, memory.source);
    for (size_t group = 0; group < vectors_of(shape.outputs); group += group_vectors) {
      const tile_planes products = memory.products.first(vectors_of(shape.outputs) - group);
      multiply_planes(shape, memory, products, end - begin, group);
      store_results(shape, products, begin, end, group, work.end, work.destination);
    }
  }
}

static void winograd_convolution(const convolution &work, void *scratch) {
  scratch_pieces pieces(scratch);
  const winograd_memory memory(work.shape, pieces);
  transform_kernel(work.kernel, memory);
  winograd_range(work, memory, 0, work.shape.batch * tile_grid(work.shape).per_image());
}

/// The working memory of a gradient of a kernel.
struct winograd_gradient_memory {
  /// Sums over tiles: 36 planes [inputs][vectors of outputs].
  float *sums;
  size_t sums_step, sums_plane;
  tile_planes source, gradient;
  float *zeros;

  winograd_gradient_memory(const conv3_shape &shape, scratch_pieces &pieces) {
    const bool is_large = shape.inputs * shape.outputs > 128 * 128;
    const size_t tiles = block_tiles(shape, is_large ? 126 : 54);
    sums_step = vectors_of(shape.outputs) * lanes;
    sums_plane = shape.inputs * sums_step + 16;
    source = {nullptr, vectors_of(shape.inputs), tiles};
    gradient = {nullptr, vectors_in_group(shape.outputs), tiles};
    sums = pieces.take(plane_count * sums_plane);
    source.values = pieces.take(source.size());
    gradient.values = pieces.take(gradient.size());
    zeros = pieces.take(window_side * shape.inputs);
  }
};

/// Adds the products of a block of transformed inputs and a group of transformed gradients to the
/// sums, or begins them.
static void add_planes(
    const conv3_shape &shape, const winograd_gradient_memory &memory, const tile_planes &gradient,
    size_t tiles, size_t group, bool begins) {
  const tile_planes &source = memory.source;
  const pixel_walk walk = {1, 1, tiles, {0, 0, lanes}, {0, 0, lanes}};
  for (size_t plane = 0; plane < plane_count; plane++) {
    float *sums = memory.sums + plane * memory.sums_plane + group * lanes;
    for (size_t vector = 0; vector < source.vectors; vector++) {
      in_parts(size_t(lanes_of(vector, shape.inputs)), outer_rows, [&](size_t lane, size_t count) {
        const float *from = source.at(plane, vector, 0) + lane;
        float *to = sums + (vector * lanes + lane) * memory.sums_step;
        in_parts(gradient.vectors, outer_columns, [&](size_t column, size_t width) {
          with_constant<outer_rows>(count, [&](auto rows) {
            with_constant<outer_columns>(width, [&](auto columns) {
              add_outer_products<rows, columns>(
                  walk, from, gradient.at(plane, column, 0), gradient.step(), to + column * lanes,
                  memory.sums_step, begins);
            });
          });
        });
      });
    }
  }
}

/// Sums up the tiles first..<last.
static void winograd_gradient_range(
    const conv3_shape &shape, const float *source, const float *gradient,
    const winograd_gradient_memory &memory, size_t first, size_t last) {
  std::memset(memory.zeros, 0, sizeof(float) * window_side * shape.inputs);
  for (size_t begin = first; begin < last; begin += memory.source.tiles) {
    const size_t end = std::min(last, begin + memory.source.tiles);
    transform_source(shape, source, memory.zeros, begin, end, memory.source);
    for (size_t group = 0; group < vectors_of(shape.outputs); group += group_vectors) {
      const tile_planes planes = memory.gradient.first(vectors_of(shape.outputs) - group);
      transform_gradients(shape, gradient, begin, end, group, planes);
      add_planes(shape, memory, planes, end - begin, group, begin == first);
    }
  }
}

static void store_kernel_gradient(
    const conv3_shape &shape, const winograd_gradient_memory &memory, float *to) {
  const size_t tap_step = shape.inputs * shape.outputs;
  for (size_t input = 0; input < shape.inputs; input++) {
    for (size_t vector = 0; vector < vectors_of(shape.outputs); vector++) {
      vec taps[tap_count];
      transform_weight_gradient(
          memory.sums + input * memory.sums_step + vector * lanes, memory.sums_plane, taps);
      float *target = to + input * shape.outputs + vector * lanes;
      const int count = lanes_of(vector, shape.outputs);
      for (int tap = 0; tap < tap_count; tap++) {
        if (count == lanes) {
          store(target + tap * tap_step, taps[tap]);
        } else {
          store(target + tap * tap_step, taps[tap], count);
        }
      }
    }
  }
}

static void winograd_kernel_gradient(
    const conv3_shape &shape, float *kernel_gradient, const float *gradient, const float *source,
    void *scratch) {
  scratch_pieces pieces(scratch);
  const winograd_gradient_memory memory(shape, pieces);
  winograd_gradient_range(
      shape, source, gradient, memory, 0, shape.batch * tile_grid(shape).per_image());
  store_kernel_gradient(shape, memory, kernel_gradient);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

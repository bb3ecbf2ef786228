// The gradient of a kernel by Winograd's convolution F(4×4, 3×3), in parts that several threads may
// compute.

#pragma once

#include "winograd_convolution.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// How a gradient is split into parts, which depends on the shape alone, so that the results do not
/// depend on the number of threads.
struct winograd_split {
  /// Whether each part has some of the tiles and sums of its own; otherwise each part has one
  /// vector of outputs.
  bool by_tiles;
  size_t parts;

  explicit winograd_split(const conv3_shape &shape) {
    const size_t tiles = shape.batch * tile_grid(shape).per_image();
    // Sums of their own are worth it if there are more tiles than it takes to add up the sums.
    by_tiles = shape.inputs * shape.outputs <= 64 * 64 && tiles >= 128;
    parts = by_tiles ? std::min<size_t>(8, tiles / 64) : vectors_of(shape.outputs);
  }
  /// The number of sums that are added up at the end.
  size_t sums() const { return by_tiles ? parts : 1; }
};

/// Sums over tiles: 36 planes [inputs][vectors of outputs], once or several times.
struct winograd_sums {
  float *values;
  size_t inputs, step, count;

  winograd_sums(const conv3_shape &shape, float *values)
      : values(values),
        inputs(shape.inputs),
        step(vectors_of(shape.outputs) * lanes),
        count(winograd_split(shape).sums()) {}
  size_t plane() const { return inputs * step + 16; }
  size_t size() const { return count * plane_count * plane(); }
  float *at(size_t index, size_t plane_index) const {
    return values + (index * plane_count + plane_index) * plane();
  }
};

/// The working memory of one call.
struct winograd_gradient_memory {
  tile_planes source, gradient;
  float *zeros;

  winograd_gradient_memory(const conv3_shape &shape, scratch_pieces &pieces) {
    const bool is_large = shape.inputs * shape.outputs > 128 * 128;
    const size_t tiles = block_tiles(shape, is_large ? 126 : 54);
    source = {nullptr, vectors_of(shape.inputs), tiles};
    gradient = {nullptr, vectors_in_group(shape.outputs), tiles};
    source.values = pieces.take(source.size());
    gradient.values = pieces.take(gradient.size());
    zeros = pieces.take(window_side * shape.inputs);
  }
};

/// Adds the products of a block of transformed inputs and a group of transformed gradients to sums,
/// or begins them.
static void add_planes(
    const conv3_shape &shape, const winograd_sums &sums, size_t index, const tile_planes &source,
    const tile_planes &gradient, size_t tiles, size_t group, bool begins) {
  const pixel_walk walk = {1, 1, tiles, {0, 0, lanes}, {0, 0, lanes}};
  for (size_t plane = 0; plane < plane_count; plane++) {
    float *values = sums.at(index, plane) + group * lanes;
    for (size_t vector = 0; vector < source.vectors; vector++) {
      in_parts(size_t(lanes_of(vector, shape.inputs)), outer_rows, [&](size_t lane, size_t count) {
        const float *from = source.at(plane, vector, 0) + lane;
        float *to = values + (vector * lanes + lane) * sums.step;
        in_parts(gradient.vectors, outer_columns, [&](size_t column, size_t width) {
          with_constant<outer_rows>(count, [&](auto rows) {
            with_constant<outer_columns>(width, [&](auto columns) {
              add_outer_products<rows, columns>(
                  walk, from, gradient.at(plane, column, 0), gradient.step(), to + column * lanes,
                  sums.step, begins);
            });
          });
        });
      });
    }
  }
}

/// Sums up some tiles for some vectors of outputs.
static void winograd_gradient_range(
    const conv3_shape &shape, const float *source, const float *gradient,
    const winograd_gradient_memory &memory, const winograd_sums &sums, size_t index,
    kernel_range tiles, kernel_range vectors) {
  std::memset(memory.zeros, 0, sizeof(float) * window_side * shape.inputs);
  for (size_t begin = tiles.first; begin < tiles.end; begin += memory.source.tiles) {
    const size_t end = std::min(tiles.end, begin + memory.source.tiles);
    transform_source(shape, source, memory.zeros, begin, end, memory.source);
    for (size_t group = vectors.first; group < vectors.end; group += group_vectors) {
      const tile_planes planes = memory.gradient.first(vectors.end - group);
      transform_gradients(shape, gradient, begin, end, group, planes);
      add_planes(
          shape, sums, index, memory.source, planes, end - begin, group, begin == tiles.first);
    }
  }
}

/// Computes the sums of some parts.
static void winograd_add_gradient(
    const conv3_shape &shape, kernel_range parts, float *values, const float *gradient,
    const float *source, void *scratch) {
  scratch_pieces pieces(scratch);
  const winograd_gradient_memory memory(shape, pieces);
  const winograd_sums sums(shape, values);
  const winograd_split split(shape);
  const size_t tiles = shape.batch * tile_grid(shape).per_image();
  if (!split.by_tiles)
    return winograd_gradient_range(
        shape, source, gradient, memory, sums, 0, {0, tiles}, parts);
  for (size_t part = parts.first; part < parts.end; part++) {
    const kernel_range its_tiles = {
        part * tiles / split.parts, (part + 1) * tiles / split.parts};
    winograd_gradient_range(
        shape, source, gradient, memory, sums, part, its_tiles,
        {0, vectors_of(shape.outputs)});
  }
}

/// Adds up the sums of an input, in the order of the parts.
static void total_sums(const winograd_sums &sums, size_t input) {
  for (size_t index = 1; index < sums.count; index++) {
    for (size_t plane = 0; plane < plane_count; plane++) {
      float *total = sums.at(0, plane) + input * sums.step;
      const float *added = sums.at(index, plane) + input * sums.step;
      for (size_t i = 0; i < sums.step; i += lanes)
        store(total + i, load(total + i) + load(added + i));
    }
  }
}

/// Stores the gradient of the weights of some inputs.
static void winograd_store_gradient(
    const conv3_shape &shape, kernel_range inputs, float *to, float *values) {
  const winograd_sums sums(shape, values);
  const size_t tap_step = shape.inputs * shape.outputs;
  for (size_t input = inputs.first; input < inputs.end; input++) {
    total_sums(sums, input);
    for (size_t vector = 0; vector < vectors_of(shape.outputs); vector++) {
      vec taps[tap_count];
      transform_weight_gradient(
          sums.at(0, 0) + input * sums.step + vector * lanes, sums.plane(), taps);
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

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

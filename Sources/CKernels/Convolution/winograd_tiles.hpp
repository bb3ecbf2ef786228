// Moving activations to transformed tiles and back: the tiles of all images are numbered in one
// row, so that a block of them may span images.

#pragma once

#include "convolution_types.hpp"
#include "winograd_transforms.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// Memory for the 36 planes of a block of transformed tiles.
struct tile_planes {
  float *values;
  size_t vectors, tiles;

  /// Floats between two vectors of channels.
  size_t step() const { return tiles * lanes; }
  /// Floats between two planes; a distance of a power of two would overload some sets of a cache.
  size_t plane() const { return vectors * step() + 16; }
  size_t size() const { return plane_count * plane(); }
  float *at(size_t plane_index, size_t vector, size_t tile) const {
    return values + plane_index * plane() + vector * step() + tile * lanes;
  }
  /// The same memory for at most `count` vectors.
  tile_planes first(size_t count) const { return {values, std::min(vectors, count), tiles}; }
};

/// The tiles of the images of a shape.
struct tile_grid {
  size_t height, width;

  explicit tile_grid(const conv3_shape &shape) : height(shape.height), width(shape.width) {}
  size_t rows() const { return (height + tile_side - 1) / tile_side; }
  size_t columns() const { return (width + tile_side - 1) / tile_side; }
  size_t per_image() const { return rows() * columns(); }

  /// Calls `body(index in the range, image, first row, first column)` for the tiles of a range.
  template <class Body>
  void each(size_t first, size_t last, Body body) const {
    size_t image = first / per_image();
    size_t row = first % per_image() / columns() * tile_side;
    size_t column = first % columns() * tile_side;
    for (size_t tile = first; tile < last; tile++) {
      body(tile - first, image, row, column);
      column += tile_side;
      if (column < width) continue;
      column = 0;
      row += tile_side;
      if (row < height) continue;
      row = 0;
      image++;
    }
  }
};

/// 6 × 6 or 4 × 4 pixels of one vector of channels, with zeros outside an image.
template <int side>
struct pixel_copy {
  float values[side][side * lanes];

  void clear() { std::memset(values, 0, sizeof values); }
  float *at(int row, int column) { return values[row] + column * lanes; }
};

/// The part of an image below a window of 6 × 6 pixels that begins one pixel above and left of
/// `row` and `column`. Rows outside the image are rows of zeros; columns outside are left out.
struct input_window {
  const float *rows[window_side];
  int left, right;
  size_t channels;

  input_window(
      const float *image, const float *zeros, const conv3_shape &shape, size_t row, size_t column)
      : left(column == 0 ? 1 : 0),
        right(int(std::min<size_t>(window_side, shape.width + 1 - column))),
        channels(shape.inputs) {
    const size_t row_step = shape.width * channels;
    // Offsets before the image wrap around and are not used.
    size_t offset = (row - 1) * row_step + (column == 0 ? 0 : column - 1) * channels;
    for (size_t i = 0; i < window_side; i++, offset += row_step) {
      rows[i] = row + i - 1 < shape.height ? image + offset : zeros;
    }
  }
};

/// Transforms one vector of channels of a window without the columns outside left..<right.
template <int left, int right>
[[gnu::noinline]] static void transform_window(
    const input_window &window, size_t channel, float *to, size_t plane) {
  const float *rows[window_side];
  for (int i = 0; i < window_side; i++) rows[i] = window.rows[i] + channel;
  const size_t channels = window.channels;
  transform_input(to, plane, [&](int i, int j) {
    return j < left || j >= right ? vec{} : load(rows[i] + size_t(j - left) * channels);
  });
}

/// The same for any columns and number of channels.
[[gnu::noinline]] static void transform_partial_window(
    const input_window &window, size_t channel, int count, float *to, size_t plane) {
  pixel_copy<window_side> copy;
  copy.clear();
  for (int i = 0; i < window_side; i++) {
    const float *from = window.rows[i] + channel;
    for (int j = window.left; j < window.right; j++, from += window.channels) {
      store(copy.at(i, j), load(from, count));
    }
  }
  transform_input(to, plane, [&](int i, int j) { return load(copy.at(i, j)); });
}

/// The function for a window whose columns left..<right are inside the image, or NULL.
static inline auto window_transform(int left, int right) {
  const auto whole = left == 0 ? transform_window<0, 6> : transform_window<1, 6>;
  const auto cut = left == 0 ? transform_window<0, 5> : transform_window<1, 5>;
  return right == 6 ? whole : right == 5 ? cut : nullptr;
}

/// Transforms the source's windows of the tiles first..<last. `zeros` has 6 × channels floats.
static void transform_source(
    const conv3_shape &shape, const float *source, const float *zeros, size_t first, size_t last,
    const tile_planes &to) {
  const size_t image_size = shape.height * shape.width * shape.inputs;
  tile_grid(shape).each(first, last, [&](size_t tile, size_t image, size_t row, size_t column) {
    const input_window window(source + image * image_size, zeros, shape, row, column);
    const auto transform = window_transform(window.left, window.right);
    for (size_t vector = 0; vector < to.vectors; vector++) {
      const int count = lanes_of(vector, shape.inputs);
      if (transform != nullptr && count == lanes) {
        transform(window, vector * lanes, to.at(0, vector, tile), to.plane());
      } else {
        transform_partial_window(
            window, vector * lanes, count, to.at(0, vector, tile), to.plane());
      }
    }
  });
}

/// The part of an image that a tile covers.
struct tile_pixels {
  size_t first, row_step, channels;
  int rows, columns;

  /// A tile of 4 × 4 pixels.
  tile_pixels(const conv3_shape &shape, size_t image, size_t row, size_t column)
      : tile_pixels(tile_side, shape, image, row, column) {}
  /// The pixels that a tile of 4 × 4 pixels has after pooling: 2 × 2, or fewer at an edge.
  static tile_pixels pooled(conv3_shape shape, size_t image, size_t row, size_t column) {
    shape.height /= 2;
    shape.width /= 2;
    return tile_pixels(tile_side / 2, shape, image, row / 2, column / 2);
  }

  bool is_whole() const { return rows == tile_side && columns == tile_side; }
  size_t at(int row, int column) const { return row * row_step + column * channels; }

 private:
  tile_pixels(size_t side, const conv3_shape &shape, size_t image, size_t row, size_t column)
      : first(((image * shape.height + row) * shape.width + column) * shape.outputs),
        row_step(shape.width * shape.outputs),
        channels(shape.outputs),
        rows(int(std::min(side, shape.height - row))),
        columns(int(std::min(side, shape.width - column))) {}
};

[[gnu::noinline]] static void transform_gradient_tile(
    const tile_pixels &tile, const float *gradient, float *to, size_t plane) {
  const size_t row_step = tile.row_step, channels = tile.channels;
  transform_gradient(to, plane, [&](int i, int j) {
    return load(gradient + i * row_step + j * channels);
  });
}

/// The same for a tile that is partly outside the image, and any number of channels.
[[gnu::noinline]] static void transform_partial_gradient_tile(
    const tile_pixels &tile, const float *gradient, int count, float *to, size_t plane) {
  pixel_copy<tile_side> copy;
  copy.clear();
  for (int i = 0; i < tile.rows; i++) {
    for (int j = 0; j < tile.columns; j++) {
      store(copy.at(i, j), load(gradient + tile.at(i, j), count));
    }
  }
  transform_gradient(to, plane, [&](int i, int j) { return load(copy.at(i, j)); });
}

/// Transforms the gradients [batch, height, width, outputs] of the tiles first..<last, for as many
/// vectors of outputs as there are planes for, beginning with `first_vector`.
static void transform_gradients(
    const conv3_shape &shape, const float *gradient, size_t first, size_t last,
    size_t first_vector, const tile_planes &to) {
  tile_grid(shape).each(first, last, [&](size_t tile, size_t image, size_t row, size_t column) {
    const tile_pixels pixels(shape, image, row, column);
    for (size_t vector = 0; vector < to.vectors; vector++) {
      const int count = lanes_of(first_vector + vector, shape.outputs);
      const float *from = gradient + pixels.first + (first_vector + vector) * lanes;
      float *target = to.at(0, vector, tile);
      if (pixels.is_whole() && count == lanes) {
        transform_gradient_tile(pixels, from, target, to.plane());
      } else {
        transform_partial_gradient_tile(pixels, from, count, target, to.plane());
      }
    }
  });
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

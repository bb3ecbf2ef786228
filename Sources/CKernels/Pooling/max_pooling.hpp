// Maximum pooling; see pooling_kernels.h.

#pragma once

#include <cfloat>

#include "windows.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The largest value so far in each lane, and its position.
struct Maximum {
  vec value;
  mask position;

  Maximum(float start, int position_of_start)
      : value(vec{} + start), position(mask{} + position_of_start) {}

  void consider(vec candidate, int its_position) {
    const mask is_larger = candidate > value;
    value = is_larger ? candidate : value;
    position = is_larger ? mask{} + its_position : position;
  }
};

static inline bool has_2x2_windows(const pooling_shape &s) {
  return s.window_height == 2 && s.window_width == 2 && s.stride_height == 2 &&
      s.stride_width == 2 && s.pad_top == 0 && s.pad_left == 0 &&
      s.pooled_height == s.height / 2 && s.pooled_width == s.width / 2;
}

template <bool with_positions>
static void maximum_2x2(float *y, uint8_t *positions, const float *x, const pooling_shape &s) {
  const size_t c = s.channels, row = s.width * c;
  for (size_t i = 0; i < s.batch * s.pooled_height; i++) {
    const size_t image = i / s.pooled_height;
    const float *top = x + (image * s.height + 2 * (i % s.pooled_height)) * row;
    for (size_t j = 0; j < s.pooled_width; j++, top += 2 * c, y += c) {
      for_channel_groups<1>(c, [=](auto channels) {
        Maximum most(-FLT_MAX, 0);
        most.consider(channels.read(top), 0);
        most.consider(channels.read(top + c), 1);
        most.consider(channels.read(top + row), 2);
        most.consider(channels.read(top + row + c), 3);
        channels.write(y, most.value);
        if constexpr (with_positions) channels.write_bytes(positions, most.position);
      });
      if constexpr (with_positions) positions += c;
    }
  }
}

template <bool with_positions>
static void maximum_of_windows(
    float *y, uint8_t *positions, const float *x, const pooling_shape &s) {
  const size_t c = s.channels;
  for_each_window(s, [&](const Window &window) {
    const float *from = x + window.first_pixel * c;
    for_channel_groups<1>(c, [&](auto channels) {
      Maximum most(-FLT_MAX, 0);
      for_each_tap(window, s, [&](int position, size_t distance) {
        most.consider(channels.read(from + distance), position);
      });
      channels.write(y + window.pooled * c, most.value);
      if constexpr (with_positions)
        channels.write_bytes(positions + window.pooled * c, most.position);
    });
  });
}

static void pooling_maximum(
    float *y, uint8_t *positions, const float *x, const pooling_shape *shape) {
  const pooling_shape s = *shape;
  if (has_2x2_windows(s))
    positions == nullptr ? maximum_2x2<false>(y, positions, x, s)
                         : maximum_2x2<true>(y, positions, x, s);
  else
    positions == nullptr ? maximum_of_windows<false>(y, positions, x, s)
                         : maximum_of_windows<true>(y, positions, x, s);
}

/// Sets the pixels of an image that are in no window of 2×2 pixels: a last odd row or column.
static inline void clear_unpooled(float *image, const pooling_shape &s) {
  const size_t c = s.channels, row = s.width * c;
  if (s.width % 2 == 1)
    for (size_t i = 0; i < s.height; i++)
      std::memset(image + (i + 1) * row - c, 0, c * sizeof(float));
  if (s.height % 2 == 1) std::memset(image + (s.height - 1) * row, 0, row * sizeof(float));
}

static void maximum_2x2_gradient(
    float *dx, const float *dy, const uint8_t *positions, const pooling_shape &s) {
  const size_t c = s.channels, row = s.width * c;
  for (size_t image = 0; image < s.batch; image++, dx += s.height * row) {
    clear_unpooled(dx, s);
    for (size_t i = 0; i < s.pooled_height; i++) {
      float *top = dx + 2 * i * row;
      for (size_t j = 0; j < s.pooled_width; j++, top += 2 * c, dy += c, positions += c)
        for_channel_groups<1>(c, [=](auto channels) {
          const vec gradient = channels.read(dy);
          const mask position = channels.read_bytes(positions);
          channels.write(top, position == 0 ? gradient : vec{});
          channels.write(top + c, position == 1 ? gradient : vec{});
          channels.write(top + row, position == 2 ? gradient : vec{});
          channels.write(top + row + c, position == 3 ? gradient : vec{});
        });
    }
  }
}

static void maximum_of_windows_gradient(
    float *dx, const float *dy, const uint8_t *positions, const pooling_shape &s) {
  const size_t c = s.channels;
  RowClearing clearing{dx, s.width * c};
  for_each_window(s, [&](const Window &window) {
    clearing.up_to(window.first_row + window.rows.count());
    float *to = dx + window.first_pixel * c;
    for_channel_groups<1>(c, [&](auto channels) {
      const vec gradient = channels.read(dy + window.pooled * c);
      const mask position = channels.read_bytes(positions + window.pooled * c);
      for_each_tap(window, s, [&](int its_position, size_t distance) {
        const vec added = position == its_position ? gradient : vec{};
        channels.write(to + distance, channels.read(to + distance) + added);
      });
    });
  });
  clearing.up_to(s.batch * s.height);
}

static void pooling_maximum_gradient(
    float *dx, const float *dy, const uint8_t *positions, const pooling_shape *shape) {
  const pooling_shape s = *shape;
  if (has_2x2_windows(s)) maximum_2x2_gradient(dx, dy, positions, s);
  else maximum_of_windows_gradient(dx, dy, positions, s);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

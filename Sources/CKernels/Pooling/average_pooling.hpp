// Average pooling; see pooling_kernels.h.

#pragma once

#include "windows.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// The sum of a whole window of size × size pixels, multiplied by a factor.
template <size_t size>
static inline void average_whole(
    float *y, const float *x, float factor, const pooling_shape &s) {
  for_channel_groups<1>(s.channels, [=](auto channels) {
    vec sum = {};
    for_each_tap<size>(s, [&](int, size_t distance) { sum += channels.read(x + distance); });
    channels.write(y, sum * factor);
  });
}

/// The sum of a window, multiplied by a factor. Rows are added up first, which is more precise in
/// large windows and reads memory in its order.
static inline void average_rows(
    float *y, const float *x, float factor, const Window &window, const pooling_shape &s) {
  const size_t c = s.channels, rows = window.rows.count();
  for (size_t i = 0; i < rows; i++, x += s.width * c)
    for_channel_groups<4>(c, [=](auto channels) {
      constexpr int vectors = channels.vectors;
      vec sum[vectors] = {};
      for (size_t j = 0; j < window.columns.count(); j++)
        for (int v = 0; v < vectors; v++) sum[v] += channels.read(x + j * c, v);
      for (int v = 0; v < vectors; v++) {
        const vec total = i == 0 ? sum[v] : sum[v] + channels.read(y, v);
        channels.write(y, i + 1 == rows ? total * factor : total, v);
      }
    });
}

static void pooling_average(float *y, const float *x, const pooling_shape *shape) {
  const pooling_shape s = *shape;
  const size_t c = s.channels;
  for_each_window(s, [&](const Window &window) {
    const float factor = window.share();
    float *to = y + window.pooled * c;
    const float *from = x + window.first_pixel * c;
    if (window.is_whole(2, s)) average_whole<2>(to, from, factor, s);
    else if (window.is_whole(3, s)) average_whole<3>(to, from, factor, s);
    else average_rows(to, from, factor, window, s);
  });
}

/// Writes a gradient, or adds it if a pixel can be in several windows.
template <bool adds, typename Group>
static inline void spread(Group channels, float *pixel, vec gradient, int v = 0) {
  channels.write(pixel, adds ? channels.read(pixel, v) + gradient : gradient, v);
}

template <bool adds, size_t size>
static inline void spread_whole(
    float *dx, const float *dy, float factor, const pooling_shape &s) {
  for_channel_groups<1>(s.channels, [=](auto channels) {
    const vec gradient = channels.read(dy) * factor;
    for_each_tap<size>(s, [=](int, size_t distance) {
      spread<adds>(channels, dx + distance, gradient);
    });
  });
}

template <bool adds>
static inline void spread_rows(
    float *dx, const float *dy, float factor, const Window &window, const pooling_shape &s) {
  const size_t c = s.channels;
  for (size_t i = 0; i < window.rows.count(); i++, dx += s.width * c)
    for_channel_groups<4>(c, [=](auto channels) {
      constexpr int vectors = channels.vectors;
      vec gradient[vectors];
      for (int v = 0; v < vectors; v++) gradient[v] = channels.read(dy, v) * factor;
      for (size_t j = 0; j < window.columns.count(); j++)
        for (int v = 0; v < vectors; v++) spread<adds>(channels, dx + j * c, gradient[v], v);
    });
}

template <bool adds>
static inline void spread_average(
    float *dx, const float *dy, const Window &window, const pooling_shape &s) {
  float *to = dx + window.first_pixel * s.channels;
  const float *from = dy + window.pooled * s.channels;
  const float factor = window.share();
  if (window.is_whole(2, s)) spread_whole<adds, 2>(to, from, factor, s);
  else if (window.is_whole(3, s)) spread_whole<adds, 3>(to, from, factor, s);
  else spread_rows<adds>(to, from, factor, window, s);
}

static void pooling_average_gradient(float *dx, const float *dy, const pooling_shape *shape) {
  const pooling_shape s = *shape;
  if (is_partition(s))
    return for_each_window(s, [&](const Window &window) {
      spread_average<false>(dx, dy, window, s);
    });
  RowClearing clearing{dx, s.width * s.channels};
  for_each_window(s, [&](const Window &window) {
    clearing.up_to(window.first_row + window.rows.count());
    spread_average<true>(dx, dy, window, s);
  });
  clearing.up_to(s.batch * s.height);
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

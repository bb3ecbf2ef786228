// Loops over the channels of a pixel, in groups that fit in registers.

#pragma once

#include <type_traits>

#include "block_sums.hpp"
#include "vectors.hpp"

VECTORS_BEGIN
namespace kernels::VECTORS_NAMESPACE {

/// One byte for each lane of a vector.
typedef uint8_t lane_bytes __attribute__((vector_size(lanes)));

/// Copies less than 16 bytes.
static inline void copy_few(void *to, const void *from, int count) {
  auto *target = static_cast<uint8_t *>(to);
  auto *source = static_cast<const uint8_t *>(from);
  const auto copy = [&](auto size) {
    if ((count & size) == 0) return;
    std::memcpy(target, source, size);
    target += size;
    source += size;
  };
  copy(std::integral_constant<int, 8>{});
  copy(std::integral_constant<int, 4>{});
  copy(std::integral_constant<int, 2>{});
  copy(std::integral_constant<int, 1>{});
}

/// Adjacent channels in `count_of_vectors` vectors. If they are not `whole`, there is one vector,
/// of which only the first `count` lanes are channels.
template <int count_of_vectors, bool whole>
struct Channels {
  static constexpr int vectors = count_of_vectors;
  size_t first;
  int count;

  /// The channels of the vector `v`, given the start of a pixel.
  vec read(const float *pixel, int v = 0) const {
    const float *from = pixel + first + v * lanes;
    return whole ? load(from) : load(from, count);
  }

  void write(float *pixel, vec values, int v = 0) const {
    float *to = pixel + first + v * lanes;
    whole ? store(to, values) : store(to, values, count);
  }

  /// Small numbers that are stored in one byte each.
  mask read_bytes(const uint8_t *pixel, int v = 0) const {
    lane_bytes bytes = {};
    const uint8_t *from = pixel + first + v * lanes;
    if (whole) std::memcpy(&bytes, from, sizeof bytes);
    else copy_few(&bytes, from, count);
    return __builtin_convertvector(bytes, mask);
  }

  void write_bytes(uint8_t *pixel, mask values, int v = 0) const {
    const auto bytes = __builtin_convertvector(values, lane_bytes);
    uint8_t *to = pixel + first + v * lanes;
    if (whole) std::memcpy(to, &bytes, sizeof bytes);
    else copy_few(to, &bytes, count);
  }
};

/// Calls `body` with all channels of a pixel, in groups of 4, 2 or 1 vectors, but at most `most`.
template <int most, typename Body>
static inline void for_channel_groups(size_t channels, Body body) {
  size_t c = 0;
  if constexpr (most >= 4)
    for (; c + 4 * lanes <= channels; c += 4 * lanes) body(Channels<4, true>{c, lanes});
  if constexpr (most >= 2)
    for (; c + 2 * lanes <= channels; c += 2 * lanes) body(Channels<2, true>{c, lanes});
  for (; c + lanes <= channels; c += lanes) body(Channels<1, true>{c, lanes});
  if (c < channels) body(Channels<1, false>{c, int(channels - c)});
}

/// Calls `body` with blocks of at most `block` rows, [begin, end).
template <typename Body>
static inline void for_blocks(size_t begin, size_t end, size_t block, Body body) {
  for (; begin < end; begin += block) body(begin, begin + block < end ? begin + block : end);
}

/// The number of rows that a group of channels is taken from before the next group: so few that
/// memory is read almost in its order, and so many that loading the factors of a group does not
/// matter.
static inline size_t rows_at_a_time(size_t channels) {
  const size_t rows = 512 / channels;
  return rows < 4 ? 4 : rows;
}

}  // namespace kernels::VECTORS_NAMESPACE
VECTORS_END

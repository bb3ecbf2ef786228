// The blocks of rows whose sums are computed in single precision, then added in double precision.
// They do not depend on the number of threads.

#pragma once

#include <cstddef>

namespace kernels {

constexpr size_t rows_per_sum = 256;

/// The same number of pixels, in rows of pooled pixels.
constexpr size_t pooled_rows_per_sum(size_t pooled_width) {
  return 1 + (rows_per_sum - 1) / (pooled_width + 1);
}

constexpr size_t blocks_of(size_t rows, size_t block) { return (rows + block - 1) / block; }

}  // namespace kernels

// Shared by the files of the shim; not visible to Swift.

#pragma once

#include "onednn_shim.h"

#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "kernel_range.h"
#include "oneapi/dnnl/dnnl.hpp"

// Swift's clang has no omp.h; this is the only function of it that is needed.
extern "C" void omp_set_num_threads(int);

// Memory that buffers share, and the memory objects that must be updated when it is allocated
// later.
struct onednn_storage {
  std::shared_ptr<void> data;
  std::vector<dnnl::memory> users;
};

struct onednn_buffer {
  dnnl::memory memory;
  std::shared_ptr<onednn_storage> storage;
  dnnl::memory::desc layout() const { return memory.get_desc(); }
  void *data() const { return storage->data.get(); }
};

struct onednn_operation {
  // The parts of two matrices, of one or more rows each, that a primitive processes one after
  // another.
  struct row_by_row {
    dnnl::memory source, destination;
    // The arguments of the primitive: one part of each matrix.
    dnnl::memory source_row, destination_row;
    size_t count = 0;
    void point_to(size_t row);
  };
  // The working memory of a kernel: what all threads share, and what one thread has alone.
  struct working_memory {
    void *shared, *own;
  };
  // A part of a kernel's work. Any threads may compute any of its units at the same time, with the
  // same results; the next stage begins when all units are done.
  struct stage {
    size_t units;
    std::function<void(kernel_range units, working_memory memory)> function;
  };
  // A kernel: its name, the stages of its work, and the sizes of its working memory.
  struct kernel_call {
    std::string name;
    std::vector<stage> stages;
    size_t shared_bytes = 0, own_bytes = 0;
    // Without helpers, the memory that they share is behind that of the first thread.
    char *scratchpad = nullptr;
    char *shared = nullptr;
    // The memory of the threads other than the first, and the distance between two of them.
    char *helper_memory = nullptr;
    size_t helper_step = 0, helpers = 0;

    size_t bytes() const { return shared_bytes + own_bytes; }
    bool has_memory(size_t thread) const {
      return (scratchpad != nullptr || bytes() == 0) && (own_bytes == 0 || thread <= helpers);
    }
    working_memory memory(size_t thread) const {
      return {shared, thread == 0 ? scratchpad : helper_memory + (thread - 1) * helper_step};
    }
  };
  // One primitive with its arguments in the form that is executed without allocation, or the call
  // of a kernel.
  struct step {
    dnnl::primitive primitive;
    std::vector<dnnl_exec_arg_t> arguments;
    dnnl::memory::desc scratchpad;
    row_by_row rows = {};
    kernel_call call = {};

    bool is_call() const { return !call.stages.empty(); }
    size_t stage_count() const { return is_call() ? call.stages.size() : 1; }
    size_t units(size_t stage) const { return is_call() ? call.stages[stage].units : 1; }
    size_t scratchpad_bytes() const;
    void use_scratchpad(onednn_operation &operation, void *data);
    dnnl_status_t run(size_t stage, kernel_range units, size_t thread);
    /// The kernel's name; for a primitive, that of oneDNN's implementation.
    std::string name() const;

   private:
    dnnl_status_t run_primitive();
  };
  std::vector<step> steps;
  // Keeps all memory objects that the arguments point to alive.
  std::vector<dnnl::memory> memories;
  std::vector<std::shared_ptr<void>> buffers;
  size_t own_bytes = 0;
  size_t reorders = 0;
  dnnl::memory scratchpad;
  std::shared_ptr<void> scratchpad_buffer, helper_buffer;

  using argument = std::pair<int, dnnl::memory>;

  void keep(std::initializer_list<onednn_buffer *> used);
  dnnl::memory own(const dnnl::memory::desc &layout);
  void *own(size_t bytes);
  void add(
      dnnl::primitive primitive, const dnnl::memory::desc &scratchpad,
      std::vector<argument> arguments);
  /// Adds the call of a kernel. Memory of buffers must be read when the function is called, because
  /// buffers may be placed later.
  void add_call(
      std::string name, size_t scratchpad_bytes, std::function<void(void *scratchpad)> function);
  /// Adds a kernel whose work several threads may share.
  void add_call(
      std::string name, size_t shared_bytes, size_t own_bytes, std::vector<stage> stages);
  void add_reorder(dnnl::memory from, dnnl::memory to);
  /// Makes the last primitive run once for every row.
  void repeat(const row_by_row &rows);
  /// A kernel's values in the layout that a primitive requires: the kernel itself, a copy that
  /// every run updates first, or a copy that is made now.
  dnnl::memory kernel_in(const dnnl::memory::desc &layout, onednn_buffer *kernel, bool changes);
};

namespace shim {

using tag = dnnl::memory::format_tag;
using type = dnnl::memory::data_type;

extern thread_local std::string last_error;

const dnnl::engine &engine();
std::shared_ptr<void> allocate(size_t bytes);
onednn_buffer *make_buffer(const dnnl::memory::desc &layout);
onednn_buffer *make_unplaced(const dnnl::memory::desc &layout);
void place(onednn_buffer *buffer, onednn_buffer *arena, size_t offset);
/// A size rounded up to whole lines of the cache.
constexpr size_t whole_lines(size_t bytes) {
  constexpr size_t line = 64;
  return (bytes + line - 1) / line * line;
}
/// Another memory object for the memory of a buffer.
dnnl::memory share(onednn_buffer *buffer, const dnnl::memory::desc &layout);
dnnl::memory::desc activations(int64_t batch, int64_t height, int64_t width, int64_t channels);

/// A buffer for one byte for each value of activations.
onednn_buffer *make_positions(onednn_buffer *activations);

/// The shape of activations.
struct image_shape {
  size_t batch, height, width, channels;
  size_t rows() const { return batch * height * width; }
  bool operator==(const image_shape &other) const {
    return batch == other.batch && height == other.height && width == other.width
        && channels == other.channels;
  }
};

/// Throws unless the arguments of a kernel fit together, since kernels do not check them.
inline void require(bool fits, const char *reason) {
  if (!fits) throw std::invalid_argument(reason);
}
/// Throws unless a buffer, if there is one, has this number of elements.
void require_count(onednn_buffer *buffer, size_t count);

/// The shape of activations in the layout [batch, height, width, channels] without gaps, which
/// kernels require. With 16 channels, blocks of 16 channels are the same in memory. Throws if the
/// buffer has another layout.
image_shape shape_of(const onednn_buffer *buffer);

/// The memory of a buffer when it is used, which may be placed after an operation is created. NULL
/// for no buffer.
struct late_data {
  onednn_storage *storage;
  late_data(onednn_buffer *buffer) : storage(buffer ? buffer->storage.get() : nullptr) {}
  float *floats() const { return static_cast<float *>(bytes()); }
  void *bytes() const { return storage ? storage->data.get() : nullptr; }
};
/// Executes a primitive on the calling thread, and returns when it is done.
dnnl_status_t execute(
    const dnnl::primitive &primitive, const dnnl_exec_arg_t *arguments, size_t count);
/// Throws unless a primitive was executed.
void require_success(dnnl_status_t status);
/// The layout for which oneDNN has faster code: for activations of 16 channels, blocks of 16
/// channels (which are the same in memory) if registers hold 16 numbers; otherwise the given
/// layout.
dnnl::memory::desc preferred(const dnnl::memory::desc &layout);
/// Activations seen as a matrix [batch, features].
dnnl::memory::desc flat(const dnnl::memory::desc &layout);

inline dnnl::memory::dims dims_of(const dnnl::memory::desc &layout) {
#if DNNL_VERSION_MAJOR >= 3
  return layout.get_dims();
#else
  return layout.dims();
#endif
}

/// The algorithm of a function, with its settings as this version of oneDNN requires them.
struct elementwise {
  dnnl::algorithm algorithm;
  float alpha, beta;
  explicit elementwise(const onednn_activation &activation);
};

constexpr onednn_activation no_activation = {onednn_no_function, 0, 0};

/// Attributes for a scratchpad of the caller and, if requested, a function of the result.
dnnl::primitive_attr attributes(const onednn_activation &activation = no_activation);

/// A convolution kernel of the right shape whose layout oneDNN may choose.
dnnl::memory::desc convolution_kernel(
    const dnnl::memory::desc &source, const dnnl::memory::desc &destination, onednn_window window);
/// The layouts of input and output in which a convolution is fastest.
std::pair<dnnl::memory::desc, dnnl::memory::desc> convolution_layouts(
    onednn_buffer *source, onednn_buffer *destination, onednn_window window);
dnnl::convolution_forward::primitive_desc convolution_description(
    const dnnl::memory::desc &source, const dnnl::memory::desc &kernel,
    const dnnl::memory::desc &bias, const dnnl::memory::desc &destination, onednn_window window,
    bool training, const onednn_activation &activation);

/// The most bytes that threads share in the weight gradient of a convolution that oneDNN does: the
/// sums over the parts of the images, in which it is divided if it is large.
size_t divided_sums_bytes(
    const image_shape &source, size_t channels, const onednn_window &window);

/// Whether a convolution is done by the kernels of CKernels. Its kernels are stored
/// [height, width, in, out] then. Does not depend on the batch size.
bool has_convolution_kernel(
    onednn_buffer *source, onednn_buffer *destination, const onednn_window &window);
/// What a forward convolution does beside convolving.
struct convolution_options {
  bool training, kernel_changes;
  onednn_activation activation;
  bool pools;
};
onednn_operation *kernel_convolution_forward(
    onednn_buffer *source, onednn_buffer *kernel, onednn_buffer *bias, onednn_buffer *destination,
    const convolution_options &options);
onednn_operation *kernel_convolution_backward_data(
    onednn_buffer *destination_gradient, onednn_buffer *kernel, onednn_buffer *source_gradient,
    bool kernel_changes);
onednn_operation *kernel_convolution_backward_weights(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *kernel_gradient,
    onednn_buffer *bias_gradient);

/// An argument of a primitive that runs once for each of some equal parts of the images: its layout
/// in a part, the whole, and the bytes from one part to the next, 0 for what all parts read. A sum
/// is the total of what the parts compute; its partial results begin at the offset in the memory
/// that threads share.
struct divided_argument {
  int index;
  dnnl::memory::desc layout;
  dnnl::memory whole;
  size_t step;
  bool is_sum = false;
  size_t offset = 0;
};
divided_argument divided_images(
    int index, const dnnl::memory &whole, const dnnl::memory::desc &part);
divided_argument undivided(int index, const dnnl::memory &whole);
divided_argument divided_sum(int index, const dnnl::memory &whole);

/// In how many parts the images of a batch are divided: as many as divide the batch, up to 4, but
/// each with at least so much work. It does not depend on the number of threads, nor do the results
/// therefore.
size_t parts_of(size_t batch, size_t work, size_t least);
/// The layout of a part of activations.
dnnl::memory::desc part_of(const dnnl::memory::desc &layout, size_t parts);
/// Adds a primitive that runs once for each part, and adds up its sums in the order of the parts.
void add_divided(
    onednn_operation &operation, const dnnl::primitive &primitive, const char *name,
    const dnnl::memory::desc &scratchpad, size_t parts, std::vector<divided_argument> arguments);

/// Adds an elementwise function, which may work in place.
void add_elementwise(
    onednn_operation &operation, onednn_buffer *source, onednn_buffer *destination,
    const onednn_activation &activation);

/// A dense kernel of the right shape whose layout oneDNN may choose.
dnnl::memory::desc dense_kernel(
    const dnnl::memory::desc &source, const dnnl::memory::desc &destination);
dnnl::inner_product_forward::primitive_desc dense_description(
    const dnnl::memory::desc &source, const dnnl::memory::desc &kernel,
    const dnnl::memory::desc &bias, const dnnl::memory::desc &destination, bool training,
    const onednn_activation &activation);

/// The layout of an optional buffer; an empty description if there is none.
inline dnnl::memory::desc layout_or_none(onednn_buffer *buffer) {
  return buffer == nullptr ? dnnl::memory::desc() : buffer->layout();
}

/// Stores the reason of a failure. Never throws, although there may be too little memory for the
/// text.
inline void note_failure(const char *reason) noexcept {
  try {
    last_error = reason;
  } catch (...) {
    last_error.clear();
  }
}

template <typename Body>
auto guarded(Body body) -> decltype(body()) {
  try {
    // Primitives are compiled for the number of threads that they will run on, which is one.
    omp_set_num_threads(1);
    return body();
  } catch (const std::bad_alloc &) {
    note_failure("out of memory");
    return nullptr;
  } catch (const std::exception &error) {
    note_failure(error.what());
    return nullptr;
  } catch (...) {
    note_failure("unknown error");
    return nullptr;
  }
}

template <typename Body>
int succeeded(Body body) {
  try {
    body();
    return 0;
  } catch (const std::bad_alloc &) {
    note_failure("out of memory");
    return 1;
  } catch (const std::exception &error) {
    note_failure(error.what());
    return 1;
  } catch (...) {
    note_failure("unknown error");
    return 1;
  }
}

}  // namespace shim

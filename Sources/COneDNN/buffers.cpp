#include "internal.hpp"

#include <cstdlib>
#include <cstring>
#include <new>

#include "oneapi/dnnl/dnnl_debug.h"

namespace shim {

thread_local std::string last_error;

const dnnl::engine &engine() {
  static const dnnl::engine shared(dnnl::engine::kind::cpu, 0);
  return shared;
}

std::shared_ptr<void> allocate(size_t bytes) {
  const size_t rounded = whole_lines(bytes);
  void *data = std::aligned_alloc(64, rounded == 0 ? 64 : rounded);
  if (data == nullptr) throw std::bad_alloc();
  std::memset(data, 0, rounded);
  return std::shared_ptr<void>(data, std::free);
}

dnnl::memory::desc activations(
    int64_t batch, int64_t height, int64_t width, int64_t channels) {
  return {{batch, channels, height, width}, type::f32, tag::nhwc};
}

onednn_buffer *make_buffer(const dnnl::memory::desc &layout) {
  auto storage = std::make_shared<onednn_storage>();
  storage->data = allocate(layout.get_size());
  dnnl::memory memory(layout, engine(), storage->data.get());
  return new onednn_buffer{memory, storage};
}

onednn_buffer *make_unplaced(const dnnl::memory::desc &layout) {
  dnnl::memory memory(layout, engine(), DNNL_MEMORY_NONE);
  auto storage = std::make_shared<onednn_storage>();
  storage->users.push_back(memory);
  return new onednn_buffer{memory, storage};
}

void place(onednn_buffer *buffer, onednn_buffer *arena, size_t offset) {
  auto &storage = *buffer->storage;
  const size_t size = buffer->layout().get_size(), room = arena->layout().get_size();
  if (storage.data != nullptr) throw std::invalid_argument("the buffer already has memory");
  if (offset > room || size > room - offset)
    throw std::invalid_argument("the buffer does not fit into the arena");
  auto *start = static_cast<char *>(arena->data()) + offset;
  storage.data = std::shared_ptr<void>(arena->storage, start);
  for (auto &memory : storage.users) memory.set_data_handle(start);
  storage.users.clear();
}

dnnl::memory share(onednn_buffer *buffer, const dnnl::memory::desc &layout) {
  if (buffer->data() != nullptr) return dnnl::memory(layout, engine(), buffer->data());
  dnnl::memory memory(layout, engine(), DNNL_MEMORY_NONE);
  buffer->storage->users.push_back(memory);
  return memory;
}

dnnl::memory::desc preferred(const dnnl::memory::desc &layout) {
  static const bool is_blocked = [] {
    const dnnl::memory::desc data({1, 16, 4, 4}, type::f32, tag::nChw16c);
    const onednn_window window = {3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const auto convolution = convolution_description(
        data, convolution_kernel(data, data, window), dnnl::memory::desc(), data, window, true,
        no_activation);
    return std::string(convolution.impl_info_str()).rfind("jit:avx512_core", 0) == 0;
  }();
  const auto dims = dims_of(layout);
  if (!is_blocked || dims.size() != 4 || dims[1] != 16) return layout;
  return {dims, type::f32, tag::nChw16c};
}

dnnl::memory::desc flat(const dnnl::memory::desc &layout) {
  const auto dims = dims_of(layout);
  return {{dims[0], dims[1] * dims[2] * dims[3]}, type::f32, tag::nc};
}

namespace {

// The layout in which files store a parameter.
dnnl::memory::desc plain(const dnnl::memory::desc &layout) {
  const auto dims = dims_of(layout);
  switch (dims.size()) {
    case 1: return {dims, type::f32, tag::x};
    case 2: return {dims, type::f32, tag::io};
    case 4: return {dims, type::f32, tag::hwio};
    // The last axis of the file has the groups one after another. A depthwise kernel [height,
    // width, in, multiplier] has the same layout: one group per input channel, with one input each.
    default: return {dims, type::f32, tag::hwigo};
  }
}

size_t elements(const dnnl::memory::desc &layout) {
  size_t count = 1;
  for (auto dim : dims_of(layout)) count *= size_t(dim);
  return count;
}

void copy(dnnl::memory from, dnnl::memory to, size_t count, size_t expected) {
  if (count != expected) throw std::invalid_argument("the number of values differs from the shape");
  omp_set_num_threads(1);
  dnnl::stream stream(engine());
  dnnl::reorder(from, to).execute(stream, from, to);
  stream.wait();
}

/// The start of a buffer's memory as the values of another buffer in the order of the files.
dnnl::memory values_of(onednn_buffer *buffer, onednn_buffer *values) {
  const auto layout = plain(buffer->layout());
  require(layout.get_size() <= values->layout().get_size(), "there is no room for the values");
  return share(values, layout);
}

onednn_operation *reorder_between(
    onednn_buffer *source, const dnnl::memory &from, onednn_buffer *destination,
    const dnnl::memory &to) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({source, destination});
  operation->add_reorder(from, to);
  return operation.release();
}

}  // namespace
}  // namespace shim

using namespace shim;

extern "C" {

const char *onednn_last_error(void) { return last_error.c_str(); }

const char *onednn_version_text(void) {
  static const std::string text = [] {
    const auto *version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." +
        std::to_string(version->patch);
  }();
  return text.c_str();
}

const char *onednn_instruction_set(void) {
  // A static string of the library.
  return dnnl_cpu_isa2str(dnnl_get_effective_cpu_isa());
}

onednn_buffer *onednn_buffer_activations(
    int64_t batch, int64_t height, int64_t width, int64_t channels) {
  return guarded([&] { return make_buffer(activations(batch, height, width, channels)); });
}

onednn_buffer *onednn_buffer_reshaped(
    onednn_buffer *source, int64_t batch, int64_t height, int64_t width, int64_t channels) {
  return guarded([&] {
    const auto layout = activations(batch, height, width, channels);
    if (layout.get_size() != source->layout().get_size())
      throw std::invalid_argument("a view must have as many elements as its source");
    return new onednn_buffer{share(source, layout), source->storage};
  });
}

onednn_buffer *onednn_buffer_unplaced_activations(
    int64_t batch, int64_t height, int64_t width, int64_t channels) {
  return guarded([&] { return make_unplaced(activations(batch, height, width, channels)); });
}

onednn_buffer *onednn_buffer_unplaced_like(onednn_buffer *model) {
  return guarded([&] { return make_unplaced(model->layout()); });
}

int onednn_buffer_place(onednn_buffer *buffer, onednn_buffer *arena, size_t offset) {
  return succeeded([&] { place(buffer, arena, offset); });
}

onednn_buffer *onednn_buffer_vector(int64_t count) {
  return guarded([&] { return make_buffer({{count}, type::f32, tag::x}); });
}

onednn_buffer *onednn_buffer_stretch(onednn_buffer *arena, size_t offset, int64_t count) {
  return guarded([&] {
    std::unique_ptr<onednn_buffer> buffer(make_unplaced({{count}, type::f32, tag::x}));
    place(buffer.get(), arena, offset);
    return buffer.release();
  });
}

onednn_buffer *onednn_buffer_convolution_kernel(
    onednn_buffer *source, onednn_buffer *destination, onednn_window window) {
  return guarded([&] {
    if (has_convolution_kernel(source, destination, window)) {
      const auto kernel = convolution_kernel(source->layout(), destination->layout(), window);
      return make_buffer({dims_of(kernel), type::f32, tag::hwio});
    }
    const auto [from, to] = convolution_layouts(source, destination, window);
    const auto description = convolution_description(
        from, convolution_kernel(from, to, window), dnnl::memory::desc(), to, window, true,
        no_activation);
    return make_buffer(description.weights_desc());
  });
}

onednn_buffer *onednn_buffer_dense_kernel(onednn_buffer *source, onednn_buffer *destination) {
  return guarded([&] {
    const auto from = flat(source->layout()), to = flat(destination->layout());
    const auto description = dense_description(
        from, dense_kernel(from, to), dnnl::memory::desc(), to, true, no_activation);
    return make_buffer(description.weights_desc());
  });
}

onednn_buffer *onednn_buffer_like(onednn_buffer *model) {
  return guarded([&] { return make_buffer(model->layout()); });
}

void onednn_buffer_release(onednn_buffer *buffer) { delete buffer; }

float *onednn_buffer_data(onednn_buffer *buffer) { return static_cast<float *>(buffer->data()); }

size_t onednn_buffer_bytes(onednn_buffer *buffer) { return buffer->layout().get_size(); }

int onednn_buffer_pack(onednn_buffer *buffer, const float *values, size_t count) {
  return succeeded([&] {
    // oneDNN has one pointer type for inputs and outputs; the reorder only reads from this one.
    dnnl::memory from(plain(buffer->layout()), engine(), const_cast<float *>(values));
    copy(from, buffer->memory, count, elements(buffer->layout()));
  });
}

int onednn_buffer_unpack(onednn_buffer *buffer, float *values, size_t count) {
  return succeeded([&] {
    dnnl::memory to(plain(buffer->layout()), engine(), values);
    copy(buffer->memory, to, count, elements(buffer->layout()));
  });
}

onednn_operation *onednn_pack(onednn_buffer *values, onednn_buffer *destination) {
  return guarded([&] {
    return reorder_between(
        values, values_of(destination, values), destination, destination->memory);
  });
}

onednn_operation *onednn_unpack(onednn_buffer *source, onednn_buffer *values) {
  return guarded([&] {
    return reorder_between(source, source->memory, values, values_of(source, values));
  });
}

}  // extern "C"

#include "internal.hpp"

void onednn_operation::keep(std::initializer_list<onednn_buffer *> used) {
  for (auto *buffer : used) {
    if (buffer != nullptr) buffers.push_back(buffer->storage);
  }
}

dnnl::memory onednn_operation::own(const dnnl::memory::desc &layout) {
  auto data = shim::allocate(layout.get_size());
  buffers.push_back(data);
  own_bytes += layout.get_size();
  return dnnl::memory(layout, shim::engine(), data.get());
}

void onednn_operation::add(
    dnnl::primitive primitive, const dnnl::memory::desc &scratchpad,
    std::vector<argument> arguments) {
  step next{primitive, {}, scratchpad};
  for (auto &[index, memory] : arguments) {
    if (!memory) continue;
    memories.push_back(memory);
    next.arguments.push_back({index, memory.get()});
  }
  steps.push_back(std::move(next));
}

size_t onednn_operation::step::scratchpad_bytes() const {
  return call.function ? call.scratchpad_bytes : scratchpad.get_size();
}

void onednn_operation::step::use_scratchpad(onednn_operation &operation, void *data) {
  if (call.function) {
    call.scratchpad = data;
    return;
  }
  dnnl::memory memory(scratchpad, shim::engine(), data);
  operation.memories.push_back(memory);
  arguments.push_back({DNNL_ARG_SCRATCHPAD, memory.get()});
}

dnnl_status_t onednn_operation::step::run(const dnnl::stream &stream) {
  if (call.function) {
    if (call.scratchpad == nullptr && call.scratchpad_bytes > 0) return dnnl_invalid_arguments;
    call.function(call.scratchpad);
    return dnnl_success;
  }
  const size_t runs = std::max<size_t>(rows.count, 1);
  auto status = dnnl_success;
  for (size_t run = 0; run < runs && status == dnnl_success; run++) {
    if (rows.count > 0) rows.point_to(run);
    status = dnnl_primitive_execute(
        primitive.get(), stream.get(), int(arguments.size()), arguments.data());
  }
  return status;
}

void onednn_operation::add_call(
    size_t scratchpad_bytes, std::function<void(void *scratchpad)> function) {
  step next;
  next.call = {std::move(function), scratchpad_bytes, nullptr};
  steps.push_back(std::move(next));
}

void onednn_operation::add_reorder(dnnl::memory from, dnnl::memory to) {
  dnnl::reorder::primitive_desc description(from, to, shim::attributes());
  add(dnnl::reorder(description), description.scratchpad_desc(),
      {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  reorders++;
}

void onednn_operation::repeat(const row_by_row &rows) {
  // The matrices are not arguments, but the rows are parts of their memory.
  memories.push_back(rows.source);
  memories.push_back(rows.destination);
  steps.back().rows = rows;
}

void onednn_operation::row_by_row::point_to(size_t row) {
  const auto place = [row](dnnl::memory &one, const dnnl::memory &all) {
    const size_t bytes = one.get_desc().get_size();
    one.set_data_handle(static_cast<char *>(all.get_data_handle()) + row * bytes);
  };
  place(source_row, source);
  place(destination_row, destination);
}

dnnl::memory onednn_operation::kernel_in(
    const dnnl::memory::desc &layout, onednn_buffer *kernel, bool changes) {
  if (layout == kernel->layout()) return kernel->memory;
  auto copy = own(layout);
  if (changes) {
    add_reorder(kernel->memory, copy);
  } else {
    dnnl::stream stream(shim::engine());
    dnnl::reorder(kernel->memory, copy).execute(stream, kernel->memory, copy);
    stream.wait();
  }
  return copy;
}

namespace shim {

onednn_buffer *make_positions(onednn_buffer *activations) {
  return make_buffer({dims_of(activations->layout()), type::u8, tag::nhwc});
}

void require_count(onednn_buffer *buffer, size_t count) {
  if (buffer == nullptr) return;
  size_t found = 1;
  for (const auto size : dims_of(buffer->layout())) found *= size_t(size);
  require(found == count, "a parameter has the wrong number of elements");
}

image_shape shape_of(const onednn_buffer *buffer) {
  const auto dims = dims_of(buffer->layout());
  if (dims.size() != 4 || buffer->layout() != activations(dims[0], dims[2], dims[3], dims[1]))
    throw std::invalid_argument("the buffer does not have the layout of activations");
  return {size_t(dims[0]), size_t(dims[2]), size_t(dims[3]), size_t(dims[1])};
}

dnnl::primitive_attr attributes(const onednn_activation &activation) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (activation.function != onednn_no_function) {
    const elementwise f(activation);
    dnnl::post_ops operations;
#if DNNL_VERSION_MAJOR >= 3
    operations.append_eltwise(f.algorithm, f.alpha, f.beta);
#else
    operations.append_eltwise(1.0f, f.algorithm, f.alpha, f.beta);
#endif
    attributes.set_post_ops(operations);
  }
  return attributes;
}

}  // namespace shim

extern "C" {

void onednn_operation_release(onednn_operation *operation) { delete operation; }

size_t onednn_operation_scratchpad_bytes(onednn_operation *operation) {
  size_t most = 0;
  for (const auto &step : operation->steps) most = std::max(most, step.scratchpad_bytes());
  return most;
}

int onednn_operation_use_scratchpad(onednn_operation *operation, onednn_buffer *scratchpad) {
  return shim::succeeded([&] {
    operation->scratchpad_buffer = scratchpad->storage;
    for (auto &step : operation->steps) {
      if (step.scratchpad_bytes() == 0) continue;
      if (step.scratchpad_bytes() > scratchpad->layout().get_size())
        throw std::invalid_argument("the scratchpad is too small");
      step.use_scratchpad(*operation, scratchpad->data());
    }
  });
}

size_t onednn_operation_bytes(onednn_operation *operation) { return operation->own_bytes; }

size_t onednn_operation_primitive_count(onednn_operation *operation) {
  return operation->steps.size();
}

size_t onednn_operation_reorder_count(onednn_operation *operation) { return operation->reorders; }

int onednn_operation_run(onednn_operation *operation) {
  // Each thread has its own stream; the CPU runtime runs a primitive before execute returns.
  thread_local dnnl::stream stream(shim::engine());
  omp_set_num_threads(1);
  for (auto &step : operation->steps) {
    const auto status = step.run(stream);
    if (status != dnnl_success) {
      shim::last_error = "a primitive failed with status " + std::to_string(int(status));
      return 1;
    }
  }
  return 0;
}

}  // extern "C"

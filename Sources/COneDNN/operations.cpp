#include <algorithm>

#include "internal.hpp"

void onednn_operation::keep(std::initializer_list<onednn_buffer *> used) {
  for (auto *buffer : used) {
    if (buffer != nullptr) buffers.push_back(buffer->storage);
  }
}

dnnl::memory onednn_operation::own(const dnnl::memory::desc &layout) {
  return dnnl::memory(layout, shim::engine(), own(layout.get_size()));
}

void *onednn_operation::own(size_t bytes) {
  auto data = shim::allocate(bytes);
  buffers.push_back(data);
  own_bytes += bytes;
  return data.get();
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
  return is_call() ? call.bytes() : scratchpad.get_size();
}

void onednn_operation::step::use_scratchpad(onednn_operation &operation, void *data) {
  if (is_call()) {
    call.scratchpad = static_cast<char *>(data);
    if (call.helpers == 0) call.shared = call.scratchpad + call.own_bytes;
    return;
  }
  dnnl::memory memory(scratchpad, shim::engine(), data);
  operation.memories.push_back(memory);
  arguments.push_back({DNNL_ARG_SCRATCHPAD, memory.get()});
}

std::string onednn_operation::step::name() const {
  if (is_call()) return call.name;
  const auto description = primitive.get_primitive_desc();
  const char *implementation = "";
  dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &implementation);
  const bool is_reorder = primitive.get_kind() == dnnl::primitive::kind::reorder;
  return std::string(is_reorder ? "oneDNN reorder " : "oneDNN ") + implementation;
}

dnnl_status_t onednn_operation::step::run(size_t stage, kernel_range units, size_t thread) {
  if (!is_call()) return run_primitive();
  if (!call.has_memory(thread)) return dnnl_invalid_arguments;
  call.stages[stage].function(units, call.memory(thread));
  return dnnl_success;
}

dnnl_status_t onednn_operation::step::run_primitive() {
  const size_t runs = std::max<size_t>(rows.count, 1);
  auto status = dnnl_success;
  for (size_t run = 0; run < runs && status == dnnl_success; run++) {
    if (rows.count > 0) rows.point_to(run);
    status = shim::execute(primitive, arguments.data(), arguments.size());
  }
  return status;
}

void onednn_operation::add_call(
    std::string name, size_t scratchpad_bytes, std::function<void(void *scratchpad)> function) {
  const auto call = [function = std::move(function)](kernel_range, working_memory memory) {
    function(memory.shared);
  };
  add_call(std::move(name), scratchpad_bytes, 0, {{1, call}});
}

void onednn_operation::add_call(
    std::string name, size_t shared_bytes, size_t own_bytes, std::vector<stage> stages) {
  // Parts of the working memory begin with a line of the cache.
  step next;
  next.call.name = std::move(name);
  next.call.stages = std::move(stages);
  next.call.shared_bytes = shim::whole_lines(shared_bytes);
  next.call.own_bytes = shim::whole_lines(own_bytes);
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

dnnl_status_t execute(
    const dnnl::primitive &primitive, const dnnl_exec_arg_t *arguments, size_t count) {
  // Each thread has its own stream; the CPU runtime runs a primitive before execute returns.
  thread_local dnnl::stream stream(engine());
  omp_set_num_threads(1);
  return dnnl_primitive_execute(primitive.get(), stream.get(), int(count), arguments);
}

void require_success(dnnl_status_t status) {
  if (status != dnnl_success)
    throw std::runtime_error("a primitive failed with status " + std::to_string(int(status)));
}

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

size_t onednn_operation_helper_bytes(onednn_operation *operation) {
  size_t most = 0;
  for (const auto &step : operation->steps) most = std::max(most, step.call.own_bytes);
  return most;
}

size_t onednn_operation_shared_bytes(onednn_operation *operation) {
  size_t most = 0;
  for (const auto &step : operation->steps) most = std::max(most, step.call.shared_bytes);
  return most;
}

int onednn_operation_use_helper_memory(
    onednn_operation *operation, onednn_buffer *memory, size_t shared_bytes, size_t helper_bytes,
    size_t helpers) {
  return shim::succeeded([&] {
    shim::require(
        shared_bytes + helpers * helper_bytes <= memory->layout().get_size()
            && onednn_operation_shared_bytes(operation) <= shared_bytes
            && onednn_operation_helper_bytes(operation) <= helper_bytes,
        "the memory for helpers is too small");
    operation->helper_buffer = memory->storage;
    for (auto &step : operation->steps) {
      auto &call = step.call;
      call.shared = static_cast<char *>(memory->data());
      call.helper_memory = call.shared + shared_bytes;
      call.helper_step = helper_bytes;
      call.helpers = helpers;
    }
  });
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

int onednn_operation_uses(onednn_operation *operation, onednn_buffer *buffer) {
  const auto &used = operation->buffers;
  return std::find(used.begin(), used.end(), buffer->storage) != used.end();
}

size_t onednn_operation_primitive_count(onednn_operation *operation) {
  return operation->steps.size();
}

int onednn_operation_kernel_name(
    onednn_operation *operation, size_t index, char *text, size_t size) {
  return shim::succeeded([&] {
    const auto name = operation->steps.at(index).name();
    shim::require(name.size() < size, "the name of a kernel is too long");
    std::copy(name.c_str(), name.c_str() + name.size() + 1, text);
  });
}

size_t onednn_operation_reorder_count(onednn_operation *operation) { return operation->reorders; }

size_t onednn_operation_stage_count(onednn_operation *operation) {
  size_t count = 0;
  for (const auto &step : operation->steps) count += step.stage_count();
  return count;
}

size_t onednn_operation_units(onednn_operation *operation, size_t stage) {
  for (const auto &step : operation->steps) {
    if (stage < step.stage_count()) return step.units(stage);
    stage -= step.stage_count();
  }
  return 0;
}

int onednn_operation_run_units(
    onednn_operation *operation, size_t stage, size_t first, size_t end, size_t thread) {
  return shim::succeeded([&] {
    auto status = dnnl_invalid_arguments;
    for (auto &step : operation->steps) {
      if (stage < step.stage_count()) {
        status = step.run(stage, {first, end}, thread);
        break;
      }
      stage -= step.stage_count();
    }
    shim::require_success(status);
  });
}

int onednn_operation_run(onednn_operation *operation) {
  const size_t count = onednn_operation_stage_count(operation);
  for (size_t stage = 0; stage < count; stage++) {
    const size_t units = onednn_operation_units(operation, stage);
    if (onednn_operation_run_units(operation, stage, 0, units, 0) != 0) return 1;
  }
  return 0;
}

}  // extern "C"

// Primitives of oneDNN that run once for each of some equal parts of the images, so that threads
// can share the work: oneDNN itself runs on one thread here.

#include <algorithm>
#include <array>

#include "internal.hpp"

namespace shim {

namespace {

constexpr size_t most_parts = 4;

/// The largest number of arguments, without the scratchpad.
constexpr size_t most_arguments = 4;

/// How many numbers a unit adds up.
constexpr size_t sum_unit = 16384;

/// A memory object without an allocation of the shim's own.
class memory_object {
 public:
  memory_object() = default;
  memory_object(const memory_object &) = delete;
  ~memory_object() {
    if (memory != nullptr) dnnl_memory_destroy(memory);
  }
  dnnl_memory_t make(const dnnl::memory::desc &layout, void *data) {
#if DNNL_VERSION_MAJOR >= 3
    const auto status = dnnl_memory_create(&memory, layout.get(), engine().get(), data);
#else
    const auto status = dnnl_memory_create(&memory, &layout.data, engine().get(), data);
#endif
    if (status != dnnl_success) throw std::bad_alloc();
    return memory;
  }

 private:
  dnnl_memory_t memory = nullptr;
};

char *start_of(const dnnl::memory &memory) {
  return static_cast<char *>(memory.get_data_handle());
}

/// Where a part finds the values of an argument; results that are added up in the end are, except
/// for those of the first part, in the memory that threads share.
void *place_of(const divided_argument &argument, size_t part, void *shared) {
  if (!argument.is_sum) return start_of(argument.whole) + part * argument.step;
  if (part == 0) return start_of(argument.whole);
  return static_cast<char *>(shared) + argument.offset
      + (part - 1) * whole_lines(argument.layout.get_size());
}

void run_part(
    const dnnl::primitive &primitive, const dnnl::memory::desc &scratchpad,
    const std::vector<divided_argument> &arguments, size_t part,
    onednn_operation::working_memory memory) {
  std::array<memory_object, most_arguments + 1> objects;
  std::array<dnnl_exec_arg_t, most_arguments + 1> list;
  size_t count = 0;
  const auto add = [&](int index, const dnnl::memory::desc &layout, void *data) {
    list[count] = {index, objects[count].make(layout, data)};
    count++;
  };
  for (const auto &argument : arguments)
    add(argument.index, argument.layout, place_of(argument, part, memory.shared));
  if (scratchpad.get_size() > 0) add(DNNL_ARG_SCRATCHPAD, scratchpad, memory.own);
  require_success(execute(primitive, list.data(), count));
}

/// Adds the results of the other parts to some numbers of the result, in the order of the parts.
void add_parts(
    const divided_argument &argument, size_t parts, size_t first, size_t end, void *shared) {
  auto *result = static_cast<float *>(place_of(argument, 0, shared));
  for (size_t part = 1; part < parts; part++) {
    const auto *added = static_cast<const float *>(place_of(argument, part, shared));
    for (size_t i = first; i < end; i++) result[i] += added[i];
  }
}

}  // namespace

size_t parts_of(size_t batch, size_t work, size_t least) {
  size_t parts = most_parts;
  while (parts > 1 && (batch % parts != 0 || work / parts < least)) parts /= 2;
  return parts;
}

dnnl::memory::desc part_of(const dnnl::memory::desc &layout, size_t parts) {
  auto dims = dims_of(layout);
  const bool is_blocked = layout == dnnl::memory::desc(dims, type::f32, tag::nChw16c)
      && layout != dnnl::memory::desc(dims, type::f32, tag::nhwc);
  dims[0] /= int64_t(parts);
  return {dims, type::f32, is_blocked ? tag::nChw16c : tag::nhwc};
}

divided_argument divided_images(
    int index, const dnnl::memory &whole, const dnnl::memory::desc &part) {
  return {index, part, whole, part.get_size()};
}

divided_argument undivided(int index, const dnnl::memory &whole) {
  return {index, whole.get_desc(), whole, 0};
}

divided_argument divided_sum(int index, const dnnl::memory &whole) {
  auto argument = undivided(index, whole);
  argument.is_sum = true;
  return argument;
}

void add_divided(
    onednn_operation &operation, const dnnl::primitive &primitive, const char *name,
    const dnnl::memory::desc &scratchpad, size_t parts, std::vector<divided_argument> arguments) {
  require(arguments.size() <= most_arguments, "a primitive has too many arguments");
  size_t shared = 0;
  std::vector<divided_argument> sums;
  for (auto &argument : arguments) {
    if (!argument.is_sum) continue;
    argument.offset = shared;
    shared += (parts - 1) * whole_lines(argument.layout.get_size());
    sums.push_back(argument);
  }
  std::vector<onednn_operation::stage> stages = {
      {parts, [=](kernel_range range, onednn_operation::working_memory memory) {
         for (size_t part = range.first; part < range.end; part++)
           run_part(primitive, scratchpad, arguments, part, memory);
       }}};
  for (const auto &sum : sums) {
    const size_t count = sum.layout.get_size() / sizeof(float);
    const size_t units = (count + sum_unit - 1) / sum_unit;
    stages.push_back(
        {units, [=](kernel_range range, onednn_operation::working_memory memory) {
           add_parts(
               sum, parts, range.first * sum_unit, std::min(count, range.end * sum_unit),
               memory.shared);
         }});
  }
  operation.add_call(
      std::string("oneDNN ") + name, shared, scratchpad.get_size(), std::move(stages));
}

}  // namespace shim

#include <algorithm>
#include <cstring>

#include "instruction_sets.h"
#include "internal.hpp"
#include "pooling_kernels.h"

using namespace shim;

namespace {

dnnl::algorithm algorithm(onednn_pool_kind kind) {
  return kind == onednn_pool_max ? dnnl::algorithm::pooling_max
                                 : dnnl::algorithm::pooling_avg_exclude_padding;
}

dnnl::pooling_forward::primitive_desc forward_description(
    onednn_pool_kind kind, const dnnl::memory::desc &source, const dnnl::memory::desc &destination,
    const onednn_window &w, bool training) {
  const auto direction =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
  const dnnl::memory::dims strides{w.stride_height, w.stride_width};
  const dnnl::memory::dims kernel{w.kernel_height, w.kernel_width};
  const dnnl::memory::dims before{w.pad_top, w.pad_left}, after{w.pad_bottom, w.pad_right};
#if DNNL_VERSION_MAJOR >= 3
  const dnnl::memory::dims dilation{0, 0};
  return {engine(), direction, algorithm(kind), source, destination, strides, kernel,
          dilation, before, after, attributes()};
#else
  return {{direction, algorithm(kind), source, destination, strides, kernel, before, after},
          attributes(), engine()};
#endif
}

/// The number of windows along an axis.
int64_t positions(size_t size, int64_t before, int64_t after, int64_t window, int64_t stride) {
  return (int64_t(size) + before + after - window) / stride + 1;
}

pooling_shape shape_of_windows(
    onednn_buffer *source, onednn_buffer *destination, const onednn_window &w) {
  const image_shape from = shape_of(source), to = shape_of(destination);
  const bool is_usable = w.kernel_height > 0 && w.kernel_width > 0 && w.stride_height > 0
      && w.stride_width > 0 && std::min({w.pad_top, w.pad_left, w.pad_bottom, w.pad_right}) >= 0
      && std::max(w.pad_top, w.pad_bottom) < w.kernel_height
      && std::max(w.pad_left, w.pad_right) < w.kernel_width
      && int64_t(from.height) + w.pad_top + w.pad_bottom >= w.kernel_height
      && int64_t(from.width) + w.pad_left + w.pad_right >= w.kernel_width;
  require(is_usable, "the pooling window does not fit the image");
  const image_shape pooled = {
      from.batch,
      size_t(positions(from.height, w.pad_top, w.pad_bottom, w.kernel_height, w.stride_height)),
      size_t(positions(from.width, w.pad_left, w.pad_right, w.kernel_width, w.stride_width)),
      from.channels};
  require(to == pooled, "the pooled images have the wrong shape");
  return {from.batch, from.height, from.width, from.channels, to.height, to.width,
          size_t(w.kernel_height), size_t(w.kernel_width),
          size_t(w.stride_height), size_t(w.stride_width), size_t(w.pad_top), size_t(w.pad_left)};
}

/// Whether the kernels of CKernels are used. With AVX-512, oneDNN is faster for maxima of other
/// windows than 2×2 and for means of few channels.
bool has_kernel(onednn_pool_kind kind, const pooling_shape &s) {
  const bool is_global = s.pooled_height * s.pooled_width == 1;
  if (kind == onednn_pool_average) return is_global || s.channels >= 64;
  if (!pooling_has_positions(&s)) return false;
  const bool has_avx512 = std::strstr(onednn_instruction_set(), "avx512") != nullptr;
  const bool is_2x2 = s.window_height == 2 && s.window_width == 2 && s.stride_height == 2 &&
      s.stride_width == 2 && s.pad_top == 0 && s.pad_left == 0;
  return is_2x2 || !has_avx512;
}

std::string kernel_name() { return std::string("pooling:") + kernel_instruction_set(); }

/// Some images of a pooling.
pooling_shape part_of(pooling_shape shape, kernel_range images) {
  shape.batch = images.end - images.first;
  return shape;
}

/// The values of an image before and after pooling.
size_t values(const pooling_shape &s) { return s.height * s.width * s.channels; }
size_t pooled_values(const pooling_shape &s) {
  return s.pooled_height * s.pooled_width * s.channels;
}

/// In how many parts the images are divided, each with at least 1 MiB before pooling.
size_t parts_of_pooling(const pooling_shape &shape) {
  return parts_of(shape.batch, shape.batch * values(shape), 1 << 18);
}

/// Whether the positions of all images are those of the parts one after another.
bool are_parts(
    const dnnl::memory::desc &part, const dnnl::memory::desc &whole, size_t parts) {
  return part.get_size() * parts == whole.get_size();
}

onednn_operation *kernel_forward(
    onednn_pool_kind kind, onednn_buffer *source, onednn_buffer *destination,
    const pooling_shape &shape, onednn_buffer **workspace) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({source, destination});
  onednn_buffer *positions = nullptr;
  if (kind == onednn_pool_max && workspace != nullptr)
    *workspace = positions = make_positions(destination);
  operation->keep({positions});
  const late_data from(source), to(destination), places(positions);
  const auto pool = [=](kernel_range images, onednn_operation::working_memory) {
    const auto part = part_of(shape, images);
    const size_t first = images.first * pooled_values(shape);
    const float *pixels = from.floats() + images.first * values(shape);
    if (kind == onednn_pool_average)
      return pooling_average(to.floats() + first, pixels, &part);
    auto *its_places = static_cast<uint8_t *>(places.bytes());
    pooling_maximum(
        to.floats() + first, its_places == nullptr ? nullptr : its_places + first, pixels, &part);
  };
  operation->add_call(kernel_name(), 0, 0, {{shape.batch, pool}});
  return operation.release();
}

onednn_operation *kernel_backward(
    onednn_pool_kind kind, onednn_buffer *destination_gradient, onednn_buffer *source_gradient,
    const pooling_shape &shape, onednn_buffer *workspace) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({destination_gradient, source_gradient, workspace});
  const late_data from(destination_gradient), to(source_gradient), places(workspace);
  const auto spread = [=](kernel_range images, onednn_operation::working_memory) {
    const auto part = part_of(shape, images);
    const size_t first = images.first * pooled_values(shape);
    float *pixels = to.floats() + images.first * values(shape);
    if (kind == onednn_pool_average) {
      pooling_average_gradient(pixels, from.floats() + first, &part);
    } else {
      pooling_maximum_gradient(
          pixels, from.floats() + first, static_cast<uint8_t *>(places.bytes()) + first, &part);
    }
  };
  operation->add_call(kernel_name(), 0, 0, {{shape.batch, spread}});
  return operation.release();
}

}  // namespace

extern "C" {

onednn_operation *onednn_pool_forward(
    onednn_pool_kind kind, onednn_buffer *source, onednn_buffer *destination, onednn_window window,
    onednn_buffer **workspace) {
  return guarded([&] {
    const auto shape = shape_of_windows(source, destination, window);
    if (has_kernel(kind, shape))
      return kernel_forward(kind, source, destination, shape, workspace);
    const auto description = forward_description(
        kind, source->layout(), destination->layout(), window, workspace != nullptr);
    const size_t parts = parts_of_pooling(shape);
    const auto from = part_of(source->layout(), parts), to = part_of(destination->layout(), parts);
    const auto part =
        parts > 1 ? forward_description(kind, from, to, window, workspace != nullptr) : description;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination});
    dnnl::memory positions;
    if (workspace != nullptr && kind == onednn_pool_max) {
      *workspace = make_buffer(description.workspace_desc());
      operation->keep({*workspace});
      positions = (*workspace)->memory;
    }
    if (parts > 1
        && (!positions || are_parts(part.workspace_desc(), description.workspace_desc(), parts))) {
      std::vector<divided_argument> arguments = {
          divided_images(DNNL_ARG_SRC, source->memory, from),
          divided_images(DNNL_ARG_DST, destination->memory, to)};
      if (positions)
        arguments.push_back(
            divided_images(DNNL_ARG_WORKSPACE, positions, part.workspace_desc()));
      add_divided(
          *operation, dnnl::pooling_forward(part), part.impl_info_str(), part.scratchpad_desc(),
          parts, std::move(arguments));
      return operation.release();
    }
    operation->add(
        dnnl::pooling_forward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, source->memory},
         {DNNL_ARG_WORKSPACE, positions},
         {DNNL_ARG_DST, destination->memory}});
    return operation.release();
  });
}

onednn_operation *onednn_pool_backward(
    onednn_pool_kind kind, onednn_buffer *destination_gradient, onednn_buffer *source_gradient,
    onednn_window w, onednn_buffer *workspace) {
  return guarded([&] {
    const auto shape = shape_of_windows(source_gradient, destination_gradient, w);
    if (has_kernel(kind, shape))
      return kernel_backward(kind, destination_gradient, source_gradient, shape, workspace);
    const auto describe = [&](size_t parts) {
      return forward_description(
          kind, part_of(source_gradient->layout(), parts),
          part_of(destination_gradient->layout(), parts), w, true);
    };
    size_t parts = parts_of_pooling(shape);
    auto hint = describe(parts);
    if (workspace != nullptr && !are_parts(hint.workspace_desc(), workspace->layout(), parts)) {
      parts = 1;
      hint = describe(parts);
    }
    const auto from = part_of(source_gradient->layout(), parts);
    const auto to = part_of(destination_gradient->layout(), parts);
    const dnnl::memory::dims strides{w.stride_height, w.stride_width};
    const dnnl::memory::dims kernel{w.kernel_height, w.kernel_width};
    const dnnl::memory::dims before{w.pad_top, w.pad_left}, after{w.pad_bottom, w.pad_right};
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::memory::dims dilation{0, 0};
    dnnl::pooling_backward::primitive_desc description(
        engine(), algorithm(kind), from, to, strides, kernel, dilation, before, after, hint,
        attributes());
#else
    dnnl::pooling_backward::primitive_desc description(
        {algorithm(kind), from, to, strides, kernel, before, after}, attributes(), engine(),
        hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({destination_gradient, source_gradient, workspace});
    if (parts > 1) {
      std::vector<divided_argument> arguments = {
          divided_images(DNNL_ARG_DIFF_DST, destination_gradient->memory, to),
          divided_images(DNNL_ARG_DIFF_SRC, source_gradient->memory, from)};
      if (workspace != nullptr)
        arguments.push_back(
            divided_images(DNNL_ARG_WORKSPACE, workspace->memory, hint.workspace_desc()));
      add_divided(
          *operation, dnnl::pooling_backward(description), description.impl_info_str(),
          description.scratchpad_desc(), parts, std::move(arguments));
      return operation.release();
    }
    operation->add(
        dnnl::pooling_backward(description), description.scratchpad_desc(),
        {{DNNL_ARG_DIFF_DST, destination_gradient->memory},
         {DNNL_ARG_WORKSPACE, workspace ? workspace->memory : dnnl::memory()},
         {DNNL_ARG_DIFF_SRC, source_gradient->memory}});
    return operation.release();
  });
}

}  // extern "C"

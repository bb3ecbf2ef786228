#include <algorithm>

#include "internal.hpp"

namespace shim {

namespace {

constexpr auto direct = dnnl::algorithm::convolution_direct;

struct geometry {
  // oneDNN counts the gaps of a dilation instead of the step: 0 is a dense kernel.
  dnnl::memory::dims strides, gaps, before, after;
  explicit geometry(const onednn_window &w)
      : strides{w.stride_height, w.stride_width},
        gaps{w.dilation_height - 1, w.dilation_width - 1},
        before{w.pad_top, w.pad_left},
        after{w.pad_bottom, w.pad_right} {}
};

/// The least work of a part of a convolution, in multiply-adds: it takes some tenths of a
/// millisecond, so that calling a primitive more often does not matter.
constexpr size_t least_multiply_adds = 1 << 25;

/// The least number of pixels in a part of a weight gradient. With fewer, adding up the gradients
/// of the parts would take more than some hundredths of the time.
constexpr size_t least_pixels = 3072;

/// The extents that decide how a convolution is divided; height and width are those of its results.
struct extents {
  size_t batch, in, out, height, width;
};

extents extents_of(const dnnl::memory::desc &source, const dnnl::memory::desc &destination) {
  const auto in = dims_of(source), out = dims_of(destination);
  return {size_t(out[0]), size_t(in[1]), size_t(out[1]), size_t(out[2]), size_t(out[3])};
}

/// In how many parts the images of a convolution are divided.
size_t parts_of_convolution(const extents &e, const onednn_window &w) {
  const size_t results = e.batch * e.out * e.height * e.width;
  const size_t products = e.in / size_t(w.groups) * size_t(w.kernel_height * w.kernel_width);
  return parts_of(e.batch, results * products, least_multiply_adds);
}

/// In how many parts the images of a weight gradient are divided, if one part has the same code as
/// the whole.
size_t parts_of_weight_gradient(const extents &e, const onednn_window &w) {
  return std::min(
      parts_of_convolution(e, w), parts_of(e.batch, e.batch * e.height * e.width, least_pixels));
}

/// The most numbers in a kernel whose layout oneDNN chooses: it may fill up the channels of each
/// group to whole blocks.
size_t most_weights(const extents &e, const onednn_window &w) {
  const auto whole_blocks = [](size_t count) { return (count + 15) / 16 * 16; };
  const auto groups = size_t(w.groups), in = e.in / groups, out = e.out / groups;
  const auto area = size_t(w.kernel_height * w.kernel_width);
  return groups * whole_blocks(in) * whole_blocks(out) * area;
}

/// Whether two descriptions have the same implementation.
template <typename Description>
bool are_alike(const Description &one, const Description &other) {
  return std::string(one.impl_info_str()) == other.impl_info_str();
}

/// Whether a weight gradient writes beyond the end of its scratchpad, which corrupts the heap.
/// oneDNN (2.6 to 3.7) first copies the pixels that a strided 1×1 window reads. Its code for AVX2
/// reserves memory for the channels of each pixel, but spaces blocks of pixels as if every pixel
/// had eight channels.
bool overruns_scratchpad(
    const dnnl::convolution_backward_weights::primitive_desc &description,
    const dnnl::memory::desc &source, const onednn_window &window) {
  return std::string(description.impl_info_str()).rfind("jit_1x1:avx2", 0) == 0
      && (window.stride_height != 1 || window.stride_width != 1) && dims_of(source)[1] < 8;
}

}  // namespace

size_t divided_sums_bytes(const image_shape &source, size_t channels, const onednn_window &w) {
  const auto results = [](size_t side, int64_t pads, int64_t kernel, int64_t step, int64_t stride) {
    return size_t((int64_t(side) + pads - (kernel - 1) * step - 1) / stride + 1);
  };
  const extents e = {
      source.batch, source.channels, channels,
      results(
          source.height, w.pad_top + w.pad_bottom, w.kernel_height, w.dilation_height,
          w.stride_height),
      results(
          source.width, w.pad_left + w.pad_right, w.kernel_width, w.dilation_width,
          w.stride_width)};
  const size_t weights = whole_lines(sizeof(float) * most_weights(e, w));
  return (parts_of_weight_gradient(e, w) - 1) * (weights + whole_lines(sizeof(float) * channels));
}

dnnl::memory::desc convolution_kernel(
    const dnnl::memory::desc &source, const dnnl::memory::desc &destination,
    onednn_window window) {
  const auto in = dims_of(source)[1], out = dims_of(destination)[1], groups = window.groups;
  if (groups == 1)
    return {{out, in, window.kernel_height, window.kernel_width}, type::f32, tag::any};
  return {
      {groups, out / groups, in / groups, window.kernel_height, window.kernel_width}, type::f32,
      tag::any};
}

std::pair<dnnl::memory::desc, dnnl::memory::desc> convolution_layouts(
    onednn_buffer *source, onednn_buffer *destination, onednn_window window) {
  const auto from = source->layout(), to = destination->layout();
  const auto blocked_from = preferred(from), blocked_to = preferred(to);
  // Both or neither, and not for kernels of one pixel, for which other code is faster.
  const bool is_blocked = blocked_from != from && blocked_to != to && window.groups == 1
      && window.kernel_height * window.kernel_width > 1;
  return is_blocked ? std::pair(blocked_from, blocked_to) : std::pair(from, to);
}

dnnl::convolution_forward::primitive_desc convolution_description(
    const dnnl::memory::desc &source, const dnnl::memory::desc &kernel,
    const dnnl::memory::desc &bias, const dnnl::memory::desc &destination, onednn_window window,
    bool training, const onednn_activation &activation) {
  const geometry g(window);
  const auto kind =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind,      direct, source,   kernel,  bias,
          destination, g.strides, g.gaps, g.before, g.after, attributes(activation)};
#else
  return {{kind, direct, source, kernel, bias, destination, g.strides, g.gaps, g.before, g.after},
          attributes(activation), engine()};
#endif
}

}  // namespace shim

using namespace shim;

extern "C" {

onednn_operation *onednn_convolution_forward(
    onednn_buffer *source, onednn_buffer *kernel, onednn_buffer *bias, onednn_buffer *destination,
    onednn_window window, int training, int kernel_changes, onednn_activation activation,
    int pools) {
  return guarded([&] {
    if (has_convolution_kernel(source, destination, window))
      return kernel_convolution_forward(
          source, kernel, bias, destination,
          {training != 0, kernel_changes != 0, activation, pools != 0});
    require(!pools, "this convolution cannot be followed by pooling");
    const auto layouts = convolution_layouts(source, destination, window);
    const auto from = layouts.first, to = layouts.second;
    const auto describe = [&](const dnnl::memory::desc &from, const dnnl::memory::desc &to) {
      return convolution_description(
          from, kernel->layout(), layout_or_none(bias), to, window, training != 0, activation);
    };
    const size_t parts = parts_of_convolution(extents_of(from, to), window);
    const auto from_part = part_of(from, parts), to_part = part_of(to, parts);
    const auto description = describe(from, to);
    const auto part = parts > 1 ? describe(from_part, to_part) : description;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, kernel, bias, destination});
    if (parts > 1 && are_alike(part, description)) {
      std::vector<divided_argument> arguments = {
          divided_images(DNNL_ARG_SRC, share(source, from), from_part),
          undivided(DNNL_ARG_WEIGHTS, kernel->memory),
          divided_images(DNNL_ARG_DST, share(destination, to), to_part)};
      if (bias != nullptr) arguments.push_back(undivided(DNNL_ARG_BIAS, bias->memory));
      add_divided(
          *operation, dnnl::convolution_forward(part), part.impl_info_str(),
          part.scratchpad_desc(), parts, std::move(arguments));
      return operation.release();
    }
    operation->add(
        dnnl::convolution_forward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, share(source, from)},
         {DNNL_ARG_WEIGHTS, kernel->memory},
         {DNNL_ARG_BIAS, bias ? bias->memory : dnnl::memory()},
         {DNNL_ARG_DST, share(destination, to)}});
    return operation.release();
  });
}

onednn_operation *onednn_convolution_backward_data(
    onednn_buffer *destination_gradient, onednn_buffer *kernel, onednn_buffer *source_gradient,
    onednn_window window, int kernel_changes) {
  return guarded([&] {
    if (has_convolution_kernel(source_gradient, destination_gradient, window))
      return kernel_convolution_backward_data(
          destination_gradient, kernel, source_gradient, kernel_changes != 0);
    const geometry g(window);
    const auto from = source_gradient->layout(), to = destination_gradient->layout();
    const auto any = convolution_kernel(from, to, window);
    const auto describe = [&](const dnnl::memory::desc &from, const dnnl::memory::desc &to) {
      const auto hint = convolution_description(
          from, any, dnnl::memory::desc(), to, window, true, no_activation);
#if DNNL_VERSION_MAJOR >= 3
      return dnnl::convolution_backward_data::primitive_desc(
          engine(), direct, from, any, to, g.strides, g.gaps, g.before, g.after, hint,
          attributes());
#else
      return dnnl::convolution_backward_data::primitive_desc(
          {direct, from, any, to, g.strides, g.gaps, g.before, g.after}, attributes(), engine(),
          hint);
#endif
    };
    const auto description = describe(from, to);
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({destination_gradient, kernel, source_gradient});
    const auto weights =
        operation->kernel_in(description.weights_desc(), kernel, kernel_changes != 0);
    const size_t parts = parts_of_convolution(extents_of(from, to), window);
    const auto from_part = part_of(from, parts), to_part = part_of(to, parts);
    const auto part = parts > 1 ? describe(from_part, to_part) : description;
    if (parts > 1 && are_alike(part, description)
        && part.weights_desc() == description.weights_desc()) {
      add_divided(
          *operation, dnnl::convolution_backward_data(part), part.impl_info_str(),
          part.scratchpad_desc(), parts,
          {divided_images(DNNL_ARG_DIFF_DST, destination_gradient->memory, to_part),
           undivided(DNNL_ARG_WEIGHTS, weights),
           divided_images(DNNL_ARG_DIFF_SRC, source_gradient->memory, from_part)});
      return operation.release();
    }
    operation->add(
        dnnl::convolution_backward_data(description), description.scratchpad_desc(),
        {{DNNL_ARG_DIFF_DST, destination_gradient->memory},
         {DNNL_ARG_WEIGHTS, weights},
         {DNNL_ARG_DIFF_SRC, source_gradient->memory}});
    return operation.release();
  });
}

onednn_operation *onednn_convolution_backward_weights(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *kernel_gradient,
    onednn_buffer *bias_gradient, onednn_window window) {
  return guarded([&] {
    if (has_convolution_kernel(source, destination_gradient, window))
      return kernel_convolution_backward_weights(
          source, destination_gradient, kernel_gradient, bias_gradient);
    const geometry g(window);
    const auto from = source->layout(), to = destination_gradient->layout();
    const auto any = convolution_kernel(from, to, window);
    const auto bias = layout_or_none(bias_gradient);
    const auto describe = [&](const dnnl::memory::desc &from, const dnnl::memory::desc &to) {
      const auto hint =
          convolution_description(from, any, bias, to, window, true, no_activation);
#if DNNL_VERSION_MAJOR >= 3
      dnnl::convolution_backward_weights::primitive_desc description(
          engine(), direct, from, any, bias, to, g.strides, g.gaps, g.before, g.after, hint,
          attributes());
#else
      // A variable, since the search for the next implementation uses it.
      const dnnl::convolution_backward_weights::desc wanted(
          direct, from, any, bias, to, g.strides, g.gaps, g.before, g.after);
      dnnl::convolution_backward_weights::primitive_desc description(
          wanted, attributes(), engine(), hint);
#endif
      while (overruns_scratchpad(description, from, window)) {
        if (!description.next_impl())
          throw std::runtime_error("no safe implementation of a weight gradient");
      }
      return description;
    };
    const auto description = describe(from, to);
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination_gradient, kernel_gradient, bias_gradient});
    const bool same = description.diff_weights_desc() == kernel_gradient->layout();
    auto weights =
        same ? kernel_gradient->memory : operation->own(description.diff_weights_desc());
    const size_t parts = parts_of_weight_gradient(extents_of(from, to), window);
    const auto from_part = part_of(from, parts), to_part = part_of(to, parts);
    const auto part = parts > 1 ? describe(from_part, to_part) : description;
    if (parts > 1 && are_alike(part, description)
        && part.diff_weights_desc() == description.diff_weights_desc()) {
      std::vector<divided_argument> arguments = {
          divided_images(DNNL_ARG_SRC, source->memory, from_part),
          divided_images(DNNL_ARG_DIFF_DST, destination_gradient->memory, to_part),
          divided_sum(DNNL_ARG_DIFF_WEIGHTS, weights)};
      if (bias_gradient != nullptr)
        arguments.push_back(divided_sum(DNNL_ARG_DIFF_BIAS, bias_gradient->memory));
      add_divided(
          *operation, dnnl::convolution_backward_weights(part), part.impl_info_str(),
          part.scratchpad_desc(), parts, std::move(arguments));
    } else {
      operation->add(
          dnnl::convolution_backward_weights(description), description.scratchpad_desc(),
          {{DNNL_ARG_SRC, source->memory},
           {DNNL_ARG_DIFF_DST, destination_gradient->memory},
           {DNNL_ARG_DIFF_WEIGHTS, weights},
           {DNNL_ARG_DIFF_BIAS, bias_gradient ? bias_gradient->memory : dnnl::memory()}});
    }
    if (!same) operation->add_reorder(weights, kernel_gradient->memory);
    return operation.release();
  });
}

}  // extern "C"

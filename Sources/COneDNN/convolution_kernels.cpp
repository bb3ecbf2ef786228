#include "convolution_kernels.h"

#include <algorithm>

#include "internal.hpp"

namespace shim {

namespace {

/// Whether a prepared kernel that does not change is kept. Larger ones are prepared in every run:
/// they belong to convolutions that take much longer.
bool is_kept(size_t prepared_bytes) { return prepared_bytes <= 16 << 20; }

conv3_shape shape_between(onednn_buffer *source, onednn_buffer *destination, bool pools = false) {
  const image_shape from = shape_of(source), to = shape_of(destination);
  const size_t part = pools ? 2 : 1;
  const image_shape expected = {from.batch, from.height / part, from.width / part, to.channels};
  require(to == expected, "the result of the convolution has the wrong shape");
  return {from.batch, from.height, from.width, from.channels, to.channels};
}

void require_sizes(const conv3_shape &shape, onednn_buffer *kernel, onednn_buffer *bias) {
  require_count(kernel, 9 * shape.inputs * shape.outputs);
  require_count(bias, shape.outputs);
}

/// Whether every thread prepares a kernel for itself. A small one is prepared in less time than it
/// takes to get it from the cache of another core.
bool is_private(size_t prepared_bytes) { return prepared_bytes <= 1 << 20; }

/// The working memory of a pass: what all threads share, and what each has alone.
struct pass_memory {
  size_t shared, own;
};

/// The working memory of a pass that prepares its kernel itself.
pass_memory memory_of(const conv3_shape &shape, conv3_pass pass) {
  const size_t scratch = whole_lines(conv3_scratch_bytes(shape, pass));
  if (pass == conv3_pass_backward_weights)
    return {whole_lines(conv3_gradient_sums_bytes(shape)), scratch};
  const size_t prepared = conv3_prepared_bytes(shape, pass);
  if (is_private(prepared)) return {0, whole_lines(prepared) + scratch};
  return {whole_lines(prepared), scratch};
}

/// The number of values of one image.
size_t values_of_image(const onednn_buffer *buffer) {
  const image_shape shape = shape_of(buffer);
  return shape.height * shape.width * shape.channels;
}

/// Whether a convolution is done by the kernels of CKernels.
bool has_kernel(conv3_shape shape, const onednn_window &w) {
  const auto is = [](int64_t value, std::initializer_list<int64_t> all) {
    for (const int64_t one : all)
      if (one != value) return false;
    return true;
  };
  // The layout of the weights depends on it, which programs for batches of any size share.
  shape.batch = 32;
  return is(3, {w.kernel_height, w.kernel_width})
      && is(1, {w.stride_height, w.stride_width, w.pad_top, w.pad_left, w.pad_bottom, w.pad_right,
                w.dilation_height, w.dilation_width, w.groups})
      && conv3_is_fast(shape, conv3_pass_forward) && conv3_is_fast(shape, conv3_pass_backward_data)
      && conv3_is_fast(shape, conv3_pass_backward_weights);
}

/// Some images of a convolution.
conv3_shape part_of(conv3_shape shape, kernel_range images) {
  shape.batch = images.end - images.first;
  return shape;
}

using working_memory = onednn_operation::working_memory;

/// Adds a call of `function(images, prepared kernel, memory of the thread)`, which may be called
/// for any images at the same time. The kernel is prepared now if it does not change and is small
/// enough for a copy that is kept, otherwise in every run.
template <typename Function>
void with_prepared(
    onednn_operation &operation, const conv3_shape &shape, conv3_pass pass, onednn_buffer *kernel,
    bool changes, Function function) {
  const size_t bytes = conv3_prepared_bytes(shape, pass);
  const size_t thread_bytes = conv3_scratch_bytes(shape, pass);
  const char *name = conv3_kernel_name(shape, pass);
  const size_t parts = conv3_prepare_parts(shape, pass);
  if (!changes && is_kept(bytes)) {
    void *prepared = operation.own(bytes);
    conv3_prepare(
        shape, pass, {0, parts}, prepared, static_cast<const float *>(kernel->data()));
    const auto call = [=](kernel_range images, working_memory memory) {
      function(images, prepared, memory.own);
    };
    operation.add_call(name, 0, thread_bytes, {{shape.batch, call}});
    return;
  }
  operation.keep({kernel});
  const late_data weights(kernel);
  if (is_private(bytes)) {
    const size_t prepared_bytes = whole_lines(bytes);
    const auto call = [=](kernel_range images, working_memory memory) {
      auto *prepared = static_cast<char *>(memory.own);
      conv3_prepare(shape, pass, {0, parts}, prepared, weights.floats());
      function(images, prepared, prepared + prepared_bytes);
    };
    operation.add_call(name, 0, prepared_bytes + thread_bytes, {{shape.batch, call}});
    return;
  }
  const auto prepare = [=](kernel_range range, working_memory memory) {
    conv3_prepare(shape, pass, range, memory.shared, weights.floats());
  };
  const auto call = [=](kernel_range images, working_memory memory) {
    function(images, memory.shared, memory.own);
  };
  operation.add_call(name, bytes, thread_bytes, {{parts, prepare}, {shape.batch, call}});
}

}  // namespace

bool has_convolution_kernel(
    onednn_buffer *source, onednn_buffer *destination, const onednn_window &window) {
  const image_shape from = shape_of(source), to = shape_of(destination);
  return has_kernel(
      {from.batch, from.height, from.width, from.channels, to.channels}, window);
}

onednn_operation *kernel_convolution_forward(
    onednn_buffer *source, onednn_buffer *kernel, onednn_buffer *bias, onednn_buffer *destination,
    const convolution_options &options) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({source, bias, destination});
  const auto shape = shape_between(source, destination, options.pools);
  require_sizes(shape, kernel, bias);
  const onednn_activation &activation = options.activation;
  const bool is_relu = activation.function == onednn_relu && activation.alpha == 0;
  require(
      !options.pools || (is_relu && !options.training && conv3_can_pool(shape)),
      "this convolution cannot be followed by pooling");
  const auto follower = options.pools ? conv3_follower_relu_pool
      : is_relu                       ? conv3_follower_relu
                                      : conv3_follower_none;
  const late_data from(source), shift(bias), to(destination);
  const size_t image = values_of_image(source), result = values_of_image(destination);
  with_prepared(
      *operation, shape, conv3_pass_forward, kernel, options.kernel_changes,
      [=](kernel_range images, const void *prepared, void *memory) {
        conv3_forward(
            part_of(shape, images), to.floats() + images.first * result,
            from.floats() + images.first * image, prepared, shift.floats(), follower, memory);
      });
  if (activation.function != onednn_no_function && !is_relu)
    add_elementwise(*operation, destination, destination, activation);
  return operation.release();
}

onednn_operation *kernel_convolution_backward_data(
    onednn_buffer *destination_gradient, onednn_buffer *kernel, onednn_buffer *source_gradient,
    bool kernel_changes) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({destination_gradient, source_gradient});
  const auto shape = shape_between(source_gradient, destination_gradient);
  require_sizes(shape, kernel, nullptr);
  const late_data gradient(destination_gradient), to(source_gradient);
  const size_t image = values_of_image(source_gradient);
  const size_t result = values_of_image(destination_gradient);
  with_prepared(
      *operation, shape, conv3_pass_backward_data, kernel, kernel_changes,
      [=](kernel_range images, const void *prepared, void *memory) {
        conv3_backward_data(
            part_of(shape, images), to.floats() + images.first * image,
            gradient.floats() + images.first * result, prepared, memory);
      });
  return operation.release();
}

onednn_operation *kernel_convolution_backward_weights(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *kernel_gradient,
    onednn_buffer *bias_gradient) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({source, destination_gradient, kernel_gradient, bias_gradient});
  const auto shape = shape_between(source, destination_gradient);
  require_sizes(shape, kernel_gradient, bias_gradient);
  const late_data from(source), gradient(destination_gradient), to(kernel_gradient);
  const late_data to_bias(bias_gradient);
  const auto pass = conv3_pass_backward_weights;
  std::vector<onednn_operation::stage> stages = {
      {conv3_gradient_parts(shape),
       [=](kernel_range parts, working_memory memory) {
         conv3_add_gradient(
             shape, parts, memory.shared, gradient.floats(), from.floats(), memory.own);
       }},
      {shape.inputs, [=](kernel_range inputs, working_memory memory) {
         conv3_store_gradient(shape, inputs, to.floats(), memory.shared);
       }}};
  if (bias_gradient != nullptr) {
    const size_t parts = (shape.outputs + conv3_bias_part - 1) / conv3_bias_part;
    stages.push_back({parts, [=](kernel_range parts, working_memory) {
      conv3_bias_gradient(shape, parts, to_bias.floats(), gradient.floats());
    }});
  }
  operation->add_call(
      conv3_kernel_name(shape, pass), conv3_gradient_sums_bytes(shape),
      conv3_scratch_bytes(shape, pass), std::move(stages));
  return operation.release();
}

}  // namespace shim

using namespace shim;

size_t onednn_convolution_working_bytes(
    int64_t batch, int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window,
    size_t threads) {
  const conv3_shape shape = {size_t(batch), size_t(height), size_t(width), size_t(in), size_t(out)};
  if (!has_kernel(shape, window))
    return threads
        * divided_sums_bytes(
               {shape.batch, shape.height, shape.width, shape.inputs}, shape.outputs, window);
  size_t alone = 0;
  pass_memory most = {0, 0};
  for (const auto pass :
       {conv3_pass_forward, conv3_pass_backward_data, conv3_pass_backward_weights}) {
    const auto memory = memory_of(shape, pass);
    alone = std::max(alone, memory.shared + memory.own);
    most = {std::max(most.shared, memory.shared), std::max(most.own, memory.own)};
  }
  // What threads share has a place of its own as soon as one helps, in any of several runs.
  return alone + (threads - 1) * (most.shared + most.own);
}

size_t onednn_convolution_kept_bytes(
    int64_t batch, int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window,
    int backward) {
  const conv3_shape shape = {size_t(batch), size_t(height), size_t(width), size_t(in), size_t(out)};
  if (!has_kernel(shape, window)) return 0;
  const size_t bytes = conv3_prepared_bytes(
      shape, backward != 0 ? conv3_pass_backward_data : conv3_pass_forward);
  return is_kept(bytes) ? bytes : 0;
}

int onednn_convolution_can_pool(
    int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window) {
  const conv3_shape shape = {1, size_t(height), size_t(width), size_t(in), size_t(out)};
  return has_kernel(shape, window) && conv3_can_pool(shape);
}

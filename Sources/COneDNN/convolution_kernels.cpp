#include "convolution_kernels.h"

#include <algorithm>

#include "internal.hpp"

namespace shim {

namespace {

conv3_shape shape_between(onednn_buffer *source, onednn_buffer *destination) {
  const image_shape from = shape_of(source), to = shape_of(destination);
  const image_shape expected = {from.batch, from.height, from.width, to.channels};
  require(to == expected, "the result of the convolution has the wrong shape");
  return {from.batch, from.height, from.width, from.channels, to.channels};
}

void require_sizes(const conv3_shape &shape, onednn_buffer *kernel, onednn_buffer *bias) {
  require_count(kernel, 9 * shape.inputs * shape.outputs);
  require_count(bias, shape.outputs);
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

}  // namespace

bool has_convolution_kernel(
    onednn_buffer *source, onednn_buffer *destination, const onednn_window &window) {
  const image_shape from = shape_of(source), to = shape_of(destination);
  return has_kernel(
      {from.batch, from.height, from.width, from.channels, to.channels}, window);
}

onednn_operation *kernel_convolution_forward(
    onednn_buffer *source, onednn_buffer *kernel, onednn_buffer *bias, onednn_buffer *destination,
    const onednn_activation &activation) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({source, kernel, bias, destination});
  const auto shape = shape_between(source, destination);
  require_sizes(shape, kernel, bias);
  const late_data from(source), weights(kernel), shift(bias), to(destination);
  const bool is_relu = activation.function == onednn_relu && activation.alpha == 0;
  operation->add_call(conv3_scratch_bytes(shape, conv3_pass_forward), [=](void *scratchpad) {
    conv3_forward(
        shape, to.floats(), from.floats(), weights.floats(), shift.floats(), is_relu, scratchpad);
  });
  if (activation.function != onednn_no_function && !is_relu)
    add_elementwise(*operation, destination, destination, activation);
  return operation.release();
}

onednn_operation *kernel_convolution_backward_data(
    onednn_buffer *destination_gradient, onednn_buffer *kernel, onednn_buffer *source_gradient) {
  auto operation = std::make_unique<onednn_operation>();
  operation->keep({destination_gradient, kernel, source_gradient});
  const auto shape = shape_between(source_gradient, destination_gradient);
  require_sizes(shape, kernel, nullptr);
  const late_data gradient(destination_gradient), weights(kernel), to(source_gradient);
  operation->add_call(conv3_scratch_bytes(shape, conv3_pass_backward_data), [=](void *scratchpad) {
    conv3_backward_data(shape, to.floats(), gradient.floats(), weights.floats(), scratchpad);
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
  operation->add_call(
      conv3_scratch_bytes(shape, conv3_pass_backward_weights), [=](void *scratchpad) {
        conv3_backward_weights(
            shape, to.floats(), to_bias.floats(), gradient.floats(), from.floats(), scratchpad);
      });
  return operation.release();
}

}  // namespace shim

using namespace shim;

size_t onednn_convolution_working_bytes(
    int64_t batch, int64_t height, int64_t width, int64_t in, int64_t out, onednn_window window) {
  const conv3_shape shape = {size_t(batch), size_t(height), size_t(width), size_t(in), size_t(out)};
  if (!has_kernel(shape, window)) return 0;
  size_t most = 0;
  for (const auto pass :
       {conv3_pass_forward, conv3_pass_backward_data, conv3_pass_backward_weights})
    most = std::max(most, conv3_scratch_bytes(shape, pass));
  return most;
}

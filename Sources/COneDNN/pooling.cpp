#include "internal.hpp"

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

}  // namespace

extern "C" {

onednn_operation *onednn_pool_forward(
    onednn_pool_kind kind, onednn_buffer *source, onednn_buffer *destination, onednn_window window,
    onednn_buffer **workspace) {
  return guarded([&] {
    const auto description = forward_description(
        kind, source->layout(), destination->layout(), window, workspace != nullptr);
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination});
    dnnl::memory positions;
    if (workspace != nullptr && kind == onednn_pool_max) {
      *workspace = make_buffer(description.workspace_desc());
      operation->keep({*workspace});
      positions = (*workspace)->memory;
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
    const auto from = source_gradient->layout(), to = destination_gradient->layout();
    const auto hint = forward_description(kind, from, to, w, true);
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
    operation->add(
        dnnl::pooling_backward(description), description.scratchpad_desc(),
        {{DNNL_ARG_DIFF_DST, destination_gradient->memory},
         {DNNL_ARG_WORKSPACE, workspace ? workspace->memory : dnnl::memory()},
         {DNNL_ARG_DIFF_SRC, source_gradient->memory}});
    return operation.release();
  });
}

}  // extern "C"

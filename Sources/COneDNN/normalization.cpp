#include "internal.hpp"

using namespace shim;

namespace {

using flag = dnnl::normalization_flags;

flag flags(bool batch_statistics, bool relu) {
  auto result = flag::use_scale | flag::use_shift;
  if (!batch_statistics) result |= flag::use_global_stats;
  if (relu) result |= flag::fuse_norm_relu;
  return result;
}

dnnl::batch_normalization_forward::primitive_desc forward_description(
    const dnnl::memory::desc &data, float epsilon, bool training, bool batch_statistics,
    bool relu) {
  const auto kind =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind, data, data, epsilon, flags(batch_statistics, relu), attributes()};
#else
  return {{kind, data, epsilon, flags(batch_statistics, relu)}, attributes(), engine()};
#endif
}

}  // namespace

extern "C" {

onednn_operation *onednn_batch_norm_forward(
    onednn_buffer *source, onednn_buffer *gamma, onednn_buffer *beta, onednn_buffer *mean,
    onednn_buffer *variance, onednn_buffer *destination, float epsilon, int training,
    int batch_statistics, onednn_buffer **relu_mask) {
  return guarded([&] {
    const auto data = preferred(source->layout());
    const auto description = forward_description(
        data, epsilon, training != 0, batch_statistics != 0, relu_mask != nullptr);
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, gamma, beta, mean, variance, destination});
    dnnl::memory workspace;
    if (relu_mask != nullptr && training != 0) {
      *relu_mask = make_buffer(description.workspace_desc());
      operation->keep({*relu_mask});
      workspace = (*relu_mask)->memory;
    }
    operation->add(
        dnnl::batch_normalization_forward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, share(source, data)},
         {DNNL_ARG_SCALE, gamma->memory},
         {DNNL_ARG_SHIFT, beta->memory},
         {DNNL_ARG_MEAN, mean->memory},
         {DNNL_ARG_VARIANCE, variance->memory},
         {DNNL_ARG_WORKSPACE, workspace},
         {DNNL_ARG_DST, share(destination, data)}});
    return operation.release();
  });
}

onednn_operation *onednn_batch_norm_backward(
    onednn_buffer *source, onednn_buffer *gamma, onednn_buffer *beta, onednn_buffer *mean,
    onednn_buffer *variance, onednn_buffer *destination_gradient, onednn_buffer *source_gradient,
    onednn_buffer *gamma_gradient, onednn_buffer *beta_gradient, float epsilon,
    int batch_statistics, onednn_buffer *relu_mask) {
  return guarded([&] {
    const auto data = preferred(source->layout());
    const bool relu = relu_mask != nullptr, batch = batch_statistics != 0;
    const auto hint = forward_description(data, epsilon, true, batch, relu);
    // Not backward_data, even if the parameters' gradients are not needed: with a scale, oneDNN 2.6
    // cannot create it and 3.2 cannot run it. The gradients go to buffers that are never read.
    const auto kind = dnnl::prop_kind::backward;
#if DNNL_VERSION_MAJOR >= 3
    dnnl::batch_normalization_backward::primitive_desc description(
        engine(), kind, data, data, data, epsilon, flags(batch, relu), hint, attributes());
#else
    dnnl::batch_normalization_backward::primitive_desc description(
        {kind, data, data, epsilon, flags(batch, relu)}, attributes(), engine(), hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep(
        {source, gamma, beta, mean, variance, destination_gradient, source_gradient,
         gamma_gradient, beta_gradient, relu_mask});
    const auto gradient = [&](onednn_buffer *buffer, onednn_buffer *parameter) {
      return buffer != nullptr ? buffer->memory : operation->own(parameter->layout());
    };
    // The result does not depend on the shift, but oneDNN 2 requires it and oneDNN 3 rejects it.
    const auto shift = DNNL_VERSION_MAJOR >= 3 ? dnnl::memory() : beta->memory;
    operation->add(
        dnnl::batch_normalization_backward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, share(source, data)},
         {DNNL_ARG_SCALE, gamma->memory},
         {DNNL_ARG_SHIFT, shift},
         {DNNL_ARG_MEAN, mean->memory},
         {DNNL_ARG_VARIANCE, variance->memory},
         {DNNL_ARG_WORKSPACE, relu ? relu_mask->memory : dnnl::memory()},
         {DNNL_ARG_DIFF_DST, share(destination_gradient, data)},
         {DNNL_ARG_DIFF_SRC, share(source_gradient, data)},
         {DNNL_ARG_DIFF_SCALE, gradient(gamma_gradient, gamma)},
         {DNNL_ARG_DIFF_SHIFT, gradient(beta_gradient, beta)}});
    return operation.release();
  });
}

}  // extern "C"

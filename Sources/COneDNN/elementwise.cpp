#include "internal.hpp"

using namespace shim;

namespace {

constexpr auto relu_algorithm = dnnl::algorithm::eltwise_relu;

dnnl::eltwise_forward::primitive_desc relu_description(const dnnl::memory::desc &data) {
  const auto kind = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind, relu_algorithm, data, data, 0.0f, 0.0f, attributes(false)};
#else
  return {{kind, relu_algorithm, data, 0.0f, 0.0f}, attributes(false), engine()};
#endif
}

}  // namespace

extern "C" {

onednn_operation *onednn_relu_forward(onednn_buffer *source, onednn_buffer *destination) {
  return guarded([&] {
    const auto description = relu_description(source->layout());
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination});
    operation->add(
        dnnl::eltwise_forward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, source->memory}, {DNNL_ARG_DST, destination->memory}});
    return operation.release();
  });
}

onednn_operation *onednn_relu_backward(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *source_gradient) {
  return guarded([&] {
    const auto data = source->layout();
    const auto hint = relu_description(data);
#if DNNL_VERSION_MAJOR >= 3
    dnnl::eltwise_backward::primitive_desc description(
        engine(), relu_algorithm, data, data, data, 0.0f, 0.0f, hint, attributes(false));
#else
    dnnl::eltwise_backward::primitive_desc description(
        {relu_algorithm, data, data, 0.0f, 0.0f}, attributes(false), engine(), hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination_gradient, source_gradient});
    operation->add(
        dnnl::eltwise_backward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, source->memory},
         {DNNL_ARG_DIFF_DST, destination_gradient->memory},
         {DNNL_ARG_DIFF_SRC, source_gradient->memory}});
    return operation.release();
  });
}

onednn_operation *onednn_add(
    onednn_buffer *left, onednn_buffer *right, onednn_buffer *destination, int relu) {
  return guarded([&] {
    const auto data = destination->layout();
#if DNNL_VERSION_MAJOR >= 3
    dnnl::binary::primitive_desc description(
        engine(), dnnl::algorithm::binary_add, data, data, data, attributes(relu != 0));
#else
    dnnl::binary::primitive_desc description(
        {dnnl::algorithm::binary_add, data, data, data}, attributes(relu != 0), engine());
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({left, right, destination});
    operation->add(
        dnnl::binary(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC_0, left->memory},
         {DNNL_ARG_SRC_1, right->memory},
         {DNNL_ARG_DST, destination->memory}});
    return operation.release();
  });
}

}  // extern "C"

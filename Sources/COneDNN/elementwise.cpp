#include "internal.hpp"

namespace shim {

elementwise::elementwise(const onednn_activation &activation)
    : algorithm(dnnl::algorithm::undef), alpha(activation.alpha), beta(activation.beta) {
  using dnnl::algorithm;
  switch (activation.function) {
    case onednn_relu: this->algorithm = algorithm::eltwise_relu; return;
    case onednn_clip: this->algorithm = algorithm::eltwise_clip; return;
    case onednn_elu: this->algorithm = algorithm::eltwise_elu; return;
    case onednn_logistic: this->algorithm = algorithm::eltwise_logistic; return;
    case onednn_tanh: this->algorithm = algorithm::eltwise_tanh; return;
    case onednn_exponential: this->algorithm = algorithm::eltwise_exp; return;
    case onednn_mish: this->algorithm = algorithm::eltwise_mish; return;
    case onednn_gelu_erf: this->algorithm = algorithm::eltwise_gelu_erf; return;
    case onednn_gelu_tanh: this->algorithm = algorithm::eltwise_gelu_tanh; return;
    case onednn_swish:
      this->algorithm = algorithm::eltwise_swish;
      alpha = 1;
      return;
    case onednn_softplus:
      // `alpha` is the steepness, which version 2 does not read.
      this->algorithm = algorithm::eltwise_soft_relu;
      alpha = 1;
      return;
    case onednn_hard_swish:
      // x clip(x / 6 + 1 / 2, 0, 1): version 2 has these constants, version 3 takes them as
      // arguments.
      this->algorithm = algorithm::eltwise_hardswish;
      alpha = 1.0f / 6;
      beta = 0.5f;
      return;
    case onednn_no_function: break;
  }
  throw std::invalid_argument("unknown function");
}

}  // namespace shim

using namespace shim;

namespace {

dnnl::eltwise_forward::primitive_desc forward_description(
    const dnnl::memory::desc &data, const elementwise &f) {
  const auto kind = dnnl::prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind, f.algorithm, data, data, f.alpha, f.beta, attributes()};
#else
  return {{kind, f.algorithm, data, f.alpha, f.beta}, attributes(), engine()};
#endif
}

/// In how many parts the images of activations are divided, each with at least so many numbers: 1
/// MiB.
size_t parts_of_values(const dnnl::memory::desc &layout) {
  const auto dims = dims_of(layout);
  if (dims.size() != 4 || layout != activations(dims[0], dims[2], dims[3], dims[1])) return 1;
  return parts_of(size_t(dims[0]), layout.get_size() / sizeof(float), 1 << 18);
}

}  // namespace

void shim::add_elementwise(
    onednn_operation &operation, onednn_buffer *source, onednn_buffer *destination,
    const onednn_activation &activation) {
  const auto data = source->layout();
  const size_t parts = parts_of_values(data);
  if (parts > 1) {
    const auto part = part_of(data, parts);
    const auto description = forward_description(part, elementwise(activation));
    add_divided(
        operation, dnnl::eltwise_forward(description), description.impl_info_str(),
        description.scratchpad_desc(), parts,
        {divided_images(DNNL_ARG_SRC, source->memory, part),
         divided_images(DNNL_ARG_DST, destination->memory, part)});
    return;
  }
  const auto description = forward_description(data, elementwise(activation));
  operation.add(
      dnnl::eltwise_forward(description), description.scratchpad_desc(),
      {{DNNL_ARG_SRC, source->memory}, {DNNL_ARG_DST, destination->memory}});
}

extern "C" {

onednn_operation *onednn_elementwise_forward(
    onednn_buffer *source, onednn_buffer *destination, onednn_activation activation) {
  return guarded([&] {
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination});
    add_elementwise(*operation, source, destination, activation);
    return operation.release();
  });
}

onednn_operation *onednn_elementwise_backward(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *source_gradient,
    onednn_activation activation) {
  return guarded([&] {
    const size_t parts = parts_of_values(source->layout());
    const auto data = parts > 1 ? part_of(source->layout(), parts) : source->layout();
    const elementwise f(activation);
    const auto hint = forward_description(data, f);
#if DNNL_VERSION_MAJOR >= 3
    dnnl::eltwise_backward::primitive_desc description(
        engine(), f.algorithm, data, data, data, f.alpha, f.beta, hint, attributes());
#else
    dnnl::eltwise_backward::primitive_desc description(
        {f.algorithm, data, data, f.alpha, f.beta}, attributes(), engine(), hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination_gradient, source_gradient});
    if (parts > 1) {
      add_divided(
          *operation, dnnl::eltwise_backward(description), description.impl_info_str(),
          description.scratchpad_desc(), parts,
          {divided_images(DNNL_ARG_SRC, source->memory, data),
           divided_images(DNNL_ARG_DIFF_DST, destination_gradient->memory, data),
           divided_images(DNNL_ARG_DIFF_SRC, source_gradient->memory, data)});
      return operation.release();
    }
    operation->add(
        dnnl::eltwise_backward(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, source->memory},
         {DNNL_ARG_DIFF_DST, destination_gradient->memory},
         {DNNL_ARG_DIFF_SRC, source_gradient->memory}});
    return operation.release();
  });
}

onednn_operation *onednn_add(
    onednn_buffer *left, onednn_buffer *right, onednn_buffer *destination,
    onednn_activation activation) {
  return guarded([&] {
    const size_t parts = parts_of_values(destination->layout());
    const auto data = parts > 1 ? part_of(destination->layout(), parts) : destination->layout();
#if DNNL_VERSION_MAJOR >= 3
    dnnl::binary::primitive_desc description(
        engine(), dnnl::algorithm::binary_add, data, data, data, attributes(activation));
#else
    dnnl::binary::primitive_desc description(
        {dnnl::algorithm::binary_add, data, data, data}, attributes(activation), engine());
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({left, right, destination});
    if (parts > 1) {
      add_divided(
          *operation, dnnl::binary(description), description.impl_info_str(),
          description.scratchpad_desc(), parts,
          {divided_images(DNNL_ARG_SRC_0, left->memory, data),
           divided_images(DNNL_ARG_SRC_1, right->memory, data),
           divided_images(DNNL_ARG_DST, destination->memory, data)});
      return operation.release();
    }
    operation->add(
        dnnl::binary(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC_0, left->memory},
         {DNNL_ARG_SRC_1, right->memory},
         {DNNL_ARG_DST, destination->memory}});
    return operation.release();
  });
}

}  // extern "C"

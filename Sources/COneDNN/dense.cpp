#include "internal.hpp"

namespace shim {

dnnl::memory::desc dense_kernel(
    const dnnl::memory::desc &source, const dnnl::memory::desc &destination) {
  return {{dims_of(destination)[1], dims_of(source)[1]}, type::f32, tag::any};
}

dnnl::inner_product_forward::primitive_desc dense_description(
    const dnnl::memory::desc &source, const dnnl::memory::desc &kernel,
    const dnnl::memory::desc &bias, const dnnl::memory::desc &destination, bool training,
    const onednn_activation &activation) {
  const auto kind =
      training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference;
#if DNNL_VERSION_MAJOR >= 3
  return {engine(), kind, source, kernel, bias, destination, attributes(activation)};
#else
  return {{kind, source, kernel, bias, destination}, attributes(activation), engine()};
#endif
}

namespace {

// The same memory seen as a matrix [batch, features].
dnnl::memory matrix(onednn_buffer *buffer) {
  return share(buffer, flat(buffer->layout()));
}

// Some rows of a matrix, without memory.
dnnl::memory rows_of(const dnnl::memory &matrix, size_t count) {
  const dnnl::memory::desc rows(
      {int64_t(count), dims_of(matrix.get_desc())[1]}, type::f32, tag::ab);
  return dnnl::memory(rows, engine(), nullptr);
}

// Whether the bits of a row may depend on its position in the batch. If a dense layer uses the
// matrix product of BLAS, as it does without AVX-512, rows at the end of a batch are summed in
// another order.
bool depends_on_position(const dnnl::inner_product_forward::primitive_desc &description) {
  return std::string(description.impl_info_str()).find("gemm") != std::string::npos;
}

}  // namespace
}  // namespace shim

using namespace shim;

extern "C" {

onednn_operation *onednn_dense_forward(
    onednn_buffer *source, onednn_buffer *kernel, onednn_buffer *bias, onednn_buffer *destination,
    size_t rows, int training, onednn_activation activation) {
  return guarded([&] {
    const auto from = matrix(source), to = matrix(destination);
    const auto description = dense_description(
        from.get_desc(), kernel->layout(), layout_or_none(bias), to.get_desc(), training != 0,
        activation);
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, kernel, bias, destination});
    const auto add = [&](
        const auto &primitive, const dnnl::memory &input, const dnnl::memory &output) {
      operation->add(
          dnnl::inner_product_forward(primitive), primitive.scratchpad_desc(),
          {{DNNL_ARG_SRC, input},
           {DNNL_ARG_WEIGHTS, kernel->memory},
           {DNNL_ARG_BIAS, bias ? bias->memory : dnnl::memory()},
           {DNNL_ARG_DST, output}});
    };
    if (training || !depends_on_position(description)) {
      add(description, from, to);
    } else {
      const auto source_rows = rows_of(from, rows), destination_rows = rows_of(to, rows);
      const auto one = dense_description(
          source_rows.get_desc(), kernel->layout(), layout_or_none(bias),
          destination_rows.get_desc(), false, activation);
      add(one, source_rows, destination_rows);
      operation->repeat(
          {from, to, source_rows, destination_rows, size_t(dims_of(from.get_desc())[0]) / rows});
    }
    return operation.release();
  });
}

onednn_operation *onednn_dense_backward_data(
    onednn_buffer *destination_gradient, onednn_buffer *kernel, onednn_buffer *source_gradient,
    int kernel_changes) {
  return guarded([&] {
    const auto from = matrix(source_gradient), to = matrix(destination_gradient);
    const auto any = dense_kernel(from.get_desc(), to.get_desc());
    const auto hint = dense_description(
        from.get_desc(), kernel->layout(), dnnl::memory::desc(), to.get_desc(), true,
        no_activation);
#if DNNL_VERSION_MAJOR >= 3
    dnnl::inner_product_backward_data::primitive_desc description(
        engine(), from.get_desc(), any, to.get_desc(), hint, attributes());
#else
    dnnl::inner_product_backward_data::primitive_desc description(
        {from.get_desc(), any, to.get_desc()}, attributes(), engine(), hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({destination_gradient, kernel, source_gradient});
    const auto weights =
        operation->kernel_in(description.weights_desc(), kernel, kernel_changes != 0);
    operation->add(
        dnnl::inner_product_backward_data(description), description.scratchpad_desc(),
        {{DNNL_ARG_DIFF_DST, to}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_DIFF_SRC, from}});
    return operation.release();
  });
}

onednn_operation *onednn_dense_backward_weights(
    onednn_buffer *source, onednn_buffer *destination_gradient, onednn_buffer *kernel_gradient,
    onednn_buffer *bias_gradient) {
  return guarded([&] {
    const auto from = matrix(source), to = matrix(destination_gradient);
    const auto any = dense_kernel(from.get_desc(), to.get_desc());
    const auto bias = layout_or_none(bias_gradient);
    const auto hint = dense_description(
        from.get_desc(), kernel_gradient->layout(), bias, to.get_desc(), true, no_activation);
#if DNNL_VERSION_MAJOR >= 3
    dnnl::inner_product_backward_weights::primitive_desc description(
        engine(), from.get_desc(), any, bias, to.get_desc(), hint, attributes());
#else
    dnnl::inner_product_backward_weights::primitive_desc description(
        {from.get_desc(), any, bias, to.get_desc()}, attributes(), engine(), hint);
#endif
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, destination_gradient, kernel_gradient, bias_gradient});
    const bool same = description.diff_weights_desc() == kernel_gradient->layout();
    auto weights =
        same ? kernel_gradient->memory : operation->own(description.diff_weights_desc());
    operation->add(
        dnnl::inner_product_backward_weights(description), description.scratchpad_desc(),
        {{DNNL_ARG_SRC, from},
         {DNNL_ARG_DIFF_DST, to},
         {DNNL_ARG_DIFF_WEIGHTS, weights},
         {DNNL_ARG_DIFF_BIAS, bias_gradient ? bias_gradient->memory : dnnl::memory()}});
    if (!same) operation->add_reorder(weights, kernel_gradient->memory);
    return operation.release();
  });
}

}  // extern "C"

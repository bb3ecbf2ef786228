#include "batch_norm_kernels.h"
#include "internal.hpp"

using namespace shim;

namespace {

/// The buffers of a normalization's parameters.
struct parameter_data {
  late_data gamma, beta, mean, variance;
  float epsilon;

  batch_norm_parameters now() const {
    return {gamma.floats(), beta.floats(), mean.floats(), variance.floats(), epsilon};
  }
};

/// The images of a normalization, whose arguments have to fit together.
batch_norm_images images_of(
    onednn_buffer *source, onednn_buffer *destination, onednn_follower follower,
    std::initializer_list<onednn_buffer *> parameters) {
  const image_shape from = shape_of(source);
  const bool pools = follower == onednn_follower_relu_pool;
  const image_shape to = {
      from.batch, pools ? from.height / 2 : from.height, pools ? from.width / 2 : from.width,
      from.channels};
  require(shape_of(destination) == to, "the normalized images have the wrong shape");
  for (onednn_buffer *parameter : parameters) require_count(parameter, from.channels);
  return {from.batch, from.height, from.width, from.channels};
}

}  // namespace

extern "C" {

onednn_operation *onednn_batch_norm_forward(
    onednn_buffer *source, onednn_buffer *gamma, onednn_buffer *beta, onednn_buffer *mean,
    onednn_buffer *variance, onednn_buffer *destination, float epsilon, int batch_statistics,
    onednn_follower follower, onednn_buffer **positions) {
  return guarded([&] {
    const auto images = images_of(source, destination, follower, {gamma, beta, mean, variance});
    const size_t rows = shape_of(source).rows(), channels = images.channels;
    const bool batch = batch_statistics != 0, pools = follower == onednn_follower_relu_pool;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, gamma, beta, mean, variance, destination});
    onednn_buffer *kept = nullptr;
    if (pools && positions != nullptr) *positions = kept = make_positions(destination);
    operation->keep({kept});
    const late_data from(source), to(destination), places(kept);
    const parameter_data data = {gamma, beta, mean, variance, epsilon};
    operation->add_call(batch_norm_scratch_bytes(channels), [=](void *scratchpad) {
      const auto parameters = data.now();
      if (batch)
        batch_norm_statistics(
            data.mean.floats(), data.variance.floats(), from.floats(), rows, channels, scratchpad);
      if (pools)
        batch_norm_relu_pool(
            to.floats(), static_cast<uint8_t *>(places.bytes()), from.floats(), &images,
            &parameters, scratchpad);
      else
        batch_norm(
            to.floats(), from.floats(), rows, channels, &parameters,
            follower == onednn_follower_relu, scratchpad);
    });
    return operation.release();
  });
}

onednn_operation *onednn_batch_norm_backward(
    onednn_buffer *source, onednn_buffer *gamma, onednn_buffer *beta, onednn_buffer *mean,
    onednn_buffer *variance, onednn_buffer *destination_gradient, onednn_buffer *source_gradient,
    onednn_buffer *gamma_gradient, onednn_buffer *beta_gradient, float epsilon,
    int batch_statistics, onednn_follower follower, onednn_buffer *positions) {
  return guarded([&] {
    const auto images = images_of(
        source, destination_gradient, follower,
        {gamma, beta, mean, variance, gamma_gradient, beta_gradient});
    require(shape_of(source_gradient) == shape_of(source), "the gradient has the wrong shape");
    const size_t rows = shape_of(source).rows(), channels = images.channels;
    const bool batch = batch_statistics != 0, pools = follower == onednn_follower_relu_pool;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep(
        {source, gamma, beta, mean, variance, destination_gradient, source_gradient,
         gamma_gradient, beta_gradient, positions});
    const late_data from(source), gradient(destination_gradient), to(source_gradient);
    const late_data to_gamma(gamma_gradient), to_beta(beta_gradient), places(positions);
    const parameter_data data = {gamma, beta, mean, variance, epsilon};
    operation->add_call(batch_norm_scratch_bytes(channels), [=](void *scratchpad) {
      const auto parameters = data.now();
      if (pools)
        batch_norm_relu_pool_gradient(
            to.floats(), to_gamma.floats(), to_beta.floats(), gradient.floats(),
            static_cast<uint8_t *>(places.bytes()), from.floats(), &images, &parameters, batch,
            scratchpad);
      else
        batch_norm_gradient(
            to.floats(), to_gamma.floats(), to_beta.floats(), gradient.floats(), from.floats(),
            rows, channels, &parameters, batch, follower == onednn_follower_relu, scratchpad);
    });
    return operation.release();
  });
}

}  // extern "C"

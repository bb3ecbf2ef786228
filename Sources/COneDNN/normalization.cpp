#include "batch_norm_kernels.h"
#include "instruction_sets.h"
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

/// The images after a normalization and what follows it.
batch_norm_images result_of(batch_norm_images images, onednn_follower follower) {
  if (follower == onednn_follower_relu_pool) {
    images.height /= 2;
    images.width /= 2;
  }
  return images;
}

/// The images of a normalization, whose arguments have to fit together.
batch_norm_images images_of(
    onednn_buffer *source, onednn_buffer *destination, onednn_follower follower,
    std::initializer_list<onednn_buffer *> parameters) {
  const image_shape from = shape_of(source);
  const batch_norm_images images = {from.batch, from.height, from.width, from.channels};
  const auto [batch, height, width, channels] = result_of(images, follower);
  const image_shape to = {batch, height, width, channels};
  require(shape_of(destination) == to, "the normalized images have the wrong shape");
  for (onednn_buffer *parameter : parameters) require_count(parameter, channels);
  return images;
}

/// The number of values of some images.
size_t values(const batch_norm_images &images, size_t count) {
  return count * images.height * images.width * images.channels;
}

/// Some of the images.
batch_norm_images part_of(batch_norm_images images, kernel_range range) {
  images.batch = range.end - range.first;
  return images;
}

std::string kernel_name() { return std::string("batch_norm:") + kernel_instruction_set(); }

using memory = onednn_operation::working_memory;
using stages = std::vector<onednn_operation::stage>;

}  // namespace

extern "C" {

onednn_operation *onednn_batch_norm_forward(
    onednn_buffer *source, onednn_buffer *gamma, onednn_buffer *beta, onednn_buffer *mean,
    onednn_buffer *variance, onednn_buffer *destination, float epsilon, int batch_statistics,
    onednn_follower follower, onednn_buffer **positions) {
  return guarded([&] {
    const auto images = images_of(source, destination, follower, {gamma, beta, mean, variance});
    const auto results = result_of(images, follower);
    const size_t rows = shape_of(source).rows(), channels = images.channels;
    const bool batch = batch_statistics != 0, pools = follower == onednn_follower_relu_pool;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep({source, gamma, beta, mean, variance, destination});
    onednn_buffer *kept = nullptr;
    if (pools && positions != nullptr) *positions = kept = make_positions(destination);
    operation->keep({kept});
    const late_data from(source), to(destination), places(kept);
    const parameter_data data = {gamma, beta, mean, variance, epsilon};
    stages stages;
    if (batch)
      stages.push_back({batch_norm_blocks(rows), [=](kernel_range blocks, memory memory) {
        batch_norm_add_statistics(memory.shared, from.floats(), rows, channels, blocks);
      }});
    stages.push_back({1, [=](kernel_range, memory memory) {
      const auto parameters = data.now();
      if (batch)
        batch_norm_statistics(
            data.mean.floats(), data.variance.floats(), from.floats(), rows, channels,
            memory.shared);
      batch_norm_prepare(&parameters, channels, memory.shared);
    }});
    stages.push_back({images.batch, [=](kernel_range range, memory memory) {
      const auto parameters = data.now();
      const auto part = part_of(images, range);
      const float *source = from.floats() + values(images, range.first);
      float *destination = to.floats() + values(results, range.first);
      if (!pools)
        return batch_norm(
            destination, source, part.batch * part.height * part.width, channels, &parameters,
            follower == onednn_follower_relu, memory.shared);
      auto *first = static_cast<uint8_t *>(places.bytes());
      if (first != nullptr) first += values(results, range.first);
      batch_norm_relu_pool(destination, first, source, &part, &parameters, memory.shared);
    }});
    operation->add_call(
        kernel_name(), batch_norm_scratch_bytes(&images), 0, std::move(stages));
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
    const auto results = result_of(images, follower);
    const size_t rows = shape_of(source).rows(), channels = images.channels;
    const bool batch = batch_statistics != 0, pools = follower == onednn_follower_relu_pool;
    auto operation = std::make_unique<onednn_operation>();
    operation->keep(
        {source, gamma, beta, mean, variance, destination_gradient, source_gradient,
         gamma_gradient, beta_gradient, positions});
    const late_data from(source), gradient(destination_gradient), to(source_gradient);
    const late_data to_gamma(gamma_gradient), to_beta(beta_gradient), places(positions);
    const parameter_data data = {gamma, beta, mean, variance, epsilon};
    const bool relu = follower == onednn_follower_relu;
    const bool sums = batch || gamma_gradient != nullptr || beta_gradient != nullptr;
    const size_t blocks = pools ? batch_norm_pooled_blocks(&images) : batch_norm_blocks(rows);
    stages stages;
    stages.push_back({1, [=](kernel_range, memory memory) {
      const auto parameters = data.now();
      batch_norm_prepare(&parameters, channels, memory.shared);
    }});
    if (sums) {
      stages.push_back({blocks, [=](kernel_range blocks, memory memory) {
        const auto parameters = data.now();
        if (pools)
          batch_norm_pool_add_gradients(
              memory.shared, gradient.floats(), static_cast<uint8_t *>(places.bytes()),
              from.floats(), &images, &parameters, blocks);
        else
          batch_norm_add_gradients(
              memory.shared, batch ? nullptr : to.floats(), gradient.floats(), from.floats(), rows,
              channels, &parameters, relu, blocks);
      }});
      stages.push_back({1, [=](kernel_range, memory memory) {
        const auto parameters = data.now();
        batch_norm_finish_gradients(
            to_gamma.floats(), to_beta.floats(), blocks, rows, channels, &parameters,
            memory.shared);
      }});
    }
    // With given statistics, the sums are computed together with the gradients of the source.
    if (pools || batch || !sums)
      stages.push_back({images.batch, [=](kernel_range range, memory memory) {
        const auto parameters = data.now();
        const auto part = part_of(images, range);
        float *target = to.floats() + values(images, range.first);
        const float *source = from.floats() + values(images, range.first);
        const float *its_gradient = gradient.floats() + values(results, range.first);
        if (pools)
          batch_norm_relu_pool_gradient(
              target, its_gradient,
              static_cast<uint8_t *>(places.bytes()) + values(results, range.first), source, &part,
              &parameters, batch, memory.shared);
        else
          batch_norm_gradient(
              target, its_gradient, source, part.batch * part.height * part.width, channels,
              &parameters, batch, relu, memory.shared);
      }});
    operation->add_call(
        kernel_name(), batch_norm_scratch_bytes(&images), 0, std::move(stages));
    return operation.release();
  });
}

}  // extern "C"

"""Writes keras_layers.h5: layers and their options, computed by Keras in float64 on JAX.

Make the environment and run, from this folder:

    python3 -m venv .venv
    .venv/bin/pip install keras jax h5py
    .venv/bin/python make_keras_layer_fixtures.py

A group is a small model of one input. It holds `x`, the weights by role, `output`, the upstream
gradient `gradient_output` (the loss is the sum of gradient_output * output), `gradient_x` and the
gradients of the trainable weights as `gradient_<weight>`. A weight is called `<layer>_<role>`, or
`<role>` in a layer called `layer`. Images are [batch, height, width, channels].

Everything is float64 on numbers that float32 holds exactly, and stored as float32. Groups whose
name ends in `_training` are called with training=True, the others with training=False.
"""

import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import h5py
import jax
import keras
import numpy as np
from keras import layers
from keras.src.applications.convnext import LayerScale
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

SEED = 33
RANDOM = np.random.default_rng(SEED)


def normal(shape, scale=1.0):
    return (scale * RANDOM.standard_normal(shape)).astype(np.float32).astype(np.float64)


def uniform(low, high, shape):
    return RANDOM.uniform(low, high, shape).astype(np.float32).astype(np.float64)


def typical(role, shape):
    """Weights as a trained network may have them."""
    if role in ("gamma", "variance", "moving_variance"):
        return uniform(0.5, 1.5, shape)
    return normal(shape, 0.4)


# Keras' one layer of two convolutions is two layers in other files.
SEPARABLE = {"depthwise_kernel": "depthwise_kernel", "pointwise_kernel": "pointwise_kernel",
             "bias": "pointwise_bias"}


def weight_name(layer, role):
    if isinstance(layer, layers.SeparableConv2D):
        return SEPARABLE[role]
    if isinstance(layer, LayerScale):
        role = "gamma"  # Keras gives it no name.
    return role if layer.name == "layer" else f"{layer.name}_{role}"


def write(file, name, shape, build, scale=1.0, **constants):
    """Runs the model that `build` makes of its input and stores what it computes."""
    start = keras.Input(shape[1:])
    model = keras.Model(start, build(start))
    trainable, names = [], {}
    for layer in model.layers:
        for weight in layer.weights:
            if weight.path.endswith("seed_generator_state"):
                continue
            role = weight.name
            scaled = isinstance(layer, LayerScale)
            weight.assign(typical("gamma" if scaled else role, weight.shape))
            names[weight.path] = weight_name(layer, role)
    trainable = [np.asarray(w.value) for w in model.trainable_variables]
    fixed = [np.asarray(w.value) for w in model.non_trainable_variables]
    x = normal(shape, scale)
    training = name.endswith("_training")

    def function(trainable, x):
        return model.stateless_call(trainable, fixed, x, training=training)[0]

    output = np.asarray(function(trainable, x))
    slopes = normal(output.shape)
    gradients, x_gradient = jax.grad(
        lambda trainable, x: (function(trainable, x) * slopes).sum(), argnums=(0, 1))(trainable, x)

    arrays = {"x": x, "output": output, "gradient_output": slopes, "gradient_x": x_gradient,
              **constants}
    for weight, value in zip(model.trainable_variables, trainable):
        arrays[names[weight.path]] = value
    for weight, value in zip(model.trainable_variables, gradients):
        arrays["gradient_" + names[weight.path]] = value
    for weight, value in zip(model.non_trainable_variables, fixed):
        if weight.path in names:
            arrays[names[weight.path]] = value
    group = file.create_group(name)
    for key, value in arrays.items():
        value = np.asarray(value, dtype=np.float32)
        if value.ndim == 0 or not np.isfinite(value).all():
            raise SystemExit(f"{name}/{key} is not an array of numbers")
        group.create_dataset(key, data=value, track_times=False)


def layer(kind, **options):
    """A model of one layer."""
    return lambda x: kind(name="layer", **options)(x)


def squeeze_and_excite(x):
    y = layers.GlobalAveragePooling2D()(x)
    y = layers.Reshape((1, 1, 4))(y)
    y = layers.Conv2D(3, 1, activation="swish", name="reduce")(y)
    y = layers.Conv2D(4, 1, activation="sigmoid", name="expand")(y)
    return layers.Multiply()([x, y])


def spread(joint):
    """x, a convolution of it, a number per channel of it and a number per pixel of it."""
    def build(x):
        pixels = layers.Conv2D(1, 1, name="pixels")(x)
        channels = layers.Reshape((1, 1, 3))(layers.GlobalAveragePooling2D()(x))
        return joint()([channels, x, layers.Conv2D(3, 1, name="conv")(x), pixels])
    return build


def concatenation(x):
    one = layers.Conv2D(2, 1, name="one")(x)
    two = layers.MaxPooling2D(3, 1, padding="same")(x)
    return layers.Concatenate()([x, one, two, x])


def attention(x):
    """A softmax inside a network."""
    weights = layers.Softmax()(layers.Conv2D(3, 1, name="conv")(x))
    return layers.Multiply()([x, weights])


def custom_scale(x):
    """The joint of InceptionResNetV2."""
    return CustomScaleLayer(0.17)([x, layers.Conv2D(3, 1, name="conv")(x)])


# Given like this, Keras does not keep them as weights.
DATA = {"mean": [0.5, -1.5, 2.0], "variance": [0.25, 2.0, 0.0625]}


ACTIVATIONS = {
    "relu": {}, "relu6": {}, "elu": {}, "selu": {}, "sigmoid": {}, "tanh": {}, "exponential": {},
    "swish": {}, "gelu": {}, "hard_swish": {}, "hard_sigmoid": {}, "softplus": {}, "softsign": {},
    "mish": {}, "softmax": {}, "leaky_relu": {},
}


def main():
    small, odd = (1, 4, 5, 3), (1, 7, 6, 3)
    with h5py.File(
            Path(__file__).with_name("keras_layers.h5"), "w", libver=("v108", "v110")) as file:
        conv, depthwise = layers.Conv2D, layers.DepthwiseConv2D
        separable = layers.SeparableConv2D
        for name, shape, build in (
            ("conv_valid_stride2", odd, layer(conv, filters=4, kernel_size=3, strides=2)),
            ("conv_2x3_stride21_same", odd,
             layer(conv, filters=4, kernel_size=(2, 3), strides=(2, 1), padding="same")),
            ("conv_4x4_stride3_same", odd,
             layer(conv, filters=4, kernel_size=4, strides=3, padding="same", use_bias=False)),
            ("conv_dilation2_same", odd,
             layer(conv, filters=4, kernel_size=3, dilation_rate=2, padding="same")),
            ("conv_dilation21_valid", odd,
             layer(conv, filters=4, kernel_size=3, dilation_rate=(2, 1))),
            ("conv_groups2_stride2_same", (1, 7, 6, 4),
             layer(conv, filters=6, kernel_size=3, strides=2, groups=2, padding="same")),
            ("conv_groups4_valid", (1, 5, 4, 4), layer(conv, filters=8, kernel_size=3, groups=4)),
            ("depthwise_same", small, layer(depthwise, kernel_size=3, padding="same")),
            ("depthwise_stride2_same", (1, 5, 4, 17),
             layer(depthwise, kernel_size=3, strides=2, padding="same", use_bias=False)),
            ("depthwise_multiplier2_valid", odd,
             layer(depthwise, kernel_size=(3, 2), depth_multiplier=2)),
            ("depthwise_5x5_dilation2_same", (1, 6, 5, 16),
             layer(depthwise, kernel_size=5, dilation_rate=2, padding="same")),
            ("separable_stride2_same", odd,
             layer(separable, filters=4, kernel_size=3, strides=2, depth_multiplier=2,
                   padding="same")),
            ("dense", (3, 1, 1, 5), layer(layers.Dense, units=4)),
            ("dense_without_bias", (3, 1, 1, 5), layer(layers.Dense, units=4, use_bias=False)),
            ("max_3x3_stride2_same", odd,
             layer(layers.MaxPooling2D, pool_size=3, strides=2, padding="same")),
            ("max_3x2_stride21_valid", odd,
             layer(layers.MaxPooling2D, pool_size=(3, 2), strides=(2, 1))),
            ("average_3x3_stride2_same", odd,
             layer(layers.AveragePooling2D, pool_size=3, strides=2, padding="same")),
            ("average_3x3_stride1_same", odd,
             layer(layers.AveragePooling2D, pool_size=3, strides=1, padding="same")),
            ("average_2x3_valid", odd,
             layer(layers.AveragePooling2D, pool_size=(2, 3), strides=(2, 3))),
            ("global_max", small, layer(layers.GlobalMaxPooling2D)),
            ("zero_padding", small, layer(layers.ZeroPadding2D, padding=((1, 2), (0, 3)))),
            ("upsampling_nearest_2x3", small, layer(layers.UpSampling2D, size=(2, 3))),
            ("upsampling_bilinear_2x2", small,
             layer(layers.UpSampling2D, size=2, interpolation="bilinear")),
            ("upsampling_bilinear_3x2", small,
             layer(layers.UpSampling2D, size=(3, 2), interpolation="bilinear")),
            ("layer_norm", (1, 3, 2, 17), layer(layers.LayerNormalization)),
            ("layer_norm_without_scale", small,
             layer(layers.LayerNormalization, scale=False, epsilon=1e-6)),
            ("layer_norm_without_center", small,
             layer(layers.LayerNormalization, center=False)),
            ("rescaling", small, layer(layers.Rescaling, scale=0.25, offset=-1.5)),
            ("rescaling_per_channel", small,
             layer(layers.Rescaling, scale=[0.5, 2.0, -1.25], offset=[0.0, 1.0, -3.0])),
            ("squeeze_and_excite", (2, 2, 3, 4), squeeze_and_excite),
            ("add_spread", (2, 3, 2, 3), spread(layers.Add)),
            ("multiply_spread", (2, 3, 2, 3), spread(layers.Multiply)),
            ("concatenate", (2, 3, 2, 3), concatenation),
            ("softmax_inside", (2, 3, 2, 3), attention),
            ("reshape", (2, 2, 3, 4), layer(layers.Reshape, target_shape=(3, 4, 2))),
        ):
            write(file, name, shape, build)
        write(file, "normalization", small, layer(layers.Normalization, **DATA), **DATA)
        for scale in (True, False):
            for center in (True, False):
                name = "batch_norm" + ("" if scale else "_without_scale") + (
                    "" if center else "_without_center")
                build = layer(
                    layers.BatchNormalization, scale=scale, center=center, epsilon=1e-2)
                write(file, name, (3, 3, 2, 3), build)
                write(file, f"{name}_training", (3, 3, 2, 3), build)
        for name in ACTIVATIONS:
            write(
                file, f"activation_{name}", (2, 3, 3, 3),
                layer(layers.Activation, activation=name), scale=3.0)
        for name, build in (
            ("leaky_relu", layer(layers.LeakyReLU)),
            ("leaky_relu_slope", layer(layers.LeakyReLU, negative_slope=0.1)),
            ("elu_alpha", layer(layers.ELU, alpha=0.7)),
            ("relu_maximum", layer(layers.ReLU, max_value=2.5)),
            ("relu_all", layer(layers.ReLU, max_value=4.0, negative_slope=0.2, threshold=0.5)),
            ("gelu_approximate",
             lambda x: layers.Lambda(lambda v: keras.activations.gelu(v, approximate=True))(x)),
        ):
            write(file, f"layer_{name}", (2, 3, 3, 3), build, scale=3.0)
        for name, shape, build in (
            ("cropping", odd, layer(layers.Cropping2D, cropping=((1, 1), (0, 2)))),
            ("layer_scale", (2, 3, 2, 5), layer(LayerScale, init_values=1.0, projection_dim=5)),
            ("custom_scale", (2, 3, 2, 3), custom_scale),
            ("channels_flipped", small, lambda x: x[..., ::-1]),
            ("one_channel", small, lambda x: x[..., 1:2]),
        ):
            write(file, name, shape, build)


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    main()

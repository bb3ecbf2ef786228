"""Makes the model files of this folder that Keras 3 (JAX backend) and PyTorch can make today, and
expected.h5: for every file inputs and what the framework makes of them.

Files of other versions were made once and are kept: 3.0.5.* by Keras 3.0.5 and tfk.* by tf_keras
2.21, each a convolution, a normalization, a global pooling and a dense layer; fun.* by Keras 3.15
(a functional model with a model inside), seqopt.keras (compiled, with its optimizer's state), bf.*
(bfloat16 and float16 weights), torch.h5 and torch2.h5 (one state dict, in two orders).
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import h5py
import keras
import ml_dtypes
import numpy as np
import torch
from keras import layers as L
from torch import nn

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(FOLDER))
from torch_networks import VGG, ResNet

expected = h5py.File(os.path.join(FOLDER, "expected.h5"), "w")


def path(name):
    return os.path.join(FOLDER, name)


def note(name, x, y, model=None):
    expected.create_dataset(f"{name}/x", data=np.asarray(x, np.float32))
    expected.create_dataset(f"{name}/y", data=np.asarray(y, np.float32))
    if model is not None:
        expected[name].attrs["layers"] = len(model.layers)
        expected[name].attrs["parameters"] = model.count_params()


def inputs(shape, seed=1, count=2):
    return np.random.default_rng(seed).normal(size=(count, *shape)).astype(np.float32)


def randomise(model, seed=0):
    """Every weight drawn anew, so that no part of the model is idle; variances stay positive."""
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if weight.name == "count":
            continue
        if "variance" in weight.name:
            value = generator.uniform(0.5, 2, shape)
        elif weight.name == "gamma":
            value = generator.uniform(0.5, 1.5, shape)
        else:
            fan = max(1, int(np.prod(shape[:-1])))
            value = generator.normal(size=shape) * (fan**-0.5 if len(shape) > 1 else 0.2)
        weight.assign(value.astype(np.float32))
    for layer in model.layers:
        if isinstance(layer, L.Normalization):
            layer.finalize_state()


def keep(name, model, formats=("keras",), x=None):
    randomise(model)
    x = inputs(model.input_shape[1:]) if x is None else x
    y = np.asarray(model(x, training=False))
    for format in formats:
        target = path(f"{name}.{format}")
        if format == "weights.h5":
            model.save_weights(target)
        else:
            model.save(target)
    note(name, x, y, model)


def fresh():
    keras.backend.clear_session()


fresh()
image = keras.Input((13, 12, 4))
a = L.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="entry")(image)
b = L.Conv2D(8, (3, 1), dilation_rate=(2, 1), padding="same", use_bias=False)(a)
b = L.BatchNormalization(scale=False, epsilon=1e-4)(b)
c = L.Conv2D(8, 3, groups=4, padding="same")(a)
c = L.BatchNormalization(center=False)(c)
d = L.ZeroPadding2D(((1, 0), (0, 2)))(a)
d = L.DepthwiseConv2D((2, 3), depth_multiplier=2, activation="tanh")(d)
d = L.Conv2D(8, 1, activation="leaky_relu")(d)
e = L.Add()([a, b, c, d])
e = L.LayerNormalization(epsilon=1e-5)(e)
s = L.GlobalAveragePooling2D()(e)
s = L.Reshape((1, 1, 8))(s)
s = L.Conv2D(2, 1, activation="silu")(s)
s = L.Conv2D(8, 1, activation="sigmoid")(s)
e = L.Multiply()([e, s])
f = L.SeparableConv2D(6, 3, strides=2, padding="same", depth_multiplier=2, activation="elu")(e)
f = L.UpSampling2D((2, 2), interpolation="bilinear")(f)
g = L.UpSampling2D((2, 3))(L.MaxPooling2D((3, 2), strides=2, padding="same")(e))
g = L.AveragePooling2D((1, 3), strides=(1, 3))(g)
h = L.AveragePooling2D(3, strides=1, padding="same")(f)
h = L.Concatenate()([h, L.Dense(5)(f)])
h = L.Dropout(0.3)(h)
h = L.Dropout(0.3, noise_shape=(None, 1, 1, 1))(h)
v = L.Concatenate(axis=-1)([L.GlobalMaxPooling2D()(h), L.GlobalAveragePooling2D()(g), L.Flatten()(s)])
keep(
    "branches",
    keras.Model(image, L.Dense(5, activation="softmax", name="classes")(v)),
    ("keras", "h5", "weights.h5"),
)

fresh()
names = (
    "relu relu6 leaky_relu elu selu sigmoid tanh softplus silu gelu hard_silu hard_sigmoid "
    "exponential softsign mish softmax"
).split()
model = keras.Sequential([L.Input((6,))])
for name in names:
    model.add(L.Dense(6, activation=name))
model.add(L.Dense(6))
for layer in [
    L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.3), L.LeakyReLU(0.2), L.ELU(0.7),
    L.Activation("swish"), L.Activation(L.LeakyReLU(0.4)), L.Softmax(), L.Activation("linear"),
]:
    model.add(L.Dense(6))
    model.add(layer)
keep("activations", model, ("keras", "h5"), inputs((6,), count=8))

fresh()
inner_input = keras.Input((8, 8, 3))
inner_body = L.Conv2D(4, 3, name="conv")(inner_input)
inner_body = L.BatchNormalization(name="bn")(inner_body)
inner_body = L.ReLU(name="relu")(inner_body)
frozen = L.Conv2D(4, 3, name="frozen")
frozen.trainable = False
inner = keras.Model(inner_input, frozen(inner_body), name="body")
outer = keras.Sequential(
    [
        L.Input((8, 8, 3)), L.Rescaling(0.5, name="scale"), inner,
        keras.Sequential([L.Flatten(), L.Dense(7, activation="relu"), L.BatchNormalization()], name="neck"),
        L.Dense(3, name="head"),
    ]
)
keep("nested", outer, ("keras", "h5", "weights.h5"))

fresh()
model = keras.Sequential(
    [
        L.Input((6, 6, 3)), L.RandomFlip(), L.Rescaling([0.1, 0.2, 0.3], offset=[1.0, 0.0, -1.0]),
        L.Normalization(name="learned"), L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5]),
        L.GaussianNoise(0.3), L.SpatialDropout2D(0.2), L.Conv2D(3, 3), L.GlobalMaxPooling2D(keepdims=True),
        L.Flatten(), L.Dense(2, use_bias=False),
    ]
)
keep("scaling", model, ("keras", "h5"))

fresh()
image = keras.Input((None, None, 3))
x = L.Conv2D(4, 3, name="conv")(image)
keep("open", keras.Model(image, L.GlobalAveragePooling2D()(x)), ("keras",), inputs((9, 7, 3)))

# Files that other versions wrote.
for name, source in [
    ("fun", "fun.keras"), ("3.0.5", "3.0.5.keras"), ("seqopt", "seqopt.keras"),
]:
    fresh()
    model = keras.models.load_model(path(source), compile=False)
    x = inputs(model.input_shape[1:])
    note(name, x, np.asarray(model(x, training=False)), model)

fresh()
# Keras 3 does not read the configuration of tf_keras, but it reads the weights.
model = keras.Sequential(
    [L.Input((8, 8, 3)), L.Conv2D(4, 3), L.BatchNormalization(), L.GlobalAveragePooling2D(), L.Dense(2)]
)
model.load_weights(path("tfk.weights.h5"))
x = inputs((8, 8, 3))
note("tfk", x, np.asarray(model(x, training=False)))

fresh()
# tlbench computes with float32 whatever the weights were stored in; Keras 3.15 does not read bf.h5.
with h5py.File(path("bf.weights.h5")) as file:
    weights = []
    for layer in ["dense", "dense_1"]:
        for index in "01":
            value = file[f"layers/{layer}/vars/{index}"][...]
            if value.dtype.itemsize == 2 and value.dtype.kind == "V":
                value = value.view(ml_dtypes.bfloat16)
            weights.append(value.astype(np.float32))
model = keras.Sequential([L.Input((8,)), L.Dense(3), L.Dense(2)])
model.set_weights(weights)
x = inputs((8,))
note("bf", x, np.asarray(model(x)))


# The names and layouts of old files, for a network that only the reader's caller knows.
def old_weights(name, attribute, write):
    generator = np.random.default_rng(5)
    kernel = generator.normal(size=(3, 3, 3, 4)).astype(np.float32)
    bias = generator.normal(size=4).astype(np.float32)
    dense = generator.normal(size=(4, 2)).astype(np.float32)
    offset = generator.normal(size=2).astype(np.float32)
    with h5py.File(path(name), "w") as file:
        write(file, attribute, kernel, bias, dense, offset)
    x = inputs((8, 8, 3))
    fresh()
    model = keras.Sequential(
        [L.Input((8, 8, 3)), L.Conv2D(4, 3, padding="same"), L.GlobalAveragePooling2D(), L.Dense(2)]
    )
    model.set_weights([kernel, bias, dense, offset])
    note(name.removesuffix(".h5"), x, np.asarray(model(x)))


def write_fixed(file, attribute, kernel, bias, dense, offset):
    """Names as bytes of fixed length, roles as Keras 1 called them; the file of VGG16 is like this."""
    file.attrs["layer_names"] = np.array([b"conv", b"pool", b"dense"])
    for layer, tensors in [("conv", [("W_1:0", kernel), ("b_1:0", bias)]), ("pool", []),
                           ("dense", [("W_1:0", dense), ("b_1:0", offset)])]:
        group = file.create_group(layer)
        names = [f"{layer}_{name}".encode() for name, _ in tensors]
        group.attrs["weight_names"] = np.array(names) if names else np.zeros(0)
        for name, value in zip(names, tensors):
            group.create_dataset(name.decode(), data=value[1])


def write_chunked(file, attribute, kernel, bias, dense, offset):
    """Lists of names cut into several attributes, as Keras does where they are long."""
    file.attrs["layer_names0"] = np.array([b"conv", b"pool"])
    file.attrs["layer_names1"] = np.array([b"dense"])
    for layer, tensors in [("conv", [("kernel:0", kernel), ("bias:0", bias)]), ("pool", []),
                           ("dense", [("kernel:0", dense), ("bias:0", offset)])]:
        group = file.create_group(layer)
        if not tensors:
            group.attrs["weight_names"] = np.zeros(0)
        for index, (name, value) in enumerate(tensors):
            group.attrs[f"weight_names{index}"] = np.array([f"{layer}/{name}".encode()])
            group.create_dataset(f"{layer}/{name}", data=value.astype(np.float64))


old_weights("old_names.h5", "layer_names", write_fixed)
old_weights("chunked_names.h5", "layer_names", write_chunked)


# PyTorch.
def save_state(name, state, nested=False, prefix=""):
    with h5py.File(path(name), "w") as file:
        for key, value in state.items():
            key = prefix + key
            file.create_dataset(key.replace(".", "/") if nested else key, data=value.cpu().numpy())


def randomise_torch(model, seed=0):
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            value.fill_(7)
        elif name.endswith("running_var"):
            value.copy_(torch.rand(value.shape, generator=generator) + 0.5)
        elif value.ndim == 1:
            value.copy_(torch.randn(value.shape, generator=generator) * 0.3 + (name.endswith("weight")))
        else:
            fan = value[0].numel()
            value.copy_(torch.randn(value.shape, generator=generator) * fan**-0.5)
    model.eval()


def keep_torch(name, model, shape, **options):
    randomise_torch(model)
    save_state(f"{name}.h5", model.state_dict(), **options)
    x = inputs(shape)
    with torch.no_grad():
        y = model(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).numpy()
    note(name, x, y if y.ndim == 2 else y.transpose(0, 2, 3, 1))


keep_torch("torch_resnet", ResNet(2, (2, 1, 1, 1)), (33, 40, 3), nested=True)
keep_torch("torch_bottleneck", ResNet(2, (1, 2, 1, 1), True, 2), (40, 33, 3), prefix="module.")
keep_torch("torch_vgg", VGG((3, "M", 4, 4, "M"), False), (8, 12, 3))
keep_torch("torch_vgg_bn", VGG((3, "M", 4, 4, "M"), True), (8, 12, 3))

model = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
    nn.Flatten(), nn.Linear(8, 5),
)
with h5py.File(path("torch.h5")) as file:
    model.load_state_dict({key: torch.from_numpy(np.asarray(value)) for key, value in file.items()})
model.eval()
x = inputs((6, 6, 3))
with torch.no_grad():
    note("torch", x, model(torch.from_numpy(x.transpose(0, 3, 1, 2).copy())).numpy())

# A depthwise convolution and a dense layer after a flattened image, in the order of their numbers.
model = nn.Sequential(
    nn.Conv2d(3, 6, 3, padding=1, groups=3), nn.ReLU(), nn.Flatten(), nn.Dropout(), nn.Linear(6 * 20, 3)
)
keep_torch("torch_depthwise", model, (4, 5, 3))
expected.close()

"""Makes the files of this folder that tell what is read of other people's files, and
expected_reading.h5: for every file inputs and what Keras makes of them.

Needs keras (3.15, JAX backend), jax and h5py. Files in the form of Keras 2 are those of Keras 3 with
the configuration written as Keras 2 writes it. The state dicts under other names are copies of
torch_vgg_bn.h5.
"""

import json
import os
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import h5py
import keras
import numpy as np
from keras import layers as L
from keras.src.applications.convnext import LayerScale, StochasticDepth
from keras.src.applications.inception_resnet_v2 import CustomScaleLayer
from keras.src.legacy.saving import legacy_h5_format

FOLDER = os.path.dirname(os.path.abspath(__file__))
expected = h5py.File(os.path.join(FOLDER, "expected_reading.h5"), "w")


def path(name):
    return os.path.join(FOLDER, name)


def note(name, x, model):
    expected.create_dataset(f"{name}/x", data=np.asarray(x, np.float32))
    y = np.asarray(model(x, training=False))
    expected.create_dataset(f"{name}/y", data=y)
    expected[name].attrs["layers"] = len(model.layers)
    expected[name].attrs["parameters"] = model.count_params()


def inputs(shape, seed=1, scale=1.0):
    return (scale * np.random.default_rng(seed).normal(size=(2, *shape))).astype(np.float32)


def randomise(model, seed=0):
    """Every weight drawn anew, so that no part of the model is idle; variances stay positive."""
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        shape = tuple(weight.shape)
        if "variance" in weight.name:
            value = generator.uniform(0.5, 2, shape)
        elif weight.name in ("gamma", "variable"):
            value = generator.uniform(0.5, 1.5, shape)
        else:
            fan = max(1, int(np.prod(shape[:-1])))
            value = generator.normal(size=shape) * (fan**-0.5 if len(shape) > 1 else 0.2)
        weight.assign(value.astype(np.float32))


def keep(name, model, formats=("keras",), scale=1.0):
    randomise(model)
    for format in formats:
        model.save(path(f"{name}.{format}"))
    note(name, inputs(model.input_shape[1:], scale=scale), model)
    return model


def fresh():
    keras.backend.clear_session()


# Two inner models whose layers have the same names; the first is frozen, so that its tensors are
# stored last.
def inner(name):
    return keras.Sequential(
        [L.Input((6, 6, 3)), L.Conv2D(3, 3, padding="same", name="conv"),
         L.BatchNormalization(name="bn")], name=name)


def twins():
    fresh()
    first, second = inner("a"), inner("b")
    first.trainable = False
    image = keras.Input((6, 6, 3))
    middle = keras.Sequential([L.Input((6, 6, 3)), first, second], name="mid")
    return keras.Sequential(
        [L.Input((6, 6, 3)), middle, L.GlobalAveragePooling2D(), L.Dense(3, name="out")])


keep("twins", twins(), ("keras", "h5"))


def renamed_twins(target, configured):
    """Inner models whose tensors do not say which one they are of."""
    with h5py.File(path("twins.h5")) as old, h5py.File(path(target), "w") as new:
        if configured:
            for name, value in old.attrs.items():
                new.attrs[name] = value
        source = old["model_weights"]
        weights = new.create_group("model_weights") if configured else new
        for name, value in source.attrs.items():
            weights.attrs[name] = value
        for layer in source:
            names = list(source[layer].attrs["weight_names"])
            group = weights.create_group(layer)
            written = []
            for name in names:
                if layer == "mid":
                    model, inside, role = name.split("/")[-3:]
                    # As TensorFlow 1 made names different.
                    written.append(f"{inside}{'_1' if model == 'a' else ''}/{role}:0")
                else:
                    written.append(name)
                group.create_dataset(written[-1], data=source[layer][name][...])
            group.attrs["weight_names"] = written if written else np.zeros(0)


renamed_twins("twins_renamed.h5", True)
renamed_twins("twins_weights.h5", False)
with open(path("twins.json"), "w") as file:
    file.write(json.dumps(json.loads(keras.models.load_model(path("twins.keras")).to_json())))

# Arithmetic between layers.
fresh()
image = keras.Input((6, 6, 3))
x = keras.applications.mobilenet_v2.preprocess_input(image)
x = L.Conv2D(4, 3, name="conv")(x)
x = x + 3.0
x = 0.5 * x
x = 1.0 - x
x = -x
x = keras.ops.multiply(x, np.array([1.0, -2.0, 0.5, 3.0], np.float32))
x = keras.ops.divide(x, 1.5)
y = L.ReLU(6.0)(x + 3.0) * (1.0 / 6.0)
x = L.Multiply()([x, y])
x = keras.ops.relu6(x) - keras.ops.sigmoid(y) + x * y
keep("operations", keras.Model(image, L.Dense(3)(L.GlobalAveragePooling2D()(x))),
     ("keras", "h5"), scale=127.5)

# Pixels in the order blue, green, red, as VGG wants them.
fresh()
image = keras.Input((6, 6, 3))
x = keras.applications.vgg16.preprocess_input(image)
keep("caffe", keras.Model(image, L.Flatten()(L.Conv2D(2, 3)(x))), scale=127.5)
fresh()
image = keras.Input((6, 6, 3))
x = image[..., ::-1] - keras.ops.convert_to_tensor(np.array([[[[103.0, 116.0, 123.0]]]], np.float32))
x = L.Concatenate()([x, image[..., :2], keras.ops.flip(image, axis=-1)])
keep("slices", keras.Model(image, L.Flatten()(L.Conv2D(2, 3)(x))), scale=127.5)

# Channels by their indices, as in the shuffle of ShuffleNet.
fresh()
image = keras.Input((6, 6, 3))
x = keras.ops.take(image, [2, 0, 1], axis=-1)
x = keras.ops.take(L.Conv2D(6, 3, name="conv")(x), [0, 3, 1, 4, -4, -1], axis=3)
keep("taken", keras.Model(image, L.Flatten()(x)))


def keras2(model, operations):
    """The configuration as Keras 2 writes it: {name: (class, function, inbound nodes)}."""
    layers = []
    for layer in json.loads(model.to_json())["config"]["layers"]:
        name = layer["name"]
        config = dict(layer["config"])
        config["dtype"] = "float32"
        if "batch_shape" in config:
            config["batch_input_shape"] = config.pop("batch_shape")
        inbound = [[[tensor["config"]["keras_history"][0], 0, 0, {}]
                    for tensor in node["args"]
                    if isinstance(tensor, dict) and tensor["class_name"] == "__keras_tensor__"]
                   for node in layer["inbound_nodes"]]
        kind = layer["class_name"]
        if name in operations:
            kind, function, inbound = operations[name]
            config = {"name": name, "trainable": True, "dtype": "float32", "function": function}
        layers.append({"class_name": kind, "config": config, "name": name, "inbound_nodes": inbound})
    config = json.loads(model.to_json())["config"]
    return {
        "class_name": "Functional", "keras_version": "2.15.0", "backend": "tensorflow",
        "config": {"name": model.name, "trainable": True, "layers": layers,
                   "input_layers": [config["input_layers"]],
                   "output_layers": [config["output_layers"]]},
    }


def write_keras2(name, model, structure):
    with h5py.File(path(name), "w") as file:
        file.attrs["model_config"] = json.dumps(structure)
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["backend"] = "tensorflow"
        legacy_h5_format.save_weights_to_hdf5_group(file.create_group("model_weights"), model)


fresh()
image = keras.Input((6, 6, 3), name="image")
x = image[..., ::-1]
x = 2.0 * (x / 127.5 - 1.0)
x = x + np.array([0.1, 0.2, 0.3], np.float32)
x = L.Conv2D(3, 3, name="conv")(x)
y = keras.ops.relu6(x + 3.0)
x = x * y
model = keras.Model(image, L.Dense(2, name="dense")(L.GlobalAveragePooling2D(name="pool")(x)))
names = [layer["name"] for layer in json.loads(model.to_json())["config"]["layers"]]
flip, divide, subtract, double, shift, three, relu, times = [
    name for name in names if name not in ("image", "conv", "dense", "pool")]
structure = keras2(model, {
    flip: ("SlicingOpLambda", "__operators__.getitem", [["image", 0, 0, {"slice_spec": {
        "class_name": "__tuple__", "items": [
            {"class_name": "__ellipsis__"}, {"start": None, "stop": None, "step": -1}]}}]]),
    divide: ("TFOpLambda", "math.truediv", [[flip, 0, 0, {"y": 127.5, "name": None}]]),
    subtract: ("TFOpLambda", "math.subtract", [[divide, 0, 0, {"y": 1.0, "name": None}]]),
    double: ("TFOpLambda", "math.multiply",
             [["_CONSTANT_VALUE", -1, 2.0, {"y": [subtract, 0, 0], "name": None}]]),
    shift: ("TFOpLambda", "nn.bias_add",
            [[double, 0, 0, {"bias": [0.1, 0.2, 0.3], "data_format": "NHWC", "name": None}]]),
    three: ("TFOpLambda", "__operators__.add", [["conv", 0, 0, {"y": 3.0, "name": None}]]),
    relu: ("TFOpLambda", "nn.relu6", [[three, 0, 0, {"name": None}]]),
    times: ("TFOpLambda", "math.multiply", [["conv", 0, 0, {"y": [relu, 0, 0], "name": None}]]),
})
randomise(model)
write_keras2("operations2.h5", model, structure)
note("operations2", inputs((6, 6, 3), scale=127.5), model)
# To Keras 2, operations are layers.
expected["operations2"].attrs["layers"] = len(names)

# Images without an axis for their channel.
fresh()
keep("matrix", keras.Sequential(
    [L.Input((6, 5)), L.Rescaling(0.5), L.Flatten(), L.Dense(4, activation="relu"), L.Dense(3)]),
    ("keras", "h5"))
fresh()
keep("matrix_reshape", keras.Sequential(
    [L.Input((6, 5)), L.Reshape((6, 5, 1)), L.Conv2D(3, 3), L.Flatten(), L.Dense(3)]))

# Layers that only some of Keras' Applications have.
fresh()
image = keras.Input((8, 7, 4))
x = L.Cropping2D(((1, 2), (0, 1)), name="crop")(image)
x = L.Conv2D(4, 3, padding="same", name="conv")(x)
y = StochasticDepth(0.3, name="depth")(LayerScale(0.1, 4, name="scale")(x))
x = CustomScaleLayer(0.17, name="weighted")([x, y])
x = L.Subtract(name="difference")([x, y])
x = L.Cropping2D(1)(x)
keep("applications", keras.Model(image, L.Dense(3)(L.GlobalAveragePooling2D()(x))), ("keras", "h5"))

# Weights beside a structure.
fresh()
image = keras.Input((6, 6, 3))
x = L.Conv2D(4, 3, padding="same")(image)
x = L.Add()([L.Conv2D(4, 1)(x), L.BatchNormalization()(x)])
x = keras.Sequential([L.Flatten(), L.Dense(5, activation="relu")], name="neck")(x)
model = keras.Model(image, L.Dense(3, activation="softmax")(x), name="described")
randomise(model)
with open(path("described.json"), "w") as file:
    file.write(model.to_json())
with open(path("described_twice.json"), "w") as file:
    json.dump(model.to_json(), file)
model.save_weights(path("described.weights.h5"))
with h5py.File(path("described.h5"), "w") as file:
    legacy_h5_format.save_weights_to_hdf5_group(file, model)
note("described", inputs((6, 6, 3)), model)
# With names that Keras counted on, as in a program that had built other models before.
with open(path("described_later.json"), "w") as file:
    file.write(model.to_json().replace('"conv2d_1"', '"conv2d_9"').replace('"conv2d"', '"conv2d_8"'))

# The same bytes as of matrix.keras, deflated.
with zipfile.ZipFile(path("matrix.keras")) as old, zipfile.ZipFile(
        path("deflated.keras"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
    for name in old.namelist():
        new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)


class Program(keras.Model):
    """A model whose layers are attributes of a program."""

    def __init__(self):
        super().__init__()
        self.block1 = keras.Sequential([L.Conv2D(2, 3, name="block1_conv")])
        self.head = L.Dense(2)

    def call(self, x):
        return self.head(self.block1(x))


fresh()
model = Program()
model(inputs((6, 6, 3)))
model.save_weights(path("subclassed.weights.h5"))

# State dicts under other names.
with h5py.File(path("torch_vgg_bn.h5")) as file:
    state = {key: value[...] for key, value in file.items()}
for name, prefix in [("lightning", "model."), ("compiled", "_orig_mod."),
                     ("parallel", "module.backbone.")]:
    with h5py.File(path(f"torch_{name}.h5"), "w") as file:
        for key, value in state.items():
            file[prefix + key] = value
for name, group in [("epoch", "state_dict/"), ("trainer", "model_state_dict/model.")]:
    with h5py.File(path(f"torch_{name}.h5"), "w") as file:
        for key, value in state.items():
            file[group + key] = value
        file["epoch"] = 12
        file["best_acc1"] = 0.5
        file["optimizer/state/0/exp_avg"] = np.zeros(3, np.float32)
expected.close()

"""Networks of Keras' Applications with random weights and statistics, and a list of failures.

check_applications.py and check_application_ends.py use it. It selects Keras' backend; needs keras
and jax, and the tool's path in TLBENCH.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import sys
from collections import namedtuple
from pathlib import Path

import keras
import numpy as np

TOOL = os.environ["TLBENCH"]
# The program in the same folder for what only benchmarks and checks do.
WORKER = Path(TOOL).with_name("tlbench-worker")
CLASSES = 10

A = keras.applications
# The class, the images' side, and the largest value of a pixel: some scale 0...255 themselves.
Network = namedtuple("Network", "build side white")
NETWORKS = {
    "VGG16": Network(A.VGG16, 64, 1),
    "ResNet50": Network(A.ResNet50, 96, 1),
    "MobileNet": Network(A.MobileNet, 96, 1),
    "MobileNetV2": Network(A.MobileNetV2, 96, 1),
    "InceptionV3": Network(A.InceptionV3, 96, 1),
    "EfficientNetB0": Network(A.EfficientNetB0, 96, 255),
    "DenseNet121": Network(A.DenseNet121, 96, 1),
    "MobileNetV3Small": Network(A.MobileNetV3Small, 96, 255),
    "MobileNetV3Large": Network(A.MobileNetV3Large, 96, 255),
    "NASNetMobile": Network(A.NASNetMobile, 96, 1),
    "InceptionResNetV2": Network(A.InceptionResNetV2, 96, 1),
    "ConvNeXtTiny": Network(A.ConvNeXtTiny, 96, 255),
}

failures = []


def require(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED: {what}", file=sys.stderr)


def finish():
    """Prints the failures again, and exits with 1 if there are any."""
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(1 if failures else 0)


def chosen(known):
    """The known names among the arguments; all of them without arguments."""
    unknown = [name for name in sys.argv[1:] if name not in known]
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    return sys.argv[1:] or list(known)


def random_images(network, generator):
    images = generator.uniform(0, 1, (4, network.side, network.side, 3)).astype(np.float32)
    return images * np.float32(network.white)


def randomise(model, images, generator):
    """Draws statistics and scales at random, and fits every normalization's statistics to what
    really arrives there, so that the activations neither vanish nor overflow."""
    for weight in model.weights:
        shape = tuple(weight.shape)
        role = weight.path.split("/")[-1]
        if role == "gamma":
            # Residual blocks start close to the identity, as in practice. With scales near 1 the
            # gradient explodes on the way down, and Keras' own step in single precision is 2 % away
            # from the one in double precision; so it is 0.1 %.
            low, high = (0.1, 0.3) if "_3_bn" in weight.path else (0.7, 1.3)
            weight.assign(generator.uniform(low, high, shape))
        elif role == "variable":
            # LayerScale has no name for its weight.
            weight.assign(generator.uniform(0.1, 0.3, shape))
        elif role in ("beta", "bias"):
            weight.assign(generator.normal(0, 0.1, shape))
        elif role == "mean":
            weight.assign(generator.uniform(0.4, 0.6, shape))
        elif role == "variance":
            weight.assign(generator.uniform(0.05, 0.1, shape))
        elif role in ("kernel", "depthwise_kernel"):
            fan = np.prod(shape[:2]) if "depthwise" in weight.path else np.prod(shape[:-1])
            weight.assign(generator.normal(0, (2 / fan) ** 0.5, shape))
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
    normalizations = [
        layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)
    ]
    if not normalizations:
        return
    # A pass in training moves the statistics towards those of the batch; random factors keep them
    # from being exactly these.
    for layer in normalizations:
        layer.momentum = 0.0
    model(images, training=True)
    for layer, momentum in zip(normalizations, [0.99] * len(normalizations)):
        layer.momentum = 0.99
        mean, variance = layer.moving_mean, layer.moving_variance
        mean.assign(np.asarray(mean) + generator.normal(0, 0.05, mean.shape))
        variance.assign(np.asarray(variance) * generator.uniform(0.8, 1.2, variance.shape) + 1e-3)

"""Makes the files of encoders that TensorFlow and KerasHub write, and what they must yield.

    TF_USE_LEGACY_KERAS=1 python make_container_fixtures.py tensorflow
    KERAS_BACKEND=torch python make_container_fixtures.py kerashub

The first needs transformers 4.57, tensorflow, tf-keras, torch and the files of
make_text_fixtures.py, whose networks it stores again; the second needs keras 3 and keras-hub.
"""
import json
import os
import shutil
import sys
import zipfile

import h5py
import numpy as np

from make_text_fixtures import CLASSES, COUNT, HEADS, INNER, LAYERS, OUT, PAD, PLACES, VOCAB, WIDTH
from make_text_fixtures import configuration, inputs


def feed(kind):
    ids, mask, types, _ = inputs(kind)
    return (ids, mask, types) if kind in ("bert", "xlnet") else (ids, mask, None)


def tensorflow():
    import tensorflow as tf
    import transformers as t

    classes = dict(
        bert=t.TFBertModel, distilbert=t.TFDistilBertModel, gpt2=t.TFGPT2Model,
        roberta=t.TFRobertaModel, xlnet=t.TFXLNetModel)
    for kind in sys.argv[2:] or PAD:
        path = os.path.join(OUT, kind)
        model = classes[kind].from_pretrained(path, from_pt=True)
        model.save_pretrained(f"{path}/new", safe_serialization=False)
        os.replace(f"{path}/new/tf_model.h5", f"{path}/tf_model.h5")
        shutil.rmtree(f"{path}/new")
        ids, mask, types = feed(kind)
        arguments = dict(input_ids=ids, attention_mask=mask)
        if types is not None:
            arguments["token_type_ids"] = types
        found = model(**arguments).last_hidden_state.numpy()
        with h5py.File(f"{path}/expected.h5") as f:
            difference = np.abs(found - f["last_hidden_state"][()])[mask == 1].max()
        print(kind, "differs from PyTorch by", difference)
    # A classifier, as users have it.
    path = os.path.join(OUT, "tf_classifier")
    tf.random.set_seed(1)
    config = configuration("bert")
    config.num_labels, config.num_hidden_layers = CLASSES, 1
    model = t.TFBertForSequenceClassification(config)
    ids, mask, types = feed("bert")
    out = model(dict(input_ids=ids, attention_mask=mask, token_type_ids=types))
    model.save_pretrained(path, safe_serialization=False)
    with h5py.File(f"{path}/expected.h5", "w") as f:
        f["logits"] = out.logits.numpy()


def shake(model, rng):
    """Gives a model random weights, so that none is 0 or 1 and every mistake shows."""
    for w in model.weights:
        if not str(w.dtype).startswith("float"):
            continue
        leaf = w.path.split("/")[-1]
        if leaf == "gamma":
            w.assign(1 + 0.2 * rng.standard_normal(w.shape))
        else:
            small = leaf in ("bias", "beta") or "attention_bias" in leaf
            w.assign((0.1 if small else 0.25) * rng.standard_normal(w.shape))


def deflate(path):
    """Writes an archive again with compressed members."""
    with zipfile.ZipFile(path) as f:
        members = [(name, f.read(name)) for name in f.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as f:
        for name, content in members:
            f.writestr(name, content)


def kerashub():
    import keras
    import keras_hub.models as m

    keras.utils.set_random_seed(4)
    rng = np.random.default_rng(5)
    path = os.path.join(OUT, "kerashub")
    os.makedirs(path, exist_ok=True)
    sizes = dict(
        vocabulary_size=VOCAB, num_layers=LAYERS, num_heads=HEADS, hidden_dim=WIDTH,
        intermediate_dim=INNER)
    backbones = dict(
        bert=lambda: m.BertBackbone(**sizes, max_sequence_length=PLACES, num_segments=2),
        distilbert=lambda: m.DistilBertBackbone(**sizes, max_sequence_length=PLACES),
        gpt2=lambda: m.GPT2Backbone(**sizes, max_sequence_length=PLACES),
        roberta=lambda: m.RobertaBackbone(**sizes, max_sequence_length=PLACES),
        xlnet=lambda: m.XLNetBackbone(**sizes))
    results = h5py.File(f"{path}/expected.h5", "w", libver=("v110", "v110"))
    for kind, make in backbones.items():
        model = make()
        shake(model, rng)
        ids, mask, types = feed(kind)
        arguments = dict(token_ids=ids, padding_mask=mask)
        if types is not None:
            arguments["segment_ids"] = types
        if kind == "bert":
            encoder, model = model, m.BertTextClassifier(backbone=model, num_classes=CLASSES)
            shake(model, rng)
        else:
            encoder = model
        # KerasHub 0.32 reshapes XLNet's mask where it should transpose it, so that rows of a batch
        # get the masks of others; a row alone is right.
        size = 1 if kind == "xlnet" else COUNT
        out = encoder.predict(arguments, verbose=0, batch_size=size)
        results[f"{kind}/last_hidden_state"] = out["sequence_output"] if kind == "bert" else out
        if kind == "xlnet":
            model.save_weights(f"{path}/{kind}.weights.h5")
            model.save_to_preset(f"{path}/new")
            with open(f"{path}/new/config.json") as f, open(f"{path}/{kind}.config.json", "w") as g:
                json.dump(json.load(f), g, indent=1)
            shutil.rmtree(f"{path}/new")
        else:
            name = "bert_classifier" if kind == "bert" else kind
            model.save(f"{path}/{name}.keras")
            deflate(f"{path}/{name}.keras")
    results.close()


if __name__ == "__main__":
    {"tensorflow": tensorflow, "kerashub": kerashub}[sys.argv[1]]()

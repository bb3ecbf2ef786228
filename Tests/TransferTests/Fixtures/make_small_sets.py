"""Makes small_sets.h5: small sets of features, and how well scikit-learn does on them.

    python make_small_sets.py     (scikit-learn 1.9, h5py 3.16)

A group per set: `features` [count, features] float32, `labels`, and for each of ten splits, `train`
[10, rows] and `test` [10, rows], the `accuracy` of StandardScaler and LogisticRegressionCV with five
stratified folds and the powers of ten from 1e-4 to 1e4 for C, chosen by accuracy. `faces` is made up:
see synthetic_faces.py.
"""

import warnings

import h5py
import numpy as np
from sklearn import datasets
from sklearn.linear_model import LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from synthetic_faces import faces

warnings.simplefilter("ignore")


def known(load, count=None):
    bunch = load()
    order = np.random.default_rng(0).permutation(len(bunch.target))[:count]
    return bunch.data[order], bunch.target[order]


SETS = {
    "faces": (faces(), 78),
    "iris": (known(datasets.load_iris), 20),
    "wine": (known(datasets.load_wine), 20),
    "breast-cancer": (known(datasets.load_breast_cancer, 120), 30),
    "digits": (known(datasets.load_digits, 300), 60),
}

with h5py.File("small_sets.h5", "w") as file:
    for name, ((features, labels), size) in SETS.items():
        features = features.astype(np.float32)
        splits = list(
            StratifiedShuffleSplit(10, train_size=size, random_state=0).split(features, labels))
        accuracies = []
        for number, (train, test) in enumerate(splits):
            folds = StratifiedKFold(5, shuffle=True, random_state=number)
            model = make_pipeline(
                StandardScaler(),
                LogisticRegressionCV(
                    Cs=10.0 ** np.arange(-4, 5), cv=folds, scoring="accuracy", max_iter=1000,
                    use_legacy_attributes=False))
            model.fit(features[train], labels[train])
            accuracies.append(model.score(features[test], labels[test]))
        group = file.create_group(name)
        packed = features.astype("u1") if np.all(features == features.astype("u1")) else features
        group.create_dataset("features", data=packed, compression="gzip", shuffle=True)
        group["labels"] = labels.astype("u1")
        group["train"] = np.array([train for train, _ in splits], "u2")
        group["test"] = np.array([test for _, test in splits], "u2")
        group["accuracy"] = np.array(accuracies)
        print(name, np.round(accuracies, 3), np.mean(accuracies).round(4), flush=True)

"""Makes logistic.h5: minima by scikit-learn and SciPy that the linear probe and L-BFGS must match.

    python make_logistic_fixture.py     (scikit-learn 1.9, SciPy 1.17, h5py 3.16)

Groups `multinomial` (4 classes) and `binary`: `features` [count, features] float32 with unequal
scales, offsets and correlations, `labels`, `C`, and per C the `loss` (mean cross-entropy +
|coefficients|^2 / (2 C count), coefficients for standardized features), and for the features as given
the `kernel` [C, features, classes] and the `bias` [C, classes]; the binary kernel is scikit-learn's
single vector. Group `function`: the minimum of
sum(log(cosh(A x - b))) + 0.05 |x|^2.
"""

import h5py
import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(20)
strengths = np.array([1e-3, 1e-1, 1.0, 1e2, 1e4])


def draw(count, features, classes):
    labels = random.integers(0, classes, count)
    centers = random.normal(size=(classes, features))
    mixing = np.eye(features) + 0.3 * random.normal(size=(features, features))
    x = (0.9 * centers[labels] + random.normal(size=(count, features)) * 1.5) @ mixing
    x = x * 3.0 ** random.uniform(-1, 1, features) + random.normal(size=features)
    return x.astype(np.float32), labels.astype(np.int32)


def solve(group, features, labels):
    scaler = StandardScaler().fit(features.astype(np.float64))
    x = scaler.transform(features.astype(np.float64))
    losses, kernels, biases = [], [], []
    for c in strengths:
        # A tolerance far below the default, so that the minimum is scikit-learn's and not its haste.
        model = LogisticRegression(C=c, solver="lbfgs", tol=1e-7, max_iter=200_000)
        model.fit(x, labels)
        z = model.decision_function(x)
        logits = np.stack([np.zeros_like(z), z], 1) if z.ndim == 1 else z
        entropy = logsumexp(logits, axis=1) - logits[np.arange(len(labels)), labels]
        losses.append(entropy.mean() + (model.coef_**2).sum() / (2 * c * len(labels)))
        kernels.append((model.coef_ / scaler.scale_).T)
        biases.append(model.intercept_ - scaler.mean_ @ kernels[-1])
        print(group.name, c, losses[-1], model.n_iter_)
    group["features"], group["labels"], group["C"] = features, labels, strengths
    group["loss"] = np.array(losses)
    group["kernel"], group["bias"] = np.array(kernels), np.array(biases)


def smooth(group):
    a = random.normal(size=(30, 12)) * 2.0 ** np.arange(-6, 6)
    b = random.normal(size=30) * 3

    def f(x):
        r = a @ x - b
        value = np.logaddexp(r, -r).sum() - len(r) * np.log(2) + 0.05 * x @ x
        return value, a.T @ np.tanh(r) + 0.1 * x

    result = minimize(
        f, np.zeros(12), jac=True, method="L-BFGS-B",
        options={"maxiter": 100_000, "maxfun": 1_000_000, "ftol": 0, "gtol": 1e-10})
    result = minimize(f, result.x, jac=True, method="BFGS", options={"gtol": 1e-9})
    print(result.fun, np.abs(result.jac).max())
    group["A"], group["b"], group["x"], group["value"] = a, b, result.x, result.fun


with h5py.File("logistic.h5", "w") as file:
    solve(file.create_group("multinomial"), *draw(300, 16, 4))
    solve(file.create_group("binary"), *draw(120, 8, 2))
    smooth(file.create_group("function"))

"""scikit-learn as a contestant: multinomial logistic regression by L-BFGS.

It standardizes the features first.
"""

import warnings

import numpy as np
from scipy.special import logsumexp
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tasks
from worker import Watch, serve

# From the loosest; the default is 1e-4.
TOLERANCES = (1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7)
TYPES = ("float32", "float64")


class Probe:
    """The answers to the requests, on one task's features."""

    def load(self, similarity, replicate, train_file, test_file):
        train, test = tasks.task(similarity, replicate)
        self.labels, self.test_labels = train.labels, test.labels
        rows = np.fromfile(train_file, np.float32).reshape(len(train.labels), -1)
        self.features = {name: rows.astype(name) for name in TYPES}
        self.standardized = StandardScaler().fit_transform(self.features["float64"])
        self.test_features = np.fromfile(test_file, np.float32).reshape(len(test.labels), -1)
        return {}

    def fit(self, kind, tolerance):
        model = make_pipeline(
            StandardScaler(),
            LogisticRegression(C=1, solver="lbfgs", tol=tolerance, max_iter=100_000))
        watch = Watch()
        with warnings.catch_warnings():
            # A line search without further progress ends the fit; the objective shows the result.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(self.features[kind], self.labels)
        return model, watch.seconds

    def objective(self, model):
        """Mean cross-entropy + |W|^2 / (2 C n) in double precision, W for standardized features."""
        model = model[-1]
        logits = self.standardized @ model.coef_.T.astype(float) + model.intercept_
        chosen = logits[np.arange(len(self.labels)), self.labels]
        penalty = 0.5 * np.sum(model.coef_.astype(float) ** 2)
        return float(np.mean(logsumexp(logits, axis=1) - chosen) + penalty / len(self.labels))

    def tune(self, objective, slack):
        """The fastest settings whose objective is at most `objective` plus its share `slack`."""
        trials = []
        for kind in TYPES:
            before = np.inf
            for tolerance in TOLERANCES:
                model, seconds = self.fit(kind, tolerance)
                reached = self.objective(model)
                if reached <= objective * (1 + slack):
                    trials.append((seconds, kind, tolerance))
                # Single precision may reach its limit first.
                if reached <= objective * (1 + slack) or reached >= before:
                    break
                before = reached
        if not trials:
            raise ValueError(f"no tolerance of {TOLERANCES} reaches the objective {objective}")
        _, kind, tolerance = min(trials)
        return {"kind": kind, "tolerance": tolerance}

    def probe(self, kind, tolerance):
        model, seconds = self.fit(kind, tolerance)
        return {
            "seconds": seconds, "objective": self.objective(model),
            "iterations": int(model[-1].n_iter_[0]),
            "accuracy": float(model.score(self.test_features, self.test_labels))}


if __name__ == "__main__":
    probe = Probe()
    serve({"load": probe.load, "tune": probe.tune, "probe": probe.probe})

"""What NannyML estimates on seeded data: estimators.fixtures.json.

    pip install nannyml==0.13.1
    NML_DISABLE_USAGE_LOGGING=1 python estimators.fixtures.py estimators.fixtures.json
"""

import importlib.metadata
import json
import sys
import warnings

import nannyml as nml
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
METRICS = ["accuracy", "precision", "recall", "f1", "roc_auc"]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def binary(seed, sharpness, shift):
    rng = np.random.default_rng(seed)

    def rows(n, centre):
        x = rng.normal(centre, 1, n)
        y = (rng.random(n) < sigmoid(1.5 * x)).astype(int)
        score = np.round(sigmoid(sharpness * x), 5)
        return pd.DataFrame({"score": score, "predicted": (score > 0.5).astype(int), "actual": y})

    return rows(2000, 0), rows(1000, shift)


def estimate(estimator, reference, analysis):
    estimator.fit(reference)
    result = estimator.estimate(analysis).to_df()
    result = result[result[("chunk", "period")] == "analysis"]
    return {metric: float(result[(metric, "value")].iloc[0]) for metric in METRICS}


def columns(frame):
    return {name: frame[name].tolist() for name in frame}


binaries = []
for seed, sharpness, shift in [(1, 4, 0), (2, 0.5, 1), (3, 5, -1)]:
    reference, analysis = binary(seed, sharpness, shift)
    cbpe = nml.CBPE(
        y_pred_proba="score", y_pred="predicted", y_true="actual", metrics=METRICS,
        problem_type="classification_binary", chunk_size=1000,
    )
    values = estimate(cbpe, reference, analysis)
    assert cbpe.needs_calibration
    binaries.append({"reference": columns(reference), "analysis": columns(analysis), "estimates": values})


def multiclass(seed, shift):
    rng = np.random.default_rng(seed)

    def rows(n, centre):
        x = rng.normal(centre, 1, (n, 2))
        logits = np.column_stack([x[:, 0], x[:, 1], -x[:, 0] - x[:, 1]])
        true = np.exp(logits)
        true /= true.sum(axis=1, keepdims=True)
        y = (rng.random((n, 1)) > true.cumsum(axis=1)).sum(axis=1)
        over = np.exp(3 * logits)
        over = np.round(over / over.sum(axis=1, keepdims=True), 5)
        frame = pd.DataFrame({f"score{k}": over[:, k] for k in range(3)})
        frame["predicted"] = over.argmax(axis=1)
        frame["actual"] = y
        return frame

    return rows(2000, 0), rows(1000, shift)


multiclasses = []
for seed, shift in [(4, 0), (5, 0.7)]:
    reference, analysis = multiclass(seed, shift)
    cbpe = nml.CBPE(
        y_pred_proba={k: f"score{k}" for k in range(3)}, y_pred="predicted", y_true="actual", metrics=METRICS,
        problem_type="classification_multiclass", chunk_size=1000,
    )
    values = estimate(cbpe, reference, analysis)
    assert all(type(c).__name__ == "IsotonicCalibrator" for c in cbpe._calibrators.values())
    multiclasses.append({"reference": columns(reference), "analysis": columns(analysis), "estimates": values})


def regression(seed, shift):
    rng = np.random.default_rng(seed)

    def rows(n, centre):
        x = rng.normal(centre, 1, n)
        other = rng.random(n)
        predicted = 2 * x
        actual = predicted + (0.2 + np.abs(x)) * rng.normal(0, 1, n)
        return pd.DataFrame({"x": x, "other": other, "predicted": predicted, "actual": actual}).round(4)

    return rows(2000, 0), rows(1000, shift)


regressions = []
for seed, shift in [(6, 0), (7, 1)]:
    reference, analysis = regression(seed, shift)
    dle = nml.DLE(
        feature_column_names=["x", "other"], y_pred="predicted", y_true="actual", metrics=["mae", "mse"],
        chunk_size=1000,
    )
    dle.fit(reference)
    result = dle.estimate(analysis).to_df()
    result = result[result[("chunk", "period")] == "analysis"]
    values = {metric: float(result[(metric, "value")].iloc[0]) for metric in ["mae", "mse"]}
    regressions.append({"reference": columns(reference), "analysis": columns(analysis), "estimates": values})

versions = {"nannyml": importlib.metadata.version("nannyml"), "numpy": np.__version__}
with open(sys.argv[1], "w") as file:
    json.dump({"versions": versions, "binary": binaries, "multiclass": multiclasses, "regression": regressions}, file)

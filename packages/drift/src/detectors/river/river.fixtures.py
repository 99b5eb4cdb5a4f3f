"""Detections of River on seeded streams: river.fixtures.json.

CUSUM and EWMA are not in River's releases up to 0.26.1. Put river/drift/cusum.py (commit 291ccdd) and
river/drift/ewma.py (commit 2420eb5) of https://github.com/online-ml/river into a folder, and:

    pip install river==0.26.1
    python river.fixtures.py FOLDER > river.fixtures.json

Streams are made again by the test, so that the file stays small: uniform numbers are those of Python's
random.Random(seed).random(), which our own Mersenne Twister gives, too. Normal numbers are sums of 12
uniform ones less 6, which are the same in every language.
"""

import importlib.metadata
import json
import platform
import random
import sys

import numpy as np
from river import drift

sys.path.insert(0, sys.argv[1])
from cusum import CUSUM  # noqa: E402
from ewma import EWMA  # noqa: E402


def normal(rng):
    return sum(rng.random() for _ in range(12)) - 6.0


def errors(seed, parts):
    """Parts of [values, error rate at their start, error rate at their end]."""
    rng = random.Random(seed)
    for count, first, last in parts:
        for i in range(count):
            yield 1 if rng.random() < first + (last - first) * (i / count) else 0


def numbers(seed, parts):
    """Parts of [values, mean at their start, mean at their end, standard deviation]."""
    rng = random.Random(seed)
    for count, first, last, deviation in parts:
        for i in range(count):
            yield first + (last - first) * (i / count) + deviation * normal(rng)


def uniforms(seed, parts):
    """Parts of [values, smallest, range]; whole numbers when the range is above 1."""
    rng = random.Random(seed)
    for count, smallest, span in parts:
        for _ in range(count):
            yield smallest + int(rng.random() * span)


ERRORS = [
    ["errors", 1, [[3000, 0.05, 0.05]]],
    ["errors", 2, [[3000, 0.5, 0.5]]],
    ["errors", 3, [[1000, 0.1, 0.1], [1000, 0.3, 0.3]]],
    ["errors", 4, [[1000, 0.2, 0.2], [1000, 0.8, 0.8]]],
    ["errors", 5, [[1000, 0.05, 0.05], [2000, 0.05, 0.4]]],
    ["errors", 6, [[500, 0.4, 0.4], [500, 0.1, 0.1], [500, 0.4, 0.4], [500, 0.1, 0.1]]],
    ["errors", 7, [[5000, 0.01, 0.01], [5000, 0.03, 0.03]]],
    ["errors", 8, [[40000, 0.1, 0.1], [10000, 0.12, 0.12]]],
    ["errors", 9, [[2000, 0.9, 0.9], [2000, 0.95, 0.95]]],
    ["errors", 10, [[200, 0, 0], [200, 1, 1], [200, 0, 0]]],
    ["errors", 11, [[20000, 0.02, 0.25]]],
]
NUMBERS = [
    ["numbers", 1, [[3000, 0, 0, 0.1]]],
    ["numbers", 2, [[3000, 0, 0, 1]]],
    ["numbers", 3, [[3000, 0, 0, 10]]],
    ["numbers", 4, [[1000, 0, 0, 1], [1000, 3, 3, 1]]],
    ["numbers", 5, [[1000, 5, 5, 1], [1000, 4, 4, 1]]],
    ["numbers", 6, [[1000, 0, 0, 1], [3000, 0, 4, 1]]],
    ["numbers", 7, [[500, 0, 0, 1], [500, 2, 2, 1], [500, -2, -2, 1], [500, 2, 2, 3]]],
    ["uniforms", 8, [[1000, 0, 2], [1000, 4, 4], [1000, 0, 2], [1000, 4, 4]]],
    ["numbers", 9, [[40000, 1, 1, 0.5], [10000, 1.2, 1.2, 0.5]]],
    ["errors", 12, [[2000, 0.1, 0.1], [2000, 0.3, 0.3]]],
    ["numbers", 10, [[1000, 100, 100, 0], [1000, 101, 101, 0]]],
]
STREAMS = {"errors": errors, "numbers": numbers, "uniforms": uniforms}

SHORTER = [NUMBERS[i] for i in (0, 1, 2, 3, 4, 5, 6, 7, 9, 10)] + [["numbers", 11, [[6000, 0, 0, 1], [2000, 0.5, 0.5, 1]]]]

DETECTORS = [
    ["adwin", {}, lambda: drift.ADWIN(), NUMBERS + ERRORS],
    ["adwin", {"delta": 0.05, "clock": 1, "maximumBuckets": 3, "minimumWindow": 2, "gracePeriod": 20},
     lambda: drift.ADWIN(delta=0.05, clock=1, max_buckets=3, min_window_length=2, grace_period=20), NUMBERS],
    ["page-hinkley", {}, lambda: drift.PageHinkley(), NUMBERS],
    ["page-hinkley", {"minimumCount": 50, "delta": 0.1, "threshold": 20, "alpha": 1, "direction": "down"},
     lambda: drift.PageHinkley(50, 0.1, 20.0, 1.0, "down"), NUMBERS],
    ["page-hinkley", {"direction": "up"}, lambda: drift.PageHinkley(mode="up"), NUMBERS],
    ["cusum", {}, lambda: CUSUM(), NUMBERS],
    ["cusum", {"minimumCount": 100, "slack": 1, "threshold": 8, "direction": "up"},
     lambda: CUSUM(100, 1.0, 8.0, "up"), NUMBERS],
    ["cusum", {"direction": "down"}, lambda: CUSUM(mode="down"), NUMBERS],
    ["ewma", {}, lambda: EWMA(), NUMBERS],
    ["ewma", {"alpha": 0.5, "threshold": 2.5, "minimumCount": 10, "direction": "down"},
     lambda: EWMA(0.5, 2.5, 10, "down"), NUMBERS],
    ["ddm", {}, lambda: drift.binary.DDM(), ERRORS],
    ["ddm", {"minimumCount": 100, "warningThreshold": 1, "driftThreshold": 2},
     lambda: drift.binary.DDM(100, 1.0, 2.0), ERRORS],
    ["eddm", {}, lambda: drift.binary.EDDM(), ERRORS],
    ["eddm", {"minimumCount": 50, "alpha": 0.9, "beta": 0.8}, lambda: drift.binary.EDDM(50, 0.9, 0.8), ERRORS],
    ["hddm-a", {}, lambda: drift.binary.HDDMA(), ERRORS],
    ["hddm-a", {"driftConfidence": 0.01, "warningConfidence": 0.05, "twoSided": True},
     lambda: drift.binary.HDDMA(0.01, 0.05, True), ERRORS],
    ["hddm-w", {}, lambda: drift.binary.HDDMW(), ERRORS],
    ["hddm-w", {"driftConfidence": 0.01, "warningConfidence": 0.05, "lambda": 0.1, "twoSided": True},
     lambda: drift.binary.HDDMW(0.01, 0.05, 0.1, True), ERRORS],
    ["kswin", {"seed": 7}, lambda: drift.KSWIN(seed=7), SHORTER],
    ["kswin", {"alpha": 0.001, "windowSize": 400, "statSize": 60, "seed": 5000000000},
     lambda: drift.KSWIN(alpha=0.001, window_size=400, stat_size=60, seed=5000000000), [NUMBERS[i] for i in (3, 5, 7)]],
]


def run(make, stream):
    detector = make()
    drifts, warnings = [], []
    for i, value in enumerate(stream):
        detector.update(value)
        if detector.drift_detected:
            drifts.append(i)
        elif getattr(detector, "warning_detected", False):
            warnings.append(i)
    # The warnings' number and sum tell a difference as well as all of them.
    return drifts, [len(warnings), sum(warnings)]


def golden():
    """The streams of River's own tests, whose numpy generator is not written again in the test."""
    np.random.seed(12345)
    first = np.concatenate((np.random.randint(2, size=1000), np.random.randint(8, size=1000))).tolist()
    np.random.seed(12345)
    second = [int(np.random.binomial(1, 0.2)) for _ in range(1000)] + [int(np.random.binomial(1, 0.8)) for _ in range(1000)]
    np.random.seed(12345)
    third = np.concatenate([np.random.normal(m, 0.1, 500) > 0 for m in (0.0, 0.25, 0.0, 0.25)]).astype(int).tolist()
    streams = first, second, third
    cases = [
        ["adwin", {}, drift.ADWIN(), 0],
        ["page-hinkley", {}, drift.PageHinkley(), 0],
        ["kswin", {"alpha": 0.0001, "windowSize": 200, "statSize": 100, "seed": 42},
         drift.KSWIN(alpha=0.0001, window_size=200, stat_size=100, seed=42), 0],
        ["ddm", {}, drift.binary.DDM(), 1],
        ["eddm", {}, drift.binary.EDDM(), 1],
        ["hddm-a", {}, drift.binary.HDDMA(), 1],
        ["hddm-a", {"twoSided": True}, drift.binary.HDDMA(two_sided_test=True), 2],
        ["hddm-w", {}, drift.binary.HDDMW(), 1],
        ["hddm-w", {"twoSided": True}, drift.binary.HDDMW(two_sided_test=True), 2],
    ]
    return [
        [name, options, "".join(map(str, streams[at])), run(lambda: detector, streams[at])[0]]
        for name, options, detector, at in cases
    ]


cases = []
for name, options, make, streams in DETECTORS:
    for kind, seed, parts in streams:
        drifts, warnings = run(make, STREAMS[kind](seed, parts))
        cases.append([name, options, [kind, seed, parts], drifts, warnings])

versions = {"river": importlib.metadata.version("river"), "python": platform.python_version(), "scipy": importlib.metadata.version("scipy")}
print(json.dumps({"versions": versions, "golden": golden(), "cases": cases}))

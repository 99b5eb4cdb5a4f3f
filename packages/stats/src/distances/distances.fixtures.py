"""Makes distances.fixtures.json from SciPy and NumPy.

    python3 distances.fixtures.py > distances.fixtures.json
"""

import json
import sys

import numpy
import scipy
from scipy.spatial.distance import chebyshev, jensenshannon
from scipy.stats import entropy

generator = numpy.random.default_rng(7)


def measure(p, q):
    a, b = numpy.array(p) / sum(p), numpy.array(q) / sum(q)
    return {
        "p": p,
        "q": q,
        "kl": entropy(a, b),
        "klBits": entropy(a, b, base=2),
        "psi": float(entropy(a, b) + entropy(b, a)),
        "jensenShannonDistance": jensenshannon(a, b, 2),
        "hellinger": float(numpy.sqrt(1 - numpy.sum(numpy.sqrt(a * b)))),
        "bhattacharyya": float(-numpy.log(numpy.sum(numpy.sqrt(a * b)))),
        "totalVariation": float(numpy.abs(a - b).sum() / 2),
        "lInfinity": float(chebyshev(a, b)),
        "chiSquare": float(numpy.sum((a - b) ** 2 / (a + b)) / 2),
        "kolmogorov": float(numpy.max(numpy.abs(numpy.cumsum(a - b)))),
    }


pairs = [
    # A histogram over the reference's deciles that has the three figures of the survey's table.
    ([1000] * 10, [734, 755, 771, 774, 763, 811, 2124, 1101, 1043, 1124]),
    ([0.2, 0.3, 0.5], [0.1, 0.6, 0.3]),
    ([1, 1000000], [1000, 1]),
    *[
        (generator.integers(1, 10 ** k, size).tolist(), generator.integers(1, 10 ** k, size).tolist())
        for k, size in [(1, 4), (2, 10), (3, 30), (6, 100)]
    ],
]
json.dump(
    {
        "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__, "numpy": numpy.__version__},
        "pairs": [measure(p, q) for p, q in pairs],
    },
    sys.stdout,
    indent=1,
)
print()

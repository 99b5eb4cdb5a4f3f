"""Makes random.fixtures.json: what xoshiro128** and its jump give, from a second implementation
(the jump as the 2^64th power of the transition matrix over GF(2)), and the distributions that the
samplers have to follow, from SciPy.

    python3 random.fixtures.py > random.fixtures.json
"""

import json
import sys

import scipy
from scipy import stats

MASK = 0xFFFFFFFF


def rotate(word, count):
    return ((word << count) | (word >> (32 - count))) & MASK


def step(state):
    s = list(state)
    result = rotate(s[1] * 5 & MASK, 7) * 9 & MASK
    shifted = s[1] << 9 & MASK
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = rotate(s[3], 11)
    return s, result


def outputs(state, count):
    results = []
    for _ in range(count):
        state, result = step(state)
        results.append(result)
    return results


def pack(state):
    return sum(word << (32 * index) for index, word in enumerate(state))


def unpack(bits):
    return [bits >> (32 * index) & MASK for index in range(4)]


def apply(columns, bits):
    image = 0
    for index in range(128):
        if bits >> index & 1:
            image ^= columns[index]
    return image


def jumped(state):
    columns = [pack(step(unpack(1 << index))[0]) for index in range(128)]
    for _ in range(64):
        columns = [apply(columns, column) for column in columns]
    return unpack(apply(columns, pack(state)))


def continuous(name, parameters, law):
    levels = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    return {
        "sampler": name,
        "parameters": parameters,
        "levels": levels,
        "quantiles": [float(law.ppf(level)) for level in levels],
    }


def discrete(name, parameters, law, points):
    return {
        "sampler": name,
        "parameters": parameters,
        "levels": [float(law.cdf(point)) for point in points],
        "quantiles": points,
    }


fixtures = {
    "versions": {"python": sys.version.split()[0], "scipy": scipy.__version__},
    "start": [1, 2, 3, 4],
    "outputs": outputs([1, 2, 3, 4], 10),
    "afterJump": outputs(jumped([1, 2, 3, 4]), 4),
    "laws": [
        continuous("normal", [], stats.norm()),
        continuous("normal", [-3, 0.5], stats.norm(-3, 0.5)),
        continuous("exponential", [4], stats.expon(scale=1 / 4)),
        continuous("gamma", [0.3], stats.gamma(0.3)),
        continuous("gamma", [1], stats.gamma(1)),
        continuous("gamma", [7.5, 2], stats.gamma(7.5, scale=2)),
        continuous("beta", [0.2, 0.6], stats.beta(0.2, 0.6)),
        continuous("beta", [3, 2], stats.beta(3, 2)),
        continuous("studentT", [1.5], stats.t(1.5)),
        continuous("studentT", [9], stats.t(9)),
        continuous("cauchy", [1, 2], stats.cauchy(1, 2)),
        discrete("poisson", [0.7], stats.poisson(0.7), [0, 1, 2, 3]),
        discrete("poisson", [9.9], stats.poisson(9.9), [4, 7, 9, 10, 13, 17]),
        discrete("poisson", [10.1], stats.poisson(10.1), [4, 7, 9, 10, 13, 17]),
        discrete("poisson", [1000], stats.poisson(1000), [930, 970, 1000, 1030, 1070]),
        discrete("binomial", [5, 0.5], stats.binom(5, 0.5), [0, 1, 2, 3, 4]),
        discrete("binomial", [1000, 0.003], stats.binom(1000, 0.003), [0, 1, 2, 3, 4, 6]),
        discrete("binomial", [40, 0.7], stats.binom(40, 0.7), [22, 25, 27, 28, 30, 33]),
        discrete("binomial", [100000, 0.2], stats.binom(100000, 0.2), [19700, 19900, 20000, 20100, 20300]),
        discrete("zipf", [1.2, 50], stats.zipfian(1.2, 50), [1, 2, 3, 5, 10, 30]),
        discrete("zipf", [1, 10], stats.zipfian(1, 10), [1, 2, 3, 5, 9]),
        discrete("zipf", [0, 4], stats.zipfian(1e-300, 4), [1, 2, 3]),
        discrete("zipf", [2.5, 1000000], stats.zipfian(2.5, 1000000), [1, 2, 3, 10]),
    ],
}
json.dump(fixtures, sys.stdout, indent=1)
print()

"""Make `slopes.npz` with mpmath: activations, slopes and matched pairs to the last digit, at any z up to 700.

Run from the checkout, where mpmath is installed (tests need only the file)::

    python -m tests.golden.make_slopes

Every number is computed with 800 digits from the z as stored, and rounded once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

SLOPES = Path(__file__).resolve().parent / "slopes.npz"

POSITIVE = (
    *(1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.5, 1, 2, 2.9, 3.1, 5, 8, 12, 15, 17, 18.5, 19, 20, 22, 30),
    *(36, 36.8, 37, 38, 40, 44, 60, 100, 200, 300, 350, 500, 650, 700),
)
POINTS = np.array([*(-z for z in reversed(POSITIVE)), 0, *POSITIVE], float)

ROWS = np.array(
    [
        *([0, 0, 0], [1, 2, 3], [-3, 8, 8], [12, 0, 1], [20, -3, 2], [36, 0, 0], [37, 1, 0.5], [44, 0, -3]),
        *([0, 44, 43], [100, 0, 99], [-100, 250, 0], [700, 0, -0.5], [0, 350, -350], [700, 690, 1]),
        *([1e-3, 0, -1e-3], [300, 300, 299], [-700, -700, -7]),
    ],
    float,
)
"""Pre-activations of three units under a softmax."""

UPSTREAM = np.array([[1.0, 2.0, -3.0], [0.3, 0.3, 0.4], [1e3, -1.0, 1e-3]])


def rules(mp: Any) -> dict[str, Callable[[Any], tuple[Any, Any]]]:
    """Each activation as value and slope, with its default parameters."""
    exp, one, half = mp.exp, mp.mpf(1), mp.mpf(1) / 2

    def sigmoid(z: Any) -> Any:
        return one / (one + exp(-z))

    def mish(z: Any) -> tuple[Any, Any]:
        t = mp.tanh(mp.log(one + exp(z)))
        return z * t, t + z * sigmoid(z) * (one - t * t)

    def gelu(z: Any) -> tuple[Any, Any]:
        below = mp.erfc(-z / mp.sqrt(2)) / 2
        return z * below, below + z * exp(-z * z / 2) / mp.sqrt(2 * mp.pi)

    def elu(z: Any, alpha: Any = one, scale: Any = one) -> tuple[Any, Any]:
        return (scale * z, scale) if z > 0 else (scale * alpha * (exp(z) - one), scale * alpha * exp(z))

    selu = (mp.mpf(1.6732632423543772), mp.mpf(1.0507009873554805))
    slope_below = mp.mpf(0.01)
    return {
        "linear": lambda z: (z, one),
        "sigmoid": lambda z: (sigmoid(z), sigmoid(z) * sigmoid(-z)),
        "tanh": lambda z: (mp.tanh(z), one / mp.cosh(z) ** 2),
        "relu": lambda z: (z, one) if z > 0 else (0 * one, 0 * one),
        "leaky_relu": lambda z: (z, one) if z > 0 else (slope_below * z, slope_below),
        "elu": elu,
        "selu": lambda z: elu(z, *selu),
        "softplus": lambda z: (mp.log(one + exp(z)), sigmoid(z)),
        "softsign": lambda z: (z / (one + abs(z)), one / (one + abs(z)) ** 2),
        "silu": lambda z: (z * sigmoid(z), sigmoid(z) * (one + z * sigmoid(-z))),
        "gelu": gelu,
        "mish": mish,
        "hard_sigmoid": lambda z: (
            (z / 6 + half, one / 6) if abs(z) < 3 else (one if z > 0 else 0 * one, 0 * one)
        ),
    }


def _softmax(mp: Any, z: list[Any]) -> tuple[list[Any], list[list[Any]]]:
    """The activations and the Jacobian da_i/dz_j."""
    sizes = [mp.exp(x) for x in z]
    total = sum(sizes)
    a = [x / total for x in sizes]
    rest = [(total - x) / total for x in sizes]
    jacobian = [[a[i] * (rest[i] if i == j else -a[j]) for j in range(len(z))] for i in range(len(z))]
    return a, jacobian


def _rounded(values: Any) -> FloatArray:
    return np.array(values, dtype=object).astype(np.float64)


def make() -> None:
    import mpmath as mp

    mp.mp.dps = 800
    kept: dict[str, FloatArray] = {}
    for name, rule in rules(mp).items():
        kept[name] = _rounded([rule(mp.mpf(z)) for z in POINTS]).T

    # Sigmoid and binary cross-entropy, by target: dL/da, dL/dz, the loss
    for t in (0, 1):
        rows = []
        for point in POINTS:
            z = mp.mpf(point)
            sure = 1 / (1 + mp.exp(-z))
            wrong = sure if t == 0 else 1 / (1 + mp.exp(z))
            right = 1 - wrong
            rows.append((1 / right if t == 0 else -1 / right, wrong if t == 0 else -wrong, -mp.log(right)))
        kept[f"binary_{t}"] = _rounded(rows).T

    # Softmax, and with cross-entropy by class
    outputs, jacobians, upstreams, deltas, losses, through = [], [], [], [], [], []
    for row in ROWS:
        a, jacobian = _softmax(mp, [mp.mpf(x) for x in row])
        outputs.append(a)
        jacobians.append(jacobian)
        upstreams.append([-1 / x for x in a])
        deltas.append([[-jacobian[t][j] / a[t] for j in range(3)] for t in range(3)])
        losses.append([-mp.log(x) for x in a])
        through.append(
            [
                [sum(mp.mpf(u) * jacobian[i][j] for i, u in enumerate(up)) for j in range(3)]
                for up in UPSTREAM.tolist()
            ]
        )
    kept |= {
        "softmax": _rounded(outputs),
        "jacobian": _rounded(jacobians),
        "softmax_upstream": _rounded(upstreams),
        "softmax_delta": _rounded(deltas),
        "softmax_loss": _rounded(losses),
        "through": _rounded(through),
    }
    np.savez_compressed(SLOPES, **kept)


if __name__ == "__main__":
    make()

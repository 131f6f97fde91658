"""What the data alone say: columns' sizes, rows that contradict, and whether anything is to learn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.diagnose.score import constant_loss
from engine.experiment import Experiment
from engine.functions.activations import Activation
from engine.functions.losses import Loss

MOST_ROWS = 300
"""Of more rows the test of dependence takes this many, evenly spread."""

FEWEST_ROWS = 40
"""Of fewer rows nothing is said about dependence: exclusive or looks like chance with four."""

PERMUTATIONS = 199

BLOCK = 500_000
"""Numbers that a pass over all rows takes at once."""

FAR = 15.0
"""Times the median distance from the median at which a target is taken for an outlier."""


class Columns(NamedTuple):
    """How far the input columns are from mean 0 and deviation 1.

    Attributes
    ----------
    mean, deviation : (d,)
    excess : (d,)
        By how many times each column is too large, too small or off-centre; 1 or less is no fault.
    """

    mean: FloatArray
    deviation: FloatArray
    excess: FloatArray


def moments(numbers: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Mean and deviation of each column over all rows, with no second copy of them."""
    rows, width = numbers.shape
    block = max(1, BLOCK // max(width, 1))
    parts = [numbers[start : start + block] for start in range(0, rows, block)]
    with np.errstate(all="ignore"):
        mean: FloatArray = np.sum([part.sum(axis=0, dtype=np.float64) for part in parts], axis=0) / rows
        squares = np.sum([np.square(part - mean).sum(axis=0) for part in parts], axis=0)
        return mean, np.sqrt(squares / rows)


def columns(inputs: FloatArray) -> Columns:
    """Measure the columns of what the network is fed; a column that never changes is judged by its size."""
    with np.errstate(all="ignore"):
        mean, deviation = moments(inputs)
        size = np.sqrt(mean * mean + deviation * deviation)
        largest = np.maximum(np.abs(inputs.max(axis=0)), np.abs(inputs.min(axis=0)))
        too_large = size / 3.0
        too_small = np.where(largest > 0, 0.3 / largest, 0.0)
        off_centre = np.where(deviation > 0, np.abs(mean) / (4.0 * deviation), 0.0) * (np.abs(mean) > 2.0)
        excess = np.maximum(np.maximum(too_large, too_small), off_centre)
    return Columns(mean, deviation, np.nan_to_num(excess, nan=1e300, posinf=1e300))


def groups_of_equal_rows(inputs: FloatArray) -> IntArray:
    """A number for each row, the same for rows with the same inputs."""
    numbers: dict[bytes, int] = {}
    rows = np.ascontiguousarray(inputs + 0.0)  # -0 becomes 0
    return np.array([numbers.setdefault(row.tobytes(), len(numbers)) for row in rows], dtype=np.int64)


class Contradictions(NamedTuple):
    """What the same inputs with different targets leave: the least loss any function could reach.

    Attributes
    ----------
    rows : int
        Rows whose inputs occur with another target too.
    first : int
        The first of them, -1 if there are none.
    floor : float
    """

    rows: int
    first: int
    floor: float


def contradictions(loss: Loss, inputs: FloatArray, targets: FloatArray) -> Contradictions:
    """Find rows with equal inputs and unequal targets."""
    groups = groups_of_equal_rows(inputs)
    if not len(groups) or groups.max() + 1 == len(groups):
        return Contradictions(0, -1, 0.0)
    first = np.zeros(groups.max() + 1, dtype=np.int64)
    first[groups[::-1]] = np.arange(len(groups))[::-1]
    unlike = (targets != targets[first[groups]]).any(axis=1)
    odd = np.isin(groups, groups[unlike])
    if not odd.any():
        return Contradictions(0, -1, 0.0)
    with np.errstate(all="ignore"):
        floor = constant_loss(loss, targets, groups)
    return Contradictions(int(odd.sum()), int(odd.argmax()), floor)


RANGES: dict[str, tuple[float, float]] = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, np.inf),
    "softplus": (0.0, np.inf),
    "softsign": (-1.0, 1.0),
    "silu": (-0.2784645427610738, np.inf),
    "gelu": (-0.16997120747990369, np.inf),
    "mish": (-0.30884013059172866, np.inf),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "selu": (-1.7580993408473766, np.inf),
}


def output_range(activation: Activation) -> tuple[float, float]:
    """The least and the greatest value of an activation function; infinite where there is none."""
    if activation.name == "elu":
        return -float(activation.alpha), np.inf  # type: ignore[attr-defined]
    if activation.name == "leaky_relu" and activation.slope_below == 0.0:  # type: ignore[attr-defined]
        return 0.0, np.inf
    return RANGES.get(activation.name, (-np.inf, np.inf))


class Reach(NamedTuple):
    """How well the output function could do at best.

    Attributes
    ----------
    low, high : float
        The range of the output function.
    outside : float
        The share of rows with a target outside of it.
    floor : float
        The least mean loss within it.
    """

    low: float
    high: float
    outside: float
    floor: float


def reach(experiment: Experiment, kind: str, targets: FloatArray) -> Reach:
    """Compare the range of the output function with the targets."""
    loss = experiment.loss
    low, high = output_range(experiment.layers[-1].activation)
    if loss.name == "hinge":  # wants -1 and 1
        wanted = 2.0 * targets - 1.0
        best = np.clip(wanted, low, high)
        outside = (wanted < low) | (wanted > high)
    elif kind == "regression":
        best = np.clip(targets, low, high)
        outside = targets != best
    else:  # 0 and 1, which every function here reaches but for the limit
        return Reach(low, high, 0.0, 0.0)
    with np.errstate(all="ignore"):
        floor = float(np.mean(loss.per_sample(best, targets)))
    return Reach(low, high, float(outside.any(axis=1).mean()), floor)


class Dependence(NamedTuple):
    """Whether the targets have anything to do with the inputs, as far as simple learners can tell.

    Attributes
    ----------
    chance : float
        The share of shuffled targets that are predicted at least as well as the true ones; small where
        there is something to learn, nan where it could not be tested.
    straight, bent : float
        The squared error of rows left out, as a multiple of the mean's, of the best linear prediction
        and of the best that may bend.
    """

    chance: float
    straight: float
    bent: float


def _without_far_ones(targets: FloatArray) -> FloatArray:
    """Targets with the far ones brought nearer: one slip of the pen is not all there is to foretell."""
    middle = np.median(targets, axis=0)
    spread = np.median(np.abs(targets - middle), axis=0)
    far = np.where(spread > 0, FAR * spread, np.inf)
    return np.clip(targets, middle - far, middle + far)


def dependence(inputs: FloatArray, targets: FloatArray) -> Dependence:
    """Test whether targets depend on inputs, by kernel ridge regression with each row left out.

    The same is done with shuffled targets, which says how well chance would do: the lowest error over
    kernels and strengths is compared with its own distribution, so nothing is assumed about the data.
    A single column's rank correlation is tested beside it, for many columns of which few matter.
    """
    untested = Dependence(float("nan"), 1.0, 1.0)
    n = len(inputs)
    if n > MOST_ROWS:
        chosen = np.linspace(0, n - 1, MOST_ROWS).astype(np.int64)
        inputs, targets, n = inputs[chosen], targets[chosen], MOST_ROWS
    if n < FEWEST_ROWS:
        return untested
    with np.errstate(all="ignore"):
        x = inputs - inputs.mean(axis=0)
        deviation = x.std(axis=0)
        x = x[:, deviation > 0] / deviation[deviation > 0]
        t = _without_far_ones(targets)
        t = t - t.mean(axis=0)
        t = t / np.where(t.std(axis=0) > 0, t.std(axis=0), 1.0)
    if not x.shape[1] or not np.isfinite(x).all() or not np.any(t):
        return untested
    rng = np.random.default_rng(0)
    k = t.shape[1]
    orders = [np.arange(n), *(rng.permutation(n) for _ in range(PERMUTATIONS))]
    shuffled = np.concatenate([t[order] for order in orders], axis=1)  # (n, (1 + P) k)
    lowest = {True: np.full(len(orders), np.inf), False: np.full(len(orders), np.inf)}
    gram = x @ x.T
    norms = np.diag(gram)
    squares = np.maximum(norms[:, None] + norms[None, :] - 2 * gram, 0.0)
    middle = float(np.median(squares[squares > 0])) if (squares > 0).any() else 1.0
    kernels = [(True, gram / x.shape[1]), *((False, np.exp(-squares / (middle * c))) for c in (1.0, 0.15))]
    total = (t**2).sum()
    for straight, kernel in kernels:
        values, vectors = np.linalg.eigh(kernel + 1.0)  # the 1 is the intercept
        turned = vectors.T @ shuffled
        for strength in (0.03, 1.0, 30.0) if straight else (0.03, 1.0):
            shrink = values / (values + strength)
            own = np.einsum("ij,j,ij->i", vectors, shrink, vectors)
            left_out = (shuffled - vectors @ (shrink[:, None] * turned)) / np.maximum(1 - own, 1e-6)[:, None]
            errors = (left_out**2).sum(axis=0).reshape(len(orders), k).sum(axis=1) / total
            lowest[straight] = np.minimum(lowest[straight], errors)
    best = np.minimum(lowest[True], lowest[False])
    ranks = x.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") - (n - 1) / 2
    correlation = np.abs(ranks.T @ shuffled).reshape(x.shape[1], len(orders), k).max(axis=(0, 2))
    by_error = float(np.mean(best[1:] <= best[0]))
    by_column = float(np.mean(correlation[1:] >= correlation[0]))
    chance = min(1.0, 2 * min(by_error, by_column))
    return Dependence(chance, float(lowest[True][0]), float(best[0]))

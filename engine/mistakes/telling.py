"""Whether a batch can show mistakes at all, and one that can."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment
from engine.mistakes.batch import Batch
from engine.mistakes.reference import Case

REASONS = {
    "one_row": QT_TRANSLATE_NOOP("mistakes", "The batch has one row: sum and mean are the same."),
    "no_error": QT_TRANSLATE_NOOP("mistakes", "All outputs are as their targets: every gradient is 0."),
    "same_rows": QT_TRANSLATE_NOOP("mistakes", "All rows of the batch are the same."),
    "zero_inputs": QT_TRANSLATE_NOOP("mistakes", "An input is 0 in every row: nothing learns from it."),
    "zero_biases": QT_TRANSLATE_NOOP("mistakes", "All biases are 0: one left out makes no difference."),
    "same_weights": QT_TRANSLATE_NOOP("mistakes", "All weights of a layer are the same: units stay alike."),
    "rate_one": QT_TRANSLATE_NOOP(
        "mistakes", "The learning rate is 1: left out, or taken twice, it is the same."
    ),
    "numbers": QT_TRANSLATE_NOOP("mistakes", "With these numbers some mistakes make no difference."),
}
"""Why a batch does not tell; English sentences of the context ``mistakes``."""


@dataclass(frozen=True, eq=False)
class Telling:
    """Whether the batch tells mistakes from the right step.

    Attributes
    ----------
    unseen : tuple of str
        Mistakes that give the right numbers in this very case, so that no check can see them.
    reasons : tuple of str
        Why, keys of `REASONS`.
    better : Batch or None
        A batch and parameters that show them.
    """

    unseen: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    better: Batch | None = None


def telling(case: Case, unseen: tuple[str, ...]) -> Telling:
    """Say why some mistakes cannot be seen, and offer a batch in which they can."""
    # What is a matter of chance or of size, such as a probability that is nowhere clipped, is no fault.
    blind = tuple(name for name in unseen if name not in ("clipped_probability", "relu_mask_from_gradient"))
    reasons = [name for name, found in _found(case).items() if found]
    if not blind or not reasons:
        return Telling(unseen)
    return Telling(unseen, tuple(reasons), telling_batch(case.experiment, case.widths[0], case.B + 1))


def _found(case: Case) -> dict[str, bool]:
    inputs, weights = case.inputs, case.W[1:]
    return {
        "one_row": case.B == 1,
        "same_rows": case.B > 1
        and bool((inputs == inputs[0]).all() and (case.targets == case.targets[0]).all()),
        "zero_inputs": bool((inputs == 0).all(axis=0).any()),
        "zero_biases": not any(b.any() for b in case.b[1:]),
        "same_weights": any(W.size > 1 and bool((W.flat[0] == W).all()) for W in weights),
        "rate_one": case.eta == 1.0,
    }


def telling_batch(experiment: Experiment, inputs: int, seed: int = 0) -> Batch:
    """A batch and parameters for a network that tell mistakes apart: no number is like another.

    Parameters
    ----------
    experiment : Experiment
    inputs : int
        Columns of the inputs.
    seed : int
        Another seed, another batch.
    """
    rng = np.random.default_rng([seed, 41])
    widths = (inputs, *(layer.units for layer in experiment.layers))
    rows = next(n for n in range(5 + seed % 3, 5 + seed % 3 + len(widths) + 1) if n not in widths)
    k, loss = widths[-1], experiment.loss.name
    if loss == "cross_entropy" and k > 1:
        targets = np.eye(k)[rng.permutation(np.arange(rows) % k)]
    elif loss in ("binary_cross_entropy", "hinge"):
        targets = (rng.permuted(np.arange(rows * k)).reshape(rows, k) % 2).astype(np.float64)
    else:
        targets = _short(rng.uniform(0.1, 0.9, (rows, k)))
    shapes = list(pairwise(widths))
    return Batch(
        inputs=_short(rng.normal(size=(rows, inputs))),
        targets=targets,
        weights=tuple(_short(rng.normal(size=shape) / np.sqrt(shape[0])) for shape in shapes),
        biases=tuple(_short(rng.normal(size=n) * 0.3) for n in widths[1:]),
        masks={
            index: (rng.random((rows, layer.units)) >= layer.dropout).astype(np.float64)
            for index, layer in enumerate(experiment.layers, 1)
            if layer.dropout
        },
    )


def _short(array: FloatArray) -> FloatArray:
    """Numbers that can be read: three decimals, none of them 0."""
    rounded = np.round(array, 3)
    return np.where(rounded == 0.0, 0.001, rounded)

"""What a network makes of some inputs, beside its training."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.arrays import Arrays, BoolArray, FloatArray, IntArray, seal
from engine.data.dataset import Kind, has_classes, target_classes
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.training.backprop import forward, sample_losses

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

_BLOCK_ROWS = 500
"""Rows that go through the network together: few enough for the processor's cache, ten times faster."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a network makes of m rows; arrays are read-only.

    Attributes
    ----------
    outputs : (m, k)
        Of regression in the unit of the data set's targets, also where the network is taught scaled ones.
    classes : (m,) int64 or None
        The predicted class; None for regression and for several labels.
    losses : (m,) or None
        Of each row, as the network is taught: of scaled targets where they are. None where targets are
        not known.
    right : (m,) bool or None
        Whether each row's class is predicted, or all of its labels; None without targets and for regression.
    activations : L arrays (m, n_l)
        Empty unless they were asked for.
    """

    outputs: FloatArray
    classes: IntArray | None
    losses: FloatArray | None
    right: BoolArray | None
    activations: Arrays

    def __post_init__(self) -> None:
        seal(self)


def predict(
    experiment: Experiment,
    prepared: Prepared,
    weights: Sequence[FloatArray],
    biases: Sequence[FloatArray],
    kind: Kind,
    inputs: FloatArray,
    targets: FloatArray | None = None,
    *,
    layers: bool = False,
) -> Prediction:
    """Run inputs through the network, without dropout; a pure function.

    Parameters
    ----------
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
    kind : {"regression", "binary", "multiclass", "multilabel"}
        Of the target.
    inputs : (m, d)
        Encoded and unscaled, like `Dataset.inputs`.
    targets : (m, k), optional
        Where they are known; unscaled, like `Dataset.targets`.
    layers : bool
        Whether the activations of all layers are wanted, not of the last alone.
    """
    losses, parts = [], []
    taught = None if targets is None else prepared.scaled_targets(targets)
    with calm():
        for start in range(0, max(1, len(inputs)), _BLOCK_ROWS):
            block = slice(start, start + _BLOCK_ROWS)
            z, a = forward(
                experiment, weights, biases, prepared.transform(inputs[block]).astype(weights[0].dtype)
            )
            if taught is not None:
                losses.append(sample_losses(experiment, z[-1], a[-1], taught[block].astype(a[-1].dtype)))
            parts.append(a if layers else a[-1:])
    activations = tuple(np.concatenate(layer) for layer in zip(*parts, strict=True))
    outputs = activations[-1]
    threshold, classes, right = experiment.loss.threshold, None, None
    if has_classes(kind):
        classes = predicted_classes(kind, outputs, threshold)
    if targets is not None and classes is not None:
        right = classes == target_classes(kind, targets)
    elif targets is not None and kind == "multilabel":
        right = ((outputs >= threshold) == (targets > 0.5)).all(axis=1)
    return Prediction(
        prepared.in_own_units(outputs),
        classes,
        np.concatenate(losses) if losses else None,
        right,
        activations if layers else (),
    )


def predicted_classes(kind: Kind, outputs: FloatArray, threshold: float) -> IntArray:
    """The class that outputs (m, k) stand for, (m,)."""
    decided = outputs[:, 0] >= threshold if kind == "binary" else outputs.argmax(axis=1)
    return decided.astype(np.int64)


@cache
def _blas() -> ThreadpoolController:
    """The libraries of it that NumPy works with; looking for them takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")


class BlasThreads:
    """A context in which BLAS has so many threads; where it has them already nothing is set.

    Parameters
    ----------
    count : int
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._limit: Any = None

    def __enter__(self) -> None:
        if any(library.get_num_threads() != self._count for library in _blas().lib_controllers):
            self._limit = _blas().limit(limits=self._count)
            self._limit.__enter__()

    def __exit__(self, *error: object) -> None:
        if self._limit is not None:
            self._limit.__exit__(*error)


@contextmanager
def calm() -> Iterator[None]:
    """One BLAS thread, as training has, and no warnings: numbers that are not finite are told as they are.

    Two threads are slower wherever another process is busy.
    """
    with BlasThreads(1), np.errstate(all="ignore"):
        yield

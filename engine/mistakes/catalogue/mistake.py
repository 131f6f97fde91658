"""What a row of the catalogue is, and the lines of a step that it may be on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.mistakes.reference import Case, Varied

LINES = {
    "targets": QT_TRANSLATE_NOOP("mistakes", "targets"),
    "error": QT_TRANSLATE_NOOP("mistakes", "error of the output"),
    "z": QT_TRANSLATE_NOOP("mistakes", "pre-activation"),
    "output": QT_TRANSLATE_NOOP("mistakes", "output function"),
    "loss": QT_TRANSLATE_NOOP("mistakes", "loss"),
    "output delta": QT_TRANSLATE_NOOP("mistakes", "delta of the output"),
    "batch factor": QT_TRANSLATE_NOOP("mistakes", "factor of the batch"),
    "constant factor": QT_TRANSLATE_NOOP("mistakes", "constant factor"),
    "error's sign": QT_TRANSLATE_NOOP("mistakes", "sign of the error"),
    "storage of delta": QT_TRANSLATE_NOOP("mistakes", "storage of delta"),
    "error sent back": QT_TRANSLATE_NOOP("mistakes", "error that is sent back"),
    "weights going back": QT_TRANSLATE_NOOP("mistakes", "weights on the way back"),
    "hidden sign": QT_TRANSLATE_NOOP("mistakes", "sign of the hidden deltas"),
    "hidden factor": QT_TRANSLATE_NOOP("mistakes", "factor of the hidden deltas"),
    "slope": QT_TRANSLATE_NOOP("mistakes", "slope of the activation function"),
    "samples that count": QT_TRANSLATE_NOOP("mistakes", "samples that count"),
    "dW": QT_TRANSLATE_NOOP("mistakes", "gradient of the weights"),
    "db": QT_TRANSLATE_NOOP("mistakes", "gradient of the biases"),
    "penalty": QT_TRANSLATE_NOOP("mistakes", "penalty"),
    "update": QT_TRANSLATE_NOOP("mistakes", "update"),
    "order of samples": QT_TRANSLATE_NOOP("mistakes", "order of the samples"),
    "dropout": QT_TRANSLATE_NOOP("mistakes", "dropout"),
}
"""The lines of a step by name, with what people call them; of two mistakes at once each has its own."""

IN_TURN = "order of samples"

_AFTER = ("W", "b")
_REACH = {
    "loss": ("loss",),
    "dW": ("dW", *_AFTER),
    "db": ("db", *_AFTER),
    "samples that count": ("dW", "db", *_AFTER),
    "penalty": ("dW", "db", *_AFTER),
    "update": _AFTER,
}
_FROM_THE_LOSS = ("targets", "error")
_FROM_DELTA = (
    "output delta",
    "batch factor",
    "constant factor",
    "error's sign",
    "storage of delta",
    "slope",
)
_BELOW_THE_OUTPUT = ("error sent back", "weights going back", "hidden sign", "hidden factor")


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake that people make.

    Attributes
    ----------
    name : str
        What files and the API call it.
    line : str
        A key of `LINES`.
    meaning, why : str
        What is done, and how people come to do it; English, a sentence each, to be translated with the
        context ``mistakes``.
    usual, right : str
        The line of code as it is written by mistake, and as it should be.
    applies : callable
        Whether the mistake can be made in a `Case`.
    varied : mapping
        The methods of `Step` that it changes.
    """

    name: str
    line: str
    meaning: str
    why: str
    usual: str
    right: str
    applies: Callable[[Case], bool]
    varied: Varied

    def reaches(self, quantity: str, layers: int) -> bool:
        """Whether the mistake may change a quantity, where no delta goes through updated weights."""
        kind, layer = quantity.rstrip("0123456789"), quantity.lstrip("abdeglostWz")
        if self.line in _REACH:
            return kind in _REACH[self.line]
        if kind in ("z", "a"):
            return self.line in ("z", "output", "dropout", "order of samples")
        if self.line in _BELOW_THE_OUTPUT:
            return kind != "loss" and layer != str(layers)
        return kind != "loss" or self.line not in _FROM_DELTA

    @property
    def feeds_back(self) -> bool:
        """Whether what is wrong with gradients and parameters reaches the deltas too."""
        return self.name in ("updated_weights_backward", "dW_for_W") or self.line == IN_TURN

    def idle_in_turn(self, case: Case) -> bool:
        """Whether the mistake makes no difference where samples are taken one by one."""
        row = case.rows(0, 1, case.targets, case.W, case.b)
        return self.name not in ACROSS_SAMPLES and not self.applies(row)


ACROSS_SAMPLES = ("targets_shifted_one_row", "softmax_over_samples")
"""Not idle, though they need several samples: targets are shifted before, softmax over one sample is 1."""

# -- when a mistake exists ---------------------------------------------------------------------------


def always(case: Case) -> bool:
    """In every network."""
    return True


def averaged(case: Case) -> bool:
    """The loss is the mean over a batch of several."""
    return case.experiment.reduction == "mean" and case.B > 1


def summed(case: Case) -> bool:
    """The loss is the sum over a batch of several."""
    return case.experiment.reduction == "sum" and case.B > 1


def several(case: Case) -> bool:
    """There is more than one sample."""
    return case.B > 1


def deep(case: Case) -> bool:
    """There is a hidden layer."""
    return case.L > 1


def hidden(case: Case) -> list[str]:
    """The names of the hidden layers' functions."""
    return [function.name for function in case.functions[:-1]]


def output(case: Case) -> str:
    """The name of the output's function."""
    return case.functions[-1].name


def with_slope(case: Case) -> list[str]:
    """The names of the functions whose slope is multiplied: not that of a natural output."""
    return hidden(case) if case.natural else [*hidden(case), output(case)]


def logarithmic(case: Case) -> bool:
    """The loss is a cross-entropy."""
    return case.experiment.loss.name in ("binary_cross_entropy", "cross_entropy")


def one_width(case: Case, first: int = 0, last: int | None = None) -> int:
    """The width that the layers from `first` to `last` (of 0..L) have in common, or 0."""
    widths = set(case.widths[first : None if last is None else last + 1])
    return widths.pop() if len(widths) == 1 else 0


def one_hot(case: Case) -> bool:
    """Each target is a single 1 among zeros."""
    t = case.targets
    return bool(((t == 0) | (t == 1)).all() and (t.sum(axis=1) == 1).all())


def penalized(case: Case) -> bool:
    """There is an l2 penalty."""
    return case.experiment.regularizer.name == "l2"


def optimizer(*names: str) -> Callable[[Case], bool]:
    """The optimizer is one of these."""
    return lambda case: case.experiment.optimizer.name in names


def dropped(case: Case) -> bool:
    """A layer has dropout."""
    return any(layer.dropout for layer in case.experiment.layers)


def in_turn(case: Case) -> bool:
    """Samples could be taken one by one, with plain gradient descent."""
    plain = case.experiment.optimizer.name == "sgd" and case.experiment.update_order == "together"
    return plain and case.B > 1


def updated_together(case: Case) -> bool:
    """Delta goes down through weights that could be updated already."""
    e = case.experiment
    return case.L > 1 and e.update_order == "together" and e.clipping.name != "global_norm"


def truncated(array: FloatArray) -> FloatArray:
    """What an array of integers keeps of the numbers put into it."""
    kept: FloatArray = np.trunc(array)
    return kept

"""What the network made of each row, as far as it was asked."""

from __future__ import annotations

import numpy as np

from engine.arrays import BoolArray
from engine.data.dataset import has_classes
from gui.training.probe import ProbeResult


class Findings:
    """The newest answer about each row of a data set.

    Parameters
    ----------
    rows, outputs : int
    kind : {"regression", "binary", "multiclass"}

    Attributes
    ----------
    known : (n,) bool
        Whether there has been an answer about a row.
    classes : (n,) int32
        The predicted class; of no meaning for regression.
    outputs : (n, k) or (n, 1)
        All outputs for regression, else the one that decided: the largest, or the only one.
    losses : (n,)
    right : (n,) bool
    step : int
        Steps the network had made at the newest answer.
    """

    def __init__(self, rows: int, outputs: int, kind: str) -> None:
        # Pages of zeros cost no memory until a row is written to.
        self.known: BoolArray = np.zeros(rows, dtype=np.bool_)
        self.classes = np.zeros(rows, dtype=np.int32)
        self.outputs = np.zeros((rows, 1 if has_classes(kind) else outputs))
        self.losses = np.zeros(rows)
        self.right: BoolArray = np.zeros(rows, dtype=np.bool_)
        self.step = -1
        self._unknown = rows

    @property
    def complete(self) -> bool:
        """Whether there is an answer about every row."""
        return self._unknown == 0

    def take(self, result: ProbeResult) -> None:
        """Take in an answer about rows."""
        rows = result.probe.rows
        assert rows is not None and result.losses is not None
        if self._unknown:
            self._unknown -= int((~self.known[rows]).sum())
            self.known[rows] = True
        self.losses[rows] = result.losses
        if result.classes is None or result.right is None:
            self.outputs[rows] = result.outputs
        else:
            self.classes[rows] = result.classes
            self.right[rows] = result.right
            self.outputs[rows, 0] = result.outputs.max(axis=1)
        self.step = result.step

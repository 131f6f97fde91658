"""Rows by their true class and by the class that a network says, with each class's precision and recall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, IntArray, seal


@dataclass(frozen=True, eq=False)
class Confusion:
    """Rows by their true class and by the class that the network says.

    Attributes
    ----------
    part : str
        "training" or "validation": whose rows; empty for others.
    counts : (k, k) int
        True class by said class.
    precision : (k,)
        Of the rows said to be of a class, the share that are; NaN where none is.
    recall : (k,)
        Of the rows of a class, the share said to be; NaN where there is none.
    """

    part: str
    counts: IntArray
    precision: FloatArray
    recall: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    @classmethod
    def of(cls, true: IntArray, said: IntArray, classes: int, part: str = "") -> Confusion:
        """Count rows by their true and their said class, (m,) each."""
        counts = np.zeros((classes, classes), dtype=np.int64)
        np.add.at(counts, (true, said), 1)
        right = np.diag(counts).astype(np.float64)
        with np.errstate(all="ignore"):
            return cls(part, counts, right / counts.sum(axis=0), right / counts.sum(axis=1))

    @property
    def accuracy(self) -> float:
        """The share of right rows; NaN without rows."""
        return float(np.trace(self.counts) / max(1, self.counts.sum())) if self.counts.any() else float("nan")

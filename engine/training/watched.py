"""Rows that are watched beside the validation, such as a test set: they steer nothing, no file keeps them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray
from engine.data.preparation import Prepared
from engine.series import Series
from engine.training.history import Run
from engine.training.measure import Measure


class Watched:
    """Loss and metric of some rows at each epoch's end, by run, from the moment on at which they were given.

    Parameters
    ----------
    prepared : Prepared
        How the training rows were prepared.
    inputs, targets : (m, d), (m, k)
        Like those of the data set.
    kind : str
        Of the targets.
    dtype : dtype

    Attributes
    ----------
    measure : Measure
        Whose validation rows they are.
    """

    def __init__(
        self, prepared: Prepared, inputs: FloatArray, targets: FloatArray, kind: str, dtype: npt.DTypeLike
    ) -> None:
        rows = replace(
            prepared,
            validation_rows=np.arange(len(inputs)),
            validation_inputs=prepared.transform(inputs),
            validation_targets=np.array(prepared.scaled_targets(targets)),
        )
        self.measure = Measure(rows, kind, dtype)
        self._series: dict[int, Series] = {}

    def of(self, run: Run) -> Series:
        """Step, loss and metric of a run's evaluations, by step."""
        return self._series.setdefault(run.number, Series(3))

    def add(self, run: Run, found: FloatArray) -> None:
        """Take evaluations (n, 3); what was there of these steps and later ones gives way."""
        self._cut(run, float(found[0, 0]))
        self.of(run).append(found)

    def fork(self, run: Run, heir: Run, step: int) -> None:
        """Let another run have the past of one, up to `step`."""
        self._series[heir.number] = self.of(run).fork(len(self.of(run)))
        self._cut(heir, step + 1.0)

    def _cut(self, run: Run, step: float) -> None:
        """Forget the evaluations from `step` on."""
        series = self.of(run)
        if len(series) and series.read(len(series) - 1)[0, 0] >= step:
            before = int(np.searchsorted(series.column(0), step))
            self._series[run.number] = series.fork(before)

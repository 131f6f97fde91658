"""Which rows a step takes, in what order, and with what dropout: all pure functions of the seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray, IntArray
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.training.backprop import Pass

# Streams of random numbers, each a pure function of (seed, stream, place); 0 draws the parameters
ORDER, DROPOUT = 1, 2

COPIED_BYTES = 32 * 2**20
"""Larger data are not copied beside a column of ones, though mini-batches are laid out faster then."""

STEPS_AT_ONCE = 128
"""More steps are never laid out at a time."""


class Segment(NamedTuple):
    """Consecutive steps of one chunk with one batch size."""

    compiled: Pass
    row: int
    steps: int
    indices: IntArray  # (count, B), rows of the training set


class Place(NamedTuple):
    """A place in the data.

    Attributes
    ----------
    epoch : int
        From 0.
    offset : int
        How many of its rows have been used.
    shuffle : bool
        Whether the epoch goes through the rows in an order that is drawn.
    """

    epoch: int
    offset: int
    shuffle: bool


class Batches:
    """The training rows as the pass takes them.

    Parameters
    ----------
    prepared : Prepared
    dtype : dtype
    seed : int
    ones : bool
        Whether the pass wants a column of ones; large data are left as they lie all the same.

    Attributes
    ----------
    inputs : (rows, n_0 + 1), (rows, n_0) or None
        With a column of ones, unless they are read as they lie in the data set; None of large data that
        are prepared as they are taken.
    targets : (rows, k)
    labels : (rows,) int
        The class of each row of multiclass data.
    """

    def __init__(self, prepared: Prepared, dtype: npt.DTypeLike, seed: int, ones: bool) -> None:
        kept = prepared.kept
        self.inputs: FloatArray | None = None
        if kept is not None and ones and kept.nbytes <= COPIED_BYTES:
            self.inputs = np.ones((len(kept), kept.shape[1] + 1), dtype)
            self.inputs[:, :-1] = kept
        elif kept is not None:
            self.inputs = kept.astype(dtype, copy=False)
        self._prepared = prepared
        self.targets: FloatArray = prepared.targets.astype(dtype, copy=False)
        self.labels = prepared.targets.argmax(axis=1)
        self._seed = seed
        self._orders: tuple[int, IntArray] = (-1, np.empty(0, np.int64))

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.targets)

    def size(self, experiment: Experiment) -> int:
        """Rows of a whole mini-batch."""
        size = experiment.batch_size
        return self.rows if size == "full" else min(size, self.rows)

    def lay_out(
        self, experiment: Experiment, place: Place, row: int, count: int, compiled: Callable[[int], Pass]
    ) -> tuple[list[Segment], IntArray]:
        """Lay out the rows of at most `count` steps: the fewest stretches with one batch size each.

        A stretch may go over several epochs when the mini-batches fill them evenly.

        Parameters
        ----------
        row : int
            Of the ring, for the first step.
        compiled : callable
            The pass of mini-batches of a size.

        Returns
        -------
        segments : list of Segment
        epochs : (steps,) int
            Of each step.
        """
        segments: list[Segment] = []
        epochs: list[IntArray] = []
        rows, whole, by_epoch = self.rows, self.size(experiment), experiment.schedule.needs_loss
        epoch, offset, shuffle = place
        while count:
            size = min(whole, rows - offset)
            order = self._orders_from(epoch) if shuffle else self._in_order
            even = size == whole and rows % size == 0 and offset % size == 0
            stretch = (len(order) if even and not by_epoch else rows) - offset
            take = min(count, stretch // size)
            segments.append(self._segment(compiled(size), row, take, order[offset:]))
            ended, end = divmod(offset + size * take, rows)
            if offset + size * take <= rows:
                epochs.append(np.full(take, epoch))
            else:
                epochs.append(epoch + np.arange(offset, offset + size * take, size) // rows)
            epoch, offset = epoch + ended, end
            row, count = row + take, count - take
            if offset == 0:
                shuffle = whole < rows
                if by_epoch:
                    break
        return segments, epochs[0] if len(epochs) == 1 else np.concatenate(epochs)

    def _segment(self, compiled: Pass, row: int, steps: int, order: IntArray) -> Segment:
        size = compiled.batch
        if size == self.rows:  # what it takes was laid out when it was compiled
            return Segment(compiled, row, steps, np.broadcast_to(order[:size], (steps, size)))
        span, indices = slice(row, row + steps), order[: steps * size].reshape(steps, size)
        if self.inputs is None:
            compiled.put_inputs(span, self._prepared.take(indices))
        else:
            compiled.take_inputs(span, self.inputs, indices)
        compiled.set_targets(span, self.targets.take(indices, axis=0), self.labels.take(indices))
        return Segment(compiled, row, steps, indices)

    def fill(self, compiled: Pass) -> None:
        """Give a pass of all rows what it takes, once and for all."""
        compiled.give_inputs(self._prepared.inputs if self.inputs is None else self.inputs)
        compiled.set_targets(slice(None), self.targets, self.labels)

    @cached_property
    def _in_order(self) -> IntArray:
        """The order of full batches: as it stands, as often as a chunk may ask for."""
        return np.tile(np.arange(self.rows), STEPS_AT_ONCE)

    def _orders_from(self, epoch: int) -> IntArray:
        """The rows in the order of an epoch, then of those after it; a pure function of (seed, epoch).

        Drawn for some epochs at a time, because making a generator takes as long as a small step.
        """
        together = max(1, 65_536 // self.rows)
        block = epoch // together
        drawn, orders = self._orders  # trainers in several threads may share them
        if drawn != block:
            rng = np.random.default_rng([self._seed, ORDER, block])
            rows = np.broadcast_to(np.arange(self.rows), (together, self.rows))
            orders = rng.permuted(rows, axis=1).ravel()
            self._orders = block, orders
        return orders[epoch % together * self.rows :]


def set_masks(segment: Segment, experiment: Experiment, completed: int) -> None:
    """Dropout masks of a segment's steps, the first after `completed`: functions of (seed, step, B)."""
    layers = [
        (mask, layer.dropout)
        for mask, layer in zip(segment.compiled.masks, experiment.layers, strict=False)
        if mask is not None
    ]
    if not layers:
        return
    for k in range(segment.steps):
        rng = np.random.default_rng([experiment.seed, DROPOUT, completed + k])
        for mask, dropout in layers:
            mask[segment.row + k] = (rng.random(mask.shape[1:]) >= dropout) / (1.0 - dropout)

"""From a data set to what the network is fed: split first, then fill and scale by the training part only.

Fitting on all rows would leak the validation rows into training and flatter the validation loss.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray, IntArray, seal
from engine.data.dataset import Dataset, has_classes, target_classes
from engine.errors import ExperimentError
from engine.experiment import Experiment

SPLITS = ("stratified", "random", "order")
MISSING = ("mean", "median", "most_frequent", "drop")
SCALINGS = ("none", "zscore", "minmax")

FAR_OUT = 1.3
"""How far targets may be from what a network gives at the start, by `target_excess`."""

BLOCK_CELLS = 1_000_000
COLUMNS = 8
ABREAST = 64
TURNED_ROWS = 512
"""Cells, columns and rows that are worked on at a time."""

LARGE_BYTES = 2**28
"""Larger training rows are not kept beside the data set, but filled and scaled each time they are taken."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """The two parts, ready for the network, and how to prepare further rows; arrays are read-only.

    Parameters
    ----------
    train_rows, validation_rows : (n_train,), (n_validation,) int64
        Rows of `Dataset.inputs`, in ascending order.
    source : (n, d)
        `Dataset.inputs`.
    kept : (n_train, d) or None
        The training rows, filled and scaled; None of large data, for which `take` makes them.
    targets : (n_train, k)
        Scaled only where the experiment has them scaled.
    validation_inputs, validation_targets : (n_validation, d), (n_validation, k)
    fill : (d,)
        What stands in for a missing cell, unscaled.
    offset, scale : (d,)
        A filled cell x becomes (x - offset) / scale.
    target_offset, target_scale : (k,)
        A target y becomes (y - target_offset) / target_scale; 0 and 1 where targets stay as they are.
    """

    train_rows: IntArray
    validation_rows: IntArray
    source: FloatArray
    kept: FloatArray | None
    targets: FloatArray
    validation_inputs: FloatArray
    validation_targets: FloatArray
    fill: FloatArray
    offset: FloatArray
    scale: FloatArray
    target_offset: FloatArray
    target_scale: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    @property
    def inputs(self) -> FloatArray:
        """All training rows (n_train, d), filled and scaled; of large data made anew."""
        return self.take(np.arange(len(self.train_rows))) if self.kept is None else self.kept

    def take(self, places: IntArray) -> FloatArray:
        """Training rows (..., d) by their places among these, filled and scaled."""
        if self.kept is not None:
            return self.kept.take(places, axis=0)
        rows = self.source.take(self.train_rows[places], axis=0)
        flat = rows.reshape(-1, rows.shape[-1])
        _in_blocks(flat, lambda block: _transform(block, self.fill, self.offset, self.scale))
        return rows

    def transform(self, inputs: npt.ArrayLike) -> FloatArray:
        """Fill and scale further rows (m, d) as the training part was."""
        return _transform(np.asarray(inputs, dtype=np.float64), self.fill, self.offset, self.scale)

    @property
    def scales_targets(self) -> bool:
        """Whether the network is taught other numbers than the data set's own."""
        return bool((self.target_offset != 0.0).any() or (self.target_scale != 1.0).any())

    def scaled_targets(self, targets: FloatArray) -> FloatArray:
        """Targets (m, k) as the network is taught them."""
        return (targets - self.target_offset) / self.target_scale if self.scales_targets else targets

    def in_own_units(self, outputs: FloatArray) -> FloatArray:
        """Outputs (..., k) of the network in the unit of the data set's targets."""
        return outputs * self.target_scale + self.target_offset if self.scales_targets else outputs


def prepare_for(experiment: Experiment, dataset: Dataset) -> Prepared:
    """Prepare a data set as an experiment says; see `prepare`."""
    return prepare(
        dataset,
        validation=experiment.validation,
        split=experiment.split,
        missing=experiment.missing,
        scaling=experiment.scaling,
        target_scaling=experiment.target_scaling,
        seed=experiment.seed,
    )


def prepare(
    dataset: Dataset,
    *,
    validation: float,
    split: str,
    missing: str,
    scaling: str,
    target_scaling: str = "none",
    seed: int,
) -> Prepared:
    """Split, fill and scale a data set.

    Parameters
    ----------
    dataset : Dataset
    validation : float
        Share of the rows held out, 0 <= validation < 1; 0 trains on all rows in their own order.
    split : str
        ``stratified`` holds out the same share of each class (of the rows, for regression), ``random``
        any rows, ``order`` the last rows, and a name of `Dataset.split_columns` the rows it marks,
        whatever their share.
    missing : {"mean", "median", "most_frequent", "drop"}
        What stands in for a missing cell; for a category, ``median`` and ``most_frequent`` are its
        most frequent level, ``mean`` the shares of the levels. ``drop`` leaves out such rows.
    scaling : {"none", "zscore", "minmax"}
        To mean 0 and (population) deviation 1, or to the range from 0 to 1. A constant column is shifted
        but not divided.
    target_scaling : {"none", "zscore", "minmax"}
        Likewise of the targets, by the training part; only of numbers.
    seed : int
        The split is a pure function of it.

    Raises
    ------
    ExperimentError
        ``out_of_range``, ``unknown_name`` or ``no_training_rows``.
    """
    if not 0.0 <= validation < 1.0:
        raise ExperimentError(
            "out_of_range", field="validation", value=validation, allowed="at least 0 and less than 1"
        )
    _check_name("split", split, (*SPLITS, *dataset.split_columns))
    _check_name("missing", missing, MISSING)
    _check_name("scaling", scaling, SCALINGS)
    _check_name("target_scaling", target_scaling, SCALINGS)

    rows = np.arange(len(dataset.inputs), dtype=np.int64)
    if missing == "drop":
        rows = rows[~np.isnan(dataset.inputs).any(axis=1)]
    held_out = _held_out(dataset, rows, validation, split, seed)
    train_rows, validation_rows = rows[~held_out], rows[held_out]
    if len(train_rows) == 0:
        raise ExperimentError("no_training_rows", field="validation", rows=len(dataset.inputs))

    # As they lie in the data set if nothing is to be done; large data are had once
    inputs, train = dataset.inputs, None if len(train_rows) == len(dataset.inputs) else train_rows
    fill = _fill_values(inputs, train, dataset.groups, missing)
    offset, scale = _scaling(inputs, train, scaling, fill)

    def made(rows: FloatArray) -> FloatArray:
        return _in_blocks(rows, lambda block: _transform(block, fill, offset, scale))

    kept: FloatArray | None = None
    if scaling == "none" and train is None and not _lacks(inputs):
        kept = inputs
    elif len(train_rows) * inputs.shape[1] * inputs.itemsize <= LARGE_BYTES:
        kept = made(inputs[train_rows])
    targets, held_out_targets = dataset.targets[train_rows], dataset.targets[validation_rows]
    target_offset, target_scale = _scaling(targets, None, target_scaling, np.zeros(targets.shape[1]))
    if target_scaling != "none":
        targets = (targets - target_offset) / target_scale
        held_out_targets = (held_out_targets - target_offset) / target_scale
    return Prepared(
        train_rows=train_rows,
        validation_rows=validation_rows,
        source=inputs,
        kept=kept,
        targets=targets,
        validation_inputs=made(inputs[validation_rows]),
        validation_targets=held_out_targets,
        fill=fill,
        offset=offset,
        scale=scale,
        target_offset=target_offset,
        target_scale=target_scale,
    )


def target_excess(mean: FloatArray, deviation: FloatArray) -> FloatArray:
    """How many times farther from what a network gives at the start targets are than is harmless, (k,).

    By mean and deviation of each column; a network that is drawn gives numbers around 0, of about 1.
    """
    with np.errstate(all="ignore"):
        spread = np.maximum(deviation / 3.0, 0.3 / deviation)
        excess: FloatArray = np.maximum(spread, np.abs(mean) / (5.0 * np.maximum(deviation, 1.0)))
    return excess


def _check_name(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ExperimentError("unknown_name", field=field, value=value, allowed=", ".join(allowed))


def _lacks(inputs: FloatArray) -> bool:
    """Whether any cell is missing."""
    return any(bool(np.isnan(block).any()) for block in _blocks(inputs))


def _blocks(inputs: FloatArray) -> Iterator[FloatArray]:
    rows = max(1, BLOCK_CELLS // inputs.shape[1])
    for start in range(0, len(inputs), rows):
        yield inputs[start : start + rows]


def _in_blocks(inputs: FloatArray, change: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The rows, changed in place, some at a time, so that the steps of it take no memory to speak of."""
    for block in _blocks(inputs):
        block[...] = change(block)
    return inputs


def _some(inputs: FloatArray, rows: IntArray | None, columns: slice) -> FloatArray:
    """Some columns of the training rows, which are all if `rows` is None, close together."""
    if rows is None:
        return np.ascontiguousarray(inputs[:, columns])
    return np.ascontiguousarray(inputs[:, columns].take(rows, axis=0))


def _by_column(inputs: FloatArray, rows: IntArray | None, columns: slice) -> FloatArray:
    """Some columns of the training rows (columns, rows), each with its numbers side by side."""
    count = len(inputs) if rows is None else len(rows)
    found = np.empty((inputs[:0, columns].shape[1], count), inputs.dtype)
    for start in range(0, count, TURNED_ROWS):  # a third of the time of turning all at once
        part = slice(start, start + TURNED_ROWS)
        found[:, part] = inputs[part if rows is None else rows[part], columns].T
    return found


def _columns(width: int) -> Iterator[slice]:
    """Some columns at a time, never one of several, which NumPy would sum up in another order."""
    edges = [*range(0, max(1, width - 1), COLUMNS), width]
    return (slice(start, stop) for start, stop in pairwise(edges))


def _transform(inputs: FloatArray, fill: FloatArray, offset: FloatArray, scale: FloatArray) -> FloatArray:
    return (np.where(np.isnan(inputs), fill, inputs) - offset) / scale


def _held_out(dataset: Dataset, rows: IntArray, validation: float, split: str, seed: int) -> BoolArray:
    """Which of `rows` are held out for validation, as a mask."""
    mask = np.zeros(len(rows), dtype=np.bool_)
    if validation == 0.0 or len(rows) == 0:
        return mask
    if split in dataset.split_columns and split not in SPLITS:
        return dataset.split_columns[split][rows]
    count = _share(len(rows), validation)
    if split == "order":
        mask[len(rows) - count :] = True
        return mask
    order = np.random.default_rng(seed).permutation(len(rows))
    if split == "random" or not has_classes(dataset.kind):
        mask[order[:count]] = True
        return mask
    classes = target_classes(dataset.kind, dataset.targets[rows])
    mask[_stratified(classes[order], order, validation, count)] = True
    return mask


def _stratified(classes: IntArray, order: IntArray, validation: float, count: int) -> IntArray:
    """Take `count` of the shuffled rows, each class as near to its share as whole rows allow."""
    labels, sizes = np.unique(classes, return_counts=True)
    exact = sizes * validation
    quota = np.floor(exact).astype(np.int64)
    # Largest remainders get the rows that rounding down left over, so that the total is right as well;
    # but the last row of a class stays in training.
    by_remainder = np.argsort(quota - exact, kind="stable")
    spare = by_remainder[quota[by_remainder] + 1 < sizes[by_remainder]]
    quota[spare[: count - int(quota.sum())]] += 1
    taken = [order[classes == label][:n] for label, n in zip(labels, quota, strict=True)]
    return np.concatenate(taken)


def _share(rows: int, validation: float) -> int:
    """Rows to hold out: the nearest whole number, and at least one, since some were asked for."""
    return max(1, round(rows * validation))


def _fill_values(
    inputs: FloatArray, train: IntArray | None, groups: tuple[str, ...], missing: str
) -> FloatArray:
    fill = np.zeros(inputs.shape[1])
    start, near = 0, slice(0, 0)
    for _, members in groupby(groups):
        stop = start + len(list(members))
        if stop > near.stop:  # columns are read in bunches, for their numbers lie far apart
            near = slice(start, max(stop, start + COLUMNS))
            bunch = _by_column(inputs, train, near)
        block = bunch[start - near.start : stop - near.start].T
        if stop - start > 1:
            block = np.ascontiguousarray(block)
        known = block
        if np.isnan(block.min(axis=0)).any():
            known = block[~np.isnan(block).any(axis=1)]
        # A column without any value in the training part has nothing to be filled by; 0 is as good as any.
        if len(known):
            fill[start:stop] = _fill_block(known, missing)
        start = stop
    return fill


def _fill_block(known: FloatArray, missing: str) -> FloatArray:
    mean = _mean(known)
    if missing == "mean" or missing == "drop":
        return mean
    if known.shape[1] > 1:
        best = np.zeros(known.shape[1])
        best[int(mean.argmax())] = 1.0
        return best
    if missing == "median":
        return np.median(known, axis=0)
    values, counts = np.unique(known[:, 0], return_counts=True)
    return values[[counts.argmax()]]


def _scaling(
    inputs: FloatArray, train: IntArray | None, scaling: str, fill: FloatArray
) -> tuple[FloatArray, FloatArray]:
    width = inputs.shape[1]
    if scaling == "none":
        return np.zeros(width), np.ones(width)
    parts = [_scaling_of(_some(inputs, train, part), scaling, fill[part]) for part in _columns(width)]
    offsets, scales = zip(*parts, strict=True)
    return np.concatenate(offsets), np.concatenate(scales)


def _scaling_of(rows: FloatArray, scaling: str, fill: FloatArray) -> tuple[FloatArray, FloatArray]:
    low, high = _bounds(rows)
    if np.isnan(low).any():
        rows = np.where(np.isnan(rows), fill, rows)
        low, high = _bounds(rows)
    if scaling == "zscore":
        unit = _unit(low, high)
        near_one = rows / unit
        mean = near_one.mean(axis=0)
        np.square(np.subtract(near_one, mean, out=near_one), out=near_one)
        scale = np.sqrt(near_one.sum(axis=0) / len(rows)) * unit
        offset = np.where(low == high, low, mean * unit)
    else:
        offset, scale = low, high - low
    # The deviation of a constant column may be rounding noise instead of 0, and dividing by that blows up.
    return offset, np.where((low == high) | (scale == 0.0), 1.0, scale)


def _bounds(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The least and the greatest of each column, NaN where one is missing."""
    whole, width = len(rows) - len(rows) % ABREAST, rows.shape[1]
    # Some rows abreast are compared at once, which takes a fifth of the time
    wide, rest = rows[:whole].reshape(-1, ABREAST * width), rows[whole:]
    if not whole:
        return rest.min(axis=0), rest.max(axis=0)
    low = np.concatenate([wide.min(axis=0).reshape(-1, width), rest]).min(axis=0)
    high = np.concatenate([wide.max(axis=0).reshape(-1, width), rest]).max(axis=0)
    return low, high


def _mean(rows: FloatArray) -> FloatArray:
    unit = _unit(*_bounds(rows))
    mean: FloatArray = (rows / unit).mean(axis=0) * unit
    return mean


def _unit(low: FloatArray, high: FloatArray) -> FloatArray:
    """Give a power of two near each column's largest value, so that sums and squares cannot overflow.

    Dividing by a power of two changes no digit, so results are as without it.
    """
    _, exponent = np.frexp(np.maximum(np.abs(low), np.abs(high)))
    unit: FloatArray = np.ldexp(1.0, np.clip(exponent, -1000, 1000))
    return unit

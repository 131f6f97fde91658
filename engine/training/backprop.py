"""The compiled pass: forward, backward and update of one mini-batch as a list of NumPy calls.

A small network's step is some twenty NumPy calls on tiny arrays, so what costs is Python between them.
Everything is therefore decided once, when the pass is compiled: every call is bound to the arrays it
reads and writes, and a step is ``for function, arguments in program: function(*arguments)``.

How the numbers lie (measured on small networks, the speed that is left without each choice):

- One flat vector holds a step's parameters, layer after layer, each a block (n_in + 1, n_out) whose
  last row is the bias; gradient, update and slots lie alike. The update is one or two calls (0.76) and
  the bias needs none of its own (0.68 to 0.87).
- Inside the pass arrays are feature-major: activations (n + 1, B) with a row of ones under them, so
  that no operand of a matrix product has to be copied (0.61 to 0.93). Rules see them transposed, as
  (B, n), and never notice.
- A `Ring` keeps the last few steps' parameters, gradients and outputs, so that losses, norms and
  finiteness are computed for many steps at once and no step is copied (0.62 to 0.84).
- Hidden layers of one kind lie in one block, so that their slopes are one pass (0.81 to 0.99); the
  output layer lies there, too, where it is of the kind of the last of them (0.87 to 0.96).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.experiment import Experiment
from engine.functions.activations import Activation
from engine.functions.regularizers import is_weight_mask
from engine.functions.traced import Program
from engine.parts import Part

RING_BYTES = 4_000_000
"""Upper bound of what the steps of a ring hold together (measured: 300 KB is 0.9 to 0.7 as fast)."""

RING_STEPS = 128
STEPS_IN_PLACE = 16
OPTIMIZER_BLOCK = 16_384
"""Elements an optimizer handles at a time on large networks, to stay in the cache."""


class Packing:
    """Where the layers' blocks lie in a flat parameter vector.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, the inputs first.

    Attributes
    ----------
    shapes : list of (n_{l-1}, n_l)
    starts : list of int
        First element of each block.
    size : int
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.shapes = list(zip(self.sizes, self.sizes[1:], strict=False))
        ends = np.cumsum([(rows + 1) * units for rows, units in self.shapes])
        self.starts: list[int] = [0, *(int(end) for end in ends[:-1])]
        self.size = int(ends[-1])

    def blocks(self, flat: FloatArray) -> list[FloatArray]:
        """Views (n_{l-1} + 1, n_l) of `flat`, the bias in the last row."""
        return [
            flat[start : start + (rows + 1) * units].reshape(rows + 1, units)
            for start, (rows, units) in zip(self.starts, self.shapes, strict=True)
        ]

    def split(self, flat: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
        """Views of `flat` as weights (n_{l-1}, n_l) and biases (n_l,)."""
        blocks = self.blocks(flat)
        return [block[:-1] for block in blocks], [block[-1] for block in blocks]

    def position(self, part: Part) -> int:
        """Where a weight or bias stands in the flat vector."""
        kind, layer, unit, source = part
        rows, units = self.shapes[layer - 1]
        return self.starts[layer - 1] + (rows if kind == "bias" else source) * units + unit


class Ring:
    """The states of the last few steps; row r + 1 is the state after the step made from row r.

    A row holds the parameters and behind them the optimizer's slots. The rows are used round and round;
    one more than a power of two, so that rounds and what is done every so many steps end together.

    The rows of a large network are one and the same memory, changed in place, because writing elsewhere
    costs a tenth of a step; who is to see the state before a step has it remembered.

    Parameters
    ----------
    packing : Packing
    experiment : Experiment
    activity : int
        Numbers beside the parameters that a step takes.
    in_place : bool
        Whether there is one state and one gradient.
    keeps_updates : bool
        Whether each row has its update; else the last one alone is had.

    Attributes
    ----------
    states : (R, (1 + slots) * n)
    gradients, updates : (R, n)
        Of the step made from each row; updates in place are not kept.
    coefficients : (k, R)
        The optimizer's numbers for that step.
    squares, update_squares, penalties : (R, L), (R,), (R,)
        What a step in place leaves behind of its gradient and update, and the penalty before it.
    """

    def __init__(
        self, packing: Packing, experiment: Experiment, activity: int, *, in_place: bool, keeps_updates: bool
    ) -> None:
        dtype = np.dtype(experiment.dtype)
        slots = len(experiment.optimizer.slots)
        self.in_place = in_place
        per_step = activity if in_place else (2 + keeps_updates + slots) * packing.size + activity
        most = RING_BYTES // (per_step * dtype.itemsize)
        if in_place and any(layer.dropout for layer in experiment.layers):
            most = 1  # there is one mask
        self.rows = _power_of_two(min(STEPS_IN_PLACE if in_place else RING_STEPS, most)) + 1
        self.states = self._for_each_row((1 + slots) * packing.size, dtype, not in_place)
        several = self.rows > 2 and not in_place
        self.gradients = self._for_each_row(packing.size, dtype, several)
        self.updates = self._for_each_row(0 if in_place else packing.size, dtype, several and keeps_updates)
        self._before: FloatArray | None = None
        count = len(experiment.optimizer.coefficients(np.ones(1), np.ones(1, dtype=np.int64)))
        self.coefficients = np.zeros((count, self.rows), dtype)
        self.squares = np.zeros((self.rows, len(packing.shapes)), dtype)
        self.update_squares = np.zeros(self.rows, dtype)
        self.penalties = np.zeros(self.rows)
        self.packing = packing

    def _for_each_row(self, size: int, dtype: npt.DTypeLike, apart: bool) -> FloatArray:
        """An array (R, size), whose rows are one and the same unless they are to be had `apart`."""
        one = np.zeros(size, dtype)
        return np.tile(one, (self.rows, 1)) if apart else same_rows(one, self.rows)

    def parameters(self, row: int) -> FloatArray:
        """The flat parameters (n,) of a row, a view."""
        return self.states[row % self.rows, : self.packing.size]

    def slots(self, row: int) -> list[FloatArray]:
        """The flat slots (n,) of a row, views."""
        return self.parts(self.states[row % self.rows])[1:]

    def parts(self, state: FloatArray) -> list[FloatArray]:
        """Views of a whole state: the flat parameters (n,), then each of the slots."""
        return list(state.reshape(-1, self.packing.size))

    def remember(self) -> None:
        """Keep the state from which a step is made in place."""
        if self.in_place:
            if self._before is None:
                self._before = np.empty_like(self.states[0])
            self._before[:] = self.states[0]

    def recall(self) -> None:
        """Have that state back, as if the step had not been made."""
        if self._before is not None:
            self.states[0] = self._before

    def before(self, row: int) -> FloatArray:
        """The whole state that the step of a row was made from; in place it must have been remembered."""
        return self.states[row] if self._before is None else self._before


def same_rows(one: FloatArray, rows: int) -> FloatArray:
    """An array of `rows` rows, all of which are the memory of `one`."""
    return np.lib.stride_tricks.as_strided(one, (rows, *one.shape), (0, *one.strides))


def _power_of_two(most: int) -> int:
    """The largest up to `most`, at least 1."""
    return 1 << max(0, most.bit_length() - 1)


def scales_gradient(experiment: Experiment, frozen: BoolArray | None) -> bool:
    """Whether an update is the gradient times the learning rate and no more, so that its norm is known."""
    return (
        experiment.optimizer.scales_gradient
        and experiment.regularizer.name == experiment.clipping.name == "none"
        and frozen is None
    )


class Pass:
    """A compiled step of mini-batches of one size, for every row of a ring.

    Parameters
    ----------
    experiment : Experiment
    ring : Ring
    batch : int
        Rows of the mini-batch, B.
    frozen : (n,) bool or None
        Parameters that are held.

    Attributes
    ----------
    inputs : (R, B, n_0 + 1)
        The last column is ones.
    targets : (R, B, k)
    labels : (R, B) int
        The class of each sample, for the metric of multiclass data.
    masks : L - 1 arrays (R, B, n_l) or None
        Dropout masks of the hidden layers, likewise.
    z, raw, a, delta : lists of L views (B, n_l)
        Of the last step made; `a` with dropout, `raw` without. The output layer's are views per row:
        `outputs_z` and `outputs` (R, B, k).
    """

    def __init__(
        self, experiment: Experiment, ring: Ring, batch: int, frozen: npt.NDArray[np.bool_] | None
    ) -> None:
        self.experiment, self.ring, self.batch, self.frozen = experiment, ring, batch, frozen
        self.dtype = np.dtype(experiment.dtype)
        outputs, rows = ring.packing.sizes[-1], ring.rows
        self.targets, self.outputs_z, self.outputs = (self._each_row(outputs) for _ in range(3))
        self.labels = np.zeros((rows, batch), np.int64)
        loss = experiment.loss
        self._scale = 1.0 / batch if experiment.reduction == "mean" else 1.0
        self._is_matched = loss.natural == experiment.layers[-1].activation.name
        self._prepared = [
            np.zeros_like(self.targets) for _ in (loss.prepare(self.targets) if self._is_matched else ())
        ]
        self.clip_factor = np.ones((), self.dtype)
        self.masks: list[FloatArray | None] = [
            self._each_mask(layer.units) if layer.dropout else None for layer in experiment.layers[:-1]
        ]
        self._is_weight = is_weight_mask(ring.packing.shapes, self.dtype.name)
        self._allocate()

    def _each_row(self, units: int) -> FloatArray:
        """An array (R, B, units)."""
        return np.zeros((self.ring.rows, units, self.batch), self.dtype).transpose(0, 2, 1)

    def _each_mask(self, units: int) -> FloatArray:
        return self._each_row(units)

    def _allocate(self) -> None:
        sizes, batch, dtype = self.ring.packing.sizes, self.batch, self.dtype
        self.inputs = np.empty((0, batch, sizes[0] + 1), dtype)
        self.output_delta = np.zeros((sizes[-1], batch), dtype)
        # One block each for all hidden layers, a row of ones (or of nothing) under each of them
        layers = self.experiment.layers
        self._is_joined = (
            not self._is_matched
            and len(layers) > 1
            and layers[-1].activation == layers[-2].activation
            and layers[-1].activation.has_slopes
        )
        blocks = sizes[1:] if self._is_joined else sizes[1:-1]
        *tops, height = (int(top) for top in np.cumsum([0, *(units + 1 for units in blocks)]))
        self._sloped = [slice(top, top + units) for top, units in zip(tops, blocks, strict=True)]
        self._spans = self._sloped[: len(layers) - 1]
        self._a = np.ones((height, batch), dtype)
        self._raw = np.ones((height, batch), dtype) if any(m is not None for m in self.masks) else self._a
        self._z = np.zeros((height, batch), dtype)
        self._slope = np.zeros((height, batch), dtype)
        self._delta = np.zeros((height, batch), dtype)
        self._scratch = np.zeros(self.ring.packing.size, dtype)
        if self._is_joined:
            self.outputs_z = same_rows(self._z[self._sloped[-1]].T, self.ring.rows)
        self._programs: list[Any] = [None] * self.ring.rows

    def run(self, row: int, steps: int, *, measured: bool = True) -> None:
        """Make steps from `row` on; the program of a row is compiled when it is first needed.

        Parameters
        ----------
        measured : bool
            Whether losses and norms will be asked for.
        """
        programs = self._programs[row : row + steps]
        if None in programs:
            programs = [self._program(r) for r in range(row, row + steps)]
        for function, arguments in chain.from_iterable(programs):
            function(*arguments)

    def take_inputs(self, rows: slice, data: FloatArray, indices: IntArray) -> None:
        """Have the steps from some rows of the ring see the rows `indices` (rows, B) of the `data`."""
        self._make_room()
        if data.shape[1] == self.inputs.shape[2]:  # its ones are there already
            np.take(data, indices, axis=0, out=self.inputs[rows], mode="clip")
        else:
            self.inputs[rows, :, :-1] = data.take(indices, axis=0)

    def put_inputs(self, rows: slice, data: FloatArray) -> None:
        """Have the steps from some rows of the ring see the `data` (rows, B, n_0)."""
        self._make_room()
        self.inputs[rows, :, :-1] = data

    def _make_room(self) -> None:
        if not len(self.inputs):
            self.inputs = np.ones((self.ring.rows, *self.inputs.shape[1:]), self.dtype)

    def give_inputs(self, data: FloatArray) -> None:
        """Have all steps see the `data` (B, n_0), or (B, n_0 + 1) with ones, all of them."""
        if data.shape[1] < self.inputs.shape[2]:
            data = np.hstack([data.astype(self.dtype), np.ones((len(data), 1), self.dtype)])
        self.inputs = same_rows(data, self.ring.rows)

    def features(self, row: int) -> FloatArray:
        """The inputs (B, n_0) of the step of a row."""
        return self.inputs[row, :, :-1]

    def set_targets(self, rows: slice | int, targets: FloatArray, labels: IntArray) -> None:
        """Give some rows of the ring their targets (..., B, k) and classes (..., B)."""
        self.targets[rows], self.labels[rows] = targets, labels
        if self._prepared:
            prepared = self.experiment.loss.prepare(self.targets[rows], self._scale)
            for each, values in zip(self._prepared, prepared, strict=True):
                each[rows] = values

    def _program(self, row: int) -> Program:
        if self._programs[row] is None:
            self._programs[row] = self._compile(row)
        program: Program = self._programs[row]
        return program

    def z(self, row: int) -> list[FloatArray]:
        """Pre-activations of the step just made from `row`, L views (B, n_l)."""
        return [*(self._z[span].T for span in self._spans), self.outputs_z[row]]

    def a(self, row: int) -> list[FloatArray]:
        """Activations after dropout, L views (B, n_l)."""
        return [*(self._a[span].T for span in self._spans), self.outputs[row]]

    def deltas(self) -> list[FloatArray]:
        """dL/dz, L views (B, n_l)."""
        return [*(self._delta[span].T for span in self._spans), self.output_delta.T]

    def losses(self, rows: slice) -> FloatArray:
        """Each sample's loss of the steps made from `rows`, (rows, B)."""
        loss = self.experiment.loss
        if self._is_matched:
            return loss.per_sample_from_z(self.outputs_z[rows], self.targets[rows], a=self.outputs[rows])
        return loss.per_sample(self.outputs[rows], self.targets[rows])

    def penalties(self, rows: slice) -> FloatArray | list[float]:
        """The penalty before each of the steps made from `rows`, (rows,)."""
        return [self._penalty(self.ring.parameters(row)) for row in range(rows.start, rows.stop)]

    def _penalty(self, parameters: FloatArray) -> float:
        weights = self.ring.packing.split(parameters)[0]
        return sum(float(self.experiment.regularizer.penalty(w.ravel())) for w in weights)

    def gradient_norms(self, rows: slice) -> FloatArray:
        """The norm of each layer's gradient, (rows, L)."""
        return _norms(self.ring.gradients[rows], self.ring.packing.starts)

    def update_norms(self, rows: slice) -> FloatArray:
        """The norm of the update, (rows,); not where it `scales_gradient`."""
        norms: FloatArray = _norms(self.ring.updates[rows], [0])[:, 0]
        return norms

    def update_of(self, row: int) -> FloatArray:
        """The update of the step just made from `row`, (n,)."""
        update: FloatArray = self.ring.updates[row]
        return update

    # -- compiling ---------------------------------------------------------------------------------

    def _compile(self, row: int) -> Program:
        blocks = self.ring.packing.blocks(self.ring.parameters(row))
        inputs = [self.inputs[row].T]
        for span in self._spans:
            inputs.append(self._a[span.start : span.stop + 1])
        return [
            *self._forward(row, blocks, inputs),
            *self._slopes(),
            *self._output_delta(row),
            *self._backward_and_update(row, blocks, inputs),
        ]

    def _forward(self, row: int, blocks: list[FloatArray], inputs: list[FloatArray]) -> Program:
        calls: Program = []
        for index, span in enumerate(self._spans):
            z, raw, mask = self._z[span], self._raw[span], self.masks[index]
            calls.append((blocks[index].T.dot, (inputs[index], z)))
            calls += self._activation(index).forward(z.T, raw.T)
            if mask is not None:
                calls.append((np.multiply, (raw, mask[row].T, self._a[span])))
            elif self._raw is not self._a:
                calls.append((np.copyto, (self._a[span], raw)))
        z_out, a_out = self.outputs_z[row], self.outputs[row]
        calls.append((blocks[-1].T.dot, (inputs[-1], z_out.T)))
        calls += self._activation(-1).forward(z_out, a_out)
        if self._is_joined and self._activation(-1).slope_takes_a:
            calls.append((np.copyto, (self._raw[self._sloped[-1]], a_out.T)))
        return calls

    def _output_delta(self, row: int) -> Program:
        """dL/dz of the output layer, the reduction over the batch included."""
        loss, activation = self.experiment.loss, self._activation(-1)
        scale = self._scale
        z, a, t, delta = self.outputs_z[row], self.outputs[row], self.targets[row], self.output_delta.T
        if loss.natural == activation.name:
            return loss.natural_deltas(z, a, t, tuple(each[row] for each in self._prepared), delta)
        calls = loss.gradients(a, t, delta, scale)
        if self._is_joined:
            return [
                *calls,
                (np.multiply, (self.output_delta, self._slope[self._sloped[-1]], self.output_delta)),
            ]
        return [*calls, *activation.backward(z, a, delta, delta)]

    def _backward_and_update(self, row: int, blocks: list[FloatArray], inputs: list[FloatArray]) -> Program:
        packing, last = self.ring.packing, len(blocks) - 1
        output_first = self.experiment.update_order == "output_first"
        gradients = packing.blocks(self.ring.gradients[row])
        after = packing.blocks(self.ring.parameters(row + 1))
        calls: Program = []
        delta = self.output_delta
        for index in range(last, -1, -1):
            calls.append((inputs[index].dot, (delta.T, gradients[index])))
            if self.experiment.bias_reduction == "mean" and self.experiment.reduction == "sum":
                bias = gradients[index][-1]
                calls.append((np.divide, (bias, np.array(self.batch, bias.dtype), bias)))
            if output_first:
                start = packing.starts[index]
                calls += self._update(row, slice(start, start + gradients[index].size))
            if index:
                weights = (after if output_first else blocks)[index][:-1]
                below = self._delta[self._spans[index - 1]]
                calls.append((weights.dot, (delta, below)))
                calls += self._through_activation(row, index - 1, below)
                delta = below
        if not output_first:
            calls += self._update(row, slice(0, packing.size))
        return calls

    def _slopes(self) -> Program:
        """Slopes of all layers in the block; neighbours of one kind in one pass."""
        calls: Program = []
        for activation, group in groupby(range(len(self._sloped)), self._activation):
            if activation.has_slopes:
                members = list(group)
                block = slice(self._sloped[members[0]].start, self._sloped[members[-1]].stop)
                calls += activation.slopes(self._z[block], self._raw[block], self._slope[block])
        return calls

    def _through_activation(self, row: int, index: int, delta: FloatArray) -> Program:
        """Turn dL/da of hidden layer `index` into dL/dz, in place."""
        span, mask, activation = self._spans[index], self.masks[index], self._activation(index)
        calls: Program = [] if mask is None else [(np.multiply, (delta, mask[row].T, delta))]
        if not activation.elementwise:
            z, a = self._z[span].T, self._raw[span].T
            return [*calls, *activation.backward(z, a, delta.T, delta.T)]
        if activation.has_slopes:
            calls.append((np.multiply, (delta, self._slope[span], delta)))
        return calls

    def _update(self, row: int, part: slice) -> Program:
        """From gradient to parameters, for a part of the flat vector."""
        experiment, ring = self.experiment, self.ring
        old, new = ring.parameters(row)[part], ring.parameters(row + 1)[part]
        old_slots = [slot[part] for slot in ring.slots(row)]
        new_slots = [slot[part] for slot in ring.slots(row + 1)]
        gradient, update, is_weight = (
            ring.gradients[row][part],
            ring.updates[row][part],
            self._is_weight[part],
        )
        coefficients = [column[row : row + 1].reshape(()) for column in ring.coefficients]
        calls: Program = []
        if experiment.regularizer.name != "none" or experiment.clipping.name != "none":
            total = self._scratch[part]
            penalty = experiment.regularizer.gradients(old, is_weight, total)
            calls += (
                [*penalty, (np.add, (total, gradient, total))]
                if penalty
                else [(np.copyto, (total, gradient))]
            )
            calls += experiment.clipping.clip(total, self.clip_factor)
            gradient = total
        for start in range(0, len(old), OPTIMIZER_BLOCK):
            block = slice(start, start + OPTIMIZER_BLOCK)
            calls += experiment.optimizer.update(
                old[block],
                gradient[block],
                [slot[block] for slot in old_slots],
                [slot[block] for slot in new_slots],
                coefficients,
                update[block],
            )
            if self.frozen is not None:
                held = self.frozen[part][block]
                calls.append((hold, (update[block], held, 0.0)))
                for before, after in zip(old_slots, new_slots, strict=True):
                    calls.append((hold, (after[block], held, before[block])))
            calls.append((np.subtract, (old[block], update[block], new[block])))
        return calls

    def _activation(self, index: int) -> Activation:
        return self.experiment.layers[index].activation


def _norms(rows: FloatArray, starts: Sequence[int]) -> FloatArray:
    """Euclidean norms of the parts of each row that begin at `starts`, (rows, parts)."""
    norms = np.empty((len(rows), len(starts)), rows.dtype)
    for k, (start, end) in enumerate(zip(starts, [*starts[1:], rows.shape[1]], strict=True)):
        part = rows[:, start:end]
        np.vecdot(part, part, out=norms[:, k])
    np.sqrt(norms, norms)
    return norms


def hold(array: FloatArray, held: BoolArray, value: FloatArray | float) -> None:
    """Write `value` to the held places of an array."""
    np.copyto(array, value, where=held)


def forward(
    experiment: Experiment, weights: Sequence[FloatArray], biases: Sequence[FloatArray], inputs: FloatArray
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Run inputs through a network, without dropout.

    Parameters
    ----------
    weights, biases : L arrays (..., n_{l-1}, n_l), (..., n_l)
        Leading axes are networks: all are evaluated at once.
    inputs : (B, n_0)

    Returns
    -------
    z, a : lists of L arrays (..., B, n_l)
    """
    z: list[FloatArray] = []
    a: list[FloatArray] = []
    below = inputs
    for layer, w, b in zip(experiment.layers, weights, biases, strict=True):
        z.append(np.matmul(below, w) + b[..., None, :])
        below = layer.activation.value(z[-1])
        a.append(below)
    return z, a


def sample_losses(experiment: Experiment, z: FloatArray, a: FloatArray, targets: FloatArray) -> FloatArray:
    """Each sample's loss (..., B) from the output layer's z and a (..., B, k)."""
    loss = experiment.loss
    if loss.natural == experiment.layers[-1].activation.name:
        return loss.per_sample_from_z(z, targets, a=a)
    return loss.per_sample(a, targets)


def loss_terms(experiment: Experiment, z: FloatArray, a: FloatArray, targets: FloatArray) -> FloatArray:
    """What each output adds to its sample's loss, (..., B, k) as the output layer's z and a."""
    loss = experiment.loss
    if loss.natural == experiment.layers[-1].activation.name:
        return loss.terms_from_z(z, a, targets)
    return loss.terms(a, targets)

"""The pass of a large network, whose step is a few long matrix products.

What costs there is not Python but memory, so what `Pass` does for small networks is done otherwise
(measured on 784-256-128-10 with mini-batches of 128 and on 784-1024-1024-10 with 256):

- Arrays are batch-major, (B, n), and biases are added apart: 4 to 8 % faster products.
- Parameters and slots are changed in place, a block that fits into the cache at a time, and the update
  itself is never written out: 10 to 20 %. What a step has made of them is had back by replay.
- There is one program for all steps; what differs is copied into place before each and out after it.

The formulas are those of `Pass`, row by row; the two plans agree to rounding, not to the last bit.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.functions.traced import Program, execute
from engine.training.backprop import Packing, Pass, hold, same_rows, scales_gradient

BLOCK = 16_384
"""Parameters that an optimizer handles at a time."""

LARGE = 5_000
"""Parameters a layer, on average, from which this plan is the faster one (measured, with any mini-batch)."""

PLANS = ("small", "large")


def fitting_plan(packing: Packing) -> str:
    """The plan that is faster for a network of this size."""
    return "large" if packing.size >= LARGE * len(packing.shapes) else "small"


class LargePass(Pass):
    """A compiled step of mini-batches of one size, for the ring of a large network; see `Pass`."""

    def _each_row(self, units: int) -> FloatArray:
        return np.zeros((self.ring.rows, self.batch, units), self.dtype)

    def _each_mask(self, units: int) -> FloatArray:
        return same_rows(np.zeros((self.batch, units), self.dtype), self.ring.rows)

    def _allocate(self) -> None:
        packing, ring, batch = self.ring.packing, self.ring, self.batch

        def each_layer() -> list[FloatArray]:
            return [np.zeros((batch, units), self.dtype) for units in packing.sizes[1:]]

        self._data: FloatArray | None = None
        self._indices = np.zeros((ring.rows, batch), np.int64)
        self._x = np.zeros((0, 0), self.dtype)
        self._zs, self._raws, self._deltas = each_layer(), each_layer(), each_layer()
        self._as = [
            raw if mask is None else np.zeros_like(raw)
            for raw, mask in zip(self._raws, [*self.masks, None], strict=True)
        ]
        self._t = np.zeros((batch, packing.sizes[-1]), self.dtype)
        self._t_prepared = [np.zeros_like(self._t) for _ in self._prepared]
        self._coefficients = [np.zeros((), self.dtype) for _ in ring.coefficients]
        self._gradient = ring.gradients[0]
        self._gradients = packing.blocks(self._gradient)
        self._update_square = np.zeros(packing.size // BLOCK + 1 + len(self._zs), self.dtype)
        places = range(len(self._update_square))
        self._squares_of_blocks = iter([self._update_square[k : k + 1].reshape(()) for k in places])
        self._program_of_all: Program = []

    # -- what a step sees --------------------------------------------------------------------------

    def take_inputs(self, rows: slice, data: FloatArray, indices: IntArray) -> None:
        if self._data is None:
            self._data, self._x = data, np.zeros((self.batch, data.shape[1]), self.dtype)
        self._indices[rows] = indices

    def give_inputs(self, data: FloatArray) -> None:
        self._x = data.astype(self.dtype, copy=False)

    def features(self, row: int) -> FloatArray:
        return self._x

    # -- what it leaves behind ---------------------------------------------------------------------

    def z(self, row: int) -> list[FloatArray]:
        return self._zs

    def a(self, row: int) -> list[FloatArray]:
        return self._as

    def deltas(self) -> list[FloatArray]:
        return self._deltas

    def penalties(self, rows: slice) -> FloatArray:
        penalties: FloatArray = self.ring.penalties[rows]
        return penalties

    def gradient_norms(self, rows: slice) -> FloatArray:
        norms: FloatArray = np.sqrt(self.ring.squares[rows])
        return norms

    def update_norms(self, rows: slice) -> FloatArray:
        norms: FloatArray = np.sqrt(self.ring.update_squares[rows])
        return norms

    def update_of(self, row: int) -> FloatArray:
        """The update of the step just made, computed once more from the state remembered."""
        p, *slots = self.ring.parts(self.ring.before(row).copy())
        u = np.zeros_like(p)
        with np.errstate(all="ignore"):
            for part in self._parts():
                execute(self._update_in_place(p, slots, part, u))
        return u

    # -- making it ---------------------------------------------------------------------------------

    def run(self, row: int, steps: int, *, measured: bool = True) -> None:
        if not self._program_of_all:
            self._program_of_all = self._compile(0)
        for r in range(row, row + steps):
            self._begin(r)
            for function, arguments in self._program_of_all:
                function(*arguments)
            if measured:
                self._end(r)

    def _begin(self, row: int) -> None:
        if self._data is not None:
            np.take(self._data, self._indices[row], 0, self._x, "clip")
        self._t[...] = self.targets[row]
        for here, each in zip(self._t_prepared, self._prepared, strict=True):
            here[...] = each[row]
        for coefficient, column in zip(self._coefficients, self.ring.coefficients, strict=True):
            coefficient[...] = column[row]
        if self.experiment.regularizer.name != "none":
            self.ring.penalties[row] = self._penalty(self.ring.parameters(row))

    def _end(self, row: int) -> None:
        self.outputs_z[row], self.outputs[row] = self._zs[-1], self._as[-1]
        for index, gradient in enumerate(self._gradients):
            flat = gradient.reshape(-1)
            self.ring.squares[row, index] = flat.dot(flat)
        self.ring.update_squares[row] = np.add.reduce(self._update_square)

    def _compile(self, row: int) -> Program:
        weights, biases = self.ring.packing.split(self.ring.parameters(row))
        inputs = [self._x, *self._as[:-1]]
        calls: Program = []
        for index, (w, b) in enumerate(zip(weights, biases, strict=True)):
            z, raw = self._zs[index], self._raws[index]
            calls += [(inputs[index].dot, (w, z)), (np.add, (z, b, z))]
            calls += self._activation(index).forward(z, raw)
            if raw is not self._as[index]:
                calls.append((np.multiply, (raw, self._mask(index), self._as[index])))
        return [*calls, *self._delta_of_outputs(), *self._backward(weights, inputs)]

    def _mask(self, index: int) -> FloatArray:
        mask = self.masks[index]
        assert mask is not None
        shared: FloatArray = mask[0]
        return shared

    def _delta_of_outputs(self) -> Program:
        loss, activation = self.experiment.loss, self._activation(-1)
        z, a, t, delta = self._zs[-1], self._as[-1], self._t, self._deltas[-1]
        if self._is_matched:
            return loss.natural_deltas(z, a, t, tuple(self._t_prepared), delta)
        return [*loss.gradients(a, t, delta, self._scale), *activation.backward(z, a, delta, delta)]

    def _backward(self, weights: list[FloatArray], inputs: list[FloatArray]) -> Program:
        experiment = self.experiment
        output_first = experiment.update_order == "output_first"
        ones = np.ones(self.batch, self.dtype)
        p, *slots = self.ring.parts(self.ring.states[0])
        parts = self._parts()
        calls: Program = []
        for index in range(len(weights) - 1, -1, -1):
            delta, gradient = self._deltas[index], self._gradients[index]
            calls += [(inputs[index].T.dot, (delta, gradient[:-1])), (ones.dot, (delta, gradient[-1]))]
            if experiment.bias_reduction == "mean" and experiment.reduction == "sum":
                bias = gradient[-1]
                calls.append((np.divide, (bias, np.array(self.batch, bias.dtype), bias)))
            if output_first:
                calls += self._update_in_place(p, slots, parts.pop(0))
            if index:
                below, activation = self._deltas[index - 1], self._activation(index - 1)
                calls.append((delta.dot, (weights[index].T, below)))
                if self.masks[index - 1] is not None:
                    calls.append((np.multiply, (below, self._mask(index - 1), below)))
                calls += activation.backward(self._zs[index - 1], self._raws[index - 1], below, below)
        return calls if output_first else calls + self._update_in_place(p, slots, parts.pop())

    def _parts(self) -> list[slice]:
        """The parts of the flat vector that are updated at a time, in their order."""
        packing = self.ring.packing
        if self.experiment.update_order != "output_first":
            return [slice(0, packing.size)]
        ends = [*packing.starts[1:], packing.size]
        return [slice(start, end) for start, end in zip(packing.starts, ends, strict=True)][::-1]

    def _update_in_place(
        self, p: FloatArray, slots: list[FloatArray], part: slice, u: FloatArray | None = None
    ) -> Program:
        """From gradient to parameters, for a part of the flat vectors `p` and `slots`.

        The update is written to `u` where that is given, and nothing is measured then.
        """
        clipping, regularizer = self.experiment.clipping, self.experiment.regularizer
        gradient, calls = self._gradient, Program()
        whole = clipping.needs_all
        if whole:
            gradient = np.zeros_like(p)
            calls += self._with_penalty(p[part], gradient[part], part)
            calls += clipping.clip(gradient[part], self.clip_factor)
        total, scratch = np.zeros(BLOCK, self.dtype), np.zeros(BLOCK, self.dtype)
        shared = self.experiment.optimizer.scratch(total, in_place=True)
        kept = [np.zeros(BLOCK, self.dtype) for _ in slots]
        for start in range(part.start, part.stop, BLOCK):
            block = slice(start, min(start + BLOCK, part.stop))
            size = block.stop - start
            g, change = gradient[block], scratch[:size] if u is None else u[block]
            if not whole and (regularizer.name, clipping.name) != ("none", "none"):
                g = total[:size]
                calls += self._with_penalty(p[block], g, block)
                calls += clipping.clip(g, self.clip_factor)
            states = [slot[block] for slot in slots]
            held = None if self.frozen is None else self.frozen[block]
            if held is not None:
                calls += [(np.copyto, (keep[:size], slot)) for keep, slot in zip(kept, states, strict=True)]
            calls += self.experiment.optimizer.update(
                p[block], g, states, states, self._coefficients, change, [each[:size] for each in shared]
            )
            if held is not None:
                calls.append((hold, (change, held, 0.0)))
                calls += [(hold, (slot, held, keep[:size])) for keep, slot in zip(kept, states, strict=True)]
            if u is None:
                if not scales_gradient(self.experiment, self.frozen):
                    calls.append((np.vecdot, (change, change, next(self._squares_of_blocks))))
                calls.append((np.subtract, (p[block], change, p[block])))
        return calls

    def _with_penalty(self, p: FloatArray, total: FloatArray, part: slice) -> Program:
        """Write the gradient, the penalty's included, of a part of the parameters into `total`."""
        gradient = self._gradient[part]
        penalty = self.experiment.regularizer.gradients(p, self._is_weight[part], total)
        return [*penalty, (np.add, (total, gradient, total))] if penalty else [(np.copyto, (total, gradient))]

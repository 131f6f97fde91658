"""The Trainer: parameters, optimizer state and place in the data, and the steps that change them.

All is a pure function of (experiment, dataset, edits): the order of rows of (seed, epoch), a dropout
mask of (seed, step). So a training can be stepped, run or replayed, and every bit is the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray, IntArray, read_only
from engine.data.dataset import Dataset
from engine.data.preparation import Prepared, prepare_for
from engine.errors import ExperimentError
from engine.experiment import Experiment, setting_of_a_new_network
from engine.functions.schedules import PlateauState
from engine.memory import check_memory
from engine.parts import Unit, find_part
from engine.records import Scalars, StepRecord
from engine.training.backprop import Packing, Pass, Ring, scales_gradient
from engine.training.batches import STEPS_AT_ONCE, Batches, Place, Segment, set_masks
from engine.training.divergence import culprit
from engine.training.history import HISTORY_BYTES, Edit, History, Keyframe, Outline, Run, Snapshot, first_gap
from engine.training.large import LargePass, fitting_plan
from engine.training.measure import LOSS, METRIC, NORMS, PENALTY, RATE, Measure, scalars
from engine.training.prediction import BlasThreads
from engine.training.watched import Watched

if TYPE_CHECKING:
    from engine.training.model import Model

PARAMETERS = 0
"""The stream of random numbers that parameters are drawn from; see `batches` for the others."""

DENORMAL = {"float64": 1e-150, "float32": 1e-36}
"""Slots of inputs that are always 0 decay below this, where arithmetic is ten times slower."""

HOUSEKEEPING_STEPS = STEPS_AT_ONCE
"""Every so many steps denormal slots are set to 0: by the step's number, so that replay does the same."""


class Chunk(NamedTuple):
    """The steps made last, whose rows of the ring have not been used again yet.

    Attributes
    ----------
    before : int
        Completed steps before them.
    segments : list of Segment
    epochs_ended : tuple of int
        Those of the steps that completed an epoch.
    """

    before: int
    segments: list[Segment]
    epochs_ended: tuple[int, ...]


class Mark(NamedTuple):
    """A moment of a training that can be had back, whatever is left half done after it.

    Attributes
    ----------
    runs : tuple of Run
        All there were.
    run : Run
        The one that went on.
    completed : int
        The moment that was looked at.
    steps, evaluations, edits : int
        How much there was of the run.
    """

    runs: tuple[Run, ...]
    run: Run
    completed: int
    steps: int
    evaluations: int
    edits: int


class Trainer:
    """Trains one network on one data set.

    Parameters
    ----------
    experiment : Experiment
    dataset : Dataset
    threads : int
        BLAS threads. More than one pays only for large networks on an idle machine, and changes the
        last bits of the results.
    history_bytes : int
        Bound of the memory for going back; with less, going back takes longer.
    plan : {"small", "large"}, optional
        How a step is computed, by default the faster way for a network of this size; the two agree to
        the last bits but one or two.

    Attributes
    ----------
    experiment, dataset
        As given; `experiment` follows `change`.
    prepared : Prepared
        The training and validation rows as the network sees them.
    completed : int
        Steps made, up to the moment that is looked at.
    history : History
        The runs; `current` is the one that goes on.

    Raises
    ------
    ExperimentError
        If the experiment does not fit the data, or the network the memory.
    """

    def __init__(
        self,
        experiment: Experiment,
        dataset: Dataset,
        *,
        threads: int = 1,
        history_bytes: int = HISTORY_BYTES,
        plan: str | None = None,
    ) -> None:
        if isinstance(experiment, Dataset) and isinstance(dataset, Experiment):
            experiment, dataset = dataset, experiment
        for value, kind in ((experiment, Experiment), (dataset, Dataset)):
            if not isinstance(value, kind):
                raise TypeError(f"Trainer needs an Experiment and a Dataset, and got {value!r}.")
        experiment.check_data(dataset)
        check_memory(experiment, dataset)
        self.dataset = dataset
        self.prepared: Prepared = prepare_for(experiment, dataset)
        self.threads = threads
        rows = len(self.prepared.train_rows)
        _check_batch(experiment, rows)
        self.experiment = experiment
        self.packing = Packing((dataset.inputs.shape[1], *(layer.units for layer in experiment.layers)))
        dtype = np.dtype(experiment.dtype)
        self.plan = plan or fitting_plan(self.packing)
        self._batches = Batches(self.prepared, dtype, experiment.seed, ones=self.plan == "small")
        self._measure = Measure(self.prepared, dataset.kind, dtype)
        self._watched: Watched | None = None
        self._frozen: npt.NDArray[np.bool_] | None = None
        self.ring, self._row = self._make_ring(), 0
        self._passes: dict[int, Pass] = {}
        gap = first_gap(self.packing.size, self._full_batch, self.ring.states[0].nbytes)
        self.history = History(history_bytes, gap)
        self._start()

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.packing.sizes))
        return f"Trainer({sizes} on {self.dataset.name!r}, step {self.completed})"

    def _repr_html_(self) -> str:
        from engine.notebook import curve_svg, network_svg, page

        series = self.scalars
        return page(
            repr(self),
            network_svg(self.packing.sizes, self.weights),
            curve_svg(series.steps.tolist(), series.loss.tolist()),
        )

    # -- state -------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Begin a run at step 0 with freshly drawn parameters."""
        self.ring.states[self._row] = 0.0
        self.ring.parameters(self._row)[:] = self._initial_parameters()
        self.completed = 0
        self._epoch, self._epoch_began, self._offset = 0, 0, 0
        self._shuffle = self._full_batch < self._rows
        self._optimizer_start = 0
        self._plateau = PlateauState()
        self._epoch_loss = 0.0
        self._edits = 0
        self.chunk = Chunk(0, [], ())
        self.current: Run = self.history.begin(NORMS + len(self.experiment.layers))
        self.history.keep(self.current, self._keyframe())
        self._evaluate([self._row], [0])

    def _make_ring(self) -> Ring:
        inputs, outputs = self.packing.sizes[0], self.packing.sizes[-1]
        activity = self._full_batch * (4 * outputs + (inputs + 1 if self.plan == "small" else 0))
        return Ring(
            self.packing,
            self.experiment,
            activity,
            in_place=self.plan == "large",
            keeps_updates=not scales_gradient(self.experiment, self._frozen),
        )

    def _recompile(self) -> None:
        """Make ring and passes anew, keeping the parameters and, if they still fit, the slots."""
        state, ring = self.ring.states[self._row], self._make_ring()
        width = min(len(state), ring.states.shape[1])
        ring.states[0, :width] = state[:width]
        self.ring, self._row = ring, 0
        self._passes = {}

    def _initial_parameters(self) -> FloatArray:
        rng = np.random.default_rng([self.experiment.seed, PARAMETERS])
        initializer = self.experiment.initializer
        flat = np.zeros(self.packing.size)
        weights, biases = self.packing.split(flat)
        for w in weights:
            w[...] = initializer.draw(rng, w.shape, *w.shape)
        if initializer.fills_biases:
            for b, w in zip(biases, weights, strict=True):
                b[...] = initializer.draw(rng, b.shape, *w.shape)
        return flat

    @property
    def _rows(self) -> int:
        return self._batches.rows

    @property
    def _full_batch(self) -> int:
        return self._batches.size(self.experiment)

    @property
    def epoch(self) -> int:
        """The epoch the next step belongs to, from 1."""
        return self._epoch + 1

    @property
    def epoch_steps(self) -> int:
        """Steps of a whole epoch."""
        return -(-self._rows // self._full_batch)

    @property
    def epoch_began(self) -> int:
        """The step after which the running epoch began."""
        return self._epoch_began

    @property
    def at_epoch_start(self) -> bool:
        """Whether the last epoch is complete."""
        return self._offset == 0

    @property
    def steps_left_in_epoch(self) -> int:
        """Steps until the running epoch ends; in the past, with the batch sizes that are to come."""
        steps, rows, batch = 0, self._rows - self._offset, self._full_batch
        for edit in self.current.edits[self._edits :]:
            ahead = edit.step - self.completed - steps
            if ahead * batch >= rows:
                break
            if edit.experiment is not None:
                steps, rows, batch = steps + ahead, rows - ahead * batch, self._batches.size(edit.experiment)
        return steps + -(-rows // batch)

    @property
    def weights(self) -> list[FloatArray]:
        """Copies of the weights, L arrays (n_{l-1}, n_l)."""
        return [w.copy() for w in self.packing.split(self.ring.parameters(self._row))[0]]

    @property
    def biases(self) -> list[FloatArray]:
        """Copies of the biases, L arrays (n_l,)."""
        return [b.copy() for b in self.packing.split(self.ring.parameters(self._row))[1]]

    @property
    def scalars(self) -> Scalars:
        """The series of all steps made so far."""
        return self.scalars_between(0, self.completed, 0)

    def scalars_between(self, start: int, stop: int, evaluation: int) -> Scalars:
        """The series of steps start + 1 to `stop`, and its evaluations from number `evaluation` on."""
        return self._scalars(self.current, start, stop, evaluation)

    def scalars_near(self, step: int) -> Scalars:
        """The series of a step and the one before it, and the latest two evaluations by then."""
        evaluations = self.current.evaluations
        first, last = 0, len(evaluations)
        while first < last:  # how many there are by then
            middle = (first + last) // 2
            if evaluations.read(middle, middle + 1)[0, 0] <= step:
                first = middle + 1
            else:
                last = middle
        return self._scalars(self.current, max(0, step - 2), step, max(0, first - 2), first)

    def scalars_of(self, run: Run) -> Scalars:
        """The whole series of a run of the history."""
        return self._scalars(run, 0, run.steps, 0)

    def _scalars(
        self, run: Run, start: int, stop: int, evaluation: int, evaluated: int | None = None
    ) -> Scalars:
        evaluations = run.evaluations.read(evaluation, evaluated)
        if len(evaluations):
            evaluations = evaluations[evaluations[:, 0] <= stop]
        return scalars(start, run.series.read(start, stop), evaluations)

    # -- stepping ----------------------------------------------------------------------------------

    def step(self) -> StepRecord:
        """Make one step and return all of it.

        Raises
        ------
        DivergenceError
            If a number is not finite; the state is that before the step.
        """
        with self._blas():
            values, record = self._look_ahead()
            self._finish_chunk(self._planned, values)
        return record

    def peek(self, *, finite: bool = False) -> StepRecord:
        """The record of the next step, which is not made.

        Parameters
        ----------
        finite : bool
            Whether a number that is not finite is refused, as in `step`, instead of told.

        Raises
        ------
        DivergenceError
            See `finite`.
        """
        with self._blas():
            values, record = self._look_ahead()
            if finite and not self.is_past:
                self._check_finite(self._planned, values)
            self.ring.recall()
        return record

    def model(self) -> Model:
        """The network as it is at this moment, to predict any rows; it stays so while training goes on."""
        from engine.training.model import Model  # with all that reads files, which training does without

        return Model(
            self.experiment,
            self.dataset,
            self.prepared,
            tuple(self.weights),
            tuple(self.biases),
            self.completed,
        )

    def trace(self, row: int) -> StepRecord:
        """The record of a step with one row of the data set alone, which is not made; without dropout.

        Parameters
        ----------
        row : int
            Of ``Dataset.inputs``, whatever part it belongs to.
        """
        return self._trace(self.dataset.inputs[[row]], self.dataset.targets[[row]], row)

    def trace_other(self, inputs: FloatArray, targets: FloatArray | None = None) -> StepRecord:
        """The same of a row from elsewhere, whose `indices` are -1.

        Parameters
        ----------
        inputs : (d,)
            Encoded and unscaled, like ``Dataset.inputs``.
        targets : (k,), optional
            Without them all that comes of the loss is NaN.
        """
        known = np.full(self.dataset.targets.shape[1], np.nan) if targets is None else targets
        return self._trace(inputs[None], known[None], -1)

    def _trace(self, inputs: FloatArray, targets: FloatArray, row: int) -> StepRecord:
        self._turn_ring()
        at, compiled = self._row, self._new_pass(1)
        compiled.give_inputs(self.prepared.transform(inputs))
        targets = self.prepared.scaled_targets(targets).astype(compiled.targets.dtype)
        compiled.set_targets(at, targets, targets.argmax(axis=1))
        for mask in compiled.masks:
            if mask is not None:
                mask[at] = 1.0
        self._set_coefficients(1, np.array([self._epoch]))
        self._planned = [Segment(compiled, at, 1, np.zeros((1, 1), dtype=np.int64))]
        with self._blas():
            self._make_alone(self._planned)
            record = self._record(self._planned[0], self._measure.steps(self._planned, self._rates)[0])
            self.ring.recall()
        return replace(record, indices=read_only(np.array([row], dtype=np.int64)))

    def run(self, steps: int, stop: Callable[[], bool] | None = None, *, watched: bool = False) -> Scalars:
        """Make many steps.

        Parameters
        ----------
        steps : int
            0 is a no-op.
        stop : callable, optional
            Asked between chunks of some steps; True ends the run early.
        watched : bool
            Whether `stop` looks at the states before the steps of a chunk: those of a large network are
            made one by one then.

        Returns
        -------
        Scalars
            Of these steps, none left out.

        Raises
        ------
        DivergenceError
            If a number is not finite; the state is that before the step, and `scalars` end there.
        """
        if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
            raise ExperimentError(
                "out_of_range", field="steps", value=steps, allowed="0 or a whole number above"
            )
        first, evaluated = self.completed, len(self.current.evaluations)
        goal = self.completed + steps
        with self._blas():
            while self.completed < goal and not (stop is not None and stop()):
                if watched and self.ring.in_place:
                    self._make_alone(self._plan(1))
                else:
                    self._make(self._plan(goal - self.completed), measured=self._measures)
                self._finish_chunk(self._planned)
        return self.scalars_between(first, self.completed, evaluated)

    def reset(self) -> None:
        """Begin a new run at step 0, with the same parameters as the first time."""
        self._start()

    def _blas(self) -> Any:
        return BlasThreads(self.threads)

    def _look_ahead(self) -> tuple[FloatArray, StepRecord]:
        self._make_alone(self._plan(1))
        values = self._measure.steps(self._planned, self._rates)
        return values, self._record(self._planned[0], values[0])

    def _plan(self, limit: int) -> list[Segment]:
        """Choose the rows of the next chunk of at most `limit` steps and lay out what they need."""
        ring = self.ring
        self._turn_ring()
        count = 1 if ring.rows == 2 else min(limit, ring.rows - 1 - self._row)
        for period in (HOUSEKEEPING_STEPS, self.history.gap):
            count = min(count, period - self.completed % period)
        if self.is_past:
            count = min(count, self.current.steps - self.completed)
            if self._edits < len(self.current.edits):
                count = min(count, self.current.edits[self._edits].step - self.completed)
        evaluates = self._measure.validates or self._watched is not None
        if ring.in_place and evaluates:  # which needs the state at the epoch's end
            count = min(count, -(-(self._rows - self._offset) // self._full_batch))
        place = Place(self._epoch, self._offset, self._shuffle)
        segments, epochs = self._batches.lay_out(self.experiment, place, self._row, count, self._compiled)
        self._set_coefficients(len(epochs), epochs)
        for segment in segments:
            set_masks(segment, self.experiment, self.completed + segment.row - self._row)
        self._planned = segments
        return segments

    def _turn_ring(self) -> None:
        """Begin the ring anew at its end, so that the next steps' rows lie behind one another."""
        if self.ring.rows > 2 and self._row == self.ring.rows - 1:
            if not self.ring.in_place:
                self.ring.states[0] = self.ring.states[self._row]
            self._row = 0

    def _compiled(self, batch: int) -> Pass:
        if batch not in self._passes:
            compiled = self._new_pass(batch)
            if batch == self._rows:
                self._batches.fill(compiled)
            self._passes[batch] = compiled
        return self._passes[batch]

    def _set_coefficients(self, count: int, epochs: IntArray) -> None:
        experiment = self.experiment
        made = np.arange(self.completed, self.completed + count)
        factor = experiment.schedule.factor_of(made, epochs) * self._plateau.factor
        self._rates = np.full(count, experiment.learning_rate * factor)
        coefficients = experiment.optimizer.coefficients(self._rates, made + (1 - self._optimizer_start))
        span = slice(self._row, self._row + count)
        for column, values in zip(self.ring.coefficients, coefficients, strict=True):
            column[span] = values

    def _new_pass(self, batch: int) -> Pass:
        kind = LargePass if self.plan == "large" else Pass
        return kind(self.experiment, self.ring, batch, self._frozen)

    def _make_alone(self, segments: list[Segment]) -> None:
        """Make a step whose state before is to be looked at or had back."""
        self.ring.remember()
        self._make(segments)

    @property
    def _measures(self) -> bool:
        """Whether the next steps are measured: those made before are not, unless the schedule needs it."""
        return not self.is_past or self.experiment.schedule.needs_loss

    def _make(self, segments: list[Segment], *, measured: bool = True) -> None:
        with np.errstate(all="ignore"):
            for segment in segments:
                segment.compiled.run(segment.row, segment.steps, measured=measured)

    def _finish_chunk(self, segments: list[Segment], values: FloatArray | None = None) -> None:
        """Measure the steps just made and move on; stop before a step that is not finite.

        `values` are the measurements where they are there already.
        """
        again = self.is_past
        if values is None and self._measures:
            values = self._measure.steps(segments, self._rates)
        if values is not None and not again:
            self._check_finite(segments, values)
            self.current.series.append(values)
        count = sum(segment.steps for segment in segments)
        ends = self._move_on(segments, values)
        self.chunk = Chunk(self.completed, segments, tuple(step for _, step in ends))
        self._row = (self._row + count) % self.ring.rows
        self.completed += count
        if self.experiment.optimizer.slots and self.completed % HOUSEKEEPING_STEPS == 0:
            slots = self.ring.states[self._row, self.packing.size :]
            slots[np.abs(slots) < DENORMAL[self.experiment.dtype]] = 0.0
        if ends:
            self._epoch_began = ends[-1][1]
            if not again:
                self._evaluate([row for row, _ in ends], [step for _, step in ends])
            self._observe_epoch()
        if self.completed % self.history.gap == 0 and self.completed > self.current.keyframes[-1].step:
            self.history.make_room(self.ring.states[self._row].nbytes)
            self.history.keep(self.current, self._keyframe())
        self._apply_edits()

    def _move_on(self, segments: list[Segment], values: FloatArray | None) -> list[tuple[int, int]]:
        """Advance the place in the data; return the ring row and step of each epoch's end."""
        ends: list[tuple[int, int]] = []
        for segment in segments:
            size = segment.compiled.batch
            first = segment.row - self._row
            if values is not None and self.experiment.schedule.needs_loss:
                weight = size if self.experiment.reduction == "mean" else 1
                self._epoch_loss += float(values[first : first + segment.steps, LOSS].sum()) * weight
            left, whole = self._rows - self._offset, self._rows // size
            if left % size == 0:
                for k in range(left // size, segment.steps + 1, whole):
                    ends.append((segment.row + k, self.completed + first + k))
            epochs, self._offset = divmod(self._offset + size * segment.steps, self._rows)
            self._epoch += epochs
            if self._offset == 0:
                self._shuffle = self._full_batch < self._rows
        return ends

    def _observe_epoch(self) -> None:
        """Let a schedule that looks at the loss see the epoch that has just ended."""
        if not self.experiment.schedule.needs_loss:
            return
        loss = self._epoch_loss / self._rows
        if self._measure.validates:
            loss = float(self.current.evaluations.read(self._epoch, self._epoch + 1)[0, 1])
        self._plateau = self.experiment.schedule.observe(self._plateau, loss)
        self._epoch_loss = 0.0

    def _evaluate(self, rows: Sequence[int], steps: Sequence[int]) -> None:
        """Measure the validation rows at states of the ring, made after `steps` steps."""
        for found in self._measure.evaluations(self.experiment, self.ring, rows, steps):
            self.current.evaluations.append(found)
        if self._watched is not None:
            for found in self._watched.measure.evaluations(self.experiment, self.ring, rows, steps):
                self._watched.add(self.current, found)

    def watch_rows(self, inputs: FloatArray | None, targets: FloatArray | None = None) -> None:
        """Watch a test set beside the validation: measure it now, and at each epoch's end from now on.

        It steers nothing, and neither a session nor a copy has it.

        Parameters
        ----------
        inputs, targets : (m, d), (m, k)
            Like those of the data set; None watches nothing any more.
        """
        self._watched = None
        if inputs is None or targets is None or not len(inputs):
            return
        dtype = np.dtype(self.experiment.dtype)
        watched = self._watched = Watched(self.prepared, inputs, targets, self.dataset.kind, dtype)
        with self._blas():
            for found in watched.measure.evaluations(
                self.experiment, self.ring, [self._row], [self.completed]
            ):
                watched.add(self.current, found)

    @property
    def watched_count(self) -> int | None:
        """How many evaluations of the test set the current run has; None if none is watched."""
        return None if self._watched is None else len(self._watched.of(self.current))

    def watched(self, start: int = 0) -> FloatArray:
        """Step, loss and metric (n, 3) of the test set in the current run, from its evaluation `start` on."""
        return np.empty((0, 3)) if self._watched is None else self._watched.of(self.current).read(start)

    def _check_finite(self, segments: list[Segment], values: FloatArray) -> None:
        finite = np.isfinite(values)
        finite[:, METRIC] = True
        if finite.all():
            return
        good = int(np.argmin(finite.all(axis=1)))
        goal = self.completed + good
        if self.ring.in_place:
            self._restore(self.current.keyframe_before(self.completed))
        while self.completed < goal:  # keep the steps before it, then meet the bad one again, alone
            self._make(self._plan(goal - self.completed))
            self._finish_chunk(self._planned)
        self._make_alone(self._plan(1))
        error = culprit(self._planned[0], self._measure.steps(self._planned, self._rates)[0], self.completed)
        self.ring.recall()
        raise error

    # -- records -----------------------------------------------------------------------------------

    def _record(self, segment: Segment, values: FloatArray) -> StepRecord:
        """All of the step just made from the first row of `segment`."""
        compiled, row, packing, ring = segment.compiled, segment.row, self.packing, self.ring
        flat, *slots_before = ring.parts(ring.before(row))
        before, after = packing.split(flat), packing.split(ring.parameters(row + 1))
        gradients = packing.split(ring.gradients[row])
        held: npt.NDArray[Any] = np.zeros(packing.size, bool) if self._frozen is None else self._frozen
        held_weights, held_biases = packing.split(held)
        names = self.experiment.optimizer.slots
        with np.errstate(all="ignore"):
            losses = compiled.losses(slice(row, row + 1))[0]

        def slots(parts: list[FloatArray]) -> dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]:
            return {
                name: (_copies(packing.split(flat)[0]), _copies(packing.split(flat)[1]))
                for name, flat in zip(names, parts, strict=True)
            }

        masks = [None if mask is None else read_only(mask[row]) for mask in compiled.masks]
        return StepRecord(
            experiment=self.experiment,
            step=self.completed + 1,
            epoch=self._epoch + 1,
            indices=read_only(self.prepared.train_rows[segment.indices[0]]),
            targets=read_only(compiled.targets[row]),
            z=_copies(compiled.z(row)),
            a=_copies([compiled.features(row), *compiled.a(row)]),
            delta=_copies(compiled.deltas()),
            weight_grads=_copies(gradients[0]),
            bias_grads=_copies(gradients[1]),
            sample_losses=read_only(losses),
            data_loss=float(values[LOSS]),
            penalty=float(values[PENALTY]),
            learning_rate=float(values[RATE]),
            clip_factor=float(compiled.clip_factor),
            dropout_masks=(*masks, None),
            frozen_weights=_copies(held_weights),
            frozen_biases=_copies(held_biases),
            weights_before=_copies(before[0]),
            weights_after=_copies(after[0]),
            biases_before=_copies(before[1]),
            biases_after=_copies(after[1]),
            slots_before=slots(slots_before),
            slots_after=slots(ring.slots(row + 1)),
            optimizer_step=self.completed + 1 - self._optimizer_start,
            feature_names=self.dataset.feature_names,
            target_names=self.dataset.target_names,
            target_offset=self.prepared.target_offset if self.prepared.scales_targets else None,
            target_scale=self.prepared.target_scale if self.prepared.scales_targets else None,
        )

    # -- the timeline ------------------------------------------------------------------------------

    @property
    def furthest(self) -> int:
        """The last step of the current run that can be sought."""
        return self.current.steps

    @property
    def is_past(self) -> bool:
        """Whether the next step has been made before, in the current run."""
        return self.completed < self.current.steps

    @property
    def edits_in_force(self) -> tuple[Edit, ...]:
        """The edits that were made on the way to this moment, in their order."""
        return tuple(self.current.edits[: self._edits])

    def seek(self, step: int) -> None:
        """Go to the state after `step` steps, bit-identical to having stopped there.

        Going on from there without an edit makes the same steps again; an edit (`change`,
        `set_parameters`, `freeze`) forks a new run, and the old one stays in `history`.

        Raises
        ------
        ExperimentError
            ``beyond_history`` for a step that the run has not reached.
        """
        if isinstance(step, bool) or not isinstance(step, int) or not 0 <= step <= self.current.steps:
            raise ExperimentError("beyond_history", field="step", value=step, furthest=self.current.steps)
        keyframe = self.current.keyframe_before(step)
        if not keyframe.step <= self.completed <= step:
            self._restore(keyframe)
        with self._blas():
            while self.completed < step:
                self._make(self._plan(step - self.completed), measured=self._measures)
                self._finish_chunk(self._planned)

    def forget_future(self) -> None:
        """Make this moment the last of the current run, as if the steps after it had not been made."""
        evaluations = self._epoch + 1 if self._measure.validates else 0
        self.history.cut(self.current, self.completed, evaluations, self._edits)

    def switch(self, run: Run, step: int | None = None) -> None:
        """Make another run of the history the current one, at `step` or where it ended."""
        self.current = run
        self._restore(run.keyframes[0])
        self.seek(run.steps if step is None else step)

    def mark(self) -> Mark:
        """Remember this moment for `go_back_to`; it costs nothing."""
        run = self.current
        runs = tuple(self.history.runs)
        return Mark(runs, run, self.completed, run.steps, len(run.evaluations), len(run.edits))

    def go_back_to(self, mark: Mark) -> None:
        """Be as at `mark`, after a step or an edit was left half done (no memory, a full disk)."""
        run = self.current = mark.run
        self.history.runs[:] = mark.runs
        if (run.steps, len(run.evaluations), len(run.edits)) != mark[3:]:
            self.history.cut(run, mark.steps, mark.evaluations, mark.edits)
        keyframe = run.keyframe_before(mark.completed)
        self.experiment, self._frozen = keyframe.experiment, keyframe.frozen
        self._recompile()
        self._restore(keyframe)
        self.seek(mark.completed)

    def snapshot(self) -> Snapshot:
        """The whole training as it stands, for another thread or a file; cheap."""
        return Snapshot(self._keyframe(), self.history.copy(), self.history.runs.index(self.current))

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from `snapshot`, taken of a training of this network on this data, bit for bit."""
        budget = self.history.budget
        self.history = snapshot.history.copy()
        self.history.limit(budget)
        self.current = self.history.runs[snapshot.current]
        self._restore(snapshot.present)

    def copy(self) -> Trainer:
        """Another trainer of the same training at the same moment; neither follows the other.

        The data, which never change, are shared, so that it is cheap.
        """
        other = copy(self)
        other._watched = None
        other._recompile()
        other.history = self.history.copy()
        other.current = other.history.runs[self.history.runs.index(self.current)]
        other.chunk = Chunk(self.completed, [], ())
        return other

    def outline(self) -> Outline:
        """What has become of the training, without any of its numbers; next to free."""
        return Outline.of(self.history, self.current, self.completed)

    def begin(self, experiment: Experiment, frozen: npt.NDArray[np.bool_] | None) -> None:
        """Begin a run at step 0 as `reset` does, with these settings and held parameters."""
        self.experiment, self._frozen = experiment, frozen
        self._recompile()
        self._start()

    def branch(self) -> None:
        """Begin a run that shares the past of the current one, up to here."""
        evaluations = self._epoch + 1 if self._measure.validates else 0
        run = self.current
        self.current = self.history.fork(run, self.completed, evaluations, self._edits)
        if self._watched is not None:
            self._watched.fork(run, self.current, self.completed)

    def _keyframe(self) -> Keyframe:
        return Keyframe(
            step=self.completed,
            state=self.ring.states[self._row].copy(),
            experiment=self.experiment,
            frozen=self._frozen,
            edits=self._edits,
            epoch=self._epoch,
            epoch_began=self._epoch_began,
            offset=self._offset,
            shuffle=self._shuffle,
            optimizer_start=self._optimizer_start,
            plateau=self._plateau,
            epoch_loss=self._epoch_loss,
        )

    def _restore(self, keyframe: Keyframe) -> None:
        if keyframe.experiment != self.experiment or keyframe.frozen is not self._frozen:
            self.experiment, self._frozen = keyframe.experiment, keyframe.frozen
            self._recompile()
        self.ring.states[self._row] = keyframe.state
        self.completed, self._edits = keyframe.step, keyframe.edits
        self._epoch, self._epoch_began = keyframe.epoch, keyframe.epoch_began
        self._offset, self._shuffle = keyframe.offset, keyframe.shuffle
        self._optimizer_start = keyframe.optimizer_start
        self._plateau, self._epoch_loss = keyframe.plateau, keyframe.epoch_loss
        self._apply_edits()

    def _apply_edits(self) -> None:
        """Make the edits again that were made at this step."""
        edits = self.current.edits
        while self._edits < len(edits) and edits[self._edits].step == self.completed:
            self._apply(edits[self._edits])
            self._edits += 1

    def edit(self, edit: Edit) -> None:
        """Make an edit and remember it; in the past it begins a new run."""
        if self.is_past or self._edits < len(self.current.edits):
            self.branch()
        self.current.edits.append(edit)
        self._apply_edits()

    def _apply(self, edit: Edit) -> None:
        if edit.experiment is not None:
            old, self.experiment = self.experiment, edit.experiment
            self._recompile()
            if type(edit.experiment.optimizer) is not type(old.optimizer):
                self.ring.states[0, self.packing.size :] = 0.0
                self._optimizer_start = self.completed
            self._follow_schedule(old)
            if self._offset == 0:
                self._shuffle = self._full_batch < self._rows
        elif edit.parameters is not None:
            self.ring.parameters(self._row)[:] = edit.parameters
        else:
            assert edit.frozen is not None
            self._frozen = edit.frozen if edit.frozen.any() else None
            self._recompile()

    def _follow_schedule(self, old: Experiment) -> None:
        """Forget what a schedule has learned of the loss as far as it is another's, or of another loss."""
        new = self.experiment
        same_rule = type(new.schedule) is type(old.schedule)
        same_loss = (new.loss, new.reduction) == (old.loss, old.reduction)
        if not same_rule:
            self._plateau = PlateauState()
        elif not same_loss:
            self._plateau = self._plateau._replace(best=math.inf, waited=0)
        if not (same_rule and same_loss):
            # the epoch that is under way will not have been seen whole
            self._epoch_loss = math.nan if new.schedule.needs_loss and self._offset else 0.0

    # -- edits -------------------------------------------------------------------------------------

    def change(self, experiment: Experiment) -> None:
        """Go on with other settings, as far as they need no new network.

        A new optimizer starts with empty slots; the same one with other parameters keeps them. Likewise a
        new schedule starts afresh; one that looks at the loss, with the first epoch that it sees whole.

        Raises
        ------
        ExperimentError
            If the change needs a new Trainer or does not fit; nothing is changed then.
        """
        self.check_change(experiment)
        if experiment != self.experiment:
            self.edit(Edit(self.completed, experiment=experiment))

    def check_change(self, experiment: Experiment) -> None:
        """Raise what `change` would raise."""
        field = setting_of_a_new_network(self.experiment, experiment)
        if field is not None:
            raise ExperimentError("needs_new_trainer", field=field)
        experiment.check_data(self.dataset)
        _check_batch(experiment, self._rows)

    def set_parameters(
        self,
        weights: Sequence[npt.ArrayLike] | None = None,
        biases: Sequence[npt.ArrayLike] | None = None,
    ) -> None:
        """Set all weights, all biases, or both.

        Parameters
        ----------
        weights, biases : L arrays (n_{l-1}, n_l), (n_l,)

        Raises
        ------
        ExperimentError
            For a wrong shape or a number that is not finite; nothing is set then.
        """
        flat = self.ring.parameters(self._row).copy()
        for name, given, views in zip(
            ("weights", "biases"), (weights, biases), self.packing.split(flat), strict=True
        ):
            if given is None:
                continue
            if len(given) != len(views):
                raise ExperimentError(
                    "parameter_shape",
                    field=name,
                    value=f"{len(given)} arrays",
                    expected=f"{len(views)} arrays",
                )
            for index, (array, view) in enumerate(zip(given, views, strict=True)):
                _assign(view, array, f"{name}[{index}]")
        self.edit(Edit(self.completed, parameters=flat))

    def freeze(
        self, weights: Iterable[tuple[int, Unit, Unit]] = (), biases: Iterable[tuple[int, Unit]] = ()
    ) -> None:
        """Hold parameters at their values.

        Parameters
        ----------
        weights : iterable of (layer, source unit, unit)
            Layers count from 1, units from 0 as NumPy counts; a feature's or class's name may stand for
            the number of an input or output.
        biases : iterable of (layer, unit)

        Raises
        ------
        ExperimentError
            ``parameter_unknown``; nothing is held then.
        """
        self._set_frozen(weights, biases, True)

    def unfreeze(
        self, weights: Iterable[tuple[int, Unit, Unit]] = (), biases: Iterable[tuple[int, Unit]] = ()
    ) -> None:
        """Let parameters go again; see `freeze`."""
        self._set_frozen(weights, biases, False)

    def hand_down(self, heir: Trainer) -> None:
        """Give the parameters, and which of them are held, to a trainer of the same layers."""
        heir.set_parameters(self.weights, self.biases)
        if self._frozen is not None:
            heir.edit(Edit(heir.completed, frozen=self._frozen))

    def _set_frozen(
        self, weights: Iterable[tuple[int, Unit, Unit]], biases: Iterable[tuple[int, Unit]], held: bool
    ) -> None:
        frozen = np.zeros(self.packing.size, dtype=bool) if self._frozen is None else self._frozen.copy()
        known = self.packing.sizes, self.dataset.feature_names, self.dataset.target_names
        parts = [find_part("weight", tuple(place), *known) for place in weights]
        parts += [find_part("bias", tuple(place), *known) for place in biases]
        for part in parts:
            frozen[self.packing.position(part)] = held
        self.edit(Edit(self.completed, frozen=frozen))


def _check_batch(experiment: Experiment, rows: int) -> None:
    if experiment.batch_size != "full" and experiment.batch_size > rows:
        raise ExperimentError("batch_too_large", field="batch_size", value=experiment.batch_size, rows=rows)


def _assign(view: FloatArray, given: npt.ArrayLike, field: str) -> None:
    try:
        array = np.asarray(given, dtype=view.dtype)
    except (TypeError, ValueError):
        raise ExperimentError(
            "wrong_type", field=field, value=repr(given), expected="an array of numbers"
        ) from None
    if array.shape != view.shape:
        raise ExperimentError("parameter_shape", field=field, value=array.shape, expected=view.shape)
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ExperimentError(
            "parameter_not_finite", field=f"{field}[{', '.join(map(str, place))}]", value=float(array[place])
        )
    view[...] = array


def _copies(arrays: Iterable[npt.NDArray[Any]]) -> tuple[Any, ...]:
    return tuple(read_only(array) for array in arrays)

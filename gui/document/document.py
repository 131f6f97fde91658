"""What is being edited: the experiment and its data, with undo, and what the worker has to do about it.

Every edit is checked as a whole before anything changes, becomes one entry of the undo stack, and ends
as a `Load` or a `Change` for the worker. What only steers the training is changed under way: loss,
optimizer, learning rate, schedule, batch size, penalty, clipping, dropout and the textbook variants.
What decides the parameters at step 0, or which numbers the network is fed, needs a new network: units,
activations, initializer, seed, precision, the data and their preparation. Each
network has a number of its own, so that undo, which goes back to the old number, brings the old network
back with what it had learned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.data.dataset import Dataset
from engine.errors import ExperimentError
from engine.experiment import Experiment, Layer, setting_of_a_new_network
from engine.memory import check_memory
from engine.settings import read, replaced
from engine.suitable import fitting_batch, practical_experiment, suited, training_rows
from gui.document.examples import FIRST
from gui.training.messages import Change, Done, Freeze, Load, SetParameter, Start, TakeBack

BURST_SECONDS = 1.0
"""Edits of one number that follow each other faster than this are one entry of the undo stack."""

UNDO_LIMIT = 200


@dataclass(frozen=True, eq=False)
class State:
    """One state of the document: what an entry of the undo stack goes back to.

    Attributes
    ----------
    network : int
        Names the parameters: another number is another network.
    training_rows : int
        Rows of `dataset` that are trained on.
    batch_size : int or "full"
        What was asked for: the experiment's is smaller while there are fewer rows.
    batch_is_own : bool
        Whether somebody chose it; else it follows the data.
    start : Start or None
        Given parameters of the network.
    heir_to : int or None
        The network whose parameters it went on with.
    """

    experiment: Experiment
    dataset: Dataset
    network: int
    training_rows: int
    batch_size: int | Literal["full"]
    batch_is_own: bool = False
    start: Start | None = None
    heir_to: int | None = None


@dataclass(frozen=True, eq=False)
class _Aside:
    """Work that is put aside: what it was, where its undo stack was, and whether it was saved."""

    state: State
    edits: int
    dirty: bool


class NotInForceError(Exception):
    """What is to be undone or redone has nothing to do with the moment that is shown.

    Attributes
    ----------
    step : int or None
        It was done later, after so many steps; None if it was done in another run.
    """

    def __init__(self, step: int | None = None) -> None:
        super().__init__(step)
        self.step = step


class Document(QObject):
    """The edited experiment and data set, with undo.

    Settings are named by their path in the experiment, as in errors: ``learning_rate``,
    ``optimizer.beta1``, ``layers[0].units``. Edits raise `ExperimentError` before anything is changed.

    Attributes
    ----------
    changed : Signal()
        The state is another one.
    load_requested : Signal(Load)
    change_requested : Signal(Change)
    parameter_requested : Signal(SetParameter, Freeze or TakeBack)
        Of the present network.
    refitted : Signal(Experiment, Experiment)
        The output activation or the loss, before and now, did not fit the outputs of edited rows.
    locked : frozenset of str
        Settings that nobody may change for now, by the first name of their paths; see `lock`.
    undo_stack : QUndoStack
        Its ``cleanChanged`` tells when `is_dirty` changes.
    """

    changed = Signal()
    load_requested = Signal(object)
    change_requested = Signal(object)
    parameter_requested = Signal(object)
    refitted = Signal(object, object)

    def __init__(
        self,
        experiment: Experiment | None = None,
        dataset: Dataset | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        start = FIRST.start if experiment is None and dataset is None else None
        experiment, dataset = experiment or FIRST.experiment, dataset or FIRST.dataset
        self._state = replace(_checked(experiment, dataset), start=start)
        self._generation = 0
        self._networks = 1
        self._takes_back = False
        self._numbers = 0
        self._replaced: State | None = None
        self._aside: _Aside | None = None
        self._goes_home = False
        self.locked: frozenset[str] = frozenset()
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)

    @property
    def state(self) -> State:
        """All of it, frozen."""
        return self._state

    @property
    def experiment(self) -> Experiment:
        """The experiment as edited; where one has gone back, what was in force then."""
        return self._state.experiment

    @property
    def dataset(self) -> Dataset:
        """The data set as chosen."""
        return self._state.dataset

    @property
    def training_rows(self) -> int:
        """Rows that are trained on, the largest batch size."""
        return self._state.training_rows

    @property
    def batch_size(self) -> int | Literal["full"]:
        """The batch size that was asked for; that of `experiment` is smaller while there are fewer rows."""
        return self._state.batch_size

    @property
    def generation(self) -> int:
        """Of the last `Load`; frames of an older one are stale."""
        return self._generation

    @property
    def is_dirty(self) -> bool:
        """Whether there are edits since the last `mark_saved`, or since the beginning."""
        return not self.undo_stack.isClean() if self._aside is None else self._aside.dirty

    def mark_saved(self) -> None:
        """Call this state the saved one."""
        self.undo_stack.setClean()

    # -- another's experiment for a while ----------------------------------------------------------

    @property
    def is_aside(self) -> bool:
        """Whether one's own work is put aside."""
        return self._aside is not None

    def set_aside(self) -> None:
        """Put one's own work aside: what is opened and edited from now on is not it, and goes in the end."""
        if self._aside is None:
            self._aside = _Aside(self._state, self.undo_stack.index(), self.is_dirty)

    def take_up(self) -> None:
        """Go back to the work that was put aside, and forget what was opened since."""
        aside = self._aside
        if aside is None:
            return
        self.lock(())
        self._takes_back = self._goes_home = True
        while self.undo_stack.index() > aside.edits:
            self.undo_stack.undo()
        self._takes_back = self._goes_home = False
        self._aside = None
        if self.undo_stack.count() >= UNDO_LIMIT:  # its lowest entries have gone, and the count is no place
            self.undo_stack.clear()
        if aside.dirty and self.undo_stack.isClean():
            self.undo_stack.resetClean()
        self.go_to(aside.state)

    def lock(self, names: Iterable[str]) -> None:
        """Let nobody change these settings, by the first name of their paths, until others are named.

        ``data`` are the rows, ``parameters`` all weights and biases.
        """
        locked = frozenset(names)
        if locked != self.locked:
            self.locked = locked
            self.changed.emit()

    def is_locked(self, path: str) -> bool:
        """Whether the setting at `path` may not be changed for now."""
        return re.split(r"[.\[]", path, maxsplit=1)[0] in self.locked

    def request_load(self) -> None:
        """Emit the `Load` of the present state; once, when the worker is listening."""
        self._generation += 1
        state = self._state
        self.load_requested.emit(
            Load(
                self._generation,
                state.network,
                state.experiment,
                state.dataset,
                state.start,
                state.heir_to,
            )
        )

    def value(self, path: str) -> Any:
        """The setting at `path`."""
        return read(self.experiment, path)

    def refusal(self, path: str, value: Any) -> ExperimentError | None:
        """Why the setting at `path` cannot be `value`, or None if it can."""
        try:
            self._allowed(self._edited(path, value))
        except ExperimentError as error:
            return error
        return None

    def set_value(self, path: str, value: Any) -> None:
        """Give the setting at `path` another value.

        Raises
        ------
        ExperimentError
            Nothing is changed then.
        """
        state = self._allowed(self._edited(path, value))
        if path == "batch_size":
            state = replace(state, batch_is_own=True)
        self._push(state, path, merges=isinstance(value, int | float))

    def add_layer(self) -> None:
        """Add a hidden layer like the last one before the output layer."""
        *hidden, output = self.experiment.layers
        self._push_layers(*hidden, hidden[-1] if hidden else Layer(4, "tanh"), output)

    def remove_layer(self, index: int) -> None:
        """Take away the hidden layer at `index`."""
        layers = self.experiment.layers
        self._push_layers(*layers[:index], *layers[index + 1 :])

    def new_seed(self) -> None:
        """Draw other parameters, another split and another order of rows."""
        self._push(self._allowed(self._edited("seed", self.experiment.seed + 1)), "seed")

    def set_dataset(self, dataset: Dataset, preparation: Mapping[str, Any] | None = None) -> None:
        """Train on other data, with the experiment made to fit it (`suited`).

        The batch size fits them, too, unless somebody chose another. The article's experiment, as long as
        nobody has touched it, gives way to a practical one.
        `preparation` are settings that were chosen with the data.
        """
        untouched = self.experiment == FIRST.experiment
        experiment = suited(practical_experiment() if untouched else self.experiment, dataset)
        experiment = experiment.changed(**(preparation or {}))
        if not self._state.batch_is_own and "batch_size" not in (preparation or {}):
            experiment = experiment.changed(batch_size=fitting_batch(training_rows(experiment, dataset)))
        self._push(self._allowed(self._checked(experiment, dataset, batch_follows=True)))

    def set_parameter(self, command: SetParameter, before: float) -> None:
        """Set a weight or bias by hand, which has the value `before`; it comes back with undo."""
        if command.value != before:
            self._do_by_hand(command)

    def freeze(self, command: Freeze) -> None:
        """Hold a weight or bias, or let it go."""
        self._do_by_hand(command)

    def _do_by_hand(self, command: SetParameter | Freeze) -> None:
        if "parameters" in self.locked:
            raise ExperimentError("locked", field="parameters")
        self._numbers += 1
        self.undo_stack.push(_ParameterEdit(self, replace(command, number=self._numbers)))

    def set_rows(self, dataset: Dataset) -> None:
        """Train on rows that were edited by hand, going on with the parameters where they fit.

        With other outputs the output layer gets as many units; its activation and the loss stay where they
        fit, and `refitted` tells where they do not.
        """
        before = self.experiment
        *hidden, output = before.layers
        fit = suited(before, dataset)
        for activation, loss in (
            (output.activation, before.loss),
            (output.activation, fit.loss),
            (fit.layers[-1].activation, before.loss),
            (fit.layers[-1].activation, fit.loss),
        ):
            try:
                layers = (*hidden, replace(output, units=dataset.targets.shape[1], activation=activation))
                scaling = before.target_scaling if dataset.kind == "regression" else "none"
                after = before.changed(layers=layers, loss=loss, target_scaling=scaling)
                state = self._allowed(self._checked(after, dataset, batch_follows=True))
                break
            except ExperimentError as error:
                refusal = error
        else:
            raise refusal
        self._push(replace(state, heir_to=self._state.network))
        after = state.experiment
        if (activation, loss) != (output.activation, before.loss):
            self.refitted.emit(before, after)

    def replace_all(self, experiment: Experiment, dataset: Dataset) -> tuple[int, int]:
        """Turn to a training from elsewhere (a session), forgetting the undo stack.

        Returns the generation and the network number for the worker's `Adopt`.
        """
        state = self._checked(experiment, dataset)
        self._replaced = self._state
        self._state = replace(
            state, network=self._networks, batch_size=experiment.batch_size, batch_is_own=True
        )
        self._networks += 1
        self._generation += 1
        self.undo_stack.clear()
        self.changed.emit()
        return self._generation, self._state.network

    def follow(self, settings: Experiment) -> None:
        """Take over the settings in force at the moment that is shown, another one than before.

        No edit: what the undo stack holds stays.
        """
        if settings != self.experiment:
            same = settings.batch_size == self.experiment.batch_size
            asked = self.batch_size if same else settings.batch_size
            self._state = replace(self._state, experiment=settings, batch_size=asked)
            self.changed.emit()

    def adopt(self, network: int, experiment: Experiment, dataset: Dataset) -> None:
        """Turn to a network that the worker has, with the settings it has come to."""
        state = self._checked(experiment, dataset)
        self._push(replace(state, network=network, batch_size=experiment.batch_size))

    def open_problem(self, experiment: Experiment, dataset: Dataset, start: Start | None = None) -> None:
        """Train another experiment on its own data, from given parameters if there are any.

        Nothing is locked in another problem.
        """
        self.lock(())
        state = self._checked(experiment, dataset)
        network = self._networks
        self._push(
            replace(state, network=network, start=start, batch_size=experiment.batch_size, batch_is_own=False)
        )

    def undo(self, done: Mapping[int, Done]) -> None:
        """Undo the last edit that the shown moment has in it, passing over those of other runs.

        `done` tells where the edits stand; what it does not tell of has only just been made.

        Raises
        ------
        NotInForceError
            If the last edit was made later, or all were made in other runs; nothing is undone then.
        """
        stack = self.undo_stack
        first = 0 if self._aside is None else self._aside.edits + 1  # what was opened is not undone
        for index in reversed(range(first, stack.index())):
            if _can_turn(stack, index, done, again=False):
                stack.setIndex(index)
                return
        raise NotInForceError

    def redo(self, done: Mapping[int, Done]) -> None:
        """Redo the next edit that was undone by the shown moment; as `undo`."""
        stack = self.undo_stack
        for index in range(stack.index(), stack.count()):
            if _can_turn(stack, index, done, again=True):
                stack.setIndex(index + 1)
                return
        raise NotInForceError

    def take_back(self, network: int) -> None:
        """Undo for good what led to a network that could not be made."""
        self._takes_back = True
        while self._state.network == network and self.undo_stack.canUndo():
            self.undo_stack.undo()
        self._takes_back = False

    def give_back(self) -> None:
        """Turn back to what `replace_all` replaced: the other training could not be shown."""
        if self._replaced is not None:
            self.go_to(self._replaced)
            self._replaced = None

    @property
    def goes_home(self) -> bool:
        """Whether all that is undone has been done since one's own work was put aside."""
        return self._goes_home

    @property
    def takes_back(self) -> bool:
        """Whether what is being undone must not come back."""
        return self._takes_back

    def _push_layers(self, *layers: Layer) -> None:
        self._push(self._allowed(self._checked(self.experiment.changed(layers=layers), self.dataset)))

    def _edited(self, path: str, value: Any) -> State:
        # A batch follows the rows there are: to ask for fewer rows is no mistake in the batch size.
        batch_follows = path in ("validation", "split", "missing")
        return self._checked(replaced(self.experiment, path, value), self.dataset, batch_follows)

    def _checked(self, experiment: Experiment, dataset: Dataset, batch_follows: bool = False) -> State:
        return _checked(experiment, dataset, self._networks, self._state, batch_follows)

    def _allowed(self, state: State) -> State:
        """The same state; raises ExperimentError if what is locked is another there."""
        before = self._state
        for name in sorted(self.locked - {"parameters"}):
            if name == "data":
                same = state.dataset is before.dataset
            else:
                same = getattr(state.experiment, name) == getattr(before.experiment, name)
            if not same:
                raise ExperimentError("locked", field=name)
        return state

    def _push(self, state: State, path: str = "", *, merges: bool = False) -> None:
        before = self._state
        same = (state.experiment, state.network) == (before.experiment, before.network)
        if same and state.dataset is before.dataset:
            return
        self._networks += state.network == self._networks
        self._numbers += 1
        self.undo_stack.push(_Edit(self, self._state, state, path, self._numbers, merges=merges))

    def has(self, there: State, path: str) -> bool:
        """Whether the setting at `path` is that of `there`."""
        value = read(there.experiment, path)
        return value is not None and bool(read(self.experiment, path) == value)

    def exchange(self, there: State, back: State, path: str, number: int) -> bool:
        """Put `back` in the place of `there`; for the entries of the undo stack.

        Within one network that is the setting at `path` alone: the others may be those of another moment
        by now. It stays if it is not that of `there`, and that is told with False.
        """
        if self._goes_home:  # where it goes back to is known
            return True
        if there.network == back.network:
            if self.is_locked(path) or not self.has(there, path):
                return False
            chosen = back.batch_is_own if path == "batch_size" else self._state.batch_is_own
            back = replace(self._edited(path, read(back.experiment, path)), batch_is_own=chosen)
        self.go_to(back, number)
        return True

    def go_to(self, state: State, number: int = 0) -> None:
        """Make `state` the present one and tell everybody; `number` is that of the edit."""
        before, self._state = self._state, state
        if state.network != before.network:
            self.request_load()
        elif state.experiment != before.experiment:
            self.change_requested.emit(Change(state.experiment, number))
        self.changed.emit()


class _Edit(QUndoCommand):
    """One entry of the undo stack; those that merge and are of one path, in quick succession, become one."""

    def __init__(
        self, document: Document, before: State, after: State, path: str, number: int, *, merges: bool
    ) -> None:
        super().__init__()
        self._document = document
        self._before = before
        self._after = after
        self._path = path
        self._number = number
        self._merges = merges
        self._time = monotonic()
        self._made = self._taken_back = False

    def redo(self) -> None:
        if not self._made:
            self._made = True
            self._document.go_to(self._after, self._number)
        elif self._taken_back:
            self._document.exchange(self._before, self._after, self._path, self._number)

    def undo(self) -> None:
        back = self._document.exchange(self._after, self._before, self._path, self._number)
        self._taken_back = back
        self.setObsolete(self._document.takes_back)

    def id(self) -> int:
        return 1 if self._merges else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._path != self._path:
            return False
        if other._time - self._time > BURST_SECONDS:
            return False
        self._after, self._time, self._number = other._after, other._time, other._number
        values = [read(state.experiment, self._path) for state in (self._before, self._after)]
        self.setObsolete(self._after.network == self._before.network and values[0] == values[1])
        return True

    def can_turn(self, done: Mapping[int, Done], *, again: bool) -> bool:
        if self._before.network != self._after.network:
            return True
        standing = done.get(self._number)
        if standing is not None and standing.step is not None and not standing.in_force:
            raise NotInForceError(standing.step)
        # Another run may have begun with the setting as it was changed
        there = self._before if again else self._after
        return (self._taken_back or not again) and self._document.has(there, self._path)


class _ParameterEdit(QUndoCommand):
    """A weight or bias set or held by hand.

    The entries below it on the stack made the network it belongs to, so that it never meets another. The
    worker knows what the parameter had before.
    """

    def __init__(self, document: Document, command: SetParameter | Freeze) -> None:
        super().__init__()
        self._document = document
        self._command = command
        self._made = False

    def redo(self) -> None:
        again = TakeBack(self._command.number, again=True)
        self._document.parameter_requested.emit(again if self._made else self._command)
        self._made = True

    def undo(self) -> None:
        if not self._document.goes_home:
            self._document.parameter_requested.emit(TakeBack(self._command.number))
        self.setObsolete(self._document.takes_back)

    def can_turn(self, done: Mapping[int, Done], *, again: bool) -> bool:
        standing = done.get(self._command.number)
        if standing is None:
            return True
        if standing.step is None or standing.taken_back != again:
            return False
        if not standing.in_force:
            raise NotInForceError(standing.step)
        return True


def _can_turn(stack: QUndoStack, index: int, done: Mapping[int, Done], *, again: bool) -> bool:
    """Whether to undo an entry, or redo it (`again`), does something; raises if it would later on."""
    entry = stack.command(index)
    assert isinstance(entry, _Edit | _ParameterEdit)
    return entry.can_turn(done, again=again)


def _checked(
    experiment: Experiment,
    dataset: Dataset,
    new_network: int = 0,
    before: State | None = None,
    batch_follows: bool = False,
) -> State:
    """The state of an experiment and its data, if they go together; `before` is what it follows.

    `batch_follows` makes too large a batch smaller instead of refusing it, and as large as it was asked for
    when there are the rows for it again.
    """
    experiment.check_data(dataset)
    check_memory(experiment, dataset)
    rows = training_rows(experiment, dataset) if before is None else _rows_after(before, experiment, dataset)
    batch = experiment.batch_size
    if before is not None and batch == before.experiment.batch_size:
        batch = before.batch_size  # what was asked for, whatever there were rows for
    if batch_follows and batch != "full":
        experiment = experiment.changed(batch_size=min(batch, rows))
    elif experiment.batch_size != "full" and experiment.batch_size > rows:
        raise ExperimentError("batch_too_large", field="batch_size", value=experiment.batch_size, rows=rows)
    same_data = before is not None and before.dataset is dataset
    if before is not None and same_data and setting_of_a_new_network(before.experiment, experiment) is None:
        return replace(before, experiment=experiment, training_rows=rows, batch_size=batch)
    return State(experiment, dataset, new_network, rows, batch, before is not None and before.batch_is_own)


def _rows_after(before: State, experiment: Experiment, dataset: Dataset) -> int:
    old = before.experiment
    same = (old.validation, old.split, old.missing) == (
        experiment.validation,
        experiment.split,
        experiment.missing,
    )
    if same and dataset is before.dataset:
        return before.training_rows
    return training_rows(experiment, dataset)

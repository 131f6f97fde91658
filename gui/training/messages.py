"""What crosses between the window and the worker: commands in, frames out.

All of it is frozen, and its arrays read-only; what is alive comes in by `gui.training.adoption` alone.

Everything belongs to a generation, which each command that replaces the network raises: commands are
stamped with that of the network they are about, answers carry it back, and either side drops what is about
another network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from engine.arrays import Arrays, FloatArray, IntArray, seal
from engine.data.dataset import Dataset
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.parts import Part
from engine.phases import Phase
from engine.records import Scalars, StepRecord
from engine.settings import Difference
from engine.training.conditions import Breakpoint
from engine.training.watcher import Hit


class Granularity(Enum):
    """What one press of Step reveals.

    `FACTOR` goes through the factors of the selected weight or bias; where none is selected, by layer.
    """

    FACTOR = "factor"
    LAYER = "layer"
    SAMPLE = "sample"
    BATCH = "batch"
    EPOCH = "epoch"


class Status(Enum):
    """What the worker is doing."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    DIVERGED = "diverged"


class RunKey(NamedTuple):
    """Which run: the network, as in `Load`, and the number of the run in its history."""

    network: int
    run: int


@dataclass(frozen=True, eq=False)
class Start:
    """Parameters that a network starts from, where they are given instead of drawn.

    Attributes
    ----------
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
    frozen_weights : tuple of (layer, source unit, unit)
    frozen_biases : tuple of (layer, unit)
        Those that are held.
    """

    weights: Arrays
    biases: Arrays
    frozen_weights: tuple[tuple[int, int, int], ...] = ()
    frozen_biases: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True)
class Load:
    """Train this; replaces what was there and raises the generation.

    `network` names the parameters: a number the worker has met before brings that network back as it
    was left (undo of an architecture edit), a new one draws it anew, takes it from `start`, or goes on
    with the parameters of the network `heir_to` where they fit (rows that were edited by hand).
    """

    generation: int
    network: int
    experiment: Experiment
    dataset: Dataset
    start: Start | None = None
    heir_to: int | None = None


@dataclass(frozen=True)
class Change:
    """Go on with other settings that need no new network (learning rate, batch size, …).

    `number` is what `Frame.done` calls it by; a change back and forth keeps its number.
    """

    experiment: Experiment
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Step:
    """Reveal the next phase at this granularity, computing a step when one is needed.

    `layer` is that of the selected weight or bias, for the granularity `FACTOR`; 0 if there is none.
    """

    granularity: Granularity
    layer: int = 0


@dataclass(frozen=True)
class Back:
    """Hide the last revealed phase again; see `Step`."""

    granularity: Granularity
    layer: int = 0


@dataclass(frozen=True)
class Run:
    """Go on until paused.

    `rate` is in phases of the granularity a second; None is as fast as it goes, in whole steps. At full
    speed `steps` ends the run after so many. `layer` as for `Step`.
    """

    granularity: Granularity
    rate: float | None
    steps: int | None = None
    layer: int = 0


@dataclass(frozen=True)
class Pause:
    """Stop after the phase or step under way."""


@dataclass(frozen=True)
class Reset:
    """Back to step 0 with the same initial parameters."""


@dataclass(frozen=True)
class Seek:
    """Show the moment after `step` steps, or so much of the step that follows."""

    step: int
    phase: Phase | None = None


@dataclass(frozen=True)
class Reveal:
    """Show so much of the step that is shown, or of the row that is traced, forwards or back."""

    phase: Phase


@dataclass(frozen=True)
class SetParameter:
    """Give a weight or bias a value by hand; `number` is what `TakeBack` calls it by."""

    part: Part
    value: float
    number: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Freeze:
    """Hold a weight or bias at its value, or let it go again; `number` as for `SetParameter`."""

    part: Part
    held: bool
    number: int = field(default=0, compare=False)


class EditMade(NamedTuple):
    """What was changed by hand after some steps.

    Attributes
    ----------
    step : int
    changes : tuple of Difference
        Of settings.
    others : tuple of str
        What else: "parameters", "frozen", or "settings" of which none is another now.
    """

    step: int
    changes: tuple[Difference, ...] = ()
    others: tuple[str, ...] = ()


class Done(NamedTuple):
    """Where something that was done by hand stands, as seen from the shown moment.

    Attributes
    ----------
    step : int or None
        After how many steps it was done, or taken back, last; None in a run that has nothing of it.
    in_force : bool
        Whether that is at the shown moment or before.
    taken_back : bool
        Whether a parameter has been given back what it had before.
    """

    step: int | None
    in_force: bool
    taken_back: bool = False


@dataclass(frozen=True)
class TakeBack:
    """Take back what a `SetParameter` or `Freeze` did, or do it once more (`again`).

    The parameter gets what it had before, at the moment that is shown. Nothing happens where that moment
    has nothing of it: before it was done, or in a run that parted before.
    """

    number: int
    again: bool = False


@dataclass(frozen=True)
class Trace:
    """Show what the network makes of one row of the data set."""

    row: int


@dataclass(frozen=True, eq=False)
class TraceOther:
    """Show what the network makes of a row from elsewhere.

    Attributes
    ----------
    inputs : (d,)
        Like `Dataset.inputs`.
    targets : (k,) or None
        Like `Dataset.targets`; without them only the forward pass is shown.
    """

    inputs: FloatArray
    targets: FloatArray | None = None

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True, eq=False)
class WatchRows:
    """Measure a test set beside the validation, from now on; None for no more.

    Attributes
    ----------
    inputs, targets : (m, d), (m, k)
        Like those of the data set.
    """

    inputs: FloatArray | None
    targets: FloatArray | None

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True, eq=False)
class Watched:
    """Evaluations of a test set since the last frame.

    Attributes
    ----------
    restart : bool
        They begin anew.
    steps, loss, metric : (n,)
    """

    restart: bool
    steps: IntArray
    loss: FloatArray
    metric: FloatArray

    def __post_init__(self) -> None:
        seal(self)


@dataclass(frozen=True, eq=False)
class Capture:
    """Give a frozen copy of the current training, to be saved or exported in another thread.

    `purpose` comes back with it; `keyframe_bytes` leaves out keyframes beyond so many bytes.
    """

    purpose: object
    view: Mapping[str, Any] | None = None
    keyframe_bytes: int | None = None


@dataclass(frozen=True, eq=False)
class Copy:
    """Give another trainer of the same training at the same moment, to be looked into in another thread.

    `purpose` comes back with it.
    """

    purpose: object


@dataclass(frozen=True)
class Note:
    """Tell what has become of the training, to be noted against a crash."""


@dataclass(frozen=True)
class Watch:
    """Pause when one of these comes true."""

    breakpoints: tuple[Breakpoint, ...]


@dataclass(frozen=True)
class ChooseRun:
    """Go on with another run, of this network or another."""

    key: RunKey


@dataclass(frozen=True)
class Rebuild:
    """Make the trainer anew from all that is known of the training, after an unexpected error."""


@dataclass(frozen=True)
class RenameRun:
    """Call a run something."""

    key: RunKey
    name: str


@dataclass(frozen=True)
class PinRun:
    """Keep a run, or let it make room for others again."""

    key: RunKey
    pinned: bool


@dataclass(frozen=True)
class DeleteRun:
    """Forget a run that is neither pinned nor the current one."""

    key: RunKey


@dataclass(frozen=True)
class Overlay:
    """Compare these runs with the current one."""

    keys: tuple[RunKey, ...]


Command = (
    Load
    | Change
    | Step
    | Back
    | Run
    | Pause
    | Reset
    | Seek
    | Reveal
    | SetParameter
    | Freeze
    | TakeBack
    | Trace
    | TraceOther
    | WatchRows
    | Capture
    | Copy
    | Note
    | Watch
    | ChooseRun
    | RenameRun
    | PinRun
    | DeleteRun
    | Overlay
    | Rebuild
)


@dataclass(frozen=True, eq=False)
class Failure:
    """Something that could not be done.

    Attributes
    ----------
    generation : int
        That it was about.
    command : Command, Probe, Adopt or None
        The `Run` for the training that was going on; None if nothing was.
    error : EngineError
        An `UnexpectedError` for what nobody foresaw.
    kept : bool
        Whether the training is still there, as it was before.
    """

    generation: int
    command: object
    error: EngineError
    kept: bool = True


@dataclass(frozen=True, eq=False)
class Frame:
    """What there is to show, at one moment.

    Attributes
    ----------
    generation : int
        Of the `Load` it belongs to; views drop frames of an older one.
    dataset : Dataset
        That the record was made with.
    record : StepRecord
        The step to show. At step 0 it is the first mini-batch before any update (`phase` INPUT).
    phase : Phase or None
        How much of the record is revealed; None, at full speed, is all of it. Before UPDATE the
        parameters to show are ``record.weights_before``, from then on ``record.weights_after``.
    scalars : Scalars
        All steps since the last frame of this generation, none left out; empty if there were none.
        Going back adds none.
    restart : bool
        The series begins anew: after Load or Reset, or because an edit in the past began a new run.
    status : Status
    epoch_steps : int
        Steps that an epoch takes.
    furthest : int
        The last step that can be sought.
    memory_bytes, disk_bytes : int
        What going back takes in memory, and what all series of the program take in its temporary file.
    disk_refusal : str
        Why the disk takes no more of the series, in the system's words; empty while it does.
    edited_at : tuple of int
        Steps at which settings or parameters were changed by hand.
    edits : tuple of EditMade
        What was changed there.
    steps_per_second : float
        0 unless running.
    error : EngineError or None
        Why training stopped.
    near : Scalars or None
        Those of the record's step and the one before it, and the latest evaluations by then, however the
        moment was come to; None where `scalars` has them.
    hit : Hit or None
        The condition that paused the training.
    in_force : Experiment or None
        What training goes on with from this moment, if not with the settings of the record.
    request : int
        How many commands had been done, as `Worker.submit` counts them: it shows what they asked for.
    done : mapping of int to Done
        What was done by hand to this network, by the number of the command.
    watched : Watched or None
        Of the test set that is watched, if there is one.
    """

    generation: int
    dataset: Dataset
    record: StepRecord
    phase: Phase | None
    scalars: Scalars
    restart: bool
    status: Status
    epoch_steps: int = 1
    furthest: int = 0
    memory_bytes: int = 0
    disk_bytes: int = 0
    disk_refusal: str = ""
    edited_at: tuple[int, ...] = ()
    edits: tuple[EditMade, ...] = ()
    steps_per_second: float = 0.0
    error: EngineError | None = None
    hit: Hit | None = None
    near: Scalars | None = None
    in_force: Experiment | None = None
    request: int = 0
    done: Mapping[int, Done] = field(default_factory=dict)
    watched: Watched | None = None

    @property
    def experiment(self) -> Experiment:
        """The settings that the record was computed with."""
        return self.record.experiment

    @property
    def settings(self) -> Experiment:
        """The settings that training goes on with from this moment."""
        return self.experiment if self.in_force is None else self.in_force

    @property
    def step(self) -> int:
        """Completed steps: the record's own step counts once its update is revealed."""
        return self.record.step if self.updated else self.record.step - 1

    @property
    def updated(self) -> bool:
        """Whether the update of the record is revealed."""
        return self.phase is None or self.phase.kind.value == "update"

    def parameter(self, part: Part) -> float:
        """The value of a weight or bias at this moment of the step."""
        kind, layer, unit, source = part
        record = self.record
        if kind == "weight":
            weights = record.weights_after if self.updated else record.weights_before
            return float(weights[layer - 1][source, unit])
        return float((record.biases_after if self.updated else record.biases_before)[layer - 1][unit])

    def is_frozen(self, part: Part) -> bool:
        """Whether a part is a weight or bias that is held at its value."""
        kind, layer, unit, source = part
        if kind == "weight":
            return bool(self.record.frozen_weights[layer - 1][source, unit])
        return kind == "bias" and bool(self.record.frozen_biases[layer - 1][unit])


@dataclass(frozen=True, eq=False)
class RunSeries:
    """The whole series of another run, to be drawn pale beside the current one.

    Attributes
    ----------
    key : RunKey
    name : str
    scalars : Scalars
    """

    key: RunKey
    name: str
    scalars: Scalars


@dataclass(frozen=True)
class RunInfo:
    """One run.

    Attributes
    ----------
    key : RunKey
    name : str
        What the user calls it; empty for one without a name of its own.
    pinned : bool
        Whether it may not be deleted or make room for others.
    steps : int
        The furthest step it has reached.
    forked_at : int
        The last step it shares with `parent`.
    parent : RunKey or None
        The run it came from.
    current : bool
        Whether it is the one that goes on.
    experiment : Experiment
        The settings at its end.
    dataset : str
        The name of the data.
    last_loss : float or None
        The mini-batch loss of its last step.
    """

    key: RunKey
    name: str
    pinned: bool
    steps: int
    forked_at: int
    parent: RunKey | None
    current: bool
    experiment: Experiment
    dataset: str
    last_loss: float | None


@dataclass(frozen=True)
class RunDifference:
    """Where two runs part: the first step whose loss differs; None if one is the beginning of the other."""

    first: RunKey
    second: RunKey
    step: int | None

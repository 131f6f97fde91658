"""A session: everything that is open, in one file (`.bplab`) that goes on bit for bit.

The file is a zip. ``session.json`` holds the settings and the structure, NPY members the numbers:

- ``data/inputs``, ``data/targets``, ``data/row_lines``, ``data/split_K``: the data set, unless it is
  large and lies in a file, which is then named with its SHA-256;
- ``training/states``: parameters and slots of all keyframes, one after another;
  ``training/keyframes`` and ``training/keyframe_numbers``: the other fields of each keyframe, whole
  numbers (`WHOLE`) and others (`REAL`); ``training/frozen`` and ``training/parameters``: what edits hold;
- ``runs/K/series``, ``runs/K/evaluations``: the scalars of run K, from where it no longer shares those
  of an earlier run; ``runs/K/keyframes``: its keyframes, as rows of the tables.

Order of rows and dropout masks are pure functions of the seed, so no generator's state is kept.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import AnyArray, BoolArray, FloatArray, IntArray
from engine.data.dataset import Dataset
from engine.errors import QT_TRANSLATE_NOOP, EngineError, SessionError
from engine.experiment import Experiment, setting_of_a_new_network
from engine.files.archive import DOCUMENT, Archive, Stream, Watch, write_archive
from engine.files.arithmetic import arithmetic
from engine.files.atomic import Where
from engine.files.fields import Fields
from engine.files.session_data import data_document, data_streams, read_data
from engine.functions.schedules import PlateauState
from engine.series import BLOCK_ROWS, Series
from engine.training.backprop import Packing
from engine.training.history import HISTORY_BYTES, Edit, History, Keyframe, Run, Snapshot
from engine.training.large import PLANS
from engine.training.measure import NORMS
from engine.training.trainer import Trainer

SUFFIX = ".bplab"
FORMAT = "Backprop Lab session"
SCHEMA_VERSION = 1

EMBED_BYTES = 64 * 2**20
"""Larger data sets that lie in a file are referred to instead of copied."""

WHOLE = (
    "step", "edits", "epoch", "epoch_began", "offset", "shuffle", "optimizer_start", "waited", "experiment",
    "frozen",
)  # fmt: skip
"""Columns of ``training/keyframes``; the last three: of the plateau, and places of pooled values."""

REAL = ("factor", "best", "epoch_loss")
"""Columns of ``training/keyframe_numbers``; the first two: of the plateau."""


@dataclass(frozen=True, eq=False)
class Session:
    """Everything that is open, frozen: safe to write in another thread while training goes on.

    Attributes
    ----------
    dataset : Dataset
    training : Snapshot
        All runs, and the moment that is looked at.
    threads : int
        BLAS threads.
    plan : str
        How a step is computed, `engine.training.large.PLANS`.
    view : mapping
        What the window wants to have back: plain values, as JSON holds them.
    arithmetic : mapping of str to str
        What it was computed with.
    name : str
        The file it was read from; may be empty.
    fingerprint : str
        What tells the contents of that file from others; may be empty.
    """

    dataset: Dataset
    training: Snapshot
    threads: int = 1
    plan: str = "small"
    view: Mapping[str, Any] = field(default_factory=dict)
    arithmetic: Mapping[str, str] = field(default_factory=arithmetic)
    name: str = ""
    fingerprint: str = ""

    @property
    def experiment(self) -> Experiment:
        """The experiment at the moment that is looked at."""
        return self.training.present.experiment

    @property
    def present(self) -> Keyframe:
        """The moment that is looked at."""
        return self.training.present

    @property
    def run(self) -> Run:
        """The run that goes on."""
        return self.training.history.runs[self.training.current]

    @property
    def warning(self) -> SessionError | None:
        """Why it may go on with other last bits than where it was made, for telling; else None."""
        ours = arithmetic()
        for key in ours:
            theirs = self.arithmetic.get(key, "?")
            if theirs != ours[key]:
                return SessionError(
                    "within_rounding", name=self.name, theirs=f"{key} {theirs}", ours=ours[key]
                )
        return None

    def restore(self, history_bytes: int = HISTORY_BYTES) -> Trainer:
        """A new Trainer that goes on from here.

        Raises
        ------
        SessionError
            ``does_not_fit``, for a file that was tampered with.
        """
        try:
            trainer = Trainer(
                self.experiment,
                self.dataset,
                threads=self.threads,
                history_bytes=history_bytes,
                plan=self.plan,
            )
        except EngineError as error:
            raise self._misfit("experiments", error) from None
        validates = len(trainer.prepared.validation_rows) > 0
        for run in self.training.history.runs:
            present = [self.present] if run is self.run else []
            if not _replays(run, [*run.keyframes, *present], len(trainer.prepared.train_rows), validates):
                raise self._misfit("runs", f"{run.number}")
        trainer.restore(self.training)
        return trainer

    def _misfit(self, place: str, reason: object) -> SessionError:
        return SessionError("does_not_fit", name=self.name, member=DOCUMENT, field=place, reason=reason)


def capture(
    trainer: Trainer, view: Mapping[str, Any] | None = None, *, keyframe_bytes: int | None = None
) -> Session:
    """Freeze all that a trainer holds; cheap, to be called by who owns the trainer.

    Parameters
    ----------
    trainer : Trainer
    view : mapping, optional
        See `Session.view`.
    keyframe_bytes : int, optional
        Keep fewer keyframes, so that the file is small; going back takes longer then.
    """
    training = trainer.snapshot()
    if keyframe_bytes is not None:
        training.history.limit(keyframe_bytes)
    return Session(trainer.dataset, training, trainer.threads, trainer.plan, dict(view or {}))


# -- writing ---------------------------------------------------------------------------------------


def write_session(
    session: Session,
    path: Where,
    *,
    embed: bool | None = None,
    replaces: str | None = None,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> str:
    """Write a session to a file, whole or not at all; in any thread. Return the file's fingerprint.

    Parameters
    ----------
    session : Session
    path : path
    embed : bool, optional
        Whether the data are copied into the file or only referred to where they lie in one; by default
        they are copied up to `EMBED_BYTES`.
    replaces : str, optional
        The fingerprint of the file that may be replaced; by default any may.
    progress : callable, optional
        Called with the share that is done.
    cancelled : callable, optional
        Asked about every megabyte.

    Raises
    ------
    SessionError
        ``cannot_write``, ``cancelled``, or ``changed_meanwhile`` if another file than `replaces` is
        there; what was at `path` is untouched then.
    """
    data = session.dataset
    in_a_file = data.recipe is not None and data.recipe.path != ""
    if embed is None:
        embed = data.inputs.nbytes + data.targets.nbytes <= EMBED_BYTES
    embed = embed or not in_a_file
    streams = data_streams(data) if embed else {}
    document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "arithmetic": dict(session.arithmetic),
        "threads": session.threads,
        "plan": session.plan,
        "data": data_document(data, embed),
        **_training_document(session, streams),
        "view": dict(session.view),
    }
    return write_archive(path, {DOCUMENT: document}, streams, Watch(progress, cancelled), replaces)


class _Pool:
    """Values that several places refer to, each kept once, in the order of their first appearance."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def place(self, value: Any, key: Any) -> int:
        """Where `value` lies, known by `key`."""
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


def _training_document(session: Session, streams: dict[str, Stream]) -> dict[str, Any]:
    history, present = session.training.history, session.present
    experiments, frozen, edits, keyframes = _Pool(), _Pool(), _Pool(), _Pool()
    inputs = session.dataset.inputs.shape[1]
    packing = Packing((inputs, *(layer.units for layer in session.experiment.layers)))
    dtype = np.dtype(session.experiment.dtype)
    for run in history.runs:
        for edit in run.edits:
            edits.place(edit, id(edit))
        for keyframe in run.keyframes:
            keyframes.place(keyframe, id(keyframe))
    keyframes.place(present, id(present))

    def frozen_place(mask: BoolArray | None) -> int:
        return -1 if mask is None else frozen.place(mask, mask.tobytes())

    parameters: list[AnyArray] = []
    edit_documents: list[dict[str, int]] = []
    for edit in edits.values:
        document = {"step": edit.step}
        if edit.experiment is not None:
            document["experiment"] = experiments.place(edit.experiment, edit.experiment)
        elif edit.frozen is not None:
            document["frozen"] = frozen_place(edit.frozen)
        else:
            document["parameters"] = len(parameters)
            parameters.append(edit.parameters)
        edit_documents.append(document)
    whole = np.zeros((len(keyframes.values), len(WHOLE)), np.int64)
    real = np.zeros((len(keyframes.values), len(REAL)))
    for row, keyframe in enumerate(keyframes.values):
        values = {
            **vars(keyframe),
            **keyframe.plateau._asdict(),
            "experiment": experiments.place(keyframe.experiment, keyframe.experiment),
            "frozen": frozen_place(keyframe.frozen),
        }
        whole[row] = [values[name] for name in WHOLE]
        real[row] = [values[name] for name in REAL]

    states = [keyframe.state for keyframe in keyframes.values]
    streams["training/keyframes.npy"] = Stream.of(whole, packed=True)
    streams["training/keyframe_numbers.npy"] = Stream.of(real, packed=True)
    streams["training/states.npy"] = Stream(dtype, (sum(map(len, states)),), states)
    shape = (len(frozen.values), packing.size)
    streams["training/frozen.npy"] = Stream(np.dtype(bool), shape, frozen.values, packed=True)
    streams["training/parameters.npy"] = Stream(dtype, (len(parameters), packing.size), parameters)
    run_documents = []
    for index, run in enumerate(history.runs):
        places = np.array([keyframes.place(k, id(k)) for k in run.keyframes], np.int64)
        streams[f"runs/{index}/keyframes.npy"] = Stream.of(places, packed=True)
        document = {
            "number": run.number,
            "forked_at": run.forked_at,
            "parent": run.parent,
            "edits": [edits.place(edit, id(edit)) for edit in run.edits],
        }
        for name in ("series", "evaluations"):
            before = [getattr(earlier, name) for earlier in history.runs[:index]]
            document[name], streams[f"runs/{index}/{name}.npy"] = _series(getattr(run, name), before)
        run_documents.append(document)
    return {
        "experiments": [tomllib.loads(experiment.to_toml()) for experiment in experiments.values],
        "edits": edit_documents,
        "runs": run_documents,
        "current": session.training.current,
        "present": keyframes.place(present, id(present)),
        "gap": history.gap,
    }


def _series(series: Series, before: list[Series]) -> tuple[dict[str, int], Stream]:
    """What a series shares with an earlier one, and the rest of it."""
    shared, source = max(((series.shared_with(other), -i) for i, other in enumerate(before)), default=(0, 0))

    def parts() -> Iterator[FloatArray]:
        for start in range(shared, len(series), BLOCK_ROWS):
            yield series.read(start, start + BLOCK_ROWS)

    rest = Stream(np.dtype(np.float64), (len(series) - shared, series.width), parts())
    return {"shared_rows": shared, "shared_with": -source}, rest


# -- reading ---------------------------------------------------------------------------------------


def read_session(
    path: Where,
    *,
    data_file: Where | None = None,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Session:
    """Read what `write_session` wrote.

    Parameters
    ----------
    path : path
    data_file : path, optional
        Where the data lie now, if they are not in the session and not where they were.
    progress, cancelled : callable, optional

    Raises
    ------
    SessionError
        ``data_missing`` and ``data_changed`` can be mended with `data_file`; see `SessionError` for the
        others. Whatever the file holds, no other exception is raised.
    """
    with Archive(path, Watch(progress, cancelled)) as archive:
        document = _document(archive)
        data = read_data(archive, document.object("data"), data_file)
        training = _read_training(archive, document, data)
        kinds = document.object("arithmetic").plain
        return Session(
            dataset=data,
            training=training,
            threads=document.whole("threads", 1, 1024),
            plan=_read_plan(archive, document),
            view=document.object("view").plain,
            arithmetic={key: str(value) for key, value in kinds.items()},
            name=archive.name,
            fingerprint=archive.fingerprint,
        )


class Summary(NamedTuple):
    """What a session is about, without its numbers."""

    data: str
    experiment: Experiment
    steps: int
    view: Mapping[str, Any]


def read_summary(path: Where) -> Summary:
    """Look into a session without reading its numbers; raises `SessionError` like `read_session`."""
    with Archive(path, Watch()) as archive:
        document = _document(archive)
        experiments = _read_experiments(archive, document)
        whole, _ = _keyframe_tables(archive)
        present = whole[document.whole("present", 0, len(whole) - 1)]
        place = int(present[WHOLE.index("experiment")])
        if not 0 <= place < len(experiments):
            raise archive.error("wrong_type", DOCUMENT, field="present", expected="a place")
        return Summary(
            document.object("data").text("name"),
            experiments[place],
            int(present[WHOLE.index("step")]),
            document.object("view").plain,
        )


def _read_plan(archive: Archive, document: Fields) -> str:
    plan = document.plain.get("plan", "small")  # the only one there was at first
    if plan not in PLANS:
        raise archive.error("wrong_type", DOCUMENT, field="plan", expected=" or ".join(PLANS))
    return str(plan)


def _document(archive: Archive) -> Fields:
    if DOCUMENT not in archive:
        raise SessionError("not_a_session", name=archive.name)
    plain = archive.json(DOCUMENT)
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise SessionError("not_a_session", name=archive.name)

    def blame(place: str, expected: str) -> SessionError:
        return archive.error("wrong_type", DOCUMENT, field=place, expected=expected)

    document = Fields(plain, "", blame)
    version = document.whole("schema_version", 1)
    if version > SCHEMA_VERSION:
        raise SessionError("newer_schema", name=archive.name, version=version, known=SCHEMA_VERSION)
    return document


def _read_experiments(archive: Archive, document: Fields) -> list[Experiment]:
    found: list[Experiment] = []
    for index, item in enumerate(document.objects("experiments")):
        try:
            experiment = Experiment.from_plain(item.plain)
        except (EngineError, TypeError) as error:
            place = f"experiments[{index}]"
            raise archive.error("does_not_fit", DOCUMENT, field=place, reason=error) from None
        if found and setting_of_a_new_network(found[0], experiment) is not None:
            place = f"experiments[{index}].{setting_of_a_new_network(found[0], experiment)}"
            raise archive.error(
                "does_not_fit",
                DOCUMENT,
                field=place,
                reason=QT_TRANSLATE_NOOP("errors", "it belongs to another network"),
            )
        found.append(experiment)
    if not found:
        raise archive.error("wrong_type", DOCUMENT, field="experiments", expected="a list of experiments")
    return found


def _keyframe_tables(archive: Archive) -> tuple[IntArray, FloatArray]:
    whole = archive.array("training/keyframes.npy", "<i8", (None, len(WHOLE)))
    if not len(whole):
        raise archive.error(
            "damaged", "training/keyframes.npy", reason=QT_TRANSLATE_NOOP("errors", "it is empty")
        )
    return whole, archive.array("training/keyframe_numbers.npy", "<f8", (len(whole), len(REAL)))


def _read_training(archive: Archive, document: Fields, data: Dataset) -> Snapshot:
    experiments = _read_experiments(archive, document)
    for index, experiment in enumerate(experiments):
        try:
            experiment.check_data(data)
        except EngineError as error:
            place = f"experiments[{index}]"
            raise archive.error("does_not_fit", DOCUMENT, field=place, reason=error) from None
    size = Packing((data.inputs.shape[1], *(layer.units for layer in experiments[0].layers))).size
    dtype = np.dtype(experiments[0].dtype).newbyteorder("<").str
    frozen = [*archive.array("training/frozen.npy", "|b1", (None, size))]
    parameters = archive.array("training/parameters.npy", dtype, (None, size))
    keyframes = _read_keyframes(archive, dtype, size, experiments, frozen)
    edits = []
    for item in document.objects("edits"):
        step = item.whole("step")
        if "experiment" in item.plain:
            chosen = experiments[item.whole("experiment", 0, len(experiments) - 1)]
            edits.append(Edit(step, experiment=chosen))
        elif "frozen" in item.plain:
            edits.append(Edit(step, frozen=frozen[item.whole("frozen", 0, len(frozen) - 1)]))
        else:
            chosen_row = item.whole("parameters", 0, len(parameters) - 1)
            edits.append(Edit(step, parameters=parameters[chosen_row]))
    runs: list[Run] = []
    for index, item in enumerate(document.objects("runs")):
        runs.append(_read_run(archive, index, item, runs, keyframes, edits))
    if len({run.number for run in runs}) < len(runs):
        raise archive.error("wrong_type", DOCUMENT, field="runs", expected="a list of different runs")
    current = document.whole("current", 0, len(runs) - 1)
    present = keyframes[document.whole("present", 0, len(keyframes) - 1)]
    for index, run in enumerate(runs):
        if not _goes_together(run, [*run.keyframes, *([present] if index == current else [])]):
            raise archive.error("does_not_fit", DOCUMENT, field=f"runs[{index}]", reason="edits or keyframes")
    gap = document.whole("gap", 1, 2**62)
    return Snapshot(present, History(2**62, gap, runs), current)


def _read_keyframes(
    archive: Archive, dtype: str, size: int, experiments: list[Experiment], frozen: list[BoolArray]
) -> list[Keyframe]:
    whole, real = _keyframe_tables(archive)
    columns = dict(zip(WHOLE, whole.T, strict=True))
    for name, column in columns.items():
        high = {"experiment": len(experiments) - 1, "frozen": len(frozen) - 1, "shuffle": 1}.get(name, 2**53)
        low = -1 if name == "frozen" else 0
        if column.min() < low or column.max() > high:
            raise archive.error(
                "wrong_type", "training/keyframes.npy", field=name, expected=f"from {low} to {high}"
            )
    widths = [(1 + len(experiment.optimizer.slots)) * size for experiment in experiments]
    ends = np.cumsum([widths[place] for place in columns["experiment"]])
    states = archive.array("training/states.npy", dtype, (int(ends[-1]),))
    found = []
    for row, end in enumerate(ends.tolist()):
        values = {name: int(column[row]) for name, column in columns.items()}
        factor, best, epoch_loss = real[row].tolist()
        experiment, place = experiments[values.pop("experiment")], values.pop("frozen")
        found.append(
            Keyframe(
                state=states[end - widths[columns["experiment"][row]] : end],
                experiment=experiment,
                frozen=None if place < 0 else frozen[place],
                shuffle=bool(values.pop("shuffle")),
                plateau=PlateauState(factor, best, values.pop("waited")),
                epoch_loss=epoch_loss,
                **values,
            )
        )
    return found


def _read_run(
    archive: Archive,
    index: int,
    document: Fields,
    before: list[Run],
    keyframes: list[Keyframe],
    edits: list[Edit],
) -> Run:
    places = archive.array(f"runs/{index}/keyframes.npy", "<i8", (None,))
    if not len(places) or places.min() < 0 or places.max() >= len(keyframes):
        raise archive.error(
            "wrong_type", f"runs/{index}/keyframes.npy", field="*", expected="a list of places"
        )
    width = NORMS + len(keyframes[0].experiment.layers)
    return Run(
        number=document.whole("number"),
        series=_read_series(archive, index, "series", width, document, before),
        evaluations=_read_series(archive, index, "evaluations", 3, document, before),
        keyframes=[keyframes[place] for place in places.tolist()],
        edits=[edits[place] for place in document.wholes("edits", 0, len(edits) - 1)],
        forked_at=document.whole("forked_at"),
        parent=None if document.plain.get("parent") is None else document.whole("parent"),
    )


def _read_series(
    archive: Archive, index: int, name: str, width: int, document: Fields, before: list[Run]
) -> Series:
    item, table = document.object(name), Series(width)
    if item.whole("shared_rows"):
        source: Series = getattr(before[item.whole("shared_with", 0, len(before) - 1)], name)
        table = source.fork(item.whole("shared_rows", 0, len(source)))
    for rows in archive.rows(f"runs/{index}/{name}.npy", width):
        table.append(rows)
    return table


def _goes_together(run: Run, keyframes: list[Keyframe]) -> bool:
    """Whether keyframes can be moments of a run: what its edits have made of it by then."""
    steps = [edit.step for edit in run.edits]
    first = run.keyframes[0]
    settings, frozen = [first.experiment], [first.frozen]  # after so many edits
    for edit in run.edits:
        settings.append(settings[-1] if edit.experiment is None else edit.experiment)
        held = frozen[-1] if edit.frozen is None else edit.frozen
        frozen.append(held if held is not None and held.any() else None)
    return (
        first.step == 0
        and run.forked_at <= run.steps
        and steps == sorted(steps)
        and all(step <= run.steps for step in steps)
        and all(a.step < b.step for a, b in pairwise(run.keyframes))
        and all(
            k.step <= run.steps
            and k.optimizer_start <= k.step
            and bisect_left(steps, k.step) <= k.edits <= bisect_right(steps, k.step)
            and k.experiment is settings[k.edits]
            and k.frozen is frozen[k.edits]
            for k in keyframes
        )
    )


class _Place(NamedTuple):
    """Where in the data a step is: the epoch, the step it began after, and the rows used of it."""

    step: int = 0
    epoch: int = 0
    began: int = 0
    offset: int = 0

    def advanced(self, step: int, batch: int, rows: int) -> _Place:
        """The place at a later step, with mini-batches of one size."""
        left, count = -(-(rows - self.offset) // batch), step - self.step
        if count < left:
            return _Place(step, self.epoch, self.began, self.offset + count * batch)
        epochs, rest = divmod(count - left, -(-rows // batch))
        return _Place(step, self.epoch + 1 + epochs, step - rest, rest * batch)


def _replays(run: Run, keyframes: list[Keyframe], rows: int, validates: bool) -> bool:
    """Whether keyframes are where the steps and edits of a run lead, and its evaluations are all there."""

    def batch(experiment: Experiment) -> int:
        return rows if experiment.batch_size == "full" else min(experiment.batch_size, rows)

    stretches = [(_Place(), batch(run.keyframes[0].experiment))]
    for edit in run.edits:
        if edit.experiment is not None:
            place, size = stretches[-1]
            stretches.append((place.advanced(edit.step, size, rows), batch(edit.experiment)))

    def at(step: int) -> _Place:
        place, size = stretches[bisect_right(stretches, step, key=lambda stretch: stretch[0].step) - 1]
        return place.advanced(step, size, rows)

    found = all(at(k.step) == (k.step, k.epoch, k.epoch_began, k.offset) for k in keyframes)
    return found and len(run.evaluations) == (at(run.steps).epoch + 1 if validates else 0)

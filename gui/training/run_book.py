"""The runs of all networks: what they are called, which are kept, and how they compare."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from engine.training.history import Run, first_difference
from gui.training.cursor import Walk
from gui.training.messages import RunDifference, RunInfo, RunKey, RunSeries

MOST_RUNS = 24
"""Runs of one network; when there are more, the oldest that is not pinned goes."""


class RunBook:
    """Names and pins of runs; the runs themselves are the trainers'.

    Attributes
    ----------
    dropped : int
        How many runs with steps in them have made room for others.
    """

    def __init__(self) -> None:
        self._names: dict[RunKey, str] = {}
        self._pinned: set[RunKey] = set()
        self._hidden: set[RunKey] = set()
        self.dropped = 0

    def find(self, key: RunKey, networks: Mapping[int, Walk]) -> Run | None:
        """The run of that key, if there still is one."""
        network = networks.get(key.network)
        runs = [] if network is None else network.trainer.history.runs
        return next((run for run in runs if run.number == key.run), None)

    def rename(self, key: RunKey, name: str) -> None:
        """Call a run something; an empty name takes its own name away."""
        self._names[key] = name

    def pin(self, key: RunKey, pinned: bool) -> None:
        """Keep a run, or let it go when there are too many."""
        (self._pinned.add if pinned else self._pinned.discard)(key)

    def delete(self, key: RunKey, networks: Mapping[int, Walk], current: Walk) -> None:
        """Forget a run; the current one and pinned ones stay.

        The last run of another network only leaves the list: undo may still want that network back.
        """
        run, network = self.find(key, networks), networks.get(key.network)
        if run is None or network is None or key in self._pinned:
            return
        if run is not network.trainer.current:
            network.trainer.history.remove(run)
        elif network is not current:
            self._hidden.add(key)

    def infos(self, networks: Mapping[int, Walk], current: int) -> tuple[RunInfo, ...]:
        """All runs with steps in them, and the current one; those there are too many of are dropped."""
        found = []
        for number, network in networks.items():
            self._make_room(number, network)
            for run in network.trainer.history.runs:
                goes_on = run is network.trainer.current
                key = RunKey(number, run.number)
                if goes_on and number == current:
                    self._hidden.discard(key)
                elif not run.steps or key in self._hidden:
                    continue
                found.append(self._info(number, network, run, goes_on and number == current))
        return tuple(found)

    def _make_room(self, number: int, network: Walk) -> None:
        history, current = network.trainer.history, network.trainer.current
        free = [
            run
            for run in history.runs
            if run is not current and RunKey(number, run.number) not in self._pinned
        ]
        empty = [run for run in free if not run.steps]
        for run in empty:
            history.remove(run)
        for run in [run for run in free if run.steps][: max(0, len(history.runs) - MOST_RUNS)]:
            history.remove(run)
            self.dropped += 1

    def let_go(self, networks: OrderedDict[int, Walk], most: int) -> None:
        """Forget the networks that were left longest ago, down to `most`; those with a pinned run stay."""
        pinned = {key.network for key in self._pinned if self.find(key, networks) is not None}
        current = next(reversed(networks))
        free = [number for number in networks if number not in pinned and number != current]
        for number in free[: max(0, len(networks) - most)]:
            walk = networks.pop(number)
            for run in walk.trainer.history.runs:
                self.dropped += run.steps > 0 and RunKey(number, run.number) not in self._hidden

    def _info(self, number: int, network: Walk, run: Run, current: bool) -> RunInfo:
        key = RunKey(number, run.number)
        settings = [edit.experiment for edit in run.edits if edit.experiment is not None]
        last = run.series.read(max(0, run.steps - 1), run.steps)
        return RunInfo(
            key=key,
            name=self._names.get(key, ""),
            pinned=key in self._pinned,
            steps=run.steps,
            forked_at=run.forked_at,
            parent=None if run.parent is None else RunKey(number, run.parent),
            current=current,
            experiment=settings[-1] if settings else run.keyframes[0].experiment,
            dataset=network.trainer.dataset.name,
            last_loss=float(last[0, 0]) if len(last) else None,
        )

    def compare(
        self, current: RunKey, others: tuple[RunKey, ...], networks: Mapping[int, Walk]
    ) -> tuple[tuple[RunSeries, ...], tuple[RunDifference, ...]]:
        """The series of other runs, and the step at which each parts from the current one."""
        series, differences = [], []
        mine = self.find(current, networks)
        for key in others:
            run = self.find(key, networks)
            if run is None or mine is None or key == current:
                continue
            trainer = networks[key.network].trainer
            name = self._names.get(key) or f"{trainer.dataset.name} {key.network + 1}.{key.run + 1}"
            series.append(RunSeries(key, name, trainer.scalars_of(run)))
            differences.append(RunDifference(current, key, first_difference(mine.series, run.series)))
        return tuple(series), tuple(differences)

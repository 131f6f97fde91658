"""What the window wants to have back with a session: what is looked at, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast, get_args, get_type_hints

from PySide6.QtWidgets import QTabWidget, QWidget

from engine.errors import EngineError
from engine.parts import Part
from engine.training.conditions import Breakpoint
from gui.document.focus import Focus
from gui.panels.breakpoints import BreakpointsPanel
from gui.panels.run_controls import RATES, RunControls
from gui.panels.runs import RunsPanel
from gui.panels.timeline import Timeline
from gui.training.messages import Command, Granularity, PinRun, RenameRun, RunKey, Watch

KINDS = get_args(get_type_hints(Part)["kind"])


class Typed(Protocol):
    """The lab, as far as a session is concerned."""

    def plain(self) -> dict[str, Any]:
        """What is typed there."""

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Type what a session kept."""


class SessionView:
    """Reads the state of panels and views as plain values, and gives it back to them.

    A session may have been made by hand, without a window, or by another version: whatever is missing
    or not as `plain` gives it is passed over.

    Parameters
    ----------
    submit : callable
        Hands a command to the worker.
    """

    def __init__(
        self,
        focus: Focus,
        controls: RunControls,
        breakpoints: BreakpointsPanel,
        runs: RunsPanel,
        timeline: Timeline,
        tabs: QTabWidget,
        submit: Callable[[Command], object],
    ) -> None:
        self._focus, self._controls = focus, controls
        self._breakpoints, self._runs, self._timeline, self._tabs = breakpoints, runs, timeline, tabs
        self._submit = submit
        self._lab: Typed | None = None
        self._typed: Mapping[str, Any] = {}

    def take_lab(self, view: QWidget) -> None:
        """Give the expression lab what the session has for it; it is made when it is first opened."""
        if view.objectName() == "lab":
            self._lab = cast(Typed, view)
            self._lab.restore(self._typed)

    def plain(self, network: int) -> dict[str, Any]:
        """The state as a session keeps it; names and pins are those of the runs of `network`."""
        part = self._focus.part
        return {
            "selection": None if part is None else list(part),
            "sample": self._focus.sample,
            "granularity": self._controls.granularity.value,
            "speed": self._controls.speed,
            "breakpoints": [breakpoint.plain() for breakpoint in self._breakpoints.breakpoints],
            "bookmarks": list(self._timeline.bookmarks),
            "tab": type(self._tabs.currentWidget()).__name__,
            "lab": dict(self._typed) if self._lab is None else self._lab.plain(),
            "runs": [
                {"run": info.key.run, "name": info.name, "pinned": info.pinned}
                for info in self._runs.runs
                if info.key.network == network and (info.name or info.pinned)
            ],
        }

    def unpinned_run(self, network: int) -> RunKey | None:
        """The run of `network` that goes on, if there is one that is not pinned."""
        runs = [info for info in self._runs.runs if info.current and not info.pinned]
        return next((info.key for info in runs if info.key.network == network), None)

    def restore_runs(self, plain: Mapping[str, Any], network: int) -> None:
        """Give the runs of `network` their names and pins, before it is there."""
        for entry in _mappings(plain.get("runs")):
            run, name = entry.get("run"), entry.get("name")
            if not isinstance(run, int):
                continue
            key = RunKey(network, run)
            if isinstance(name, str) and name:
                self._submit(RenameRun(key, name))
            if entry.get("pinned") is True:
                self._submit(PinRun(key, True))

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Show what was looked at, once a frame of its network is shown."""
        speed, sample = plain.get("speed"), plain.get("sample")
        for granularity in Granularity:
            if granularity.value == plain.get("granularity"):
                self._controls.granularity = granularity
        if isinstance(speed, int) and 0 <= speed < len(RATES):
            self._controls.speed = speed
        for index in range(self._tabs.count()):
            if type(self._tabs.widget(index)).__name__ == plain.get("tab"):
                self._tabs.setCurrentIndex(index)
        typed = plain.get("lab")
        self._typed = typed if isinstance(typed, Mapping) else {}
        if self._lab is not None:
            self._lab.restore(self._typed)
        self._breakpoints.set_breakpoints(_breakpoints(plain.get("breakpoints")))
        self._timeline.set_bookmarks(_steps(plain.get("bookmarks")))
        self._submit(Watch(self._breakpoints.breakpoints))
        self._focus.select(_part(plain.get("selection")))
        self._focus.show_sample(sample if isinstance(sample, int) and sample >= 0 else 0)


def _mappings(plain: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in plain if isinstance(entry, Mapping)] if isinstance(plain, list) else []


def _steps(plain: Any) -> list[int]:
    return [step for step in plain if type(step) is int] if isinstance(plain, list) else []


def _breakpoints(plain: Any) -> tuple[Breakpoint, ...]:
    found = []
    for entry in _mappings(plain):
        try:
            found.append(Breakpoint.from_plain(entry))
        except EngineError:
            continue
    return tuple(found)


def _part(plain: Any) -> Part | None:
    if not isinstance(plain, list) or len(plain) != 4 or plain[0] not in KINDS:
        return None
    places = plain[1:]
    if not all(isinstance(place, int) and place >= 0 for place in places):
        return None
    return Part(plain[0], *places)

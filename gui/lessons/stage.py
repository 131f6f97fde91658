"""What a lesson does to the window: it brings its networks and formulas, goes to a step, points at a part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.dataset import Dataset
from engine.errors import EngineError
from engine.lessons.materials import FormulaWithValues
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.lessons.course import Course
from gui.style.fonts import px
from gui.training.messages import Frame, Granularity, Reset, Run, Seek, Status, Watch

if TYPE_CHECKING:
    from gui.lab import Lab
    from gui.main_window import MainWindow

VIEWS = {
    "network": "network_view",
    "chain_rule": "chain_rule_view",
    "diagnosis": "diagnosis_view",
    "curves": "curves_view",
    "gradients": "gradients_view",
    "surface": "surface_view",
    "data": "data_view",
    "weights": "weights_view",
    "parameters": "parameters_view",
    "check": "check_map_view",
    "runs": "runs_panel",
    "instruments": "instruments_view",
    "predict": "predict_view",
    "check_numbers": "check_numbers",
    "clinic": "clinic",
}
"""The pages of the window by the names that lessons call them."""

LAB = "expression_lab"
ROOMY, NARROW = 1080, 760
"""Pixels of the centre from which the lab is shown with its inspector, and below which in brief."""

WHOLE = Phase(PhaseKind.UPDATE)


class Stage(QObject):
    """The window, as far as a lesson has a say in it.

    Signals
    -------
    failed(EngineError)
        An experiment of the lesson could not be shown.
    """

    failed = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._course: Course | None = None
        self._name = ""
        self._dataset: Dataset | None = None
        self._edits = 0
        self._wanted: tuple[int, Phase] | None = None
        self._running_to: int | None = None
        self._awaited = 0
        self._typed: dict[str, Any] | None = None

    # -- begin and end -----------------------------------------------------------------------------

    def begin(self, course: Course) -> None:
        """Put the person's own work aside; the networks of a course come in its place."""
        window = self._window
        self._course, self._name, self._dataset = course, "", None
        self._wanted = None
        if not window.document.is_aside:
            window.session_desk.set_aside()
            window.breakpoints_panel.set_breakpoints(())
            window.submit(Watch(()))

    def renew(self, course: Course) -> None:
        """Go on with a course that was read anew; what is shown stays until another is wanted."""
        self._course = course

    def end(self) -> None:
        """Give the window back."""
        self._course, self._name, self._dataset = None, "", None
        self._wanted = None
        self._leave_lab()
        self._window.session_desk.take_up()

    # -- experiments -------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The experiment that is shown."""
        return self._name

    @property
    def frame(self) -> Frame | None:
        """What the window shows, if it is of the lesson's network."""
        frame, document = self._window.frame, self._window.document
        if self._dataset is None or self.is_astray or frame is None:
            return None
        return frame if frame.generation == document.generation else None

    @property
    def is_astray(self) -> bool:
        """Whether something else has taken the place of the lesson's network: what learns from other data.

        One with other layers or another start may be what the lesson asks for.
        """
        return self._dataset is not None and self._window.document.dataset is not self._dataset

    @property
    def is_untouched(self) -> bool:
        """Whether the lesson's network is as it was brought, however far it has been trained."""
        document = self._window.document
        return not self.is_astray and document.undo_stack.index() == self._edits

    @property
    def has_run(self) -> bool:
        """Whether steps have been made, so that it is not at its beginning."""
        return self.frame is not None and self.frame.furthest > 0

    @property
    def is_settled(self) -> bool:
        """Whether what was asked for is shown."""
        frame = self._window.frame
        if frame is None or frame.generation != self._window.document.generation:
            return False
        return self._wanted is None and frame.request >= self._awaited

    def bring(self, name: str, *, anew: bool = False) -> None:
        """Show an experiment of the lesson, as it is in the beginning if something has been changed in it."""
        course = self._course
        if course is None or name not in course.materials:
            return
        material = course.materials[name]
        if isinstance(material, FormulaWithValues):
            self._enter_lab(material, anew or name != self._name)
            self._name = name
            return
        self._leave_lab()
        if name == self._name and not anew and self.is_untouched:
            return
        document = self._window.document
        try:
            document.open_problem(material.experiment, material.dataset, course.start(name))
        except EngineError as error:
            self.failed.emit(error)
            return
        self._name, self._dataset = name, document.dataset
        self._edits = document.undo_stack.index()
        self._wanted = None
        self._window.focus.select(None)

    def start_over(self) -> None:
        """Go back to step 0 of the lesson's network, with the settings that it has now."""
        self._awaited = self._window.submit(Reset())

    # -- formulas ----------------------------------------------------------------------------------

    @property
    def lab(self) -> Lab | None:
        """The lab, while it stands in the centre."""
        return self._window.pages.centre.guest  # type: ignore[return-value]

    def _enter_lab(self, material: FormulaWithValues, anew: bool) -> None:
        pages = self._window.pages
        if self.lab is None:
            lab: Lab = pages.lend(LAB)  # type: ignore[assignment]
            self._typed = lab.plain()
            pages.fitter.close("curves", "inspector")
            anew = True
            QTimer.singleShot(0, self, self.fit_lab)
        if anew and self.lab is not None:
            self.lab.restore({"text": material.text, "values": dict(material.values), "page": 0})

    def seal_formula(self, sealed: bool) -> None:
        """Hide the derivatives of the formula, or show them."""
        if self.lab is not None and sealed:
            self.lab.functions.reveal_values()
        elif self.lab is not None:
            self.lab.functions.reveal_all()

    def fit_lab(self) -> None:
        """Leave the lab's inspector out where there is no room for it."""
        if self.lab is not None:
            room = self._window.pages.centre.width()
            self.lab.functions.inspector.setVisible(room >= px(ROOMY))
            self.lab.functions.set_brief(room < px(NARROW))

    def _leave_lab(self) -> None:
        lab, typed = self.lab, self._typed
        if lab is None or typed is None:
            return
        lab.functions.inspector.show()
        lab.functions.set_brief(False)
        lab.restore(typed)
        self._typed = None
        self._window.pages.take_back(LAB)
        self._window.pages.fitter.close()

    # -- moments -----------------------------------------------------------------------------------

    def go(self, step: int, phase: Phase) -> None:
        """Show so much of a step, training until there if need be."""
        self._wanted, self._running_to = (step, phase), None
        self._advance()

    def train(self, steps: int) -> None:
        """Make so many steps from here."""
        self._awaited = self._window.submit(Run(Granularity.BATCH, None, steps))

    def show_frame(self, frame: Frame) -> None:
        """Learn what the window shows."""
        self._advance()

    def _advance(self) -> None:
        frame = self.frame
        if self._wanted is None or frame is None:
            return
        step, phase = self._wanted
        whole = phase.kind is PhaseKind.UPDATE
        steps = step if whole else step - 1
        if frame.furthest < steps:
            if self._running_to == steps:
                if frame.status is not Status.RUNNING and frame.request >= self._awaited:
                    self._wanted = None  # somebody has paused it, or it went to infinity
                return
            self._running_to = steps
            if frame.step != frame.furthest:
                self._window.submit(Seek(frame.furthest))
            self._awaited = self._window.submit(Run(Granularity.BATCH, None, steps - frame.furthest))
            return
        self._wanted = None
        self._awaited = self._window.submit(Seek(step) if whole else Seek(step - 1, phase))

    # -- what is looked at -------------------------------------------------------------------------

    def look(self, view: str, select: tuple[int | str, ...] | None, sample: int | None) -> None:
        """Bring a view to the front, select a part, show a row of the mini-batch (from 1)."""
        window = self._window
        if select is not None:
            window.focus.select(part_of(select))
        if sample is not None:
            window.focus.show_sample(sample - 1)
        if view in VIEWS:
            window.pages.open(VIEWS[view])


def part_of(select: tuple[int | str, ...]) -> Part:
    """A part as lessons write it, from 1."""
    if len(select) == 3:
        layer, source, unit = select
        if source == "b":
            return Part("bias", int(layer), int(unit) - 1)
        return Part("weight", int(layer), int(unit) - 1, int(source) - 1)
    if len(select) == 2:
        layer, unit = select
        return Part("unit", int(layer), int(unit) - 1)
    return Part("layer", int(select[0]))


def place_of(part: Part) -> tuple[int, ...]:
    """A part as lessons write it; nothing for what they do not point at."""
    if part.kind == "weight":
        return part.layer, part.source + 1, part.unit + 1
    if part.kind == "unit":
        return part.layer, part.unit + 1
    return (part.layer,) if part.kind == "layer" else ()

"""What the user changes of the network that is shown, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import ExperimentError
from gui.document.document import Document, NotInForceError
from gui.training.messages import Change, Command, Done, Frame, Freeze, SetParameter, TakeBack

if TYPE_CHECKING:
    from engine.diagnose import Finding


class Edits(QObject):
    """Takes edits to the document, as long as the network that they are about is the one it has.

    Parameters
    ----------
    document : Document
    submit : callable
        Hands a command to the worker, and says its number.
    parent : QObject, optional

    Signals
    -------
    refused(EngineError)
        It cannot be, or another network is on its way and it was about the one that is shown.
    not_undone(int or None), not_redone(int or None)
        The change was made at this later step, or else in another run.
    taken_back()
        Something was undone or redone.
    """

    refused = Signal(object)
    not_undone = Signal(object)
    not_redone = Signal(object)
    taken_back = Signal()

    def __init__(
        self, document: Document, submit: Callable[[Command], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._submit = document, submit
        self._frame: Frame | None = None
        self._asked = 0
        document.change_requested.connect(self._change)
        document.parameter_requested.connect(self._change)

    def show_frame(self, frame: Frame) -> None:
        """Know what is shown, and let the document follow what is in force there."""
        self._frame = frame
        if frame.request >= self._asked:  # until then, it tells of what was before
            self._document.follow(frame.settings)

    def may_edit(self) -> bool:
        """Whether what is shown is still the network that the document has; says so if it is not."""
        if self._frame is not None and self._frame.generation == self._document.generation:
            return True
        self.refused.emit(ExperimentError("other_network"))
        return False

    def set_parameter(self, command: SetParameter) -> None:
        """Give a weight or bias another value."""
        if self._frame is not None and self.may_edit():
            before = self._frame.parameter(command.part)
            self._attempt(partial(self._document.set_parameter, command, before))

    def freeze(self, command: Freeze) -> None:
        """Hold a weight or bias, or let it go."""
        if self.may_edit():
            self._attempt(partial(self._document.freeze, command))

    def new_seed(self) -> None:
        """Begin anew with other parameters."""
        self._attempt(self._document.new_seed)

    def take_rate(self, rate: float) -> None:
        """Go on with another learning rate."""
        self._attempt(partial(self._document.set_value, "learning_rate", rate))

    def _attempt(self, edit: Callable[[], None]) -> None:
        """Do an edit of the document; say why not if it refuses."""
        try:
            edit()
        except ExperimentError as error:
            self.refused.emit(error)

    def take_cure(self, finding: Finding) -> None:
        """Begin anew with the cure of a finding."""
        remedy = finding.remedy
        experiment = finding.cure if remedy is None else remedy.experiment
        dataset = None if remedy is None else remedy.dataset
        if experiment is None:
            return
        try:
            self._document.open_problem(experiment, dataset or self._document.dataset)
        except ExperimentError as error:
            self.refused.emit(error)

    def undo(self) -> None:
        """Take back the last edit, or say why not."""
        try:
            self._document.undo(self._done())
        except NotInForceError as reason:
            self.not_undone.emit(reason.step)
        else:
            self.taken_back.emit()

    def redo(self) -> None:
        """Make the edit again that was undone last, or say why not."""
        try:
            self._document.redo(self._done())
        except NotInForceError as reason:
            self.not_redone.emit(reason.step)
        else:
            self.taken_back.emit()

    def _change(self, command: Change | SetParameter | Freeze | TakeBack) -> None:
        self._asked = self._submit(command)

    def _done(self) -> Mapping[int, Done]:
        """Where the edits stand as seen from the shown moment, as far as the frame knows of all of them."""
        frame = self._frame
        if frame is None or frame.generation != self._document.generation:
            return {}
        return frame.done if frame.request >= self._asked else {}

"""The ways out: pictures, an animation, numbers, code and derivations, to files and the clipboard.

What is slow is done in the task thread on a frozen copy of the training, which goes on meanwhile. What
writes one is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWidget

from engine.errors import EngineError
from engine.files.atomic import replacing
from engine.files.session import Session
from engine.parts import Part
from gui.files.pictures import SCALES, image, png, printed, svg
from gui.kept import EXPORT_FOLDER, Kept
from gui.style.theme import LIGHT, Theme
from gui.text.parts import shown
from gui.text.plain import ask
from gui.training.messages import Capture, Frame
from gui.training.tasks import Task, Tasks
from gui.views.curves.loss import CurvesView
from gui.views.network import NetworkView
from gui.widgets.saving import FORMS, written

if TYPE_CHECKING:
    from gui.files.animation import Film

COPIED_SCALE = 2
"""Pixels of a copied picture for one of the screen."""

Write = Callable[[Session, Task], tuple[Path, ...]]
Views = Callable[[], Sequence[tuple[str, QWidget]]]


@dataclass(frozen=True, eq=False)
class _Order:
    """A training that is waited for, and what is to be written of it."""

    label: str
    write: Write
    done: Callable[[], None]
    again: Callable[[], None]


class ExportDesk(QObject):
    """Writes what is shown and what has been trained.

    Parameters
    ----------
    window : QWidget
        Parent of the dialogs.
    tasks : Tasks
    network : NetworkView
    curves : CurvesView
    views : callable
        All views with their names.
    remember : bool
        Whether the folder is remembered.

    Signals
    -------
    command(Capture)
        For the worker; its answer goes to `take`.
    exported(tuple of Path)
    failed(EngineError)
        It could not be written; what was there before still is.
    lacking(EngineError, callable)
        Likewise, for a package is missing; what to call once it is there.
    missed(str)
        What there must be first.
    """

    command = Signal(object)
    exported = Signal(object)
    failed = Signal(object)
    lacking = Signal(object, object)
    missed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        tasks: Tasks,
        network: NetworkView,
        curves: CurvesView,
        views: Views,
        *,
        remember: bool,
    ) -> None:
        super().__init__(window)
        self._window, self._tasks, self._kept = window, tasks, Kept(remember)
        self._network, self._curves, self._views = network, curves, views
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._all_rows = False
        self._done: dict[Task, Callable[[], None]] = {}
        tasks.ended.connect(self._ended)

    def set_theme(self, theme: Theme) -> None:
        """Know what views wear."""
        self._theme = theme

    def show_frame(self, frame: Frame) -> None:
        """Know what is shown."""
        self._frame = frame

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None

    # -- pictures ----------------------------------------------------------------------------------

    def pictured(self) -> list[tuple[str, QWidget]]:
        """The views that can be seen, with their names."""
        return [(name, view) for name, view in self._views() if view.isVisible()]

    def export_network(self) -> None:
        """Ask for a file and save a picture of the network graph."""
        self.export_view(self.tr("Network graph"), self._network)

    def export_curves(self) -> None:
        """Ask for a file and save a picture of the loss curves."""
        self.export_view(self.tr("Curves"), self._curves)

    def export_view(self, name: str, view: QWidget) -> None:
        """Ask for a file and save a picture of a view as PNG, at the scale of the kind of file, or SVG."""
        kinds = [self.tr("PNG, as large as on the screen") + " (*.png)"]
        for scale in SCALES[1:]:
            kinds.append(self.tr("PNG, {0} times as fine").format(scale) + " (*.png)")
        asked = self._ask(name, f"{name}.png", [*kinds, "SVG (*.svg)"], chosen=1)
        if asked is None:
            return
        path, kind = asked
        with printed(view, self._theme):
            if path.suffix.lower() == ".svg":
                drawing = svg(view, name)
                make = partial(bytes, drawing)
            else:
                make = partial(png, image(view, SCALES[min(kind, len(SCALES) - 1)]))

        def write(task: Task) -> tuple[Path, ...]:
            with replacing(path) as file:
                file.write(make())
            return (path,)

        self._submit(path, write)

    def copy_picture(self) -> None:
        """Put a picture of the view that has the focus on the clipboard; else of the network graph."""
        view: QWidget = self._network
        focus = QApplication.focusWidget()
        for _, candidate in self.pictured():
            if focus is not None and (candidate is focus or candidate.isAncestorOf(focus)):
                view = candidate
        with printed(view, self._theme):
            QGuiApplication.clipboard().setImage(image(view, COPIED_SCALE))

    # -- steps -------------------------------------------------------------------------------------

    def export_animation(self) -> None:
        """Ask for steps and a file, and save an animation of the network graph."""
        from gui.files.export_dialog import AnimationDialog

        if self._has_steps():
            assert self._frame is not None
            dialog = AnimationDialog(self._frame.furthest, self._window)
            self._open(dialog, lambda: self._save_animation(dialog.film))

    def export_records(self) -> None:
        """Ask for steps and a file, and save all numbers of these steps."""
        from gui.files.export_dialog import MOST_RECORDS, StepsDialog

        if self._has_steps():
            assert self._frame is not None
            furthest = self._frame.furthest
            dialog = StepsDialog(1, furthest, MOST_RECORDS, MOST_RECORDS, self._window)
            self._open(dialog, lambda: self._save_records(dialog.steps))

    def _has_steps(self) -> bool:
        if self._frame is not None and self._frame.furthest > 0:
            return True
        self.missed.emit(self.tr("There are no steps yet: train first."))
        return False

    def _open(self, dialog: QDialog, accepted: Callable[[], None]) -> None:
        dialog.accepted.connect(accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_animation(self, film: Film) -> None:
        kinds = ["GIF (*.gif)", self.tr("One PNG for each step") + " (*.png)"]
        if (asked := self._ask(self.tr("Animation"), "training.gif", kinds)) is None:
            return
        self._film(asked[0], film)

    def _film(self, path: Path, film: Film) -> None:
        from gui.files.animation import Stage, write_animation

        stage = Stage(self._window, self._network)

        def write(session: Session, task: Task) -> tuple[Path, ...]:
            return write_animation(session, film, path, stage, task.progress, task.cancelled)

        self._capture(path, write, done=stage.close, again=partial(self._film, path, film))

    def _save_records(self, steps: range) -> None:
        from engine.files.traces import write_records

        asked = self._ask(self.tr("Full records of steps"), "records.npz", ["NPZ (*.npz)"])
        if asked is None:
            return
        path = asked[0]

        def write(session: Session, task: Task) -> tuple[Path, ...]:
            write_records(session, steps, path, progress=task.progress, cancelled=task.cancelled)
            return (path,)

        self._capture(path, write)

    # -- numbers and code --------------------------------------------------------------------------

    def export_scalars(self) -> None:
        """Ask for a file and save the scalars of all steps, as CSV or Parquet."""
        from engine.files.traces import write_scalars_csv, write_scalars_parquet

        kinds = ["CSV (*.csv)", "Parquet (*.parquet)"]
        if asked := self._ask(self.tr("Scalars of all steps"), "scalars.csv", kinds):
            path = asked[0]
            parquet = path.suffix.lower() == ".parquet"
            self._capture(path, _writing(write_scalars_parquet if parquet else write_scalars_csv, path))

    def export_parameters(self) -> None:
        """Ask for a file and save the table of parameters."""
        from engine.files.traces import write_parameters

        self._export(self.tr("Parameters"), "parameters.csv", "CSV (*.csv)", write_parameters)

    def export_numpy(self) -> None:
        """Ask for a file and save a NumPy script that goes on from here."""
        from engine.files.export_numpy import export_numpy

        self._export(self.tr("NumPy script"), "network.py", "Python (*.py)", export_numpy)

    def export_pytorch(self) -> None:
        """Ask for a file and save a PyTorch script that goes on from here."""
        from engine.files.export_pytorch import export_pytorch

        self._export(self.tr("PyTorch script"), "network_torch.py", "Python (*.py)", export_pytorch)

    def export_notebook(self) -> None:
        """Ask for a file and save a Jupyter notebook that goes on from here."""
        from engine.files.export_notebook import export_notebook

        self._export(self.tr("Jupyter notebook"), "network.ipynb", "Jupyter (*.ipynb)", export_notebook)

    def export_onnx(self) -> None:
        """Ask for a file and save the network as an ONNX model."""
        from engine.files.export_onnx import export_onnx

        self._export(self.tr("ONNX model"), "network.onnx", "ONNX (*.onnx)", export_onnx)

    def _export(self, title: str, name: str, kind: str, write: Callable[[Session, Path], object]) -> None:
        if asked := self._ask(title, name, [kind]):
            self._capture(asked[0], _writing(write, asked[0]))

    # -- texts -------------------------------------------------------------------------------------

    def export_derivation(self) -> None:
        """Ask for a file and save why the gradient of the selected weight or bias is what it is."""
        if (derive := self._derivation()) is not None:
            self._save_text(self.tr("Derivation of the selected parameter"), "derivation.md", derive)

    def export_solution(self) -> None:
        """Ask for a file and save the whole step, worked out."""
        if self._frame is not None:
            derive = partial(_derive, self._frame, None, self._network.focus.sample, self._all_rows)
            self._save_text(self.tr("Worked solution of this step"), "step.md", derive)

    def copy_derivation(self) -> None:
        """Put the derivation of the selected weight or bias on the clipboard."""
        if (derive := self._derivation()) is not None:
            text = self.tr("Copying the derivation")
            copy = QGuiApplication.clipboard().setText
            self._tasks.submit(Task(text, lambda task: derive(), copy, self.failed.emit))

    def _derivation(self) -> Callable[[], str] | None:
        focus = self._network.focus
        if self._frame is None or focus.part is None or not focus.part.is_parameter:
            self.missed.emit(self.tr("Select a weight or a bias first."))
            return None
        return partial(_derive, self._frame, focus.part, focus.sample, self._all_rows)

    def set_all_rows(self, all_rows: bool) -> None:
        """Set whether derivations write every row of the mini-batch out, or one."""
        self._all_rows = all_rows

    def _save_text(self, title: str, name: str, make: Callable[[], str]) -> None:
        kinds = [f"{form} (*.{ending})" for ending, form in FORMS.items()]
        if asked := self._ask(title, name, kinds):
            path = asked[0]

            def write(task: Task) -> tuple[Path, ...]:
                content = written(make(), path, task.progress, task.cancelled)
                with replacing(path) as file:
                    file.write(content)
                return (path,)

            self._submit(path, write)

    # -- doing it ----------------------------------------------------------------------------------

    def take(self, generation: int, purpose: object, session: Session) -> None:
        """Write what a frozen training was asked for; one that is for others is left alone."""
        if not isinstance(purpose, _Order):
            return
        order = purpose

        def write(task: Task) -> tuple[Path, ...]:
            return order.write(session, task)

        def refuse(error: EngineError) -> None:
            if "extra" in error.details:
                self.lacking.emit(error, order.again)
            else:
                self.failed.emit(error)

        task = Task(order.label, write, self.exported.emit, refuse)
        self._done[task] = order.done
        self._tasks.submit(task)

    def miss(self, purpose: object, error: EngineError) -> None:
        """Say that the training that was asked for could not be had."""
        if isinstance(purpose, _Order):
            purpose.done()
            self.failed.emit(error)

    def _ended(self, task: Task) -> None:
        if done := self._done.pop(task, None):
            done()

    def _capture(
        self,
        path: Path,
        write: Write,
        *,
        done: Callable[[], None] = lambda: None,
        again: Callable[[], None] | None = None,
    ) -> None:
        again = again or partial(self._capture, path, write)
        order = _Order(self.tr("Writing {0}").format(path.name), write, done, again)
        self.command.emit(Capture(order))

    def _submit(self, path: Path, write: Callable[[Task], tuple[Path, ...]]) -> None:
        label = self.tr("Writing {0}").format(path.name)
        self._tasks.submit(Task(label, write, self.exported.emit, self.failed.emit))

    def _ask(self, title: str, name: str, kinds: Sequence[str], chosen: int = 0) -> tuple[Path, int] | None:
        """Ask for a file: it and the kind chosen, or None. A name without an ending gets the kind's."""
        folder = Path(self._kept.get(EXPORT_FOLDER))
        answer, kind = QFileDialog.getSaveFileName(
            self._window, title, str(folder / name), ";;".join(kinds), kinds[chosen]
        )
        if not answer:
            return None
        path, place = Path(answer), kinds.index(kind) if kind in kinds else chosen
        if not path.suffix:
            path = path.with_suffix(kinds[place].rsplit("*", 1)[1].rstrip(")"))
            if path.exists() and not self._may_replace(path):
                return None
        self._kept.keep(EXPORT_FOLDER, str(path.parent))
        return path, place

    def _may_replace(self, path: Path) -> bool:
        text = self.tr("{0} is there already. Replace it?").format(shown(path.name))
        return ask(self._window, self.tr("Export"), text) == QMessageBox.StandardButton.Yes


def _writing(write: Callable[[Session, Path], object], path: Path) -> Write:
    def write_one(session: Session, task: Task) -> tuple[Path, ...]:
        written = write(session, path)
        return written if isinstance(written, tuple) else (path,)

    return write_one


def _derive(frame: Frame, part: Part | None, sample: int, all_rows: bool) -> str:
    from engine.explain.derivation import derivation

    weight = bias = None
    if part is not None and part.kind == "weight":
        weight = (part.layer, part.source, part.unit)
    elif part is not None:
        bias = (part.layer, part.unit)
    return derivation(
        frame.experiment,
        frame.record,
        weight=weight,
        bias=bias,
        sample=sample,
        all_samples=all_rows,
        dataset=frame.dataset,
        translate=_translate,
    )


def _translate(text: str) -> str:
    said = (QCoreApplication.translate(context, text) for context in ("derivation", "naming", "catalogue"))
    return next((other for other in said if other != text), text)

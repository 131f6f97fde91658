"""The menu of the ways out: pictures, numbers, code, texts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gui.widgets.entry import entitle

if TYPE_CHECKING:
    from gui.files.export import ExportDesk


class ExportMenu(QMenu):
    """All that can be exported, done by an `ExportDesk`."""

    def __init__(self, desk: ExportDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportMenu")
        self._desk = desk
        self._views = QMenu(self)
        self._views.setObjectName("exportViewMenu")
        self._views.aboutToShow.connect(self._fill_views)
        self._network = self._add("exportNetworkAction", desk.export_network)
        self._curves = self._add("exportCurvesAction", desk.export_curves)
        self.addMenu(self._views)
        self._copy_picture = self._add("copyPictureAction", desk.copy_picture, "Ctrl+Shift+C")
        self._animation = self._add("exportAnimationAction", desk.export_animation)
        self.addSeparator()
        self._scalars = self._add("exportScalarsAction", desk.export_scalars)
        self._records = self._add("exportRecordsAction", desk.export_records)
        self._parameters = self._add("exportParametersAction", desk.export_parameters)
        self.addSeparator()
        self._numpy = self._add("exportNumpyAction", desk.export_numpy)
        self._pytorch = self._add("exportPytorchAction", desk.export_pytorch)
        self._notebook = self._add("exportNotebookAction", desk.export_notebook)
        self._onnx = self._add("exportOnnxAction", desk.export_onnx)
        self.addSeparator()
        self._derivation = self._add("exportDerivationAction", desk.export_derivation, "D")
        self._solution = self._add("exportSolutionAction", desk.export_solution)
        self._copy_derivation = self._add("copyDerivationAction", desk.copy_derivation)
        self._all_rows = self._add("allRowsAction", desk.set_all_rows)
        self._all_rows.setCheckable(True)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _add(self, name: str, slot: object, shortcut: str = "") -> QAction:
        action = self.addAction("")
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        action.triggered.connect(slot)
        parent = self.parentWidget()
        if shortcut and parent is not None:
            parent.addAction(action)  # a key works where its action is
        return action

    def _fill_views(self) -> None:
        self._views.clear()
        for name, view in self._desk.pictured():
            self._views.addAction(name).triggered.connect(partial(self._export, name, view))

    def _export(self, name: str, view: QWidget, checked: bool = False) -> None:
        self._desk.export_view(name, view)

    def _retranslate(self) -> None:
        self.setTitle(self.tr("Export"))
        self._views.setTitle(self.tr("Picture of"))
        for action, text in (
            (self._network, self.tr("Network graph…")),
            (self._curves, self.tr("Curves…")),
            (self._copy_picture, self.tr("Copy picture")),
            (self._animation, self.tr("Animation…")),
            (self._scalars, self.tr("Scalars of all steps…")),
            (self._records, self.tr("Full records of steps…")),
            (self._parameters, self.tr("Parameters…")),
            (self._numpy, self.tr("NumPy script…")),
            (self._pytorch, self.tr("PyTorch script…")),
            (self._notebook, self.tr("Jupyter notebook…")),
            (self._onnx, self.tr("ONNX model…")),
            (self._derivation, self.tr("Derivation of the selected parameter…")),
            (self._solution, self.tr("Worked solution of this step…")),
            (self._copy_derivation, self.tr("Copy derivation")),
            (self._all_rows, self.tr("Derivations with all rows of the mini-batch")),
        ):
            entitle(action, text)

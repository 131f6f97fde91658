"""The slim toolbar of the presentation: what is pressed most, and two numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolBar, QWidget

from gui.panels.run_controls import RunControls
from gui.style.fonts import px
from gui.text.numbers import grouped, short
from gui.text.plain import Prose
from gui.widgets.focus_ring import FocusRing
from gui.widgets.table import UNKNOWN


class PresentationBar(QToolBar):
    """Step back, run, step and by how much; the step and its loss; and the way back.

    Parameters
    ----------
    controls : RunControls
        Of the toolbar that it stands for: its actions and its numbers are shown here.
    end : QAction
        Ends the presentation.
    """

    def __init__(self, controls: RunControls, end: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presentationBar")
        self.setProperty("role", "controls")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._controls = controls
        self._veiled = False
        for action in (controls.step_back_action, controls.run_action, controls.step_action):
            self.addAction(action)
        self.widgetForAction(controls.run_action).setObjectName("presentationRun")
        FocusRing(self.widgetForAction(controls.run_action))
        self._combo = QComboBox()
        self._combo.setObjectName("presentationGranularity")
        self._combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._combo.setModel(controls.granularity_combo.model())
        self._combo.setCurrentIndex(controls.granularity_combo.currentIndex())
        self._combo.currentIndexChanged.connect(controls.granularity_combo.setCurrentIndex)
        controls.granularity_combo.currentIndexChanged.connect(self._combo.setCurrentIndex)
        self.addWidget(self._combo)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self._numbers = Prose()
        self._numbers.setObjectName("presentationNumbers")
        self.addWidget(self._numbers)
        self._end = end
        self.addAction(end)
        self.widgetForAction(end).setObjectName("presentationEnd")
        self._retranslate()

    def set_veiled(self, veiled: bool) -> None:
        """Hide the loss, or show it again."""
        self._veiled = veiled
        self.refresh()

    def refresh(self) -> None:
        """Show the numbers of the moment."""
        values = self._controls.read_outs.values
        step = loss = "–"
        if values is not None:
            step = grouped(values.step)
            loss = "–" if values.loss is None else UNKNOWN if self._veiled else short(values.loss)
        text = self.tr("step {step} &nbsp; loss (this batch) {loss}")
        self._numbers.setText(text.format(step=f"<b>{step}</b>", loss=f"<b>{loss}</b>"))

    def set_theme(self, theme: object) -> None:
        """Follow the size of the text."""
        self.setIconSize(QSize(px(15), px(15)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Presentation"))
        self._combo.setAccessibleName(self.tr("Step by"))
        self.refresh()

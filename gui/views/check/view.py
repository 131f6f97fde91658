"""The gradient check of the whole network as a heat-map: how far every gradient is from its difference."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QScrollArea, QVBoxLayout, QWidget

from engine.explain.gradient_check import AGREE, GradientReport
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped, short
from gui.text.parts import part_name
from gui.text.plain import Label, sentences
from gui.training.messages import Frame
from gui.views.check.heat_map import MARGIN, Block, HeatMap, Legend


class CheckMapView(QWidget):
    """The gradient check of all parameters of a step.

    Parameters
    ----------
    focus : Focus
        Of which the selected weight or bias is framed, and told of.

    Signals
    -------
    check_requested()
        The user wants the gradients of the frame that is shown (`frame`) checked; the answer comes to
        `show_progress`, and to `show_report` or `show_cancelled`.
    cancel_requested()
    """

    check_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("checkMapView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._asked: Frame | None = None
        self._checked: Frame | None = None
        self._report: GradientReport | None = None
        self._was_cancelled = False
        self._hovered: Part | None = None
        self._stale = False
        self._theme = LIGHT
        self._build()
        focus.part_changed.connect(self._select)
        self._retranslate()
        self.set_theme(LIGHT)

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def frame(self) -> Frame | None:
        """The latest frame: whose gradients a check is about."""
        return self._frame

    @property
    def report(self) -> GradientReport | None:
        """What is shown."""
        return self._report

    @property
    def is_checking(self) -> bool:
        """Whether an answer is still to come."""
        return self._asked is not None

    @property
    def summary(self) -> str:
        """What came out, in words."""
        return self._summary.text()

    @property
    def read_out(self) -> str:
        """What is said of the parameter under the mouse, or of the selected one."""
        return self._read_out.text()

    @property
    def heat_map(self) -> HeatMap:
        """The picture."""
        return self._map

    def show_frame(self, frame: Frame) -> None:
        """Keep what can be checked, and say whether what is shown is of another step."""
        self._frame = frame
        self._stale = not self.isVisible()
        if not self._stale:
            self._say()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._asked = self._checked = self._report = self._hovered = None
        self._was_cancelled = False
        self._map.set_blocks(())
        self._say()

    def show_progress(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        self._bar.setValue(round(1000 * share))

    def show_report(self, report: GradientReport) -> None:
        """Show the answer to `check_requested`."""
        self._checked, self._asked = self._asked or self._frame, None
        self._report, self._was_cancelled = report, False
        assert self._checked is not None
        record = self._checked.record
        layers = range(1, len(record.z) + 1)
        self._map.set_blocks(tuple(Block.of(layer, report, record) for layer in layers))
        self._say()

    def show_cancelled(self) -> None:
        """Say that the check was cancelled; what was shown before stays."""
        self._asked, self._was_cancelled = None, True
        self._say()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._look()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self._say()

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        self._button = QPushButton(self)
        self._button.setObjectName("checkGradientsButton")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._press)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("checkProgress")
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(140, 8)
        self._bar.hide()
        self._summary = Label(self)
        self._summary.setObjectName("checkSummary")
        self._summary.setWordWrap(True)
        self._map = HeatMap(self.focus, self)
        self._map.hovered.connect(self._hover)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._map)
        self._legend = Legend(self)
        self._read_out = Label(self)
        self._read_out.setObjectName("checkReadOut")
        self._read_out.setFont(tabular(self.font()))
        self._read_out.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._read_out.setContentsMargins(round(MARGIN), 0, round(MARGIN), 6)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(10)
        bar.addWidget(self._button)
        bar.addWidget(self._bar)
        bar.addWidget(self._summary, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._area, 1)
        column.addWidget(self._legend)
        column.addWidget(self._read_out)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Gradient check"))
        self._map.setAccessibleName(self.tr("Relative errors of all gradients"))
        self._bar.setAccessibleName(self.tr("Progress of the check"))
        self._look()
        self._say()

    def _look(self) -> None:
        self._legend.set_look(
            self._theme, self.tr("agrees"), self.tr("differs"), self.tr("kink: no derivative")
        )
        self._map.set_theme(self._theme, self.tr("kink"))

    # -- what is said ------------------------------------------------------------------------------

    def _say(self) -> None:
        checking = self.is_checking
        self._button.setText(self.tr("Cancel") if checking else self.tr("Check gradients"))
        self._button.setToolTip(
            self.tr("Compare every gradient of this step with a difference quotient of the loss")
        )
        self._button.setEnabled(self._frame is not None)
        self._bar.setVisible(checking)
        self._summary.setText(self._summarized())
        self._tell()
        self._legend.setVisible(self._report is not None)

    def _summarized(self) -> str:
        report, checked = self._report, self._checked
        if self.is_checking:
            return self.tr("Checking…")
        if self._was_cancelled:
            return self.tr("The check was cancelled.")
        if report is None or checked is None:
            return self.tr(
                "Compares every gradient with (L(w + h) − L(w − h)) / 2h, from forward passes alone."
            )
        worst = report.max_relative_error
        verdict = self.tr("All gradients agree") if worst <= AGREE else self.tr("Some gradients differ")
        text = self.tr("{verdict}: largest relative error {error}, in step {step}.").format(
            verdict=verdict, error=short(worst, 2), step=grouped(checked.record.step)
        )
        if report.kinks:
            kinks = self.tr("{count} parameters sit at a kink.", "", report.kinks)
            text = sentences(text, kinks.format(count=grouped(report.kinks)))
        if checked.experiment.update_order == "output_first":
            note = self.tr("With the output layer updated first, hidden gradients are not those of the loss.")
            text = sentences(text, note)
        if self._frame is not None and self._frame.record is not checked.record:
            since = self.tr("Training has gone on since.")
            text = sentences(text, since)
        return text

    def _select(self) -> None:
        """Tell of the selected parameter, and bring it to the eye."""
        part = self.focus.part
        if part is not None and self._map.shows(part):
            cell = self._map.cell_place(part).toAlignedRect()
            self._area.ensureVisible(0, cell.center().y(), 0, cell.height() // 2 + round(MARGIN))
        self._tell()

    def _tell(self) -> None:
        """Tell of the parameter under the mouse, or of the selected one."""
        self._read_out.setText(self._described(self._hovered or self.focus.part))

    def _described(self, part: Part | None) -> str:
        if part is None or self._report is None or self._checked is None:
            return ""
        if not self._map.shows(part):
            return ""
        block = self._map.blocks[part.layer - 1]
        row = len(block.errors) - 1 if part.kind == "bias" else part.source
        at = row, part.unit
        name = part_name(self._checked, part)
        gradient = short(float(block.gradients[at]), 9)
        if np.isnan(block.errors[at]):
            text = self.tr("{name}: gradient {gradient}, but the loss has a kink here")
            return text.format(name=name, gradient=gradient)
        text = self.tr("{name}: gradient {gradient}, difference {difference}, relative error {error}")
        return text.format(
            name=name,
            gradient=gradient,
            difference=short(float(block.differences[at]), 9),
            error=short(float(block.errors[at]), 2),
        )

    # -- the user's doing --------------------------------------------------------------------------

    def _press(self) -> None:
        if self.is_checking:
            self.cancel_requested.emit()
        elif self._frame is not None:
            self._asked, self._was_cancelled = self._frame, False
            self._bar.setValue(0)
            self._say()
            self.check_requested.emit()

    def _hover(self, part: Part | None) -> None:
        if part != self._hovered:
            self._hovered = part
            self._tell()

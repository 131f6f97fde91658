"""What can be done with what is selected, as buttons: what the menus do, too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.parts import Part
from gui.text.plain import tooltip
from gui.training.messages import Freeze
from gui.widgets.fields import Button

SPACING = 4


class Commands(QWidget):
    """The buttons, in two rows, or in one with shorter words on them.

    Signals
    -------
    edit_requested(Part), compare_requested(Part)
    freeze_requested(Freeze)
    pause_requested(), derivation_requested()
    """

    edit_requested = Signal(object)
    freeze_requested = Signal(object)
    pause_requested = Signal()
    compare_requested = Signal(object)
    derivation_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._is_frozen = self._in_one_row = self._wants_one_row = False
        self.edit, self.freeze, self.pause, self.compare, self.derive = (Button(self) for _ in range(5))
        for button, name in (
            (self.edit, "editPartButton"),
            (self.freeze, "freezePartButton"),
            (self.pause, "pauseWhenThisButton"),
            (self.compare, "comparePartButton"),
            (self.derive, "exportDerivationButton"),
        ):
            button.setObjectName(name)
            button.setProperty("role", "panel")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.edit.clicked.connect(lambda: self.edit_requested.emit(self._part))
        self.freeze.clicked.connect(
            lambda: self.freeze_requested.emit(Freeze(self._the_part, not self._is_frozen))
        )
        self.pause.clicked.connect(self.pause_requested)
        self.compare.setCheckable(True)
        self.compare.clicked.connect(lambda: self.compare_requested.emit(self._part))
        self.derive.clicked.connect(self.derivation_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        self._rows = QHBoxLayout(), QHBoxLayout()
        for row in self._rows:
            row.setSpacing(SPACING)
            column.addLayout(row)
        for layout, buttons in zip(self._rows, self._buttons(one_row=False), strict=True):
            for button in buttons:
                layout.addWidget(button)

    @property
    def _the_part(self) -> Part:
        assert self._part is not None
        return self._part

    def show_part(self, part: Part, *, frozen: bool, compared: bool) -> None:
        """Offer what can be done with a part."""
        self._part = part
        if frozen != self._is_frozen:
            self._is_frozen = frozen
            self.retranslate()
        for button, can in (
            (self.edit, part.is_parameter),
            (self.freeze, part.is_parameter),
            (self.pause, part.kind == "loss" or part.layer > 0),
            (self.derive, part.is_parameter),
        ):
            if button.isEnabled() != can:
                button.setEnabled(can)
        self.compare.setChecked(compared)

    def be_one_row(self, one: bool) -> None:
        """Take one row if the words fit into it, or two."""
        if one != self._wants_one_row:
            self._wants_one_row = one
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.retranslate()

    def _place(self, *, one_row: bool) -> None:
        if one_row == self._in_one_row:
            return
        self._in_one_row = one_row
        for button in (self.compare, self.derive):
            self._rows[not one_row].addWidget(button)

    def retranslate(self) -> None:
        """Set the texts of the moment, the long ones where there is room for them."""
        for one_row, brief in ((True, True), (False, False), (False, True)):
            if one_row and not self._wants_one_row:
                continue
            self._say(brief=brief)
            rows = self._buttons(one_row=one_row)
            if all(sum(_widths(row)) + SPACING * (len(row) - 1) <= self.width() for row in rows):
                break
        self._place(one_row=one_row)
        for layout, row in zip(self._rows, rows, strict=True):
            for place, width in enumerate(_widths(row)):
                layout.setStretch(place, width)

    def _buttons(self, *, one_row: bool) -> tuple[tuple[Button, ...], tuple[Button, ...]]:
        upper, lower = (self.edit, self.freeze, self.pause), (self.compare, self.derive)
        return (upper + lower, ()) if one_row else (upper, lower)

    def _say(self, *, brief: bool) -> None:
        freeze = self.tr("Unfreeze") if self._is_frozen else self.tr("Freeze")
        pause, derive = self.tr("Pause when this…"), self.tr("Export derivation…")
        for button, text, name, tip in (
            (self.edit, self.tr("Edit"), "", self.tr("Type another value (Return in the graph)")),
            (
                self.freeze,
                freeze,
                "",
                self.tr("Hold the value while the others are trained (K in the graph)"),
            ),
            (
                self.pause,
                self.tr("Pause") if brief else pause,
                pause,
                self.tr("Pause when something happens to this (P)"),
            ),
            (
                self.compare,
                self.tr("Compare"),
                "",
                self.tr("Compare what is selected next with this (C in the graph)"),
            ),
            (
                self.derive,
                self.tr("Export") if brief else derive,
                derive,
                self.tr("Export the derivation of this gradient"),
            ),
        ):
            button.setText(text)
            button.setToolTip(tooltip(tip))
            button.setAccessibleName(name or text)


def _widths(buttons: tuple[Button, ...]) -> list[int]:
    return [button.sizeHint().width() for button in buttons]

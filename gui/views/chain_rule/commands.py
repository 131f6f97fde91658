"""What can be done with what is selected, as buttons: what the menus do, too."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.parts import Part
from gui.text.plain import tooltip
from gui.training.messages import Freeze
from gui.widgets.fields import Button


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
        self._is_frozen = self._is_kept = self._in_one_row = False
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
        column.setSpacing(4)
        self._rows = QHBoxLayout(), QHBoxLayout()
        for row in self._rows:
            row.setSpacing(4)
            column.addLayout(row)
        self._place()

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
        """Take one row, or two."""
        if one != self._in_one_row:
            self._in_one_row = one
            self._place()
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.retranslate()

    def _place(self) -> None:
        upper, lower = self._rows
        for button in (self.edit, self.freeze, self.pause):
            upper.addWidget(button)
        for button in (self.compare, self.derive):
            (upper if self._in_one_row else lower).addWidget(button)

    def retranslate(self) -> None:
        """Set the texts of the moment, the long ones where there is room for them."""
        if self._in_one_row or not self._say(brief=False):
            self._say(brief=True)

    def _say(self, *, brief: bool) -> bool:
        """Set the texts; whether they fit."""
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
        fits = True
        for row in self._rows:
            buttons = [self._button_of(row, place) for place in range(row.count())]
            widths = [button.sizeHint().width() for button in buttons]
            for place, width in enumerate(widths):
                row.setStretch(place, width)
            fits = fits and sum(widths) + row.spacing() * (len(widths) - 1) <= self.width()
        return fits

    @staticmethod
    def _button_of(row: QHBoxLayout, place: int) -> QWidget:
        item = row.itemAt(place)
        widget = None if item is None else item.widget()
        assert widget is not None
        return widget

"""What can be done with what is selected, as buttons: what the menus do, too."""

from __future__ import annotations

from PySide6.QtCore import Signal
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

    def _place(self) -> None:
        upper, lower = self._rows
        for button, row, share in (
            (self.edit, upper, 15),
            (self.freeze, upper, 19),
            (self.pause, upper, 18 if self._in_one_row else 29),
            (self.compare, upper if self._in_one_row else lower, 24),
            (self.derive, upper if self._in_one_row else lower, 19 if self._in_one_row else 32),
        ):
            row.addWidget(button, share)

    def retranslate(self) -> None:
        """Set the texts of the moment."""
        freeze = self.tr("Unfreeze") if self._is_frozen else self.tr("Freeze")
        pause, derive = self.tr("Pause when this…"), self.tr("Export derivation…")
        short = self._in_one_row
        for button, text, tip in (
            (self.edit, self.tr("Edit"), self.tr("Type another value (Return in the graph)")),
            (self.freeze, freeze, self.tr("Hold the value while the others are trained (K in the graph)")),
            (
                self.pause,
                self.tr("Pause") if short else pause,
                self.tr("Pause when something happens to this (P)"),
            ),
            (
                self.compare,
                self.tr("Compare"),
                self.tr("Compare what is selected next with this (C in the graph)"),
            ),
            (
                self.derive,
                self.tr("Export") if short else derive,
                self.tr("Export the derivation of this gradient"),
            ),
        ):
            button.setText(text)
            button.setToolTip(tooltip(tip))
            button.setAccessibleName({self.pause: pause, self.derive: derive}.get(button, text))

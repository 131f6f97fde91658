"""Finding a part of the network by what it is called, and the field that this is typed into."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from engine.parts import Part
from gui.style.fonts import px
from gui.style.sheet import mark
from gui.text.parts import feature_names, layer_name, output_names, part_name
from gui.text.plain import Label
from gui.training.messages import Frame

WIDTH = 260
AWAY = 10


def find(text: str, frame: Frame) -> Part | None:
    """The part that `text` calls: "hidden 2 unit 117", "output 3", "w 2 3 1", a feature's or a class's name.

    Units and layers are counted from 1; a weight is told by its layer, the unit it comes from and the one it
    leads to.
    """
    wanted, sizes = " ".join(text.casefold().split()), frame.record.sizes
    if not wanted:
        return None
    named = _named(wanted, frame)
    return named if named is not None and named.exists(sizes) else None


def _named(wanted: str, frame: Frame) -> Part | None:
    last = len(frame.record.z)
    names = [
        (name.casefold(), Part("unit", layer, unit))
        for layer, some in ((0, feature_names(frame.dataset)), (last, output_names(frame.dataset)))
        for unit, name in enumerate(some)
    ]
    for name, part in names:
        if name == wanted:
            return part
    if match := re.fullmatch(r"w\D*(\d+)\D+(\d+)\D+(\d+)", wanted):
        layer, source, unit = map(int, match.groups())
        return Part("weight", layer, unit - 1, source - 1)
    layers: dict[int, tuple[str, ...]] = {
        layer: (layer_name(layer, last).casefold(),) for layer in range(last + 1)
    }
    for layer in range(1, last):
        layers[layer] += (f"hidden {layer}", f"h{layer}")
    layers[0] += ("inputs", "input")
    layers[last] += ("output",)
    for layer, called in sorted(layers.items(), reverse=True):
        for name in called:
            if wanted == name:
                return Part("layer", layer)
            match = re.fullmatch(rf"{re.escape(name)}(?!\d)\D*(\d+)", wanted)
            if match:
                return Part("unit", layer, int(match[1]) - 1)
    for fits in (str.startswith, str.__contains__):
        for name, part in names:
            if fits(name, wanted):
                return part
    return None


class Finder(QFrame):
    """A field over the graph for the name of a part; Enter goes there, Escape closes it.

    Signals
    -------
    found(Part)
    """

    found = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("networkFinder")
        self._parent = parent
        self._frame: Frame | None = None
        self._field = QLineEdit(self)
        self._field.setObjectName("networkFinderField")
        self._said = Label(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self._field)
        column.addWidget(self._said)
        self._field.textChanged.connect(self._preview)
        self._field.returnPressed.connect(self._go)
        self._field.installEventFilter(self)
        self.hide()

    @property
    def field(self) -> QLineEdit:
        """Where the name is typed."""
        return self._field

    @property
    def said(self) -> str:
        """What is said of it."""
        return self._said.text()

    def open(self, frame: Frame) -> None:
        """Ask for a part of the network of `frame`."""
        self._frame = frame
        self._field.setPlaceholderText(self.tr("hidden 2 unit 5, or a name"))
        self._field.setAccessibleName(self.tr("Find a unit or layer"))
        self._field.selectAll()
        self._preview()
        self.resize(px(WIDTH), self.sizeHint().height())
        self.move(self._parent.width() - self.width() - AWAY, AWAY)
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and not event.gotFocus():
            self.hide()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # no key typed here is meant for the graph underneath
        if event.key() == Qt.Key.Key_Escape:
            self._parent.setFocus(Qt.FocusReason.OtherFocusReason)
        event.accept()

    def _preview(self) -> None:
        text = self._field.text()
        part = None if self._frame is None else find(text, self._frame)
        if part is not None and self._frame is not None:
            self._say(part_name(self._frame, part))
        elif text.strip():
            self._say(self.tr("Nothing in the network is called so."), wrong=True)
        else:
            self._say(self.tr("Enter goes there, Escape closes."))

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._said.setText(text)
        mark(self._said, "role", "error" if wrong else "note")

    def _go(self) -> None:
        part = None if self._frame is None else find(self._field.text(), self._frame)
        if part is not None:
            self._parent.setFocus(Qt.FocusReason.OtherFocusReason)
            self.found.emit(part)

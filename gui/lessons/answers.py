"""What an answer is given with: a number typed, a sign, a choice, a place clicked, an order, blanks.

Each knows what has been given so far, and says when that is another; what is right it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gui.lessons.text import LessonText
from gui.style.fonts import px
from gui.style.sheet import mark
from gui.style.theme import Theme
from gui.text.numbers import for_programs, typed_number
from gui.text.plain import Label, tooltip
from gui.widgets.fields import Button, keeps_space

Place = tuple[int | str, ...]
"""What is pointed at, from 1: (layer, unit), (layer, from, to), (layer,), (row,), or (factor,)."""

_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

FACTORS = {"upstream": "∂L/∂a", "slope": "f′(z)", "activation": "∂z/∂w"}
"""How the factors of a share are written, by their names."""


class Answer(QWidget):
    """The base of all of them.

    Signals
    -------
    changed()
        What is given is another.
    entered()
        Return was pressed in it.
    """

    changed = Signal()
    entered = Signal()

    @property
    def given(self) -> object:
        """What has been given; None as long as something is missing."""
        raise NotImplementedError

    @property
    def missing(self) -> str:
        """What is wrong with what was typed, in the user's language; nothing if nothing is."""
        return ""

    @property
    def spoken(self) -> str:
        """The answer in words, to be shown beside the right one."""
        return str(self.given)

    def give(self, value: object) -> None:
        """Show an answer that was given before."""
        raise NotImplementedError

    def set_open(self, is_open: bool) -> None:
        """Let it be changed, or not any more."""
        self.setEnabled(is_open)

    def retranslate(self) -> None:
        """Say it in the language that is spoken now."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        for text in self.findChildren(LessonText):
            text.set_theme(theme)


class _Field(QLineEdit):
    """A field for a number, as wide as one."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMaxLength(40)
        self.setMinimumWidth(px(96))
        self.setMaximumWidth(px(150))


def as_typed(field: QLineEdit) -> str | None:
    """A number as it was typed, for its digits say how exact it is meant; None where there is none."""
    text = field.text().strip()
    value = typed_number(text).value
    if value is None:
        return None
    plain = text.replace("\u2212", "-").replace(",", ".")
    return plain if _PLAIN.fullmatch(plain) else for_programs(value)


class NumberAnswer(Answer):
    """A number that is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _Field("lessonNumber", self)
        self.field.textEdited.connect(self.changed)
        self.field.returnPressed.connect(self.entered)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        row.addStretch(1)
        self.retranslate()

    @property
    def given(self) -> str | None:
        return as_typed(self.field)

    @property
    def missing(self) -> str:
        return typed_number(self.field.text()).reason if self.field.text().strip() else ""

    def give(self, value: object) -> None:
        self.field.setText(str(value))

    def retranslate(self) -> None:
        self.field.setAccessibleName(self.tr("Your number"))
        self.field.setPlaceholderText(self.tr("a number"))


class ChoiceAnswer(Answer):
    """One of several texts."""

    def __init__(self, texts: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        for place, text in enumerate(texts):
            button = QRadioButton(self)
            button.setObjectName(f"lessonChoice{place}")
            button.installEventFilter(self)
            label = _Pressed(text, button, self)
            button.setAccessibleName(label.accessibleName())
            self._group.addButton(button, place)
            row = QHBoxLayout()
            row.setSpacing(px(6))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1)
            column.addLayout(row)
        self._group.idClicked.connect(lambda _: self.changed.emit())

    @property
    def given(self) -> int | None:
        place = self._group.checkedId()
        return None if place < 0 else place

    @property
    def spoken(self) -> str:
        place = self._group.checkedId()
        return self._group.button(place).accessibleName() if place >= 0 else ""

    def give(self, value: object) -> None:
        button = self._group.button(value) if isinstance(value, int) else None
        if button is not None:
            button.setChecked(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return keeps_space(event) or super().eventFilter(watched, event)


class _Pressed(LessonText):
    """A text that presses the button beside it."""

    def __init__(self, text: str, button: QRadioButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._button = button
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_markdown(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._button.isEnabled():
            self._button.click()


class SignAnswer(Answer):
    """Plus, minus, or nought."""

    SIGNS = ("+", "-", "0")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        for place, text in enumerate(("+", "−", "0")):
            button = Button(self)
            button.setObjectName(f"lessonSign{place}")
            button.setCheckable(True)
            button.setText(text)
            button.setMinimumWidth(px(44))
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(lambda _: self.changed.emit())
        self.retranslate()

    @property
    def given(self) -> str | None:
        place = self._group.checkedId()
        return None if place < 0 else self.SIGNS[place]

    def give(self, value: object) -> None:
        if value in self.SIGNS:
            self._group.button(self.SIGNS.index(str(value))).setChecked(True)

    def retranslate(self) -> None:
        for place, name in enumerate((self.tr("positive"), self.tr("negative"), self.tr("zero"))):
            self._group.button(place).setAccessibleName(name)


class PlaceAnswer(Answer):
    """What is clicked in the window: a unit, a weight, a layer, a row of the mini-batch.

    Parameters
    ----------
    kind : str
    layer : int, optional
        The one layer whose units or weights are meant.
    name : callable
        Says what a place is called, in the user's language.
    """

    def __init__(
        self, kind: str, layer: int | None, name: Callable[[Place], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kind, self._layer, self._name = kind, layer, name
        self._place: Place | None = None
        self._label = Label(self)
        self._label.setObjectName("lessonPlace")
        self._label.setWordWrap(True)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        self.retranslate()

    @property
    def given(self) -> Place | None:
        return self._place

    @property
    def spoken(self) -> str:
        return "" if self._place is None else self._name(self._place)

    def give(self, value: object) -> None:
        if isinstance(value, Sequence) and not isinstance(value, str):
            self._place = tuple(value)
            self.retranslate()

    def point(self, place: Place) -> None:
        """Learn that something was clicked: a unit has two numbers, a weight three, what is one has one."""
        numbers = {"unit": 2, "weight": 3}.get(self.kind, 1)
        fits = len(place) == numbers and (self._layer is None or place[0] == self._layer)
        if self.isEnabled() and fits and place != self._place:
            self._place = place
            self.retranslate()
            self.changed.emit()

    def retranslate(self) -> None:
        if self._place is not None:
            text = self.tr("Clicked: {place}").format(place=self._name(self._place))
        else:
            text = {
                "unit": self.tr("Click a unit in the graph."),
                "weight": self.tr("Click a weight in the graph."),
                "layer": self.tr("Click the name of a layer in the graph."),
                "sample": self.tr("Choose a row, with [ and ], in the shares or in the data."),
            }.get(self.kind, "")
        self._label.setText(text)


class FactorAnswer(Answer):
    """One of the three factors of a share."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        for place, text in enumerate(FACTORS.values()):
            button = Button(self)
            button.setObjectName(f"lessonFactor{place}")
            button.setCheckable(True)
            button.setText(text)
            self._group.addButton(button, place)
            row.addWidget(button)
        row.addStretch(1)
        self._group.idClicked.connect(lambda _: self.changed.emit())
        self.retranslate()

    @property
    def given(self) -> Place | None:
        place = self._group.checkedId()
        return None if place < 0 else (list(FACTORS)[place],)

    @property
    def spoken(self) -> str:
        return "" if self.given is None else FACTORS[str(self.given[0])]

    def give(self, value: object) -> None:
        if isinstance(value, Sequence) and value and value[0] in FACTORS:
            self._group.button(list(FACTORS).index(value[0])).setChecked(True)

    def retranslate(self) -> None:
        names = self.tr("upstream gradient"), self.tr("local derivative"), self.tr("activation below")
        for place, name in enumerate(names):
            self._group.button(place).setAccessibleName(name)
            self._group.button(place).setToolTip(tooltip(name))


class OrderAnswer(Answer):
    """Texts that are put in order, by their arrows or with Alt and the arrow keys."""

    def __init__(self, texts: Sequence[str], shuffled: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._order = tuple(texts), list(shuffled)
        self._column = QGridLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setVerticalSpacing(px(4))
        self._column.setColumnStretch(1, 1)
        self._labels, self._buttons = [], []
        for place in range(len(texts)):
            number, label = Label(f"{place + 1}.", self), LessonText(self)
            number.setProperty("role", "note")
            up, down = Button(self), Button(self)
            for button, text, way in ((up, "↑", -1), (down, "↓", 1)):
                button.setObjectName(f"lessonOrder{'Up' if way < 0 else 'Down'}{place}")
                button.setProperty("role", "arrow")
                button.setText(text)
                button.clicked.connect(partial(self._move, place, way))
            for column, widget in enumerate((number, label, up, down)):
                self._column.addWidget(widget, place, column, Qt.AlignmentFlag(0))
            self._labels.append(label)
            self._buttons.append((up, down))
        self.retranslate()
        self._write()

    @property
    def given(self) -> tuple[int, ...]:
        return tuple(self._order)

    @property
    def spoken(self) -> str:
        return " · ".join(label.accessibleName() for label in self._labels)

    def give(self, value: object) -> None:
        if isinstance(value, Sequence) and sorted(value) == sorted(self._order):
            self._order = list(value)
            self._write()

    def _move(self, place: int, way: int, checked: bool = False) -> None:
        other = place + way
        if 0 <= other < len(self._order):
            self._order[place], self._order[other] = self._order[other], self._order[place]
            self._write()
            self._buttons[other][0 if way < 0 else 1].setFocus()
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        for place, pair in enumerate(self._buttons):
            if way is not None and any(button.hasFocus() for button in pair):
                self._move(place, way)
                return
        super().keyPressEvent(event)

    def _write(self) -> None:
        for place, (label, (up, down)) in enumerate(zip(self._labels, self._buttons, strict=True)):
            label.set_markdown(self._texts[self._order[place]])
            up.setEnabled(place > 0)
            down.setEnabled(place < len(self._order) - 1)

    def retranslate(self) -> None:
        for place, (up, down) in enumerate(self._buttons):
            up.setAccessibleName(self.tr("Move {number} up").format(number=place + 1))
            down.setAccessibleName(self.tr("Move {number} down").format(number=place + 1))


SIGNS_OF_BLANKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
"""How blanks are numbered."""


class BlanksAnswer(Answer):
    """Several numbers, each for a blank in the text above."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = [_Field(f"lessonBlank{place}", self) for place in range(count)]
        self._marks = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(6))
        grid.setVerticalSpacing(px(5))
        columns = 2 if count > 3 else 1
        for place, field in enumerate(self.fields):
            name, judged = Label(SIGNS_OF_BLANKS[place % 20], self), Label(self)
            judged.setMinimumWidth(px(14))
            row, column = divmod(place, columns)
            for at, widget in enumerate((name, field, judged)):
                grid.addWidget(widget, row, 3 * column + at)
            field.textEdited.connect(self._edited)
            field.returnPressed.connect(partial(self._next, place))
            self._marks.append(judged)
        grid.setColumnStretch(3 * columns, 1)
        self.retranslate()

    @property
    def given(self) -> tuple[str, ...] | None:
        numbers = [as_typed(field) for field in self.fields]
        return tuple(n for n in numbers if n is not None) if None not in numbers else None

    @property
    def spoken(self) -> str:
        return ", ".join(field.text() for field in self.fields)

    @property
    def missing(self) -> str:
        typed = (field.text() for field in self.fields if field.text().strip())
        return next(filter(None, (typed_number(text).reason for text in typed)), "")

    def give(self, value: object) -> None:
        if isinstance(value, Sequence):
            for field, number in zip(self.fields, value, strict=False):
                field.setText(str(number))

    def judge(self, right: Sequence[bool]) -> None:
        """Mark each blank as right or not."""
        for label, is_right in zip(self._marks, right, strict=False):
            label.setText("✓" if is_right else "✗")
            mark(label, "tone", "good" if is_right else "bad")

    def _edited(self) -> None:
        for label in self._marks:
            label.setText("")
        self.changed.emit()

    def _next(self, place: int) -> None:
        if place + 1 < len(self.fields):
            self.fields[place + 1].setFocus()
        else:
            self.entered.emit()

    def retranslate(self) -> None:
        for place, field in enumerate(self.fields):
            field.setAccessibleName(self.tr("Blank {number}").format(number=place + 1))


class NoAnswer(Answer):
    """Nothing is given here: what the window shows is the answer."""

    @property
    def given(self) -> object:
        return None

    def give(self, value: object) -> None:
        """Nothing is shown of it."""

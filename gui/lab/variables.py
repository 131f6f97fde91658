"""The variables: a slider and a number for each, with a range that can be changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.explain.expression.latex import name_plain
from engine.functions.table import Range
from gui.style.fonts import tabular
from gui.text.numbers import full, short, typed_number
from gui.text.plain import Label, tooltip
from gui.widgets.number_box import NumberBox
from gui.widgets.table import UNKNOWN

LEAST_PLACES = 200
"""Of a slider, so that it moves in small steps; each is a power of ten."""
NAME_WIDTH, MOST_NAME_WIDTH = 44, 92
ANY = Range(-1e300, 1e300)


def usual_range(value: float) -> tuple[float, float]:
    """The range a slider has at first: -3 to 3, or wide enough for the value."""
    if abs(value) <= 3:
        return -3.0, 3.0
    reach = 10.0 ** math.ceil(math.log10(abs(value)))
    reach = next(r for r in (reach / 5, reach / 2, reach) if abs(value) <= r)
    return -reach, reach


class RangeEnd(QLineEdit):
    """A small field for one end of a slider.

    Signals
    -------
    edited(float) : by the user; what is no number is put back
    """

    edited = Signal(float)

    def __init__(self, alignment: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._number = 0.0
        self.setProperty("role", "range")
        self.setFrame(False)
        self.setAlignment(alignment)
        self.setFont(tabular(self.font(), 0.86))
        self.setTextMargins(0, 0, 0, 0)
        self.setFixedWidth(self.fontMetrics().horizontalAdvance("−10000"))
        self.editingFinished.connect(self._finish)

    def show_number(self, number: float) -> None:
        """Show this."""
        self._number = number
        self.setText(short(number, 6))
        self.setCursorPosition(0)

    def _finish(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        number = typed_number(self.text()).value
        if number is None:
            self.show_number(self._number)
        else:
            self.edited.emit(number)


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:
        # the wheel over a slider that has not been chosen is meant for the column
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class VariableRow(QWidget):
    """One variable.

    Signals
    -------
    value_changed(str, float), range_changed(str), chosen(str)
    """

    value_changed = Signal(str, float)
    range_changed = Signal(str)
    chosen = Signal(str)

    def __init__(self, name: str, value: float, limits: tuple[float, float]) -> None:
        super().__init__()
        self.name = name
        self._value = value
        self._limits = limits
        self.button = QToolButton()
        self.button.setObjectName(f"variable.{name}")
        self.button.setText(name_plain(name))
        self.button.setCheckable(True)
        self.button.setAutoExclusive(False)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self._choose)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"slider.{name}")
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setMinimumWidth(50)
        self.slider.valueChanged.connect(self._slide)
        self.box = NumberBox(ANY, characters=7)
        self.box.setObjectName(f"value.{name}")
        self.box.edited.connect(self._type)
        self.low, self.high = RangeEnd(Qt.AlignmentFlag.AlignLeft), RangeEnd(Qt.AlignmentFlag.AlignRight)
        self.low.setObjectName(f"low.{name}")
        self.high.setObjectName(f"high.{name}")
        self.low.edited.connect(lambda number: self._set_end(number, self._limits[1]))
        self.high.edited.connect(lambda number: self._set_end(self._limits[0], number))
        self.partial = Label()
        self.partial.setObjectName(f"partial.{name}")
        self.partial.setProperty("role", "note")
        self.partial.setFont(tabular(self.partial.font(), 0.9))
        self.partial.setAlignment(Qt.AlignmentFlag.AlignRight)

        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.button, 0, 0)
        grid.addWidget(self.slider, 0, 1, 1, 2)
        grid.addWidget(self.box, 0, 3)
        grid.addWidget(self.low, 1, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(self.high, 1, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.partial, 1, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self._show_range()
        self.retranslate()

    @property
    def value(self) -> float:
        """The number that is shown."""
        return self._value

    @property
    def limits(self) -> tuple[float, float]:
        """The ends of the slider."""
        return self._limits

    def set_value(self, value: float) -> None:
        """Show a value; the range widens if it must."""
        self._value = value
        low, high = self._limits
        if not low <= value <= high:
            self._limits = min(low, value), max(high, value)
        self._show_range()

    def set_limits(self, limits: tuple[float, float]) -> None:
        """Give the slider other ends."""
        self._limits = limits
        self.set_value(self._value)

    def show_partial(self, ratio: str, partial: float | None) -> None:
        """Show the derivative of the output, None while it is not known."""
        text = f"∂ {UNKNOWN if partial is None else short(partial)}"
        tip = ratio if partial is None else f"{ratio} = {full(partial)}"
        if (text, tip) != (self.partial.text(), self.partial.toolTip()):
            self.partial.setText(text)
            self.partial.setToolTip(tooltip(tip))

    def retranslate(self) -> None:
        """Name everything in the language of the moment."""
        name = name_plain(self.name)
        tip = self.tr("Show everything by {name}").format(name=name)
        self.button.setToolTip(tooltip(tip))
        self.button.setAccessibleName(tip)
        self.slider.setAccessibleName(self.tr("Value of {name}, slider").format(name=name))
        self.slider.setToolTip(tooltip(self.tr("Drag to change {name}").format(name=name)))
        self.box.setAccessibleName(self.tr("Value of {name}").format(name=name))
        self.box.setToolTip(tooltip(self.tr("Value of {name}").format(name=name)))
        for field, text in (
            (self.low, self.tr("Least value of {name} on the slider").format(name=name)),
            (self.high, self.tr("Greatest value of {name} on the slider").format(name=name)),
        ):
            field.setAccessibleName(text)
            field.setToolTip(tooltip(text))
        self.partial.setAccessibleName(self.tr("Partial derivative by {name}").format(name=name))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _choose(self) -> None:
        self.button.setChecked(True)
        self.chosen.emit(self.name)

    @property
    def _step(self) -> float:
        low, high = self._limits
        return float(10.0 ** math.floor(math.log10((high - low) / LEAST_PLACES)))

    def _slide(self, place: int) -> None:
        step = self._step
        decimals = max(0, -round(math.log10(step)))
        low, high = self._limits
        value = round(low + place * step, decimals + 1)
        self._value = min(max(value, low), high)
        self.box.set_value(self._value)
        self.value_changed.emit(self.name, self._value)

    def _type(self, number: float | str) -> None:
        if isinstance(number, str) or not math.isfinite(number):
            self.box.set_value(self._value)
            return
        self.set_value(float(number))
        self.value_changed.emit(self.name, self._value)

    def _set_end(self, low: float, high: float) -> None:
        if low < high:
            self._limits = low, high
            clamped = min(max(self._value, low), high)
            if clamped != self._value:
                self._value = clamped
                self.value_changed.emit(self.name, clamped)
            self.range_changed.emit(self.name)
        self._show_range()

    def _show_range(self) -> None:
        low, high = self._limits
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(1, round((high - low) / self._step)))
            self.slider.setPageStep(max(1, self.slider.maximum() // 10))
            self.slider.setValue(round((self._value - low) / self._step))
        self.low.show_number(low)
        self.high.show_number(high)
        self.box.set_value(self._value)


class VariablesPanel(QWidget):
    """One row a variable.

    Signals
    -------
    value_changed(str, float), range_changed(str), chosen(str)
    """

    value_changed = Signal(str, float)
    range_changed = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionVariables")
        self.rows: dict[str, VariableRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def set_variables(self, values: Mapping[str, float], limits: Mapping[str, tuple[float, float]]) -> None:
        """Have a row for each; those that stay keep their widgets."""
        for name in [name for name in self.rows if name not in values]:
            row = self.rows.pop(name)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, (name, value) in enumerate(values.items()):
            if name not in self.rows:
                row = VariableRow(name, value, limits.get(name) or usual_range(value))
                row.value_changed.connect(self.value_changed)
                row.range_changed.connect(self.range_changed)
                row.chosen.connect(self.chosen)
                self.rows[name] = row
            row = self.rows[name]
            if self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
            row.set_value(value)
        self.rows = {name: self.rows[name] for name in values}
        # one width for all names, so that the sliders stand under each other
        widths = [row.button.fontMetrics().horizontalAdvance(row.button.text()) for row in self.rows.values()]
        width = min(max([NAME_WIDTH, *(w + 20 for w in widths)]), MOST_NAME_WIDTH)
        for row in self.rows.values():
            row.button.setFixedWidth(width)

    def set_chosen(self, name: str | None) -> None:
        """Mark the variable that everything is shown by."""
        for row in self.rows.values():
            row.button.setChecked(row.name == name)

    def show_partials(self, ratio: Mapping[str, str], partials: Mapping[str, float | None]) -> None:
        """Show a derivative beside each variable; none is not known."""
        for name, row in self.rows.items():
            row.show_partial(ratio.get(name, ""), partials.get(name))

    @property
    def names(self) -> Sequence[str]:
        """The variables that have a row."""
        return tuple(self.rows)

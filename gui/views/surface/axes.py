"""Beside the surface: which inputs vary, and where the others are pinned."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import FloatArray, IntArray
from engine.functions.table import Range
from gui.text.numbers import rounded
from gui.text.parts import shown, shown_names
from gui.text.plain import Label, tooltip
from gui.widgets.number_box import NumberBox

MOST_PINS = 60
"""Inputs that get a slider of their own; more of them stay at the mean."""

SLIDER_STEPS = 200
WIDTH, NAME_WIDTH = 220, 86
ANY = Range(-float("inf"), float("inf"))


@dataclass(frozen=True)
class Input:
    """A column that feeds the network: one number, or a category's block of 0 and 1.

    Attributes
    ----------
    name : str
    start, stop : int
        Its inputs.
    levels : tuple of str
        Of a category; empty for a number.
    low, high : float
        The range of a number.
    """

    name: str
    start: int
    stop: int
    levels: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0


def inputs_of(
    groups: tuple[str, ...], names: tuple[str, ...], low: FloatArray, high: FloatArray
) -> tuple[Input, ...]:
    """The columns that feed the network, from the names of `Dataset` and each input's range (d,)."""
    found = []
    start = 0
    for name, members in groupby(zip(groups, names, strict=True), lambda pair: pair[0]):
        features = [feature for _, feature in members]
        stop = start + len(features)
        is_category = len(features) > 1 or features[0] != name
        levels = shown_names(f.removeprefix(f"{name}=") for f in features) if is_category else ()
        found.append(Input(shown(name), start, stop, levels, float(low[start]), float(high[start])))
        start = stop
    return tuple(found)


class AxesPanel(QWidget):
    """Two inputs to vary, an output to show, and a pin for every other input.

    Signals
    -------
    axes_changed()
        Other inputs vary, or another output is shown.
    pins_changed()
        An input is pinned at another value.
    sample_wanted()
        They are to be pinned where the shown sample has them, from now on.

    Attributes
    ----------
    follows : bool
        Whether inputs are pinned where the shown sample has them, whichever that is.
    """

    axes_changed = Signal()
    pins_changed = Signal()
    sample_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surfaceAxes")
        self._inputs: tuple[Input, ...] = ()
        self._features: tuple[str, ...] = ()
        self._outputs: tuple[str, ...] = ()
        self._pins: FloatArray = np.empty(0)
        self._mean: FloatArray = np.empty(0)
        self.follows = True
        self._rows: dict[int, _Pin] = {}

        self._x, self._y, self._output = QComboBox(), QComboBox(), QComboBox()
        for combo, name in (
            (self._x, "surfaceXCombo"),
            (self._y, "surfaceYCombo"),
            (self._output, "surfaceOutputCombo"),
        ):
            combo.setObjectName(name)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(6)
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.activated.connect(self._axes_chosen)
        self._labels = [Label() for _ in range(3)]
        self._awaits_pins = False
        form = QFormLayout()
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(4)
        for label, combo in zip(self._labels, (self._x, self._y, self._output), strict=True):
            form.addRow(label, combo)
            label.setBuddy(combo)
        self._form = form

        self._heading = Label()
        self._heading.setProperty("role", "heading")
        self._mean_button = QPushButton()
        self._mean_button.setObjectName("pinMeanButton")
        self._mean_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._mean_button.clicked.connect(self._pin_mean)
        self._sample_button = QPushButton()
        self._sample_button.setObjectName("pinSampleButton")
        self._sample_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sample_button.clicked.connect(self._follow)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._heading, 1)
        head.addWidget(self._sample_button)
        head.addWidget(self._mean_button)
        self._rest = Label()
        self._rest.setWordWrap(True)
        self._rest.setProperty("role", "note")

        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._area)
        self._body = QWidget()
        self._body.setObjectName("surfaceAxesBody")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 2, 6, 2)
        self._column.setSpacing(4)
        self._column.addLayout(form)
        self._column.addWidget(self._head)
        self._column.addWidget(self._rest)
        self._column.addStretch(1)
        self._area.setWidget(self._body)
        self.setFixedWidth(WIDTH)
        self._retranslate()

    # -- what is chosen ----------------------------------------------------------------------------

    @property
    def across(self) -> int:
        """The input along the x axis."""
        return int(self._x.currentData() or 0)

    @property
    def up(self) -> int | None:
        """The input along the y axis; None when an output is drawn as a curve over x instead."""
        chosen = self._y.currentData()
        return None if chosen is None or chosen < 0 else int(chosen)

    @property
    def output(self) -> int:
        """The output whose height is shown."""
        return max(0, self._output.currentIndex())

    @property
    def pins(self) -> FloatArray:
        """Where each input is pinned, (d,)."""
        return self._pins.copy()

    def choose(self, x: int, y: int | None) -> None:
        """Vary these two inputs."""
        self._x.setCurrentIndex(self._x.findData(x))
        self._y.setCurrentIndex(self._y.findData(-1 if y is None else y))
        self._axes_chosen()

    def add_below_axes(self, widget: QWidget) -> None:
        """Put a widget between the axes and the pins."""
        self._column.insertWidget(1, widget)

    def pin(self, values: FloatArray) -> None:
        """Pin all inputs at values (d,); those that are not numbers stay where they are."""
        known = np.isfinite(values)
        pins = np.where(known, values, self._pins)
        if not np.array_equal(pins, self._pins, equal_nan=True):
            self._pins = pins
            self._show_pins()
            self.pins_changed.emit()

    # -- data --------------------------------------------------------------------------------------

    def set_inputs(
        self,
        inputs: tuple[Input, ...],
        features: tuple[str, ...],
        outputs: tuple[str, ...],
        telling: IntArray,
    ) -> None:
        """Offer the inputs of another data set, and outputs to choose from when there are several.

        Those that varied before vary again, else the two that are the first in `telling`.
        """
        if (inputs, features, outputs) == (self._inputs, self._features, self._outputs):
            return
        chosen = (self._x.currentText(), self._y.currentText())
        self._inputs, self._features, self._outputs = inputs, features, outputs
        self._pins, self._mean = np.full(len(features), np.nan), np.zeros(len(features))
        numbers = [part.start for part in inputs if not part.levels]
        axes = numbers
        if len(numbers) < 2:
            axes = [*numbers, *(place for place in range(len(features)) if place not in numbers)]
        for combo in (self._x, self._y):
            with QSignalBlocker(combo):
                combo.clear()
                for place in axes:
                    combo.addItem(features[place], place)
        with QSignalBlocker(self._y):
            self._y.addItem(self._curve_text(), -1)
        varied = [self._x.findText(chosen[0]), self._y.findText(chosen[1])]
        if min(varied) < 0:
            at = {place: index for index, place in enumerate(axes)}
            varied = sorted([at[place] for place in telling.tolist() if place in at][:2])
        self._x.setCurrentIndex(varied[0])
        self._y.setCurrentIndex(varied[1] if len(varied) > 1 else self._y.count() - 1)
        with QSignalBlocker(self._output):
            self._output.clear()
            self._output.addItems(list(outputs))
        self._form.setRowVisible(self._output, len(outputs) > 1)
        self._make_pins()

    def set_mean(self, mean: FloatArray) -> None:
        """Say what the mean of the training rows is; inputs that are not pinned yet go there."""
        self._mean = mean
        self._pins = np.where(np.isnan(self._pins), mean, self._pins)
        self._show_pins()

    def _make_pins(self) -> None:
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        self._rows = {}
        self._retranslate()
        self._awaits_pins = True
        if self.isVisible():
            self.fill()

    def fill(self) -> None:
        """Make a row for each input that is pinned, as it is about to be seen."""
        if not self._awaits_pins:
            return
        self._awaits_pins = False
        free = [place for place, part in enumerate(self._inputs) if not self._is_axis(part)]
        for place in free[:MOST_PINS]:
            row = _Pin(self._inputs[place])
            row.moved.connect(self._pin_moved)
            self._rows[place] = row
            self._column.insertWidget(self._column.count() - 2, row)
        self._head.setVisible(bool(free))
        self._rest.setVisible(len(free) > MOST_PINS)
        self._show_pins()

    def _is_axis(self, part: Input) -> bool:
        return any(place is not None and part.start <= place < part.stop for place in (self.across, self.up))

    def _show_pins(self) -> None:
        for row in self._rows.values():
            row.show_value(self._pins)

    @property
    def others(self) -> int:
        """How many columns are pinned."""
        starts = [part.start for part in self._inputs]
        varied = {bisect_right(starts, place) for place in (self.across, self.up) if place is not None}
        return max(0, len(starts) - len(varied))

    @property
    def at_mean(self) -> bool:
        """Whether they are pinned at the mean of the training rows."""
        return bool(np.array_equal(self._pins, self._mean))

    def _pin_mean(self) -> None:
        self.follows = False
        self.pin(self._mean)

    def _follow(self) -> None:
        self.follows = True
        self.sample_wanted.emit()

    def _pin_moved(self, start: int, values: FloatArray) -> None:
        self._pins[start : start + len(values)] = values
        self.follows = False
        self.pins_changed.emit()

    def _axes_chosen(self) -> None:
        if self.across == self.up and self._x.count() > 1:
            other = self._y if self.sender() is self._x else self._x
            with QSignalBlocker(other):
                other.setCurrentIndex((other.currentIndex() + 1) % self._x.count())
        self._make_pins()
        self.axes_changed.emit()

    # -- words -------------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _curve_text(self) -> str:
        return self.tr("(curve of the output)")

    def _retranslate(self) -> None:
        names = (self.tr("Across"), self.tr("Up"), self.tr("Output"))
        for label, combo, name in zip(self._labels, (self._x, self._y, self._output), names, strict=True):
            label.setText(name)
            combo.setAccessibleName(name)
        self._x.setToolTip(self.tr("The input that varies from left to right"))
        self._y.setToolTip(self.tr("The input that varies from bottom to top"))
        self._output.setToolTip(self.tr("The output whose height is shown"))
        if (curve := self._y.findData(-1)) >= 0:
            self._y.setItemText(curve, self._curve_text())
        self._heading.setText(self.tr("Pinned at"))
        self._mean_button.setText(self.tr("mean"))
        self._mean_button.setToolTip(self.tr("Pin every input at its mean over the training rows"))
        self._mean_button.setAccessibleName(self.tr("Pin at the training mean"))
        self._sample_button.setText(self.tr("sample"))
        self._sample_button.setToolTip(self.tr("Pin every input where the shown sample has it"))
        self._sample_button.setAccessibleName(self.tr("Pin at the shown sample"))
        rest = self.others - MOST_PINS
        self._rest.setText(self.tr("{0} more inputs stay at their mean.", "", max(rest, 0)).format(rest))


class _Slider(QSlider):
    """A slider that keeps its keys, which are also shortcuts of the window."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            keys = Qt.Key
            if event.key() in (keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End):
                event.accept()
                return True
        return super().event(event)


class _Pin(QWidget):
    """Where one column is pinned: a number with a slider, or a level.

    Signals
    -------
    moved(int, array)
        Its first input, and the values of its inputs.
    """

    moved = Signal(int, object)

    def __init__(self, part: Input) -> None:
        super().__init__()
        self._part = part
        name = Label()
        name.setText(name.fontMetrics().elidedText(part.name, Qt.TextElideMode.ElideRight, NAME_WIDTH))
        name.setToolTip(tooltip(part.name))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        self._box: NumberBox | None = None
        if part.levels:
            self._levels = QComboBox()
            self._levels.setObjectName(f"pinLevels{part.start}")
            self._levels.setAccessibleName(part.name)
            self._levels.addItems(part.levels)
            self._levels.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self._levels.setMinimumContentsLength(6)
            self._levels.activated.connect(self._level_chosen)
            row.addWidget(self._levels)
        else:
            self._box = NumberBox(ANY, characters=6)
            self._box.setObjectName(f"pinBox{part.start}")
            self._box.setAccessibleName(part.name)
            self._box.edited.connect(self._typed)
            self._slider = _Slider(Qt.Orientation.Horizontal)
            self._slider.setObjectName(f"pinSlider{part.start}")
            self._slider.setAccessibleName(part.name)
            self._slider.setRange(0, SLIDER_STEPS)
            self._slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._slider.valueChanged.connect(self._slid)
            row.addWidget(self._box)
            column.addWidget(self._slider)

    def show_value(self, pins: FloatArray) -> None:
        """Show where the column is pinned; (d,)."""
        values = pins[self._part.start : self._part.stop]
        if np.isnan(values).any():
            return
        if self._box is None:
            with QSignalBlocker(self._levels):
                # A mean over rows is between the levels
                self._levels.setCurrentIndex(int(values.argmax()) if values.max() == 1.0 else -1)
                self._levels.setPlaceholderText(self.tr("mean"))
            return
        value, low, high = float(values[0]), self._part.low, self._part.high
        self._box.set_value(rounded(value, 6))
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - low) / (high - low) * SLIDER_STEPS) if high > low else 0)

    def _slid(self, step: int) -> None:
        value = self._part.low + (self._part.high - self._part.low) * step / SLIDER_STEPS
        value = rounded(value, 4)
        assert self._box is not None
        self._box.set_value(value)
        self.moved.emit(self._part.start, np.array([value]))

    def _typed(self, value: float | str) -> None:
        if isinstance(value, str) or not np.isfinite(value):
            assert self._box is not None
            self._box.set_value(self._box.value)
            return
        with QSignalBlocker(self._slider):
            span = self._part.high - self._part.low
            self._slider.setValue(round((value - self._part.low) / span * SLIDER_STEPS) if span else 0)
        self.moved.emit(self._part.start, np.array([float(value)]))

    def _level_chosen(self, level: int) -> None:
        values = np.zeros(len(self._part.levels))
        values[level] = 1.0
        self.moved.emit(self._part.start, values)

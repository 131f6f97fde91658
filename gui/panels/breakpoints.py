"""Pause when…: the list of conditions that stop training, made from the engine's table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.errors import QT_TRANSLATE_NOOP, ExperimentError
from engine.explain.symbols import plain
from engine.functions import Parameter
from engine.functions.table import Range
from engine.training.conditions import CONDITIONS, Breakpoint, Condition
from engine.training.watcher import Hit
from gui.document.focus import Focus
from gui.style.fonts import px
from gui.style.sheet import mark
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.numbers import at_most, grouped, short
from gui.text.parts import layer_name, part_name
from gui.text.plain import Label, sentences, tooltip
from gui.text.settings import catalogue_label
from gui.text.symbols import part_plain
from gui.training.messages import Frame
from gui.widgets.fields import Button, Choice, ComboBox, Note
from gui.widgets.number_box import NumberBox

WIDTH = 340
MARGIN = 10

COUNTED_FROM_1 = ("unit", "source")
"""Parameters that the engine counts from 0 and people from 1."""

NAMED_BY_CONDITION = ("value", "step", "epoch")
"""Parameters whose name says no more than that of their condition."""

_TEXTS = {
    "loss_below": QT_TRANSLATE_NOOP("conditions", "loss < {value}"),
    "loss_above": QT_TRANSLATE_NOOP("conditions", "loss > {value}"),
    "validation_stalled": QT_TRANSLATE_NOOP("conditions", "validation loss not improved for {epochs} epochs"),
    "gradient_below": QT_TRANSLATE_NOOP("conditions", "‖∂L/∂{weights}‖ < {value}"),
    "gradient_above": QT_TRANSLATE_NOOP("conditions", "‖∂L/∂{weights}‖ > {value}"),
    "unit_dead": QT_TRANSLATE_NOOP("conditions", "a ReLU dead for {steps} steps"),
    "unit_saturated": QT_TRANSLATE_NOOP("conditions", "a unit with |f′| < {slope} for {steps} steps"),
    "weight_crosses": QT_TRANSLATE_NOOP("conditions", "{parameter} crosses {value}"),
    "bias_crosses": QT_TRANSLATE_NOOP("conditions", "{parameter} crosses {value}"),
    "step_reached": QT_TRANSLATE_NOOP("conditions", "step {step}"),
    "epoch_reached": QT_TRANSLATE_NOOP("conditions", "epoch {epoch} complete"),
}
_LASTING_ONE = {
    "validation_stalled": QT_TRANSLATE_NOOP("conditions", "validation loss not improved for 1 epoch"),
    "unit_dead": QT_TRANSLATE_NOOP("conditions", "a ReLU dead for 1 step"),
    "unit_saturated": QT_TRANSLATE_NOOP("conditions", "a unit with |f′| < {slope} for 1 step"),
}
_CHANGES_SIGN = QT_TRANSLATE_NOOP("conditions", "{parameter} changes sign")


def condition_text(condition: Condition) -> str:
    """A condition in a few words and symbols."""
    values: dict[str, str] = {}
    for parameter in condition.parameters():
        value = getattr(condition, parameter.name)
        values[parameter.name] = grouped(value) if parameter.integer else short(value, 6)
    text = _TEXTS[condition.name]
    if "1" in (values.get("epochs"), values.get("steps")):
        text = _LASTING_ONE.get(condition.name, text)
    if condition.aspect in ("weight", "bias"):
        values["parameter"] = part_plain(condition.part)
        if values["value"] == "0":
            text = _CHANGES_SIGN
    elif condition.aspect == "layer":
        values["weights"] = plain("W", condition.part.layer)
    return QCoreApplication.translate("conditions", text).format(**values)


def hit_text(hit: Hit, frame: Frame) -> str:
    """What has come true, where, at which step, and the number that made it so."""
    if hit.part.kind == "unit":
        unit = part_name(frame, hit.part)
        text = QCoreApplication.translate("conditions", "Step {step}: {unit}, |f′| ≤ {value}")
        return text.format(step=grouped(hit.step), unit=unit, value=at_most(hit.value))
    if hit.condition.name in ("step_reached", "epoch_reached"):
        text = QCoreApplication.translate("conditions", "Step {step}")
        return text.format(step=grouped(hit.step))
    text = QCoreApplication.translate("conditions", "Step {step}: {value}")
    return text.format(step=grouped(hit.step), value=short(hit.value, 6))


class BreakpointsPanel(QWidget):
    """Conditions, each with its numbers and whether it is looked at.

    Parameters
    ----------
    focus : Focus
        Of which the selected part is the place of the next condition.

    Signals
    -------
    conditions_changed(tuple of Breakpoint)
        By the user, never by `set_breakpoints`.
    """

    conditions_changed = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("breakpointsPanel")
        self._frame: Frame | None = None
        self._hit: Hit | None = None
        self._theme = LIGHT
        self._rows: list[_Row] = []
        self.add_combo = ComboBox()
        self.add_combo.setObjectName("addConditionCombo")
        self.add_combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.add_combo.picked.connect(self._add)
        self._empty = Note()
        self._inside = QWidget()
        self._inside.setObjectName("breakpointsInside")
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        self._column.setSpacing(10)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._inside)
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        top.addWidget(self.add_combo)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        self.set_theme(LIGHT)
        self._retranslate()

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """The conditions as they stand."""
        return tuple(row.breakpoint for row in self._rows)

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Show these, as they were saved."""
        if breakpoints != self.breakpoints:
            while self._rows:
                self._drop(self._rows[-1])
            for breakpoint in breakpoints:
                self._append(breakpoint)
            self._show_state()

    def show_frame(self, frame: Frame) -> None:
        """Follow the network: which layers and units there are, and what they are called."""
        before, self._frame = self._frame, frame
        if before is None or before.record.sizes != frame.record.sizes:
            self._show_state()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._hit = None

    def show_hit(self, hit: Hit | None) -> None:
        """Say which condition has paused the training; None when it goes on."""
        if hit != self._hit:
            self._hit = hit
            self._show_state()

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours of `theme`."""
        self._theme = theme
        for row in self._rows:
            row.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_width()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Pause when…"))
        prompt = self.tr("+ Add a condition…")
        self.add_combo.setAccessibleName(prompt)
        self.add_combo.setToolTip(self.tr("Training pauses at the step at which it comes true"))
        choices = [Choice(name, catalogue_label(rule.label)) for name, rule in CONDITIONS.items()]
        self.add_combo.set_choices([Choice(None, prompt), *choices], None)
        self._empty.setText(
            self.tr(
                "Training runs on until you pause it, or until a number is not finite."
                " Add a condition, and it pauses there by itself."
            )
        )
        self._show_state()

    def pause_when_this(self) -> None:
        """Add the condition that fits what is selected, at that place."""
        part = self.focus.part
        names = {"weight": "weight_crosses", "bias": "bias_crosses", "layer": "gradient_below"}
        names["unit"] = "unit_saturated"
        self._add(names.get(part.kind, "loss_below") if part is not None and part.layer else "loss_below")

    def _add(self, name: str | None) -> None:
        self.add_combo.setCurrentIndex(0)
        if name is None:
            return
        condition = self._placed(CONDITIONS[name]())
        row = self._append(Breakpoint(condition))
        self._show_state()
        row.take_focus()
        self._tell()

    def _placed(self, condition: Condition) -> Condition:
        """The condition at what is selected, as far as that is a place for it."""
        part = self.focus.part
        if part is None or part.layer == 0:
            return condition
        if condition.aspect == "layer" and part.kind != "loss":
            return replace(condition, layer=part.layer)  # type: ignore[call-arg]
        if condition.aspect == "weight" and part.kind == "weight":
            _, layer, unit, source = part
            return replace(condition, layer=layer, unit=unit, source=source)  # type: ignore[call-arg]
        if condition.aspect == "bias" and part.kind in ("bias", "unit", "weight"):
            return replace(condition, layer=part.layer, unit=part.unit)  # type: ignore[call-arg]
        return condition

    def _append(self, breakpoint: Breakpoint) -> _Row:
        row = _Row(breakpoint)
        row.set_theme(self._theme)
        row.changed.connect(self._row_changed)
        row.removed.connect(self._remove)
        row.place_wanted.connect(self._go_to_hit)
        self._column.insertWidget(self._column.count() - 1, row)
        self._rows.append(row)
        row.show()  # at once, or the panel's width would be reckoned without it
        return row

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        row.hide()
        row.deleteLater()

    def _remove(self, row: _Row) -> None:
        self._drop(row)
        self._show_state()
        self.add_combo.setFocus()
        self._tell()

    def _row_changed(self) -> None:
        self._show_state()
        self._tell()

    def _tell(self) -> None:
        self.conditions_changed.emit(self.breakpoints)

    def _go_to_hit(self) -> None:
        if self._hit is not None:
            self.focus.select(self._hit.part)

    def _show_state(self) -> None:
        self._empty.setVisible(not self._rows)
        for index, row in enumerate(self._rows):
            hit = self._hit if self._hit is not None and self._hit.condition == row.condition else None
            row.show_state(index, self._frame, hit)
        self._fit_width()

    def _fit_width(self) -> None:
        """Never be narrower than the widest row: nothing scrolls sideways, and nothing is cut off."""
        self._column.activate()
        bar = self._area.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(max(px(WIDTH), self._inside.minimumSizeHint().width() + bar))


class _Row(QWidget):
    """One condition: whether it is on, its numbers, and what has become of it."""

    changed = Signal()
    removed = Signal(object)
    place_wanted = Signal()

    def __init__(self, breakpoint: Breakpoint) -> None:
        super().__init__()
        self.setObjectName("breakpointRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.condition = breakpoint.condition
        self._on = _CheckBox()
        self._on.setChecked(breakpoint.on)
        self._on.toggled.connect(self.changed)
        self._remove = Button()
        self._remove.setProperty("role", "quiet")
        self._remove.setText("×")
        self._remove.clicked.connect(lambda: self.removed.emit(self))
        self._error, self._note = Note("error"), Note()
        self._hit = Button()
        self._hit.setProperty("role", "link")
        self._hit.clicked.connect(self.place_wanted)
        self._hit.hide()
        first = QHBoxLayout()
        first.addWidget(self._on, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 0, 2)
        column.setSpacing(4)
        column.addLayout(first)
        parameters = self.condition.parameters()
        self._boxes = {parameter.name: self._box(parameter) for parameter in parameters}
        self._names: dict[str, QLabel] = {}
        grid = QGridLayout()
        grid.setContentsMargins(22, 0, 0, 0)
        grid.setColumnStretch(4, 1)
        for number, parameter in enumerate(parameters):
            box = self._boxes[parameter.name]
            if len(parameters) == 1 and parameter.name in NAMED_BY_CONDITION:
                first.addWidget(box)
                continue
            name = self._names[parameter.name] = Label()
            name.setProperty("role", "count")
            name.setBuddy(box)
            grid.addWidget(name, number // 2, number % 2 * 2)
            grid.addWidget(box, number // 2, number % 2 * 2 + 1)
        column.addLayout(grid)
        first.addWidget(self._remove)
        column.addWidget(self._error)
        column.addWidget(self._note)
        column.addWidget(self._hit)

    @property
    def breakpoint(self) -> Breakpoint:
        """The condition as it stands."""
        return Breakpoint(self.condition, self._on.isChecked())

    def set_theme(self, theme: Theme) -> None:
        """Make the empty box stand out from what is behind it, which Fusion's own colours do not."""
        palette = self._on.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(theme.muted))
        self._on.setPalette(palette)

    def take_focus(self) -> None:
        """Let the first number be typed at once."""
        box = next(iter(self._boxes.values()))
        box.setFocus()
        box.selectAll()

    def show_state(self, index: int, frame: Frame | None, hit: Hit | None) -> None:
        """Name everything, say whether the place is there, and what has come true."""
        label = catalogue_label(self.condition.label)
        self._on.setText(label)
        self._on.setObjectName(f"condition{index}.on")
        self._on.setAccessibleName(self.tr("Pause when: {condition}").format(condition=label))
        self._on.setToolTip(tooltip(condition_text(self.condition)))
        self._remove.setObjectName(f"condition{index}.remove")
        remove = self.tr("Remove the condition: {condition}").format(condition=label)
        self._remove.setAccessibleName(remove)
        self._remove.setToolTip(tooltip(remove))
        self._hit.setObjectName(f"condition{index}.hit")
        for parameter in self.condition.parameters():
            name, box = catalogue_label(parameter.label), self._boxes[parameter.name]
            box.setObjectName(f"condition{index}.{parameter.name}")
            box.setAccessibleName(f"{label}, {name}")
            if parameter.name in self._names:
                self._names[parameter.name].setText(name)
            value = getattr(self.condition, parameter.name)
            box.set_value(value + 1 if parameter.name in COUNTED_FROM_1 else value)
        self._show_place(frame)
        self._hit.setVisible(hit is not None)
        if hit is not None and frame is not None:
            self._hit.setText("▸ " + hit_text(hit, frame))
            self._hit.setToolTip(self.tr("Select where it came true"))
            self._hit.setAccessibleName(hit_text(hit, frame))
        mark(self, "hit", hit is not None)

    def _show_place(self, frame: Frame | None) -> None:
        if frame is None:
            return
        sizes = frame.record.sizes
        if not self.condition.part.exists(sizes):
            self._note.show_text(self.tr("This network has no such place: it is not looked at."))
        elif self.condition.counts_epochs and not frame.experiment.validation:
            self._note.show_text(self.tr("Nothing is held out for validation: it is not looked at."))
        else:
            self._note.show_text("")
        limits = {"layer": len(sizes) - 1}
        part = self.condition.part
        if 1 <= part.layer < len(sizes):
            limits["unit"], limits["source"] = sizes[part.layer], sizes[part.layer - 1]
        for name, most in limits.items():
            if name in self._boxes:
                self._boxes[name].set_range(Range(1, most))
        if "layer" in self._boxes:
            self._boxes["layer"].setToolTip(tooltip(layer_name(part.layer, len(sizes) - 1)))

    def _box(self, parameter: Parameter) -> NumberBox:
        box = NumberBox(parameter.range, whole=parameter.integer, characters=4 if parameter.integer else 6)
        box.edited.connect(lambda value: self._edit(parameter, value))
        return box

    def _edit(self, parameter: Parameter, value: Any) -> None:
        if parameter.name in COUNTED_FROM_1 and isinstance(value, int | float):
            value -= 1
        try:
            self.condition = replace(self.condition, **{parameter.name: value})
        except ExperimentError as error:
            self._error.show_text(sentences(*localized(error)))
        else:
            self._error.show_text("")
            self.changed.emit()


class _CheckBox(QCheckBox):
    """A check box that is reached with Tab, and then pressed with Space whatever else Space does."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

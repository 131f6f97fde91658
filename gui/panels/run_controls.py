"""The toolbar: commands for the worker at the left, what has come of them at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QToolBar,
    QToolButton,
    QWidget,
)

from engine.parts import Part
from engine.phases import PhaseKind
from gui.document.focus import Focus
from gui.fitting import Fitting
from gui.panels.read_outs import ROOMS, ReadOuts
from gui.style.fonts import px
from gui.style.icons import (
    pause_icon,
    pause_when_icon,
    reset_icon,
    run_icon,
    step_back_icon,
    step_icon,
)
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped
from gui.text.plain import Label, tooltip
from gui.training.messages import Back, Frame, Granularity, Pause, Reset, Run, Status, Step
from gui.widgets.entry import entitle
from gui.widgets.fields import keeps_space
from gui.widgets.focus_ring import FocusRing

RATES: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, None)
"""Phases a second at each place of the slider; the last is as fast as it goes."""

DEFAULT_SPEED = RATES.index(10)


_ALL = ("step", "loss", "validation", "metric")


class Level(NamedTuple):
    """What there is room for.

    Attributes
    ----------
    words : bool
        On the buttons.
    brief : bool
        The moments of the read-outs, in short.
    tools : bool
        The speed and Pause when… stand in the toolbar; else behind one button.
    shown : tuple of str
        The read-outs that stay.
    """

    words: bool
    brief: bool
    tools: bool
    shown: tuple[str, ...]


LEVELS = (
    Level(words=True, brief=False, tools=True, shown=_ALL),
    Level(words=True, brief=True, tools=True, shown=_ALL),
    Level(words=False, brief=True, tools=True, shown=_ALL),
    Level(words=False, brief=True, tools=False, shown=_ALL),
    Level(words=False, brief=True, tools=False, shown=_ALL[:2]),
)
"""What gives way, one after the other."""


class RunControls(QToolBar):
    """Reset, step back, run or pause, step; how far a step goes and how fast; and the read-outs.

    Parameters
    ----------
    focus : Focus
        Of which the selected weight or bias is the one whose factors are gone through.

    Attributes
    ----------
    command : Signal(Step, Back, Run, Pause or Reset)
        What the user wants of the worker.
    reset_action, step_back_action, run_action, step_action : QAction
        For the menus.
    """

    command = Signal(object)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        focus.part_changed.connect(self._go_by)
        self.setObjectName("runControls")
        self.setProperty("role", "controls")
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._running = False
        self._frame: Frame | None = None
        self._layer = 0
        self._theme = LIGHT
        self._run_width, self._level, self._brief = 0, -1, False
        self._measuring = True  # once, when all is in its place
        self._needs: dict[tuple[int, int], int] = {}
        self._tools: list[QAction] = []

        self.reset_action = self._action("resetAction", Qt.Key.Key_Home, self._reset)
        self.step_back_action = self._action("stepBackAction", Qt.Key.Key_Left, self._step_back)
        self.run_action = self._action("runAction", Qt.Key.Key_Space, self._run_or_pause)
        self.step_action = self._action("stepAction", Qt.Key.Key_Right, self._step)
        FocusRing(self.widgetForAction(self.run_action))
        self.run_action.setIconVisibleInMenu(False)  # it is drawn for its dark button

        self.granularity_combo = _Choice()
        self.granularity_combo.setObjectName("granularityCombo")
        self.granularity_combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for granularity in Granularity:
            self.granularity_combo.addItem("", granularity)
        self.granularity = Granularity.LAYER
        self.granularity_combo.currentIndexChanged.connect(self._pace_changed)
        self.granularity_combo.currentTextChanged.connect(self._widen_choice)

        self._speed_name, self._speed_text = Label(), Label()
        self.speed_slider = _Slider(Qt.Orientation.Horizontal)
        self.speed_slider.setObjectName("speedSlider")
        self.speed_slider.setRange(0, len(RATES) - 1)
        self.speed_slider.setPageStep(1)
        self.speed_slider.setValue(DEFAULT_SPEED)
        self.speed_slider.valueChanged.connect(self._pace_changed)
        speed = QWidget()
        speed.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(speed)
        line.setContentsMargins(10, 0, 0, 0)
        line.setSpacing(6)
        for widget in (self._speed_name, self.speed_slider, self._speed_text):
            line.addWidget(widget)

        self.addWidget(self.granularity_combo)
        self._speed_place = self.addWidget(speed)
        self._more = QToolButton()
        self._more.setObjectName("moreToolsButton")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._more.setMenu(QMenu(self._more))
        self._more.installEventFilter(self)
        self._more_place = self.addWidget(self._more)
        self._speeds = QMenu(self._more)
        self._rates = QActionGroup(self._speeds)
        for place in range(len(RATES)):
            rate = self._speeds.addAction("", partial(self.speed_slider.setValue, place))
            rate.setCheckable(True)
            self._rates.addAction(rate)
        self._more.menu().addMenu(self._speeds)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._room = self.addWidget(room)
        self.read_outs = ReadOuts()
        self.addWidget(self.read_outs)
        self._retranslate()
        self._measuring = False
        self.set_theme(LIGHT)
        self._enable()

    def add_tool(self, action: QAction) -> None:
        """Put an action behind the speed, with the sign of a pause; its button says all of its text."""
        self._tools.append(action)
        self._place_tools(True)
        self._more.menu().addAction(action)
        action.setIconVisibleInMenu(False)
        action.setIcon(pause_when_icon(self._theme.text, self._theme.muted))
        action.changed.connect(lambda: self._dress_tool(action))
        self._dress_tool(action)
        self._fit_widths()

    def _place_tools(self, shown: bool) -> None:
        """Give the tools buttons, or leave them to the menu of what has no room: there they stay seen."""
        for action in self._tools:
            if not shown:
                self.removeAction(action)
            elif action not in self.actions():
                self.insertAction(self._more_place, action)
                self._let_focus(action)

    def _dress_tool(self, action: QAction) -> None:
        if action.iconText() != action.text():  # Qt leaves out what it takes for a sign of a dialog
            action.setIconText(action.text())

    def _let_focus(self, action: QAction) -> None:
        """Let a button be reached with Tab, and then pressed with Space whatever else Space does."""
        button = self.widgetForAction(action)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return keeps_space(event) or super().eventFilter(watched, event)

    def _action(self, name: str, key: Qt.Key, triggered: Callable[[], None]) -> QAction:
        action = QAction(self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(triggered)
        self.addAction(action)
        self.widgetForAction(action).setObjectName(name.replace("Action", "Button"))
        self._let_focus(action)
        return action

    @property
    def granularity(self) -> Granularity:
        """How far a step goes."""
        value: Granularity = self.granularity_combo.currentData()
        return value

    @granularity.setter
    def granularity(self, value: Granularity) -> None:
        self.granularity_combo.setCurrentIndex(list(Granularity).index(value))

    def _widen_choice(self) -> None:
        self.granularity_combo.updateGeometry()
        self._fit_widths()

    @property
    def falls_back(self) -> bool:
        """Whether steps go by layer because no weight or bias is selected whose factors could be shown."""
        return self.granularity is Granularity.FACTOR and not self._layer

    @property
    def hint(self) -> str:
        """Why steps do not go by what was chosen; empty where they do."""
        return self.tr("by layer: select a weight or bias to go by factor") if self.falls_back else ""

    def _go_by(self, part: Part | None) -> None:
        """Go by the factors of this weight or bias, when going by factor."""
        layer = part.layer if part is not None and part.is_parameter else 0
        if layer != self._layer:
            self._layer = layer
            self._name_factor()
            if self._running and self.granularity is Granularity.FACTOR:
                self._pace_changed()

    @property
    def speed(self) -> int:
        """The place of the slider, an index of `RATES`."""
        return self.speed_slider.value()

    @speed.setter
    def speed(self, value: int) -> None:
        self.speed_slider.setValue(value)

    @property
    def rate(self) -> float | None:
        """Phases a second, or None for as fast as it goes."""
        return RATES[self.speed]

    @property
    def is_running(self) -> bool:
        """Whether the button is a Pause button."""
        return self._running

    def show_frame(self, frame: Frame) -> None:
        """Show where training is."""
        self._frame = frame
        self._set_running(frame.status is Status.RUNNING)
        self.read_outs.show_frame(frame)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None
        self.read_outs.forget()

    def set_fitting(self, fitting: Fitting) -> None:
        """Say the moments of the read-outs in short where there is little room."""
        self._brief = not fitting.captions
        self._fit_style()

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours of `theme`."""
        self._theme = theme
        self.setIconSize(QSize(px(16), px(16)))
        self.speed_slider.setFixedWidth(px(100))
        self.reset_action.setIcon(reset_icon(theme.text, theme.muted))
        self.step_back_action.setIcon(step_back_icon(theme.text, theme.muted))
        self.step_action.setIcon(step_icon(theme.text, theme.muted))
        for action in self._tools:
            action.setIcon(pause_when_icon(theme.text, theme.muted))
        self._show_run_action()
        self._fit_widths()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.window().focusWidget() is None:  # else it would be Reset, the first that Tab comes to
            self.widgetForAction(self.run_action).setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_style()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fit_widths()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Run controls"))
        self.setAccessibleName(self.tr("Run controls"))
        for action, text, tip in (
            (
                self.reset_action,
                self.tr("Reset"),
                self.tr("Back to step 0, with the same initial parameters"),
            ),
            (self.step_back_action, self.tr("Step back"), self.tr("Hide the last phase again")),
            (
                self.step_action,
                self.tr("Step"),
                self.tr("Go on by one factor, layer, sample, batch or epoch"),
            ),
        ):
            entitle(action, text, tip)
        names = {
            Granularity.FACTOR: "",
            Granularity.LAYER: self.tr("by layer"),
            Granularity.SAMPLE: self.tr("by sample"),
            Granularity.BATCH: self.tr("by batch"),
            Granularity.EPOCH: self.tr("by epoch"),
        }
        for index, granularity in enumerate(Granularity):
            self.granularity_combo.setItemText(index, names[granularity])
        self._name_factor()
        self.granularity_combo.setAccessibleName(self.tr("Step by"))
        self.granularity_combo.setToolTip(
            self.tr("How far a step goes; by factor needs a weight or bias to be selected")
        )
        self._more.setText("⋯")
        entitled = self.tr("Speed, and Pause when…")
        self._more.setAccessibleName(entitled)
        self._more.setToolTip(tooltip(entitled))
        self._speeds.setTitle(self.tr("Speed"))
        for action, rate in zip(self._rates.actions(), RATES, strict=True):
            action.setText(self._speed_label(rate))
        self._speed_name.setText(self.tr("Speed"))
        self.speed_slider.setAccessibleName(self.tr("Speed"))
        self.speed_slider.setToolTip(self.tr("Steps of the chosen kind a second while running"))
        self._show_run_action()
        self._show_speed()
        self._fit_widths()

    def _factor_names(self) -> tuple[str, str]:
        return self.tr("by factor"), self.tr("by factor (layer)")

    def _name_factor(self) -> None:
        """Say in the list whether there is a parameter whose factors could be shown."""
        index = list(Granularity).index(Granularity.FACTOR)
        self.granularity_combo.setItemText(index, self._factor_names()[not self._layer])

    def _show_run_action(self) -> None:
        if self._running:
            entitle(self.run_action, self.tr("Pause"), self.tr("Stop after the step under way"))
        else:
            entitle(self.run_action, self.tr("Run"), self.tr("Go on until paused"))
        icon = pause_icon if self._running else run_icon
        self.run_action.setIcon(icon(self._theme.accent_text, self._theme.accent_text))

    def _show_speed(self) -> None:
        self._speed_text.setText(self._speed_label(self.rate))
        self._rates.actions()[self.speed].setChecked(True)

    def _speed_label(self, rate: float | None) -> str:
        return self.tr("max") if rate is None else self.tr("{rate}/s").format(rate=grouped(int(rate)))

    def _fit_widths(self) -> None:
        """Give whatever changes its text the width of the widest it will have, so that nothing moves."""
        if self._measuring:
            return
        self._measuring = True
        metrics = QFontMetrics(self._speed_text.font())
        widest = max(metrics.horizontalAdvance(self._speed_label(rate)) for rate in RATES)
        self._speed_text.setFixedWidth(widest + 2)
        button = self.widgetForAction(self.run_action)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._speed_name.show()
        button.setMinimumWidth(0)
        shown, widths = self.run_action.text(), []
        for text in (self.tr("Run"), self.tr("Pause"), shown):
            self.run_action.setText(text)
            widths.append(button.sizeHint().width())
        button.setMinimumWidth(max(widths))
        self.granularity_combo.setMinimumHeight(button.sizeHint().height())
        self._run_width = max(widths)
        self._needs, self._level = {}, -1
        for level in range(len(LEVELS)):
            self._apply(level, ROOMS[-1])
            layout = self.layout()
            if layout is not None:
                layout.invalidate()
            need, least = self.sizeHint().width(), self.read_outs.sizeHint().width()
            for room in ROOMS:
                self.read_outs.hold_room(room)
                self._needs[level, room] = need + self.read_outs.sizeHint().width() - least
        self._measuring = False
        self._fit_style()

    def fit_text(self, percent: int) -> None:
        """Find anew what there is room for: all text has another size, in here and in the read-outs."""
        self._fit_widths()

    def _fit_style(self) -> None:
        """Leave out what there is no room for: first words of the read-outs, then those on the buttons.

        What is left over is kept for the epochs to come: nothing moves when they have more digits.
        """
        if self._measuring:  # while it is being measured it may be laid out
            return
        enough = [room for room in ROOMS if room >= self.read_outs.epoch] or list(ROOMS[:1])
        lowest = 1 if self._brief else 0
        wanted = ((level, room) for level in range(lowest, len(LEVELS)) for room in enough)
        fits = (each for each in wanted if self._needs[each] <= self.width())
        self._apply(*next(fits, (len(LEVELS) - 1, enough[-1])))
        layout = self.layout()
        if layout is not None:  # what it has taken out for want of room does not tell it of another size
            layout.invalidate()
            layout.activate()

    def _apply(self, level: int, room: int) -> None:
        words, brief, tools, shown = LEVELS[level]
        if level != self._level:
            self._level = level
            style = Qt.ToolButtonStyle
            self.setToolButtonStyle(style.ToolButtonTextBesideIcon if words else style.ToolButtonIconOnly)
            self._more.setToolButtonStyle(style.ToolButtonTextOnly)
            self._speed_name.setVisible(words)
            self.widgetForAction(self.run_action).setMinimumWidth(self._run_width if words else 0)
            self._speed_place.setVisible(tools)
            self._more_place.setVisible(not tools)
            self._place_tools(tools)
            self.read_outs.set_brief(brief)
            self.read_outs.set_shown(*shown)
        self.read_outs.hold_room(room)

    def _set_running(self, running: bool) -> None:
        if running != self._running:
            self._running = running
            self._show_run_action()
        self._enable()

    def _enable(self) -> None:
        frame = self._frame
        at_input = frame is not None and frame.phase is not None and frame.phase.kind is PhaseKind.INPUT
        at_start = frame is None or (at_input and frame.step == 0)
        self.step_action.setEnabled(not self._running)
        self.step_back_action.setEnabled(not self._running and not at_start)

    def _reset(self) -> None:
        self.command.emit(Reset())

    def _step(self) -> None:
        self.command.emit(Step(self.granularity, self._factor_layer))

    def _step_back(self) -> None:
        self.command.emit(Back(self.granularity, self._factor_layer))

    def _run_or_pause(self) -> None:
        self.command.emit(Pause() if self._running else self._run())
        # Said at once, so that a second press does not ask the same again; the next frame confirms it.
        self._set_running(not self._running)

    def _pace_changed(self) -> None:
        self._show_speed()
        if self._running:
            self.command.emit(self._run())

    def _run(self) -> Run:
        return Run(self.granularity, self.rate, layer=self._factor_layer)

    @property
    def _factor_layer(self) -> int:
        return self._layer if self.granularity is Granularity.FACTOR else 0


class _Choice(QComboBox):
    """A list as wide as what is chosen."""

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        option, metrics = QStyleOptionComboBox(), self.fontMetrics()
        self.initStyleOption(option)
        content = QSize(metrics.horizontalAdvance(self.currentText()) + 3, super().sizeHint().height())
        wanted = self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, content, self)
        return QSize(wanted.width(), content.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class _Slider(QSlider):
    """A slider that leaves Left, Right and Home to the training: Up and Down move it."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home):
            event.ignore()
        else:
            super().keyPressEvent(event)

"""The toolbar: through both passes step by step, and what can be taken away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from gui.lab.reveal import Reveal
from gui.style.fonts import px, tabular
from gui.style.icons import pause_icon, reset_icon, run_icon, step_back_icon, step_icon
from gui.style.theme import LIGHT, Theme
from gui.text.plain import Label
from gui.widgets.entry import entitle
from gui.widgets.focus_ring import FocusRing


class Controls(QToolBar):
    """Reset, Step back, Play, Step; how far it is; copy and export.

    Signals
    -------
    reset(), stepped_back(), play_toggled(), stepped(), copy_requested(), svg_requested(), png_requested(),
    working_requested()
    """

    reset = Signal()
    stepped_back = Signal()
    play_toggled = Signal()
    stepped = Signal()
    copy_requested = Signal()
    svg_requested = Signal()
    png_requested = Signal()
    working_requested = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.setObjectName("expressionControls")
        self.setProperty("role", "controls")
        # a toolbar has read its padding when it was made, before it had a role
        self.ensurePolished()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.StyleChange))
        self.setMovable(False)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._theme = LIGHT
        self._playing = False
        shortcuts = {
            "expressionReset": "Alt+Home",
            "expressionBack": "Alt+Left",
            "expressionPlay": "Ctrl+Return",
            "expressionStep": "Alt+Right",
        }
        self.actions_by_name: dict[str, QAction] = {}
        for name, slot in (
            ("expressionReset", self.reset.emit),
            ("expressionBack", self.stepped_back.emit),
            ("expressionPlay", self.play_toggled.emit),
            ("expressionStep", self.stepped.emit),
        ):
            self._add(owner, name, shortcuts[name], slot)
        FocusRing(self.widgetForAction(self.actions_by_name["expressionPlay"]))
        self.progress = Label()
        self.progress.setObjectName("expressionProgress")
        self.progress.setFont(tabular(self.progress.font()))
        self.progress.setProperty("role", "note")
        self.addWidget(self.progress)
        room = QWidget()
        room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(room)
        self.copy_action = self._add(owner, "expressionCopy", "Ctrl+Shift+C", self.copy_requested.emit)
        self.save_button = QToolButton()
        self.save_button.setObjectName("expressionSaveButton")
        self.save_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self.save_button)
        self.svg_action = menu.addAction("", self.svg_requested.emit)
        self.svg_action.setObjectName("expressionSvgAction")
        self.png_action = menu.addAction("", self.png_requested.emit)
        self.png_action.setObjectName("expressionPngAction")
        menu.addSeparator()
        self.working_action = menu.addAction("", self.working_requested.emit)
        self.working_action.setObjectName("expressionWorkingAction")
        self.save_button.setMenu(menu)
        self.addWidget(self.save_button)
        self._retranslate()

    def _add(self, owner: QWidget, name: str, keys: str, slot: Callable[[], None]) -> QAction:
        action = QAction(owner)
        action.setObjectName(f"{name}Action")
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False: slot())
        owner.addAction(action)
        self.addAction(action)
        button = self.widgetForAction(action)
        button.setObjectName(f"{name}Button")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.actions_by_name[name] = action
        return action

    def show_progress(self, reveal: Reveal | None, *, playing: bool) -> None:
        """Show how far the walk is, and what can be done."""
        any_graph = reveal is not None
        position, length = (reveal.position, reveal.length) if reveal is not None else (0, 0)
        text = ""
        if reveal is not None:
            cost = self.tr("{count} of {all} multiplications").format(
                count=reveal.multiplied, all=reveal.multiplications
            )
            text = self.tr("step {position} of {length}").format(position=position, length=length)
            text = f"{text} · {cost}"
        self._show(text, position, length, any_graph=any_graph, playing=playing)

    def show_rules(self, position: int, length: int, *, playing: bool) -> None:
        """Show how far down the working is."""
        text = self.tr("rule {position} of {length}").format(position=position, length=length)
        self._show(text, position, length, any_graph=True, playing=playing)

    def _show(self, text: str, position: int, length: int, *, any_graph: bool, playing: bool) -> None:
        self.progress.setText(text)
        self.actions_by_name["expressionReset"].setEnabled(any_graph and position > 0)
        self.actions_by_name["expressionBack"].setEnabled(any_graph and position > 0)
        self.actions_by_name["expressionStep"].setEnabled(any_graph and position < length)
        self.actions_by_name["expressionPlay"].setEnabled(any_graph)
        for action in (self.copy_action, self.svg_action, self.png_action, self.working_action):
            action.setEnabled(any_graph)
        self.save_button.setEnabled(any_graph)
        if playing != self._playing:
            self._playing = playing
            self._show_play()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.setIconSize(QSize(px(16), px(16)))
        self.actions_by_name["expressionReset"].setIcon(reset_icon(theme.text, theme.muted))
        self.actions_by_name["expressionBack"].setIcon(step_back_icon(theme.text, theme.muted))
        self.actions_by_name["expressionStep"].setIcon(step_icon(theme.text, theme.muted))
        self._show_play()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _show_play(self) -> None:
        theme = self._theme
        icon = pause_icon if self._playing else run_icon
        action = self.actions_by_name["expressionPlay"]
        action.setIcon(icon(theme.accent_text, theme.muted))
        text = self.tr("Pause") if self._playing else self.tr("Play")
        self._name(action, text, self.tr("Go through both passes by themselves, or stop"))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Steps of both passes"))
        self.progress.setAccessibleName(self.tr("Steps done"))
        actions = self.actions_by_name
        for name, text, tip in (
            ("expressionReset", self.tr("Reset"), self.tr("Before the first step")),
            ("expressionBack", self.tr("Step back"), self.tr("Take the last step back")),
            ("expressionStep", self.tr("Step"), self.tr("The next node or edge")),
            ("expressionCopy", self.tr("Copy LaTeX"), self.tr("Copy formula and derivative as LaTeX")),
        ):
            self._name(actions[name], text, tip)
        self.save_button.setText(self.tr("Save"))
        self.save_button.setToolTip(self.tr("Save the graph as a picture, or the working as a text"))
        self.save_button.setAccessibleName(self.save_button.toolTip())
        self.svg_action.setText(self.tr("Graph as SVG…"))
        self.png_action.setText(self.tr("Graph as PNG…"))
        self.working_action.setText(self.tr("Working as Markdown, LaTeX, HTML or PDF…"))
        self._show_play()

    def _name(self, action: QAction, text: str, tip: str) -> None:
        entitle(action, text, tip)
        self.widgetForAction(action).setAccessibleName(tip)

"""The expression lab: a formula, its variables, its graph, and the chain rule at work in it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QSignalBlocker,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.errors import ExpressionError
from engine.explain.expression import (
    PRESETS,
    Composite,
    Edge,
    Formula,
    Graph,
    NetworkRequest,
    Preset,
    graph_of,
    parse,
)
from engine.explain.expression.algebra import TooLargeError
from engine.explain.expression.formula import error_at, short
from engine.explain.expression.latex import name_plain
from engine.explain.expression.operations import FUNCTIONS
from engine.explain.expression.page import working_page
from gui.kept import DATA_FOLDER, Kept
from gui.lab import memory
from gui.lab.banner import HEIGHT as BANNER_HEIGHT
from gui.lab.banner import StepBanner
from gui.lab.canvas import GraphCanvas
from gui.lab.controls import Controls
from gui.lab.descent import DescentView
from gui.lab.drawing import Drawing, Fonts, Picture
from gui.lab.editor import FormulaEditor
from gui.lab.inspector import Inspector
from gui.lab.keys import OwnKeys
from gui.lab.plot import TangentPlot
from gui.lab.reveal import Mode, Reveal, forward, operations, reverse
from gui.lab.symbols import symbol
from gui.lab.variables import VariablesPanel, usual_range
from gui.lab.working import WorkingView
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.plain import Label, tooltip
from gui.widgets.message_bar import MessageBar, Tone
from gui.widgets.saving import choose_file, said, save_page, tell_saved
from gui.widgets.sideways import Sideways

MOST_CHARACTERS = 2_000
MOST_TERMS = 500
LONGEST_WORD = 60
"""What is drawn and followed live; a name or number has at most `LONGEST_WORD` letters or digits.

The engine itself goes much further.
"""

FIRST_VALUE = 1.0
SLOWEST, FASTEST, WHOLE_PLAY = 700, 40, 30_000
"""Milliseconds between two steps of Play, at most and at least, and for all of them."""

MENU_TITLE = 60
_WORD = re.compile(r"[\w.]+")


class ExpressionView(QWidget):
    """A person types a function and watches the chain rule at work.

    Parameters
    ----------
    parent : QWidget, optional
    remember : bool
        Whether expressions are kept for the next start.

    Signals
    -------
    network_requested(NetworkRequest)
    """

    network_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, remember: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("expressionView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._kept = Kept(remember)
        self._theme = LIGHT
        self._formula: Formula | None = None
        self._graph: Graph | None = None
        self._tangents: tuple[float, ...] = ()
        self._error: ExpressionError | None = None
        self._values: dict[str, float] = {}
        self._limits: dict[str, tuple[float, float]] = {}
        self._variable = ""
        self._mode = Mode.REVERSE
        self._position: int | None = None
        self._reveal: Reveal | None = None
        self._drawing: Drawing | None = None
        self._selected: int | None = None
        self._path: frozenset[Edge] = frozenset()
        self._stale = False
        self._build()
        self.installEventFilter(OwnKeys(self))
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._play_on)
        self._retranslate()
        self.set_theme(LIGHT)
        self._begin()

    # what it shows

    @property
    def text(self) -> str:
        """What is typed."""
        return self.editor.text

    @property
    def graph(self) -> Graph | None:
        """The graph that is shown; while the text cannot be read, the last one."""
        return self._graph

    @property
    def error(self) -> ExpressionError | None:
        """What is wrong with the text, or with the values put in."""
        return self._error

    @property
    def error_text(self) -> str:
        """The same in words."""
        return self._error_label.text()

    @property
    def values(self) -> dict[str, float]:
        """The value of each variable of the text."""
        return {} if self._formula is None else {n: self._values[n] for n in self._formula.variables}

    @property
    def variable(self) -> str:
        """The variable that everything is derived by; empty if there is none."""
        return self._variable

    @property
    def mode(self) -> Mode:
        """Which way derivatives are carried."""
        return self._mode

    @property
    def reveal(self) -> Reveal | None:
        """What can be seen of both passes."""
        return self._reveal

    @property
    def position(self) -> int:
        """Steps done."""
        return 0 if self._reveal is None else self._reveal.position

    @property
    def playing(self) -> bool:
        """Whether it steps by itself."""
        return self._timer.isActive()

    @property
    def selected(self) -> int | None:
        """The node that is selected."""
        return self._selected

    # what can be done

    def set_text(self, text: str, values: Mapping[str, float] | None = None) -> None:
        """Type a formula, with values for its variables."""
        for name, value in (values or {}).items():
            self._values[name] = float(value)
            self._limits[name] = usual_range(float(value))
        if text == self.editor.text:
            self._read()
        else:
            self.editor.replace(text.rstrip())

    def use_preset(self, preset: Preset) -> None:
        """Take an example."""
        self._keep()
        self._variable = ""
        self._select(None)
        self.set_text(preset.text, preset.values)

    def set_value(self, name: str, value: float) -> None:
        """Give a variable another value."""
        row = self.variables.rows[name]
        row.set_value(value)
        self._change(name, value)

    def set_variable(self, name: str) -> None:
        """Derive by this variable."""
        if self._formula is not None and name in self._formula.variables and name != self._variable:
            self._variable = name
            self._path = frozenset()
            self._evaluate()

    def set_mode(self, mode: Mode) -> None:
        """Carry derivatives the other way; all is revealed."""
        self._buttons.button(list(Mode).index(mode)).setChecked(True)
        if mode is not self._mode:
            self.pause()
            self._mode, self._position = mode, None
            self._evaluate()

    def step(self) -> None:
        """Reveal the next node or edge; of the working, go to the next rule."""
        if self._works_out:
            self.working.go(1)
        else:
            self._go(self.position + 1)

    def step_back(self) -> None:
        """Hide the last one; of the working, go to the rule before."""
        if self._works_out:
            self.working.go(-1)
        else:
            self._go(self.position - 1)

    def reset(self) -> None:
        """Before the first step: only the variables are known."""
        self.pause()
        if self._works_out:
            self.working.go(0)
        else:
            self._go(0)

    def set_brief(self, brief: bool) -> None:
        """Leave out what is not needed to follow one formula, one part below the other; or show all."""
        way = Qt.Orientation.Vertical if brief else Qt.Orientation.Horizontal
        for widget in (self._editor_title, self._variables_title, self._examples, self._recent):
            widget.setVisible(not brief)
        self.editor.setMaximumHeight(px(38) if brief else 16_777_215)
        if self._split.orientation() != way:
            self._split.setOrientation(way)
            self._split.setSizes([px(118), px(400), 0] if brief else [300, 760, 380])

    def reveal_values(self) -> None:
        """After all values, before the first derivative, which is carried backwards."""
        self.set_mode(Mode.REVERSE)
        graph = self._current
        if graph is not None:
            self._go(len(operations(graph)))

    def reveal_all(self) -> None:
        """After the last step: all is known."""
        self.pause()
        self._position = None
        self._evaluate()

    @property
    def _works_out(self) -> bool:
        return self.ways.currentWidget() is self.working

    def _way_changed(self, page: int) -> None:
        self.pause()
        # the working needs the room, and the descent has a plot of its own
        self.plot.setVisible(page == 0)
        self._show_controls()

    def play(self) -> None:
        """Step by itself, from the beginning if it is at the end."""
        if self._reveal is None or self._error is not None:
            return
        length = self.working.length if self._works_out else self._reveal.length
        if self._works_out and self.working.position == length:
            self.working.go(0)
        elif not self._works_out and self._reveal.finished:
            self._go(0)
        self._timer.start(min(SLOWEST, max(FASTEST, WHOLE_PLAY // max(length, 1))))
        self._show_controls()

    def pause(self) -> None:
        """Stop stepping."""
        self._timer.stop()
        self._show_controls()

    def fit(self) -> None:
        """Show the whole graph."""
        self.canvas.fit()

    def latex(self) -> str:
        """The lines of the formula and its derivative by the chosen variable, in LaTeX."""
        graph = self._current
        if graph is None:
            return ""
        lines = [line.replace(" = ", " &= ", 1) for line in graph.latex_lines]
        if self._variable:
            composite = graph.composite(self._variable)
            lines.extend(self._definitions(graph, composite))
            lines.append(composite.numbers_latex.replace(" = ", " &= ", 1))
            if " = " in composite.latex:
                lines[-1:] = [
                    composite.latex.replace(" = ", " &= ", 1),
                    "&= " + composite.numbers_latex.partition(" = ")[2],
                ]
        return "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"

    def _definitions(self, graph: Graph, composite: Composite) -> list[str]:
        """Say what those nodes are that the chain rule names and the text does not."""
        between = {node for path in composite.paths for node in path.nodes}
        unnamed = [node for node in sorted(between) if not graph.formula.terms[node].name]
        return [
            f"{graph.writer.symbol(node)} &= {graph.writer.expression(node)}"
            for node in unnamed
            if node != graph.formula.output
        ]

    def copy_latex(self) -> None:
        """Put `latex` on the clipboard."""
        QGuiApplication.clipboard().setText(self.latex())
        self.message_bar.say(Tone.INFO, self.tr("Copied: formula and derivative as LaTeX."))

    def save_picture(self, path: str) -> bool:
        """Write the graph as SVG or PNG, as the name ends; say what came of it."""
        if self._current is None:
            return False
        svg = path.lower().endswith(".svg")
        saved = self.canvas.save_svg(path) if svg else self.canvas.save_png(path)
        tell_saved(self.message_bar, path, saved)
        return saved

    def save_working(self, path: str) -> bool:
        """Write the derivative, worked out, as the name ends; say what came of it."""
        graph = self._current
        if graph is None or not self._variable:
            return False
        try:
            page = working_page(graph, self._variable, said, self._mode is Mode.FORWARD)
        except TooLargeError:
            self.message_bar.say(
                Tone.ERROR,
                self.tr("The working is too long to be written out."),
                self.tr("Split the formula into lines with names."),
            )
            return False
        saved = save_page(page, path)
        tell_saved(self.message_bar, path, saved)
        return saved

    def _choose_working(self) -> None:
        if path := choose_file(self, self.tr("Save working"), self._kept):
            self.save_working(path)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for widget in (
            self.controls,
            self.banner,
            self.canvas,
            self.plot,
            self.inspector,
            self.editor,
            self.working,
            self.descent,
        ):
            widget.set_theme(theme)

    # building

    def _build(self) -> None:
        self.controls = Controls(self)
        self.message_bar = MessageBar()
        self.message_bar.setObjectName("expressionMessageBar")
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("expressionSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self._build_left())
        self._split.addWidget(self._build_centre())
        self.inspector = Inspector()
        self.inspector.path_chosen.connect(self._point_out)
        self._split.addWidget(self.inspector)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([300, 760, 380])
        page = QWidget()
        inner, column = QVBoxLayout(page), QVBoxLayout(self)
        for each in (inner, column):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(0)
        inner.addWidget(self.controls)
        inner.addWidget(self.message_bar)
        inner.addWidget(self._split, 1)
        column.addWidget(Sideways(page, self))
        controls = self.controls
        controls.reset.connect(self.reset)
        controls.stepped.connect(self._step_pressed)
        controls.stepped_back.connect(self._back_pressed)
        controls.play_toggled.connect(self._toggle_play)
        controls.copy_requested.connect(self.copy_latex)
        controls.svg_requested.connect(partial(self._choose_file, "svg"))
        controls.png_requested.connect(partial(self._choose_file, "png"))
        controls.working_requested.connect(self._choose_working)

    def _build_left(self) -> QWidget:
        body = QWidget()
        body.setObjectName("expressionLeft")
        self._editor_title, self._variables_title = Label(), Label()
        for title in (self._editor_title, self._variables_title):
            title.setProperty("role", "heading")
        self._examples = self._menu_button("expressionExamples")
        self._preset_actions = []
        for preset in PRESETS:
            action = self._examples.menu().addAction("", partial(self.use_preset, preset))
            action.setObjectName(f"preset.{preset.key}")
            self._preset_actions.append(action)
        self._recent = self._menu_button("expressionRecent")
        self._recent.menu().aboutToShow.connect(self._fill_recent)
        menus = QHBoxLayout()
        menus.setSpacing(6)
        menus.addWidget(self._examples, 1)
        menus.addWidget(self._recent, 1)
        self.editor = FormulaEditor()
        self.editor.textChanged.connect(self._read)
        self.editor.left.connect(self._keep)
        self._error_label = Label()
        self._error_label.setObjectName("expressionError")
        self._error_label.setProperty("role", "error")
        self._error_label.setWordWrap(True)
        self._error_label.hide()
        self._network_button = QPushButton()
        self._network_button.setObjectName("expressionNetworkButton")
        self._network_button.setProperty("role", "menu")
        self._network_button.clicked.connect(self._open_network)
        self.variables = VariablesPanel()
        self.variables.value_changed.connect(self._change)
        self.variables.range_changed.connect(self._range_changed)
        self.variables.chosen.connect(self.set_variable)
        self._no_variables = Label()
        self._no_variables.setProperty("role", "note")
        self._no_variables.setWordWrap(True)
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        column.addWidget(self._editor_title)
        column.addLayout(menus)
        column.addWidget(self.editor)
        column.addWidget(self._error_label)
        column.addWidget(self._network_button)
        column.addSpacing(8)
        column.addWidget(self._variables_title)
        column.addWidget(self._no_variables)
        column.addWidget(self.variables)
        column.addStretch(1)
        area = _Column()
        area.setObjectName("expressionLeftScroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def _menu_button(self, name: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "menu")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        button.setMenu(QMenu(button))
        return button

    def _build_centre(self) -> QWidget:
        top = QWidget()
        top.setObjectName("expressionCentre")
        self._buttons = QButtonGroup(self)
        segments = QHBoxLayout()
        segments.setSpacing(0)
        for place, mode in enumerate(Mode):
            button = QPushButton()
            button.setObjectName(f"{mode.value}ModeButton")
            button.setCheckable(True)
            button.setProperty("segment", ("first", "last")[place])
            self._buttons.addButton(button, place)
            segments.addWidget(button)
        self._buttons.button(0).setChecked(True)
        self._buttons.idClicked.connect(lambda place: self.set_mode(list(Mode)[place]))
        self._by_label = Label()
        self._by_combo = QComboBox()
        self._by_combo.setObjectName("expressionVariable")
        self._by_combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._by_combo.setMinimumWidth(64)
        self._by_combo.textActivated.connect(self.set_variable)
        self._by_label.setBuddy(self._by_combo)
        self.banner = StepBanner()
        header = QHBoxLayout()
        header.setContentsMargins(14, 10, 14, 6)
        header.setSpacing(8)
        header.addLayout(segments)
        header.addWidget(self._by_label)
        header.addWidget(self._by_combo)
        header.addStretch(1)
        header.addStrut(BANNER_HEIGHT)
        header.addWidget(self.banner)
        self.canvas = GraphCanvas()
        self.canvas.node_selected.connect(self._select)
        self._legend = Label()
        self._legend.setObjectName("expressionLegend")
        self._legend.setProperty("role", "note")
        self._legend.setContentsMargins(14, 3, 14, 6)
        self._legend.setSizePolicy(self.sizePolicy().Policy.Ignored, self.sizePolicy().Policy.Fixed)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        graph = QWidget()
        graph.setObjectName("expressionGraphPage")
        graph_column = QVBoxLayout(graph)
        graph_column.setContentsMargins(0, 0, 0, 0)
        graph_column.setSpacing(0)
        graph_column.addWidget(self.canvas, 1)
        graph_column.addWidget(self._legend)
        self.working = WorkingView()
        self.working.moved.connect(self._show_controls)
        self.descent = DescentView()
        self.ways = QTabWidget()
        self.ways.setObjectName("expressionWays")
        self.ways.setDocumentMode(True)
        for page in (graph, self.working, self.descent):
            self.ways.addTab(page, "")
        self.ways.currentChanged.connect(self._way_changed)
        column.addLayout(header)
        column.addWidget(self.ways, 1)
        self.plot = TangentPlot()
        centre = QSplitter(Qt.Orientation.Vertical)
        centre.setObjectName("expressionCentreSplit")
        centre.setChildrenCollapsible(False)
        centre.setHandleWidth(1)
        centre.addWidget(top)
        centre.addWidget(self.plot)
        centre.setStretchFactor(0, 1)
        centre.setSizes([560, 240])
        return centre

    def _begin(self) -> None:
        recalled = memory.recall(self._kept)
        if recalled:
            self.set_text(recalled[0].text, recalled[0].values)
        else:
            self.set_text(PRESETS[0].text, PRESETS[0].values)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Expression lab"))
        self.setWindowTitle(self.tr("Expression lab"))
        self._editor_title.setText(self.tr("Expression").upper())
        self._variables_title.setText(self.tr("Variables").upper())
        self._examples.setText(self.tr("Examples"))
        self._examples.setToolTip(self.tr("Formulas to begin with"))
        self._examples.setAccessibleName(self.tr("Formulas to begin with"))
        self._recent.setText(self.tr("Recent"))
        self._recent.setToolTip(self.tr("Formulas that were typed before"))
        self._recent.setAccessibleName(self.tr("Formulas that were typed before"))
        for action, preset in zip(self._preset_actions, PRESETS, strict=True):
            action.setText(QCoreApplication.translate("presets", preset.title))
        self.editor.setAccessibleName(self.tr("Formula"))
        self.editor.setPlaceholderText(self.tr("u = x^2 + 1\ny = sin(u)"))
        notation = self.tr(
            "One definition a line; the last line is the output.\n"
            "+ − * / ^, sin 2x, x², √x, |x|, {x if x > 0 else 0}, pi, e\n"
            "{functions}"
        ).replace("{functions}", "\n".join(textwrap.wrap(" ".join(FUNCTIONS), 60)))
        self.editor.setToolTip(tooltip(notation))
        self._error_label.setAccessibleName(self.tr("What is wrong with the formula"))
        self._network_button.setText(self.tr("Open as network"))
        self._network_button.setToolTip(
            self.tr("Open the same network, with these values, in the main window")
        )
        self._network_button.setAccessibleName(self._network_button.toolTip())
        self._no_variables.setText(self.tr("A name that no line defines becomes a variable."))
        for place, (text, tip) in enumerate(
            (
                (
                    self.tr("Reverse"),
                    self.tr("Reverse mode: one pass backward gives the derivative by every variable"),
                ),
                (self.tr("Forward"), self.tr("Forward mode: one pass forward for each variable")),
            )
        ):
            button = self._buttons.button(place)
            button.setText(text)
            button.setToolTip(tooltip(tip))
            button.setAccessibleName(tip)
        for page, (text, tip) in enumerate(
            (
                (self.tr("Graph"), self.tr("Values and derivatives, node by node")),
                (self.tr("Working"), self.tr("The derivative worked out, rule by rule")),
                (self.tr("Descent"), self.tr("Downhill from the point, step by step")),
            )
        ):
            self.ways.setTabText(page, text)
            self.ways.setTabToolTip(page, tooltip(tip))
        self._by_label.setText(self.tr("by"))
        self._by_combo.setToolTip(self.tr("The variable that paths, curve and forward mode are about"))
        self._by_combo.setAccessibleName(self._by_combo.toolTip())
        self.canvas.setAccessibleName(self.tr("Computational graph"))
        self.canvas.setWhatsThis(
            self.tr(
                "Wheel: zoom. Drag: pan. F or double click: fit. Click: select. With the keyboard: arrow "
                "keys go from node to node, + and − zoom, Escape clears."
            )
        )
        self.canvas.set_empty_text(self.tr("Type a function at the left, for example y = sin(x^2)"))
        self._show_error()
        self._show()

    # reading

    def _read(self) -> None:
        """Read what is typed. While it is wrong, the drawing before stays, pale, and answers nothing."""
        text = self.editor.text
        self.pause()
        self._network_button.setVisible(self._network() is not None)
        if not text.strip():
            self._formula = self._graph = self._reveal = self._drawing = None
            self._variable = ""
            self._selected = None
            self._set_error(None)
            self._list_variables()
            self._show()
            return
        try:
            formula = _bounded(text)
        except ExpressionError as error:
            self._formula = None  # no slider may bring the formula before back to life
            self._set_error(error)
            self._show()
            return
        self._formula = formula
        for name in formula.variables:
            self._values.setdefault(name, FIRST_VALUE)
        if self._variable not in formula.variables:
            self._variable = next(iter(formula.variables), "")
        self._position = None
        self._selected = None
        self._path = frozenset()
        self._list_variables()
        self._evaluate()

    def _list_variables(self) -> None:
        names = tuple(self.values)
        self.variables.set_variables(self.values, self._limits)
        for name, row in self.variables.rows.items():
            limits = self._limits.setdefault(name, row.limits)
            if row.limits != limits:
                row.set_limits(limits)
        self._no_variables.setVisible(not names)
        with QSignalBlocker(self._by_combo):
            if tuple(self._by_combo.itemText(k) for k in range(self._by_combo.count())) != names:
                self._by_combo.clear()
                self._by_combo.addItems(list(names))
        self._by_combo.setEnabled(bool(names))

    def _evaluate(self) -> None:
        """Put the values in. Where there is no result, this formula's last graph stays, pale."""
        formula = self._formula
        if formula is None:
            return
        try:
            graph = graph_of(formula, self.values)
            formula = graph.formula
            forward_mode = self._mode is Mode.FORWARD and bool(self._variable)
            tangents = graph.tangents(self._variable) if forward_mode else ()
        except ExpressionError as error:
            if self._graph is not None and self._graph.formula.text != formula.text:
                self._graph = self._drawing = None
                self._tangents = ()
            self._set_error(error)
            self._show()
            return
        self._set_error(None)
        self._graph, self._tangents = graph, tangents
        if self._drawing is None or self._drawing.formula is not formula:
            self._drawing = Drawing(graph, Fonts(self.font()))
        self._show()

    def _set_error(self, error: ExpressionError | None) -> None:
        self._error = error
        self._show_error()

    def _show_error(self) -> None:
        error = self._error
        self.editor.mark_error(None if error is None else (error.line, error.column))
        self._error_label.setText("" if error is None else "\n".join(filter(None, localized(error))))
        self._error_label.setVisible(error is not None)

    # showing

    def _show(self) -> None:
        """Show the graph as it is now, everywhere; what is wrong leaves its drawing alone, pale."""
        self._stale = not self.isVisible()
        graph = self._current
        self._reveal = self._revealed()
        if self._stale:
            return
        self._show_picture()
        self._show_controls()
        self.variables.set_chosen(self._variable)
        with QSignalBlocker(self._by_combo):
            self._by_combo.setCurrentText(self._variable)
        reveal = self._reveal
        self._show_legend()
        node = self._node_of_interest()
        self.inspector.show_graph(graph, self._variable, reveal, node)
        self.working.show_graph(graph, self._variable, self._mode)
        self.descent.show_graph(graph, self._variable, self._limits)
        if graph is None or reveal is None:
            self.plot.clear()
            self.banner.hide()
            self.variables.show_partials({}, {})
            return
        self.banner.show_step(graph, self._variable, reveal)
        self._show_partials(graph, reveal)
        self._show_plot(graph, reveal)

    @property
    def _current(self) -> Graph | None:
        """The graph that answers for the text and its values; None while one of them is wrong."""
        return self._graph if self._error is None else None

    def _revealed(self) -> Reveal | None:
        graph = self._graph
        if graph is None:
            return None
        if self._error is not None:
            return self._reveal
        if self._mode is Mode.FORWARD and self._variable:
            return forward(graph, self._variable, self._tangents, self._position)
        return reverse(graph, self._position)

    def _show_picture(self) -> None:
        graph, reveal, drawing = self._graph, self._reveal, self._drawing
        if graph is None or reveal is None or drawing is None or drawing.formula is not graph.formula:
            self.canvas.set_picture(None)
            return
        self.canvas.set_picture(
            Picture(drawing, graph, reveal, self._marked(graph), self._selected, self._error is not None)
        )

    def _marked(self, graph: Graph) -> frozenset[Edge]:
        """The chosen path with the local derivatives of the moment."""
        keys = {edge[:3] for edge in self._path}
        return frozenset(edge for edge in graph.edges if edge[:3] in keys) if keys else frozenset()

    def _show_controls(self) -> None:
        reveal = None if self._error else self._reveal
        if self._works_out and reveal is not None:
            self.controls.show_rules(self.working.position, self.working.length, playing=self.playing)
        else:
            self.controls.show_progress(reveal, playing=self.playing)

    def _show_partials(self, graph: Graph, reveal: Reveal) -> None:
        output = symbol(graph, graph.formula.output)
        ratios, partials = {}, {}
        reverse_mode = reveal.mode is Mode.REVERSE
        for name, index in graph.formula.variables.items():
            ratios[name] = f"∂{output}/∂{name_plain(name)}"
            if reverse_mode:
                known = index in reveal.complete
            else:
                known = name == self._variable and graph.formula.output in reveal.complete
            partials[name] = graph.partials[name] if known else None
        self.variables.show_partials(ratios, partials)

    def _show_plot(self, graph: Graph, reveal: Reveal) -> None:
        name = self._variable
        if not name:
            self.plot.clear()
            return
        output, variables = graph.formula.output, graph.formula.variables
        if reveal.mode is Mode.REVERSE:
            derived = variables[name] in reveal.complete
        else:
            derived = output in reveal.complete
        self.plot.show_curve(
            graph,
            name,
            self.variables.rows[name].limits,
            graph.partials[name] if derived else None,
            known=output in reveal.evaluated,
        )

    def _show_legend(self) -> None:
        output = "y" if self._graph is None else symbol(self._graph, self._graph.formula.output)
        reverse_mode = self._mode is Mode.REVERSE or not self._variable
        derivative = f"∂{output}/∂v" if reverse_mode else f"∂v/∂{self._variable}"
        text = self.tr("box: its value v, below it {derivative} · line: local derivative · dashed: negative")
        self._legend.setText("" if self._graph is None else text.format(derivative=derivative))

    def _node_of_interest(self) -> int | None:
        graph, reveal = self._current, self._reveal
        if graph is None or reveal is None:
            return None
        if self._selected is not None:
            return self._selected
        if reveal.node is not None:
            return reveal.node
        if reveal.mode is Mode.FORWARD:
            return graph.formula.output
        return graph.formula.variables.get(self._variable, graph.formula.output)

    # the user

    def _change(self, name: str, value: float) -> None:
        self._values[name] = value
        self._limits[name] = self.variables.rows[name].limits
        self._evaluate()

    def _range_changed(self, name: str) -> None:
        self._limits[name] = self.variables.rows[name].limits
        graph = self._current
        if name == self._variable and graph is not None and self._reveal is not None:
            self._show_plot(graph, self._reveal)

    def _select(self, node: int | None) -> None:
        self._selected = node
        graph = self._graph
        if graph is not None and node is not None and graph.formula.terms[node].op == "variable":
            name = graph.formula.terms[node].name
            if name != self._variable and self._error is None:
                self.set_variable(name)
                return
        self._show()

    def _point_out(self, path: frozenset[Edge]) -> None:
        self._path = path
        self._show_picture()

    def _go(self, position: int) -> None:
        if self._reveal is None or self._error is not None:
            return
        position = min(max(position, 0), self._reveal.length)
        self._selected = None
        self._position = None if position == self._reveal.length else position
        self._show()

    def _step_pressed(self) -> None:
        self.pause()
        self.step()

    def _back_pressed(self) -> None:
        self.pause()
        self.step_back()

    def _toggle_play(self) -> None:
        if self.playing:
            self.pause()
        else:
            self.play()

    def _play_on(self) -> None:
        self.step()
        at_end = (
            self.working.position == self.working.length
            if self._works_out
            else (self._reveal is None or self._reveal.finished)
        )
        if at_end:
            self.pause()

    def _network(self) -> Preset | None:
        """The example that is a network, if the text is still it."""
        lines = self.editor.text.split()
        return next((p for p in PRESETS if p.network is not None and p.text.split() == lines), None)

    def _open_network(self) -> None:
        preset = self._network()
        if preset is not None and preset.network is not None:
            self.network_requested.emit(NetworkRequest(preset.network, self.values))

    def _choose_file(self, ending: str) -> None:
        name = str(Path(self._kept.get(DATA_FOLDER)) / f"graph.{ending}")
        kinds = self.tr("{kind} pictures").format(kind=ending.upper()) + f" (*.{ending})"
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save graph"), name, kinds)
        if chosen:
            if not chosen.lower().endswith(f".{ending}"):
                chosen = f"{chosen}.{ending}"
            self._kept.keep(DATA_FOLDER, str(Path(chosen).parent))
            self.save_picture(chosen)

    # memory

    def _keep(self) -> None:
        """Remember what is typed, if it can be read and is no mere example."""
        text = self.editor.text
        is_example = any(text.split() == preset.text.split() for preset in PRESETS)
        if self._formula is not None and self._formula.text == text and not is_example:
            memory.remember(self._kept, text, self.values)

    def _fill_recent(self) -> None:
        menu = self._recent.menu()
        menu.clear()
        self._keep()
        for entry in memory.recall(self._kept):
            title = entry.title
            if len(title) > MENU_TITLE:
                title = title[: MENU_TITLE - 1] + "…"
            menu.addAction(title.replace("&", "&&"), partial(self._take, entry))
        if menu.isEmpty():
            menu.addAction(self.tr("Nothing yet")).setEnabled(False)
        else:
            menu.addSeparator()
            menu.addAction(self.tr("Forget all"), partial(memory.forget, self._kept))

    def _take(self, entry: memory.Remembered) -> None:
        self._variable = ""
        self.set_text(entry.text, entry.values)

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.focusWidget() is None or not self.isAncestorOf(self.focusWidget()):
            self.editor.setFocus()
        if self._stale:
            self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.playing:
            self.pause()
        self._keep()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange and self._graph is not None:
            self._drawing = Drawing(self._graph, Fonts(self.font()))
            self._show()
        super().changeEvent(event)


class _Column(QScrollArea):
    """Scrolls up and down only: never narrower than what it holds."""

    def minimumSizeHint(self) -> QSize:
        held = self.widget()
        width = 0 if held is None else held.minimumSizeHint().width()
        return QSize(width + self.verticalScrollBar().sizeHint().width(), 120)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def _bounded(text: str) -> Formula:
    """Read a text, if it is short enough to be drawn and followed live."""
    if len(text) > MOST_CHARACTERS:
        raise error_at(text, MOST_CHARACTERS, "too_long")
    for word in _WORD.finditer(text):
        if len(word[0]) > LONGEST_WORD:
            kind = "number_too_long" if word[0][0] in "0123456789." else "name_too_long"
            raise error_at(text, word.start(), kind, text=short(word[0]), limit=LONGEST_WORD)
    formula = parse(text)
    if len(formula.terms) > MOST_TERMS:
        raise formula.error(MOST_TERMS, "too_long")
    return formula

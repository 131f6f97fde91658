"""Matrix notation: what is typed, its gradients rule by rule, and the paths of any entry."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import FloatArray
from engine.errors import ExpressionError
from engine.explain.expression import Graph, Paths
from engine.explain.expression.page import matrix_page
from engine.explain.matrices import (
    MATRIX_PRESETS,
    MatrixGraph,
    MatrixPreset,
    MatrixStep,
    TooManyEntriesError,
    entry_name,
    parse_matrices,
    scalars,
    shape_text,
)
from engine.explain.matrices.graph import SPREAD
from engine.explain.matrices.scalars import disagreement
from gui.kept import MATRICES, Kept
from gui.lab.editor import FormulaEditor
from gui.lab.formula_tree import FormulaTree, Line
from gui.lab.keys import OwnKeys
from gui.lab.symbols import ARROW
from gui.style.equation import EquationLabel
from gui.style.fonts import px, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.numbers import full, grouped, short
from gui.text.plain import Label, tooltip
from gui.widgets.message_bar import MessageBar
from gui.widgets.saving import choose_file, said, save_page, tell_saved
from gui.widgets.table import Cell, Row, Table, number

PATHS_SHOWN = 12
PATHS_FOLLOWED = 1_000
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_NODE, _STEP = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2


class MatrixView(QWidget):
    """A person types a network in matrix notation and reads every gradient, as formula and as numbers."""

    def __init__(self, parent: QWidget | None = None, *, remember: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("matrixView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._kept = Kept(remember)
        self._theme = LIGHT
        self._graph: MatrixGraph | None = None
        self._traced: Graph | None = None
        self._error: ExpressionError | None = None
        self._node: int | None = None
        self._build()
        self.installEventFilter(OwnKeys(self))
        self._retranslate()
        kept = self._kept.get(MATRICES)
        self.set_text(kept or MATRIX_PRESETS[0].text)

    # what it shows

    @property
    def text(self) -> str:
        """What is typed."""
        return self.editor.text

    @property
    def graph(self) -> MatrixGraph | None:
        """What is shown; None while the text cannot be read."""
        return self._graph

    @property
    def error(self) -> ExpressionError | None:
        """What is wrong with the text."""
        return self._error

    @property
    def error_text(self) -> str:
        """The same in words."""
        return self._error_label.text()

    @property
    def why(self) -> str:
        """Why the step that is looked at is as it is."""
        return self._why.text()

    @property
    def paths(self) -> Table:
        """The paths of the entry that is looked at."""
        return self._paths

    @property
    def check_text(self) -> str:
        """How the matrix form and the entries agree."""
        return self._agrees.text()

    def set_text(self, text: str) -> None:
        """Type this."""
        if text == self.editor.text:
            self._read()
        else:
            self.editor.replace(text.rstrip())

    def use_preset(self, preset: MatrixPreset) -> None:
        """Take an example."""
        self.set_text(preset.text)

    def look_at(self, name: str) -> None:
        """Look at a name's numbers and gradient."""
        for item in self.tree.rows():
            if item.data(0, _NODE) is not None and self._name(item.data(0, _NODE)) == name:
                self.tree.setCurrentItem(item)
                return
        raise KeyError(name)

    def save_working(self, path: str) -> bool:
        """Write the gradients, worked out, as the name ends; say what came of it."""
        if self._graph is None:
            return False
        saved = save_page(matrix_page(self._graph, said), path)
        tell_saved(self.message_bar, path, saved)
        return saved

    def _choose_file(self) -> None:
        if path := choose_file(self, self.tr("Save working"), self._kept):
            self.save_working(path)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for widget in (self.editor, self.tree, self._heading, self._formula, self._paths):
            widget.set_theme(theme)

    # building

    def _build(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("matrixSplit")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        split.addWidget(self._build_left())
        split.addWidget(self._build_centre())
        split.addWidget(self._build_right())
        split.setStretchFactor(1, 1)
        split.setSizes([300, 720, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(split, 1)

    def _build_left(self) -> QWidget:
        left = QWidget()
        left.setObjectName("matrixLeft")
        self._editor_title = Label()
        self._editor_title.setProperty("role", "heading")
        self._examples = QToolButton()
        self._examples.setObjectName("matrixExamples")
        self._examples.setProperty("role", "menu")
        self._examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._examples.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._examples.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        menu = QMenu(self._examples)
        self._preset_actions = []
        for preset in MATRIX_PRESETS:
            action = menu.addAction("", partial(self.use_preset, preset))
            action.setObjectName(f"matrixPreset.{preset.key}")
            self._preset_actions.append(action)
        self._examples.setMenu(menu)
        self._save = QPushButton()
        self._save.setObjectName("matrixSave")
        self._save.clicked.connect(self._choose_file)
        self.message_bar = MessageBar()
        self.message_bar.setObjectName("matrixMessageBar")
        self.editor = FormulaEditor()
        self.editor.setObjectName("matrixEditor")
        self.editor.textChanged.connect(self._read)
        self._error_label = Label()
        self._error_label.setObjectName("matrixError")
        self._error_label.setProperty("role", "error")
        self._error_label.setWordWrap(True)
        self._error_label.hide()
        self._notation = Label()
        self._notation.setProperty("role", "note")
        self._notation.setWordWrap(True)
        column = QVBoxLayout(left)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        for widget in (
            self._editor_title,
            self._examples,
            self.editor,
            self._error_label,
            self._notation,
            self._save,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        return left

    def _build_centre(self) -> QWidget:
        centre = QWidget()
        centre.setObjectName("matrixCentre")
        self.tree = FormulaTree("matrixTree")
        self.tree.currentItemChanged.connect(self._chosen)
        why = QWidget()
        why.setObjectName("matrixWhyPanel")
        why.setFixedHeight(px(104))
        self._why_title = Label()
        self._why_title.setProperty("role", "heading")
        self._why = Label()
        self._why.setObjectName("matrixWhy")
        self._why.setWordWrap(True)
        column = QVBoxLayout(why)
        column.setContentsMargins(14, 8, 14, 6)
        column.setSpacing(2)
        column.addWidget(self._why_title)
        column.addWidget(self._why)
        column.addStretch(1)
        whole = QVBoxLayout(centre)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.tree, 1)
        whole.addWidget(why)
        return centre

    def _build_right(self) -> QWidget:
        inner = QWidget()
        inner.setObjectName("matrixInspector")
        self._heading = EquationLabel(pixel_size=22.0)
        self._heading.setFixedHeight(px(34))
        self._shape = Label()
        self._shape.setObjectName("matrixShape")
        self._shape.setProperty("role", "note")
        self._formula = EquationLabel(pixel_size=16.0)
        self._formula.setFixedHeight(px(48))
        self._titles = [Label() for _ in range(3)]
        for title in self._titles:
            title.setProperty("role", "heading")
            title.setWordWrap(True)
        self.values, self.gradients = _grid("matrixValues"), _grid("matrixGradients")
        self.gradients.currentCellChanged.connect(self._trace)
        self._paths = Table("lr")
        self._paths.setObjectName("matrixPaths")
        self._agrees = Label()
        self._agrees.setObjectName("matrixAgrees")
        self._agrees.setProperty("role", "note")
        self._agrees.setWordWrap(True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self._heading)
        top.addWidget(self._shape, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        column.addLayout(top)
        for widget in (
            self._titles[0],
            self.values,
            self._titles[1],
            self._formula,
            self.gradients,
            self._titles[2],
            self._paths,
            self._agrees,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("matrixInspectorScroll")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setMinimumWidth(px(300))
        return area

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Matrices"))
        self._editor_title.setText(self.tr("Matrix notation").upper())
        self._examples.setText(self.tr("Examples"))
        self._examples.setAccessibleName(self.tr("Formulas to begin with"))
        for action, preset in zip(self._preset_actions, MATRIX_PRESETS, strict=True):
            action.setText(QCoreApplication.translate("presets", preset.title))
        self.editor.setAccessibleName(self.tr("Matrix notation"))
        self._error_label.setAccessibleName(self.tr("What is wrong with the formula"))
        self._save.setText(self.tr("Save working…"))
        self._save.setToolTip(tooltip(self.tr("All rules and gradients as Markdown, LaTeX, HTML or PDF")))
        self._notation.setText(
            self.tr(
                "W = [1, 2; 3, 4] gives numbers, W: 2x3 a shape. @ is the matrix product, * and ⊙ multiply "
                "entry by entry, .T transposes. sum, mean and softmax take a matrix, sum(A, 0) goes down its "
                "rows. The last line has to be one number. In formulas, 1 with an arrow is a vector of ones."
            )
        )
        self.tree.setHeaderLabels([self.tr("Rule"), self.tr("What it makes of it"), self.tr("Shape")])
        self.tree.setAccessibleName(self.tr("Lines and gradients, rule by rule"))
        self._why_title.setText(self.tr("Why?").upper())
        self._why.setAccessibleName(self.tr("Why this step"))
        self._titles[0].setText(self.tr("Value").upper())
        self._titles[1].setText(self.tr("Gradient").upper())
        self.values.setAccessibleName(self.tr("Entries of the value"))
        self.gradients.setAccessibleName(self.tr("Entries of the gradient; choose one to see its paths"))
        self.gradients.setToolTip(tooltip(self.tr("Choose an entry to see the paths that make it")))
        self._paths.setAccessibleName(self.tr("Paths of the entry"))
        self._show_error()
        self._draw()

    # reading

    def _read(self) -> None:
        text = self.editor.text
        self._node = None
        try:
            self._graph = MatrixGraph(parse_matrices(text)) if text.strip() else None
            self._error = None
        except ExpressionError as error:
            self._graph, self._error = None, error
        self._traced = None
        self._save.setEnabled(self._graph is not None)
        self._show_error()
        self._draw()

    def _show_error(self) -> None:
        error = self._error
        self.editor.mark_error(None if error is None else (error.line, error.column))
        self._error_label.setText("" if error is None else "\n".join(filter(None, localized(error))))
        self._error_label.setVisible(error is not None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._graph is not None:
            self._kept.keep(MATRICES, self.editor.text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # drawing

    def _name(self, index: int) -> str:
        assert self._graph is not None
        formula = self._graph.formula
        return formula.terms[index].name or (formula.output_name if index == formula.output else "")

    def _draw(self) -> None:
        graph = self._graph
        self.tree.clear()
        if graph is None:
            self._show_node(None)
            return
        formula, writer = graph.formula, graph.writer
        forward = self.tree.add(None, Line(self.tr("Forward"), "", "", strong=True))
        lines = [*formula.lines.values()]
        if formula.output not in lines:
            lines.append(formula.output)
        for line, index in zip(writer.lines(), lines, strict=True):
            self._add(forward, index, self._name(index), line)
        gradients = self.tree.add(None, Line(self.tr("Gradients"), "", "", strong=True))
        between = [index for index in reversed(lines) if index != formula.output]
        names = [*between, *formula.variables.values()]
        for index in names:
            name = self._name(index)
            text = f"{writer.derivative(index)} = {graph.gradient_latex(name)}"
            self._add(gradients, index, name, text)
        backward = self.tree.add(None, Line(self.tr("Backward, rule by rule"), "", "", strong=True))
        self._add_steps(backward, graph)
        self.tree.expandAll()
        if len(graph.steps) > 12:
            backward.setExpanded(False)
        first = next((index for index in formula.variables.values() if graph.values[index].size > 1), None)
        wanted = first if first is not None else formula.output
        chosen = next(item for item in self.tree.rows() if item.data(0, _NODE) == wanted)
        self.tree.setCurrentItem(chosen)
        self.tree.scrollToTop()

    def _add(self, parent: QTreeWidgetItem, index: int, title: str, text: str) -> QTreeWidgetItem:
        assert self._graph is not None
        item = self.tree.add(parent, Line(title, text, shape_text(self._graph.values[index].shape)))
        item.setData(0, _NODE, index)
        return item

    def _add_steps(self, parent: QTreeWidgetItem, graph: MatrixGraph) -> None:
        shares: dict[int, int] = {}
        for step in graph.steps:
            shares[step.source] = shares.get(step.source, 0) + 1
        seen: dict[int, int] = {}
        for step in graph.steps:
            seen[step.source] = seen.get(step.source, 0) + 1
            title = QCoreApplication.translate("rules", step.title)
            several = shares[step.source] > 1
            if several:
                title = self.tr("{rule}, share {number} of {all}").format(
                    rule=title, number=seen[step.source], all=shares[step.source]
                )
            sign = r"\leftarrow" if several else "="
            item = self._add(
                parent, step.source, title, f"{graph.writer.derivative(step.source)} {sign} {step.latex}"
            )
            item.setData(0, _STEP, step)

    def _chosen(self, item: QTreeWidgetItem | None, _before: object = None) -> None:
        node = None if item is None else item.data(0, _NODE)
        step = None if item is None else item.data(0, _STEP)
        self._why.setText(self._reason(step))
        self._show_node(node)

    def _reason(self, step: MatrixStep | None) -> str:
        if step is None:
            return "" if self._graph is None else self.tr("Choose a step under Backward to see why it is so.")
        said = self.tr("{rule}: {reason}").format(
            rule=QCoreApplication.translate("rules", step.title),
            reason=QCoreApplication.translate("rules", step.reason),
        )
        return said if not step.spread else "\n".join((said, QCoreApplication.translate("rules", SPREAD)))

    def _show_node(self, node: int | None) -> None:
        self._node = node
        graph = self._graph
        if graph is None or node is None:
            for grid in (self.values, self.gradients):
                _fill(grid, None)
            self._heading.set_latex("")
            self._formula.set_latex("")
            self._shape.setText("")
            self._trace()
            return
        self._heading.set_latex(graph.writer.symbol(node))
        self._shape.setText(shape_text(graph.values[node].shape))
        gradient = graph.gradients[node]
        self._formula.set_latex(graph.writer.derivative(node))
        _fill(self.values, graph.values[node])
        _fill(self.gradients, gradient if gradient is not None else 0.0 * graph.values[node])
        self.gradients.setCurrentCell(0, 0)
        self._trace()

    def _trace(self, *_changed: object) -> None:
        """Show the paths that make the chosen entry of the gradient."""
        graph, node = self._graph, self._node
        row, column = self.gradients.currentRow(), self.gradients.currentColumn()
        name = "" if graph is None or node is None else self._name(node)
        self._titles[2].setText("")
        self._paths.set_rows([])
        self._agrees.setText("")
        if graph is None or node is None or row < 0:
            return
        if not name or node == graph.formula.output:
            self._agrees.setText(self.tr("The entries of a quantity with a name are traced to their paths."))
            return
        try:
            if self._traced is None:
                self._traced = scalars(graph)
        except TooManyEntriesError:
            self._agrees.setText(self.tr("Too many entries to be traced one by one."))
            return
        except ExpressionError as error:
            self._agrees.setText(" ".join(filter(None, localized(error))))
            return
        entry = entry_name(name, graph.values[node].shape, row, column)
        self._show_paths(self._traced, entry, name in graph.formula.variables)
        self._agrees.setText(
            self.tr("Matrix form and entries agree to {difference}.").format(
                difference=short(disagreement(graph, self._traced), 2)
            )
        )

    def _show_paths(self, traced: Graph, entry: str, is_variable: bool) -> None:
        if is_variable:
            paths = traced.paths(entry, PATHS_FOLLOWED)
            total = traced.partials[entry]
        else:
            index = traced.formula.lines[entry]
            total = traced.adjoints[index] or 0.0
            paths = traced.paths_from(index, PATHS_FOLLOWED)
        count = grouped(paths.count) if paths.count < 10**12 else short(float(min(paths.count, 10**300)), 2)
        title = self.tr("The paths of entry {entry} ({count})")
        self._titles[2].setText(title.format(entry=lowered(entry), count=count))
        shown = _routes(traced, paths)[:PATHS_SHOWN]
        rows: list[Row] = []
        for route, products in shown:
            several = self.tr("{route}, {count} paths").format(route=route, count=len(products))
            rows.append((Cell(several if len(products) > 1 else route), number(math.fsum(products))))
        if sum(len(products) for _, products in shown) < paths.count:
            rest = total - math.fsum(product for _, products in shown for product in products)
            rows.append((Cell(self.tr("the others together"), role="muted"), number(rest)))
        rows.append((Cell(self.tr("sum"), role="strong"), number(total, "strong")))
        self._paths.set_rows(rows, footer=1)


def lowered(entry: str) -> str:
    """Return an entry's name as it is written: W_12 as W₁₂."""
    name, _, units = entry.rpartition("_")
    if not name:
        return entry
    head, _, more = name.rpartition("_")
    return (
        f"{head}{more.translate(_LOW)}‚{units.translate(_LOW)}"
        if head and more.isdigit()
        else f"{name}{units.translate(_LOW)}"
    )


def _named_path(traced: Graph, nodes: tuple[int, ...]) -> str:
    """The way of a derivative over the entries that have names."""
    terms = traced.formula.terms
    return ARROW.join(lowered(terms[index].name) for index in nodes if terms[index].name)


def _routes(traced: Graph, paths: Paths) -> list[tuple[str, list[float]]]:
    """The ways over named entries, each with the products of its paths, the largest sum first.

    Paths that differ in entries without a name only are one route, as long as all paths are listed.
    """
    if paths.count > len(paths):
        return [(_named_path(traced, path.nodes), [path.product]) for path in paths]
    routes: dict[str, list[float]] = {}
    for path in paths:
        routes.setdefault(_named_path(traced, path.nodes), []).append(path.product)
    return sorted(routes.items(), key=lambda route: -abs(math.fsum(route[1])))


def _grid(name: str) -> QTableWidget:
    grid = QTableWidget()
    grid.setObjectName(name)
    grid.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    grid.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    grid.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    grid.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    grid.verticalHeader().setDefaultSectionSize(px(24))
    grid.setFrameShape(QFrame.Shape.NoFrame)
    return grid


def _fill(grid: QTableWidget, numbers: FloatArray | None) -> None:
    grid.setCurrentIndex(QModelIndex())
    rows, columns = (0, 0) if numbers is None else numbers.shape
    grid.setRowCount(rows)
    grid.setColumnCount(columns)
    font = tabular(grid.font())
    for i in range(rows):
        for j in range(columns):
            assert numbers is not None
            item = QTableWidgetItem(short(float(numbers[i, j])))
            item.setToolTip(tooltip(full(float(numbers[i, j]))))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(font)
            grid.setItem(i, j, item)
    height = grid.horizontalHeader().sizeHint().height() + px(24) * min(rows, 8) + 4
    scroll = grid.horizontalScrollBar().sizeHint().height() if columns > 4 else 0
    grid.setFixedHeight(height + scroll if rows else 0)

"""The derivative worked out rule by rule, beside its numbers: to fold, to step through, to ask why."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from engine.digits import latex as number_latex
from engine.explain.expression import Graph
from engine.explain.expression.algebra import Expr, TooLargeError, derivative
from engine.explain.expression.latex import name_plain
from engine.explain.expression.rules import RuleStep, WorkedLine, Working, work_out
from gui.lab.formula_tree import LATEX, FormulaTree, Line
from gui.lab.reveal import Mode
from gui.style.equation import EquationLabel
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import digits_that_agree, full, short
from gui.text.plain import Label, tooltip

OPEN_LEVELS = 2
"""How deep steps are unfolded at first, where there are many."""
MANY = 24

_STEP = Qt.ItemDataRole.UserRole + 1
_JOINED = {"add": " + ", "subtract": " - ", "multiply": r" \cdot "}


class WorkingView(QWidget):
    """All steps of one derivative.

    Signals
    -------
    moved()
        Another step is looked at.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workingView")
        self._theme = LIGHT
        self._asked: tuple[Graph | None, str, Mode] = (None, "", Mode.REVERSE)
        self._shown: tuple[object, ...] | None = None
        self._working: Working | None = None
        self._numbered: list[tuple[QTreeWidgetItem, Expr]] = []
        self.tree = FormulaTree("workingTree", self)
        self.tree.currentItemChanged.connect(self._chosen)
        self._note = Label(self)
        self._note.setProperty("role", "note")
        self._note.setWordWrap(True)
        self._note.setContentsMargins(14, 8, 14, 8)
        self._why_title = Label(self)
        self._why_title.setProperty("role", "heading")
        self._why = Label(self)
        self._why.setObjectName("workingWhy")
        self._why.setWordWrap(True)
        self._numbers = EquationLabel(pixel_size=16.0, parent=self)
        self._numbers.setObjectName("workingNumbers")
        self._numbers.setFixedHeight(px(42))
        why = QWidget(self)
        why.setObjectName("workingWhyPanel")
        why.setFixedHeight(px(124))
        column = QVBoxLayout(why)
        column.setContentsMargins(14, 8, 14, 6)
        column.setSpacing(2)
        column.addWidget(self._why_title)
        column.addWidget(self._why)
        column.addWidget(self._numbers)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._note)
        whole.addWidget(self.tree, 1)
        whole.addWidget(why)
        self._retranslate()

    @property
    def working(self) -> Working | None:
        """What is shown; None if there is nothing, or too much."""
        return self._working

    @property
    def why(self) -> str:
        """Why the step that is looked at is as it is."""
        return self._why.text()

    @property
    def numbers(self) -> EquationLabel:
        """The numbers that enter it."""
        return self._numbers

    @property
    def position(self) -> int:
        """How many steps down it is; 0 before the first."""
        steps = self._steps()
        item = self.tree.currentItem()
        return steps.index(item) + 1 if item in steps else 0

    @property
    def length(self) -> int:
        """How many steps there are."""
        return len(self._steps())

    def show_graph(self, graph: Graph | None, by: str, mode: Mode) -> None:
        """Work the derivative out when there is somebody to see it."""
        self._asked = graph, by, mode
        if self.isVisible():
            self._draw()

    def go(self, by: int) -> None:
        """Look at a step further down or up; 0 goes before the first."""
        steps = self._steps()
        place = self.position - 1 + by if by else -1
        if not steps or place < 0:
            self.tree.setCurrentIndex(QModelIndex())
            return
        item = steps[min(place, len(steps) - 1)]
        above = item.parent()
        while above is not None:
            above.setExpanded(True)
            above = above.parent()
        self.tree.setCurrentItem(item)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.tree.set_theme(theme)
        self._numbers.set_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- drawing -----------------------------------------------------------------------------------

    def _retranslate(self) -> None:
        self.tree.setHeaderLabels([self.tr("Rule"), self.tr("What it makes of it"), self.tr("Number")])
        self.tree.setAccessibleName(self.tr("The derivative, rule by rule"))
        self._why_title.setText(self.tr("Why?").upper())
        self._why.setAccessibleName(self.tr("Why this step"))
        self._shown = None
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        graph, by, mode = self._asked
        shown = (graph, by, mode)
        if shown == self._shown:
            return
        if self._working is not None and graph is not None and self._is_of(graph, by, mode):
            self._shown = shown
            self._move_to(graph)
            return
        self._shown = shown
        self.tree.clear()
        self._numbered.clear()
        self._working = None
        if graph is None or not by:
            empty = self.tr("Type a function of a variable: its derivative is worked out here.")
            constant = self.tr("Nothing to derive by: the value is a constant.")
            self._say(empty if graph is None else constant)
            return
        try:
            self._working = work_out(graph, by)
        except TooLargeError:
            self._say(self.tr("Too long to be written out. The graph has its derivative all the same."))
            return
        self._say("")
        self._fill(self._working, mode)
        rows = self.tree.rows()
        if len(rows) <= MANY:
            self.tree.expandAll()
        else:
            self.tree.expandToDepth(OPEN_LEVELS - 1)
        self._tell(None)

    def _move_to(self, graph: Graph) -> None:
        """Show the same steps with the numbers of another point."""
        assert self._working is not None
        working = self._working = self._working.at(graph)
        for item, tree in self._numbered:
            value = working.value(tree)
            item.setText(2, short(value))
            item.setToolTip(2, full(value))
        chosen = self.tree.currentItem()
        if chosen is not None and chosen.data(0, _STEP) is not None:
            self._tell(chosen.data(0, _STEP))

    def _is_of(self, graph: Graph, by: str, mode: Mode) -> bool:
        before, name, way = self._shown or (None, "", mode)
        return isinstance(before, Graph) and before.formula is graph.formula and (name, way) == (by, mode)

    def _say(self, text: str) -> None:
        self._note.setText(text)
        self._note.setVisible(bool(text))
        self.tree.setVisible(not text)
        if text:
            self._tell(None)

    def _fill(self, working: Working, mode: Mode) -> None:
        lines = working.lines if mode is Mode.FORWARD else working.lines[::-1]
        for line in lines:
            self._add_line(working, line, mode)
        if working.whole is not None and len(working.lines) > 1:
            left = working.ratio(working.lines[-1].name)
            value = working.value(working.whole)
            title = self.tr("With all lines put in")
            text = f"{left} = {working.latex(working.whole)}"
            item = self.tree.add(None, Line(title, text, short(value), full(value), True))
            self._numbered.append((item, working.whole))

    def _add_line(self, working: Working, line: WorkedLine, mode: Mode) -> None:
        left = working.ratio(line.name)
        value = working.rates[line.name, working.by]
        shown = working.latex(line.result)
        top = self.tree.add(
            None,
            Line(
                self.tr("{name} derived by {variable}").format(
                    name=name_plain(line.name), variable=name_plain(working.by)
                ),
                f"{left} = {shown}",
                short(value),
                full(value),
                True,
            ),
        )
        self._numbered.append((top, line.result))
        if mode is Mode.REVERSE:
            self._add_step(working, line.step, top)
        else:
            for step in line.step.inside_out():
                self._add(working, step, top, step.worked_out)
        for simpler in line.seen:
            title = QCoreApplication.translate("rules", simpler.title)
            text = f"{left} = {working.latex(simpler.result)}"
            item = self.tree.add(top, Line(title, text, short(value), full(value)))
            self._numbered.append((item, simpler.result))

    def _add_step(self, working: Working, step: RuleStep, parent: QTreeWidgetItem) -> None:
        item = self._add(working, step, parent, step.result)
        for part in step.parts:
            self._add_step(working, part, item)

    def _add(
        self, working: Working, step: RuleStep, parent: QTreeWidgetItem, result: Expr
    ) -> QTreeWidgetItem:
        value = working.value(step.result)
        item = self.tree.add(
            parent,
            Line(
                QCoreApplication.translate("rules", step.title),
                working.equation(step, result),
                short(value),
                full(value),
            ),
        )
        item.setData(0, _STEP, step)
        self._numbered.append((item, step.result))
        return item

    # -- why ---------------------------------------------------------------------------------------

    def _steps(self) -> list[QTreeWidgetItem]:
        return [item for item in self.tree.rows() if item.data(0, _STEP) is not None]

    def _chosen(self, item: QTreeWidgetItem | None, _before: object = None) -> None:
        step = None if item is None else item.data(0, _STEP)
        self._tell(step)
        if item is not None and step is None:  # a result: whole, where its row is too narrow for it
            self._why.setText(item.text(0))
            self._numbers.set_latex(item.data(1, LATEX))
        self.moved.emit()

    def _tell(self, step: RuleStep | None) -> None:
        working = self._working
        if step is None or working is None:
            self._why.setText("" if working is None else self.tr("Choose a step to see why it is so."))
            self._numbers.set_latex("")
            return
        title = QCoreApplication.translate("rules", step.title)
        reason = QCoreApplication.translate("rules", step.reason)
        self._why.setText(self.tr("{rule}: {reason}").format(rule=title, reason=reason))
        self._why.setToolTip(tooltip(reason))
        self._numbers.set_latex(numbers_latex(working, step))


def numbers_latex(working: Working, step: RuleStep) -> str:
    """Return the rule at a step in numbers, which come out as they are written: −0.4161 · 2 = −0.8323."""
    result = working.value(step.result)
    tree, sign = step.result, ""
    if tree.op == "negate" and tree.args[0].op in ("multiply", "divide"):
        tree, sign = tree.args[0], "-"
    entering = [number for _, number in working.entering(step)]
    if len(entering) < 2:
        return rf"{working.latex(derivative(step.function, step.by))} = {number_latex(result)}"

    def combine(*terms: float) -> float:
        first, second = terms
        made = {"add": first + second, "subtract": first - second, "multiply": first * second}.get(tree.op)
        if made is None:
            made = first / second if second else float("nan")
        return -made if sign else made

    of_terms, of_result = digits_that_agree(combine, entering, result, 4)
    first, second = (number_latex(number, of_terms) for number in entering)
    second_held = rf"\left({second}\right)" if second.startswith("-") else second
    if tree.op == "divide":
        made = rf"{sign}\frac{{{first}}}{{{second}}}"
    else:
        first_held = rf"\left({first}\right)" if sign and first.startswith("-") else first
        made = f"{sign}{first_held}{_JOINED[tree.op]}{second_held}"
    return f"{made} = {number_latex(result, of_result)}"

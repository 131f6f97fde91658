"""The right column: the chosen derivative by the chain rule, by paths, in closed form, and checked."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.explain.expression import Check, Edge, Graph, Path, Paths
from engine.explain.expression.algebra import TooLargeError
from engine.explain.expression.algebra import latex as tree_latex
from engine.explain.expression.latex import name_latex, name_plain
from engine.explain.expression.rules import work_out
from gui.lab.products import FactorCard, ProductSum
from gui.lab.reveal import Mode, Reveal, Share
from gui.lab.symbols import path_text, symbol
from gui.style.equation import EquationLabel, equation_size
from gui.style.fonts import tabular
from gui.style.sheet import mark
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, grouped, short
from gui.text.plain import Label, Prose, tooltip
from gui.views.chain_rule.cards import Headline
from gui.widgets.scrolled import ScrolledPage
from gui.widgets.table import UNKNOWN, Cell, Row, Table, number

PATHS_SHOWN = 8
MOST_SHARES = 8
CLOSED_FORM_SIZE = 15.0
TYPESET = 450
"""Characters of LaTeX up to which a closed form is typeset: laying out takes 0.12 ms a character."""

SPELLED_OUT = 6
"""Factors up to which the chain rule is also written on one line; of more it would be too small."""

MOST_CARDS = 24
"""Factors that are shown as cards."""

MOST_SECONDS = 6
"""Second derivatives that are listed."""


class _Section(QWidget):
    """A heading and what stands under it."""

    def __init__(self, parent: QWidget, *contents: QWidget) -> None:
        super().__init__(parent)
        self.title = Label(self)
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.title)
        for content in contents:
            column.addWidget(content)


class Inspector(QWidget):
    """What there is to say of d output / d variable.

    Signals
    -------
    path_chosen(frozenset of Edge) : to point out in the graph; empty for none
    """

    path_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionInspector")
        self._theme = LIGHT
        self._graph: Graph | None = None
        self._name = ""
        self._reveal: Reveal | None = None
        self._node: int | None = None
        self._paths: Paths | None = None
        self._listed: tuple[Path, ...] = ()
        self._chosen: tuple[int, ...] | None = None
        self._closed_of: tuple[object, str] | None = None
        self._check: Check | None = None
        self._build()
        self._retranslate()

    # what it shows

    @property
    def headline(self) -> Headline:
        """The derivative."""
        return self._headline

    @property
    def products(self) -> ProductSum:
        """The chain rule over the named lines."""
        return self._products

    @property
    def formula(self) -> EquationLabel:
        """The chain rule on one line."""
        return self._rule

    @property
    def paths(self) -> Table:
        """The paths and their products."""
        return self._paths_table

    @property
    def paths_title(self) -> str:
        """How many there are, and from where to where."""
        return self._paths_section.title.text()

    @property
    def check(self) -> Check | None:
        """The finite-difference check; None while the derivative is not known."""
        return self._check

    @property
    def check_text(self) -> str:
        """The same in words."""
        return self._check_text.text()

    @property
    def costs(self) -> Table:
        """The multiplications of each way."""
        return self._costs

    @property
    def node_table(self) -> Table:
        """The sum that a node's derivative is."""
        return self._shares

    @property
    def seconds(self) -> Table:
        """The second derivatives by the variable and each other one."""
        return self._seconds

    @property
    def sides_text(self) -> str:
        """Both slopes at a kink, in words; empty where there is one slope."""
        return "" if self._sides.isHidden() else self._sides.text()

    @property
    def closed_form(self) -> EquationLabel:
        """The derivative in closed form."""
        return self._closed

    @property
    def chosen_edges(self) -> frozenset[Edge]:
        """The edges of the chosen path."""
        path = self._chosen_path()
        return frozenset() if path is None else frozenset(path.edges)

    def show_graph(self, graph: Graph | None, name: str, reveal: Reveal | None, node: int | None) -> None:
        """Show the derivative by `name` as far as it is revealed, and the sum at a node."""
        if name != self._name or self._graph is None or graph is None or graph.formula != self._graph.formula:
            self._chosen = None
        self._graph, self._name, self._reveal, self._node = graph, name, reveal, node
        shown = graph is not None and reveal is not None
        self._page.show_content(shown)
        if shown:
            self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for widget in (self._headline, self._rule, self._products, self._step, self._closed, *self._tables):
            widget.set_theme(theme)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # building

    def _build(self) -> None:
        content = QWidget(self)
        content.setObjectName("expressionInspectorContent")
        self._caption = Label(content)
        self._caption.setProperty("role", "note")
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caption.setWordWrap(True)
        self._headline = Headline(content)
        self._headline.setObjectName("expressionHeadline")
        self._headline.setFixedHeight(42)  # a name may have an index under it
        self._rule = EquationLabel(pixel_size=16.0, parent=content)
        self._rule.setObjectName("expressionRule")
        self._products = ProductSum(content)
        self._rule_section = _Section(content, self._rule, self._products)
        self._sides = Label(content)
        self._sides.setObjectName("expressionSides")
        self._sides.setWordWrap(True)
        self._seconds = Table("lr", content)
        self._seconds.setObjectName("expressionSeconds")
        self._seconds_section = _Section(content, self._seconds)
        self._step = EquationLabel(pixel_size=14.0, parent=content)
        self._step.setObjectName("expressionNodeFormula")
        self._shares = Table("lrrr", content)
        self._shares.setObjectName("expressionShares")
        self._kink = self._note(content, "expressionKink")
        self._node_section = _Section(content, self._step, self._shares, self._kink)
        self._paths_table = Table("lr", content, selectable=True)
        self._paths_table.setObjectName("expressionPaths")
        self._paths_table.row_chosen.connect(self._choose_path)
        self._factors_title = self._note(content, "expressionFactorsTitle")
        self._factors = Table("lr", content)
        self._factors.setObjectName("expressionFactors")
        self._paths_section = _Section(content, self._paths_table, self._factors_title, self._factors)
        self._closed = EquationLabel(pixel_size=CLOSED_FORM_SIZE, parent=content)
        self._closed.setObjectName("expressionClosedForm")
        self._closed_note = self._note(content, "expressionClosedFormNote")
        # what is long is scrolled: drawn smaller it could not be read
        self._closed_scroll = QScrollArea(content)
        self._closed_scroll.setObjectName("expressionClosedFormScroll")
        self._closed_scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._closed_scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._closed_scroll.setWidget(self._closed)
        self._closed_section = _Section(content, self._closed_scroll, self._closed_note)
        self._check_text = Label(content)
        self._check_text.setObjectName("expressionCheck")
        self._check_text.setProperty("role", "note")
        self._check_text.setWordWrap(True)
        self._check_text.setFont(tabular(self._check_text.font()))
        self._check_section = _Section(content, self._check_text)
        self._costs = Table("lrr", content)
        self._costs.setObjectName("expressionCosts")
        self._costs_section = _Section(content, self._costs)
        self._tables = (self._seconds, self._shares, self._paths_table, self._factors, self._costs)
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(6)
        for widget in (
            self._caption,
            self._headline,
            self._sides,
            self._rule_section,
            self._seconds_section,
            self._node_section,
            self._paths_section,
            self._closed_section,
            self._check_section,
            self._costs_section,
        ):
            column.addWidget(widget)
        column.addStretch(1)
        empty = Prose(self)
        empty.setObjectName("expressionInspectorEmpty")
        self._page = ScrolledPage(content, "expressionInspectorScroll", empty, self)
        self._page.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(280)

    def _note(self, parent: QWidget, name: str) -> QLabel:
        label = Label(parent)
        label.setObjectName(name)
        label.setProperty("role", "note")
        label.setWordWrap(True)
        return label

    def _retranslate(self) -> None:
        self._headline.setAccessibleName(self.tr("Derivative"))
        self._products.setAccessibleName(self.tr("Products of the chain rule"))
        self._shares.setAccessibleName(self.tr("Terms of the node's derivative"))
        self._paths_table.setAccessibleName(self.tr("Paths"))
        self._factors.setAccessibleName(self.tr("Local derivatives of the path"))
        self._costs.setAccessibleName(self.tr("Multiplications"))
        self._rule_section.title.setText(self.tr("Chain rule").upper())
        self._seconds_section.title.setText(self.tr("Second derivatives").upper())
        self._seconds.setAccessibleName(self.tr("Second derivatives"))
        self._closed_section.title.setText(self.tr("Closed form").upper())
        self._closed_of = None  # its note is said anew
        self._check_section.title.setText(self.tr("Check").upper())
        self._costs_section.title.setText(self.tr("Multiplications for all partials").upper())
        self._page.empty.setText(
            "<p><b>{title}</b></p><p>{how}</p><p>{what}</p>".format(
                title=self.tr("The chain rule for any function"),
                how=self.tr("Type a function at the left, or take an example."),
                what=self.tr("Its derivatives, the paths they come by and their check are then shown here."),
            )
        )
        self._draw()

    # drawing

    def _draw(self) -> None:
        graph, reveal = self._graph, self._reveal
        if graph is None or reveal is None:
            return
        known = self._known(graph, reveal)
        output = graph.formula.output
        above, below = graph.writer.symbol(output), name_latex(self._name)
        several = len(graph.given) > 1
        d = r"\partial " if several else "d"
        self._caption.setText(
            self.tr("Derivative of {output} by {name} at {name} = {value}").format(
                output=symbol(graph, output),
                name=name_plain(self._name),
                value=short(graph.given[self._name]),
            )
            if self._name
            else self.tr("No variable: the value is a constant")
        )
        for section in (
            self._rule_section,
            self._seconds_section,
            self._node_section,
            self._paths_section,
            self._closed_section,
            self._check_section,
        ):
            section.setVisible(bool(self._name))
        if not self._name:
            self._sides.hide()
            self._headline.set_content(above, graph.value, "")
            self._draw_costs(graph, reveal)
            return
        partial = graph.partials[self._name]
        self._headline.set_content(f"{d}{above}/{d}{below}", partial if known else None, "")
        self._draw_sides(graph, known)
        self._draw_rule(graph, known)
        self._draw_seconds(graph, known)
        self._draw_closed(graph)
        self._draw_node(graph, reveal)
        self._draw_paths(graph, known)
        self._draw_check(graph, known)
        self._draw_costs(graph, reveal)

    def _known(self, graph: Graph, reveal: Reveal) -> bool:
        if reveal.mode is Mode.FORWARD:
            return graph.formula.output in reveal.complete
        return graph.formula.variables.get(self._name) in reveal.complete

    def _draw_sides(self, graph: Graph, known: bool) -> None:
        """Say both slopes where the function has a kink in this direction."""
        kinked = known and any(node.kink for node in graph.nodes)
        left, right = graph.sides(self._name) if kinked else (0.0, 0.0)
        self._sides.setVisible(left != right)
        if left != right:
            self._sides.setText(
                self.tr("A kink: slope {left} on the left, {right} on the right.").format(
                    left=short(left), right=short(right)
                )
            )

    def _draw_seconds(self, graph: Graph, known: bool) -> None:
        """Show the row of the Hessian that belongs to the variable, its own entry first."""
        others = [name for name in graph.formula.variables if name != self._name][: MOST_SECONDS - 1]
        names = [self._name, *others]
        hessian = graph.hessian(*names)[0] if known else [None] * len(names)
        output, by = symbol(graph, graph.formula.output), name_plain(self._name)
        d = "∂" if len(graph.given) > 1 else "d"
        rows: list[Row] = [(Cell(f"{d}²{output}/{d}{by}²"), _second(hessian[0]))]
        rows += [
            (Cell(f"∂²{output}/∂{by}∂{name_plain(other)}"), _second(value))
            for other, value in zip(others, hessian[1:], strict=True)
        ]
        self._seconds.set_rows(rows)

    def _draw_closed(self, graph: Graph) -> None:
        """Write the derivative out with all lines put in; as long as the text is the same, so is that."""
        asked = (graph.formula, self._name)
        if asked == self._closed_of:
            return
        self._closed_of = asked
        try:
            whole = work_out(graph, self._name).whole
        except TooLargeError:
            whole = None
        text = "" if whole is None else tree_latex(whole)
        several = len(graph.given) > 1
        d = r"\partial " if several else "d"
        left = rf"\frac{{{d}{graph.writer.symbol(graph.formula.output)}}}{{{d}{name_latex(self._name)}}}"
        fitting = 0 < len(text) <= TYPESET
        if fitting:
            self._closed.set_latex(f"{left} = {text}")
            width, height, _ = equation_size(self._closed.latex, CLOSED_FORM_SIZE)
            self._closed.setFixedSize(math.ceil(width) + 1, math.ceil(height) + 1)
            wider = self._closed.width() > self._closed_scroll.width()
            bar = self._closed_scroll.horizontalScrollBar().sizeHint().height() if wider else 0
            self._closed_scroll.setFixedHeight(self._closed.height() + bar)
        self._closed_scroll.setVisible(fitting)
        self._closed_note.setVisible(not fitting)
        self._closed_note.setText(self.tr("Too long to be read on one line; Working has it step by step."))

    def _draw_rule(self, graph: Graph, known: bool) -> None:
        composite = graph.composite(self._name)
        listed = composite.paths.listed
        left, _, right = composite.latex.partition(" = ")
        fitting = bool(right) and len(listed[0].edges) <= MOST_CARDS
        self._rule_section.setVisible(fitting)
        if not fitting:
            return
        symbols = [product.split(r" \cdot ") for product in right.split(" + ")][: len(listed)]
        products = []
        for path, factors in zip(listed, symbols, strict=True):
            values = [edge.local if known else None for edge in reversed(path.edges)]
            cards = [FactorCard(s, v) for s, v in zip(factors, values, strict=True)]
            products.append((path.nodes, cards))
        if composite.paths.count == len(listed):
            # in an order of their own: sorted by size they would change places under the slider
            products.sort(key=lambda item: item[0])
        shown, room = [], MOST_CARDS
        for _, cards in products:
            room -= len(cards)
            if room >= 0:
                shown.append(cards)
        more = composite.paths.count > len(shown)
        brief = not more and MOST_CARDS - room <= SPELLED_OUT
        self._rule.setVisible(brief)
        if brief:
            terms = [r" \cdot ".join(card.symbol for card in cards) for cards in shown]
            self._rule.set_latex(f"{left} = {' + '.join(terms)}")
        total = graph.partials[self._name] if known else None
        self._products.set_products(shown, total, more=more)

    def _draw_node(self, graph: Graph, reveal: Reveal) -> None:
        node = self._node
        assert node is not None
        writer, name = graph.writer, symbol(graph, node)
        reverse = reveal.mode is Mode.REVERSE
        output = symbol(graph, graph.formula.output)
        ratio = f"∂{output}/∂{name}" if reverse else f"∂{name}/∂{name_plain(self._name)}"
        self._node_section.title.setText(_heading(self.tr("Where {ratio} comes from"), ratio=ratio))
        is_variable = graph.formula.terms[node].op == "variable"
        self._step.setVisible(not is_variable)
        self._step.set_latex("" if is_variable else f"{writer.symbol(node)} = {writer.step(node)}")
        shares = reveal.shares.get(node, ())
        largest = sorted(shares, key=lambda s: -abs(s.product))[:MOST_SHARES]
        shown = [s for s in shares if s in largest][:MOST_SHARES]
        rows = [self._share_row(graph, s, reverse) for s in shown]
        if len(shares) > len(shown):
            rest = [s for s in shares if s not in shown]
            known = all(s.arrived for s in rest)
            rows.append(
                (
                    Cell(
                        self.tr("{count} others", "", len(rest)).format(count=grouped(len(rest))),
                        role="muted",
                    ),
                    Cell(""),
                    Cell(""),
                    number(sum(s.product for s in rest) if known else None),
                )
            )
        derivative = reveal.derivatives.get(node)
        complete = node in reveal.complete
        if not shares:
            if reverse and node == graph.formula.output:
                why = self.tr("the output itself")
            elif not reverse and is_variable:
                why = self.tr("the variable itself") if name == self._name else self.tr("another variable")
            else:
                why = self.tr("the output does not use it") if reverse else self.tr("no way leads here")
            rows = [(Cell(why, role="muted"), Cell(""), Cell(""), number(derivative))]
        footer: Row = (
            Cell(self.tr("sum"), role="strong"),
            Cell(""),
            Cell(""),
            number(derivative if complete else None, "strong"),
        )
        header = (
            Cell(self.tr("to") if reverse else self.tr("from")),
            Cell(self.tr("upstream") if reverse else self.tr("tangent")),
            Cell(self.tr("local")),
            Cell(self.tr("product")),
        )
        self._shares.set_rows([*rows, footer], header, footer=1)
        self._kink.setVisible(graph.nodes[node].kink)
        self._kink.setText(self.tr("At a kink: one of several local derivatives is taken."))

    def _share_row(self, graph: Graph, share: Share, reverse: bool) -> Row:
        other = share.edge.target if reverse else share.edge.source
        rule = f"∂{symbol(graph, share.edge.target)}/∂{symbol(graph, share.edge.source)}"
        known = share.arrived
        return (
            Cell(symbol(graph, other)),
            number(share.carried if known else None),
            number(share.edge.local if known else None, tip=rule),
            number(share.product if known else None),
        )

    def _draw_paths(self, graph: Graph, known: bool) -> None:
        paths = self._paths = graph.paths(self._name, PATHS_SHOWN)
        listed = list(paths)
        if paths.count == len(listed):
            listed.sort(key=lambda path: path.nodes)
        self._listed = tuple(listed)
        count = grouped(paths.count) if paths.count < 10**12 else short(_as_float(paths.count), 2)
        title = self.tr("Every path from {name} to {output} ({count})")
        output = symbol(graph, graph.formula.output)
        self._paths_section.title.setText(
            _heading(title, name=name_plain(self._name), output=output, count=count)
        )
        rows: list[Row] = [
            (Cell(path_text(graph, path.nodes)), number(path.product if known else None)) for path in listed
        ]
        if paths.count > len(listed):
            others = self.tr("the others together")
            rows.append((Cell(others, role="muted"), number(paths.remainder if known else None)))
        total = graph.partials[self._name] if known else None
        rows.append((Cell(self.tr("sum"), role="strong"), number(total, "strong")))
        chosen = self._chosen_path()
        row = -1 if chosen is None else self._listed.index(chosen)
        self._paths_table.set_rows(rows, footer=1, chosen=row)
        self._factors_title.setVisible(chosen is not None)
        self._factors.setVisible(chosen is not None)
        if chosen is not None:
            self._factors_title.setText(self.tr("Local derivatives of the chosen path"))
            self._factors.set_rows(
                [
                    (
                        Cell(f"∂{symbol(graph, e.target)}/∂{symbol(graph, e.source)}"),
                        number(e.local if known else None),
                    )
                    for e in reversed(chosen.edges)
                ]
            )

    def _chosen_path(self) -> Path | None:
        return next((p for p in self._listed if _key(p) == self._chosen), None)

    def _choose_path(self, row: int) -> None:
        if row < len(self._listed):
            key = _key(self._listed[row])
            self._chosen = None if key == self._chosen else key
            self._draw()
            self.path_chosen.emit(self.chosen_edges)

    def _draw_check(self, graph: Graph, known: bool) -> None:
        if not known:
            self._check = None
            self._set_check(UNKNOWN, "", "")
            return
        check = self._check = graph.check(self._name)[self._name]
        found = {"difference": short(check.numeric, 6), "error": short(check.relative_error, 2)}
        said = self.tr("finite difference {difference}, relative error {error}").format(**found)
        text, tone = {
            "ok": (f"✓ {said}", "good"),
            "differs": (f"✗ {said}", "bad"),
            "kink": (self.tr("At a kink: there is no derivative to compare with."), "warning"),
            "edge": (
                self.tr("At the edge of where the formula has values: nothing to compare."),
                "warning",
            ),
            "unclear": (
                self.tr("Rounding hides what the formula does here: nothing to compare."),
                "warning",
            ),
        }[check.status]
        self._set_check(text, tone, "" if check.status in ("kink", "edge") else full(check.numeric))

    def _set_check(self, text: str, tone: str, tip: str) -> None:
        self._check_text.setText(text)
        mark(self._check_text, "tone", tone)
        self._check_text.setToolTip(tooltip(tip))

    def _draw_costs(self, graph: Graph, reveal: Reveal) -> None:
        costs = graph.multiplications
        reverse = reveal.mode is Mode.REVERSE
        passes = len(graph.formula.variables)

        def row(text: str, how: str, count: int, now: bool) -> Row:
            shown = grouped(count) if count < 10**12 else short(_as_float(count), 2)
            return (Cell(text, role="strong" if now else "text"), Cell(how, role="muted"), Cell(shown))

        def taken(count: int) -> str:
            return self.tr("{count} passes", "", count).format(count=grouped(count))

        self._costs.set_rows(
            [
                row(self.tr("Reverse mode"), taken(1), costs.reverse, reverse),
                row(self.tr("Forward mode"), taken(passes), costs.forward, not reverse),
                row(self.tr("Path by path"), "", costs.paths, False),
            ]
        )


def _second(value: float | None) -> Cell:
    return number(None if value is None or math.isnan(value) else value)


def _heading(template: str, **parts: str) -> str:
    """A heading in capitals, but for the symbols put into it."""
    return template.upper().format(**{key.upper(): part for key, part in parts.items()})


def _key(path: Path) -> tuple[int, ...]:
    return tuple(number for edge in path.edges for number in edge[:3])


def _as_float(count: int) -> float:
    return float(count) if count < 10**300 else float("inf")

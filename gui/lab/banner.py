"""The banner that says what the last step did, in symbols and in numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from engine.explain.expression import Graph
from engine.explain.expression.latex import derivative_latex, name_latex
from gui.lab.reveal import Act, Mode, Reveal
from gui.style.equation import EquationLabel
from gui.style.fonts import tabular
from gui.style.theme import Theme
from gui.text.numbers import MINUS, agreeing, product, short, total
from gui.text.plain import Label, tooltip

HEIGHT = 40
MOST_TERMS = 2


class StepBanner(QFrame):
    """The last step: its name, its rule, its arithmetic."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionBanner")
        self._text, self._numbers = Label(self), Label(self)
        self._text.setObjectName("expressionBannerText")
        self._numbers.setObjectName("expressionBannerNumbers")
        self._numbers.setFont(tabular(self._numbers.font()))
        self._formula = EquationLabel(pixel_size=13.0, parent=self)
        self._formula.setObjectName("expressionBannerFormula")
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(12)
        for widget in (self._text, self._formula, self._numbers):
            widget.setMinimumWidth(1)  # a long step is cut off; it must not push the columns around
            row.addWidget(widget)

    @property
    def text(self) -> str:
        """The step in words."""
        return self._text.text()

    @property
    def formula(self) -> str:
        """Its rule, LaTeX."""
        return self._formula.latex

    @property
    def numbers(self) -> str:
        """Its arithmetic."""
        return self._numbers.text()

    def show_step(self, graph: Graph, name: str, reveal: Reveal) -> None:
        """Say what the last step did; nothing once all is revealed."""
        text, formula, numbers = self._said(graph, name, reveal)
        for label, words in ((self._text, text), (self._numbers, numbers)):
            if label.text() != words:
                label.setText(words)
            label.setVisible(bool(words))
        self._formula.set_latex(formula)
        self._formula.setVisible(bool(formula))
        self.setVisible(bool(text))
        self.setAccessibleName(" ".join(filter(None, (text, formula, numbers))))
        self.setToolTip(tooltip(" ".join(filter(None, (text, numbers)))))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._formula.set_theme(theme)

    def _said(self, graph: Graph, name: str, reveal: Reveal) -> tuple[str, str, str]:
        writer, act, node = graph.writer, reveal.act, reveal.node
        reverse = reveal.mode is Mode.REVERSE
        if act is Act.BEGIN:
            return self.tr("The variables are given"), "", ""
        if act is Act.COMPLETE or node is None:
            return "", "", ""
        output = writer.symbol(graph.formula.output)
        if act is Act.SEED:
            return self.tr("Backward · begin"), f"{derivative_latex(output, output, partial=False)} = 1", ""
        if act is Act.EDGE:
            return self.tr("Backward"), writer.local(reveal.edges[0]), _edge(reveal)
        symbol, step = writer.symbol(node), writer.step(node)
        if reverse or not reveal.edges:
            return self.tr("Forward"), f"{symbol} = {step}", f"= {short(graph.values[node])}"
        tangent = derivative_latex(symbol, name_latex(name), partial=len(graph.given) > 1)
        return self.tr("Forward"), f"{symbol} = {step},\\; {tangent}", _tangent(reveal)


def _edge(reveal: Reveal) -> str:
    """Upstream times local, and the sum where several meet."""
    assert reveal.node is not None
    shares = reveal.shares[reveal.node]
    share = next(s for s in shares if s.edge == reveal.edges[0])
    (carried, local), whole = agreeing(product, (share.carried, share.edge.local), share.product)
    text = f"{carried} × {_wrapped(local)} = {whole}"
    arrived = [s for s in shares if s.arrived]
    if len(arrived) > 1:
        derivative = reveal.derivatives[reveal.node]
        (before, added), whole = agreeing(total, (derivative - share.product, share.product), derivative)
        text += f"   {before} {_signed(added)} = {whole}"
    return text


def _tangent(reveal: Reveal) -> str:
    """The sum of tangent times local that a node's tangent is."""
    assert reveal.node is not None
    tangent, shares = reveal.derivatives[reveal.node], reveal.shares[reveal.node]
    if len(shares) > MOST_TERMS:
        return f"= {short(tangent)}"
    pairs = [factor for s in shares for factor in (s.carried, s.edge.local)]
    numbers, whole = agreeing(lambda *all: total(*map(product, all[::2], all[1::2])), pairs, tangent)
    terms = (
        f"{carried} × {_wrapped(local)}" for carried, local in zip(numbers[::2], numbers[1::2], strict=True)
    )
    return f"= {' + '.join(terms)} = {whole}"


def _wrapped(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _signed(text: str) -> str:
    return f"{MINUS} {text[1:]}" if text.startswith(MINUS) else f"+ {text}"

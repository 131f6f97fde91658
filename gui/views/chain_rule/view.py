"""The inspector: it lays out what `engine.explain` says of the selected part, as far as it is revealed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.explain import Explanation, Path, Update, explain
from engine.explain.gradient_check import ParameterCheck, check_cost, check_parameter
from engine.records import FloatArray
from gui.equation import EquationLabel
from gui.messages import Frame, Selection, Status
from gui.numbers import full, grouped, short
from gui.theme import LIGHT, Theme
from gui.views.chain_rule import symbols
from gui.views.chain_rule.cards import Card, FactorCards, Headline
from gui.views.chain_rule.figures import figures
from gui.views.chain_rule.plots import ShareBars, SlopePlot
from gui.views.chain_rule.table import UNKNOWN, Cell, Row, Table, number
from gui.views.network.facts import part_name, unit_name
from gui.views.network.quantities import Revealed
from gui.wording import word

MOST_ROWS = 8
"""Rows of a table of units; of more only the largest are shown, and the sum of the others."""

PATHS_SHOWN = 8
ENUMERATE = 1_000_000
"""Paths times samples up to which all are looked at; above, the search is narrowed to stay quick."""

WIDTH_RUNNING, WIDTH_AT_REST = 128, 2000
CHECK_AT_ONCE = 3_000_000
"""Multiplications of a finite-difference check that is made here; a larger one is asked for."""

REST = 150
"""Milliseconds without a new frame after which the number is checked."""


class _Known(NamedTuple):
    """What the phase has revealed of the selected part, for the sample shown and for the batch."""

    incoming: bool
    forward: bool
    upstream: bool
    delta: bool
    batch: bool
    update: bool

    @classmethod
    def of(cls, frame: Frame, layer: int) -> _Known:
        last = len(frame.record.z)
        revealed = Revealed.by(frame.phase, last)
        delta = max(layer, 1) >= revealed.backward
        one_sample = frame.phase is not None and frame.phase.sample is not None
        return cls(
            incoming=layer - 1 <= revealed.forward,
            forward=layer <= revealed.forward,
            upstream=min(layer + 1, last) >= revealed.backward,
            delta=delta,
            batch=delta and (revealed.update or not one_sample),
            update=revealed.update,
        )


class _Section(QWidget):
    """A heading and what stands under it."""

    def __init__(self, parent: QWidget, *contents: QWidget) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.title)
        for content in contents:
            column.addWidget(content)


def _say(label: QLabel, text: str) -> None:
    """Set a text, unless it is there already: that would lay everything out again."""
    if label.text() != text:
        label.setText(text)


def _heading(template: str, **parts: str) -> str:
    """A heading in capitals, but for the symbols put into it."""
    return template.upper().format(**{key.upper(): part for key, part in parts.items()})


class ChainRuleView(QWidget):
    """Why the selected number is what it is.

    Signals
    -------
    sample_changed(int)
        The user wants to see another sample of the mini-batch.
    check_requested(Selection)
        The user wants the finite-difference check of a number in a network too large to make it here;
        the answer is given to `show_check`.
    """

    sample_changed = Signal(int)
    check_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chainRuleView")
        self._frame: Frame | None = None
        self._selection: Selection | None = None
        self._sample = 0
        self._theme = LIGHT
        self._explanation: Explanation | None = None
        self._path: tuple[object, ...] | None = None
        self._shown_paths: tuple[Path, ...] = ()
        self._stale = False
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._check)
        self.set_theme(LIGHT)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def explanation(self) -> Explanation | None:
        """What is explained; None if nothing, a layer or the loss is selected."""
        return self._explanation

    @property
    def headline(self) -> Headline:
        """The selected part's gradient."""
        return self._headline

    @property
    def cards(self) -> list[Card]:
        """The factors."""
        return self._cards.cards

    @property
    def sample(self) -> int:
        """The sample shown: the row of the mini-batch."""
        if self._frame is None:
            return self._sample
        if self._frame.phase is not None and self._frame.phase.sample is not None:
            return self._frame.phase.sample
        return min(self._sample, self._frame.record.batch - 1)

    def show_frame(self, frame: Frame) -> None:
        """Draw from this frame alone."""
        self._frame = frame
        self._redraw()

    def set_selection(self, selection: Selection | None) -> None:
        """Explain this part of the network."""
        if selection != self._selection:
            self._selection = selection
            self._path = None
            for table in (self._terms, self._paths, self._factors, self._update, self._inputs):
                table.forget_widths()
            self._scroll.verticalScrollBar().setValue(0)
        self._redraw()

    def set_sample(self, index: int) -> None:
        """Show the factors of this sample of the mini-batch."""
        self._sample = max(0, index)
        self._redraw()

    def show_check(self, check: ParameterCheck) -> None:
        """Show the answer to `check_requested`."""
        theme, error = self._theme, f"{check.relative_error:.0e}"
        mantissa, _, power = error.partition("e")
        relative = "0" if check.relative_error == 0 else short(float(f"{mantissa}e{power}"), 1)
        values = {"difference": short(check.difference, 5), "error": relative}
        if check.kink:
            text, colour = self.tr("At a kink: there is no derivative to compare with."), theme.warning
        elif check.agrees:
            text = "✓ " + self.tr("finite difference {difference}, relative error {error}").format(**values)
            colour = theme.good
        else:
            text = "✗ " + self.tr("finite difference {difference}, relative error {error}").format(**values)
            colour = theme.bad
            if self._frame is not None and self._frame.experiment.update_order == "output_first":
                text += "\n" + self.tr("The layers above were updated before their delta came back.")
        self._check_text.setToolTip(full(check.difference))
        self._set_check(text, colour, bold=True)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        for widget in (
            self._headline,
            self._state,
            self._cards,
            self._formula,
            self._plot,
            self._bars,
            self._update_formula,
            *self._tables,
        ):
            widget.set_theme(theme)
        self.setStyleSheet(
            f"#chainRuleContent, #chainRuleEmpty, #chainRuleView, #chainRuleScroll {{ background: {theme.surface}; }}"
        )
        for label in (self._caption, self._note, self._factors_title):
            label.setStyleSheet(f"color: {theme.muted};")
        for section in self._sections:
            section.title.setStyleSheet(f"color: {theme.muted}; font-weight: 600; letter-spacing: 0.5px;")
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._redraw()

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        content = QWidget(self)
        content.setObjectName("chainRuleContent")
        self._caption = QLabel(content)
        self._caption.setWordWrap(True)
        self._headline = Headline(content)
        self._headline.setObjectName("chainRuleHeadline")
        self._note = QLabel(content)
        self._note.setWordWrap(True)

        self._sample_label = QLabel(content)
        self._spin = QSpinBox(content)
        self._spin.setObjectName("chainRuleSample")
        self._spin.setMinimum(1)
        self._sample_label.setBuddy(self._spin)
        self._spin.valueChanged.connect(self._choose_spin)
        self._share = QLabel(content)
        self._share.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._share.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sample_row = QWidget(content)
        row = QHBoxLayout(self._sample_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sample_label)
        row.addWidget(self._spin)
        row.addWidget(self._share, 1)

        self._state = FactorCards(content)
        self._state.setObjectName("chainRuleState")
        self._cards = FactorCards(content)
        self._cards.setObjectName("chainRuleFactorCards")
        self._formula = EquationLabel(pixel_size=14.0, parent=content)
        self._formula.setObjectName("chainRuleFormula")
        self._plot = SlopePlot(content)
        self._plot.setObjectName("chainRuleSlope")
        self._slope_section = _Section(content, self._formula, self._plot)

        self._inputs = Table("lrrr", content)
        self._inputs.setObjectName("chainRuleInputs")
        self._inputs_section = _Section(content, self._inputs)
        self._terms = Table("lrrr", content)
        self._terms.setObjectName("chainRuleTerms")
        self._terms_section = _Section(content, self._terms)
        self._loss_terms = Table("lr", content)
        self._loss_terms.setObjectName("chainRuleLossTerms")
        self._loss_section = _Section(content, self._loss_terms)
        self._bars = ShareBars(content)
        self._bars.setObjectName("chainRuleShares")
        self._bars.sample_chosen.connect(self._choose)
        self._shares_section = _Section(content, self._bars)
        self._paths = Table("lr", content, selectable=True)
        self._paths.setObjectName("chainRulePaths")
        self._paths.row_chosen.connect(self._choose_path)
        self._factors_title = QLabel(content)
        self._factors_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._factors = Table("lr", content)
        self._factors.setObjectName("chainRuleFactors")
        self._paths_section = _Section(content, self._paths, self._factors_title, self._factors)
        self._update_formula = EquationLabel(pixel_size=14.0, parent=content)
        self._update_formula.setObjectName("chainRuleUpdateFormula")
        self._update = Table("lr", content)
        self._update.setObjectName("chainRuleUpdate")
        self._update_section = _Section(content, self._update_formula, self._update)
        self._check_text = QLabel(content)
        self._check_text.setObjectName("chainRuleCheckText")
        self._check_text.setWordWrap(True)
        self._check_button = QPushButton(content)
        self._check_button.setObjectName("chainRuleCheck")
        self._check_button.clicked.connect(self._request_check)
        self._check_section = _Section(content, self._check_text, self._check_button)

        self._tables = (self._inputs, self._terms, self._loss_terms, self._paths, self._factors, self._update)
        self._sections = (
            self._inputs_section,
            self._terms_section,
            self._loss_section,
            self._slope_section,
            self._shares_section,
            self._paths_section,
            self._update_section,
            self._check_section,
        )
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(6)
        for widget in (self._caption, self._headline, self._sample_row, self._state, self._cards, self._note):
            column.addWidget(widget)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)

        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("chainRuleScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self._empty = QLabel(self)
        self._empty.setObjectName("chainRuleEmpty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setMargin(16)
        self._empty.setTextFormat(Qt.TextFormat.RichText)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setMinimumWidth(280)

        self._share.setFont(figures(self.font()))
        self._check_text.setFont(figures(self.font()))

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Chain rule"))
        self._headline.setAccessibleName(self.tr("Gradient"))
        self._sample_label.setText(self.tr("Sample"))
        self._spin.setAccessibleName(self.tr("Sample of the mini-batch"))
        self._spin.setToolTip(self.tr("The sample of the mini-batch whose factors are shown"))
        self._state.setAccessibleName(self.tr("Values of the unit"))
        self._cards.setAccessibleName(self.tr("Factors"))
        self._plot.setAccessibleName(self.tr("Activation with its tangent"))
        self._plot.setToolTip(self.tr("The activation f, dashed its slope f′, and the tangent at z"))
        self._bars.setAccessibleName(self.tr("Shares of the samples"))
        self._inputs.setAccessibleName(self.tr("Where z comes from"))
        self._terms.setAccessibleName(self.tr("Terms of the upstream gradient"))
        self._loss_terms.setAccessibleName(self.tr("Derivative of the loss"))
        self._paths.setAccessibleName(self.tr("Paths to the loss"))
        self._factors.setAccessibleName(self.tr("Local derivatives of the path"))
        self._update.setAccessibleName(self.tr("Arithmetic of the update"))
        self._check_button.setText(self.tr("Check this number"))
        self._check_button.setAccessibleName(self.tr("Check this number"))
        self._check_button.setToolTip(self.tr("Compare the gradient with a finite difference of the loss"))
        self._empty.setText(
            "<p><b>{title}</b></p><p>{how}</p><p>{what}</p>".format(
                title=self.tr("Why is this gradient this number?"),
                how=self.tr(
                    "Click a line, a unit, a bias or the loss in the network, or choose one with the arrow keys."
                ),
                what=self.tr(
                    "Its factors, every sample's share, every path to the loss and the update are then shown here."
                ),
            )
        )
        self._redraw()

    # -- choosing ----------------------------------------------------------------------------------

    def _choose_spin(self, value: int) -> None:
        self._choose(value - 1)

    def _choose(self, sample: int) -> None:
        if sample != self.sample:
            self.set_sample(sample)
            self.sample_changed.emit(sample)

    def _choose_path(self, row: int) -> None:
        if row < len(self._shown_paths):
            units = self._shown_paths[row].units
            self._path = None if units == self._path else units
            self._redraw()

    # -- drawing -----------------------------------------------------------------------------------

    def _redraw(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self._timer.stop()
        self._explanation = None
        frame, selection = self._frame, self._selection
        fits = frame is not None and selection is not None and _fits(frame, selection)
        page = self._scroll if fits else self._empty
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
        if not fits or frame is None or selection is None:
            return
        _say(self._caption, part_name(frame, selection))
        self._draw_sample_row(frame)
        if selection.kind == "loss":
            self._draw_loss(frame)
        elif selection.kind == "layer":
            self._draw_layer(frame, selection.layer)
        else:
            place = {
                "weight": {"weight": (selection.layer, selection.source, selection.unit)},
                "bias": {"bias": (selection.layer, selection.unit)},
                "unit": {"unit": (selection.layer, selection.unit)},
            }[selection.kind]
            self._explanation = explain(frame.experiment, frame.record, **place)  # type: ignore[arg-type]
            self._draw_explanation(frame, self._explanation)

    def _show_only(self, *widgets: QWidget) -> None:
        for widget in (self._state, self._cards, self._note, self._sample_row, *self._sections):
            widget.setVisible(widget in widgets)

    def _draw_sample_row(self, frame: Frame) -> None:
        with QSignalBlocker(self._spin):
            self._spin.setMaximum(frame.record.batch)
            self._spin.setValue(self.sample + 1)
        chosen_by_phase = frame.phase is not None and frame.phase.sample is not None
        self._spin.setEnabled(frame.record.batch > 1 and not chosen_by_phase)

    def _draw_explanation(self, frame: Frame, e: Explanation) -> None:
        known, sample = _Known.of(frame, e.layer), self.sample
        visible: list[QWidget] = [self._sample_row, self._shares_section, self._paths_section]
        if e.kind == "unit":
            visible.append(self._state)
            self._draw_state(e, known, sample)
            if e.layer:
                visible.append(self._inputs_section)
                self._draw_inputs(frame, e, known, sample)
        else:
            visible += [self._update_section, self._check_section]
        if e.layer and not (e.kind == "unit" and e.is_softmax):
            visible.append(self._cards)
            self._draw_cards(frame, e, known, sample)
        if e.layer and not e.is_softmax:
            visible.append(self._slope_section)
            self._draw_slope(frame, e, known, sample)
        if e.is_softmax:
            visible.append(self._terms_section)
            self._draw_jacobian(frame, e, known, sample)
        elif not e.is_output:
            visible.append(self._terms_section)
            self._draw_terms(frame, e, known, sample)
        if e.is_output and e.layer:
            visible.append(self._loss_section)
            self._draw_loss_terms(frame, e, known, sample)
        note = self._pending_note(known)
        if note:
            visible.append(self._note)
            _say(self._note, note)
        self._show_only(*visible)

        by = symbols.parameter_latex(e)
        batch = self.tr("batch of {count}").format(count=grouped(frame.record.batch))
        self._headline.set_content(symbols.derivative("L", by), e.gradient if known.batch else None, batch)
        share = short(float(e.samples[sample])) if known.delta else UNKNOWN
        row = self.tr("row {row}").format(row=int(frame.record.indices[sample]) + 1)
        text = (
            self.tr("its share {share} =") if e.layer and e.kind != "unit" else self.tr("its share {share}")
        )
        _say(self._share, f"<span>{text.format(share=f'<b>{share}</b>')}</span>  <small>({row})</small>")
        self._share.setToolTip(full(float(e.samples[sample])) if known.delta else "")
        self._draw_shares(
            frame,
            e.samples,
            known.delta,
            known.batch,
            _heading(
                self.tr("Each sample's share, summing to {sum}"),
                sum=short(e.gradient) if known.batch else UNKNOWN,
            ),
        )
        self._draw_paths(frame, e, known, sample)
        if e.kind != "unit":
            self._draw_update(frame, e, known)
            self._prepare_check(frame, e, known)

    def _pending_note(self, known: _Known) -> str:
        if not known.forward:
            return self.tr("{mark} comes with the forward pass.").format(mark=UNKNOWN)
        if not known.delta:
            return self.tr("{mark} comes with the backward pass.").format(mark=UNKNOWN)
        if not known.batch:
            return self.tr("The batch's gradient comes after its last sample.")
        return ""

    def _draw_state(self, e: Explanation, known: _Known, sample: int) -> None:
        z = symbols.latex("z", e.layer, e.unit)
        if not e.layer:
            x = symbols.parameter_latex(e)
            cards = [
                Card(x, float(e.a[sample]), self.tr("input")),
                Card(
                    symbols.derivative("L", x),
                    float(e.delta[sample]) if known.delta else None,
                    self.tr("from layer {number}").format(number=1),
                ),
            ]
        else:
            cards = [
                Card(z, float(e.z[sample]) if known.forward else None, self.tr("pre-activation")),
                Card(
                    symbols.latex("a", e.layer, e.unit),
                    float(e.a[sample]) if known.forward else None,
                    self.tr("activation"),
                ),
                Card(
                    symbols.latex(r"\delta", e.layer, e.unit),
                    float(e.delta[sample]) if known.delta else None,
                    self.tr("delta"),
                    symbols.DELTA + " = ∂L/∂z",
                ),
            ]
        self._state.set_cards(cards, "")

    def _draw_cards(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        last = len(frame.record.z)
        z, a = symbols.latex("z", e.layer, e.unit), symbols.latex("a", e.layer, e.unit)
        cards = []
        if e.is_softmax:
            delta = float(e.delta[sample]) if known.delta else None
            cards.append(Card(symbols.derivative("L", z), delta, self.tr("through the softmax")))
        else:
            origin = (
                self.tr("from the loss")
                if e.layer == last
                else self.tr("from layer {number}").format(number=e.layer + 1)
            )
            upstream = float(e.upstream[sample]) if known.upstream else None
            cards.append(Card(symbols.derivative("L", a), upstream, origin, self.tr("upstream gradient")))
            slope = float(e.slope[sample]) if known.forward else None
            at = short(float(e.z[sample]), 3) if known.forward else UNKNOWN
            caption = self.tr("slope at {z}").format(z=at)
            tip = self.tr("local slope")
            if e.mask is not None:
                tip = self.tr("local slope times the dropout mask, {mask}").format(
                    mask=short(float(e.mask[sample, e.unit]))
                )
                caption = self.tr("slope × dropout")
            cards.append(Card(f"f'({z})", slope, caption, tip))
        if e.kind == "weight":
            incoming = symbols.latex("a", e.layer - 1, e.source) if e.layer > 1 else f"x_{{{e.source + 1}}}"
            value = float(e.activation[sample]) if known.incoming else None
            caption = self.tr("activation") if e.layer > 1 else unit_name(frame, 0, e.source)
            symbol = rf"\partial z/\partial w = {incoming}"
            cards.append(Card(symbol, value, caption, unit_name(frame, e.layer - 1, e.source)))
        elif e.kind == "bias":
            mean = float(e.activation[sample]) != 1.0
            caption = self.tr("mean over the batch") if mean else self.tr("always 1")
            cards.append(Card(r"\partial z/\partial b", float(e.activation[sample]), caption))
        self._cards.set_cards(cards)

    def _draw_slope(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        rule = frame.experiment.layers[e.layer - 1].activation
        _say(self._slope_section.title, _heading(self.tr("Local slope: {name}"), name=word(rule.name).upper()))
        self._formula.set_latex(rf"f = {rule.formula},\quad f' = {rule.slope_formula}")
        self._plot.set_point(rule, float(e.z[sample]) if known.forward else None)

    def _draw_inputs(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        record, index = frame.record, e.layer - 1
        weights, a = record.weights_before[index][:, e.unit], record.a[index][sample]
        bias = float(record.biases_before[index][e.unit])
        rows = self._unit_rows(
            frame,
            e.layer - 1,
            [(float(w), float(x) if known.incoming else None) for w, x in zip(weights, a, strict=True)],
            weights * a,
            known.incoming,
        )
        rows.append((Cell(self.tr("bias")), Cell(""), Cell(""), number(bias)))
        z = float(e.z[sample]) if known.forward else None
        rows.append(
            (
                Cell(symbols.plain("z", e.layer, e.unit), role="strong"),
                Cell(""),
                Cell(""),
                number(z, "strong"),
            )
        )
        header = (
            Cell(self.tr("from")),
            Cell(self.tr("weight")),
            Cell("a" + symbols.layer_above(e.layer - 1)),
            Cell("w·a"),
        )
        self._inputs.set_rows(rows, header, footer=1)
        _say(
            self._inputs_section.title,
            _heading(self.tr("Where {symbol} comes from"), symbol=symbols.plain("z", e.layer, e.unit)),
        )

    def _unit_rows(
        self,
        frame: Frame,
        layer: int,
        factors: list[tuple[float, float | None]],
        terms: FloatArray,
        known: bool,
    ) -> list[Row]:
        """A row for each unit of `layer`, or for the largest and one for the sum of the others."""
        order = list(range(len(terms)))
        if len(order) > MOST_ROWS:
            largest = np.argsort(-np.abs(terms), kind="stable") if known else np.arange(len(terms))
            order = [int(unit) for unit in largest[: MOST_ROWS - 1]]
        rows: list[Row] = []
        for unit in order:
            first, second = factors[unit]
            name = unit_name(frame, layer, unit)
            term = float(terms[unit]) if known else None
            rows.append((Cell(name, tip=name), number(first), number(second), number(term)))
        if len(order) < len(terms):
            rest = float(np.delete(terms, order).sum()) if known else None
            more = self.tr("{count} more").format(count=grouped(len(terms) - len(order)))
            rows.append((Cell(more, role="muted"), Cell(""), Cell(""), number(rest, "muted")))
        return rows

    def _draw_terms(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        delta = frame.record.delta[e.layer][sample]
        weights = e.weights_onward
        terms = e.terms[sample]
        pairs = [
            (float(w), float(d) if known.upstream else None)
            for w, d in zip(weights[e.unit], delta, strict=True)
        ]
        rows = self._unit_rows(frame, e.layer + 1, pairs, terms, known.upstream)
        rows.append(self._sum_row(terms, float(e.upstream[sample]), known.upstream, 4))
        header = (
            Cell(self.tr("to")),
            Cell(self.tr("weight")),
            Cell(symbols.DELTA + symbols.layer_above(e.layer + 1)),
            Cell("w·" + symbols.DELTA),
        )
        self._terms.set_rows(rows, header, footer=1)
        symbol = symbols.plain("a", e.layer, e.unit) if e.layer else symbols.parameter_plain(e)
        _say(
            self._terms_section.title, _heading(self.tr("Where {symbol} comes from"), symbol=f"∂L/∂{symbol}")
        )

    def _sum_row(self, terms: FloatArray, total: float, known: bool, columns: int) -> Row:
        gap = (Cell(""),) * (columns - 2)
        name = Cell(self.tr("sum"), role="strong")
        if not known:
            return (name, *gap, number(None))
        agrees = abs(float(terms.sum()) - total) <= _tolerance(terms)
        return (name, *gap, Cell(short(total) + (" ✓" if agrees else ""), total, "strong"))

    def _draw_jacobian(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        upstream, slope = e.upstream[sample], e.slope[sample]
        with np.errstate(invalid="ignore"):
            products = upstream * slope
        pairs = [
            (float(u), float(s)) if known.upstream else (None, float(s) if known.forward else None)
            for u, s in zip(upstream, slope, strict=True)
        ]
        rows = self._unit_rows(frame, e.layer, pairs, products, known.upstream)  # type: ignore[arg-type]
        total = float(e.delta[sample])
        rows.append(self._sum_row(products, total, known.delta, 4))
        header = (
            Cell(self.tr("through")),
            Cell("∂L/∂aᵢ"),
            Cell(f"∂aᵢ/∂{symbols.plain('z', e.layer, e.unit)}"),
            Cell(self.tr("product")),
        )
        self._terms.set_rows(rows, header, footer=1)
        _say(
            self._terms_section.title,
            _heading(
                self.tr("Where {symbol} comes from"), symbol=f"∂L/∂{symbols.plain('z', e.layer, e.unit)}"
            ),
        )

    def _draw_loss_terms(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        loss, record = frame.experiment.loss, frame.record
        a, t = symbols.plain("a", e.layer, e.unit), symbols.plain("t", 0, e.unit).replace("⁰", "")
        value = float(e.a[sample]) if known.forward else None
        rows: list[Row] = [
            (Cell(a), number(value)),
            (Cell(t, tip=self.tr("target")), number(float(record.targets[sample, e.unit]))),
        ]
        if e.scale != 1.0:
            rows.append((Cell(self.tr("mean over the batch")), Cell(f"1/{record.batch}", e.scale)))
        footer = 0
        if not e.is_softmax:
            rows.append(
                (Cell("∂L/∂a", latex=rf"\partial L/\partial a_i = {loss.gradient_formula}"), Cell(""))
            )
            upstream = float(e.upstream[sample]) if known.upstream else None
            rows.append((Cell(f"∂L/∂{a}", role="strong"), number(upstream, "strong")))
            footer = 1
        if e.is_matched:
            delta = float(e.delta[sample]) if known.delta else None
            formula = rf"\partial L/\partial z_i = {loss.natural_formula}"
            rows.append((Cell("∂L/∂z", latex=formula, tip=self.tr("Slope and derivative cancel.")), Cell("")))
            agrees = delta is not None and abs(delta - e.cancelled[sample]) <= 1e-6 * abs(delta)
            cell = number(delta, "strong")
            tick = " ✓" if agrees else ""
            rows.append((Cell(self.tr("what the two cancel to"), role="strong"), cell._replace(text=cell.text + tick)))
            footer = 1
        self._loss_terms.set_rows(rows, footer=footer)
        what = f"∂L/∂{symbols.plain('z', e.layer, e.unit)}" if e.is_softmax else f"∂L/∂{a}"
        title = self.tr("{symbol} of {loss}")
        _say(self._loss_section.title, _heading(title, symbol=what, loss=word(loss.name).upper()))

    def _draw_shares(self, frame: Frame, values: FloatArray, known: bool, batch: bool, title: str) -> None:
        """Bars of all samples, or of those that have been through the network."""
        if not batch:
            done = self.sample + known if frame.phase is not None and frame.phase.sample is not None else 0
            values = np.where(np.arange(len(values)) < done, values, 0.0)
        tip = self.tr("sample {sample} (row {row})\n{value}")
        self._bars.set_values(values, self.sample, tip, frame.record.indices)  # type: ignore[arg-type]
        _say(self._shares_section.title, title)

    def _draw_paths(self, frame: Frame, e: Explanation, known: _Known, sample: int) -> None:
        title = _heading(self.tr("Every path to the loss ({count})"), count=_count(e.path_count))
        _say(self._paths_section.title, title)
        if not known.batch:
            self._shown_paths = ()
            self._paths.set_rows([(Cell(self.tr("come with the backward pass"), role="muted"), number(None))])
            self._factors.setVisible(False)
            self._factors_title.setVisible(False)
            return
        limit = PATHS_SHOWN if e.path_count > PATHS_SHOWN + 2 else e.path_count
        paths = e.paths(limit, self._search_width(frame, e.path_count))
        self._shown_paths = paths.items
        rows: list[Row] = []
        chosen = -1
        for index, path in enumerate(paths):
            text = symbols.path_text(e, path)
            rows.append((Cell(text, tip=text), number(path.product)))
            if path.units == self._path:
                chosen = index
        shown = np.array([path.product for path in paths])
        if len(paths) < paths.count:
            more = self.tr("{count} more").format(count=_count(paths.count - len(paths)))
            tip = (
                "" if paths.exact else self.tr("These are the largest paths found; there may be larger ones.")
            )
            text = more if paths.exact else "≈ " + more
            rows.append((Cell(text, role="muted", tip=tip), number(paths.remainder, "muted")))
            shown = np.append(shown, paths.remainder)
        agrees = abs(float(shown.sum()) - e.gradient) <= _tolerance(shown)
        total = Cell(short(e.gradient) + (" ✓" if agrees else ""), e.gradient, "strong")
        rows.append((Cell(self.tr("sum"), role="strong"), total))
        self._paths.set_rows(rows, footer=1, chosen=chosen)
        self._factors.setVisible(chosen >= 0)
        self._factors_title.setVisible(chosen >= 0)
        if chosen >= 0:
            factors = e.path_factors(paths[chosen], sample)
            lines: list[Row] = [(Cell(symbols.factor_text(e, f)), number(f.value)) for f in factors]
            product = float(np.prod([factor.value for factor in factors]))
            lines.append((Cell(self.tr("product"), role="strong"), number(product, "strong")))
            self._factors.set_rows(lines, footer=1)
            _say(self._factors_title, self.tr("This path for sample {sample}").format(sample=sample + 1))

    def _search_width(self, frame: Frame, count: int) -> int:
        batch = frame.record.batch
        if count * batch <= ENUMERATE:
            return count
        width = WIDTH_RUNNING if frame.status is Status.RUNNING else WIDTH_AT_REST
        return max(16, min(width, 32 * width // batch))

    def _draw_update(self, frame: Frame, e: Explanation, known: _Known) -> None:
        update = e.update
        assert update is not None
        experiment = frame.experiment
        optimizer = experiment.optimizer
        _say(
            self._update_section.title,
            _heading(self.tr("Update ({optimizer})"), optimizer=word(optimizer.name).upper()),
        )
        formula = optimizer.formula.split(r",\ ")[-1]
        self._update_formula.set_latex(formula if e.kind == "weight" else formula.replace("w", "b"))
        name = symbols.parameter_plain(e)
        if not known.update:
            rows: list[Row] = [
                (Cell(name), number(update.before, digits=6)),
                (Cell(self.tr("new value, comes with the update"), role="muted"), number(None)),
            ]
            self._update.set_rows(rows, footer=1)
            return
        rows = []
        changed = update.clipped != update.gradient
        if not update.frozen and (changed or update.terms):
            rows.append((Cell(f"∂L/∂{name}"), number(update.gradient)))
            if experiment.regularizer.name != "none" and e.kind == "weight":
                rows.append(
                    (
                        Cell(self.tr("penalty's part"), latex=f"+ {experiment.regularizer.gradient_formula}"),
                        number(update.penalty),
                    )
                )
            if experiment.clipping.name != "none":
                rows.append((Cell(self.tr("after clipping")), number(update.clipped)))
            if changed:
                rows.append((Cell("g"), number(update.clipped)))
            for term in update.terms:
                same = term.symbol == term.formula
                text = term.symbol if same else f"{term.symbol} = {term.formula}"
                rows.append((Cell(text, latex=text), number(term.value)))
            rows.append((Cell("η"), Cell(_rate(update.learning_rate), update.learning_rate)))
        rows.append((Cell(self._arithmetic(update, name, optimizer.name)), Cell("")))
        rows.append((Cell(name, role="strong"), number(update.after, "strong", digits=6)))
        self._update.set_rows(rows, footer=1)

    def _arithmetic(self, update: Update, name: str, optimizer: str) -> str:
        """Old value minus change; for plain descent the change as rate times gradient."""
        if update.frozen:
            return self.tr("held: it is not updated")
        part = _bracketed(update.change)
        if optimizer == "sgd":
            part = f"{_rate(update.learning_rate)} × {_bracketed(update.clipped)}"
        return f"{name} ← {short(update.before, 6)} − {part}"

    # -- layer and loss ----------------------------------------------------------------------------

    def _draw_layer(self, frame: Frame, layer: int) -> None:
        known, record, sample = _Known.of(frame, layer), frame.record, self.sample
        visible: list[QWidget] = [self._sample_row, self._terms_section]
        if layer:
            rule = frame.experiment.layers[layer - 1].activation
            if rule.elementwise:
                visible.append(self._slope_section)
                self._plot.set_point(rule, None)
                _say(
                    self._slope_section.title, _heading(self.tr("Local slope: {name}"), name=word(rule.name).upper())
                )
                self._formula.set_latex(rf"f = {rule.formula},\quad f' = {rule.slope_formula}")
            norm = float(
                np.hypot(
                    np.linalg.norm(record.weight_grads[layer - 1]),
                    np.linalg.norm(record.bias_grads[layer - 1]),
                )
            )
            symbol = rf"\|\partial L/\partial W^{{{layer}}}\|"
            self._headline.set_content(symbol, norm if known.batch else None, self.tr("norm of the gradient"))
        else:
            norm = float(np.linalg.norm(record.a[0][sample]))
            self._headline.set_content(r"\|x\|", norm, self.tr("norm of the inputs"))
        note = self._pending_note(known) if layer else ""
        if note:
            visible.append(self._note)
            _say(self._note, note)
        self._show_only(*visible)
        row = self.tr("row {row}").format(row=int(record.indices[sample]) + 1)
        _say(self._share, f"<small>({row})</small>")
        self._share.setToolTip("")

        units = record.sizes[layer]
        a = record.a[layer][sample]
        z = record.z[layer - 1][sample] if layer else a
        delta = record.delta[layer - 1][sample] if layer else np.zeros_like(a)
        order = list(range(units))
        if units > 2 * MOST_ROWS:
            ranking = np.abs(delta) if layer and known.delta else np.abs(a)
            order = [int(unit) for unit in np.argsort(-ranking, kind="stable")[: 2 * MOST_ROWS - 1]]
        rows: list[Row] = []
        for unit in order:
            name = unit_name(frame, layer, unit)
            cells = [Cell(name, tip=name)]
            cells.append(number(float(z[unit]) if known.forward else None) if layer else Cell(""))
            cells.append(number(float(a[unit]) if known.forward else None))
            cells.append(number(float(delta[unit]) if known.delta else None) if layer else Cell(""))
            rows.append(tuple(cells))
        if len(order) < units:
            more = self.tr("{count} more").format(count=grouped(units - len(order)))
            rows.append((Cell(more, role="muted"), Cell(""), Cell(""), Cell("")))
        header = (
            Cell(self.tr("unit")),
            Cell("z" if layer else ""),
            Cell("a" if layer else "x"),
            Cell(symbols.DELTA if layer else ""),
        )
        self._terms.set_rows(rows, header)
        _say(
            self._terms_section.title,
            _heading(self.tr("Units of the layer, sample {sample}"), sample=str(sample + 1)),
        )

    def _draw_loss(self, frame: Frame) -> None:
        record, sample, experiment = frame.record, self.sample, frame.experiment
        last = len(record.z)
        revealed = Revealed.by(frame.phase, last)
        one_sample = frame.phase is not None and frame.phase.sample is not None
        batch = revealed.loss and (revealed.update or not one_sample)
        loss = experiment.loss
        mean = experiment.reduction == "mean"
        batch_text = self.tr("mean of {count}") if mean else self.tr("sum of {count}")
        self._headline.set_content(
            "L", record.data_loss if batch else None, batch_text.format(count=grouped(record.batch))
        )
        visible: list[QWidget] = [
            self._sample_row,
            self._shares_section,
            self._terms_section,
            self._loss_section,
        ]
        if not revealed.loss:
            visible.append(self._note)
            _say(
                self._note,
                self.tr("{mark} comes with the loss, after the forward pass.").format(mark=UNKNOWN),
            )
        self._show_only(*visible)
        own = float(record.sample_losses[sample])
        value = short(own) if revealed.loss else UNKNOWN
        row = self.tr("row {row}").format(row=int(record.indices[sample]) + 1)
        text = self.tr("its loss {loss}").format(loss=f"<b>{value}</b>")
        _say(self._share, f"<span>{text}</span>  <small>({row})</small>")
        self._share.setToolTip(full(own) if revealed.loss else "")
        total = short(record.data_loss) if batch else UNKNOWN
        title = (
            self.tr("Each sample's loss, their mean {sum}")
            if mean
            else self.tr("Each sample's loss, their sum {sum}")
        )
        self._draw_shares(frame, record.sample_losses, revealed.loss, batch, _heading(title, sum=total))

        scale = 1.0 / record.batch if mean else 1.0
        gradient = (
            loss.gradient(record.a[-1][sample : sample + 1], record.targets[sample : sample + 1])[0] * scale
        )
        outputs, targets = record.a[-1][sample], record.targets[sample]
        forward, backward = last <= revealed.forward, last >= revealed.backward
        order = list(range(len(outputs)))
        if len(order) > 2 * MOST_ROWS:
            order = [int(unit) for unit in np.argsort(-np.abs(gradient), kind="stable")[: 2 * MOST_ROWS - 1]]
        rows: list[Row] = []
        for unit in order:
            name = unit_name(frame, last, unit)
            rows.append(
                (
                    Cell(name, tip=name),
                    number(float(outputs[unit]) if forward else None),
                    number(float(targets[unit])),
                    number(float(gradient[unit]) if backward else None),
                )
            )
        if len(order) < len(outputs):
            more = self.tr("{count} more").format(count=grouped(len(outputs) - len(order)))
            rows.append((Cell(more, role="muted"), Cell(""), Cell(""), Cell("")))
        header = (Cell(self.tr("output")), Cell("a"), Cell("t"), Cell("∂L/∂a"))
        self._terms.set_rows(rows, header)
        _say(self._terms_section.title, _heading(self.tr("Outputs, sample {sample}"), sample=str(sample + 1)))

        parts: list[Row] = []
        for line in loss.formula.split(r",\ "):
            formula = f"L = {line}" if not parts else line
            parts.append((Cell(formula, latex=formula), Cell("")))
        if experiment.regularizer.name != "none":
            parts.append(
                (Cell(self.tr("penalty, beside it")), number(record.penalty if revealed.loss else None))
            )
        self._loss_terms.set_rows(parts)
        _say(self._loss_section.title, word(loss.name).upper())

    # -- check -------------------------------------------------------------------------------------

    def _set_check(self, text: str, colour: str, *, bold: bool = False) -> None:
        _say(self._check_text, text)
        weight = "600" if bold else "400"
        style = f"color: {colour}; font-weight: {weight};"
        if self._check_text.styleSheet() != style:
            self._check_text.setStyleSheet(style)
        self._check_text.setVisible(bool(text))

    def _prepare_check(self, frame: Frame, e: Explanation, known: _Known) -> None:
        _say(self._check_section.title, self.tr("Check").upper())
        cheap = check_cost(frame.record, e.layer) <= CHECK_AT_ONCE
        resting = frame.status is not Status.RUNNING
        self._check_button.setVisible(not cheap)
        self._check_button.setEnabled(known.batch and resting)
        if not known.batch:
            self._set_check(self.tr("comes with the backward pass"), self._theme.muted)
        elif not resting:
            self._set_check(self.tr("when training rests"), self._theme.muted)
        elif cheap:
            self._timer.start()
            if not self._check_text.text():
                self._set_check("…", self._theme.muted)
        else:
            self._set_check("", self._theme.muted)

    def _check(self) -> None:
        e = self._explanation
        if e is not None and e.kind != "unit":
            source = e.source if e.kind == "weight" else None
            self.show_check(check_parameter(e.experiment, e.record, e.layer, source, e.unit))

    def _request_check(self) -> None:
        self.check_requested.emit(self._selection)


def _fits(frame: Frame, selection: Selection) -> bool:
    """Whether the network still has the selected part."""
    sizes = frame.record.sizes
    if selection.kind == "loss":
        return True
    if not 0 <= selection.layer < len(sizes):
        return False
    if selection.kind == "layer":
        return True
    if selection.kind in ("weight", "bias") and selection.layer == 0:
        return False
    if not 0 <= selection.unit < sizes[selection.layer]:
        return False
    return selection.kind != "weight" or 0 <= selection.source < sizes[selection.layer - 1]


def _tolerance(terms: FloatArray) -> float:
    """The rounding that a sum of `terms` may differ by."""
    return (
        1e-5 * float(np.abs(terms).sum())
        if terms.dtype == np.float32
        else 1e-12 * float(np.abs(terms).sum()) + 1e-300
    )


def _rate(value: float) -> str:
    """A number that people have typed: without zeros at the end."""
    text = short(value)
    return text.rstrip("0").rstrip(".") if "." in text and "·" not in text else text


def _bracketed(value: float) -> str:
    return f"({short(value)})" if value < 0 else short(value)


def _count(count: int) -> str:
    """A count that may be astronomical."""
    if count < 10**9:
        return grouped(count)
    digits = str(count)
    return (
        short(float(digits[:4]) / 1000, 3)
        + "·10"
        + str(len(digits) - 1).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    )

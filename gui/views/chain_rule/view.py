"""The inspector: the selected number, its factors, and one section for each question about it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.explain import Explanation
from engine.explain.gradient_check import ParameterCheck
from engine.explain.symbols import DELTA, latex
from engine.parts import Part
from engine.phases import FactorKind, Revealed
from gui.document.focus import Focus
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text import symbols
from gui.text.numbers import full, grouped, short
from gui.text.parts import layer_name, part_name, row_number
from gui.text.plain import Label, Prose
from gui.training.messages import Frame
from gui.views.chain_rule.cards import Card, FactorCards, Headline
from gui.views.chain_rule.check import CheckSection
from gui.views.chain_rule.commands import Commands
from gui.views.chain_rule.comparison import ComparisonSection
from gui.views.chain_rule.overview import LossSection, UnitsSection, layer_norm
from gui.views.chain_rule.paths import PathsSection
from gui.views.chain_rule.product import Product
from gui.views.chain_rule.section import Known, Section, explained
from gui.views.chain_rule.shares import SharesSection
from gui.views.chain_rule.slope import SlopeSection
from gui.views.chain_rule.terms import InputsSection, JacobianSection, LossTermsSection, TermsSection
from gui.views.chain_rule.update import UpdateSection
from gui.widgets.number_box import SpinBox
from gui.widgets.one_line import OneLine, Span
from gui.widgets.scrolled import ScrolledPage
from gui.widgets.table import UNKNOWN

LEAST_WIDTH = 340
"""Pixels at 100 %; where it is narrower, digits would give way."""

ROOMY, TIGHT = 7, 3
"""Pixels between two rows of the inspector, and where there is little height."""

LEVELS = 5
"""Ways to give way to a low window, and to have all the room."""


class ChainRuleView(QWidget):
    """Why the selected number is what it is.

    Parameters
    ----------
    focus : Focus
        What is selected, compared and which sample is shown.

    Signals
    -------
    edit_requested(Part), freeze_requested(Freeze), pause_requested(), derivation_requested()
        By a button.
    check_requested(Part)
        The user wants the finite-difference check of a number in a network too large to make it here;
        the answer is given to `show_check`.
    """

    check_requested = Signal(object)
    edit_requested = Signal(object)
    pause_requested = Signal()
    freeze_requested = Signal(object)
    derivation_requested = Signal()

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("chainRuleView")
        self._frame: Frame | None = None
        self._theme = LIGHT
        self._explanation: Explanation | None = None
        self._note = ""
        self._stale = False
        self._build()
        focus.part_changed.connect(self._begin)
        focus.comparison_changed.connect(self._compare_anew)
        focus.sample_changed.connect(self._redraw)
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
    def caption(self) -> str:
        """What is selected, in words."""
        return self._caption.text

    @property
    def moment(self) -> str:
        """Of which step all numbers are."""
        return self._moment.text

    @property
    def note(self) -> str:
        """What is still to come; empty if nothing is."""
        return self._note

    @property
    def cards(self) -> list[Card]:
        """The factors."""
        return self._cards.cards

    @property
    def factor_cards(self) -> FactorCards:
        """Where the factors are drawn."""
        return self._cards

    def show_frame(self, frame: Frame) -> None:
        """Draw from this frame alone."""
        self._frame = frame
        self._redraw()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = self._explanation = None
        for section in self._sections:
            section.forget()

    def show_check(self, check: ParameterCheck, frame: Frame, selection: Part) -> None:
        """Show the answer to `check_requested`, unless another number is shown by now."""
        shown = self._frame is not None and self._frame.record is frame.record
        if shown and self.focus.part == selection and self._explanation is not None:
            self._check.show_check(check)
            self._page.area.ensureWidgetVisible(self._check)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._headline.set_theme(theme)
        for line in (self._caption, self._value, self._moment, self._share, self._row):
            line.set_theme(theme)
        for cards in (self._state, self._cards):
            cards.set_theme(theme)
        for section in self._sections:
            section.set_theme(theme)
        self._check.retranslate()
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._keep_wide()
            self._unfitted = True
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        content = self._content = QWidget(self)
        content.setObjectName("chainRuleContent")
        self._caption = OneLine(content, scale=0.95)
        self._caption.setObjectName("chainRuleCaption")
        self._value = OneLine(content, scale=1.12)
        self._value.setObjectName("chainRuleValue")
        self._moment = OneLine(content, align="right", scale=0.95)
        self._moment.setObjectName("chainRuleMoment")
        self.commands = Commands(content)
        self.commands.setObjectName("chainRuleCommands")
        self.commands.edit_requested.connect(self.edit_requested)
        self.commands.freeze_requested.connect(self.freeze_requested)
        self.commands.pause_requested.connect(self.pause_requested)
        self.commands.compare_requested.connect(self._keep_for_comparing)
        self.commands.derivation_requested.connect(self.derivation_requested)
        self._headline = Headline(content)
        self._headline.setObjectName("chainRuleHeadline")
        self._state = FactorCards(content)
        self._state.setObjectName("chainRuleState")
        self._cards = FactorCards(content)
        self._cards.setObjectName("chainRuleCards")
        self._compared = ComparisonSection(content)
        self._shares = SharesSection(content)
        self._shares.bars.sample_chosen.connect(self._choose)
        self._update = UpdateSection(content)
        self._check = CheckSection(content)
        self._check.requested.connect(self._request_check)
        self._slope = SlopeSection(content)
        self._units = UnitsSection(content)
        self._loss = LossSection(content)
        self._jacobian, self._loss_terms = JacobianSection(content), LossTermsSection(content)
        self._shown: tuple[QWidget, ...] = ()
        self._sections: tuple[Section, ...] = (
            self._compared,
            InputsSection(content),
            self._units,
            self._loss,
            TermsSection(content),
            self._jacobian,
            self._loss_terms,
            self._slope,
            self._shares,
            PathsSection(content),
            self._update,
            self._check,
        )
        for section in self._sections:
            section.changed.connect(self._redraw)
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(ROOMY)
        head = QVBoxLayout()
        head.setSpacing(0)
        first = QHBoxLayout()
        first.addWidget(self._value, 3)
        first.addWidget(self._moment, 2)
        head.addLayout(first)
        head.addWidget(self._caption)
        column.addLayout(head)
        rows = (
            self.commands,
            self._headline,
            self._sample_chooser(content),
            self._state,
            self._cards,
        )
        for widget in (*rows, *self._sections):
            column.addWidget(widget)
        column.addStretch(1)

        empty = Prose(self)
        empty.setObjectName("chainRuleEmpty")
        self._page = ScrolledPage(content, "chainRuleScroll", empty, self)
        self._page.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._level = 0
        self._unfitted = False
        content.installEventFilter(self)
        self._keep_wide()

    def _keep_wide(self) -> None:
        """Never be so narrow that digits give way."""
        self.setMinimumWidth(px(LEAST_WIDTH))

    def _sample_chooser(self, content: QWidget) -> QWidget:
        self._sample_label = Label(content)
        self._spin = SpinBox(content)
        self._spin.setObjectName("chainRuleSample")
        self._spin.setMinimum(1)
        self._spin.valueChanged.connect(lambda value: self._choose(value - 1))
        self._sample_label.setBuddy(self._spin)
        self._row = OneLine(content)
        self._row.setObjectName("chainRuleRow")
        self._share = OneLine(content, align="right")
        self._share.setObjectName("chainRuleShare")
        chooser = QWidget(content)
        line = QHBoxLayout(chooser)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for widget, stretch in ((self._sample_label, 0), (self._spin, 0), (self._row, 2), (self._share, 4)):
            line.addWidget(widget, stretch)
        return chooser

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Chain rule"))
        self._headline.setAccessibleName(self.tr("Gradient"))
        self._sample_label.setText(self.tr("Sample"))
        self._spin.setAccessibleName(self.tr("Sample of the mini-batch"))
        self._spin.setToolTip(self.tr("The sample of the mini-batch whose factors are shown"))
        self._state.setAccessibleName(self.tr("Values of the unit"))
        self._cards.setAccessibleName(self.tr("Factors"))
        title = self.tr("Why is this gradient this number?")
        how = self.tr(
            "Click a line, a unit, a bias or the loss in the network, or choose one with the keyboard."
        )
        what = self.tr(
            "Its factors, every sample's share, every path to the loss and its update are shown here."
        )
        self._page.empty.setText(f"<p><b>{title}</b></p><p>{how}</p><p>{what}</p>")
        self._check.retranslate()
        self.commands.retranslate()
        self._redraw()

    # -- choosing ----------------------------------------------------------------------------------

    def _choose(self, sample: int) -> None:
        if sample != self._sample:
            self.focus.show_sample(sample)

    def _keep_for_comparing(self, part: Part) -> None:
        self.focus.compare(None if part == self.focus.comparison else part)

    def _request_check(self) -> None:
        self.check_requested.emit(self.focus.part)

    # -- drawing -----------------------------------------------------------------------------------

    @property
    def _sample(self) -> int:
        return self.focus.sample if self._frame is None else self.focus.sample_in(self._frame)

    def _begin(self) -> None:
        """Explain another part, from the top."""
        for section in self._sections:
            section.forget()
        self._page.area.verticalScrollBar().setValue(0)
        self._unfitted = True
        self._redraw()

    def _compare_anew(self) -> None:
        self._compared.forget()
        self._unfitted = True
        self._redraw()

    def _fit(self) -> None:
        """Give way to a low window: first the room between the rows, then the picture of the slope.

        Where a softmax is written out in full, the short way round it, by the loss's own derivative, goes
        last.

        What is shown down to the update is then seen at once, if it can be. Never while training goes on:
        nothing in here changes its size with the numbers.
        """
        column = self._column
        self._unfitted = False
        for level in range(LEVELS):
            self._level = level
            column.setSpacing(TIGHT if level else ROOMY)
            self.commands.be_one_row(level > 0)
            self._slope.plot.setVisible(level < 2)
            self._shares.bars.be_low(level > 2)
            self._loss_terms.setVisible(self._is_shown(self._loss_terms))
            for section in self._sections:
                section.be_tight(level > 0)
            column.invalidate()
            if self._fits():
                break

    def _fits(self) -> bool:
        spare = 0 if self._check.isHidden() else self._check.sizeHint().height() + self._column.spacing()
        return self._content.sizeHint().height() - spare <= self._page.area.viewport().height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # a formula that has been laid out only now may be higher than the room kept for it, and all that is
        # in here has its new size only after a change of the font
        if event.type() == QEvent.Type.LayoutRequest and (self._unfitted or self._is_too_high()):
            self._fit()
        return super().eventFilter(watched, event)

    def _is_too_high(self) -> bool:
        return self._level < LEVELS - 1 and not self._fits()

    def _redraw(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self._explanation = None
        frame, selection = self._frame, self.focus.part
        if frame is None or selection is None or not selection.exists(frame.record.sizes):
            self._page.show_content(False)
            return
        self._page.show_content(True)
        name = part_name(frame, selection)
        if frame.is_frozen(selection):
            name = self.tr("{part} · frozen").format(part=name)
        step = grouped(frame.record.step)
        tip = self.tr("The numbers of step {step}, made with the parameters after step {before}")
        tip = tip.format(step=step, before=grouped(frame.record.step - 1))
        self._caption.show_text(name, tip=f"{name}\n{tip}")
        moment = self.tr("after step {step}") if frame.updated else self.tr("in step {step}")
        self._moment.show_text(moment.format(step=step), tip=tip)
        self._show_value(frame, selection)
        kept = self.focus.comparison == selection
        frozen = frame.is_frozen(selection)
        self.commands.show_part(selection, frozen=frozen, compared=kept)
        with QSignalBlocker(self._spin):
            self._spin.setMaximum(frame.record.batch)
            self._spin.setValue(self._sample + 1)
        held = frame.phase is not None and frame.phase.sample is not None
        self._spin.setEnabled(frame.record.batch > 1 and not held)
        row = row_number(frame.record, self._sample)
        tip = self.tr("Row {row} of the data set, a sample of the mini-batch of step {step}")
        self._row.show_text(self.tr("row {number}").format(number=row), tip=tip.format(row=row, step=step))
        if selection.kind == "loss":
            self._draw_loss(frame)
        elif selection.kind == "layer":
            self._draw_layer(frame, selection.layer)
        else:
            self._draw_explanation(frame, explained(frame, selection))
        if self._unfitted:
            self._fit()

    def _show_only(self, *shown: QWidget) -> None:
        compared = self.focus.comparison not in (None, self.focus.part) and self._compare()
        self._unfitted = self._unfitted or shown != self._shown
        self._shown = shown
        for widget in (self._state, self._cards, *self._sections):
            widget.setVisible(self._is_shown(widget) or (widget is self._compared and compared))

    def _is_shown(self, widget: QWidget) -> bool:
        """Whether it says something of the part, and there is room for it."""
        told_twice = widget is self._loss_terms and self._jacobian in self._shown
        return widget in self._shown and not (told_twice and self._level == LEVELS - 1)

    def _compare(self) -> bool:
        """Show the comparison, if the network has the other part."""
        frame, one, other = self._frame, self.focus.part, self.focus.comparison
        if frame is None or one is None or other is None or not other.exists(frame.record.sizes):
            return False
        self._compared.compare(frame, one, other, self._sample)
        return True

    def _draw_explanation(self, frame: Frame, e: Explanation) -> None:
        self._explanation = e
        sample = self._sample
        product = Product.of(frame, e, sample)
        known, factor = product.known, product.factor
        shown: list[QWidget] = [section for section in self._sections if section.applies(e)]
        if e.kind == "unit":
            shown.append(self._state)
            self._state.set_cards(self._state_cards(frame, e, known, sample), "")
        if product.cards:
            shown.append(self._cards)
            self._cards.set_cards(product.cards, lit=product.lit)
        self._note_what_comes(known, factor)
        for section in self._sections:
            if section in shown:
                section.explain(frame, e, known, sample)
        self._show_only(*shown)

        batch = self._batch(frame)
        symbol = symbols.derivative("L", symbols.parameter_latex(e))
        gradient = e.gradient if known.batch else None
        mean = frame.experiment.reduction == "mean"
        brief = self.tr("mean of {count}") if mean else self.tr("sum of {count}")
        self._headline.set_content(
            symbol,
            gradient,
            self._note or batch,
            brief=self._note or brief.format(count=grouped(frame.record.batch)),
            lit=factor is FactorKind.GRADIENT,
        )
        lit = factor is FactorKind.SHARE
        share = product.share if known.share else None
        self._say_share(self.tr("its share"), share, product.shown_share, lit=lit)

    def _show_value(self, frame: Frame, part: Part) -> None:
        """Show the value of a weight or bias at this moment."""
        if not part.is_parameter:
            self._value.show_text(
                "" if part.kind in ("layer", "loss") else symbols.part_plain(part), "strong"
            )
            return
        value = frame.parameter(part)
        tip = self.tr("{value}, after step {step}").format(value=full(value), step=grouped(frame.step))
        spans = [Span(f"{symbols.part_plain(part)} = ", "text"), Span.number(short(value), value)]
        self._value.show_spans(spans, tip)

    def _say_share(self, text: str, value: float | None, shown: str, *, lit: bool = False) -> None:
        number = Span.number(UNKNOWN if value is None else shown, value)
        if lit:
            number = number._replace(tone="selection")
        said = f"{text} {number.text}" if value is None else f"{text} {full(value)}"
        self._share.show_spans([Span(f"{text} "), number], said)

    def _batch(self, frame: Frame) -> str:
        mean = frame.experiment.reduction == "mean"
        text = self.tr("batch of {count}, mean") if mean else self.tr("batch of {count}, sum")
        return text.format(count=grouped(frame.record.batch))

    def _note_what_comes(self, known: Known, factor: FactorKind | None = None) -> None:
        note = ""
        if factor is not None:
            if factor is not FactorKind.GRADIENT:
                note = self.tr("comes with the next presses of Step")
        elif not known.forward:
            note = self.tr("comes with the forward pass")
        elif not known.delta:
            note = self.tr("comes with the backward pass")
        elif not known.batch:
            note = self.tr("comes after the last sample")
        self._note = note

    def _state_cards(self, frame: Frame, e: Explanation, known: Known, sample: int) -> list[Card]:
        delta = float(e.delta[sample]) if known.delta else None
        if not e.layer:
            x = symbols.parameter_latex(e)
            origin = self.tr("from {layer}").format(layer=layer_name(1, len(frame.record.z)))
            return [
                Card(x, float(e.a[sample]), self.tr("input")),
                Card(symbols.derivative("L", x), delta, origin),
            ]
        z, a = (float(e.z[sample]), float(e.a[sample])) if known.forward else (None, None)
        return [
            Card(latex("z", e.layer, e.unit), z, self.tr("pre-activation")),
            Card(latex("a", e.layer, e.unit), a, self.tr("activation")),
            Card(latex(DELTA, e.layer, e.unit), delta, "∂L/∂z"),
        ]

    def _draw_layer(self, frame: Frame, layer: int) -> None:
        known = Known.of(frame, layer, self._sample)
        shown: list[QWidget] = [self._units]
        self._units.show_layer(frame, layer, known, self._sample)
        rule = frame.experiment.layers[layer - 1].activation if layer else None
        if rule is not None and rule.elementwise:
            shown.append(self._slope)
            self._slope.show_rule(rule)
        self._show_only(*shown)
        if layer:
            self._note_what_comes(known)
            symbol = rf"\|\partial L/\partial {latex('W', layer)}\|"
            suffix = self.tr("norm, batch of {count}").format(count=grouped(frame.record.batch))
        else:
            self._note = ""
            symbol, suffix = r"\|x\|", self.tr("norm of the batch's inputs")
        self._headline.set_content(
            symbol, layer_norm(frame, layer) if known.batch or not layer else None, self._note or suffix
        )
        self._share.show_text("")

    def _draw_loss(self, frame: Frame) -> None:
        record, sample = frame.record, self._sample
        last = len(record.z)
        known = Known.of(frame, last, sample)
        phase = frame.phase
        computed = Revealed.by(phase, last).loss
        one_sample = phase is not None and phase.sample is not None
        whole = computed and not one_sample
        mean = frame.experiment.reduction == "mean"
        suffix = self.tr("mean of {count}") if mean else self.tr("sum of {count}")
        total = float(record.data_loss) if whole else None
        self._units.show_outputs(frame, known, sample)
        own = float(record.sample_losses[sample]) if computed else None
        self._loss.show_loss(frame, whole, sample, own)
        samples = record.batch if whole else (sample + computed if one_sample else 0)
        self._shares.show_losses(frame, samples, UNKNOWN if total is None else short(total), sample)
        self._show_only(self._units, self._loss, self._shares)
        self._note = ""
        if not computed:
            self._note = self.tr("comes after the forward pass")
        self._headline.set_content("L", total, self._note or suffix.format(count=grouped(record.batch)))
        self._say_share(self.tr("its own loss"), own, "" if own is None else short(own))

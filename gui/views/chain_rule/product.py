"""The product that a gradient is a sum of: its factors as cards, for the inspector and for the class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from engine.explain import Explanation
from engine.explain.symbols import activation_latex, latex
from engine.phases import FactorKind
from gui.text import symbols
from gui.text.numbers import agreeing, product, short
from gui.text.parts import layer_name, unit_label, unit_name
from gui.training.messages import Frame
from gui.views.chain_rule.cards import Card
from gui.views.chain_rule.section import Known, factor_of
from gui.widgets.table import UNKNOWN

translate = QCoreApplication.translate


class Product(NamedTuple):
    """One sample's share of a gradient, and what it is the product of.

    Attributes
    ----------
    known : Known
        What of it the phase has revealed.
    factor : FactorKind or None
        How far the phase has come, if it goes through these factors.
    cards : tuple of Card
        The factors; only one where the share is no product, none of an input.
    lit : range
        The cards that the phase is about.
    share : float
    shown_share : str
        With as many digits as it takes to come out of those on the cards.
    """

    known: Known
    factor: FactorKind | None
    cards: tuple[Card, ...]
    lit: range
    share: float
    shown_share: str

    @classmethod
    def of(cls, frame: Frame, e: Explanation, sample: int, digits: int = 4) -> Product:
        """Take the share of a sample apart; numbers have so many digits, or more where it takes more."""
        is_parameter = e.kind != "unit"
        known = Known.of(frame, e.layer, sample, by_factor=is_parameter)
        factor = factor_of(frame, e.layer) if is_parameter else None
        cards: Sequence[Card] = _factor_cards(frame, e, known, sample)
        share = float(e.samples[sample])
        shown = short(share, digits)
        if cards:
            numbers = agreeing(product, _factors(e, sample), share, digits)
            shown = numbers.result
            cards = [card._replace(text=text) for card, text in zip(cards, numbers.terms, strict=True)]
        return cls(known, factor, tuple(cards), _lit_cards(factor, len(cards)), share, shown)


def _factor_cards(frame: Frame, e: Explanation, known: Known, sample: int) -> list[Card]:
    """The local derivatives whose product is the sample's share; of an input there are none."""
    if not e.layer:
        return []
    cards = []
    z, a = latex("z", e.layer, e.unit), latex("a", e.layer, e.unit)
    if e.is_fused(sample):
        delta = float(e.delta[sample]) if known.delta else None
        caption, tip = translate("ChainRuleView", "through the softmax"), ""
        if not e.is_softmax:
            caption = translate("ChainRuleView", "both factors at once")
            tip = translate(
                "ChainRuleView",
                "∂L/∂a or the slope is beyond what double precision holds; their product is not",
            )
        cards.append(Card(symbols.derivative("L", z), delta, caption, tip))
    else:
        origin = (
            translate("ChainRuleView", "from the loss")
            if e.is_output
            else translate("ChainRuleView", "from {layer}").format(
                layer=layer_name(e.layer + 1, len(frame.record.z))
            )
        )
        upstream = float(e.upstream[sample]) if known.upstream else None
        cards.append(
            Card(
                symbols.derivative("L", a), upstream, origin, translate("ChainRuleView", "upstream gradient")
            )
        )
        cards.append(_slope_card(e, z, known, sample))
    if e.kind == "weight":
        incoming = activation_latex(e.layer - 1, e.source)
        value = float(e.activation[sample]) if known.incoming else None
        name = unit_name(frame, e.layer - 1, e.source)
        caption = translate("ChainRuleView", "activation") if e.layer > 1 else unit_label(frame, 0, e.source)
        cards.append(Card(rf"\partial z/\partial w = {incoming}", value, caption, name))
    elif e.kind == "bias":
        value = float(e.activation[sample])
        caption = (
            translate("ChainRuleView", "always 1")
            if value == 1.0
            else translate("ChainRuleView", "mean over the batch")
        )
        cards.append(Card(r"\partial z/\partial b", value if known.incoming else None, caption))
    return cards


def _slope_card(e: Explanation, z: str, known: Known, sample: int) -> Card:
    slope = float(e.slope[sample]) if known.slope else None
    if e.mask is not None:
        mask = short(float(e.mask[sample, e.unit]))
        tip = translate("ChainRuleView", "local slope times the dropout mask, {mask}").format(mask=mask)
        return Card(f"m f'({z})", slope, translate("ChainRuleView", "slope × mask"), tip)
    at = short(float(e.z[sample]), 3) if known.slope else UNKNOWN
    return Card(
        f"f'({z})",
        slope,
        translate("ChainRuleView", "slope at {z}").format(z=at),
        translate("ChainRuleView", "local slope"),
    )


def _factors(e: Explanation, sample: int) -> list[float]:
    """The numbers on the cards, whether they are known yet or not: what they multiply to is the share."""
    delta = [e.delta] if e.is_fused(sample) else [e.upstream, e.slope]
    return [float(factor[sample]) for factor in (*delta, *([] if e.kind == "unit" else [e.activation]))]


def _lit_cards(factor: FactorKind | None, count: int) -> range:
    """Which of so many cards the phase is about; their product is about all of them."""
    if factor in (FactorKind.UPSTREAM, FactorKind.DELTA):
        return range(1)
    if factor is FactorKind.SLOPE:
        return range(count - 2, count - 1)  # the only one before what comes in, if both are shown as one
    if factor is FactorKind.INCOMING:
        return range(count - 1, count)
    return range(count if factor is FactorKind.SHARE else 0)

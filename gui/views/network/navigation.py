"""Moving through the network by keyboard: from one selection to the next."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP
from engine.parts import Part


class Move(Enum):
    """A way to go."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    NEXT_WEIGHT = "next weight"
    PREVIOUS_WEIGHT = "previous weight"
    BIAS = "bias"
    LAYER = "layer"


KEYS = (
    ("↑, ↓", QT_TRANSLATE_NOOP("navigation", "Next unit, bias or incoming weight")),
    ("Shift+←, Shift+→", QT_TRANSLATE_NOOP("navigation", "The layer beside, or the ends of a weight")),
    ("W, Shift+W", QT_TRANSLATE_NOOP("navigation", "Through the weights into a unit")),
    ("B", QT_TRANSLATE_NOOP("navigation", "The bias of a unit, and back")),
    ("L", QT_TRANSLATE_NOOP("navigation", "The layer")),
    ("C", QT_TRANSLATE_NOOP("navigation", "Keep the selection for comparing")),
    ("Return", QT_TRANSLATE_NOOP("navigation", "Edit the weight or bias")),
    ("K", QT_TRANSLATE_NOOP("navigation", "Freeze it, or let it go")),
    ("Esc", QT_TRANSLATE_NOOP("navigation", "Select nothing")),
)
"""The keys of the graph, when it has the keyboard."""


def graph_keys() -> list[tuple[str, str]]:
    """The keys of the graph and what they do, in the language that is spoken."""
    return [(keys, QCoreApplication.translate("navigation", text)) for keys, text in KEYS]


def moved(selection: Part | None, move: Move, sizes: Sequence[int]) -> Part | None:
    """Where `move` leads from `selection`; where there is nothing further, the selection itself.

    Left and right go to the layer beside, or along a weight to its ends; up and down to the unit, the
    bias or the incoming weight beside. `NEXT_WEIGHT` goes through a unit's incoming weights, `BIAS`
    to its bias and back, `LAYER` to its layer. Beyond the outputs lies the loss.
    """
    last = len(sizes) - 1
    if selection is None:
        return Part("unit", 0, 0)
    kind, layer, unit, source = selection
    if kind == "loss":
        return Part("unit", last, 0) if move is Move.LEFT else selection
    if move in (Move.LEFT, Move.RIGHT):
        return _sideways(selection, -1 if move is Move.LEFT else 1, sizes)
    if move in (Move.UP, Move.DOWN):
        way = -1 if move is Move.UP else 1
        if kind == "layer":
            return Part("unit", layer, 0 if way > 0 else sizes[layer] - 1)
        if kind == "weight":
            return Part("weight", layer, unit, min(max(source + way, 0), sizes[layer - 1] - 1))
        return Part(kind, layer, min(max(unit + way, 0), sizes[layer] - 1))
    if move is Move.LAYER:
        return Part("layer", layer)
    if kind == "layer":
        return selection
    if move is Move.BIAS:
        return Part("unit" if kind == "bias" or layer == 0 else "bias", layer, unit)
    if kind == "weight":
        way = 1 if move is Move.NEXT_WEIGHT else -1
        return Part("weight", layer, unit, (source + way) % sizes[layer - 1])
    if layer == 0:
        # no weight comes in here: take the first that goes out
        return Part("weight", 1, 0, unit)
    return Part("weight", layer, unit, 0 if move is Move.NEXT_WEIGHT else sizes[layer - 1] - 1)


def _sideways(selection: Part, way: int, sizes: Sequence[int]) -> Part:
    kind, layer, unit, source = selection
    if kind == "weight":
        return Part("unit", layer, unit) if way > 0 else Part("unit", layer - 1, source)
    if layer + way < 0:
        return selection
    if layer + way >= len(sizes):
        return Part("loss")
    if kind == "layer":
        return Part("layer", layer + way)
    beside = min(unit, sizes[layer + way] - 1)
    return Part("unit" if layer + way == 0 else kind, layer + way, beside)

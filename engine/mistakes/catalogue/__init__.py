"""The catalogue of mistakes: what people get wrong in their own back-propagation, a row a mistake."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.mistakes.catalogue import backward, delta, forward, gradients, update
from engine.mistakes.catalogue.mistake import LINES, Mistake

_ORDER = tuple(LINES)

MISTAKES: Mapping[str, Mistake] = MappingProxyType(
    {
        row.name: row
        for row in sorted(
            (*forward.ROWS, *delta.ROWS, *backward.ROWS, *gradients.ROWS, *update.ROWS),
            key=lambda row: _ORDER.index(row.line),
        )
    }
)
"""All rows by name, in the order of the lines that they are on."""

__all__ = ["LINES", "MISTAKES", "Mistake"]

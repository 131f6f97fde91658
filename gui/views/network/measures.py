"""All sizes of the graph in pixels, from the size of the window's text: one factor scales everything."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QFont

from gui.style.fonts import FONT_POINTS


@dataclass(frozen=True)
class Measures:
    """Sizes at a text size; `factor` is 1 at the usual one.

    Attributes
    ----------
    factor : float
    """

    factor: float = 1.0

    @classmethod
    def of(cls, font: QFont) -> Measures:
        """Sizes that go with a font of the window."""
        points = font.pointSizeF()
        return cls(points / FONT_POINTS if points > 0 else 1.0)

    def px(self, pixels: float) -> float:
        """So many pixels at the usual text size."""
        return pixels * self.factor

    @property
    def least_radius(self) -> float:
        """Of a circle with two storeys, a bias under it and numbers on its lines."""
        return self.px(24.0)

    @property
    def digits_radius(self) -> float:
        """Of a circle in whose storeys four digits fit."""
        return self.px(26.0)

    @property
    def bold_radius(self) -> float:
        """Of a circle in whose storeys four bold digits fit."""
        return self.px(31.0)

    @property
    def most_radius(self) -> float:
        return self.px(64.0)

    @property
    def small(self) -> int:
        """Pixels of the smallest text: of numbers on lines and of names."""
        return max(round(self.px(11.0)), 1)

    @property
    def title(self) -> int:
        """Pixels of the names of layers."""
        return max(round(self.px(12.0)), 1)

    @property
    def smallest_digits(self) -> int:
        """Pixels of the smallest digits in a circle; with less room there are none."""
        return max(round(self.px(10.0)), 1)

    @property
    def pill(self) -> float:
        """The height of a bias's pill and of a chip on a line."""
        return self.px(17.0)

    @property
    def below(self) -> float:
        """Room under a circle for its bias."""
        return self.pill + self.px(6.0)

    @property
    def above(self) -> float:
        """Room over a circle for its name."""
        return self.px(18.0)

    @property
    def on_line(self) -> float:
        """Room between two layers for a number on each line, and for arrowheads at both of its sides."""
        return self.px(104.0)

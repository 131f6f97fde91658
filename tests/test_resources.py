"""The bundled files are there, and can do what the window asks of them."""

from __future__ import annotations

import pytest

from resources import resource_path

SYMBOLS = "ŷαβγδηθλμσΣΔ∂∇∑√∞≈≠≤≥±×·−→⊙⊗∘ℝ‖₀₁₂₃ᵢⱼ₊⁰¹²⁻⁽⁾ᵀˡ′…▶●"


@pytest.mark.parametrize("file", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_font_has_the_symbols_and_figures_of_one_width(qapp: object, file: str) -> None:
    from PySide6.QtGui import QRawFont

    font = QRawFont(str(resource_path("fonts", file)), 16.0)
    assert font.isValid()
    assert [symbol for symbol in SYMBOLS if not font.supportsCharacter(ord(symbol))] == []
    widths = [point.x() for point in font.advancesForGlyphIndexes(font.glyphIndexesForString("0123456789"))]
    assert set(widths) == {widths[0]}

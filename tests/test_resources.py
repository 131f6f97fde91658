"""The bundled files are there, and can do what the window asks of them."""

from __future__ import annotations

import pytest

from resources import LANGUAGES, resource_path

SYMBOLS = "ŷαβγδηθλμσΣΔ∂∇∑√∞≈≠≤≥±×·−→⊙⊗∘ℝ‖₀₁₂₃ᵢⱼ₊⁰¹²⁻⁽⁾ᵀˡ′…▶●"


@pytest.mark.parametrize("file", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_font_has_the_symbols_and_figures_of_one_width(qapp: object, file: str) -> None:
    from PySide6.QtGui import QRawFont

    font = QRawFont(str(resource_path("fonts", file)), 16.0)
    assert font.isValid()
    assert [symbol for symbol in SYMBOLS if not font.supportsCharacter(ord(symbol))] == []
    widths = [point.x() for point in font.advancesForGlyphIndexes(font.glyphIndexesForString("0123456789"))]
    assert set(widths) == {widths[0]}


def test_the_course_is_there_in_every_language() -> None:
    """Twelve lessons, numbered as the menu has them; a wheel takes all that lies under resources."""
    folders = sorted(path for path in resource_path("lessons").iterdir() if path.is_dir())
    assert [path.name[:2] for path in folders] == [f"{number:02}" for number in range(1, 13)]
    for path in folders:
        assert {file.name for file in path.glob("lesson*.md")} == {
            "lesson.md",
            *(f"lesson.{language}.md" for language in LANGUAGES if language != "en"),
        }

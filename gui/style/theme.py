"""The colours of the window, light and dark: one frozen value that every view is handed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb, each with one meaning.

    `positive` and `negative` are signs, `selection` is what is selected, `good` and `bad` are what agrees and
    what is wrong; phases, the cursor, marks and the validation rows are in `text`. `border` parts one thing
    from another and may be faint; `control` is the outline of what can be pressed or typed into. `chosen` is
    the ground of the entry in force; the two fills are pale enough for digits in the colour of their sign.
    """

    name: str
    window: str
    surface: str
    field: str
    canvas: str
    text: str
    muted: str
    border: str
    control: str
    accent: str
    accent_text: str
    positive: str
    negative: str
    positive_fill: str
    negative_fill: str
    chosen: str
    selection: str
    good: str
    warning: str
    bad: str
    grid: str

    @property
    def dark(self) -> bool:
        """Whether what is drawn has to be bright; print is light."""
        return _luminance(QColor(self.window)) < _luminance(QColor(self.text))


LIGHT = Theme(
    name="light",
    window="#ebeff4",
    surface="#ffffff",
    field="#ffffff",
    canvas="#f5f7fa",
    text="#1a2233",
    muted="#566275",
    border="#d9dee6",
    control="#738198",
    accent="#1a2233",
    accent_text="#ffffff",
    positive="#0b6fb8",
    negative="#b45309",
    positive_fill="#ecf4fc",
    negative_fill="#fdf2e7",
    chosen="#d6e8f7",
    selection="#7a3ff2",
    good="#17702f",
    warning="#8a5a00",
    bad="#b42318",
    grid="#e3e8ef",
)

DARK = Theme(
    name="dark",
    window="#12161d",
    surface="#1a2029",
    field="#242d39",
    canvas="#151a22",
    text="#e6eaf0",
    muted="#98a4b5",
    border="#303947",
    control="#738198",
    accent="#e6eaf0",
    accent_text="#12161d",
    positive="#63b8f5",
    negative="#f5a55c",
    positive_fill="#16324a",
    negative_fill="#43290f",
    chosen="#173a56",
    selection="#b08cff",
    good="#4cc36d",
    warning="#e8c547",
    bad="#ff7b6e",
    grid="#28303c",
)


def blend(background: str | QColor, colour: str | QColor, share: float) -> QColor:
    """`colour` over `background`, `share` of it: the opaque twin of an alpha."""
    under, over = QColor(background), QColor(colour)
    mixed = (
        round(b + (c - b) * share)
        for b, c in zip(under.getRgb()[:3], over.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)


def contrast(one: str | QColor, other: str | QColor) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG defines it."""
    light, dark = sorted(map(_luminance, (QColor(one), QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def system_theme() -> Theme:
    """The theme that goes with the desktop's colour scheme."""
    dark = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT

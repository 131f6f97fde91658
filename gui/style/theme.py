"""The colours of the window, light and dark: one frozen value that every view is handed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb; `positive` and `negative` are for signs, `selection` for what is selected."""

    name: str
    window: str
    surface: str
    field: str
    canvas: str
    text: str
    muted: str
    border: str
    accent: str
    accent_text: str
    positive: str
    negative: str
    positive_fill: str
    negative_fill: str
    selection: str
    good: str
    warning: str
    bad: str
    grid: str


LIGHT = Theme(
    name="light",
    window="#ebeff4",
    surface="#ffffff",
    field="#ffffff",
    canvas="#f5f7fa",
    text="#1a2233",
    muted="#5f6b7d",
    border="#d9dee6",
    accent="#1a2233",
    accent_text="#ffffff",
    positive="#0b6fb8",
    negative="#d9730d",
    positive_fill="#d6e8f7",
    negative_fill="#fde5d0",
    selection="#7a3ff2",
    good="#1a7f37",
    warning="#b45309",
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
    accent="#e6eaf0",
    accent_text="#12161d",
    positive="#4aa8ec",
    negative="#f0963c",
    positive_fill="#173a56",
    negative_fill="#4d3116",
    selection="#a684ff",
    good="#4cc36d",
    warning="#f0b13c",
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


def system_theme() -> Theme:
    """The theme that goes with the desktop's colour scheme."""
    dark = QApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if dark else LIGHT

"""The colours of the window, light and dark: one frozen value that every view is handed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
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


def blend(background: str, colour: str, share: float) -> QColor:
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


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Colour all widgets; views that draw themselves are handed the theme by the main window.

    A palette of our own, because asking Qt for a colour scheme does nothing without a desktop.
    """
    application.setPalette(_palette(theme))
    application.setStyleSheet(_style_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, colour in {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.canvas,
        role.Text: theme.text,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.BrightText: theme.bad,
        role.Highlight: theme.positive,
        role.HighlightedText: theme.surface,
        role.ToolTipBase: theme.canvas,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Link: theme.positive,
        role.Mid: theme.border,
        role.Midlight: theme.canvas,
        role.Light: theme.canvas,
        role.Dark: theme.border,
        role.Shadow: theme.border,
    }.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.muted))
    return palette


def _style_sheet(theme: Theme) -> str:
    return f"""
    QMainWindow, QStatusBar {{ background: {theme.window}; }}
    QMainWindow::separator {{ background: {theme.border}; width: 1px; height: 1px; }}
    QMenuBar {{ background: {theme.window}; }}
    QToolBar {{ background: {theme.surface}; border: none; border-bottom: 1px solid {theme.border};
        padding: 4px 8px; spacing: 6px; }}
    QStatusBar {{ border-top: 1px solid {theme.border}; color: {theme.muted}; }}
    QStatusBar::item {{ border: none; }}
    QDockWidget::title {{ background: {theme.surface}; padding: 6px 10px 2px 10px; }}
    QDockWidget {{ color: {theme.muted}; }}
    QTabWidget::pane {{ border: none; }}
    QTabBar {{ background: {theme.surface}; }}
    QTabBar::tab {{ background: transparent; color: {theme.muted}; padding: 5px 7px; margin: 0 2px;
        border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QToolTip {{ background: {theme.canvas}; color: {theme.text}; border: 1px solid {theme.border};
        padding: 3px; }}
    QScrollArea {{ border: none; }}
    """

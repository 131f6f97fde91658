"""How widgets look: one palette and one style sheet, made from the theme and set once for all of them.

A widget says what it is by its object name or by a property: a label's `role` (heading, note, count, error)
or `tone` (good, warning, bad), a button's `role` (quiet, link, menu) or place in a `segment`. What changes
while it is shown goes through `mark`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from gui.style.fonts import px, scale
from gui.style.theme import Theme, blend
from resources import resource_path


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Colour all widgets; views that draw themselves are handed the theme beside this.

    A palette of our own, because asking Qt for a colour scheme does nothing without a desktop.
    """
    QDir.setSearchPaths("icons", [str(resource_path("icons"))])
    application.setStyleSheet("")  # what is dressed already would take thrice as long to dress anew
    application.setPalette(_palette(theme))
    application.setStyleSheet(style_sheet(theme))


@contextmanager
def undressed(application: QApplication) -> Iterator[None]:
    """Dress all that is made meanwhile at once, in the end.

    What is put in its place is dressed anew with all that is in it: a window would be built half as fast.
    """
    sheet = application.styleSheet()
    application.setStyleSheet("")
    yield
    application.setStyleSheet(sheet)


def mark(widget: QWidget, name: str, value: str | bool) -> None:
    """Give a property that the sheet looks at, and dress the widget anew if it is another."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


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
        role.Highlight: theme.chosen,
        role.HighlightedText: theme.text,
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


def style_sheet(theme: Theme) -> str:
    """All of it: what is general first, for the last of two equal rules counts.

    Lengths are written as they are at 100 %, and come out as large as the text is.
    """
    general = (_frame, _fields, _texts, _buttons, _tables)
    rooms = (*general, _controls, _panels, _dialogs, _views, _mistakes, _lessons, _lab)
    return _LENGTH.sub(_scaled, "".join(room(theme) for room in rooms))


_LENGTH = re.compile(r"\b(\d+(?:\.\d+)?)(px|pt)\b")


def _scaled(length: re.Match[str]) -> str:
    number, unit = float(length[1]), length[2]
    is_whole = unit == "px" and number.is_integer()
    # a sheet is no text that people read: Qt wants a point and no power of ten
    return f"{px(number)}px" if is_whole else f"{round(number * scale(), 3)}{unit}"


def _frame(theme: Theme) -> str:
    """What Qt draws around everything."""
    return f"""
    QMainWindow, QStatusBar {{ background: {theme.window}; }}
    QMainWindow::separator {{ background: {theme.border}; width: 1px; height: 1px; }}
    QMenuBar {{ background: {theme.window}; }}
    QToolBar {{ background: {theme.surface}; border: none; border-bottom: 1px solid {theme.border};
        padding: 4px 8px; spacing: 6px; }}
    QToolBar[role="controls"] {{ padding: 7px; }}
    QStatusBar {{ border-top: 1px solid {theme.border}; color: {theme.muted}; }}
    QStatusBar::item {{ border: none; }}
    QStatusBar QComboBox {{ background: transparent; border-color: transparent; min-height: 22px;
        padding: 0px 4px; }}
    #drawer {{ background: {theme.surface}; border-left: 1px solid {theme.control}; }}
    #drawerBar {{ padding: 2px; border: none; border-left: 1px solid {theme.border}; }}
    #drawerHandle {{ font-size: 14pt; padding: 0px; min-width: 20px; max-width: 20px; }}
    #dockTitle {{ background: {theme.surface}; }}
    #dockTitle QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 6px; }}
    #dockTitle QToolButton:hover {{ background: {theme.canvas}; }}
    #dockTitle QToolButton:focus {{ border-color: {theme.text}; }}
    QToolButton[role="close"] {{ image: url(icons:close.svg); }}
    QToolButton[role="float"] {{ image: url(icons:float.svg); }}
    QTabWidget::pane {{ border: none; }}
    QTabBar {{ background: {theme.surface}; }}
    QTabBar::tab {{ background: transparent; color: {theme.muted}; padding: 5px 6px; margin: 0 1px;
        border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:selected {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
    QTabBar::tab:hover {{ color: {theme.text}; }}
    QTabBar::tab:selected:focus {{ border: 2px solid {theme.text}; padding: 3px 4px 5px 4px; }}
    QScrollArea {{ border: none; }}
    """


def _fields(theme: Theme) -> str:
    """What is typed into, chosen from, dragged and scrolled, wherever it stands."""
    fields = "QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit, QTextEdit"
    framed = f"border: 1px solid {theme.control}; border-radius: 5px;"
    boxes = ("QCheckBox", "QRadioButton", "QAbstractItemView", "QGroupBox")
    indicator = ", ".join(f"{box}::indicator" for box in boxes)
    checked = ", ".join(f"{box}::indicator:checked" for box in boxes)
    return f"""
    {fields} {{ color: {theme.text}; background: {theme.field}; {framed}
        selection-background-color: {theme.chosen}; selection-color: {theme.text}; }}
    QComboBox, QAbstractSpinBox, QLineEdit {{ padding: 2px 6px; min-height: 18px; }}
    QComboBox {{ padding: 2px 2px 2px 6px; }}
    QAbstractSpinBox {{ padding: 2px; }}
    QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ background: transparent; border: none; padding: 0px;
        min-height: 0px; }}
    QComboBox:disabled, QAbstractSpinBox:disabled, QLineEdit:disabled {{
        color: {theme.muted}; background: {theme.canvas}; border-color: {theme.border}; }}
    QComboBox:focus, QAbstractSpinBox:focus, QLineEdit:focus {{ border-color: {theme.text}; }}
    QComboBox::drop-down {{ subcontrol-origin: padding; subcontrol-position: center right; width: 18px;
        border: none; }}
    QComboBox::down-arrow {{ image: url(icons:down.svg); width: 10px; height: 10px; }}
    QComboBox QAbstractItemView {{ background: {theme.field}; color: {theme.text};
        border: 1px solid {theme.control}; selection-background-color: {theme.chosen};
        selection-color: {theme.text}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 14px;
        border: none; background: transparent; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; }}
    QAbstractSpinBox::up-arrow {{ image: url(icons:up.svg); width: 8px; height: 8px; }}
    QAbstractSpinBox::down-arrow {{ image: url(icons:down.svg); width: 8px; height: 8px; }}
    QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off,
    QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {{ image: none; }}
    QAbstractItemView QLineEdit, QAbstractItemView QAbstractSpinBox, QAbstractItemView QComboBox {{
        min-height: 0px; padding: 0px 3px; border-radius: 0px; }}
    {indicator} {{ width: 12px; height: 12px; background: {theme.field};
        border: 1px solid {theme.control}; border-radius: 3px; }}
    QRadioButton::indicator {{ border-radius: 7px; }}
    {checked} {{ background: {theme.accent}; border-color: {theme.accent};
        image: url(icons:check-{"dark" if theme.dark else "light"}.svg); }}
    QSlider:horizontal {{ min-height: 18px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.control}; }}
    QSlider::sub-page:horizontal {{ height: 4px; border-radius: 2px; background: {theme.text}; }}
    QSlider::handle:horizontal {{ width: 12px; height: 12px; margin: -6px 0px; border-radius: 8px;
        background: {theme.surface}; border: 2px solid {theme.text}; }}
    QSlider::handle:horizontal:focus {{ background: {theme.text}; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0px; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0px; }}
    QScrollBar::handle {{ background: {theme.control}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 24px; }}
    QScrollBar::handle:horizontal {{ min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0px; height: 0px; border: none; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _texts(theme: Theme) -> str:
    heading = "font-size: 8pt; font-weight: 600; letter-spacing: 0.4px;"
    return f"""
    QLabel, QCheckBox {{ color: {theme.text}; }}
    QLabel[role="heading"], QLabel[role="note"], QLabel[role="count"] {{ color: {theme.muted}; }}
    QLabel[role="error"] {{ color: {theme.bad}; }}
    QLabel[role="lock"] {{ image: url(icons:lock.svg); min-width: 12px; max-width: 12px; min-height: 14px; }}
    QLabel[tone="good"] {{ color: {theme.good}; }}
    QLabel[tone="warning"] {{ color: {theme.warning}; }}
    QLabel[tone="bad"] {{ color: {theme.bad}; }}
    QLabel[tone="good"], QLabel[tone="bad"] {{ font-weight: 600; }}
    #chainRuleContent QLabel[role="heading"], #expressionView QLabel[role="heading"],
    #matrixView QLabel[role="heading"] {{ {heading} }}
    QToolTip {{ background: {theme.canvas}; color: {theme.text}; border: 1px solid {theme.border};
        padding: 3px; }}
    #networkHoverTip {{ background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 5px;
        padding: 5px 8px; }}
    [role="message"] {{ background: {theme.surface}; border: none; border-left: 4px solid {theme.positive};
        border-bottom: 1px solid {theme.border}; }}
    [role="message"][tone="warning"] {{ border-left-color: {theme.warning}; }}
    [role="message"][tone="error"] {{ border-left-color: {theme.bad}; }}
    """


def _buttons(theme: Theme) -> str:
    return f"""
    QPushButton {{ color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 4px 10px; }}
    QPushButton:hover {{ background: {theme.canvas}; }}
    QPushButton:pressed {{ background: {theme.grid}; }}
    QPushButton:checked {{ background: {theme.chosen}; }}
    QPushButton:disabled {{ color: {theme.muted}; border-color: {theme.border}; }}
    QPushButton:focus {{ border: 2px solid {theme.text}; padding: 3px 9px; }}
    QPushButton[role="quiet"], QToolButton[role="quiet"] {{
        color: {theme.muted}; border: 1px solid transparent; border-radius: 4px; background: transparent;
        padding: 2px 4px; }}
    QPushButton[role="link"] {{
        color: {theme.positive}; border: 1px solid transparent; border-radius: 4px; background: transparent;
        padding: 2px 0px; text-align: left; }}
    QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover {{ color: {theme.text}; }}
    QPushButton[role="link"]:hover {{ text-decoration: underline; }}
    QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus, QPushButton[role="link"]:focus {{
        border: 1px solid {theme.text}; }}
    QPushButton[role="quiet"]:focus {{ padding: 2px 4px; }}
    QPushButton[role="link"]:focus {{ padding: 2px 0px; }}
    #fullBatchButton {{ color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: 5px; padding: 2px 6px; }}
    #fullBatchButton:checked {{ background: {theme.chosen}; }}
    #fullBatchButton:focus {{ border: 2px solid {theme.text}; padding: 1px 5px; }}
    QPushButton[segment] {{
        background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control};
        border-radius: 0px; padding: 5px 12px; }}
    QPushButton[segment="last"] {{ border-left: none; }}
    QPushButton[segment="first"] {{ border-top-left-radius: 6px; border-bottom-left-radius: 6px; }}
    QPushButton[segment="last"] {{ border-top-right-radius: 6px; border-bottom-right-radius: 6px; }}
    QPushButton[segment]:hover {{ background: {theme.canvas}; }}
    QPushButton[segment]:checked {{ background: {theme.chosen}; }}
    QPushButton[segment]:focus {{ border: 2px solid {theme.text}; padding: 4px 11px; }}
    QToolButton[role="menu"] {{
        color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 5px 10px; }}
    QToolButton[role="menu"]:hover {{ background: {theme.canvas}; }}
    QToolButton[role="menu"]:focus {{ border: 2px solid {theme.text}; padding: 4px 9px; }}
    QToolButton[role="menu"]::menu-indicator {{ subcontrol-position: right center; right: 8px; }}
    """


def _tables(theme: Theme) -> str:
    quiet = f"background: {theme.surface}; color: {theme.muted}; border: none;"
    chosen = f"selection-background-color: {theme.chosen}; selection-color: {theme.text};"
    below = f"border-bottom: 1px solid {theme.border};"
    return f"""
    #dataTable, #predictionTable {{ background: {theme.surface}; alternate-background-color: {theme.canvas};
        color: {theme.text}; border: none; border-top: 1px solid {theme.border}; {chosen} }}
    #parametersTable {{ border: none; border-top: 1px solid {theme.border}; {chosen} }}
    #parametersTable::item {{ padding: 0px 5px; }}
    #parametersTable::indicator {{ width: 11px; height: 11px; border: 1px solid {theme.control};
        border-radius: 2px; }}
    #parametersTable::indicator:checked {{ background: {theme.text}; border-color: {theme.text}; }}
    #parameterEditor {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.selection}; }}
    #runsPanel QTableWidget {{ background: {theme.surface}; color: {theme.text}; border: none;
        gridline-color: {theme.grid}; {chosen} outline: none; }}
    #runsPanel QTableWidget::item:focus {{ border: 1px solid {theme.text}; }}
    #rowsTable {{ border: 1px solid {theme.border}; gridline-color: {theme.grid}; {chosen} }}
    #importDialog QTableView, #importDialog QListWidget {{
        background: {theme.surface}; color: {theme.text}; alternate-background-color: {theme.canvas};
        gridline-color: {theme.grid}; border: 1px solid {theme.border}; border-radius: 4px; {chosen} }}
    #dataTable QHeaderView, #predictionTable QHeaderView, #parametersTable QHeaderView,
    #runsPanel QHeaderView, #importDialog QHeaderView {{ background: {theme.surface}; }}
    #dataTable QHeaderView::section, #predictionTable QHeaderView::section,
    #runsPanel QHeaderView::section {{ {quiet} {below} padding: 3px 6px; }}
    #parametersTable QHeaderView::section {{ {quiet} {below} padding: 3px 8px; }}
    #rowsTable QHeaderView::section {{ background: {theme.canvas}; color: {theme.muted}; border: none;
        {below} border-right: 1px solid {theme.grid}; padding: 3px 6px; }}
    #importDialog QHeaderView::section {{ background: {theme.canvas}; color: {theme.text}; border: none;
        {below} border-right: 1px solid {theme.grid}; padding: 3px 6px; }}
    #dataTable QHeaderView::up-arrow, #dataTable QHeaderView::down-arrow,
    #predictionTable QHeaderView::up-arrow, #predictionTable QHeaderView::down-arrow {{
        subcontrol-position: top center; width: 9px; height: 6px; }}
    #dataTable QTableCornerButton::section,
    #predictionTable QTableCornerButton::section {{ background: {theme.surface}; border: none; {below} }}
    #importDialog QTableCornerButton::section {{ background: {theme.canvas}; border: none; }}
    """


def _controls(theme: Theme) -> str:
    """The toolbars, of the window and of the lab, and the timeline."""
    button = 'QToolBar[role="controls"] QToolButton'
    return f"""
    {button} {{ color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 5px 9px; }}
    {button}:hover {{ background: {theme.canvas}; }}
    {button}:pressed {{ background: {theme.grid}; }}
    {button}:disabled {{ color: {theme.muted}; border-color: {theme.border}; }}
    {button}#runButton, {button}#presentationRun, {button}#expressionPlayButton {{
        color: {theme.accent_text}; background: {theme.accent}; border-color: {theme.accent};
        font-weight: bold; }}
    {button}:focus {{ border: 2px solid {theme.text}; padding: 4px 8px; }}
    #focusRing {{ background: transparent; border: 2px solid {theme.accent_text}; border-radius: 4px; }}
    #focusRing[outside="true"] {{ border-color: {theme.text}; border-radius: 8px; }}
    QScrollArea > #focusRing {{ border-color: {theme.text}; }}
    #runControls QToolButton {{ padding: 5px 3px 5px 9px; }}
    #runControls QToolButton:focus {{ padding: 4px 2px 4px 8px; }}
    #runControls #moreToolsButton {{ padding: 5px 9px; }}
    #runControls #moreToolsButton:focus {{ padding: 4px 8px; }}
    #moreToolsButton::menu-indicator {{ image: none; }}
    {button}#expressionSaveButton {{ padding-right: 20px; }}
    {button}#expressionSaveButton:focus {{ padding-right: 19px; }}
    #expressionControls QToolButton::menu-indicator {{ subcontrol-position: right center; right: 7px; }}
    #expressionControls QLabel[role="note"] {{ padding-left: 8px; }}
    #timelineSlider {{ min-height: 28px; }}
    #timeline {{ background: {theme.surface}; border: none; border-top: 1px solid {theme.border};
        padding: 2px; }}
    """


def _panels(theme: Theme) -> str:
    return f"""
    #setupPanel, #setupBody, #setupRail, #setupPanel QScrollArea, #setupFlyout, #setupFlyoutBody,
    #setupFlyout QScrollArea, #breakpointsPanel, #breakpointsInside,
    #breakpointsPanel QScrollArea, #runsPanel, #runsPanel QSplitter {{ background: {theme.surface}; }}
    #breakpointsPanel QPushButton[role="link"] {{ color: {theme.selection}; padding: 2px 4px; }}
    #breakpointRow[hit="true"] {{ border-left: 3px solid {theme.selection}; }}
    #rowsNote {{ color: {theme.muted}; }}
    #setupFlyout {{ border: 1px solid {theme.muted}; }}
    QFrame[role="line"] {{ background: {theme.border}; border: none; }}
    QToolButton[role="section"] {{ color: {theme.text}; background: transparent;
        border: 1px solid transparent; border-radius: 4px; font-weight: bold; padding: 2px 0px; }}
    QToolButton[role="rail"] {{ background: transparent; border: 1px solid transparent;
        border-radius: 6px; }}
    QToolButton[role="rail"]:hover {{ background: {theme.canvas}; }}
    QToolButton[role="rail"]:checked {{ background: {theme.positive_fill}; }}
    QToolButton[role="section"]:focus, QToolButton[role="rail"]:focus {{ border-color: {theme.text}; }}
    QPushButton[role="cross"] {{ color: {theme.muted}; background: transparent; padding: 3px 2px;
        min-width: 18px; min-height: 16px; border: 1px solid transparent; border-radius: 4px; }}
    QPushButton[role="cross"]:hover {{ color: {theme.text}; }}
    QPushButton[role="cross"]:focus {{ border: 1px solid {theme.text}; padding: 3px 2px; }}
    QPushButton[role="panel"] {{ color: {theme.text}; background: {theme.surface};
        border: 1px solid {theme.muted}; border-radius: 5px; padding: 3px 6px; }}
    QPushButton[role="panel"]:hover {{ background: {theme.canvas}; }}
    QPushButton[role="panel"]:disabled {{ color: {theme.muted}; border-color: {theme.border}; }}
    QPushButton[role="panel"]:checked {{ background: {theme.positive_fill}; }}
    QPushButton[role="panel"]:focus {{ border: 2px solid {theme.text}; padding: 2px 5px; }}
    """


def _dialogs(theme: Theme) -> str:
    accent = f"background: {theme.accent}; color: {theme.accent_text};"
    framed = f"border: 1px solid {theme.control}; border-radius: 5px;"
    return f"""
    #importDialog, #importSide, #importDialog QScrollArea, #paintDialog, #generateDialog {{
        background: {theme.surface}; }}
    #importFormat, #importState, #paintCounts, #generateSummary {{ color: {theme.muted}; }}
    #importButton:enabled {{ {accent} border: 1px solid {theme.accent}; border-radius: 5px;
        padding: 5px 20px; }}
    #importButton:disabled {{ background: {theme.canvas}; color: {theme.muted}; {framed}
        padding: 5px 20px; }}
    #skipBadRowsButton {{ color: {theme.text}; background: {theme.surface}; {framed} padding: 4px 10px; }}
    #skipBadRowsButton:checked {{ background: {theme.chosen}; }}
    #cancelImportButton {{ background: {theme.surface}; color: {theme.text}; {framed} padding: 5px 16px; }}
    #cancelImportButton:focus {{ border: 2px solid {theme.text}; padding: 4px 15px; }}
    #skipBadRowsButton:focus {{ border: 2px solid {theme.text}; padding: 3px 9px; }}
    #paintDialog QPushButton, #paintDialog QToolButton, #generateDialog QPushButton {{
        color: {theme.text}; background: {theme.surface}; {framed} padding: 4px 8px; }}
    #paintDialog QPushButton:disabled {{ color: {theme.muted}; background: {theme.canvas}; }}
    #paintDialog QToolButton:checked {{
        background: {theme.chosen}; border-color: {theme.positive}; }}
    #paintDialog QPushButton:focus, #paintDialog QToolButton:focus, #generateDialog QPushButton:focus {{
        border: 2px solid {theme.text}; padding: 3px 7px; }}
    #paintDialog #paintUseButton:enabled, #generateDialog #generateUseButton {{ {accent} }}
    """


def _views(theme: Theme) -> str:
    chart, muted = '[role="chart"]', f"color: {theme.muted};"
    framed = f"{chart} #logScaleButton, {chart} #autoRangeButton, {chart} QToolButton[choice=true]"
    chosen = ", ".join(f"{each}:checked" for each in framed.split(", "))
    ringed = ", ".join(f"{each}:focus" for each in framed.split(", "))
    return f"""
    #networkView {{ background: {theme.canvas}; }}
    #networkFinder {{ background: {theme.surface}; border: 1px solid {theme.selection}; border-radius: 6px; }}
    #tourBubble {{ background: {theme.accent}; border-radius: 8px; }}
    #tourBubble QLabel {{ color: {theme.accent_text}; }}
    #tourBubble #tourTitle {{ font-weight: bold; }}
    #tourBubble QPushButton {{ background: transparent; color: {theme.accent_text}; padding: 4px 10px;
        border: 1px solid {theme.accent_text}; border-radius: 5px; }}
    #tourBubble #tourNext {{ background: {theme.accent_text}; color: {theme.accent}; font-weight: bold; }}
    #tourBubble QPushButton:focus {{ border: 2px solid {theme.accent_text}; padding: 3px 9px; }}
    #presentationBar {{ padding: 2px 10px; }}
    #presentationBar QToolButton {{ padding: 3px 9px; }}
    #presentationStrip {{ background: {theme.surface}; border-top: 2px solid {theme.selection}; }}
    #presentationStrip QLabel#presentationTitle {{ font-weight: bold; }}
    #presentationStrip QPushButton {{ background: {theme.surface}; color: {theme.text};
        border: 1px solid {theme.muted}; border-radius: 5px; padding: 2px 7px; }}
    #valueEditor {{ background: {theme.surface}; border: 1px solid {theme.selection}; border-radius: 6px; }}
    #phaseRibbon {{ background: {theme.surface}; }}
    #formulaStrip {{ background: {theme.surface}; border-bottom: 1px solid {theme.border}; }}
    #chainRuleContent, #chainRuleEmpty, #chainRuleView, #chainRuleScroll, {chart}, #diagnosisView,
    #findingBody, #surfaceView, #surfaceAxesBody, #unitMapSheet, #unitMaps, #surfaceAxes QScrollArea,
    #weightImages, #weightImages QScrollArea, #weightSheet, #dataTableView, #predictView, #parametersView,
    #checkMapView, #instrumentsView, #instrumentsView QStackedWidget, #classesBody, #spectrumBody,
    #readingsBody {{ background: {theme.surface}; }}
    {chart} QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 2px 3px; {muted}
        background: transparent; }}
    {framed} {{ border-color: {theme.control}; padding: 2px 8px; }}
    {chart} QToolButton:hover {{ background: {theme.canvas}; }}
    {chart} QToolButton:checked {{ color: {theme.text}; }}
    {chosen} {{ background: {theme.chosen}; }}
    {chart} QToolButton:focus {{ border-color: {theme.text}; }}
    {ringed} {{ border: 2px solid {theme.text}; padding: 1px 7px; }}
    #diagnosisStrip {{ background: {theme.surface}; border: none; border-top: 1px solid {theme.border};
        border-bottom: 1px solid {theme.border}; }}
    #diagnosisStrip[fault="true"] {{ background: {blend(theme.surface, theme.warning, 0.1).name()}; }}
    #diagnosisMoment {{ {muted} }}
    #findingsList, #instrumentsList {{ background: {theme.surface}; border: 1px solid {theme.border}; }}
    #findingsList::item {{ padding: 5px; color: {theme.text}; }}
    #instrumentsList::item {{ padding: 5px 6px; color: {theme.text}; }}
    #findingsList::item:selected, #instrumentsList::item:selected {{
        background: {theme.chosen}; color: {theme.text}; }}
    #findingSentence {{ font-weight: bold; }}
    #findingLesson, #trialResult {{ background: {theme.canvas}; padding: 7px; }}
    #surfaceNote, #weightScale, #rowCounts, #parametersSummary,
    #parametersNote, #checkReadOut {{ {muted} }}
    #parametersMessage {{ color: {theme.bad}; }}
    #parametersCopy::menu-indicator {{ image: none; }}
    #surfaceNote {{ font-size: 8.5pt; }}
    #surfaceAxesPopup {{ background: {theme.surface}; border: 1px solid {theme.control}; }}
    #surfaceAxes QPushButton {{ color: {theme.text}; background: {theme.surface}; padding: 2px 8px;
        border: 1px solid {theme.control}; border-radius: 5px; }}
    #surfaceAxes QPushButton:hover {{ background: {theme.canvas}; }}
    #surfaceAxes QPushButton:focus {{ border: 2px solid {theme.text}; padding: 1px 7px; }}
    #centreSplitter::handle {{ background: {theme.border}; width: 1px; margin: 0px 2px; }}
    #dataTableView QToolButton {{ color: {theme.text}; background: {theme.surface}; padding: 3px 10px;
        border: 1px solid {theme.control}; }}
    #dataTableView QToolButton[side="left"] {{ border-top-left-radius: 5px; border-bottom-left-radius: 5px;
        border-right: none; }}
    #dataTableView QToolButton[side="right"] {{
        border-top-right-radius: 5px; border-bottom-right-radius: 5px; }}
    #dataTableView QToolButton:checked {{ background: {theme.chosen}; }}
    #dataTableView QToolButton:focus {{ border: 2px solid {theme.text}; padding: 2px 9px; }}
    """


def _mistakes(theme: Theme) -> str:
    """The check of someone's numbers, and the clinic."""
    wrong, right = (blend(theme.surface, colour, 0.12).name() for colour in (theme.bad, theme.good))
    heading = f"color: {theme.muted}; border: none; border-bottom: 1px solid {theme.border};"
    buttons = "#pasteNumbersButton, #openNumbersButton, #moreNumbersButton"
    focused = ", ".join(f"{each}:focus" for each in buttons.split(", "))
    return f"""
    #checkNumbersView, #checkNumbersLeft, #checkNumbersCentre, #verdictCard, #verdictScroll,
    #verdictContent, #clinicView, #clinicSide, #clinicScroll, #clinicContent, #clinicCentre {{
        background: {theme.surface}; }}
    #checkNumbersMoment, #checkNumbersSummary, #typedIntro, #namesNote, #clinicNote, #clinicScore {{
        color: {theme.muted}; }}
    #typedNote {{ color: {theme.bad}; }}
    #checkNumbersSplitter::handle, #clinicSplitter::handle {{ background: {theme.border}; }}
    {buttons} {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 4px 10px; }}
    #moreNumbersButton {{ padding: 4px 6px; }}
    #moreNumbersButton::menu-indicator {{ image: none; }}
    {focused} {{ border: 2px solid {theme.text}; padding: 3px 9px; }}
    #moreNumbersButton:focus {{ padding: 3px 5px; }}
    #checkNumbersText {{ border: 1px solid {theme.control}; background: {theme.field}; }}
    #numbersTable {{ border: none; background: {theme.surface};
        selection-background-color: {theme.chosen}; selection-color: {theme.text}; }}
    #numbersTable::item {{ padding: 0px 4px; }}
    #namesOfArrays {{ border: none; background: {theme.surface}; }}
    #numbersTable QHeaderView, #namesOfArrays QHeaderView {{ background: {theme.surface}; }}
    #numbersTable QHeaderView::section, #namesOfArrays QHeaderView::section {{
        background: {theme.surface}; {heading} padding: 2px 4px; }}
    #typedCells {{ border: 1px solid {theme.control}; gridline-color: {theme.muted};
        background: {theme.field}; }}
    #typedCells QHeaderView {{ background: {theme.canvas}; }}
    #typedCells QHeaderView::section {{
        background: {theme.canvas}; {heading} border-right: 1px solid {theme.grid}; padding: 2px 6px; }}
    #verdictHead[state="wrong"] {{ background: {wrong}; border: 1px solid {theme.bad}; border-radius: 8px; }}
    #verdictHead[state="right"] {{ background: {right}; border: 1px solid {theme.good};
        border-radius: 8px; }}
    #verdictHead[state="open"] {{ background: {theme.canvas}; border: 1px solid {theme.border};
        border-radius: 8px; }}
    #verdictHead[state="wrong"] #verdictKind, #verdictHead[state="wrong"] #verdictName, #verdictYours {{
        color: {theme.bad}; }}
    #verdictHead[state="right"] #verdictKind, #verdictTrue {{ color: {theme.good}; }}
    #verdictWrongLine, #clinicWrongLine {{ background: {wrong}; border-left: 3px solid {theme.bad}; }}
    #verdictRightLine, #clinicRightLine {{ background: {right}; border-left: 3px solid {theme.good}; }}
    #clinicBanner {{ background: {wrong}; color: {theme.bad}; padding: 7px 12px; }}
    #verdictRuns, #clinicCommit, #clinicNext {{
        background: {theme.accent}; color: {theme.accent_text}; border: none;
        border-radius: 6px; padding: 7px 12px; }}
    #verdictRuns:disabled, #clinicCommit:disabled {{ background: {theme.border}; color: {theme.muted}; }}
    #verdictShow {{ background: {theme.surface}; color: {theme.text}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 6px 12px; }}
    #verdictShow:disabled {{ color: {theme.muted}; border-color: {theme.border}; }}
    #verdictRuns:focus, #clinicCommit:focus, #clinicNext:focus {{ border: none; padding: 7px 12px; }}
    #verdictShow:focus {{ border: 2px solid {theme.text}; padding: 5px 11px; }}
    """


def _lessons(theme: Theme) -> str:
    """The page of a lesson, and the shelf."""
    right = blend(theme.surface, theme.good, 0.07).name()
    page = "#lessonsPage, #lessonInside, #lessonBody, #lessonArea, #lessonShelf, #lessonShelfBody"
    return f"""
    {page}, #lessonShelfArea {{ background: {theme.surface}; }}
    #lessonText, #lessonProblems {{ background: transparent; border: none; }}
    #lessonProblems {{ color: {theme.bad}; padding: 4px 12px; border-bottom: 1px solid {theme.bad}; }}
    #lessonTitle {{ font-weight: bold; font-size: 11pt; }}
    #lessonAside {{ color: {theme.warning}; }}
    #lessonCard {{ background: {theme.canvas}; border: 1px solid {theme.border}; border-radius: 7px; }}
    #lessonCard[kind="reveal"] {{ background: {theme.surface}; }}
    #lessonCard[state="open"] {{ border-color: {theme.control}; }}
    #lessonCard[state="right"] {{ background: {right}; border-color: {theme.good}; }}
    #lessonCard QLabel[role="heading"] {{ font-size: 8.5pt; font-weight: 600; }}
    #lessonText[role="hint"] {{ border-left: 3px solid {theme.warning}; padding-left: 7px; }}
    #lessonText[role="beside"] {{ border-top: 1px solid {theme.border}; padding-top: 5px; }}
    #lessonVerdict[tone="note"] {{ color: {theme.muted}; }}
    #lessonNext, #lessonCheck:enabled, #lessonClinic {{
        background: {theme.accent}; color: {theme.accent_text}; border: 1px solid {theme.accent}; }}
    #lessonNext:focus, #lessonCheck:focus, #lessonClinic:focus {{ padding: 4px 10px; }}
    QPushButton[role="arrow"] {{ padding: 1px 6px; }}
    QPushButton[role="arrow"]:focus {{ padding: 0px 5px; }}
    QPushButton[role="lesson"] {{ background: transparent; border: 1px solid transparent; text-align: left;
        padding: 5px 6px; }}
    QPushButton[role="lesson"]:hover {{ background: {theme.canvas}; }}
    QPushButton[role="lesson"]:focus {{ border-color: {theme.text}; }}
    #lessonListing #lessonNote {{ color: {theme.muted}; }}
    """


def _lab(theme: Theme) -> str:
    variable, end = '#expressionView QToolButton[objectName^="variable."]', 'QLineEdit[role="range"]'
    return f"""
    #expressionView, #expressionCentre {{ background: {theme.canvas}; }}
    #expressionLeft, #expressionLeftScroll, #expressionPlot, #expressionInspectorContent,
    #expressionInspectorEmpty, #expressionInspectorScroll, #expressionClosedFormScroll,
    #expressionClosedForm, #workingWhyPanel, #descentInner, #descentScroll,
    #descentView {{ background: {theme.surface}; }}
    #matrixView, #matrixCentre {{ background: {theme.canvas}; }}
    #matrixLeft, #matrixInspector, #matrixInspectorScroll, #matrixWhyPanel {{ background: {theme.surface}; }}
    #matrixSplit::handle, #descentSplit::handle {{ background: {theme.border}; }}
    #matrixEditor {{ color: {theme.text}; background: {theme.surface};
        border: 1px solid {theme.control}; border-radius: 6px; }}
    #matrixEditor:focus {{ border-color: {theme.text}; }}
    #workingTree, #matrixTree {{ background: {theme.surface}; border: none;
        border-bottom: 1px solid {theme.border}; }}
    #workingTree::item, #matrixTree::item {{ border-bottom: 1px solid {theme.grid}; padding: 1px 4px; }}
    #workingTree::item:selected, #matrixTree::item:selected {{
        background: {theme.chosen}; color: {theme.text}; }}
    #workingTree QHeaderView::section, #matrixTree QHeaderView::section, #matrixView QHeaderView::section {{
        background: {theme.surface}; color: {theme.muted}; border: none;
        border-bottom: 1px solid {theme.border}; padding: 3px 6px; }}
    #workingTree QHeaderView, #matrixView QHeaderView, #matrixView QTableCornerButton::section {{
        background: {theme.surface}; border: none; }}
    #matrixValues, #matrixGradients {{ background: {theme.surface}; color: {theme.text};
        gridline-color: {theme.grid}; }}
    #matrixGradients::item:selected {{ background: {theme.selection}; color: {theme.surface}; }}
    #matrixValues::item:selected {{ background: {theme.surface}; color: {theme.text}; }}
    #expressionSides {{ color: {theme.warning}; }}
    #expressionPlotParabola {{ color: {theme.selection}; }}
    #expressionView QSplitter::handle {{ background: {theme.border}; }}
    #expressionEditor {{ color: {theme.text}; background: {theme.surface};
        border: 1px solid {theme.control}; border-radius: 6px; }}
    #expressionEditor:focus {{ border-color: {theme.text}; }}
    #expressionBanner {{ background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 6px; }}
    #expressionPlotCurve {{ color: {theme.positive}; }}
    #expressionPlotTangent {{ color: {theme.selection}; }}
    #expressionCheck {{ font-weight: bold; }}
    {variable} {{ color: {theme.text}; background: {theme.surface}; border: 1px solid {theme.control};
        border-radius: 6px; padding: 3px 6px; font-weight: bold; }}
    {variable}:hover {{ background: {theme.canvas}; }}
    {variable}:checked {{ background: {theme.chosen}; border-color: {theme.positive}; }}
    {variable}:focus {{ border-color: {theme.text}; }}
    {end} {{ color: {theme.muted}; background: transparent; border: none;
        border-bottom: 1px solid transparent; padding: 0px; }}
    {end}:hover {{ border-bottom-color: {theme.border}; }}
    {end}:focus {{ color: {theme.text}; border-bottom-color: {theme.text}; }}
    """

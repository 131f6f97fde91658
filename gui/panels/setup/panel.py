"""The left dock: the data, the network and the training, all of it read from the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from gui.document.document import Document
from gui.fitting import Fitting
from gui.kept import FOLDED, Kept
from gui.panels.setup.health import HealthSection
from gui.panels.setup.rail import RAIL, Rail
from gui.panels.setup.sections import DataSection, MoreSection, NetworkSection, Section, TrainingSection
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.training.messages import Frame

WIDTH = 236
MARGIN = 12
BETWEEN = 5
"""Pixels between two sections; a line stands in their middle."""


class SetupPanel(QStackedWidget):
    """What is trained, on what, and how: sections one below the other, or a rail of icons.

    Parameters
    ----------
    remember : bool
        Whether folded sections are folded the next time.

    Attributes
    ----------
    open_requested : Signal()
        The user wants to choose a file.
    paint_requested : Signal()
        The user wants to paint data.
    """

    open_requested = Signal()
    paint_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, remember: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("setupPanel")
        self._document: Document | None = None
        self._kept = Kept(remember)
        self._theme = LIGHT
        self.sections: list[Section] = []
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rail = Rail()
        self.addWidget(self._area)
        self.addWidget(self.rail)
        self._retranslate()

    def set_document(self, document: Document) -> None:
        """Edit `document` from now on."""
        if self._document is not None:
            self._document.changed.disconnect(self.read)
        self._document = document
        data = DataSection(document)
        data.open_button.clicked.connect(self.open_requested)
        data.paint_button.clicked.connect(self.paint_requested)
        self.health = HealthSection(document)
        more = MoreSection(document)
        self.sections = [data, NetworkSection(document), TrainingSection(document), more, self.health]
        self.rail.set_sections(self.sections)
        folded = self._kept.get(FOLDED)
        for section in self.sections:
            section.fold(section.name in folded)
            section.folded.connect(self._keep_folds)
            section.set_theme(self._theme)
        body = QWidget()
        body.setObjectName("setupBody")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(MARGIN, 2, MARGIN, 2)
        self._column.setSpacing(BETWEEN // 2)
        self._area.setWidget(body)
        self._area.verticalScrollBar().rangeChanged.connect(self._let_bar_in)
        self._take_in()
        body.installEventFilter(self)
        document.changed.connect(self.read)
        self.read()

    def read(self) -> None:
        """Show what the document says."""
        for section in self.sections:
            section.read()
        self._fit_width()

    def show_frame(self, frame: Frame) -> None:
        """Show the gradients of this moment."""
        self.health.show_frame(frame)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self.health.forget()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.rail.set_theme(theme)
        for section in self.sections:
            section.set_theme(theme)

    # -- the rail ----------------------------------------------------------------------------------

    @property
    def is_rail(self) -> bool:
        """Whether there are only icons."""
        return self.currentWidget() is self.rail

    def set_fitting(self, fitting: Fitting) -> None:
        """Be a rail where there is no room for more."""
        self.set_rail(not fitting.setup)

    def set_rail(self, rail: bool) -> None:
        """Be a rail of icons, or all sections one below the other."""
        if rail == self.is_rail:
            return
        if rail:
            self.setCurrentWidget(self.rail)
        else:
            self.rail.close_flyout()
            self._take_in()
            self.setCurrentWidget(self._area)
            QTimer.singleShot(0, self, self._settle)
        self._fit_width()

    def show_section(self, name: str) -> None:
        """Bring a section to the eye: unfolded, or flown out of the rail."""
        section = next(each for each in self.sections if each.name == name)
        if self.is_rail:
            self.rail.fly_out(section)
        else:
            section.fold(False)
            self._area.ensureWidgetVisible(section)

    def _take_in(self) -> None:
        """Put the sections below each other; at first all of them, then those that have flown out.

        Only those: what is taken out of a layout here is never deleted, and for as long as it lives Qt does
        not tell what takes its place that a section has another height.
        """
        if not self._column.count():
            for _ in self.sections[1:]:
                line = QFrame()
                line.setProperty("role", "line")
                line.setFixedHeight(1)
                self._column.addWidget(line)
            self._column.addStretch(1)
        for place, section in enumerate(self.sections):
            if self._column.indexOf(section) < 0:
                self._column.insertWidget(2 * place, section)
            section.show()

    def _keep_folds(self) -> None:
        self._kept.keep(FOLDED, [section.name for section in self.sections if section.is_folded])

    # -- its size ----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(RAIL) if self.is_rail else max(WIDTH, self.minimumWidth()), 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.minimumWidth(), 120)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.LanguageChange):
            QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """Reckon all rows anew: the style gives fields their height without telling what they stand in."""
        for section in self.sections:
            for widget in section.findChildren(QWidget):
                widget.updateGeometry()
        for layout in self.findChildren(QLayout):
            layout.update()
        self._fit_width()

    def showEvent(self, event: QShowEvent) -> None:
        self._fit_width()
        if self._document is not None:
            self.health.read()  # nobody saw what the frames said meanwhile
        super().showEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Setup"))
        self.read()
        self.rail.retranslate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Nested layouts settle later than they are asked; then the body asks for room again
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_width()
        return super().eventFilter(watched, event)

    def _fit_width(self) -> None:
        """Never be narrower than the widest row: nothing scrolls sideways, and nothing is cut off."""
        body = self._area.widget()
        if body is None:
            return
        if self.is_rail:
            self.setMinimumWidth(px(RAIL))
            self.setMaximumWidth(px(RAIL))
            self.updateGeometry()
            return
        for layout in (section.layout() for section in self.sections):
            if layout is not None:
                layout.activate()
        self.setMaximumWidth(16_777_215)
        self.setMinimumWidth(body.minimumSizeHint().width() + MARGIN - self._column.contentsMargins().right())
        self.updateGeometry()

    def _let_bar_in(self, low: int, high: int) -> None:
        """Have the bar in the margin, so that nothing moves or needs more room when it comes."""
        bar = self._area.verticalScrollBar().sizeHint().width() if high > low else 0
        margins = self._column.contentsMargins()
        margins.setRight(max(MARGIN - bar, 0))
        self._column.setContentsMargins(margins)

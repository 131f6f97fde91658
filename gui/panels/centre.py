"""The centre of the window: the phases over everything, and the graph with a picture beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from gui.document.focus import Focus
from gui.kept import BESIDE_SHARE, Kept
from gui.panels.phases import FormulaStrip, PhaseRibbon
from gui.style.fonts import px

NARROW = 1180
"""Pixels of the window below which graph and picture are two tabs."""

LEAST, MOST = 200, 460
"""Pixels of the picture's width, as long as nobody has chosen it."""

USUAL_SHARE = 0.31
TALLEST = 0.85
"""Of the height, what the picture is wide at most: what is nearly square needs no more."""


class Centre(QWidget):
    """What stands in the middle: from top to bottom messages, phases, graph and picture, diagnosis.

    Graph and picture lie side by side; how much each has is kept. In a narrow window they are two tabs.
    Where nothing is to be shown beside the graph, it has all the room.

    Parameters
    ----------
    focus : Focus
    remember : bool
        Whether the share of the picture is kept for the next start.

    Attributes
    ----------
    ribbon : PhaseRibbon
    strip : FormulaStrip
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None, *, remember: bool) -> None:
        super().__init__(parent)
        self.setObjectName("centre")
        self._kept = Kept(remember)
        self._share = self._kept.get(BESIDE_SHARE)
        self._tabbed = self._alone = False
        self._taken = 0
        self._suiting: list[QWidget] = []
        self.ribbon, self.strip = PhaseRibbon(), FormulaStrip(focus)
        self._bar = QTabBar()
        self._bar.setObjectName("centreTabs")
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        for _ in range(2):
            self._bar.addTab("")
        self._bar.hide()
        self._bar.currentChanged.connect(self._show_parts)
        self._beside = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setObjectName("centreSplitter")
        self._splitter.setChildrenCollapsible(True)
        self._splitter.splitterMoved.connect(self._moved)

    def fill(
        self, above: Sequence[QWidget], graph: QWidget, beside: Sequence[QWidget], below: Sequence[QWidget]
    ) -> None:
        """Put everything in its place; of what lies beside the graph the first that suits is seen."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        self._inside = inside
        self._guest = QScrollArea()  # what it holds may want more room than there is
        self._guest.setObjectName("centreGuest")
        self._guest.setWidgetResizable(True)
        self._guest.hide()
        whole = QVBoxLayout(self)
        for layout in (column, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        for widget in above:
            whole.addWidget(widget)
        whole.addWidget(inside, 1)
        whole.addWidget(self._guest, 1)
        for view in beside:
            self._beside.addWidget(view)
        self._splitter.addWidget(graph)
        self._splitter.addWidget(self._beside)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setCollapsible(0, False)
        for widget in (self.ribbon, self.strip, self._bar):
            column.addWidget(widget)
        column.addWidget(self._splitter, 1)
        for widget in below:
            column.addWidget(widget)
        self._show_parts()

    @property
    def guest(self) -> QWidget | None:
        """What stands in the place of everything."""
        return self._guest.widget()

    def host(self, guest: QWidget | None) -> None:
        """Let another view have the place of everything, or give it back; then it is without parent."""
        before = self._guest.takeWidget()
        if before is not None:
            before.setParent(None)
        if guest is not None:
            self._guest.setWidget(guest)
        self._inside.setVisible(guest is None)
        self._guest.setVisible(guest is not None)

    @property
    def tabbed(self) -> bool:
        """Whether graph and picture are two tabs."""
        return self._tabbed

    def set_tabbed(self, tabbed: bool) -> None:
        """Lay graph and picture side by side, or as two tabs; done by itself from the window's width."""
        if tabbed != self._tabbed:
            self._tabbed = tabbed
            self._show_parts()

    @property
    def is_alone(self) -> bool:
        """Whether one of the two is seen alone."""
        return self._alone

    def set_alone(self, alone: bool) -> None:
        """Let one of the two be seen alone, the graph at first; `bring` changes it for the other."""
        if alone != self._alone:
            self._alone = alone
            self._bar.setCurrentIndex(0)
            self._show_parts()

    @property
    def beside(self) -> QWidget | None:
        """What is, or could be, seen beside the graph."""
        return self._beside.currentWidget() if self._suiting else None

    def offer(self, view: QWidget, fits: bool) -> None:
        """Say whether one of those that lie beside the graph has something to show."""
        if fits == (view in self._suiting):
            return
        if fits:
            self._suiting.append(view)
        else:
            self._suiting.remove(view)
        if self._suiting:
            self._beside.setCurrentWidget(self._suiting[-1])
        self._show_parts()

    def bring(self, view: QWidget) -> None:
        """Let this be seen: the graph, or what lies beside it, however narrow that was made."""
        is_graph = view is self._splitter.widget(0)
        if not is_graph and view not in self._suiting:
            return
        self._bar.setCurrentIndex(0 if is_graph else 1)
        if not is_graph:
            self._beside.setCurrentWidget(view)
            if self._share == 0.0:
                self._keep(-1.0)
        self._show_parts()

    @contextmanager
    def fronted(self, view: QWidget) -> Iterator[None]:
        """Let this be seen inside the block, though it lie behind the other, and what was before after it."""
        is_graph = view is self._splitter.widget(0)
        front, beside = self._bar.currentIndex(), self._beside.currentIndex()
        if is_graph or view in self._suiting:
            self._bar.setCurrentIndex(0 if is_graph else 1)
            if not is_graph:
                self._beside.setCurrentWidget(view)
            self._show_parts()
        try:
            yield
        finally:
            self._bar.setCurrentIndex(front)
            self._beside.setCurrentIndex(beside)
            self._show_parts()

    def set_titles(self, graph: str, beside: str) -> None:
        """Name the tabs."""
        for index, title in enumerate((graph, beside)):
            if title != self._bar.tabText(index):
                self._bar.setTabText(index, title)

    # -- the layout --------------------------------------------------------------------------------

    @Slot()
    def _show_parts(self) -> None:
        there = bool(self._suiting)
        tabbed = (self._tabbed or self._alone) and there
        self._bar.setVisible(tabbed and not self._alone)
        graph = self._splitter.widget(0)
        if graph is None:
            return
        first = self._bar.currentIndex() == 0
        graph.setVisible(not tabbed or first)
        self._beside.setVisible(there and (not tabbed or not first))
        self._splitter.refresh()
        self._divide()

    def take(self, pixels: int) -> None:
        """Let something beside have so much of the window's width."""
        self._taken = pixels
        self._fit()

    def _fit(self) -> None:
        self.set_tabbed(self.window().width() - self._taken < px(NARROW))

    def _divide(self) -> None:
        """Give the picture its share of the width."""
        width = self._splitter.width()
        if self._tabbed or self._alone or not self._suiting or width <= 0:
            return
        if self._share >= 0.0:
            picture = round(self._share * width)
        else:
            usual = min(USUAL_SHARE * width, TALLEST * self._splitter.height(), px(MOST))
            picture = round(max(usual, px(LEAST)))
        self._splitter.setSizes([max(width - picture - self._splitter.handleWidth(), 1), picture])

    def _moved(self) -> None:
        width = self._splitter.width()
        if width > 0 and not self._tabbed and not self._alone:
            self._keep(self._splitter.sizes()[1] / width)

    def _keep(self, share: float) -> None:
        self._share = share
        self._kept.keep(BESIDE_SHARE, share)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._divide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._divide()
        super().changeEvent(event)

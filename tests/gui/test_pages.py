"""Every view of the table gets all that comes with its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QApplication, QDockWidget, QMenu, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from engine import builtin
from gui.files.pictures import image, printed
from gui.main_window import MainWindow
from gui.pages import PAGES, Page, Place
from gui.panels.help import HelpDialog
from gui.style.appearance import Appearance
from gui.style.theme import DARK, LIGHT
from gui.training.messages import Frame, Granularity, Run

NEWS = ("set_theme", "show_frame", "forget")


class Window:
    """A main window with all its views open, and what each of them was told."""

    def __init__(self, qtbot: QtBot, appearance: Appearance, monkeypatch: pytest.MonkeyPatch) -> None:
        self.qtbot, self.appearance = qtbot, appearance
        self.told: list[tuple[str, str, Any]] = []
        self.frames: list[Frame] = []
        for page in PAGES:
            if isinstance(page.make, type):
                for news in NEWS:
                    if hasattr(page.make, news):
                        monkeypatch.setattr(page.make, news, self.listening(page.make, news))
        self.main = MainWindow(appearance, remember=False)
        self.pages = self.main.pages
        self.main.frame_shown.connect(self.frames.append)
        self.main.show()
        self.wait(lambda: bool(self.frames))
        for page in PAGES:
            self.pages.open(page.name)

    def listening(self, view: type[QWidget], news: str) -> Callable[..., None]:
        told = getattr(view, news)

        def listen(this: QWidget, *what: Any) -> None:
            self.told.append((type(this).__name__, news, what[0] if what else None))
            told(this, *what)

        return listen

    def heard(self, news: str) -> dict[str, Any]:
        """What each class was told last."""
        return {name: what for name, told, what in self.told if told == news}

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=20_000)

    def view(self, page: Page) -> QWidget:
        return self.pages.views[page.name]

    def dock(self, page: Page) -> QWidget | None:
        parent = self.view(page).parentWidget()
        while parent is not None and not isinstance(parent, QDockWidget):
            parent = parent.parentWidget()
        return parent


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    appearance = Appearance(qapp, "en", "light", remember=False)
    window = Window(qtbot, appearance, monkeypatch)
    yield window
    window.main.close()
    window.main.deleteLater()
    appearance.set_language("en")
    appearance.set_theme("light")


def listeners(news: str) -> list[str]:
    """The classes of the table that want to be told."""
    return [p.make.__name__ for p in PAGES if isinstance(p.make, type) and hasattr(p.make, news)]


def entries(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        yield action
        if isinstance(submenu := action.menu(), QMenu):
            yield from entries(submenu)


def in_menus(main: MainWindow) -> list[QAction]:
    return [e for a in main.menuBar().actions() if isinstance(m := a.menu(), QMenu) for e in entries(m)]


def said(text: str) -> str:
    return QCoreApplication.translate("pages", text)


TAB_TIP = "{tab}: double click for the whole screen, Esc back"


def test_names_are_unique() -> None:
    for names in (
        [page.name for page in PAGES],
        [page.title for page in PAGES],
        [page.keys for page in PAGES if page.keys],
        [page.dock for page in PAGES if page.dock],
    ):
        assert len(names) == len(set(names))


def test_every_view_is_in_its_place_and_in_a_menu(window: Window) -> None:
    menus = in_menus(window.main)
    names = [view.objectName() for view in window.pages.views.values()]
    assert all(names) and len(names) == len(set(names)) == len(PAGES)
    for page in PAGES:
        view = window.view(page)
        if page.place in (Place.CENTRE, Place.BESIDE):
            assert window.main.centralWidget().isAncestorOf(view)
        elif page.place is Place.WINDOW:
            assert view.isWindow() and view.parentWidget() is window.main
        elif page.place is Place.TAB:
            assert window.main.tabs.indexOf(view) >= 0
        else:
            assert window.dock(page) is not None
        if page.place in (Place.BESIDE, Place.TAB, Place.WINDOW) or page.name in window.pages.docks:
            action = window.pages.actions[page.name]
            assert action in menus and action.objectName()
            assert action.shortcut().toString() == page.keys


def test_an_entry_of_a_menu_shows_its_view(window: Window) -> None:
    for page in PAGES:
        if page.place is Place.TAB and not page.suits:
            window.pages.tabs_dock.hide()
            window.pages.actions[page.name].trigger()
            assert window.view(page).isVisible() and window.main.tabs.currentWidget() is window.view(page)
        elif page.place is Place.WINDOW:
            window.view(page).close()
            window.pages.actions[page.name].trigger()
            assert window.view(page).isVisible()
        elif dock := window.pages.docks.get(page.name):
            assert dock.isVisible()
            window.pages.actions[page.name].trigger()
            assert not dock.isVisible()
            window.pages.open(page.name)
            assert dock.isVisible()


def test_every_view_gets_every_frame(window: Window) -> None:
    window.main.submit(Run(Granularity.BATCH, None, 3))
    window.wait(lambda: window.frames[-1].step == 3)
    heard = window.heard("show_frame")
    assert len(heard) > 10
    assert {name: frame is window.frames[-1] for name, frame in heard.items()} == dict.fromkeys(
        listeners("show_frame"), True
    )


def test_every_view_forgets_before_the_first_frame_of_another_network(window: Window) -> None:
    window.told.clear()
    window.main.document.set_dataset(builtin("iris"))
    window.wait(lambda: window.frames[-1].dataset.name == "iris")
    for name in listeners("forget"):
        news = [told for who, told, _ in window.told if who == name]
        assert news[0] == "forget" and news.count("forget") == 1, name
    assert set(listeners("show_frame")) <= set(listeners("forget"))


def test_a_tab_is_there_when_it_suits_the_network(window: Window) -> None:
    def there(name: str) -> bool:
        if name == "weights_view":  # beside the graph, in the place of the surface
            seen = window.pages.centre.beside is window.pages.views[name]
            surface = window.pages.actions["surface_view"]
            assert seen == window.pages.actions[name].isVisible() != surface.isVisible()
            return seen
        index = window.main.tabs.indexOf(window.pages.views[name])
        assert window.main.tabs.isTabVisible(index) == window.pages.actions[name].isVisible()
        return window.main.tabs.isTabVisible(index)

    assert not there("weights_view")
    window.main.document.set_dataset(builtin("digits"))
    window.wait(lambda: window.frames[-1].dataset.name == "digits")
    assert there("weights_view")
    assert there("curves_view")


def brightness(picture: QImage) -> float:
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return float(rows[:, : grey.width()].mean())


@pytest.mark.usefixtures("dressed")
def test_every_view_wears_both_themes(window: Window) -> None:
    for page in PAGES:
        window.pages.open(page.name)
        light, _ = brightness(window.view(page).grab().toImage()), window.appearance.set_theme("dark")
        dark, _ = brightness(window.view(page).grab().toImage()), window.appearance.set_theme("light")
        assert dark < 100 < 180 < light, page.name
    window.appearance.set_theme("dark")
    assert window.heard("set_theme") == dict.fromkeys(listeners("set_theme"), DARK)


def test_every_title_is_said_in_both_languages(window: Window) -> None:
    for language in ("zh_CN", "en"):
        window.appearance.set_language(language)
        window.wait(lambda: window.pages.docks["setup_panel"].windowTitle() == said("Setup"))
        for page in PAGES:
            title, view = said(page.title), window.view(page)
            assert title.isascii() == (language == "en") or title == "Pause when…"
            if page.place is Place.TAB:
                index = window.main.tabs.indexOf(view)
                assert window.main.tabs.tabText(index) == title
                assert window.main.tabs.tabToolTip(index) == said(TAB_TIP).format(tab=title)
            elif page.place is Place.WINDOW:
                assert view.windowTitle() == title
            elif page.name in window.pages.docks:
                assert window.pages.docks[page.name].windowTitle() == title
            if page.name in window.pages.actions:
                action = window.pages.actions[page.name]
                assert action.text().startswith(title) and action.toolTip().startswith(title)


@pytest.mark.usefixtures("dressed")
def test_every_view_can_be_pictured(window: Window) -> None:
    pictured = dict(window.pages.pictured())
    assert list(pictured.values()) == [window.view(page) for page in PAGES if page.pictured]
    assert "Weights" in pictured
    del pictured["Weights"]  # there is nothing to see in it yet
    for name, view in pictured.items():
        with printed(view, LIGHT):
            picture = image(view, 1)
        assert len({picture.pixel(x, y) for x in range(picture.width()) for y in range(0, 60, 7)}) > 1, name


def test_the_help_says_what_every_view_shows(window: Window) -> None:
    window.appearance.set_language("zh_CN")
    dialog = HelpDialog(window.pages.abouts(), window.main)
    text = dialog.findChild(QTextBrowser, "helpText")
    assert text is not None
    for page in PAGES:
        assert said(page.title) in text.toPlainText() and said(page.about) in text.toPlainText()
        assert page.keys in text.toPlainText()
        assert not said(page.about).isascii()


@pytest.mark.usefixtures("dressed")
def test_the_layout_can_be_as_it_was_at_first(window: Window) -> None:
    docks = window.main.findChildren(QDockWidget)
    for dock in docks:
        dock.hide()
    action = window.main.findChild(QAction, "resetLayoutAction")
    assert action is not None
    action.trigger()
    hidden = {dock.objectName() for dock in docks if dock.isHidden()}
    assert hidden == {"breakpointsDock", "diagnosisViewDock", "lessonsDock"}


@pytest.mark.usefixtures("dressed")
def test_the_titles_of_tabs_are_whole_in_a_small_window(window: Window) -> None:
    window.main.resize(1024, 640)
    bar = window.main.tabs.tabBar()
    for index in filter(bar.isTabVisible, range(bar.count())):
        assert bar.tabRect(index).width() > bar.fontMetrics().horizontalAdvance(bar.tabText(index))
    window.pages.open("runs_panel")
    assert bar.rect().contains(bar.tabRect(bar.currentIndex()))

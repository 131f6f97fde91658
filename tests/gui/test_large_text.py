"""Every dialog and every window of its own at twice the text size: nothing in it is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from gui.files.export_dialog import StepsDialog
from gui.pages import PAGES, Place
from gui.panels.generate import GenerateDialog
from gui.panels.help import HelpDialog
from gui.panels.paint import PaintDialog
from gui.panels.rows_editor import RowsEditor
from tests.gui.driver import Driver
from tests.test_translations import clipped_at_last

SCREEN = (1440, 900)


@pytest.fixture(scope="module", params=["en", "zh_CN"])
def large(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    yield request.param


@pytest.fixture
def driver(qtbot: QtBot, large: str) -> Iterator[Driver]:
    driver = Driver(qtbot, size=SCREEN)
    driver.main.appearance.set_language(large)
    driver.main.appearance.set_text_size(200)
    yield driver
    driver.main.appearance.set_text_size(100)
    driver.main.appearance.set_language("en")
    driver.close()


def whole(window: QWidget) -> None:
    """Show it, and see that it fits the screen and cuts nothing off."""
    window.show()
    found = clipped_at_last(window)
    window.grab().save(f"/tmp/large-{window.objectName()}-{window.locale().name()}.png")
    too_large = window.width() > SCREEN[0] or window.height() > SCREEN[1]
    size = f"{window.width()} x {window.height()}" if too_large else ""
    window.hide()
    assert not found and not size, "\n".join((size, *found))


DIALOGS: dict[str, Callable[[QWidget], QDialog]] = {
    "paint": PaintDialog,
    "generate": GenerateDialog,
    "rows": RowsEditor,
    "steps": lambda parent: StepsDialog(1, 300, 10, 10, parent),
    "help": lambda parent: HelpDialog((), parent),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_is_whole(driver: Driver, name: str) -> None:
    dialog = DIALOGS[name](driver.main)
    try:
        whole(dialog)
    finally:
        dialog.deleteLater()


@pytest.mark.parametrize("name", [page.name for page in PAGES if page.place is Place.WINDOW])
def test_a_window_of_its_own_is_whole(driver: Driver, name: str) -> None:
    driver.main.pages.open(name)
    whole(driver.main.pages.views[name])


def test_the_import_of_a_file_is_whole(driver: Driver, tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("petal length,petal width,kind\n" + "1.4,0.2,setosa\n4.7,1.4,versicolor\n" * 20)
    driver.main.data_desk.show_import(path)
    dialogs: list[QDialog] = []

    def is_read() -> bool:
        dialogs[:] = driver.main.findChildren(QDialog, "importDialog")
        return bool(dialogs) and dialogs[0]._preview is not None

    driver.qtbot.waitUntil(is_read, timeout=20_000)
    whole(dialogs[0])
    dialogs[0].close()

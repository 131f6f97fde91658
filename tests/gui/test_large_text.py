"""Every dialog and every window of its own at twice the text size: nothing in it is cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from gui.files.export_dialog import StepsDialog
from gui.pages import PAGES, Place
from gui.panels.data_import.dialog import ImportDialog
from gui.panels.generate import GenerateDialog
from gui.panels.help import HelpDialog
from gui.panels.paint import PaintDialog
from gui.panels.rows_editor import RowsEditor
from tests.gui.driver import Driver
from tests.test_translations import clipped_at_last

pytestmark = pytest.mark.usefixtures("dressed")

SCREEN = (1440, 900)
DIALOGS: tuple[Callable[[QWidget], QDialog], ...] = (
    PaintDialog,
    GenerateDialog,
    RowsEditor,
    lambda parent: StepsDialog(1, 300, 10, 10, parent),
    lambda parent: HelpDialog((), parent),
)


@pytest.fixture(params=["en", "zh_CN"])
def driver(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[Driver]:
    driver = Driver(qtbot, size=SCREEN)
    driver.main.appearance.set_language(request.param)
    driver.main.appearance.set_text_size(200)
    yield driver
    driver.main.appearance.set_text_size(100)
    driver.main.appearance.set_language("en")
    driver.close()


def lacking(window: QWidget) -> list[str]:
    """Show it, and name what is cut off, and whether it is larger than the screen."""
    window.show()
    # What circles show is chosen in a box that gives way, and is whole in its list
    found = [each for each in clipped_at_last(window) if not each.startswith("circlesChoice")]
    if window.width() > SCREEN[0] or window.height() > SCREEN[1]:
        found.append(f"{window.objectName()}: {window.width()} x {window.height()}")
    window.hide()
    return found


def test_dialogs_and_windows_are_whole(driver: Driver, tmp_path: Path) -> None:
    found: list[str] = []
    for make in DIALOGS:
        dialog = make(driver.main)
        found += lacking(dialog)
        dialog.deleteLater()
    path = tmp_path / "flowers.csv"
    path.write_text("petal length,petal width,kind\n" + "1.4,0.2,setosa\n4.7,1.4,versicolor\n" * 20)
    driver.main.data_desk.show_import(path)
    importing = driver.main.findChild(ImportDialog, "importDialog")
    assert importing is not None
    driver.wait(lambda: not importing.busy)
    found += lacking(importing)
    importing.close()
    for page in PAGES:
        if page.place is Place.WINDOW:
            driver.main.pages.open(page.name)
            found += lacking(driver.main.pages.views[page.name])
    assert not found, "\n".join(found)

"""Opening data files: what is clear is trained on at once, what is in doubt is asked about first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.panels.data_import import ImportDialog
from tests.gui.driver import Driver


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot)
    yield driver
    driver.close()


def written(folder: Path, *, marked: str) -> Path:
    path = folder / "marks.csv"
    rows = [f"{i % 7 + 1}{marked}{100 + i};{i * 7 % 23};{'ab'[i % 2]}" for i in range(40)]
    path.write_text("\n".join(["width;b;kind", *rows]))
    return path


def dialogs(window: Driver) -> list[ImportDialog]:
    return window.main.findChildren(ImportDialog)


def test_a_new_file_that_is_in_doubt_is_asked_about_before_it_is_trained_on(
    window: Driver, tmp_path: Path
) -> None:
    before = window.main.document.dataset
    window.main.data_desk.read(written(tmp_path, marked="."))
    window.wait(lambda: bool(dialogs(window)) and not dialogs(window)[0].busy)
    (dialog,) = dialogs(window)
    assert "width" in dialog.question.text and window.main.document.dataset is before
    answers = (dialog.question.first, dialog.question.second)
    thousands = next(button for button in answers if button.text().replace(",", "").startswith("1100"))
    window.qtbot.mouseClick(thousands, Qt.MouseButton.LeftButton)
    window.wait(lambda: not dialog.busy)
    assert dialog.question.text == ""
    window.qtbot.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    window.wait(lambda: window.main.document.dataset is not before)
    assert window.main.document.dataset.inputs[:2, 0].tolist() == [1100.0, 2101.0]


def test_a_file_without_doubt_is_trained_on_at_once(window: Driver, tmp_path: Path) -> None:
    window.main.data_desk.read(written(tmp_path, marked=",5"))
    window.wait(lambda: window.main.document.dataset.name == "marks")
    assert dialogs(window) == []

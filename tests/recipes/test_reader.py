"""The recipe for a file format: one reader and one row, and its files are offered, dropped and recognised."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine import load_dataset
from engine.data.encoding import find_encoding, open_text
from engine.data.formats import FORMATS, Format, Look
from engine.data.load import inspect
from engine.data.options import ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import Chunk, Records
from engine.errors import DatasetError
from gui.main_window import MainWindow

STARS = "STARS 1\nsize light kind\n" + "".join(
    f"{row}.5 {row * row} {'dwarf' if row < 6 else 'giant'}\n" for row in range(40)
)


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read a title, names, and rows of cells with blanks between."""
    encoding = find_encoding(source, options.encoding, watch).name

    def lines() -> list[list[str]]:
        with open_text(source, encoding)[0] as text:
            return [line.split() for line in text][1:]

    def chunks() -> Iterator[Chunk]:
        rows = lines()[1:]
        yield Chunk(list(range(3, 3 + len(rows))), [list(row) for row in rows], [])

    names = lines()[0]
    return Records(len(names), chunks, names, 2, settings={"encoding": encoding})


def begins_as_stars(look: Look) -> bool:
    return look.text.startswith("STARS ")


@pytest.fixture(autouse=True)
def _row(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    reader = types.ModuleType("stars_reader")
    reader.read = read  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "stars_reader", reader)
    row = Format("Stars", "stars_reader", (".stars",), begins_as_stars, text=True)
    rows = {"stars": row, **FORMATS}
    FORMATS.clear()
    FORMATS.update(rows)
    yield
    del FORMATS["stars"]


@pytest.mark.parametrize("name", ["sky.stars", "sky.txt", "sky"])
def test_it_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(STARS, encoding="utf-8")
    assert inspect(path).format == "stars"
    data = load_dataset(path)
    assert data.recipe is not None and data.recipe.format == "stars"
    assert data.feature_names == ("size", "light") and data.class_names == ("dwarf", "giant")
    assert np.array_equal(data.inputs[:, 1], np.arange(40.0) ** 2)


def test_what_is_wrong_in_it_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "sky.stars"
    path.write_text(STARS.replace("7.5 49", "7.5 many"), encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        load_dataset(path)
    assert (caught.value.kind, caught.value.line, caught.value.column) == ("bad_number", 10, 2)


def test_it_is_named_where_something_else_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        load_dataset(tmp_path)
    assert "Stars, " in str(caught.value)


def test_it_is_offered_and_dropped(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sky.stars"
    path.write_text(STARS, encoding="utf-8")
    asked: list[str] = []

    def choose(parent: object, title: str, folder: str, filters: str) -> tuple[str, str]:
        asked.append(filters)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    window = MainWindow(remember=False)
    try:
        with qtbot.waitSignal(window.frame_shown):
            window.show()
        window.data_desk.choose_import()
        assert "*.stars " in asked[0]
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        dropped = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        with qtbot.waitSignal(window.data_desk.chosen):
            window.dropEvent(dropped)
        assert dropped.isAccepted() and window.document.dataset.name == "sky"
    finally:
        window.close()
        window.deleteLater()

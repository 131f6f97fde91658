"""The recipe for a language: one line and one .ts file, and it is offered, spoken and watched over."""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

import resources
from gui import app
from gui.main_window import MainWindow
from gui.style import appearance as appearance_module
from gui.style.appearance import Appearance, system_language
from resources.i18n.update import collect, compile_
from tests.test_translations import clipped, needs_tools, not_as_the_sources

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Add the line, and a .ts file that nobody has filled in yet."""
    monkeypatch.setitem(resources.LANGUAGES, "de", "Deutsch")
    monkeypatch.setattr(appearance_module, "resource_path", lambda *parts: tmp_path.joinpath(*parts))
    shutil.copytree(resources.resource_path("fonts"), tmp_path / "fonts")
    (tmp_path / "i18n").mkdir()
    ts = tmp_path / "i18n" / "de.ts"
    collect(ts)
    yield ts


def fill_in(ts: Path) -> None:
    """Translate all texts: each gets an accent in front, and so has each form of those that count."""
    tree = ET.parse(ts)
    for message in tree.iter("message"):
        translation = message.find("translation")
        assert translation is not None
        translation.attrib.pop("type", None)
        for said in translation.findall("numerusform") or [translation]:
            said.text = "Ä" + message.findtext("source", "")
    tree.write(ts, encoding="utf-8", xml_declaration=True)
    compile_(ts, ts.with_suffix(".qm"))


@needs_tools
def test_it_is_offered_spoken_and_has_room(german: Path, qtbot: QtBot, qapp: QApplication) -> None:
    fill_in(german)
    assert app._parser().parse_args(["--language", "de"]).language == "de"
    appearance = Appearance(qapp, "en", "light", remember=False)
    window = MainWindow(appearance, remember=False)
    try:
        with qtbot.waitSignal(window.frame_shown):
            window.show()
        assert "Deutsch" in [action.text() for action in window.findChildren(QAction)]
        combo = window.findChild(QComboBox, "languageCombo")
        assert combo is not None
        combo.setCurrentIndex(combo.findText("Deutsch"))
        qtbot.waitUntil(lambda: window.run_controls.run_action.text() == "ÄRun")
        qtbot.waitUntil(lambda: clipped(window) == [])
    finally:
        appearance.set_language("en")
        window.close()
        window.deleteLater()


@needs_tools
def test_what_is_not_translated_is_named(german: Path, tmp_path: Path) -> None:
    assert ("RunControls", "Run", "") in not_as_the_sources(german, tmp_path)
    fill_in(german)
    assert not_as_the_sources(german, tmp_path) == []
    gone = german.read_text(encoding="utf-8").replace("<source>Run</source>", "<source>Walk</source>")
    german.write_text(gone, encoding="utf-8")
    assert ("RunControls", "Walk", "") in not_as_the_sources(german, tmp_path)


@pytest.mark.parametrize(
    ("spoken", "found"),
    [
        (["de-AT", "en"], "de"),
        (["fr-FR", "de-DE"], "de"),
        (["zh-Hans-CN"], "zh_CN"),
        (["en-GB", "de"], "en"),
        (["fr"], "en"),
    ],
)
def test_a_system_that_speaks_it_starts_in_it(
    spoken: list[str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(resources.LANGUAGES, "de", "Deutsch")
    monkeypatch.setattr(QLocale, "uiLanguages", lambda self: spoken)
    assert system_language() == found

"""The translations are whole, say what the sources say, and have room in the window."""

from __future__ import annotations

import ast
import re
import shutil
import string
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.main_window import MainWindow
from gui.style.appearance import Appearance
from gui.training.messages import Frame, Granularity
from resources.i18n.update import HERE, TRANSLATED, collect, compile_, sources, tool
from tests.gui.language import spoken

pytestmark = pytest.mark.usefixtures("dressed")

CHINESE = HERE / "zh_CN.ts"
FONTS = {"zh_CN": QFontDatabase.WritingSystem.SimplifiedChinese}
"""What a language needs that the bundled font has not."""

LAYER_IN_TEXT = re.compile(r"\{layer\}[\u4e00-\u9fff]")

# What is the same in any language: names, symbols, and formulas.
NAMES = {
    "R²",
    "XOR",
    "delta",
    "hard sigmoid",
    "leaky ReLU",
    "sigmoid",
    "u = x^2 + 1\ny = sin(u)",
    "{layer} · {activation}",
    "{percent} %",
    "‖∂L/∂{weights}‖ < {value}",
    "‖∂L/∂{weights}‖ > {value}",
}

needs_tools = pytest.mark.skipif(
    not (shutil.which(tool("lupdate")) and shutil.which(tool("lrelease"))),
    reason="Qt's lupdate and lrelease are not installed beside Python",
)


class Message(NamedTuple):
    """One text of a .ts file; `state` is empty when it is translated."""

    context: str
    source: str
    comment: str
    state: str
    translations: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        return self.context, self.source, self.comment


def messages(ts: Path) -> list[Message]:
    found = []
    for context in ET.parse(ts).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = tuple(form.text or "" for form in translation.iter("numerusform"))
            found.append(
                Message(
                    context.findtext("name", ""),
                    message.findtext("source", ""),
                    message.findtext("comment", ""),
                    translation.get("type", ""),
                    forms or (translation.text or "",),
                )
            )
    return found


def pairs() -> Iterator[tuple[str, str]]:
    """Give each Chinese text with its source."""
    for message in messages(CHINESE):
        if not message.state:
            yield from ((message.source, translation) for translation in message.translations)


def placeholders(text: str) -> set[str]:
    """Name what is filled into a text: {0}, {name} and %n."""
    names = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    return names | ({"%n"} if "%n" in text else set())


def has_chinese(text: str) -> bool:
    return re.search("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text) is not None


# -- the files -------------------------------------------------------------------------------------


@needs_tools
@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_sources_is_translated_and_no_other(language: str, tmp_path: Path) -> None:
    assert not_as_the_sources(HERE / f"{language}.ts", tmp_path) == []


def not_as_the_sources(ts: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Name the texts that a .ts file lacks, and those it has for nothing."""
    fresh = folder / "fresh.ts"
    shutil.copy(ts, fresh)
    collect(fresh)
    wanted = {message.key: message for message in messages(fresh)}
    lacking = [key for key, message in wanted.items() if message.state or not all(message.translations)]
    return lacking + [message.key for message in messages(ts) if message.key not in wanted]


@needs_tools
@pytest.mark.parametrize("language", TRANSLATED)
def test_compiled_file_is_up_to_date(language: str, tmp_path: Path) -> None:
    compile_(HERE / f"{language}.ts", tmp_path / "fresh.qm")
    assert (tmp_path / "fresh.qm").read_bytes() == (HERE / f"{language}.qm").read_bytes()


def test_collecting_misses_no_text() -> None:
    """Lupdate reads neither texts within f-strings nor those in variables; the program asks for both."""
    known = {(message.context, message.source) for message in messages(CHINESE)}
    contexts = {context for context, _ in known}
    missed = []
    for path in sources():
        source = path.read_text(encoding="utf-8")
        asks = re.search(r"\b(tr|translate|QT_TRANSLATE_NOOP)\(", source)
        for context, text in _asked(ast.parse(source)) if asks else ():
            is_known = context in contexts if text is None else (context, text) in known
            if not is_known:
                missed.append((path.name, context, text))
    assert missed == []


def _asked(tree: ast.AST, owner: str = "") -> Iterator[tuple[str, str | None]]:
    """Name the contexts and texts (None for those in variables) that a module asks a translation of."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _asked(node, node.name)
            continue
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first, second = (_literal(argument) for argument in (*node.args, node.args[0])[:2])
            if name == "tr":
                yield owner, first
            elif name in ("translate", "QT_TRANSLATE_NOOP") and first is not None:
                yield first, second
        yield from _asked(node, owner)


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_placeholders_are_kept() -> None:
    assert [pair for pair in pairs() if placeholders(pair[0]) != placeholders(pair[1])] == []


def test_spaces_around_texts_and_ellipses_are_kept() -> None:
    def kept(text: str) -> tuple[str, str, bool]:
        inner = text.strip()
        before, _, after = text.partition(inner)
        return before, after, inner.endswith("…")

    assert [pair for pair in pairs() if kept(pair[0]) != kept(pair[1])] == []
    assert [pair for pair in pairs() if "..." in "".join(pair)] == []


def test_tags_and_formulas_are_kept() -> None:
    def kept(text: str) -> list[str]:
        return sorted(re.findall(r"</?\w+[^>]*>|\$[^$]*\$", text))

    assert [pair for pair in pairs() if kept(pair[0]) != kept(pair[1])] == []


def test_names_of_layers_stand_apart_from_chinese_after_them() -> None:
    """Some end in a number and some do not, so that neither a space nor none would be right after both."""
    wrong = [text for each in messages(CHINESE) for text in each.translations if LAYER_IN_TEXT.search(text)]
    assert wrong == []


def test_texts_are_chinese_but_for_names() -> None:
    assert {source for source, translation in pairs() if not has_chinese(translation)} == NAMES


TERMS = {
    "失活(?<!随机失活)": "失活 is dropout; a dead unit is 死亡单元",
    "惩罚": "正则化, 正则项",
    "适应(窗口|视图)|让.*适应": "缩放到全图",
    r"层 ?\{(number|layer)\}(?<!隐藏层 \{number\})": "第 {number} 层",
    "圆环": "同心圆",
    "迭代": "步",
    "[\u4e00-\u9fff][,;:!?(]|[\u4e00-\u9fff]\\.": "full-width punctuation",
    "[。，；：！？、）] ": "no space after full-width punctuation",
}


@pytest.mark.parametrize("pattern", TERMS)
def test_terms_and_punctuation_are_idiomatic(pattern: str) -> None:
    assert [each for _, each in pairs() if re.search(pattern, each)] == [], TERMS[pattern]


def test_no_sentences_are_put_together_with_a_blank() -> None:
    """`gui.text.plain.sentences` knows where there is none: after full-width punctuation."""
    glued = []
    for path in sources():
        if path.parts[-3:] == ("gui", "text", "plain.py") or "gui" not in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if "} {" in source else ():
            if isinstance(node, ast.JoinedStr):
                between = [part for part in node.values if isinstance(part, ast.Constant)]
                is_all = len(between) == 1 and between[0].value == " " and len(node.values) == 3
                names = [ast.unparse(part) for part in node.values if isinstance(part, ast.FormattedValue)]
                if is_all and re.match(r"(self\.)?(text|note|message|mend|said|told|tr\()", names[0]):
                    glued.append((path.name, ast.unparse(node)))
    assert glued == []


def test_qt_itself_speaks_the_language(appearance: Appearance) -> None:
    appearance.set_language("zh_CN")
    assert QLocale().name() == "zh_CN"
    assert has_chinese(QCoreApplication.translate("QPlatformTheme", "Close"))


# -- room in the window ----------------------------------------------------------------------------


def stretched(text: str) -> str:
    """Make a text 30 % longer, and leave what stands for something alone."""
    parts = re.split(r"(\{[^}]*\}|<[^>]*>|&\w+;|\*\.\w+)", text)
    return "".join(part if i % 2 else _longer(part) for i, part in enumerate(parts))


def _longer(text: str) -> str:
    """Say three of ten letters twice, which keeps words apart and spreads over all of them."""
    letters = 0
    longer = []
    for character in text:
        longer.append(character)
        if character.isalpha():
            longer.append(character * (letters % 10 in (0, 3, 6)))
            letters += 1
    return "".join(longer)


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    appearance = Appearance(qapp, "en", "light", remember=False)
    yield appearance
    appearance.set_language("en")


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance) -> Iterator[MainWindow]:
    """A window of a small screen, after some steps, with a weight selected."""
    frames: list[Frame] = []
    window = MainWindow(appearance, remember=False)
    try:
        window.frame_shown.connect(frames.append)
        window.resize(1280, 800)
        window.show()
        qtbot.waitUntil(lambda: bool(frames))
        window.run_controls.granularity = Granularity.BATCH
        for step in range(1, 4):
            window.run_controls.step_action.trigger()
            qtbot.waitUntil(lambda: frames[-1].record.step >= step)  # noqa: B023 - asked at once
        window.focus.select(Part("weight", 2, 0, 1))
        yield window
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_clipped_in_another_language_nor_back_in_english(
    language: str, window: MainWindow, appearance: Appearance
) -> None:
    if language in FONTS and not QFontDatabase.families(FONTS[language]):
        pytest.skip("no font for the language is installed")
    appearance.set_language(language)
    found = clipped_anywhere(window)
    assert window.run_controls.run_action.text() != "Run"
    appearance.set_language("en")
    found += clipped_anywhere(window)
    assert window.run_controls.run_action.text() == "Run"
    assert not found, "\n".join(found)


def test_nothing_is_clipped_in_a_language_of_longer_words(window: MainWindow) -> None:
    with spoken(stretched):
        found = clipped_anywhere(window)
        assert window.run_controls.run_action.text() == "RRun"
        assert not found, "\n".join(found)


def test_clipping_is_seen(window: MainWindow) -> None:
    label, dock = window.findChild(QLabel, "statusText"), window.findChild(QDockWidget, "chainRuleDock")
    assert label is not None and dock is not None
    assert clipped_at_last(window) == []
    label.setText("much too long " * 1000)
    dock.titleBarWidget().setFixedHeight(9)
    found = clipped_at_last(window)
    assert len(found) == 2
    assert any("much too long" in each for each in found)
    assert any("chainRuleDock" in each and "'Chain rule'" in each for each in found)


def clipped_anywhere(window: MainWindow) -> list[str]:
    """Name what is cut off in the window, whichever tabs are in front."""
    found = dict.fromkeys(clipped_at_last(window))
    for bar in window.findChildren(QTabBar):
        for tab in filter(bar.isTabVisible, range(bar.count())):
            if bar.isVisible():
                bar.setCurrentIndex(tab)
                found.update(dict.fromkeys(clipped_at_last(window)))
    return list(found)


def clipped_at_last(window: MainWindow) -> list[str]:
    """Name what is cut off once everything has found its place."""
    for _ in range(10):  # layouts within layouts settle one after another
        QApplication.processEvents()
    for _ in range(10):  # and a text that has just come is wrapped a moment later
        if not (found := clipped(window)):
            return []
        QTest.qWait(30)
    return found


def clipped(window: MainWindow) -> list[str]:
    """Name the visible texts that have less room than they need."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or not widget.width() or not widget.height():
            continue
        lost = widget.size() - _seen(widget).size()
        for text, needed, given in _texts(widget):
            room = given - lost
            if text and (needed.width() > room.width() or needed.height() > room.height()):
                found.append(
                    f"{_path(widget)}: {text!r} needs {needed.width()}x{needed.height()}, "
                    f"has {room.width()}x{room.height()}"
                )
    return found


def _seen(widget: QWidget) -> QRect:
    """Give the part of a widget that its parents show, or that can be scrolled to."""
    seen, inside = widget.rect(), widget
    across, down = True, True  # as long as no parent can be scrolled that way
    while not inside.isWindow() and (outside := inside.parentWidget()) is not None:
        seen = seen.translated(inside.pos())
        area = outside.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is outside:
            across = across and not area.horizontalScrollBar().isVisible()
            down = down and not area.verticalScrollBar().isVisible()
        if across:
            seen.setLeft(max(seen.left(), 0))
            seen.setRight(min(seen.right(), outside.width() - 1))
        if down:
            seen.setTop(max(seen.top(), 0))
            seen.setBottom(min(seen.bottom(), outside.height() - 1))
        inside = outside
    return seen


def _texts(widget: QWidget) -> Iterator[tuple[str, QSize, QSize]]:
    """Name a widget's texts, the room each needs and the room it has."""
    if isinstance(widget, QLabel):
        if widget.text() and widget.wordWrap():
            needed = QSize(widget.minimumSizeHint().width(), widget.heightForWidth(widget.width()))
            yield widget.text(), needed, widget.size()
        else:
            yield widget.text(), widget.sizeHint(), widget.size()
    elif isinstance(widget, QToolBar):
        extension = widget.findChild(QToolButton, "qt_toolbar_ext_button")
        if extension is not None and extension.isVisible():
            yield "toolbar", widget.sizeHint(), widget.size()
    elif isinstance(widget, QToolButton):
        if widget.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly:
            yield widget.text(), widget.sizeHint(), widget.size()
    elif isinstance(widget, QAbstractButton):
        yield widget.text(), widget.sizeHint(), widget.size()
    elif isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        field = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, widget)
        yield widget.currentText(), _ink(widget, widget.currentText()), field.size()
    elif isinstance(widget, QTabBar):
        for tab in filter(widget.isTabVisible, range(widget.count())):
            if widget.elideMode() is not Qt.TextElideMode.ElideNone and widget.tabToolTip(tab):
                continue  # cut short on purpose, and whole in its tooltip
            shown = widget.tabRect(tab)
            if not widget.usesScrollButtons() or tab == widget.currentIndex():  # others are scrolled to
                shown = shown.intersected(widget.rect())
            yield widget.tabText(tab), _ink(widget, widget.tabText(tab)), shown.size()


def _ink(widget: QWidget, text: str) -> QSize:
    """Measure a text in one line: its advance, and the height of its letters."""
    metrics = widget.fontMetrics()
    return QSize(metrics.horizontalAdvance(text), metrics.tightBoundingRect(text).height())


def _path(widget: QObject | None) -> str:
    names = []
    while widget is not None and not isinstance(widget, MainWindow):
        names.append(widget.objectName() or type(widget).__name__)
        widget = widget.parent()
    return " < ".join(names[:4])

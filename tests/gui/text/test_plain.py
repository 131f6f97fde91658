"""Names from data stay text: in every label, tooltip, menu, table and export, and however long they are."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QMenu,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer
from engine.markdown import as_text
from engine.parts import Part
from gui.files.pictures import svg
from gui.main_window import MainWindow
from gui.text import parts as naming
from gui.text import plain
from gui.text.plain import Prose
from gui.training.messages import Frame, Granularity, RenameRun, Run, Status
from gui.views.network.hover_tip import HoverTip
from gui.widgets.fields import WIDEST_FIELD
from gui.widgets.message_bar import MessageBar, Tone
from tests.gui.driver import made

GUI = Path(__file__).parents[3] / "gui"

HOSTILE = (
    "<img src='beacon.png'>",
    "<b>bold</b>",
    "&amp;",
    "a & b",
    "$x_1$ | `code` *star* [*]",
    "two\nlines\tand a tab",
    "\u202eright to left\u2066",
    "w" * 300,
    "花瓣长度" * 20,
    "{0} %p %1",
)


def hostile(kind: str) -> Dataset:
    """Data whose every name is an attempt; one column is a category with such levels."""
    rng = np.random.default_rng(3)
    features = [*HOSTILE, *(f"level {name}={name}" for name in HOSTILE[:3])]
    groups = (*HOSTILE, *("level",) * 3)
    features[-3:] = [f"level={name}" for name in HOSTILE[:3]]
    inputs = rng.normal(size=(40, len(features)))
    inputs[:, -3:] = np.eye(3)[rng.integers(3, size=40)]
    if kind == "regression":
        data = Dataset.from_arrays(
            inputs, rng.normal(size=(40, 2)), feature_names=features, target_names=HOSTILE[:2]
        )
    else:
        labels = np.eye(len(HOSTILE))[np.arange(40) % len(HOSTILE)]
        data = Dataset.from_arrays(inputs, labels, "multiclass", feature_names=features, class_names=HOSTILE)
    return replace(data, name=HOSTILE[0] + HOSTILE[2], groups=groups)


def harmless(data: Dataset) -> Dataset:
    """The same with short names."""
    features = tuple(f"x{i}" for i in range(data.inputs.shape[1]))
    return replace(
        data,
        name="data",
        feature_names=features,
        groups=(),
        target_names=tuple(f"y{i}" for i in range(data.targets.shape[1])),
        class_names=tuple(f"c{i}" for i in range(len(data.class_names))),
    )


def problem(data: Dataset) -> Experiment:
    output = Layer(data.targets.shape[1], "softmax" if data.kind == "multiclass" else "linear")
    loss = "cross_entropy" if data.kind == "multiclass" else "squared_error"
    return Experiment((Layer(3, "relu"), output), loss, batch_size=8, validation=0.2)


class Window:
    """A main window with one network, gone through some steps."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.main = made(remember=True)
        self.frames: list[Frame] = []
        self.main.frame_shown.connect(self.frames.append)
        self.main.show()

    def open(self, data: Dataset) -> None:
        self.main.document.open_problem(problem(data), data)
        self.wait(lambda: bool(self.frames) and self.frames[-1].dataset is data)
        self.main.submit(Run(Granularity.BATCH, None, 12))
        self.wait(lambda: self.frames[-1].record.step >= 12 and self.frames[-1].status is Status.PAUSED)
        for page in range(self.main.tabs.count()):
            self.main.tabs.setCurrentIndex(page)
            QApplication.processEvents()

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.main.close()
    window.main.deleteLater()


# -- what is looked for ------------------------------------------------------------------------------


def reads_as(rich: str) -> str:
    """What a person reads of rich text; a picture or bold letters in it would be a name taken for markup."""
    document = QTextDocument()
    document.setHtml(rich)
    block = document.begin()
    while block.isValid():
        iterator = block.begin()
        while not iterator.atEnd():
            form = iterator.fragment().charFormat()
            assert not form.isImageFormat(), rich
            assert form.fontWeight() <= 400, rich
            iterator += 1
        block = block.next()
    return document.toPlainText()


def check_text(text: str, where: str, longest: int = 100) -> None:
    """A text in one line that steers nothing."""
    assert "\t" not in text, (where, text)
    assert not {"\u202e", "\u2066"} & {*text}, (where, text)
    assert "two\nlines" not in text, (where, text)
    assert "w" * longest not in text, (where, text)


def check_tip(text: str, where: str) -> None:
    check_text(text, where, plain.LONGEST_LINE)
    if GuiQt.mightBeRichText(text):
        read = reads_as(text).replace("\u200b", "")
        assert "&" not in read.replace("&amp;", "").replace("a & b", ""), (where, text)
        assert GuiQt.mightBeRichText(text) == text.startswith("<p>"), (where, text)


def check_caption(text: str, where: str) -> None:
    """A text of a button or menu: no ampersand alone, which would make a key."""
    check_text(text, where)
    assert "&" not in text.replace("&&", ""), (where, text)


def check_model(model: QAbstractItemModel, where: str) -> None:
    rows = min(model.rowCount(), 30)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for orientation, count in ((Qt.Orientation.Horizontal, columns), (Qt.Orientation.Vertical, rows)):
        for section in range(count):
            check_text(str(model.headerData(section, orientation) or ""), where)
            tip = model.headerData(section, orientation, Qt.ItemDataRole.ToolTipRole)
            check_tip(str(tip or ""), where)
    for row in range(rows):
        for column in range(columns):
            index = model.index(row, column)
            check_text(str(index.data() or ""), where)
            check_tip(str(index.data(Qt.ItemDataRole.ToolTipRole) or ""), where)


def check_everything() -> int:
    """Look at every widget there is; how many texts hold a hostile name."""
    held = 0
    for widget in QApplication.allWidgets():
        where = f"{type(widget).__name__} {widget.objectName()}"
        check_tip(widget.toolTip(), where)
        texts: list[str] = []
        if isinstance(widget, QLabel):
            texts.append(widget.text())
            if isinstance(widget, HoverTip):
                pass  # its own test
            elif isinstance(widget, Prose):
                assert "img" not in widget.text(), where
            else:
                rich = GuiQt.mightBeRichText(widget.text())
                assert widget.textFormat() is Qt.TextFormat.PlainText or not rich, (where, widget.text())
                check_text(widget.text(), where)
        if isinstance(widget, QAbstractButton):
            texts.append(widget.text())
            check_caption(widget.text(), where)
        if isinstance(widget, QMenu):
            check_caption(widget.title(), where)
            for action in widget.actions():
                texts.append(action.text())
                check_caption(action.text(), where)
                check_tip(action.toolTip(), where)
        if isinstance(widget, QTabBar):
            for page in range(widget.count()):
                check_caption(widget.tabText(page), where)
                check_tip(widget.tabToolTip(page), where)
        if isinstance(widget, QComboBox):
            for item in range(widget.count()):
                texts.append(widget.itemText(item))
                check_text(widget.itemText(item), where)
                check_tip(str(widget.itemData(item, Qt.ItemDataRole.ToolTipRole) or ""), where)
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            check_model(widget.model(), where)
        if widget.isWindow():
            check_text(widget.windowTitle(), where)
        held += sum("beacon" in text for text in texts)
    return held


def rooms(main: MainWindow) -> dict[str, int]:
    """The least width that each part of the window asks for."""
    found = {"window": main.minimumSizeHint().width()}
    for widget in main.findChildren(QWidget):
        if widget.objectName() and not widget.objectName().startswith("qt_"):
            name = f"{type(widget).__name__} {widget.objectName()}"
            found[name] = max(found.get(name, 0), widget.minimumSizeHint().width())
    return found


# -- the tests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_the_window_takes_no_name_for_an_order(kind: str, window: Window, tmp_path: Path) -> None:
    data, main = hostile(kind), window.main
    found: list[dict[str, int]] = []
    for shown in (harmless(data), data):
        window.open(shown)
        rename = RenameRun(main.runs_panel.runs[0].key, "run" if not found else HOSTILE[0])
        main.submit(rename)
        window.wait(lambda rename=rename: main.runs_panel.runs[0].name == rename.name)  # type: ignore[misc]
        widths: dict[str, int] = {}
        for selection in (
            Part("unit", 0, 0),
            Part("unit", 0, 7),
            Part("weight", 1, 0, 7),
            Part("weight", 2, 1, 1),
            Part("bias", 2, 0),
            Part("loss", 2, 0),
        ):
            main.focus.select(selection)
            QApplication.processEvents()
            held = check_everything()
            assert bool(held) == bool(found)
            widths = {name: max(width, widths.get(name, 0)) for name, width in rooms(main).items()}
        found.append(widths)
    before, after = found
    grown = {name: (before[name], wide) for name, wide in after.items() if wide > before.get(name, wide)}
    # A field may be as wide as its longest text within what holds it, to a limit; what holds it and its label
    # may be a few pixels wider.
    assert all(wide <= max(WIDEST_FIELD, narrow + 8) for narrow, wide in grown.values()), grown
    assert not [name for name in grown if name == "window" or name.startswith("QDockWidget")], grown
    assert not [name for name in grown if name.endswith(("View", "Panel"))], grown


def test_the_hover_tip(window: Window) -> None:
    window.open(hostile("multiclass"))
    for unit, name in enumerate(HOSTILE):
        window.main.focus.select(None)
        tip = window.main.findChild(HoverTip)
        assert tip is not None
        title = naming.part_name(window.frames[-1], Part("unit", 0, unit))
        tip.show_facts(title, "", [], window.main.rect().center())
        document = QTextDocument()
        document.setHtml(tip.text())
        assert plain.one_line(name) in document.toPlainText(), name
        assert tip.sizeHint().width() < 700


def test_dialogs_over_hostile_data(window: Window, tmp_path: Path) -> None:
    main = window.main
    window.open(hostile("multiclass"))
    main.data_desk.show_rows()
    path = tmp_path / "<b>file & co.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*HOSTILE, "target"])
        for row in range(30):
            writer.writerow(
                [row + place for place in range(len(HOSTILE) - 1)] + [HOSTILE[row % 3], "yn"[row % 2]]
            )
    main.data_desk.show_import(path)
    window.wait(lambda: any("30" in label.text() for label in main.findChildren(QLabel)))
    assert check_everything()
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog) and dialog.isVisible():
            assert dialog.minimumSizeHint().width() < 900, dialog.objectName()


def test_files_with_hostile_names(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = window.main
    window.open(hostile("regression"))
    path = tmp_path / "<b>&amp; [*].bplab"
    monkeypatch.setattr(QFileDialog, "exec", lambda self: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda self: [str(path)])
    main.session_desk.save_as()
    window.wait(path.is_file)
    window.wait(lambda: main.windowTitle().startswith("<b>&amp; [*][*][*]"))  # the last is the title's own
    recent = main.findChild(QMenu, "recentSessionsMenu")
    assert recent is not None
    recent.aboutToShow.emit()
    assert recent.actions()[0].text() == "<b>&&amp; [*]"
    bad = tmp_path / "<b>bad.csv"
    bad.write_text("<img src=x>,b\n1,2\n<b>x</b>,3\n4,5,6\n", encoding="utf-8")
    main.open_file(bad)
    bar = main.findChild(MessageBar, "messageBar")
    assert bar is not None
    window.wait(lambda: bar.tone is Tone.ERROR and "<b>bad.csv" in bar.text)
    check_everything()


def test_a_picture_as_svg_quotes_them(window: Window) -> None:
    window.open(hostile("multiclass"))
    text = svg(window.main.network_view, HOSTILE[0]).decode()
    assert "<img" not in text
    assert "<b>" not in text
    assert QImage.fromData(text.encode(), "svg").isNull() is False  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_in_one_line(name: str) -> None:
    shown = naming.shown(name)
    check_text(shown, "shown")
    assert shown
    assert len(shown) <= plain.LONGEST
    assert naming.shown("\n\u202e ") == naming.shown("") == "(no name)"
    if GuiQt.mightBeRichText(plain.tooltip(shown)):
        assert reads_as(plain.tooltip(shown)) == shown
    markdown = as_text(name)
    assert "\n" not in markdown
    letters = iter(markdown)
    for letter in letters:  # what is left without a backslash means nothing
        if letter == "\\":
            next(letters)
        else:
            assert letter not in "`*[]<>&$|~#"


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            yield getattr(function, "attr", getattr(function, "id", "")), node


def test_there_is_one_way_to_show_a_text() -> None:
    """No other label than the plain one, and no tooltip but a fixed text or one through `tooltip`."""
    for path in GUI.rglob("*.py"):
        if path.name == "plain.py":
            continue
        source = path.read_text(encoding="utf-8")
        if not re.search(r"QLabel|ToolTip|showText|question|warning|critical|information|about", source):
            continue
        tree = ast.parse(source)
        for name, call in calls(tree):
            where = f"{path.relative_to(GUI)}:{call.lineno}"
            assert name != "QLabel", f"{where}: take gui.text.plain.Label"
            if name in ("setToolTip", "showText"):
                text = call.args[0 if name == "setToolTip" else 1]
                fixed = isinstance(text, ast.Constant) or (
                    isinstance(text, ast.Call)
                    and getattr(text.func, "attr", getattr(text.func, "id", ""))
                    in ("tr", "translate", "tooltip")
                )
                assert fixed, f"{where}: take the text through gui.text.plain.tooltip"
            if name in ("question", "warning", "critical", "information", "about"):
                raise AssertionError(f"{where}: ask with gui.text.plain.ask")
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(getattr(b, "id", "") == "QLabel" for b in node.bases):
                assert node.name == "HoverTip", (
                    f"{path.name}: {node.name} is a QLabel; take gui.text.plain.Label"
                )

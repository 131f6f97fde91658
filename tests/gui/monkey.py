"""A monkey at the window: random, plausible actions, and what must hold after each.

    python tests/gui/monkey.py --minutes 10 --seed 1

Each seed has a process of its own, goes on for `--actions` actions, and prints a line: what was done, the
longest wait, and what was wrong. After each action there must be no exception in any thread, no warning of
Qt's, and no wait of over a second; after some of them training rests, and then the series have to be whole
and the parameters in the window those of the trainer. The same seed does the same as far as times allow,
for what can be pressed may depend on how far a training has come.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

CORPUS = ROOT / "tests" / "data" / "corpus"
LARGEST_FILE = 100_000
FREEZE = 1.0
"""Seconds after which the window counts as frozen."""

STUCK = 15.0
"""Seconds on the clock after which it counts as frozen though nothing works."""

HANGS = 30.0
"""Seconds beyond its time after which a monkey's process is ended."""

TOLD = 12
"""Of the last actions, so many are told when something goes wrong."""

HARMLESS = ("This plugin does not support", "Qt depends on a UTF-8 locale")
"""What the platform without a screen says of itself."""


class TroubleError(Exception):
    """Something that must not be."""


class Watchdog(threading.Thread):
    """Measures how long the GUI thread does not come round, in processor time.

    A loaded machine makes everything slow on the clock. What a freeze is made of is work: that of the GUI
    thread, or of one that it waits for. So the processor time of the busiest thread counts (Linux tells
    it; elsewhere that of the process), and the clock only when it has gone on for `STUCK`: nothing works.

    Parameters
    ----------
    traces : Path
        A file for what the threads were at when it took long; it is written without Python's lock, which
        the GUI thread may hold.
    """

    def __init__(self, traces: Path) -> None:
        super().__init__(daemon=True)
        self.worst = 0.0
        self.trace = ""
        self._traces = traces.open("w+")
        self._beat = time.perf_counter()
        self._used = _used_times()
        self._over = threading.Event()

    def beat(self) -> None:
        """Say that the GUI thread has come round."""
        faulthandler.cancel_dump_traceback_later()
        self._measure()
        self._traces.seek(0)
        self._traces.truncate()
        faulthandler.dump_traceback_later(FREEZE, file=self._traces)
        self._beat, self._used = time.perf_counter(), _used_times()

    def stop(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        self._over.set()

    def run(self) -> None:
        while not self._over.wait(0.1):
            self._measure()

    def _measure(self) -> None:
        gone = time.perf_counter() - self._beat
        if gone < FREEZE / 2:
            return
        before = self._used
        frozen = max((now - before.get(thread, now) for thread, now in _used_times().items()), default=0.0)
        if gone > STUCK:
            frozen = gone
        if frozen > max(self.worst, FREEZE):
            self._traces.seek(0)
            self.trace = self._traces.read()
        self.worst = max(self.worst, frozen)


def _used_times() -> dict[str, float]:
    """The seconds of a processor that each thread of this process has used."""
    found = {}
    with contextlib.suppress(OSError, ValueError, IndexError):
        for task in os.scandir("/proc/self/task"):
            with open(f"{task.path}/schedstat", encoding="ascii") as file:
                found[task.name] = int(file.read().split()[0]) / 1e9
    return found or {"": time.process_time()}


class _Log(logging.Handler):
    """Takes what the program writes down about errors that it has caught at the edge of a thread."""

    def __init__(self, troubles: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._troubles = troubles

    def emit(self, record: logging.LogRecord) -> None:
        self._troubles.append(self.format(record))


class Monkey:
    """Does things to a window of its own, and looks whether all is well."""

    def __init__(self, seed: int, folder: Path) -> None:
        from PySide6.QtCore import QTimer, qInstallMessageHandler
        from PySide6.QtWidgets import QApplication

        self.random = random.Random(seed)
        self.folder = folder
        self.troubles: list[str] = []
        self.done: deque[str] = deque(maxlen=TOLD)
        self.actions = 0
        self.tells = False
        self.began = time.perf_counter()
        self.frames: list[Any] = []
        self.generations: set[int] = set()
        self.menus: list[Any] = []
        logging.getLogger("gui").addHandler(_Log(self.troubles))
        sys.excepthook = self._raised
        threading.excepthook = lambda told: self._raised(told.exc_type, told.exc_value, told.exc_traceback)
        sys.unraisablehook = lambda told: self._raised(
            type(told.exc_value), told.exc_value, told.exc_traceback
        )
        qInstallMessageHandler(self._said)
        self.application = QApplication.instance() or QApplication(["backprop-lab"])
        self._answer_dialogs()
        from gui.main_window import MainWindow

        self.main = MainWindow()
        self.main.frame_shown.connect(self._shown)
        self.main.show()
        self.watchdog = Watchdog(folder / "traces")
        self._popped = 0
        self._heart = QTimer()
        self._heart.timeout.connect(self._beat)
        self._heart.start(20)
        self.watchdog.start()
        self.files = [p for p in sorted(CORPUS.iterdir()) if p.is_file() and p.stat().st_size < LARGEST_FILE]

    def _beat(self) -> None:
        """Say that the window lives; a menu or list that waits for a choice is taken away after a while."""
        from PySide6.QtWidgets import QApplication, QMenu

        self.watchdog.beat()
        popup = QApplication.activePopupWidget()
        self._popped = self._popped + 1 if popup is not None else 0
        if popup is not None and self._popped > 5:
            if isinstance(popup, QMenu):
                self.menus.append(popup)
            popup.close()

    # -- what goes wrong ---------------------------------------------------------------------------

    def _raised(self, kind: Any, error: Any, trace: Any) -> None:
        self.troubles.append("".join(traceback.format_exception(kind, error, trace)))

    def _said(self, kind: Any, context: Any, message: str) -> None:
        from PySide6.QtCore import QtMsgType

        if kind is QtMsgType.QtFatalMsg:
            print(f"  after {' | '.join(self.done)}\n  Qt ends it: {message}", flush=True)
        if kind is not QtMsgType.QtDebugMsg and not any(text in message for text in HARMLESS):
            self.troubles.append(f"Qt says: {message}\n" + "".join(traceback.format_stack()[-6:-1]))

    def _shown(self, frame: Any) -> None:
        self.frames = [frame]
        self.generations.add(frame.generation)

    def _answer_dialogs(self) -> None:
        """Dialogs that would wait for an answer get one; menus are kept for the next action."""
        from PySide6.QtGui import QDesktopServices
        from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMenu, QMessageBox

        def chosen(*args: Any, **kwargs: Any) -> tuple[str, str]:
            return self._some_file(), ""

        def written(*args: Any, **kwargs: Any) -> tuple[str, str]:
            suffix = self.random.choice(["", ".csv", ".py", ".png", ".svg", ".npz", ".ipynb", ".md"])
            return str(self.folder / f"out{self.random.randrange(4)}{suffix}"), ""

        def names(dialog: Any) -> list[str]:
            saves = dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
            if not saves:
                return [self._some_file()]
            suffix = dialog.defaultSuffix() or "bplab"
            return [str(self.folder / f"saved{self.random.randrange(4)}.{suffix}")]

        def answered(box: Any) -> Any:
            buttons = [box.standardButton(button) for button in box.buttons()]
            return self.random.choice(buttons)

        def opened(dialog: Any) -> int:
            dialog.show()
            return self.random.randrange(2)

        def popped(menu: Any, *args: Any) -> None:
            self.menus.append(menu)

        for owner, name, answer in (
            (QFileDialog, "getOpenFileName", chosen),
            (QFileDialog, "getSaveFileName", written),
            (QFileDialog, "exec", lambda dialog: int(self.random.random() < 0.9)),
            (QFileDialog, "selectedFiles", names),
            (QInputDialog, "getInt", lambda *given: (self.random.randint(1, 9), self.random.random() < 0.9)),
            (QMessageBox, "exec", answered),
            (QDialog, "exec", opened),
            (QMenu, "exec", popped),
            (QMenu, "popup", popped),
            (QDesktopServices, "openUrl", lambda *_: True),
        ):
            setattr(owner, name, answer)

    def _some_file(self) -> str:
        saved = sorted(self.folder.glob("saved*"))
        if saved and self.random.random() < 0.4:
            return str(self.random.choice(saved))
        return str(self.random.choice(self.files))

    # -- what it does ------------------------------------------------------------------------------

    def kinds(self) -> dict[Callable[[], str | None], int]:
        """What it may do, each so often."""
        return {
            self._trigger: 22,
            self._press: 18,
            self._choose: 8,
            self._type_number: 8,
            self._turn_page: 6,
            self._slide: 4,
            self._click_around: 14,
            self._key: 12,
            self._table: 8,
            self._write: 3,
            self._open: 5,
            self._from_menu: 6,
            self._resize: 2,
            self._close_one: 3,
        }

    def act(self) -> None:
        """Do one thing to something that can be reached."""
        kinds = self.kinds()
        for _ in range(30):
            kind = self.random.choices(list(kinds), list(kinds.values()))[0]
            self.done.append(kind.__name__.strip("_"))
            try:
                what = kind()
            except RuntimeError as error:
                if "already deleted" not in str(error):
                    raise
                what = "of what went meanwhile"
            if what is None:
                self.done.pop()
                continue
            self.done[-1] += f" {what}"
            self.actions += 1
            if self.tells:
                print(f"  {time.perf_counter() - self.began:6.1f} {self.done[-1]}", flush=True)
            return

    def _widgets(self, kind: Any) -> list[Any]:
        """The widgets of a kind that a person could reach now."""
        from PySide6.QtWidgets import QApplication

        found = []
        for top in QApplication.topLevelWidgets():
            if top.isVisible():
                found += [w for w in [top, *top.findChildren(kind)] if isinstance(w, kind)]
        return [w for w in found if w.isVisible() and w.isEnabled()]

    def _some(self, kind: Any) -> Any:
        found = self._widgets(kind)
        return self.random.choice(found) if found else None

    def _trigger(self) -> str | None:
        from PySide6.QtWidgets import QMenu

        known = [
            action
            for owner in (self.main, *filter(_is_own, self.main.findChildren(QMenu)))
            for action in owner.actions()
        ]
        action = self.random.choice([action for action in known if self._may(action)])
        name = action.objectName() or action.text()
        action.trigger()
        return name

    @staticmethod
    def _may(action: Any) -> bool:
        """Whether a person could take it, and will not quit by it; menus of the library's own are no way."""
        own = type(action.parent()).__module__.startswith("pyqtgraph")
        quits = action.objectName() == "quitAction"
        return bool(action.text() and action.isEnabled() and action.isVisible()) and not (
            quits or own or action.menu()
        )

    def _press(self) -> str | None:
        from PySide6.QtWidgets import QAbstractButton

        button = self._some(QAbstractButton)
        if button is None:
            return None
        name = f"{button.objectName()} {button.text()!r}"
        button.click()
        return name

    def _choose(self) -> str | None:
        from PySide6.QtWidgets import QComboBox

        combo = self._some(QComboBox)
        if combo is None or not combo.count():
            return None
        index = self.random.randrange(combo.count())
        item = combo.model().index(index, 0)
        from PySide6.QtCore import Qt

        if not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return None
        name = f"{combo.objectName()} {combo.itemText(index)!r}"
        combo.setCurrentIndex(index)
        combo.activated.emit(index)
        return name

    def _type_number(self) -> str | None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QAbstractSpinBox

        box = self._some(QAbstractSpinBox)
        if box is None:
            return None
        texts = [
            "0",
            "1",
            "2",
            "3",
            "5",
            "8",
            "12",
            "0.1",
            "0.5",
            "1e-3",
            "-1",
            "1/3",
            "",
            "x",
            "30 %",
            "1e400",
        ]
        text = self.random.choice(texts)
        name = f"{box.objectName()} {text!r}"
        if self.random.random() < 0.3:
            box.stepBy(self.random.choice([-1, 1, 5]))
            return name + " by steps"
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, text)
        if alive(box):
            QTest.keyClick(box, Qt.Key.Key_Return)
        return name

    def _turn_page(self) -> str | None:
        from PySide6.QtWidgets import QTabBar

        bar = self._some(QTabBar)
        if bar is None:
            return None
        pages = [page for page in range(bar.count()) if bar.isTabVisible(page)]
        if not pages:
            return None
        page = self.random.choice(pages)
        name = str(bar.tabText(page))
        bar.setCurrentIndex(page)
        return name

    def _slide(self) -> str | None:
        from PySide6.QtWidgets import QSlider

        slider = self._some(QSlider)
        if slider is None:
            return None
        slider.setValue(self.random.randint(slider.minimum(), slider.maximum()))
        return f"{slider.objectName()} {slider.value()}"

    def _click_around(self) -> str | None:
        """Point, click, drag or turn the wheel somewhere in something that is drawn."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication, QWidget

        widgets = [w for w in self._widgets(QWidget) if w.width() > 20 and w.height() > 10]
        if not widgets:
            return None
        # Large ones are met more often, as by a hand.
        widget = self.random.choices(widgets, [(w.width() * w.height()) ** 0.5 for w in widgets])[0]
        at = QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height()))
        name = f"{type(widget).__name__} {widget.objectName()} at {at.x()},{at.y()}"
        left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
        kind = self.random.choice(
            ["move", "click", "click", "click", "shift", "right", "double", "drag", "wheel"]
        )
        modifier = Qt.KeyboardModifier.ShiftModifier if kind == "shift" else Qt.KeyboardModifier.NoModifier
        if kind == "move":
            QTest.mouseMove(widget, at)
        elif kind in ("click", "shift"):
            QTest.mouseClick(widget, left, modifier, at)
        elif kind == "right":
            QTest.mouseClick(widget, right, modifier, at)
            if alive(widget):
                from PySide6.QtGui import QContextMenuEvent

                asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
                QApplication.sendEvent(widget, asked)
        elif kind == "double":
            QTest.mouseDClick(widget, left, modifier, at)
        elif kind == "drag":
            to = QPoint(self.random.randrange(widget.width()), self.random.randrange(widget.height()))
            QTest.mousePress(widget, left, modifier, at)
            if alive(widget):
                QTest.mouseMove(widget, to)
                QTest.mouseRelease(widget, left, modifier, to)
        else:
            turn = QPoint(0, self.random.choice([-120, 120, 480]))
            place = QPointF(at)
            event = QWheelEvent(
                place,
                QPointF(widget.mapToGlobal(at)),
                QPoint(),
                turn,
                Qt.MouseButton.NoButton,
                modifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            QApplication.sendEvent(widget, event)
        return f"{kind} {name}"

    def _key(self) -> str | None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        widget = QApplication.focusWidget() or self.main.network_view
        if self.random.random() < 0.3:
            widget = self.main.network_view
        keys = Qt.Key
        names = (
            *("Left", "Right", "Up", "Down", "Tab", "Backtab", "Return", "Escape", "Space", "Home", "End"),
            *(
                "W",
                "B",
                "L",
                "E",
                "F",
                "Plus",
                "Minus",
                "PageUp",
                "PageDown",
                "Delete",
                "F2",
                "Period",
                "Comma",
            ),
        )
        name = self.random.choice(names)
        modifier = self.random.choice(
            [Qt.KeyboardModifier.NoModifier] * 4
            + [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier]
        )
        if modifier is Qt.KeyboardModifier.ControlModifier and name in ("W", "Q"):
            return None
        where = f"{name} in {type(widget).__name__} {widget.objectName()}"
        QTest.keyClick(widget, getattr(keys, f"Key_{name}"), modifier)
        return where

    def _table(self) -> str | None:
        """Choose, sort, edit or tick a cell."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

        table = self._some(QTableView)
        if table is None or table.model() is None or not table.model().rowCount():
            return None
        model = table.model()
        row = self.random.randrange(model.rowCount())
        column = self.random.randrange(max(1, model.columnCount()))
        name = f"{table.objectName()} {row},{column}"
        index = model.index(row, column)
        kind = self.random.choice(["choose", "click", "edit", "edit", "sort", "copy"])
        if kind == "choose":
            table.setCurrentIndex(index)
        elif kind == "click":
            table.scrollTo(index)
            place = table.visualRect(index).center()
            QTest.mouseClick(
                table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place
            )
        elif kind == "edit":
            table.setCurrentIndex(index)
            table.setFocus()
            QTest.keyClick(table, Qt.Key.Key_F2)
            editor = QApplication.focusWidget()
            if isinstance(editor, QLineEdit) and table.isAncestorOf(editor):
                text = self.random.choice(["0.5", "-2", "1/3", "", "x", "1e999", "0", "nan", "setosa"])
                editor.selectAll()
                QTest.keyClicks(editor, text)
                QTest.keyClick(editor, self.random.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
                name += f" {text!r}"
        elif kind == "sort" and hasattr(table, "horizontalHeader"):
            header = table.horizontalHeader()
            if header.sectionsClickable() and header.count():
                header.sectionClicked.emit(self.random.randrange(header.count()))
        else:
            QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        return f"{kind} {name}"

    def _write(self) -> str | None:
        """Type into a line or a text, such as a formula."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

        field = self._some(self.random.choice([QLineEdit, QPlainTextEdit]))
        if field is None or not field.isVisible():
            return None
        text = self.random.choice(
            [
                "x*y",
                "sin(x)^2 + 1/x",
                "x*0/0",
                "<b>bold</b>",
                "1/3",
                "a & b",
                "f = max(x, y)*z",
                "((",
                "x y z",
                "",
            ]
        )
        field.setFocus()
        field.selectAll()
        name = f"{type(field).__name__} {field.objectName()} {text!r}"
        QTest.keyClicks(field, text)
        if self.random.random() < 0.7 and alive(field):
            QTest.keyClick(field, Qt.Key.Key_Return)
        return name

    def _open(self) -> str | None:
        path = Path(self._some_file())
        self.main.open_file(path)
        return path.name

    def _from_menu(self) -> str | None:
        """Take something of a menu that has popped up, or of one that fills itself."""
        from PySide6.QtWidgets import QMenu

        menus = [menu for menu in self.menus if alive(menu)]
        self.menus.clear()
        if menus and self.random.random() < 0.8:
            menu = menus[-1]
        else:
            filled = [menu for menu in self.main.findChildren(QMenu) if menu.title() and _is_own(menu)]
            menu = self.random.choice(filled)
            menu.aboutToShow.emit()
        actions = [action for action in menu.actions() if self._may(action)]
        if not actions:
            return None
        action = self.random.choice(actions)
        name = str(action.text())
        action.trigger()
        if alive(menu):
            menu.close()
        return name

    def _resize(self) -> str | None:
        self.main.resize(self.random.randrange(900, 1700), self.random.randrange(600, 1000))
        return f"{self.main.width()} x {self.main.height()}"

    def _close_one(self) -> str | None:
        """Close a window that is not the main one."""
        from PySide6.QtWidgets import QApplication

        others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.main]
        others = [w for w in others if w.objectName() != "mainWindow" and w.windowTitle()]
        if not others:
            return None
        window = self.random.choice(others)
        name = window.windowTitle()
        window.close()
        return name

    # -- what must hold ----------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Let the window live."""
        from PySide6.QtTest import QTest

        QTest.qWait(int(seconds * 1000))

    def check(self) -> None:
        """Raise what has gone wrong."""
        if self.troubles:
            raise TroubleError(self.troubles[0])
        if self.watchdog.worst > FREEZE:
            raise TroubleError(f"frozen for {self.watchdog.worst:.2f} s\n{self.watchdog.trace}")
        if not self.main.isVisible():
            raise TroubleError("the window has closed")

    def rest(self) -> bool:
        """Pause, and wait until nothing is on its way; whether that could be had."""
        from gui.training.messages import Pause, Status

        self.main.submit(Pause())
        for _ in range(400):
            self.wait(0.02)
            self.check()
            frame = self.frames[-1] if self.frames else None
            worker = self.main._worker
            if (
                frame is not None
                and frame.generation == self.main.document.generation
                and frame.status is not Status.RUNNING
                and worker._queue.empty()
                and not worker._dirty
                and self.main.notices.task is None
            ):
                self.wait(0.05)
                if self.frames[-1] is frame and worker._queue.empty():
                    return True
        return False

    def look(self) -> None:
        """At rest: the series are whole, and what is shown is what the trainer has."""
        import numpy as np

        frame, worker = self.frames[-1], self.main._worker
        if worker._load is None:
            return
        walk = worker._networks[worker._load.network]
        trainer, record = walk.trainer, frame.record
        if frame.record is not walk.record or frame.generation != worker._load.generation:
            return  # a row that is traced, or a network that could not be made
        after = record.step <= trainer.completed
        shown = (
            (record.weights_after, record.biases_after)
            if after
            else (record.weights_before, record.biases_before)
        )
        if not after or record.step == trainer.completed:
            for mine, its in zip(shown, (trainer.weights, trainer.biases), strict=True):
                for layer, (a, b) in enumerate(zip(mine, its, strict=True), 1):
                    if not np.array_equal(a, b):
                        raise TroubleError(f"layer {layer} of step {record.step} is not the trainer's")
        # the series of the trainer, and as much of it as the curves have
        run = trainer.current
        whole = trainer.scalars_between(0, trainer.furthest, 0)
        if whole.steps.tolist() != list(range(1, trainer.furthest + 1)) or run.steps != trainer.furthest:
            raise TroubleError("the trainer's series has gaps")
        told = self.main.curves_view._loss_lines[0].series
        steps = [told.step_at(index) for index in range(len(told))] if len(told) < 2_000 else None
        if steps is not None and steps != list(range(1, len(steps) + 1)):
            raise TroubleError(f"the curve has gaps: {steps[:5]} … {steps[-5:]}")
        if not record.step - 1 <= len(told) <= trainer.furthest:
            raise TroubleError(f"the curve has {len(told)} steps at step {record.step} of {trainer.furthest}")
        self._look_at_table(frame)

    def _look_at_table(self, frame: Any) -> None:
        """The parameters that can be read in the window are the record's."""
        from PySide6.QtCore import Qt

        model = self.main.parameters_view.model
        if not self.main.parameters_view.isVisible() or model.moment is None or not model.rowCount():
            return
        if model.moment.frame is not frame:
            raise TroubleError("the table shows another frame")
        record, updated = frame.record, model.moment.revealed.update
        for _ in range(5):
            row = self.random.randrange(model.rowCount())
            selection = model.part_at(row)
            if selection is None:
                raise TroubleError(f"row {row} has no parameter")
            kind, layer, unit, source = selection
            if kind == "weight":
                arrays = record.weights_after if updated else record.weights_before
                value = arrays[layer - 1][source, unit]
            else:
                arrays = record.biases_after if updated else record.biases_before
                value = arrays[layer - 1][unit]
            read = model.index(row, model.present_column).data(Qt.ItemDataRole.EditRole)
            if read != float(value):
                raise TroubleError(f"{selection} reads {read!r}, but is {float(value)!r}")

    def close(self) -> None:
        """End as a person does."""
        from PySide6.QtWidgets import QApplication

        self.main.confirm_close = False
        self.main.close()
        self.watchdog.stop()
        for _ in range(5):
            QApplication.processEvents()


def _is_own(widget: Any) -> bool:
    return not type(widget).__module__.startswith("pyqtgraph")


def alive(widget: Any) -> bool:
    """Whether Qt has not deleted it."""
    from shiboken6 import isValid

    return bool(isValid(widget))


def surroundings(folder: Path) -> dict[str, str]:
    """What a monkey's process is told: where settings and copies lie, apart from the person's own."""
    places = {
        name: str(folder / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
    }
    return {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}


def one(make: type[Monkey], seed: int, actions: int, seconds: float, folder: Path, tells: bool) -> None:
    """Let one monkey do so many actions, or as many as it does in so many seconds."""
    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1)
    monkey = make(seed, folder)
    monkey.tells = tells
    wrong, looks = "", 0
    try:
        monkey.wait(0.3)
        while monkey.actions < actions and time.perf_counter() - monkey.began < seconds:
            monkey.act()
            monkey.wait(monkey.random.choice([0.0, 0.01, 0.05, 0.2]))
            monkey.check()
            if monkey.actions % 6 == 0 and monkey.rest():
                monkey.look()
                looks += 1
        monkey.close()
        if monkey.troubles:
            raise TroubleError(monkey.troubles[0])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told with what led to it
        wrong = str(error) if isinstance(error, TroubleError) else traceback.format_exc()
    print(
        f"seed {seed}: {monkey.actions} actions, {len(monkey.generations)} networks, {looks} looks, "
        f"longest wait {monkey.watchdog.worst:.2f} s, {time.perf_counter() - monkey.began:.0f} s: "
        + ("WRONG" if wrong else "well"),
        flush=True,
    )
    if wrong:
        print("  the last actions were\n    " + "\n    ".join(monkey.done))
        print("  " + wrong.strip().replace("\n", "\n  "), flush=True)
    os._exit(bool(wrong))  # what is wrong could keep the threads from ending


def launch(script: Path, seed: int, options: argparse.Namespace, seconds: float) -> bool:
    """Let a monkey loose in a process of its own; whether all went well."""
    with tempfile.TemporaryDirectory(prefix="backprop-lab-monkey-") as name:
        folder = Path(name)
        command = [sys.executable, str(script), "--one", name, "--seed", str(seed)]
        command += ["--actions", str(options.actions), "--minutes", str(seconds / 60)]
        command += ["--tell"] if options.tell else []
        child = subprocess.Popen(command, env=surroundings(folder))
        try:
            status = child.wait(seconds + HANGS)
        except subprocess.TimeoutExpired:
            print(f"seed {seed}: WRONG\n  it hangs", flush=True)
            if hasattr(signal, "SIGUSR1"):
                child.send_signal(signal.SIGUSR1)  # it tells what its threads are at
                time.sleep(1.0)
            child.kill()
            child.wait()
            return False
        if status not in (0, 1):
            print(f"seed {seed}: WRONG\n  the process ended with {status}", flush=True)
        return status == 0


def main(make: type[Monkey], script: Path) -> None:
    """Let monkeys loose, one after another, until the time is over; `script` is what makes them."""
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument(
        "--seed", type=int, default=1, help="of the first monkey; the next have the next ones"
    )
    parser.add_argument("--seeds", type=int, default=1_000_000, help="monkeys at most")
    parser.add_argument("--actions", type=int, default=150, help="of each monkey")
    parser.add_argument("--tell", action="store_true", help="print each action")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(make, options.seed, options.actions, 60 * options.minutes, options.one, options.tell)
    begin, done, well = time.perf_counter(), 0, 0
    while done < options.seeds and (left := begin + 60 * options.minutes - time.perf_counter()) > 0:
        well += launch(script, options.seed + done, options, left)
        done += 1
    minutes = (time.perf_counter() - begin) / 60
    print(f"{done} seeds in {minutes:.1f} minutes, {done - well} wrong", flush=True)
    sys.exit(well < done)


if __name__ == "__main__":
    main(Monkey, Path(__file__))

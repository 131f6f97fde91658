"""What keeps the window's thread busy too long: a walk through the window, timed from rest to rest.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/slots.py network
    QT_QPA_PLATFORM=offscreen python tests/benchmarks/slots.py columns

`network` walks with 784-256-128-10, `columns` with a data set of 5,000 of them. Printed is what
took more than 60 ms of the processor at a stretch, in milliseconds, with what was done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from gui.main_window import MainWindow

ROOT = Path(__file__).parents[2]
LIMIT = 0.060
"""Seconds that it may take."""


class Slot(NamedTuple):
    """What took too long: all that was done from one rest of the event loop to the next."""

    seconds: float
    doing: str


def walk(what: str) -> list[Slot]:
    """Go through the window, and tell of what took too long."""
    from PySide6.QtCore import QAbstractEventDispatcher, QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    slots: list[Slot] = []
    doing, began = "start", time.thread_time()

    def rests() -> None:
        nonlocal began
        now = time.thread_time()  # stands still while the event loop waits
        if now - began > LIMIT:
            slots.append(Slot(now - began, doing))
        began = now

    application = QApplication(["slots"])
    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(rests)

    from gui.main_window import MainWindow
    from gui.style.appearance import Appearance

    appearance = Appearance(application, "en", "light", remember=False)
    window = MainWindow(appearance, remember=False)
    window.resize(1440, 900)
    window.show()

    def do(name: str, act: Callable[[], Any]) -> None:
        """Do something from the event loop, as a click would, and wait until nothing happens any more."""
        nonlocal doing
        doing = name
        QTimer.singleShot(0, act)
        loop = QEventLoop()
        rest = QTimer()
        rest.setInterval(100)
        rest.timeout.connect(lambda: QTimer.singleShot(200, loop.quit))
        rest.setSingleShot(True)
        rest.start()
        loop.exec()

    do("start", lambda: None)
    go_through(window, do, what)
    window.close()
    return slots


def go_through(window: MainWindow, do: Callable[[str, Callable[[], Any]], None], what: str) -> None:
    """Do in a window, one thing after the other, what can be done there."""
    from PySide6.QtGui import QAction

    from engine.parts import Part
    from gui.pages import PAGES, Place
    from gui.views.network import Quantity

    appearance = window.appearance

    def press(name: str) -> None:
        action = window.findChild(QAction, name)
        assert isinstance(action, QAction)
        action.trigger()

    dataset, experiment = problem(what)
    do("another network", lambda: window.document.open_problem(experiment, dataset, None))
    do("its first frame", lambda: None)
    here = [page.name for page in PAGES if page.place is not Place.WINDOW]
    for name in here:
        do(f"open {name}", partial(window.pages.open, name))
    do("step by layer", partial(press, "stepAction"))
    do("step by layer", partial(press, "stepAction"))
    for quantity in Quantity:
        do(f"lines: {quantity.value}", partial(window.network_view.set_quantity, quantity))
    last = len(experiment.layers)
    parts = (Part("weight", 1, 0, 1), Part("weight", last, 0, 1), Part("bias", 1, 0), Part("unit", 1, 3))
    for part in (*parts, Part("layer", 1), Part("loss"), None, Part("weight", 1, 2, 5)):
        do(f"select {part}", partial(window.focus.select, part))
    do("step by layer", partial(press, "stepAction"))
    window.run_controls.speed = window.run_controls.speed_slider.maximum()
    do("run", partial(press, "runAction"))
    for name in here:
        do(f"open {name} while it runs", partial(window.pages.open, name))
    do("pause", partial(press, "runAction"))
    do("step back", partial(press, "stepBackAction"))
    for theme in ("dark", "light"):
        do(f"theme {theme}", partial(appearance.set_theme, theme))
    for language in ("zh_CN", "en"):
        do(f"language {language}", partial(appearance.set_language, language))
    for percent in (125, 100):
        do(f"text {percent} %", partial(appearance.set_text_size, percent))
    do("smaller window", partial(window.resize, 1280, 720))
    for page in PAGES:
        if page.place is Place.WINDOW:
            do(f"open {page.name}", partial(window.pages.open, page.name))
    do("theme dark with all windows open", partial(appearance.set_theme, "dark"))
    do("rest", lambda: None)


def problem(what: str) -> tuple[Any, Any]:
    """A data set and an experiment that are large in one respect."""
    from engine import Dataset, Experiment, Layer

    random = np.random.default_rng(0)
    columns, classes, sizes = (784, 10, (256, 128)) if what == "network" else (5_000, 3, (8,))
    inputs, targets = random.random((500, columns)), random.integers(0, classes, 500)
    dataset = Dataset.from_arrays(inputs, targets, "multiclass")
    layers = (*(Layer(units, "relu") for units in sizes), Layer(classes, "softmax"))
    return dataset, Experiment(layers, loss="cross_entropy", batch_size=128, learning_rate=0.05)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    sys.setswitchinterval(0.0005)
    for slot in walk(sys.argv[1] if len(sys.argv) > 1 else "network"):
        print(f"{1e3 * slot.seconds:7.0f} ms  {slot.doing}", flush=True)


if __name__ == "__main__":
    main()

"""Pictures of the window at all sizes and moments, in both themes and languages, so that looking is cheap.

    python tools/pictures.py FOLDER                                  the list of cases, about 45
    python tools/pictures.py FOLDER --only size=1024x600 theme=dark  those of the list that fit
    python tools/pictures.py FOLDER --make size=1280x720,1440x900    these, all else as in the gallery

One window is led through all cases of a scale. Beside the pictures there are an ``index.html`` and sheets
of nine pictures each.
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from engine import Dataset, Experiment
    from gui.training.messages import Frame

    Problem = tuple[Experiment, Dataset, int]

MOST_SECONDS = 120
SETTLING_MILLISECONDS = 40
SHEET = 3
"""Pictures in a row and in a column of a sheet."""

THUMBNAIL = 640, 420


@dataclass(frozen=True)
class Case:
    """What one picture shows.

    Attributes
    ----------
    net : str
        One of `NETS`.
    state : "rest", "forward", "backward", "update", "running" or "diverged"
    size : str
        Of the window, in logical pixels.
    theme : "light" or "dark"
    language : "en" or "zh_CN"
    scale : str
        Device pixels a logical one.
    mode : "window" or "present"
    tab : str
        The page whose tab is in front; empty for the first.
    text : str
        Percent that text is as large.
    """

    net: str = "2-4-2-1"
    state: str = "backward"
    size: str = "1440x900"
    theme: str = "light"
    language: str = "en"
    scale: str = "1"
    mode: str = "window"
    tab: str = ""
    text: str = "100"

    @property
    def name(self) -> str:
        """What its file is called."""
        usual = {"scale": "1", "mode": "window", "tab": "", "text": "100"}
        said = [str(getattr(self, key)) for key in KEYS if getattr(self, key) != usual.get(key)]
        return "_".join(said)


KEYS = tuple(each.name for each in fields(Case))
SIZES = ("1024x600", "1280x720", "1366x768", "1440x900", "1920x1080", "2560x1440")

LOOKS = (("light", "en"), ("dark", "zh_CN"))
"""Each size is seen in both themes and both languages; the other two combinations are seen here and there."""


def _cases() -> tuple[Case, ...]:
    """Each size, look, net and state at least once, and small windows with everything that needs room."""
    gallery = Case()
    found = [replace(gallery, size=size, theme=t, language=code) for size in SIZES for t, code in LOOKS]
    for size, theme, language in (("1024x600", "light", "zh_CN"), ("1280x720", "dark", "en")):
        found.append(replace(gallery, size=size, theme=theme, language=language))
    rows = (
        (
            "4-3-2",
            "rest",
            ("1440x900", "light", "en"),
            ("1920x1080", "dark", "zh_CN"),
            ("1024x600", "dark", "en"),
        ),
        ("4-3-2", "forward", ("1440x900", "dark", "en"), ("1024x600", "light", "zh_CN")),
        ("4-3-2", "running", ("1280x720", "light", "en")),
        ("2-4-2-1", "forward", ("1366x768", "light", "en"), ("1024x600", "dark", "en")),
        ("2-4-2-1", "update", ("1366x768", "light", "zh_CN")),
        ("2-4-2-1", "running", ("1440x900", "light", "en"), ("1024x600", "dark", "zh_CN")),
        (
            "1-8-1",
            "diverged",
            ("1440x900", "light", "en"),
            ("1024x600", "light", "zh_CN"),
            ("1280x720", "dark", "en"),
        ),
        ("4-5-4-3", "backward", ("1440x900", "light", "en"), ("1024x600", "dark", "zh_CN")),
        ("deep", "backward", ("1440x900", "light", "en"), ("1024x600", "dark", "zh_CN")),
        ("deep", "forward", ("2560x1440", "light", "en")),
        ("64-32-16-10", "backward", ("1440x900", "light", "en"), ("1280x720", "dark", "zh_CN")),
        ("64-32-16-10", "running", ("1920x1080", "light", "en")),
        ("784-128-10", "backward", ("1440x900", "light", "en"), ("1024x600", "dark", "zh_CN")),
    )
    for net, state, *looks in rows:
        found += [Case(net, state, size, theme, language) for size, theme, language in looks]
    found += [
        replace(gallery, size="1280x720", scale="1.5"),
        replace(gallery, size="1280x720", theme="dark", language="zh_CN", scale="2"),
        replace(gallery, scale="2"),
        replace(gallery, text="150"),
        replace(gallery, size="1920x1080", theme="dark", language="zh_CN", text="200"),
        replace(gallery, state="update", size="1280x720", mode="present"),
        replace(gallery, size="1920x1080", theme="dark", language="zh_CN", mode="present"),
        replace(gallery, net="4-3-2", size="1024x600", theme="dark", mode="present"),
    ]
    return tuple(found)


CASES = _cases()


# -- what is trained -------------------------------------------------------------------------------


def _circles() -> Problem:
    """What the window is designed by: 200 steps with a rate of 0.1, 400 with 0.3, looked at in step 460."""
    from engine import Experiment, Layer
    from engine.data.generators import Circles

    layers = (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid"))
    loss = "binary_cross_entropy"
    experiment = Experiment(layers, loss, learning_rate=0.1, batch_size=8, validation=0.2, seed=5)
    return experiment, Circles(noise=0.12).generate(0), 460


def _deep() -> Problem:
    from engine import Experiment, Layer, builtin

    layers = (*(Layer(4, "tanh") for _ in range(10)), Layer(1, "sigmoid"))
    loss = "binary_cross_entropy"
    return Experiment(layers, loss, learning_rate=0.05, batch_size=8, validation=0.2), builtin("circles"), 60


def _iris() -> Problem:
    from engine import Experiment, Layer, builtin

    layers = (Layer(5, "tanh"), Layer(4, "tanh"), Layer(3, "softmax"))
    experiment = Experiment(layers, "cross_entropy", batch_size=10, validation=0.2, scaling="zscore")
    return experiment, builtin("iris"), 60


def _digits() -> Problem:
    from engine import Experiment, Layer, builtin

    layers = (Layer(32, "relu"), Layer(16, "relu"), Layer(10, "softmax"))
    experiment = Experiment(layers, "cross_entropy", learning_rate=0.05, batch_size=16, validation=0.2)
    return experiment, builtin("digits"), 200


def _large() -> Problem:
    """Pictures as large as those of MNIST: a bright spot whose place is the class."""
    import numpy as np

    from engine import Dataset, Experiment, Layer

    rng = np.random.default_rng(0)
    classes = np.arange(300) % 10
    down, across = np.mgrid[0:28, 0:28]
    turn = 2 * np.pi * classes[:, None, None] / 10
    away = (down - 13.5 - 8 * np.sin(turn)) ** 2 + (across - 13.5 - 8 * np.cos(turn)) ** 2
    pixels = np.clip(np.exp(-away / 12) + rng.normal(0, 0.08, away.shape), 0, 1)
    dataset = Dataset.from_arrays(pixels.reshape(300, -1), classes, "multiclass", name="spots")
    layers = (Layer(128, "relu"), Layer(10, "softmax"))
    experiment = Experiment(layers, "cross_entropy", learning_rate=0.05, batch_size=16, validation=0.2)
    return experiment, replace(dataset, image_shape=(28, 28)), 40


def _sine() -> Problem:
    from engine import Experiment, Layer, builtin

    layers = (Layer(8, "tanh"), Layer(1, "linear"))
    return Experiment(layers, "mean_squared_error", learning_rate=1000.0, batch_size=10), builtin("sine"), 0


NETS: dict[str, Callable[[], Problem] | None] = {
    "4-3-2": None,
    "2-4-2-1": _circles,
    "4-5-4-3": _iris,
    "deep": _deep,
    "64-32-16-10": _digits,
    "784-128-10": _large,
    "1-8-1": _sine,
}
"""Give an experiment, its data and the step it is looked at in; None is what the window begins with."""

STEPS = 50
"""Of the network that the window begins with."""


# -- the window ------------------------------------------------------------------------------------


class Photographer:
    """Leads one window through cases and takes their pictures.

    Attributes
    ----------
    window : MainWindow
    """

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from gui.main_window import MainWindow
        from gui.style.appearance import Appearance

        application = QApplication.instance() or QApplication(["pictures"])
        assert isinstance(application, QApplication)
        self._folder = folder
        self._appearance = Appearance(application, "en", "light", remember=False)
        self.window = MainWindow(self._appearance, remember=False)
        self._shown: tuple[str, str] = ("", "")
        self._presents = False
        self.window.resize(1440, 900)
        self.window.show()
        self._wait(lambda frame: frame is not None)

    def close(self) -> None:
        """Close the window and end its threads."""
        self.window.close()
        self.window.deleteLater()

    def take(self, case: Case) -> Path:
        """Lead the window there, and save its picture."""
        from gui.training.messages import Pause, Status

        self._appearance.set_theme(case.theme)
        self._appearance.set_language(case.language)
        self._appearance.set_text_size(int(case.text))
        self._present(case.mode == "present")
        width, _, height = case.size.partition("x")
        self.window.resize(int(width), int(height))
        self._go_to(case.net, case.state)
        if case.tab:
            self.window.pages.open(case.tab)
        else:
            self.window.tabs.setCurrentIndex(0)
        picture = self._grab()
        if case.state == "running":
            self.window.submit(Pause())
            self._wait(lambda frame: frame is not None and frame.status is Status.PAUSED)
            self._shown = (case.net, "")
        path = self._folder / f"{case.name}.png"
        picture.save(str(path))
        return path

    def _present(self, on: bool) -> None:
        from PySide6.QtGui import QAction

        action = self.window.findChild(QAction, "presentAction")
        if action is not None and on is not self._presents:
            action.trigger()
            self._presents = on

    def _go_to(self, net: str, state: str) -> None:
        if (net, state) == self._shown:
            return
        if net != self._shown[0] or state == "rest":
            self._open(net)
        if state != "rest":
            self._train(net, state)
        self._shown = (net, state)

    def _open(self, net: str) -> None:
        window, make = self.window, NETS[net]
        window.focus.select(None)
        window.focus.show_sample(0)
        generation = window.document.generation
        if make is not None:
            experiment, dataset, _ = make()
            window.document.open_problem(experiment, dataset)
        elif self._shown[0]:
            from gui.document.examples import PRESETS

            window.open_example(PRESETS["article"])
        else:
            return
        self._wait(lambda frame: frame is not None and frame.generation > generation)
        if net == "2-4-2-1":
            self._run(200)
            window.document.set_value("learning_rate", 0.3)
            self._run(400)

    def _run(self, steps: int) -> None:
        from gui.training.messages import Granularity, Run, Status

        number = self.window.submit(Run(Granularity.BATCH, None, steps))
        self._wait(lambda frame: frame.request >= number and frame.status is not Status.RUNNING)

    def _train(self, net: str, state: str) -> None:
        """Show the asked moment of the step that the network is looked at in."""
        from engine.parts import Part
        from engine.phases import Phase, PhaseKind
        from gui.training.messages import Granularity, Run, Seek, Status

        window, make = self.window, NETS[net]
        step = STEPS if make is None else make()[2]
        if state == "diverged":
            window.submit(Run(Granularity.BATCH, None))
            self._wait(lambda frame: frame.status is Status.DIVERGED)
            return
        assert window.frame is not None
        if window.frame.furthest < step:
            self._run(step - window.frame.furthest)
        sizes = window.frame.record.sizes
        layer = len(sizes) // 2
        phase = {
            "forward": Phase(PhaseKind.FORWARD, layer),
            "backward": Phase(PhaseKind.BACKWARD, layer),
        }.get(state)
        number = window.submit(Seek(step) if phase is None else Seek(step - 1, phase))
        self._wait(lambda frame: frame.request >= number)
        window.focus.select(Part("weight", layer, 0, 0))
        window.focus.show_sample(min(6, len(window.frame.record.a[0]) - 1))
        if state == "running":
            window.submit(Run(Granularity.BATCH, None))
            self._wait(lambda frame: frame.status is Status.RUNNING and frame.step > step + 20)

    def _wait(self, until: Callable[[Any], bool]) -> None:
        """Live until the window's frame is as wanted."""
        from PySide6.QtCore import QEventLoop, QTimer

        if until(self.window.frame):
            return
        loop = QEventLoop()

        def look(frame: Frame) -> None:
            if until(frame):
                loop.quit()

        self.window.frame_shown.connect(look)
        QTimer.singleShot(MOST_SECONDS * 1000, lambda: loop.exit(1))
        status = loop.exec()
        self.window.frame_shown.disconnect(look)
        if status:
            raise TimeoutError(f"the window has not come there in {MOST_SECONDS} s")

    def _grab(self) -> QImage:
        """Take the picture once everything has found its place."""
        from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

        from gui.style.equation import typeset_all
        from gui.training.messages import Status

        window = self.window
        for _ in range(200):
            loop = QEventLoop()
            QTimer.singleShot(SETTLING_MILLISECONDS, loop.quit)
            loop.exec()
            running = window.frame is not None and window.frame.status is Status.RUNNING
            if running or window.examiner.is_settled:
                break
        typeset_all()
        for _ in range(3):  # what is larger now asks for room, and what it stands in is laid out after it
            QCoreApplication.processEvents()
        return window.grab().toImage()


def photograph(cases: Sequence[Case], folder: Path) -> None:
    """Take the pictures of cases that are all of the scale this process draws in."""
    if not cases:
        return
    photographer = Photographer(folder)
    try:
        for case in sorted(cases, key=lambda case: (list(NETS).index(case.net), case.mode, case.state)):
            print(photographer.take(case).name, flush=True)
    finally:
        photographer.close()


# -- sheets ----------------------------------------------------------------------------------------


def make_sheets(cases: Sequence[Case], folder: Path) -> None:
    """Put nine pictures on a sheet, and all of them on a page."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtGui import QColor, QImage, QPainter

    width, height = THUMBNAIL
    for number, first in enumerate(range(0, len(cases), SHEET * SHEET), 1):
        some = cases[first : first + SHEET * SHEET]
        rows = -(-len(some) // SHEET)
        sheet = QImage(SHEET * (width + 8), rows * (height + 8), QImage.Format.Format_RGB32)
        sheet.fill(QColor("#808080"))
        painter = QPainter(sheet)
        for place, case in enumerate(some):
            picture = QImage(str(folder / f"{case.name}.png"))
            picture.setDevicePixelRatio(1)
            small = picture.scaled(
                width,
                height - 20,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            corner = QPoint(place % SHEET * (width + 8) + 4, place // SHEET * (height + 8) + 4)
            painter.drawImage(corner + QPoint(0, 20), small)
            painter.drawText(corner + QPoint(2, 15), case.name)
        painter.end()
        sheet.save(str(folder / f"sheet-{number}.png"))
    figures = "\n".join(
        f'<figure><a href="{name}.png"><img src="{name}.png" width="640"></a>'
        f"<figcaption>{name}</figcaption></figure>"
        for name in (html.escape(case.name) for case in cases)
    )
    page = f"<!doctype html><meta charset=utf-8><style>figure{{display:inline-block}}</style>\n{figures}\n"
    (folder / "index.html").write_text(page, encoding="utf-8")


# -- the command -----------------------------------------------------------------------------------


def chosen(choices: Iterable[str], *, make: bool) -> tuple[Case, ...]:
    """The cases of the list that fit all of ``key=value,value…``; with `make` all that these make.

    Raises
    ------
    ValueError
        What is not a key of `Case`.
    """
    wanted: dict[str, list[str]] = {}
    for choice in choices:
        key, _, values = choice.partition("=")
        if key not in KEYS:
            raise ValueError(f"{key} is none of {', '.join(KEYS)}")
        wanted[key] = values.split(",")
    if make:
        return tuple(replace(Case(), **dict(zip(wanted, some))) for some in product(*wanted.values()))  # noqa: B905
    return tuple(case for case in CASES if all(getattr(case, key) in wanted[key] for key in wanted))


def main(argv: Sequence[str]) -> int:
    """Make the pictures; one process for each scale, because Qt reads that when it starts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    choices = parser.add_mutually_exclusive_group()
    choices.add_argument("--only", nargs="+", default=[], metavar="KEY=VALUE,…")
    choices.add_argument("--make", nargs="+", default=[], metavar="KEY=VALUE,…")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    try:
        cases = chosen(options.make or options.only, make=bool(options.make))
    except ValueError as error:
        parser.error(str(error))
    options.folder.mkdir(parents=True, exist_ok=True)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    here = os.environ.get("QT_SCALE_FACTOR", "1")
    photograph([case for case in cases if case.scale == here], options.folder)
    if options.alone:
        return 0
    for scale in sorted({case.scale for case in cases} - {here}):
        command = [sys.executable, __file__, *argv, "--alone"]
        subprocess.run(command, env={**os.environ, "QT_SCALE_FACTOR": scale}, check=True)
    make_sheets(cases, options.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

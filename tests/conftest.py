"""What all tests share: no screen, no settings of the person who runs them, nothing left behind."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

PATIENCE = 120_000
"""Milliseconds after which what is waited for will never come, however busy the machine is."""

# Set before anything makes a QApplication. The English source texts are what tests look for.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)

# The same examples each time, everywhere; see --random-runs
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("random", deadline=None, database=None, print_blob=True)
settings.load_profile("suite")

_home = tempfile.TemporaryDirectory(prefix="backprop-lab-tests-")
_folders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"]
_folders += {"win32": ["LOCALAPPDATA"], "darwin": ["HOME"]}.get(sys.platform, [])
for _variable in _folders:
    os.environ[_variable] = str(Path(_home.name) / _variable.lower())

# Tests that start the program would have it compiled anew each time, for a third of what they take
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--random-runs",
        type=int,
        default=0,
        help="run each property test so many times, with examples drawn afresh (without: the same ones)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--random-runs"):
        settings.load_profile("random")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    runs = metafunc.config.getoption("--random-runs")
    if runs and getattr(metafunc.function, "is_hypothesis_test", False):
        metafunc.fixturenames.append("_random_run")
        metafunc.parametrize("_random_run", range(runs), scope="session")


@pytest.fixture(scope="session")
def _random_run() -> None:
    """Stand for the number of the run."""


def pytest_unconfigure() -> None:
    _home.cleanup()


class PatientBot(QtBot):
    """Waits as long as it may take, and goes on within a millisecond."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE) -> None:
        given_up = time.monotonic() + timeout / 1000
        while not callback():
            if time.monotonic() > given_up:
                raise TimeoutError(f"it has not come about in {timeout / 1000:g} s")
            self.wait(1)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)

    def waitSignals(self, signals: list[Any], *, timeout: int = PATIENCE, **options: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **options)

    def waitExposed(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitActive(self, widget: Any, *, timeout: int = PATIENCE) -> Any:
        return super().waitActive(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def _own_settings(request: pytest.FixtureRequest) -> None:
    """Give each window test settings that are empty, and away from the person's own."""
    if "qapp" not in request.fixturenames:
        return
    from PySide6.QtCore import QSettings

    folder = str(request.getfixturevalue("tmp_path") / "settings")
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, folder)


@pytest.fixture
def dressed() -> None:
    """Wear the style sheet: asked for by a test that looks at colours, sizes, room for text or pictures."""


@pytest.fixture(autouse=True)
def _as_the_program_begins(request: pytest.FixtureRequest, _own_settings: None) -> Iterator[None]:
    """Let each window test find fonts, colours and language of a start, whatever ran before it.

    What does not ask to be `dressed` wears no style sheet, whatever theme is chosen meanwhile: a widget is
    made in half the time without.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    from gui.style import sheet
    from gui.style.appearance import Appearance
    from gui.style.fonts import families, scale
    from gui.style.theme import LIGHT

    application = request.getfixturevalue("qapp")
    with pytest.MonkeyPatch.context() as patch:
        if "dressed" not in request.fixturenames:
            patch.setattr(sheet, "style_sheet", lambda theme: "")
        begins = (
            application.styleSheet() == sheet.style_sheet(LIGHT),
            application.palette().window().color().name() == LIGHT.surface,
            application.font().families() == families(),
            scale() == 1.0,
        )
        if not all(begins):
            Appearance(application, "en", "light", remember=False)
        yield


@pytest.fixture(autouse=True)
def _no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a window behind: it would go on living in the tests after it."""
    if "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication, QWidget

    request.getfixturevalue("qapp")

    def windows() -> list[QWidget]:
        return [widget for widget in QApplication.topLevelWidgets() if widget.parent() is None]

    before = windows()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if len(windows()) > len(before):
        gc.collect()  # an unreferenced one, in a cycle, is no leak
    left = [widget for widget in windows() if widget not in before]
    assert not left, f"left behind: {[f'{type(w).__name__} {w.objectName()!r}' for w in left]}"

"""A package that a feature lacks: installed at a press, or it is said why not, and nothing is lost."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from engine import extras
from engine.errors import EngineError, InstallError
from engine.extras import EXTRAS
from gui import notices
from gui.files import installation
from gui.files.installation import install
from gui.panels.data_import import ImportDialog
from gui.training.messages import Granularity, Run
from gui.training.tasks import Task
from gui.views.predict import PredictView
from gui.widgets.message_bar import Tone
from tests.gui.driver import Driver

PARQUET = Path(__file__).parents[2] / "data" / "corpus" / "wine.parquet"
ARROW = EXTRAS["parquet"]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    window = Driver(qtbot)
    yield window
    window.close()


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let a program play the part of pip; what it "installs" can be imported once it has ended well."""

    def play(program: str) -> None:
        command = [sys.executable, "-c", program]
        monkeypatch.setattr(installation, "installing_command", lambda extra: command)
        monkeypatch.setattr(notices, "installing_command", lambda extra: command)

    return play


@pytest.fixture
def without_arrow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hide pyarrow until something has been installed."""
    pytest.importorskip("pyarrow")
    hiding = pytest.MonkeyPatch()
    hiding.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(importlib, "invalidate_caches", hiding.undo)
    yield
    hiding.undo()


def offer(window: Driver) -> QPushButton:
    return window.child(QPushButton, "messageActionButton")


def test_install_and_the_file_is_opened(
    window: Driver, without_arrow: None, installer: Callable[[str], None]
) -> None:
    installer("print('Collecting pyarrow'); print('Successfully installed pyarrow')")
    window.main.open_file(PARQUET)
    window.wait(lambda: "pyarrow must be installed" in window.main.message_bar.text)
    assert "50 MB" in window.main.message_bar.text
    assert extras.shown_command(ARROW) in window.main.message_bar.text
    assert offer(window).text() == "Install"
    offer(window).click()
    window.wait(lambda: window.main.document.dataset.name == "wine")
    assert window.main.message_bar.tone is not Tone.ERROR


def test_installed_while_it_trains_and_what_was_asked_is_done(
    window: Driver,
    without_arrow: None,
    installer: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "scalars.parquet"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *asked: (str(path), "Parquet (*.parquet)"))
    installer("print('Successfully installed pyarrow')")
    window.main.submit(Run(Granularity.BATCH, None))
    window.wait(lambda: window.frame.step > 0)
    window.action("exportScalarsAction").trigger()
    window.wait(lambda: offer(window).isVisible() and offer(window).text() == "Install")
    before = window.frame.step
    offer(window).click()
    window.wait(path.is_file)
    window.wait(lambda: window.frame.step > before)


def test_from_the_import_dialog_and_back_to_it(
    window: Driver, without_arrow: None, installer: Callable[[str], None]
) -> None:
    installer("print('Successfully installed pyarrow')")
    window.main.data_desk.show_import(PARQUET)
    window.wait(lambda: offer(window).isVisible() and offer(window).text() == "Install")
    assert not any(dialog.isVisible() for dialog in window.main.findChildren(ImportDialog))
    offer(window).click()
    window.wait(lambda: any(dialog.isVisible() for dialog in window.main.findChildren(ImportDialog)))
    for dialog in window.main.findChildren(ImportDialog):
        dialog.close()


def test_from_the_rows_to_predict(
    window: Driver, without_arrow: None, installer: Callable[[str], None]
) -> None:
    installer("print('Successfully installed pyarrow')")
    view = window.main.pages.open("predict_view")
    assert isinstance(view, PredictView)
    view.predict(PARQUET)
    window.wait(lambda: offer(window).isVisible() and offer(window).text() == "Install")
    assert "pyarrow must be installed" in window.child(QLabel, "predictionNote").text()
    offer(window).click()
    # The rows are read now, and are not those that this network takes; no package would change that
    window.wait(lambda: "are missing" in window.child(QLabel, "predictionNote").text())
    assert not offer(window).isVisible()
    view.window().close()


def test_a_failure_is_said_and_can_be_tried_again(
    window: Driver, without_arrow: None, installer: Callable[[str], None]
) -> None:
    window.main.open_file(PARQUET)
    window.wait(lambda: "pyarrow must be installed" in window.main.message_bar.text)
    name, step = window.main.document.dataset.name, window.frame.step
    installer("print('ERROR: Could not install: No space left on device.'); raise SystemExit(1)")
    window.wait(lambda: offer(window).isVisible())
    offer(window).click()
    window.wait(lambda: window.main.message_bar.tone is Tone.ERROR)
    assert "was not installed: Could not install: No space left on device." in window.main.message_bar.text
    assert (window.main.document.dataset.name, window.frame.step) == (name, step)
    installer("print('Successfully installed pyarrow')")
    assert offer(window).text() == "Try again"
    offer(window).click()
    window.wait(lambda: window.main.document.dataset.name == "wine")


def test_progress_is_shown_and_it_can_be_cancelled(
    window: Driver, without_arrow: None, installer: Callable[[str], None]
) -> None:
    window.main.open_file(PARQUET)
    window.wait(lambda: offer(window).isVisible())
    installer("import time\nprint('Progress 2 of 4', flush=True)\ntime.sleep(600)")
    offer(window).click()
    bar = window.child(QProgressBar, "messageProgress")
    window.wait(lambda: bar.isVisible() and bar.value() == 450)
    assert window.main.message_bar.text == "Installing pyarrow"
    window.child(QPushButton, "cancelTaskButton").click()
    window.wait(lambda: window.main.notices.task is None)
    assert not window.main.message_bar.isVisible()


# --- The installation alone ---


def outcome(command: list[str], monkeypatch: pytest.MonkeyPatch) -> EngineError | None:
    monkeypatch.setattr(installation, "installing_command", lambda extra: command)
    task = Task("", lambda task: None, lambda result: None, lambda error: None)
    try:
        install(ARROW, task)
    except InstallError as error:
        return error
    return None


def test_nothing_that_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    error = outcome([], monkeypatch)
    assert error is not None and error.kind == "no_installer"
    error = outcome(["/nowhere/pip"], monkeypatch)
    assert error is not None and error.kind == "not_installed"
    assert "No such file" in str(error)


def test_the_real_pip_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pip")
    for name, value in {"INDEX_URL": "http://127.0.0.1:9/simple", "RETRIES": "0", "TIMEOUT": "1"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    command = [sys.executable, "-m", "pip", "install", "--ignore-installed", "--no-deps", "pyarrow"]
    error = outcome(command, monkeypatch)
    assert error is not None and error.kind == "no_network"


def test_what_does_not_load_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    error = outcome([sys.executable, "-c", ""], monkeypatch)
    assert error is not None and error.kind == "not_loaded"

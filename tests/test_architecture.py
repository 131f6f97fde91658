"""The walls of the house stand: who may import whom, and what the window is built on is sound."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

LOAD_ALL_OF_THE_ENGINE = """
import importlib, pkgutil, sys
import engine
for module in pkgutil.walk_packages(engine.__path__, "engine."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""

EMIT_MANY_SIGNALS = """
from PySide6.QtCore import QObject, Signal

class Sender(QObject):
    sent = Signal(object, bool)

received = 0
def receive(nothing, flag):
    global received
    received += nothing is None and flag is True

sender = Sender()
sender.sent.connect(receive)
for _ in range(100_000):
    sender.sent.emit(None, True)
print(received)
"""


def run_python(source: str) -> str:
    child = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
    return child.stdout.strip()


def test_engine_loads_without_qt() -> None:
    loaded = run_python(LOAD_ALL_OF_THE_ENGINE).split()
    assert "engine" in loaded
    assert not {"PySide6", "shiboken6", "pyqtgraph", "gui"} & set(loaded)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Lay a copy of the sources, to put up holes in its walls."""
    for folder in ("engine", "gui", "resources"):
        for file in (ROOT / folder).rglob("*.py"):
            copy = tmp_path / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


HOLES = {
    "engine/records.py": ("import gui.app", "engine.records -> gui.app"),
    "engine/functions/losses.py": ("from engine.training import trainer", "engine.functions.losses ->"),
    "engine/functions/schedules.py": ("import PySide6.QtCore", "engine.functions.schedules -> PySide6"),
    "resources/__init__.py": ("from engine import errors", "resources -> engine.errors"),
    "gui/style/theme.py": ("from gui.text import plain", "gui.style.theme -> gui.text.plain"),
    "gui/panels/help.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from engine.training.trainer import Mark",
        "gui.panels.help -> engine.training.trainer",
    ),
    "gui/views/parameters/view.py": ("from engine import Trainer", "gui.views.parameters.view -> engine (l."),
    "gui/views/network/view.py": (
        "def f():\n    from ...training import worker",
        "gui.views.network.view -> gui.training.worker",
    ),
    "gui/views/surface/view.py": (
        "from gui.training.cursor import Walk",
        "gui.views.surface.view -> gui.training.cursor (l.",
    ),
}


def test_imports_that_are_forbidden_are_seen(house: Path) -> None:
    for file, (line, _) in HOLES.items():
        with (house / file).open("a", encoding="utf-8") as source:
            source.write(f"\n\n{line}\n")
    linter = str(Path(sys.executable).with_name("lint-imports"))
    found = subprocess.run([linter, "--no-cache"], cwd=house, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert [hole for _, hole in HOLES.values() if hole not in found.stdout] == []


def test_no_catch_all_module() -> None:
    names = {file.name for folder in ("engine", "gui", "resources") for file in (ROOT / folder).rglob("*.py")}
    assert not names & {"utils.py", "helpers.py", "common.py"}


def test_what_is_put_off_is_not_done_by_who_is_gone() -> None:
    """A timer that is not told whose method it calls calls that of a widget that has been deleted."""
    calls = re.compile(r"singleShot\((?:\w|\.)+,\s*(?:self\.[\w.]+\)|partial\(|lambda)")
    sources = {file: file.read_text(encoding="utf-8") for file in (ROOT / "gui").rglob("*.py")}
    assert [file.name for file, source in sources.items() if calls.search(source)] == []


def test_qt_keeps_count_of_constants() -> None:
    # PySide6 6.12 on Python 3.11 gives away a reference to None and True at every call, and aborts.
    assert run_python(EMIT_MANY_SIGNALS) == "100000"

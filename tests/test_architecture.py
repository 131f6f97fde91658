"""The walls of the house stand: who may import whom, and what the window is built on is sound."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# What a view may know of the engine: what it is handed, and how to write it down.
OPEN_TO_VIEWS = (
    "engine.errors",
    "engine.mistakes",
    "engine.parts",
    "engine.diagnose",
    "engine.arrays",
    "engine.experiment",
    "engine.explain",
    "engine.functions",
    "engine.records",
    "engine.series",
)
CLOSED_TO_VIEWS = ("gui.training.worker", "gui.main_window", "gui.app")

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


def imported_modules(source: str, module: str, is_package: bool = False) -> Iterator[str]:
    """Name all modules a source text imports, wherever in it; `from a import b` names ``a.b``."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def inside(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def forbidden_in_engine(name: str) -> bool:
    return inside(name, ("gui", "PySide6", "shiboken6", "pyqtgraph"))


def forbidden_in_views(name: str) -> bool:
    return inside(name, CLOSED_TO_VIEWS) or (inside(name, ("engine",)) and not inside(name, OPEN_TO_VIEWS))


def files_below(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def breaches(files: list[Path], forbidden: Callable[[str], bool]) -> list[str]:
    found = []
    for file in files:
        parts = file.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        names = imported_modules(file.read_text(encoding="utf-8"), module, is_package)
        found += [f"{module} imports {name}" for name in names if forbidden(name)]
    return found


def test_engine_loads_without_qt() -> None:
    loaded = run_python(LOAD_ALL_OF_THE_ENGINE).split()
    assert "engine" in loaded
    assert not {"PySide6", "shiboken6", "pyqtgraph", "gui"} & set(loaded)


def test_engine_imports_nothing_of_the_window() -> None:
    assert files_below("engine")
    assert breaches(files_below("engine"), forbidden_in_engine) == []


def test_views_draw_what_they_are_handed() -> None:
    assert files_below("gui/views")
    assert breaches(files_below("gui/views"), forbidden_in_views) == []


def test_no_catch_all_module() -> None:
    names = {file.name for folder in ("engine", "gui", "resources") for file in files_below(folder)}
    assert not names & {"utils.py", "helpers.py", "common.py"}


@pytest.mark.parametrize(
    ("line", "is_forbidden"),
    [
        ("from engine.records import StepRecord", False),
        ("from engine import records", False),
        ("import engine.explain.chain_rule", False),
        ("from ...engine import functions", False),
        ("from gui.training.messages import Frame", False),
        ("from engine import Trainer", True),
        ("import engine", True),
        ("from engine.training.trainer import Trainer", True),
        ("from engine.records_of_old import x", True),
        ("from ..training.worker import Worker", True),
        ("from .. import main_window", True),
        ("def f():\n    import gui.training.worker", True),
    ],
)
def test_import_rule_for_views(line: str, is_forbidden: bool) -> None:
    names = list(imported_modules(line, "gui.views.network"))
    assert any(map(forbidden_in_views, names)) is is_forbidden


def test_qt_keeps_count_of_constants() -> None:
    # PySide6 6.12 on Python 3.11 gives away a reference to None and True at every call, and aborts.
    assert run_python(EMIT_MANY_SIGNALS) == "100000"

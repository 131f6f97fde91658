"""Words that mean one thing each: no second room or class is called what another one is."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ONE_THING = {
    "Table": "gui/widgets/table.py",
    "Walk": "gui/training/cursor.py",
    "Series": "engine/series.py",
    "Arrangement": None,
}
"""Classes of the window that may be called so, and where; None is one in each picture that has places."""


def classes(path: Path) -> list[str]:
    return re.findall(r"^\s*class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_no_two_modules_of_the_window_are_twins() -> None:
    """A module of one name in two rooms is the same idea in both; layouts, colours and walks were not."""
    rooms = defaultdict(list)
    for path in (ROOT / "gui").rglob("*.py"):
        rooms[path.stem].append(path.relative_to(ROOT).as_posix())
    for name in ("layout", "colours", "walk", "health", "figures", "digits"):
        assert len(rooms[name]) <= 1, f"{name} is {rooms[name]}"


def test_a_word_is_one_class() -> None:
    for path in (ROOT / "gui").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        for word in classes(path):
            word = word.strip("_")
            assert word not in ("Layout", "Figure"), f"{name}: {word} means a file's, or Qt's"
            home = ONE_THING.get(word, name)
            assert home in (None, name), f"{name}: {word} is {home}"


def test_digits_of_one_width_come_from_one_place() -> None:
    for path in (ROOT / "gui").rglob("*.py"):
        if path.name not in ("fonts.py", "runs.py"):  # that asks whether a font has them
            assert '"tnum"' not in path.read_text(encoding="utf-8"), f"{path}: take gui.style.fonts.tabular"


def test_a_layout_is_that_of_a_text_file() -> None:
    """How parameters lie in a row is a packing, which way matrices are turned an orientation."""
    for path in (ROOT / "engine").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        assert name == "engine/data/layout.py" or "Layout" not in classes(path), name

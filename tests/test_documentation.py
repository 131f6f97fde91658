"""What is written for those who carry the project on speaks of what is there."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    "README.md",
    "README.zh_CN.md",
    "CONTRIBUTING.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
]
WALK = re.compile(r"^\| (A [\w ]+) \| (`.*) \|$", re.MULTILINE)


def modules(text: str) -> list[str]:
    return re.findall(r"`((?:engine|gui|resources|tests|docs|\.ci)/[\w./-]*)`", text)


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [name for name in modules(text) if not (ROOT / name).exists()] == []
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_walks_enter_no_room_twice() -> None:
    walks = WALK.findall((ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    assert len(walks) == 4
    for name, way in walks:
        files = [module for module in modules(way) if module.endswith(".py")]
        rooms = [room for room, _ in groupby(str(Path(module).parent) for module in files)]
        assert len(rooms) == len(set(rooms)) > 2, name
        named = [module for module in modules(way) if not module.endswith(".py")]
        assert set(named) <= set(rooms), name

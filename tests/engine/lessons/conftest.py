"""Lessons to test with."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lessons.folder import Folder, open_lesson, read_lesson
from engine.lessons.keys import Keys

DATA = Path(__file__).resolve().parents[2] / "data" / "lessons"


@pytest.fixture(scope="session")
def folder() -> Folder:
    """A lesson written from docs/lesson-format.md alone, with a block of every kind."""
    return open_lesson(DATA / "by-the-guide")


@pytest.fixture(scope="session")
def keys(folder: Folder) -> Keys:
    return Keys(read_lesson(folder), folder)

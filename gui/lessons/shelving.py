"""Which lessons there are: those that come with the program, in the order of the course."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from gui.lessons.shelf import Offered
from resources import resource_path

if TYPE_CHECKING:
    from engine.lessons.lesson import Lesson


def lesson_folders() -> list[Path]:
    """The folders of the program's own lessons."""
    home = resource_path("lessons")
    return sorted(path for path in home.iterdir() if any(path.glob("lesson*.md"))) if home.is_dir() else []


def read_shelf(language: str, shares: Mapping[str, float]) -> list[Offered]:
    """The lessons in a language, with how much of each has been answered; one that is broken is left out."""
    found = []
    for path in lesson_folders():
        changed = tuple((file.name, file.stat().st_mtime_ns) for file in sorted(path.glob("lesson*.md")))
        lesson = _read(path, language, changed)
        if lesson is not None:
            offered = Offered(path, lesson.title, lesson.minutes, shares.get(path.name, 0.0))
            found.append((lesson.order, path.name, offered))
    return [offered for _, _, offered in sorted(found)]


@lru_cache(maxsize=64)
def _read(path: Path, language: str, changed: tuple[tuple[str, int], ...]) -> Lesson | None:
    """A lesson, read again only when its files have `changed`: what is opened waits for the shelf."""
    from engine.lessons.folder import open_lesson, read_folder
    from gui.lessons.course import language_of

    try:
        folder = open_lesson(path)
    except EngineError:
        return None
    return read_folder(folder, language_of(folder, language)).lesson

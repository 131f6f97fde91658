"""The shelf is filled often; a lesson on it is read once, and again when it has been changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.lessons import folder
from engine.lessons.reading import Read
from gui.lessons import shelving

SMALL = Path(__file__).parents[2] / "data" / "lessons" / "small"


def test_a_lesson_is_read_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "small"
    shutil.copytree(SMALL, path)
    seen: list[str] = []
    read = folder.read_folder

    def counted(lesson: folder.Folder, language: str = "") -> Read:
        seen.append(language)
        return read(lesson, language)

    monkeypatch.setattr(shelving, "lesson_folders", lambda: [path])
    monkeypatch.setattr(folder, "read_folder", counted)
    (first,) = shelving.read_shelf("en", {})
    (second,) = shelving.read_shelf("en", {"small": 0.5})
    assert (first.title, first.share, second.share, len(seen)) == (second.title, 0.0, 0.5, 1)
    text = (path / "lesson.md").read_text(encoding="utf-8")
    assert f'"{first.title}"' in text
    (path / "lesson.md").write_text(text.replace(first.title, "Another"), encoding="utf-8")
    (third,) = shelving.read_shelf("en", {})
    assert third.title == "Another" and len(seen) == 2

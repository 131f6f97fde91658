"""A kill in the middle of a save leaves a whole file, and work to be offered; a few of many kills."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.kill_save import kill_often


def test_a_kill_leaves_whole_files_and_fresh_work(tmp_path: Path) -> None:
    result = kill_often(tmp_path, 6)
    assert result.kills == 6
    assert result.old + result.new == result.interrupted
    assert result.oldest_seconds < 60

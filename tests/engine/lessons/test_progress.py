"""Progress and results are plain files that come back as they were; a damaged one is told and left."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from engine.errors import LessonError, SessionError
from engine.lessons.progress import (
    Answered,
    Progress,
    read_progress,
    results_csv,
    results_json,
    write_progress,
    write_results,
)


def some() -> dict[str, Progress]:
    progress = Progress("chain", seed=7, page=2)
    progress = progress.answered(Answered("slope", "predict", "=0.3", tries=1, slips=("no_output_slope",)))
    progress = progress.answered(Answered("slope", "predict", "0.5", True, 1, tries=1, slips=("sign",)))
    progress = progress.answered(Answered("sign", "choose", "向上", hints=2, time="2026-01-02T03:04:05"))
    return {"chain": progress, "knob": Progress("knob", done=True)}


def test_tries_are_counted_on() -> None:
    answer = some()["chain"].answers["slope"]
    assert (answer.tries, answer.right, answer.slips, answer.answer) == (
        2,
        True,
        ("no_output_slope", "sign"),
        "0.5",
    )
    assert some()["chain"].points == 1


def test_it_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    assert read_progress(path) == {}
    write_progress(path, some())
    assert read_progress(path) == some()
    write_progress(path, {})
    assert read_progress(path) == {}


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "{}", '{"schema_version": 2, "lessons": {}}', '{"schema_version": 1, "lessons": []}',
     '{"schema_version": 1, "lessons": {"a": {}}}', "[" * 100_000, "\udcff", "x" * (5 << 20),
     '{"schema_version": 1, "lessons": {"a": {"seed": "1", "page": 0, "done": false, "answers": {}}}}'],
    ids=range(11),
)  # fmt: skip
def test_a_damaged_file_is_told_and_left(tmp_path: Path, content: str) -> None:
    path = tmp_path / "progress.json"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(LessonError) as raised:
        read_progress(path)
    assert raised.value.kind == "bad_progress" and "progress.json" in str(raised.value)
    assert path.read_text(encoding="utf-8", errors="surrogateescape") == content


def test_results(tmp_path: Path) -> None:
    rows = list(csv.DictReader(results_csv(some().values()).splitlines()))
    assert [(row["lesson"], row["question"], row["right"], row["tries"]) for row in rows] == [
        ("chain", "slope", "1", "2"),
        ("chain", "sign", "0", "0"),
    ]
    assert rows[0]["slips"] == "no_output_slope sign" and rows[1]["answer"] == "向上"
    assert json.loads(results_json(some().values()))["results"][0]["answer"] == "0.5"
    for name in ("results.csv", "results.json"):
        write_results(tmp_path / name, some().values())
        assert (tmp_path / name).read_text(encoding="utf-8")
    with pytest.raises(SessionError):
        write_results(tmp_path / "no" / "results.csv", some().values())


def test_no_answer_is_a_formula_to_a_spreadsheet() -> None:
    sly = (
        Progress("a")
        .answered(Answered("q", "predict", "=HYPERLINK(1)"))
        .answered(Answered("r", "predict", "-3"))
    )
    rows = list(csv.DictReader(results_csv([sly]).splitlines()))
    assert [row["answer"] for row in rows] == ["'=HYPERLINK(1)", "-3"]

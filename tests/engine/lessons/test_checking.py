"""What is wrong with a lesson is told at its place; no lesson makes the program stumble."""

from __future__ import annotations

import csv
import random
import zipfile
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.lessons.checking import check, check_together
from engine.lessons.folder import MOST_TEXT, Folder, open_lesson, read_folder
from engine.lessons.keys import Keys
from engine.lessons.reading import read_text

DATA = Path(__file__).resolve().parents[2] / "data" / "lessons"
ERRORS = list(csv.DictReader((DATA / "errors.csv").read_text(encoding="utf-8").splitlines()))


def with_text(folder: Folder, text: str, name: str = "lesson.md") -> Folder:
    return Folder(folder.name, folder.path, {**folder.files, name: text.encode()})


def told(problems: tuple[EngineError, ...]) -> list[tuple[str, int, int]]:
    return [(p.kind, p.details["line"], p.details["column"]) for p in problems]


def test_the_lesson_written_from_the_guide_alone_is_right(folder: Folder) -> None:
    assert check(folder) == ()
    assert folder.translations == ("zh_CN",)


def test_there_are_twenty_mutated_lessons() -> None:
    assert len(ERRORS) >= 20
    assert {row["file"] for row in ERRORS} == {path.stem for path in (DATA / "mutated").iterdir()}


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row["file"])
def test_each_fault_is_told_once_at_its_place(folder: Folder, row: dict[str, str]) -> None:
    text = (DATA / "mutated" / f"{row['file']}.md").read_text(encoding="utf-8")
    alone = {name: content for name, content in folder.files.items() if ".zh_CN" not in name}
    problems = check(with_text(Folder(folder.name, folder.path, alone), text))
    assert told(problems) == [(row["kind"], int(row["line"]), int(row["column"]))]
    message, mend = problems[0].message, problems[0].mend
    assert message.startswith(f"Line {row['line']}, column {row['column']}: ") and mend


def test_a_thousand_fuzzed_lessons(folder: Folder) -> None:
    head, rest = folder.text("lesson.md").split("\n# ", 1)
    parts = rest.split("\n\n")
    scraps = ["```", "+++", "{{", "[[", "]]", '"', "=", "grad[", "\0", "\u2028", "{{1/0}}", "9" * 400, "💡"]
    rng = random.Random(16)
    read = computed = 0
    for _ in range(1000):
        first = rng.randrange(len(parts) - 3)
        lines = (head + "\n# " + "\n\n".join(parts[first : first + 4])).split("\n")
        changed = list(lines)
        for _ in range(rng.randrange(1, 4)):
            at = rng.randrange(len(changed))
            line, cut = changed[at], rng.randrange(len(changed[at]) + 1)
            changed[at] = rng.choice(
                [
                    line[:cut] + rng.choice(scraps) + line[cut:],
                    line[:cut] + line[cut + rng.randrange(1, 4) :],
                    "",
                    rng.choice(lines),
                    line.replace(rng.choice("123456789"), rng.choice(["0", "7", "-1", "1e999", "b"])),
                    line[:cut] + chr(rng.randrange(1, 0x3000)) + line[cut:],
                ]
            )
        lesson, problems = read_text("\n".join(changed), "fuzzed")
        assert (lesson is None) == bool(problems)
        assert all(isinstance(problem, EngineError) and problem.details["line"] >= 1 for problem in problems)
        if lesson is None:
            continue
        read += 1
        if read % 10:
            continue
        computed += 1
        keys = Keys(lesson, folder)
        for step in lesson.steps:
            try:
                keys.filled(step)
                keys.key(step)  # type: ignore[arg-type]
            except EngineError as error:
                assert error.message
    assert read > 100 and computed > 20


def test_formulas_that_cannot_be_set(folder: Folder) -> None:
    text = folder.text("lesson.md")
    at = "Which way does the batch"
    line = text[: text.index(at)].count("\n") + 1
    for formula, kind in (("$\\frac{1}{$", "bad_formula"), ("$\\text{损失}$", "formula_letters")):
        problems = check(with_text(folder, text.replace(at, f"By {formula}: {at}")))
        assert told(problems) == [(kind, line, 4)]
    assert (
        check(with_text(folder, text.replace(at, "`$\\frac{$` and 损失 cost 5\\$ and {{loss}}: " + at))) == ()
    )
    chinese = folder.text("lesson.zh_CN.md").replace("三座房子", "三座房子 $\\text{房}$", 1)
    problems = check(with_text(folder, chinese, "lesson.zh_CN.md"))
    assert [(p.kind, p.details["file"]) for p in problems] == [("formula_letters", "lesson.zh_CN.md")]


# -- files -------------------------------------------------------------------------------------------------


def zipped(path: Path, files: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def contents(folder: Folder, top: str = "") -> dict[str, bytes | str]:
    return {f"{top}{name}": folder.bytes(name) for name in folder.files}


def test_an_archive_is_as_good_as_its_folder(folder: Folder, tmp_path: Path) -> None:
    for top in ("", "houses/"):
        path = zipped(tmp_path / "houses.bplesson", contents(folder, top))
        opened = open_lesson(path)
        assert opened.name == "houses" and check(opened) == ()


@pytest.mark.parametrize("name", ["../evil.md", "/etc/evil", "a/../../evil", "C:\\evil", "..\\evil"])
def test_an_archive_with_escaping_paths_is_refused(folder: Folder, tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "evil.bplesson", {**contents(folder), name: "x"})
    (problem,) = check(path)
    assert problem.kind == "escapes" and problem.details["name"]


def test_large_files_are_refused_before_they_are_read(folder: Folder, tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.bplesson", {**contents(folder), "rows2.csv": b"0" * (50 << 20)})
    assert bomb.stat().st_size < 1 << 20
    assert [p.kind for p in check(bomb)] == ["file_too_large"]
    with (tmp_path / "lesson.md").open("wb") as file:
        file.truncate(50 << 20)
    assert [p.kind for p in check(tmp_path)] == ["file_too_large"]
    assert [p.kind for p in check(with_text(folder, "x" * (MOST_TEXT + 1)))] == ["file_too_large"]


def test_what_is_no_lesson(folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.bplesson").write_text("no zip")
    assert [p.kind for p in check(tmp_path / "empty")] == ["no_lesson"]
    assert [p.kind for p in check(tmp_path / "text.bplesson")] == ["not_an_archive"]
    assert [p.kind for p in check(tmp_path / "nowhere")] == ["cannot_read"]
    assert [p.kind for p in check(tmp_path / "lesson.md")] == ["cannot_read"]
    assert [p.kind for p in check(Folder("a", tmp_path, {"lesson.md": b"\xff\xfe\x00"}))] == ["not_text"]
    whole = zipped(tmp_path / "cut.bplesson", contents(folder)).read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 5):
        (tmp_path / "cut.bplesson").write_bytes(whole[:length])
        assert len(check(tmp_path / "cut.bplesson")) == 1


def test_lessons_together(folder: Folder) -> None:
    other = Folder(folder.name, folder.path / "copy", folder.files)
    needing = with_text(folder, folder.text("lesson.md").replace("needs = []", 'needs = ["chain"]'))
    needing = Folder("third", needing.path, needing.files)
    kinds = [problem.kind for problem in check_together([folder, other, needing])]
    assert kinds == ["same_name", "unknown_lesson"]
    assert check_together([folder, needing, Folder("chain", folder.path, folder.files)]) == ()
    (missing,) = check_together([needing])
    assert missing.details["line"] == 6


# -- translations ------------------------------------------------------------------------------------------


def translated(folder: Folder, old: str, new: str) -> list[tuple[str, str, int]]:
    text = folder.text("lesson.zh_CN.md")
    assert text.count(old) >= 1
    problems = check(with_text(folder, text.replace(old, new, 1), "lesson.zh_CN.md"))
    assert {problem.details["file"] for problem in problems} <= {"lesson.zh_CN.md"}
    return [(p.kind, p.details.get("expected", ""), p.details["line"]) for p in problems]


def test_a_translation_has_the_same_blocks(folder: Folder) -> None:
    assert translated(folder, "tolerance=1%", "tolerance=2%")[0][0] == "block_differs"
    assert translated(folder, "id=share", "id=part")[0][0] == "unknown_question"
    assert translated(folder, "grad[2,1,1] > 0", "grad[2,1,1] >= 0")[0][0] == "block_differs"
    assert translated(folder, "[[slope[1,2]]]", "{{slope[1,2]}}")[0][0] == "block_differs"
    last = '```goal "abs(d[y,x]) < 1e-6" id=flat solve="x=0"\n找出它平坦的地方。\n```\n'
    assert translated(folder, last, "") == [("block_missing", "goal flat", 84)]
    assert translated(folder, '"zh_CN"', '"zh_TW"')[0][0] == "block_differs"
    assert translated(folder, "goals =", "gaols =")[0][0] in ("unknown_key", "missing_key")


def test_a_language_that_is_not_there(folder: Folder) -> None:
    lesson, problems = read_folder(folder, "de")
    assert lesson is None and problems[0].kind == "no_translation"
    assert problems[0].details["allowed"] == "en, zh_CN"
    english, chinese = read_folder(folder, "en").lesson, read_folder(folder, "zh_CN").lesson
    assert english is not None and chinese is not None
    assert chinese.title == "两座半房子" and chinese.minutes == english.minutes == 12
    assert [q.id for q in chinese.questions] == [q.id for q in english.questions]

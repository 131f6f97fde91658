"""The `lesson` command: checks, worksheets that can be verified by hand, and new lessons."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from engine.lessons.command import BAD_INPUT, OK, main
from engine.lessons.folder import Folder, open_lesson, read_lesson
from engine.lessons.keys import Keys
from engine.lessons.wording import speaking
from engine.lessons.worksheet import worksheet

DATA = Path(__file__).resolve().parents[2] / "data" / "lessons"
GUIDE = str(DATA / "by-the-guide")
ROOT = Path(__file__).resolve().parents[3]


def usage(*arguments: str) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2


def test_a_right_lesson(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([GUIDE, "--check"]) == OK
    said = capsys.readouterr().out
    assert said == "by-the-guide: Two houses and a half (12 min, 14 questions, en, zh_CN): nothing is wrong\n"


def test_a_lesson_with_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = open_lesson(GUIDE)
    (tmp_path / "bad").mkdir()
    for name in ("net.toml", "rows.csv"):
        (tmp_path / "bad" / name).write_bytes(folder.bytes(name))
    text = folder.text("lesson.md").replace('share[2,1,1, sample=2]" tol', 'share[2,9,1, sample=2]" tol')
    (tmp_path / "bad" / "lesson.md").write_text(text, encoding="utf-8")
    assert main([str(tmp_path / "bad"), "--check"]) == BAD_INPUT
    said = capsys.readouterr().out
    assert said.startswith("bad/lesson.md:44:29: There is no share[2,9,1,sample=2] in the network 2-3-2. ")
    assert main([str(tmp_path / "bad"), GUIDE, "--json"]) == BAD_INPUT
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["lesson"], problem["line"], problem["column"]) == ("bad", 44, 29) and problem["mend"]


def test_what_cannot_be_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    usage()
    usage(GUIDE, "--worksheet", "out.doc")
    usage(GUIDE, "--solution")
    usage(GUIDE, "--step", "2")
    usage(GUIDE, GUIDE, "--worksheet", "out.html")
    usage(GUIDE, "--seed", "-1")
    usage(GUIDE, "--worksheet", "out.pdf")  # the engine alone prints none
    usage("new")
    capsys.readouterr()
    assert main([str(tmp_path / "nothing")]) == BAD_INPUT
    assert "nothing cannot be read" in capsys.readouterr().err
    assert main([GUIDE, "--worksheet", str(tmp_path / "no" / "out.html")]) == BAD_INPUT


def test_a_new_lesson_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "my-lesson"
    assert main(["new", str(path)]) == OK
    assert capsys.readouterr().out == f"{path / 'lesson.md'}\n"
    assert main([str(path), "--check"]) == OK
    text = (path / "lesson.md").read_text(encoding="utf-8")
    assert text.count("#") > 5 and "<!--" in text
    lesson = read_lesson(open_lesson(path))
    assert not any("<!--" in step.text for step in lesson.steps)
    assert {q.kind for q in lesson.questions} >= {"predict", "choose", "point", "blank", "goal"}
    assert main(["new", str(path)]) == BAD_INPUT
    assert main(["new", str(tmp_path / "a b")]) == BAD_INPUT
    assert (path / "lesson.md").read_text(encoding="utf-8") == text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_worksheet_as_html(tmp_path: Path, language: str) -> None:
    out = tmp_path / "sheet.html"
    arguments = [GUIDE, "--worksheet", str(out), "--seed", "7", "--language", language, "--paper", "Letter"]
    assert main(arguments) == OK
    questions = out.read_text(encoding="utf-8")
    assert main([*arguments, "--solution"]) == OK
    both = out.read_text(encoding="utf-8")
    for page, sheets in ((questions, 1), (both, 2)):
        tags = Tags()
        tags.feed(page.removeprefix("<!doctype html>\n"))
        assert tags.open == [] and {"math", "table", "h1", "li"} <= tags.seen
        assert page.count('<div class="sheet">') == sheets and "size: Letter" in page
        assert "{{" not in page and "[[" not in page and "\ue000" not in page
    lesson = read_lesson(open_lesson(GUIDE), language)
    title = "Solution: Two houses and a half" if language == "en" else "解答：两座半房子"
    assert title in both and title not in questions and f'lang="{language.replace("_", "-")}"' in both
    if language == "zh_CN":  # nothing but names and formulas is left in English
        told = re.sub(
            r"<math.*?</math>|<style>.*?</style>|<code>.*?</code>|<[^>]*>", " ", both, flags=re.DOTALL
        )
        words = set(re.findall(r"[A-Za-z]{4,}", told))
        assert words <= {
            *lesson.experiments,
            "size",
            "price",
            "rent",
            "tanh",
            "Momentum",
            "sigmoid",
            "delta",
        }, words


def test_sheets_of_students_differ_and_are_the_same_each_time(folder: Folder) -> None:
    lesson, say = read_lesson(folder), speaking("en")
    sheets = [worksheet(Keys(lesson, folder, seed), say, True).sheets for seed in (1, 1, 2)]
    assert sheets[0] == sheets[1] != sheets[2]


def test_the_questions_do_not_hold_the_answers(folder: Folder) -> None:
    lesson, say = read_lesson(folder), speaking("en")
    keys = Keys(lesson, folder, 4)
    questions, solution = worksheet(keys, say, True).sheets
    for id in ("second", "share"):
        written = f"{keys.key(lesson.question(id)).numbers[0]:.5f}".replace("-", "")
        assert written not in questions and written[:7] in solution


IRIS = """+++
title = "Softmax by hand"
language = "en"
minutes = 5
goals = []

[experiments.small]
file = "net.toml"
data = "rows.csv"
target = "kind"
weights = [[[0.3, -0.2], [0.5, 0.4]], [[0.6, -0.1, 0.2], [0.1, 0.7, -0.4]]]
biases = [[0.1, 0.2], [0.0, 0.1, -0.1]]
+++

# Softmax

```predict id=delta target="delta[2,2]"
What is delta?
```
"""
NET = """loss = "cross_entropy"
learning_rate = 0.5
scaling = "zscore"
[[layers]]
units = 2
activation = "tanh"
[[layers]]
units = 3
activation = "softmax"
"""
ROWS = (
    "length,width,kind\n5.1,3.5,red\n4.9,3.0,green\n6.2,3.4,blue\n5.5,2.8,red\n5.0,3.6,green\n6.9,3.1,blue\n"
)


def test_the_solution_can_be_checked_by_hand_alone() -> None:
    """All that is needed is printed: raw row, scaling, sums, exponentials, deltas; here it is done."""
    files = {"lesson.md": IRIS.encode(), "net.toml": NET.encode(), "rows.csv": ROWS.encode()}
    folder = Folder("softmax", Path("softmax"), files)
    keys = Keys(read_lesson(folder), folder)
    _, solution = worksheet(keys, speaking("en"), True).sheets
    raw = np.array([[5.1, 3.5], [4.9, 3.0], [6.2, 3.4], [5.5, 2.8], [5.0, 3.6], [6.9, 3.1]])
    x = (raw - raw.mean(0)) / raw.std(0)
    head = tomllib.loads(IRIS.split("+++")[1])["experiments"]["small"]
    (w1, w2), (b1, b2) = map(np.array, head["weights"]), map(np.array, head["biases"])
    targets = np.array(
        [[row == kind for kind in classes(keys)] for row in 2 * ["red", "green", "blue"]], float
    )
    h = np.tanh(x @ w1 + b1)
    z = h @ w2 + b2
    a = np.exp(z) / np.exp(z).sum(1, keepdims=True)
    d2 = (a - targets) / 6
    d1 = d2 @ w2.T * (1 - h * h)
    written = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", solution)
    printed = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", written)]
    for array in (
        raw,
        raw.mean(0),
        raw.std(0),
        x,
        h,
        z,
        np.exp(z),
        np.exp(z).sum(1),
        a,
        d2,
        d1,
        h.T @ d2,
        x.T @ d1,
    ):
        for value in np.ravel(array):
            nearest = min(printed, key=lambda number: abs(number - value))
            assert nearest == pytest.approx(value, rel=2e-5, abs=1e-9), value
    new = w2 - 0.5 * h.T @ d2
    assert all(any(abs(number - value) < 2e-5 for number in printed) for value in new.ravel())


def classes(keys: Keys) -> tuple[str, ...]:
    return keys.network("small").dataset.class_names


def test_printed_formulas_multiply_out(folder: Folder) -> None:
    """Each product and sum of a solution comes out from the numbers that are printed."""
    keys = Keys(read_lesson(folder), folder, 3)
    _, solution = worksheet(keys, speaking("en"), True).sheets
    checked = 0
    for line in re.findall(r"\$\$ (.+?) \$\$", solution):
        *_, numbers, result = ["", "", *line.split(" = ")]
        plain = numbers.replace(r"\cdot", "*").replace(r"\left(", "(").replace(r"\right)", ")")
        plain = re.sub(r"10 ?\^\{(-?\d+)\}", r"10**(\1)", plain)
        result = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", result)
        if not re.fullmatch(r"[\d.()*+\- ]+", plain) or not re.fullmatch(r"-?[\d.]+(e-?\d+)?", result):
            continue
        digits = len(result.lstrip("-0.").partition("e")[0].replace(".", ""))
        value = float(eval(plain))
        assert value == pytest.approx(float(result), rel=10.0 ** (1 - digits)), line
        checked += 1
    assert checked > 40


def test_a_derivation_on_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "w.html"
    assert (
        main([GUIDE, "--derivation", str(out), "--select", "2,3,1", "--experiment", "yours", "--step", "2"])
        == OK
    )
    assert "from unit 3 of Hidden 1 to price" in out.read_text(encoding="utf-8")
    assert main([GUIDE, "--derivation", str(out), "--language", "zh_CN"]) == OK
    assert "第 1 步" in out.read_text(encoding="utf-8")
    assert main([GUIDE, "--derivation", str(out), "--experiment", "knob"]) == 2
    assert "houses, yours, fast" in capsys.readouterr().err
    assert main([GUIDE, "--derivation", str(out), "--select", "2,4,1"]) == BAD_INPUT


def test_html_needs_no_qt(tmp_path: Path) -> None:
    out = tmp_path / "sheet.html"
    program = (
        "import sys; from gui.app import main; "
        f"status = main(['lesson', {GUIDE!r}, '--worksheet', {str(out)!r}]); "
        "print(status, sorted(m for m in sys.modules if m.startswith('PySide6')))"
    )
    child = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert child.stdout.splitlines()[-1] == "0 []", child.stderr


COURSE = sorted(path for path in (ROOT / "resources" / "lessons").iterdir() if path.is_dir())


@pytest.mark.parametrize("place", range(len(COURSE)), ids=[path.name for path in COURSE])
def test_every_lesson_of_the_course_can_be_printed(place: int) -> None:
    folder = open_lesson(COURSE[place])
    language = ("en", "zh_CN")[place % 2]
    sheets = worksheet(Keys(read_lesson(folder, language), folder, 5), speaking(language), True).sheets
    assert len(sheets) == 2 and len(sheets[1]) > 200
    assert not any(mark in sheet for sheet in sheets for mark in ("{{", "[[", "nan", "None"))

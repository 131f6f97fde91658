"""Every command and every piece of code in the READMEs and the documentation does what is said there."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

import run
from gui import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "README.md",
    "docs/first-steps.md",
    "docs/api.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs" / "how-to").glob("*.md")),
)
TRANSLATED = {"README.zh_CN.md": "README.md", "docs/zh_CN/first-steps.md": "docs/first-steps.md"}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXPERIMENT = 'loss = "cross_entropy"\nlayers = [{ units = 3, activation = "softmax" }]\n'


def blocks(page: str) -> list[tuple[str, str]]:
    """The language and the text of each piece of code."""
    return FENCED.findall((ROOT / page).read_text(encoding="utf-8"))


def code(text: str) -> str:
    """The same without what is only said: comments, in whatever language they are."""
    return re.sub(r" *(?<![\w&])#.*", "", text)


def lay_out(place: Path) -> None:
    """Put what a reader would have into a folder: data and an experiment."""
    for name in ("data.csv", "iris.csv", "new.csv"):
        shutil.copy(ROOT / "resources" / "datasets" / "iris.csv", place / name)
    (place / "experiment.toml").write_text(EXPERIMENT)


def do(command: str) -> str:
    """Do what a line of the shell asks of run.py; what opens a window only has to be understood."""
    words = shlex.split(command, comments=True)
    assert words[0] == "python3", command
    if Path(words[1]).is_file():  # a script that an earlier command has written
        child = subprocess.run([sys.executable, *words[1:]], check=True, capture_output=True, text=True)
        return child.stdout
    if words[1] != "run.py":
        assert (ROOT / words[1]).is_file(), command
        return ""
    _, arguments = run.take_extras(words[2:])
    if not arguments or arguments == ["test"]:
        return ""
    said = io.StringIO()
    if arguments[0] in ("run", "predict", "check"):
        with redirect_stdout(said):
            assert app.main(arguments) in (0, 1), command
    elif "--screenshot" in arguments:
        subprocess.run([sys.executable, "-c", START, *arguments], check=True, timeout=300)
        assert Path(arguments[arguments.index("--screenshot") + 1]).stat().st_size > 20_000
    else:
        app._parser().parse_args(arguments)
    return said.getvalue()


START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from gui.app import run; run()"


@pytest.mark.parametrize("page", PAGES)
def test_commands_and_code(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    lay_out(tmp_path)
    said = ""
    for language, text in blocks(page):
        if language == "toml":
            name = re.match(r"# (\S+\.toml)\n", text)
            Path(name[1] if name else "experiment.toml").write_text(text, encoding="utf-8")
        elif language == "sh":
            for line in text.splitlines():
                said = do(line)
        elif language == "python" and "in check_me.py" in text:
            filled = Path("homework/check_me.py")
            filled.write_text("import numpy as np\n\n\n" + text, encoding="utf-8")
            said = do("python3 run.py check homework/check_me.py")
        elif language == "python":
            printed = io.StringIO()
            with redirect_stdout(printed):
                exec(compile(text, page, "exec"), {"__name__": "__main__"})
            told = re.findall(r"^print.*# (\S+)$", text, re.MULTILINE)
            assert not told or printed.getvalue().split() == told
        else:
            assert language == ""
            for line in text.rstrip().splitlines():  # what the last command printed, cut where it says so
                assert line.removesuffix("…").rstrip() in said, line


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_translation_has_the_same_code(page: str) -> None:
    ours = [(language, code(text)) for language, text in blocks(page)]
    theirs = [(language, code(text)) for language, text in blocks(TRANSLATED[page])]
    assert ours == theirs


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_translation_has_the_same_parts(page: str) -> None:
    ours, theirs = ((ROOT / name).read_text(encoding="utf-8") for name in (page, TRANSLATED[page]))
    for part in (r"^#+ ", r"^- \*\*", r"^\| `", r"!\["):
        assert len(re.findall(part, ours, re.MULTILINE)) == len(re.findall(part, theirs, re.MULTILINE)), part
    options = re.compile(r"`(--[\w-]+|[\w.]+\(\)?)")
    assert set(options.findall(ours)) == set(options.findall(theirs))


@pytest.mark.parametrize("page", ["README.md", "README.zh_CN.md"])
def test_what_is_counted_is_so_many(page: str) -> None:
    from engine.diagnose import CAUSES
    from engine.mistakes import MISTAKES

    text = (ROOT / page).read_text(encoding="utf-8")
    assert str(len(MISTAKES)) in text
    assert str(len(CAUSES)) in text


@pytest.mark.parametrize("page", [path for path in TRANSLATED if "zh_CN" in path])
def test_chinese_uses_the_words_of_the_window(page: str) -> None:
    from tests.test_translations import TERMS

    text = re.sub(
        r"```.*?```|`[^`]*`|\]\([^)]*\)", "X", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for pattern, why in TERMS.items():
        assert [found[0] for found in re.finditer(pattern, text)] == [], why

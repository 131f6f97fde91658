"""What single features need: the table is the project's, and the command that is said works."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from engine import extras
from engine.extras import EXTRAS, installing_command, shown_command

ROOT = Path(__file__).resolve().parents[2]
FOR_DEVELOPERS = {"bench", "docs", "test"}


def test_the_table_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    offered = {name: needs for name, needs in project["optional-dependencies"].items()}
    assert set(offered) - FOR_DEVELOPERS == set(EXTRAS)
    for name, extra in EXTRAS.items():
        assert extra.name == name
        assert [re.split("[<>=]", need)[0] for need in offered[name]] == [extra.package]


def test_no_error_says_that_of_anything_else() -> None:
    """Whoever hears of an `extra` offers to install it."""
    for path in [*(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "extra" in text else ():
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                names = [keyword.arg for keyword in node.exc.keywords]
                assert "extra" not in names, f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a project whose run.py has made the environment that this Python seems to be in."""
    (tmp_path / "run.py").touch()
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "backprop-lab.json").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path


def test_what_run_py_made_it_completes(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = EXTRAS["parquet"]
    script = str(environment / "run.py")
    assert installing_command(extra) == [sys.executable, script, "--with", "parquet"]
    assert shown_command(extra) == f"python3 {script} --with parquet"
    monkeypatch.chdir(environment)
    assert shown_command(extra) == "python3 run.py --with parquet"
    monkeypatch.setattr(sys, "platform", "win32")
    assert shown_command(extra) == "py run.py --with parquet"


def test_elsewhere_it_is_pip_or_uv_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = EXTRAS["gif"]
    monkeypatch.setattr(extras, "_run_script", lambda: None)
    monkeypatch.setattr(extras, "find_spec", lambda name: object())
    assert installing_command(extra) == [sys.executable, "-m", "pip", "install", "pillow"]
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    monkeypatch.setattr(extras.shutil, "which", lambda name: "/bin/uv")
    assert installing_command(extra) == ["/bin/uv", "pip", "install", "--python", sys.executable, "pillow"]
    monkeypatch.setattr(extras.shutil, "which", lambda name: None)
    assert installing_command(extra) == []
    assert shown_command(extra) == "pip install pillow"
    monkeypatch.setattr(extras, "find_spec", lambda name: object())
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert installing_command(extra) == []


def test_folders_with_spaces_are_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_run_script", lambda: Path("/my lab/run.py"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert shown_command(EXTRAS["onnx"]) == "python3 '/my lab/run.py' --with onnx"
    monkeypatch.setattr(sys, "platform", "win32")
    assert shown_command(EXTRAS["onnx"]) == f'py "{Path("/my lab/run.py")}" --with onnx'

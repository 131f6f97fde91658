"""The PyTorch script of a network goes on with the app's losses, where PyTorch is installed.

`BACKPROP_LAB_TORCH_PYTHON` may name the interpreter of another environment that has it.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from engine.errors import SessionError
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import LOSSES, OPTIMIZERS
from tests.engine.files.exported_cases import (
    CASES,
    PYTHON,
    Exported,
    Run,
    compare,
    names_with_two_meanings,
    run_scripts,
    sessions,
)

TORCH_PYTHON = os.environ.get(
    "BACKPROP_LAB_TORCH_PYTHON", PYTHON if importlib.util.find_spec("torch") else ""
)
EXPORTED = [name for name in CASES if name != "output first"]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Exported, Path]]:
    folder = tmp_path_factory.mktemp("pytorch")
    found = {}
    for number, (name, case) in enumerate(sessions().items()):
        if name in EXPORTED:
            export_pytorch(case.session, folder / f"case_{number}.py")
            found[name] = case, folder / f"case_{number}.py"
    return found


@pytest.fixture(scope="module")
def runs(scripts: dict[str, tuple[Exported, Path]]) -> dict[str, Run]:
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    paths = [path for _, path in scripts.values()]
    rows = [case.rows for case, _ in scripts.values()]
    return dict(zip(scripts, run_scripts(TORCH_PYTHON, paths, rows, exact=True), strict=True))


@pytest.mark.parametrize("name", EXPORTED)
def test_exact_the_script_goes_on_keeps_and_predicts_as_the_app_does(
    name: str, scripts: dict[str, tuple[Exported, Path]], runs: dict[str, Run]
) -> None:
    compare(scripts[name][0], runs[name], 1e-10)


@pytest.mark.parametrize("name", EXPORTED)
def test_no_name_has_two_meanings(name: str, scripts: dict[str, tuple[Exported, Path]]) -> None:
    assert names_with_two_meanings(scripts[name][1].read_text()) == set()


def test_every_script_is_python(scripts: dict[str, tuple[Exported, Path]]) -> None:
    for _, path in scripts.values():
        text = path.read_text()
        compile(text, str(path), "exec")
        assert "\n\n\n\n" not in text
        assert max(map(len, text.splitlines())) < 160


def test_every_rule_can_be_exported() -> None:
    assert all(rule.pytorch and len(rule.pytorch_slots) == len(rule.slots) for rule in OPTIMIZERS.values())
    assert all(rule.pytorch_from_z for rule in LOSSES.values() if rule.natural)


def test_what_autograd_cannot_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        export_pytorch(capture(CASES["output first"]()), tmp_path / "x.py")
    assert caught.value.kind == "not_exportable"
    assert "output_first" in str(caught.value)
    assert [*tmp_path.iterdir()] == []

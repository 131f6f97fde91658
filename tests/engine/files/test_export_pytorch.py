"""The PyTorch script of a network goes on with the app's losses, where PyTorch is installed.

`BACKPROP_LAB_TORCH_PYTHON` may name the interpreter of another environment that has it.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engine.errors import SessionError
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import LOSSES, OPTIMIZERS
from tests.engine.files.exported_cases import (
    CASES,
    PYTHON,
    Exported,
    difference,
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
def runs(scripts: dict[str, tuple[Exported, Path]]) -> dict[str, tuple[Any, Any]]:
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    paths = [path for _, path in scripts.values()]
    rows = [case.rows for case, _ in scripts.values()]
    return dict(zip(scripts, run_scripts(TORCH_PYTHON, paths, rows), strict=True))


@pytest.mark.parametrize("name", EXPORTED)
def test_the_script_goes_on_with_the_same_losses(
    name: str, scripts: dict[str, tuple[Exported, Path]], runs: dict[str, tuple[Any, Any]]
) -> None:
    case, _ = scripts[name]
    exact = case.session.experiment.dtype == "float64"
    assert difference(case.losses, runs[name][0]) < (1e-10 if exact else 1e-5)


@pytest.mark.parametrize("name", EXPORTED)
def test_new_rows_are_prepared_and_predicted_as_in_the_app(
    name: str, scripts: dict[str, tuple[Exported, Path]], runs: dict[str, tuple[Any, Any]]
) -> None:
    case, _ = scripts[name]
    exact = case.session.experiment.dtype == "float64"
    assert difference(case.outputs, runs[name][1]) < (1e-10 if exact else 1e-5)


@pytest.mark.parametrize("name", EXPORTED)
def test_no_name_has_two_meanings(name: str, scripts: dict[str, tuple[Exported, Path]]) -> None:
    assert names_with_two_meanings(scripts[name][1].read_text()) == set()


MODEL_AFTERWARDS = """
import runpy, sys
path = sys.argv[1]
sys.argv = [path]
names = runpy.run_path(path)
import torch
model, x = names["model"], names["inputs"]
assert not model.training and torch.equal(model(x), model(x))
model.train()
assert not torch.equal(model(x), model(x)), "it draws no masks of its own"
"""


@pytest.mark.parametrize("name", ["dropout", "dropout, gaps and scaling"])
def test_no_mask_stays_in_the_model(name: str, scripts: dict[str, tuple[Exported, Path]], runs: Any) -> None:
    child = subprocess.run(
        [TORCH_PYTHON, "-c", MODEL_AFTERWARDS, scripts[name][1]], capture_output=True, text=True
    )
    assert child.returncode == 0, child.stderr


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

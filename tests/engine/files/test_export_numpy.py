"""The NumPy script and notebook of a network go on with the app's losses."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from engine import Trainer
from engine.errors import SessionError
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import ACTIVATIONS, LOSSES, OPTIMIZERS, export_numpy
from engine.files.session import capture
from engine.functions import ACTIVATIONS as ALL_ACTIVATIONS
from engine.functions import LOSSES as ALL_LOSSES
from engine.functions import OPTIMIZERS as ALL_OPTIMIZERS
from tests.engine.files.exported_cases import CASES, PYTHON, STEPS, difference, losses_of, sessions


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any, Path, list[float]]]:
    folder = tmp_path_factory.mktemp("numpy")
    cases = sessions()
    scripts = [folder / f"case_{number}.py" for number in range(len(cases))]
    for script, (session, _) in zip(scripts, cases.values(), strict=True):
        export_numpy(session, script)
    losses = losses_of(PYTHON, scripts, "-W", "error")
    return {
        name: (session, ours, script, theirs)
        for (name, (session, ours)), script, theirs in zip(cases.items(), scripts, losses, strict=True)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_script_goes_on_with_the_same_losses(name: str, exported: dict[str, Any]) -> None:
    session, ours, _, theirs = exported[name]
    exact = session.experiment.dtype == "float64"
    assert len(theirs) == STEPS
    assert difference(ours, theirs) < (1e-12 if exact else 1e-5)


@pytest.mark.parametrize("name", CASES)
def test_only_what_the_network_needs(name: str, exported: dict[str, Any]) -> None:
    session, _, script, _ = exported[name]
    text = script.read_text()
    defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert defined <= used
    assert ("def draw_masks" in text) == any(layer.dropout for layer in session.experiment.layers)
    assert "\n\n\n\n" not in text
    assert text.count("\n") < 400


def test_every_rule_can_be_exported() -> None:
    assert [*ACTIVATIONS] == [*ALL_ACTIVATIONS]
    assert [*LOSSES] == [*ALL_LOSSES]
    assert [*OPTIMIZERS] == [*ALL_OPTIMIZERS]


def test_it_runs_as_it_is_from_anywhere(exported: dict[str, Any], tmp_path: Path) -> None:
    for name in ("one layer", "many numbers"):
        _, ours, script, _ = exported[name]
        child = subprocess.run(
            [PYTHON, str(script), "3"], capture_output=True, text=True, cwd=tmp_path, check=True
        )
        numbers = [float(line.split()[1]) for line in child.stdout.splitlines()]
        assert difference(ours[:3], numbers) < 1e-12
        assert child.stderr == ""


def test_many_numbers_lie_beside_it(exported: dict[str, Any], tmp_path: Path) -> None:
    session = exported["many numbers"][0]
    paths = export_numpy(session, tmp_path / "digits.py")
    assert paths == (tmp_path / "digits.py", tmp_path / "digits.npz")
    assert all(path.exists() for path in paths)
    assert len(paths[0].read_text()) < 7000
    assert export_numpy(exported["one layer"][0], tmp_path / "small.py") == (tmp_path / "small.py",)


def test_names_from_a_file_cannot_become_code(exported: dict[str, Any]) -> None:
    text = exported["gaps and scaling"][2].read_text()
    assert "import os" in text  # in the docstring, where it does nothing
    assert not any(
        isinstance(node, ast.Import) and node.names[0].name == "os" for node in ast.walk(ast.parse(text))
    )


@pytest.mark.parametrize("name", ["dropout", "many numbers", "activation gelu", "schedule cosine"])
def test_the_notebook_goes_on_with_the_same_losses(
    name: str, exported: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, ours, _, _ = exported[name]
    export_notebook(session, tmp_path / "n.ipynb")
    notebook = json.loads((tmp_path / "n.ipynb").read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert {cell["cell_type"] for cell in notebook["cells"]} == {"markdown", "code"}
    printed: list[float] = []
    names: dict[str, Any] = {"print": lambda step, loss: printed.append(loss)}
    monkeypatch.chdir(tmp_path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    if "numbers" in names:
        names["numbers"].close()
    assert difference(ours, printed) < 1e-12


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    trainer: Trainer = CASES["one layer"]()
    with pytest.raises(SessionError) as caught:
        export_numpy(capture(trainer), tmp_path / "none" / "x.py")
    assert caught.value.kind == "cannot_write"

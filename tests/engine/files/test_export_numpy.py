"""The NumPy script and notebook of a network go on with the app's losses."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from engine import Trainer
from engine.errors import SessionError
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.script import Facts
from engine.files.session import capture
from tests.engine.files.exported_cases import (
    CASES,
    PYTHON,
    STEPS,
    Exported,
    difference,
    names_with_two_meanings,
    run_scripts,
    sessions,
)


class Run(NamedTuple):
    """A case, its script, and what that printed and predicted."""

    case: Exported
    script: Path
    losses: list[float]
    outputs: list[list[float]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    folder = tmp_path_factory.mktemp("numpy")
    cases = sessions()
    scripts = [folder / f"case_{number}.py" for number in range(len(cases))]
    for script, case in zip(scripts, cases.values(), strict=True):
        export_numpy(case.session, script)
    runs = run_scripts(PYTHON, scripts, [case.rows for case in cases.values()], "-W", "error")
    return {
        name: Run(case, script, *run)
        for (name, case), script, run in zip(cases.items(), scripts, runs, strict=True)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_script_goes_on_with_the_same_losses(name: str, exported: dict[str, Run]) -> None:
    run = exported[name]
    exact = run.case.session.experiment.dtype == "float64"
    assert len(run.losses) == STEPS
    assert difference(run.case.losses, run.losses) < (1e-12 if exact else 1e-5)


@pytest.mark.parametrize("name", CASES)
def test_new_rows_are_prepared_and_predicted_as_in_the_app(name: str, exported: dict[str, Run]) -> None:
    run = exported[name]
    exact = run.case.session.experiment.dtype == "float64"
    assert np.isnan(run.case.rows).any()
    assert difference(run.case.outputs, run.outputs) < (1e-12 if exact else 1e-5)


@pytest.mark.parametrize("name", CASES)
def test_no_name_has_two_meanings(name: str, exported: dict[str, Run]) -> None:
    assert names_with_two_meanings(exported[name].script.read_text()) == set()


def test_cells_of_a_file_with_categories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person types cells as they are in the file; an empty one is None."""
    session = capture(CASES["categories"]())
    export_numpy(session, tmp_path / "colours.py")
    monkeypatch.setattr(sys, "argv", ["colours.py", "0"])
    script = runpy.run_path(str(tmp_path / "colours.py"))
    given = [[0 / 7, "red", None], [1 / 7, "blue", 1], [2 / 7, None, "4"], [3 / 7, 'it\'s "grün"', 9]]
    np.testing.assert_array_equal(script["encode"](given), session.dataset.inputs[:4])
    assert script["prepare"](script["encode"](given)) == pytest.approx(Facts(session).prepared.inputs[:4])
    with pytest.raises(ValueError, match="green"):
        script["encode"]([[0.0, "green", 1]])


@pytest.mark.parametrize("name", CASES)
def test_only_what_the_network_needs(name: str, exported: dict[str, Run]) -> None:
    run = exported[name]
    session, text = run.case.session, run.script.read_text()
    defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert defined - used <= {"predict", "encode"}  # they are for the reader
    assert "predict" in defined
    assert ("def draw_masks" in text) == any(layer.dropout for layer in session.experiment.layers)
    assert "\n\n\n\n" not in text
    assert text.count("\n") < 400


def test_it_runs_as_it_is_from_anywhere(exported: dict[str, Run], tmp_path: Path) -> None:
    for name in ("one layer", "many numbers"):
        ours, script = exported[name].case.losses, exported[name].script
        child = subprocess.run(
            [PYTHON, str(script), "3"], capture_output=True, text=True, cwd=tmp_path, check=True
        )
        numbers = [float(line.split()[1]) for line in child.stdout.splitlines()]
        assert difference(ours[:3], numbers) < 1e-12
        assert child.stderr == ""


def test_many_numbers_lie_beside_it(exported: dict[str, Run], tmp_path: Path) -> None:
    session = exported["many numbers"].case.session
    paths = export_numpy(session, tmp_path / "digits.py")
    assert paths == (tmp_path / "digits.py", tmp_path / "digits.npz")
    assert all(path.exists() for path in paths)
    assert len(paths[0].read_text()) < 7000
    assert export_numpy(exported["one layer"].case.session, tmp_path / "small.py") == (tmp_path / "small.py",)


def test_names_from_a_file_cannot_become_code(exported: dict[str, Run]) -> None:
    text = exported["gaps and scaling"].script.read_text()
    assert "import os" in text  # in the docstring, where it does nothing
    assert not any(
        isinstance(node, ast.Import) and node.names[0].name == "os" for node in ast.walk(ast.parse(text))
    )


@pytest.mark.parametrize(
    "name", ["dropout, gaps and scaling", "dropout", "many numbers", "activation gelu", "schedule cosine"]
)
def test_the_notebook_goes_on_with_the_same_losses(
    name: str, exported: dict[str, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = exported[name].case
    export_notebook(case.session, tmp_path / "n.ipynb")
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
    assert difference(case.losses, printed) < 1e-12
    assert difference(case.outputs, names["predict"](case.rows)) < 1e-12
    code = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert names_with_two_meanings(code) == set()
    if "numbers" in names:
        names["numbers"].close()


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    trainer: Trainer = CASES["one layer"]()
    with pytest.raises(SessionError) as caught:
        export_numpy(capture(trainer), tmp_path / "none" / "x.py")
    assert caught.value.kind == "cannot_write"

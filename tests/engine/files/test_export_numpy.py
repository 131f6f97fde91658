"""The NumPy script and notebook of a network go on with the app's losses."""

from __future__ import annotations

import ast
import json
import runpy
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from engine import Trainer
from engine.errors import SessionError
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.script import NEXT_STEPS, Facts
from engine.files.session import capture
from tests.engine.files.exported_cases import (
    CASES,
    PYTHON,
    Exported,
    Run,
    answers,
    compare,
    difference,
    names_with_two_meanings,
    run_scripts,
    sessions,
)


class Done(NamedTuple):
    """A case, its script, and what came of that."""

    case: Exported
    script: Path
    run: Run


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Done]:
    folder = tmp_path_factory.mktemp("numpy")
    cases = sessions()
    scripts = [folder / f"case_{number}.py" for number in range(len(cases))]
    for script, case in zip(scripts, cases.values(), strict=True):
        export_numpy(case.session, script)
    runs = run_scripts(PYTHON, scripts, [case.rows for case in cases.values()], "-W", "error")
    return {
        name: Done(case, script, run)
        for (name, case), script, run in zip(cases.items(), scripts, runs, strict=True)
    }


@pytest.mark.parametrize("name", CASES)
def test_the_script_goes_on_keeps_and_predicts_as_the_app_does(name: str, done: dict[str, Done]) -> None:
    compare(done[name].case, done[name].run, 1e-12)


@pytest.mark.parametrize("name", CASES)
def test_no_name_has_two_meanings(name: str, done: dict[str, Done]) -> None:
    assert names_with_two_meanings(done[name].script.read_text()) == set()


def test_cells_of_a_file_with_categories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person types cells as they are in the file; an empty one is None."""
    session = capture(CASES["categories"]())
    export_numpy(session, tmp_path / "colours.py")
    script = runpy.run_path(str(tmp_path / "colours.py"))
    given = [[0 / 7, "red", None], [1 / 7, "blue", 1], [2 / 7, None, "4"], [3 / 7, 'it\'s "grün"', 9]]
    np.testing.assert_array_equal(script["encode"](given), session.dataset.inputs[:4])
    assert script["prepare"](given) == pytest.approx(Facts(session).prepared.inputs[:4])
    with pytest.warns(UserWarning, match="colour: 'green' is new"):
        np.testing.assert_array_equal(script["encode"]([[0.0, "green", 1]])[0, 1:4], [np.nan] * 3)
    with pytest.raises(ValueError, match="zip"):
        script["predict"]([[0.0, "red"]])


def test_rows_of_another_width_are_refused(done: dict[str, Done]) -> None:
    script = runpy.run_path(str(done["one layer"].script))
    assert script["predict"]([0.1, 0.2, 0.3]).shape == (1, 2)
    for rows in ([[0.5]], [[0.1, 0.2, 0.3, 0.4]]):
        with pytest.raises(ValueError, match="a row needs 3 numbers"):
            script["predict"](rows)


def test_weights_of_another_network_are_refused_and_nothing_is_lost(
    done: dict[str, Done], tmp_path: Path
) -> None:
    mine = runpy.run_path(str(done["one layer"].script))
    other = runpy.run_path(str(done["dropout"].script))
    other["save"](tmp_path / "other.npz")
    before = [array.copy() for array in mine["parts"]().values()]
    with pytest.raises(ValueError, match="of another network"):
        mine["load"](tmp_path / "other.npz")
    assert all(map(np.array_equal, before, mine["parts"]().values()))


@pytest.mark.parametrize("name", CASES)
def test_only_what_the_network_needs(name: str, done: dict[str, Done]) -> None:
    session, text = done[name].case.session, done[name].script.read_text()
    defined = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert defined - used <= {"predict"}  # it is for the reader
    assert {"prepare", "forward", "step", "train", "predict", "save", "load"} <= defined
    assert ("def draw_masks" in text) == any(layer.dropout for layer in session.experiment.layers)
    assert "\n\n\n\n" not in text
    assert text.count("\n") < 400


def test_it_runs_as_it_is_from_anywhere(done: dict[str, Done], tmp_path: Path) -> None:
    for name in ("one layer", "many numbers"):
        ours, script = done[name].case.losses, done[name].script
        child = subprocess.run(
            [PYTHON, str(script), "3"], capture_output=True, text=True, cwd=tmp_path, check=True
        )
        numbers = [float(line.split()[1]) for line in child.stdout.splitlines()]
        assert difference(ours[:3], numbers) < 1e-12
        assert child.stderr == ""


def test_many_numbers_lie_beside_it(done: dict[str, Done], tmp_path: Path) -> None:
    session = done["many numbers"].case.session
    paths = export_numpy(session, tmp_path / "digits.py")
    assert paths == (tmp_path / "digits.py", tmp_path / "digits.numbers.npz")
    assert all(path.exists() for path in paths)
    assert len(paths[0].read_text()) < 7000
    assert export_numpy(done["one layer"].case.session, tmp_path / "small.py") == (tmp_path / "small.py",)


def test_neither_script_nor_weights_are_taken_for_its_numbers(
    done: dict[str, Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights are kept in NPZ, too, and one might call them, or even the script, as the script."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits.npz").write_bytes(b"kept")
    for name in ("digits.py", "digits.b.npz"):
        export_numpy(done["many numbers"].case.session, tmp_path / name)
        script = runpy.run_path(str(tmp_path / name))
        assert len(script["predict"](done["many numbers"].case.rows)) == 4
    assert (tmp_path / "digits.npz").read_bytes() == b"kept"
    script["save"]("digits.npz")
    script = runpy.run_path(str(tmp_path / "digits.py"))
    script["load"]("digits.npz")


def test_names_from_a_file_cannot_become_code(done: dict[str, Done]) -> None:
    text = done["gaps and scaling"].script.read_text()
    assert "import os" in text  # in the docstring, where it does nothing
    assert not any(
        isinstance(node, ast.Import) and node.names[0].name == "os" for node in ast.walk(ast.parse(text))
    )


@pytest.mark.parametrize(
    "name", ["dropout, gaps and scaling", "dropout", "many numbers", "activation gelu", "schedule cosine"]
)
def test_the_notebook_goes_on_with_the_same_losses(
    name: str, done: dict[str, Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = done[name].case
    export_notebook(case.session, tmp_path / "n.ipynb")
    notebook = json.loads((tmp_path / "n.ipynb").read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert {cell["cell_type"] for cell in notebook["cells"]} == {"markdown", "code"}
    printed: list[float] = []
    names: dict[str, Any] = {"print": lambda step, loss: printed.append(loss)}
    monkeypatch.chdir(tmp_path)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for cell in code:
        exec("".join(cell["source"]), names)
    trainer = case.session.restore()
    losses = trainer.run(NEXT_STEPS).loss
    assert difference(losses, printed) < 1e-12
    found = names.get("outputs", names["predict"])(case.rows)
    assert difference(answers(trainer, case.rows).outputs, found) < 1e-12
    exec("".join(code[-1]["source"]), names)  # the last cell once more goes on where it was
    assert difference([*losses, *trainer.run(NEXT_STEPS).loss], printed) < 1e-12
    assert names_with_two_meanings("\n".join("".join(cell["source"]) for cell in code)) == set()


def test_a_place_where_nothing_can_be_written(tmp_path: Path) -> None:
    trainer: Trainer = CASES["one layer"]()
    with pytest.raises(SessionError) as caught:
        export_numpy(capture(trainer), tmp_path / "none" / "x.py")
    assert caught.value.kind == "cannot_write"

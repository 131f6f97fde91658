"""Random experiments on data whose names are code, quotes and markup: exported, and gone on from."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture
from engine.functions import ACTIVATIONS, OPTIMIZERS
from tests.engine.files.exported_cases import PYTHON, Exported, compare, exported, run_scripts
from tests.engine.files.test_export_pytorch import TORCH_PYTHON

COUNT = 40
NUMBERS = range(COUNT)

NAMES = (
    'x"""; open("ran", "w"); """',
    "'); open('ran', 'w') #",
    "two\nlines",
    "\\",
    "\\N{BULLET}",
    "<script>alert(1)</script>",
    "{0} {x!r} %s",
    'it\'s "both"',
    "$x_1$ & 50 % | **b** `c`",
    "\u202eback",
    "a\tb\u2028c",
    "überall 数据 🎈",
    "class",
    "predict",
)
HOSTILE = [*NAMES, *(f"{name} 2" for name in NAMES)]

LOSSES: dict[str, list[tuple[str, Any]]] = {
    "regression": [
        ("linear", "squared_error"),
        ("linear", {"name": "huber", "delta": 0.5}),
        ("tanh", "mean_absolute_error"),
        ("softplus", "mean_squared_error"),
    ],
    "binary": [("sigmoid", "binary_cross_entropy"), ("linear", "hinge"), ("sigmoid", "squared_error")],
    "multiclass": [
        ("softmax", "cross_entropy"),
        ("sigmoid", "binary_cross_entropy"),
        ("softmax", "squared_error"),
    ],
    "multilabel": [("sigmoid", "binary_cross_entropy"), ("sigmoid", "mean_squared_error")],
}

CLIPPINGS = ("none", {"name": "value", "limit": 0.1}, {"name": "global_norm", "limit": 0.5})


def chosen(rng: np.random.Generator, values: Sequence[Any]) -> Any:
    return values[int(rng.integers(len(values)))]


def table(rng: np.random.Generator, kind: str, path: Path) -> Dataset:
    """Data as a file has them: numbers, a category perhaps, gaps, and names that nobody wants."""
    names = [str(name) for name in rng.permutation(HOSTILE)]
    rows = int(rng.integers(18, 45))
    numbers = rng.normal(size=(rows, int(rng.integers(1, 4)))) * 10.0 ** rng.integers(-2, 4)
    columns: list[list[str]] = [[str(x) for x in column] for column in numbers.T]
    if rng.random() < 0.5:
        columns.append([names[int(code)] for code in rng.integers(3, size=rows)])
    for column in columns:
        if rng.random() < 0.5:
            for row in rng.integers(rows, size=2):
                column[row] = ""
    if kind == "regression":
        targets = [str(x) for x in 5e3 + 200 * rng.normal(size=rows)]
    else:
        classes = names[3 : 5 if kind == "binary" else 6]
        targets = [classes[row % len(classes)] for row in range(rows)]
    header = [*names[6 : 6 + len(columns)], names[-1]]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *zip(*columns, targets, strict=True)])
    return load_dataset(path, header[-1], header=True)


def labels(rng: np.random.Generator) -> Dataset:
    inputs = rng.normal(size=(23, 3))
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    names = [str(name) for name in rng.permutation(HOSTILE)]
    targets = rng.integers(2, size=(23, 3))
    return Dataset.from_arrays(
        inputs, targets, "multilabel", name=names[0], feature_names=names[:3], target_names=names[3:6]
    )


def random_trainer(number: int, folder: Path) -> Trainer:
    """An experiment of any kind there is, trained for some steps."""
    rng = np.random.default_rng([7, number])
    kind = [*LOSSES][number % 4]
    data = labels(rng) if kind == "multilabel" else table(rng, kind, folder / f"data_{number}.csv")
    assert data.kind == kind
    output, loss = chosen(rng, LOSSES[kind])
    hidden = [
        Layer(int(rng.integers(2, 6)), chosen(rng, [*ACTIVATIONS]), float(chosen(rng, (0.0, 0.0, 0.3))))
        for _ in range(int(rng.integers(3)))
    ]
    settings: dict[str, Any] = {
        "optimizer": chosen(rng, [*OPTIMIZERS]),
        "scaling": chosen(rng, ("zscore", "minmax")),
        "missing": chosen(rng, ("mean", "median", "most_frequent", "drop")),
        "target_scaling": chosen(rng, ("zscore", "minmax")) if kind == "regression" else "none",
        "dtype": chosen(rng, ("float64", "float64", "float32")),
        "regularizer": chosen(rng, ("none", "l1", "l2")),
        "clipping": chosen(
            rng, ("none", {"name": "value", "limit": 0.1}, {"name": "global_norm", "limit": 0.5})
        ),
        "schedule": chosen(rng, ("constant", "step", "cosine", "linear_warm_up", "reduce_on_plateau")),
        "validation": chosen(rng, (0.0, 0.25)),
        "batch_size": chosen(rng, (1, 5, 8, "full")),
        "reduction": chosen(rng, ("mean", "mean", "sum")),
    }
    experiment = Experiment(
        (*hidden, Layer(data.targets.shape[1], output)), loss, learning_rate=0.01, seed=number, **settings
    )
    trainer = Trainer(experiment, data)
    trainer.run(int(rng.integers(30)))
    return trainer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


@pytest.fixture(scope="module")
def cases(folder: Path) -> list[Exported]:
    return [exported(random_trainer(number, folder)) for number in NUMBERS]


@pytest.fixture(scope="module")
def numpy_runs(cases: list[Exported], folder: Path) -> list[Any]:
    scripts = [folder / f"numpy_{number}.py" for number in NUMBERS]
    for case, script in zip(cases, scripts, strict=True):
        export_numpy(case.session, script)
    return run_scripts(PYTHON, scripts, [case.rows for case in cases], "-W", "error")


@pytest.fixture(scope="module")
def torch_scripts(cases: list[Exported], folder: Path) -> list[Path]:
    scripts = [folder / f"torch_{number}.py" for number in NUMBERS]
    for case, script in zip(cases, scripts, strict=True):
        export_pytorch(case.session, script)
    return scripts


@pytest.fixture(scope="module")
def torch_runs(cases: list[Exported], torch_scripts: list[Path]) -> list[Any]:
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    return run_scripts(TORCH_PYTHON, torch_scripts, [case.rows for case in cases], exact=True)


@pytest.mark.parametrize("number", NUMBERS)
def test_numpy_does_as_the_app(number: int, cases: list[Exported], numpy_runs: list[Any]) -> None:
    compare(cases[number], numpy_runs[number], 1e-10)


@pytest.mark.parametrize("number", NUMBERS)
def test_pytorch_does_as_the_app(number: int, cases: list[Exported], torch_runs: list[Any]) -> None:
    compare(cases[number], torch_runs[number], 1e-9)


def test_no_name_became_code(
    cases: list[Exported], folder: Path, numpy_runs: list[Any], torch_scripts: list[Path]
) -> None:
    assert not (folder / "ran").exists()
    for number, case in enumerate(cases):
        path, *_ = export_notebook(case.session, folder / f"{number}.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code":
                compile(source, path.name, "exec")
            else:
                assert "<script>" not in source.replace("\\<", "")


def test_a_file_may_be_called_anything(tmp_path: Path) -> None:
    trainer = Trainer(
        Experiment((Layer(9, "tanh"), Layer(10, "softmax")), "cross_entropy", batch_size=50),
        builtin("digits"),
    )
    name = """it's "mine" {x} $(touch ran) \\ <b>"""
    script, numbers = export_numpy(capture(trainer), tmp_path / f"{name}.py")
    assert numbers.is_file()
    child = subprocess.run([PYTHON, script, "2"], capture_output=True, text=True, cwd=tmp_path)
    printed = [float(line.split()[1]) for line in child.stdout.splitlines()]
    assert printed == pytest.approx(trainer.run(2).loss, rel=1e-12), child.stderr
    notebook, _ = export_notebook(capture(trainer), tmp_path / f"{name}.ipynb")
    start = json.loads(notebook.read_text(encoding="utf-8"))["cells"][1]["source"]
    found: dict[str, Any] = {}
    exec("".join(start), found)
    assert found["NUMBERS"] == numbers.name
    assert not (tmp_path / "ran").exists()


def test_the_scripts_are_clean(folder: Path, numpy_runs: list[Any], torch_scripts: list[Path]) -> None:
    pytest.importorskip("ruff")
    rules = "E4,E7,E9,F,W,I,B,UP,SIM,C4"
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--no-cache",
        "--select",
        rules,
        str(folder),
    ]
    child = subprocess.run(command, capture_output=True, text=True)
    assert child.returncode == 0, child.stdout

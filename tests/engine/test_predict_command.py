"""The `predict` command, and that everything that predicts says the same of the same raw rows."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, load_dataset
from engine.data.dataset import feature_columns
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.export_onnx import export_onnx
from engine.files.export_pytorch import export_pytorch
from engine.files.session import capture, write_session
from engine.headless import BAD_INPUT, OK, predict_main
from engine.training.model import Model
from tests.engine.files.exported_cases import PYTHON
from tests.engine.files.test_export_pytorch import TORCH_PYTHON

TOWNS = ("Ulm", "Bonn", "Kiel", "Jena")
KINDS = {
    "regression": ("linear", "mean_squared_error"),
    "binary": ("sigmoid", "binary_cross_entropy"),
    "multiclass": ("softmax", "cross_entropy"),
}

NEW = """note,Town,rooms,year
later,Jena,3,1999
new,Ulm,,2004
gone,,5,1987
far,Paris,4,2020
"""


def table(kind: str) -> str:
    rng = np.random.default_rng(8)
    lines = ["town,rooms,year,target"]
    for _ in range(80):
        town, rooms, year = rng.integers(4), rng.integers(1, 7), rng.integers(1950, 2021)
        value = 90_000 + 45_000.5 * rooms + 300 * (year - 1950) - 9_000 * town + rng.normal() * 2_000
        level = ("low", "high")[int(value > 250_000)]
        if kind == "multiclass":
            level = ("low", "middle", "high")[int(value > 200_000) + int(value > 300_000)]
        cells = [TOWNS[town], str(rooms), str(year), f"{value:.2f}" if kind == "regression" else level]
        if rng.random() < 0.1:
            cells[rng.integers(3)] = ""
        lines.append(",".join(cells))
    return "\n".join(lines)


def trained(data: Dataset, **changes: Any) -> Trainer:
    output, loss = KINDS[data.kind]
    layers = (Layer(5, "tanh", dropout=0.2), Layer(data.targets.shape[1], output))
    trainer = Trainer(Experiment(layers, loss=loss, batch_size=8, validation=0.2, **changes), data)
    trainer.run(150)
    return trainer


PREDICT = """
import json, runpy, sys
names = runpy.run_path(sys.argv[1])
print(json.dumps(names.get("outputs", names["predict"])(json.loads(sys.stdin.read())).tolist()))
"""


def of_script(python: str, script: Path, cells: Any) -> Any:
    child = subprocess.run(
        [python, "-c", PREDICT, str(script)],
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        cwd=script.parent,
    )
    assert child.returncode == 0, child.stderr
    return np.array(json.loads(child.stdout.splitlines()[-1]))


def raw_cells(model: Model) -> list[list[Any]]:
    """The new rows as somebody who has only the script writes them down; an unknown town is missing."""
    header, *lines = [line.lower().split(",") for line in NEW.splitlines()]
    by_name = [dict(zip(header, (cell.title() for cell in line), strict=True)) for line in lines]
    columns = feature_columns(model.dataset)
    return [
        [
            (None if row[name] in ("", "Paris") else row[name] if levels else float(row[name]))
            for name, levels in columns
        ]
        for row in by_name
    ]


CASES: list[tuple[str, dict[str, Any]]] = [
    ("regression", {"scaling": "zscore", "target_scaling": "zscore"}),
    ("regression", {"scaling": "minmax", "target_scaling": "minmax", "missing": "median"}),
    ("regression", {"scaling": "zscore", "target_scaling": "zscore", "dtype": "float32"}),
    ("binary", {"scaling": "zscore", "missing": "most_frequent"}),
    ("multiclass", {"scaling": "minmax", "missing": "drop"}),
    ("multiclass", {"scaling": "zscore", "dtype": "float32"}),
]


@pytest.mark.parametrize(("kind", "settings"), CASES)
def test_all_that_predict_say_the_same(
    kind: str, settings: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.csv").write_text(table(kind))
    (tmp_path / "new.csv").write_text(NEW)
    trainer = trained(load_dataset(tmp_path / "old.csv"), **settings)
    assert trainer.dataset.kind == kind
    exact = {"rtol": 1e-10} if trainer.experiment.dtype == "float64" else {"rtol": 2e-5, "atol": 1e-6}
    model = trainer.model()
    found = model.predict(tmp_path / "new.csv")
    ours = found.outputs
    assert np.isfinite(ours).all()
    if kind == "regression":
        assert ours.min() > 50_000 and ours.max() < 600_000

    write_session(capture(trainer), tmp_path / "s.bplab")
    assert predict_main([str(tmp_path / "s.bplab"), str(tmp_path / "new.csv")]) == OK
    rows = [*csv.DictReader(capsys.readouterr().out.splitlines())]
    names = {
        "regression": ["target predicted"],
        "binary": ["p({0})"],
        "multiclass": ["p({0})", "p({1})", "p({2})"],
    }
    printed = [
        [float(row[name.format(*trainer.dataset.target_names)]) for name in names[kind]] for row in rows
    ]
    np.testing.assert_array_equal(printed, ours)
    if found.labels is not None:
        assert [row["predicted"] for row in rows] == [*found.labels]

    cells = raw_cells(model)
    export_numpy(capture(trainer), tmp_path / "numpy_script.py")
    np.testing.assert_allclose(of_script(PYTHON, tmp_path / "numpy_script.py", cells), ours, **exact)
    export_pytorch(capture(trainer), tmp_path / "torch_script.py")
    if TORCH_PYTHON:
        theirs = of_script(TORCH_PYTHON, tmp_path / "torch_script.py", cells)
        np.testing.assert_allclose(theirs, ours, **exact)
    try:
        import onnx  # noqa: F401
        import onnxruntime
    except ImportError:
        return
    export_onnx(capture(trainer), tmp_path / "m.onnx")
    runtime = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"), providers=["CPUExecutionProvider"])
    inputs = found.rows.inputs.astype(trainer.experiment.dtype)
    np.testing.assert_allclose(runtime.run(None, {"inputs": inputs})[0], ours, **exact)


@pytest.fixture
def session(tmp_path: Path) -> Path:
    (tmp_path / "old.csv").write_text(table("multiclass"))
    trainer = trained(load_dataset(tmp_path / "old.csv"), scaling="zscore")
    write_session(capture(trainer), tmp_path / "s.bplab")
    return tmp_path / "s.bplab"


def test_it_says_how_well_rows_with_targets_are_predicted(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert predict_main([str(session), str(tmp_path / "old.csv"), "--out", str(out), "--json"]) == OK
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["rows_with_target"], said["step"]) == (80, 80, 150)
    assert 0.5 < said["accuracy"] <= 1 and 0 <= said["recall_middle"] <= 1
    assert len(said["worst_rows"]) == 5
    rows = [*csv.DictReader(out.read_text().splitlines())]
    assert sum(row["right"] == "yes" for row in rows) == round(said["accuracy"] * 80)
    worst = max(rows, key=lambda row: float(row["loss"]))
    assert int(worst["row"]) == said["worst_rows"][0]


def test_what_is_not_right_is_said_with_its_place(
    session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "new.csv").write_text("town,rooms\nUlm,1\n")
    assert predict_main([str(session), str(tmp_path / "new.csv")]) == BAD_INPUT
    told = capsys.readouterr()
    assert "year" in told.err and "new.csv" in told.err and told.out == ""
    (tmp_path / "new.csv").write_text("town,rooms,year\nUlm,1,x\n")
    assert predict_main([str(session), str(tmp_path / "new.csv")]) == BAD_INPUT
    assert "Line 2, column 3" in capsys.readouterr().err
    assert predict_main([str(session), str(tmp_path / "new.csv"), "--skip-bad-rows"]) == BAD_INPUT
    assert predict_main([str(tmp_path / "none.bplab"), str(tmp_path / "new.csv")]) == BAD_INPUT
    with pytest.raises(SystemExit) as caught:
        predict_main([str(session), str(tmp_path / "new.csv"), "--json"])
    assert caught.value.code == 2


@pytest.mark.parametrize("kind", ["date", "date_parts"])
def test_scripts_take_dates_as_the_window_does(kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    lines = ["when,x,town,y"]
    for day in rng.integers(18_000, 19_500, 60):
        moment = np.datetime64(int(day), "D")
        x = round(float(rng.normal()), 3)
        lines.append(f"{moment},{x},{TOWNS[int(day) % 2]},{2 * x + int(day) % 7}")
    (tmp_path / "old.csv").write_text("\n".join(lines))
    data = load_dataset(tmp_path / "old.csv", "y", types={"when": kind})  # type: ignore[dict-item]
    trainer = trained(data, scaling="zscore")
    (tmp_path / "new.csv").write_text("town,when,x\nUlm,2023-02-28,0.5\nBonn,,1\n,2021-12-31,2\n")
    ours = trainer.model().predict(tmp_path / "new.csv").outputs
    cells = [["2023-02-28", 0.5, "Ulm"], [None, 1.0, "Bonn"], ["2021-12-31", 2.0, None]]
    export_numpy(capture(trainer), tmp_path / "numpy_script.py")
    np.testing.assert_allclose(of_script(PYTHON, tmp_path / "numpy_script.py", cells), ours, rtol=1e-10)
    export_notebook(capture(trainer), tmp_path / "n.ipynb")
    start = "".join(json.loads((tmp_path / "n.ipynb").read_text())["cells"][1]["source"])
    assert "import datetime" in start.splitlines()

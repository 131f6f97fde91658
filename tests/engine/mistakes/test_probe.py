"""The recorder: one file, that needs nothing but Python."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from engine import Experiment, Layer, check_step
from engine.mistakes.arranging import arrange
from engine.mistakes.case_file import PROBE
from engine.mistakes.reading import read_numbers


@pytest.fixture
def probe() -> ModuleType:
    spec = importlib.util.spec_from_file_location("probe", PROBE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_numpy_arrays_and_lists(probe: ModuleType, tmp_path: Path) -> None:
    single, double = np.array([[0.1, 0.2, 0.3]], dtype=np.float32), np.linspace(0, 1, 6).reshape(2, 3)
    probe.record(a1=single, dW1=double, loss=np.float64(0.25))
    probe.record(db1=[1, 2.5, 3], W1=((1, 2), (3, 4)))
    double[:] = 0  # a copy was kept
    probe.save(tmp_path / "mine.npz")
    with np.load(tmp_path / "mine.npz") as file:
        assert file["a1"].dtype == np.float32 and (file["a1"] == single).all()
        assert file["dW1"][1, 2] == 1.0 and file["dW1"].shape == (2, 3)
        assert file["loss"].shape == () and file["loss"] == 0.25
        assert file["db1"].tolist() == [1, 2.5, 3] and file["W1"].shape == (2, 2)
    assert {entry.name for entry in read_numbers(tmp_path / "mine.npz")} == {"a1", "dW1", "loss", "db1", "W1"}


def test_it_says_what_it_cannot_record(probe: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rows of dW1 are not all of one length"):
        probe.record(dW1=[[1, 2], [3]])
    with pytest.raises(TypeError, match="dW1 holds a str, not numbers"):
        probe.record(dW1="x")
    with pytest.raises(ValueError, match="Nothing has been recorded"):
        probe.save(tmp_path / "mine.npz")


def test_it_needs_nothing_but_python(tmp_path: Path) -> None:
    (tmp_path / "probe.py").write_text(PROBE.read_text(encoding="utf-8"), encoding="utf-8")
    code = "import sys; sys.path.insert(0, '.'); import probe; probe.record(dW1=[[1.5]]); probe.save('m.npz')"
    child = subprocess.run(
        [sys.executable, "-S", "-E", "-c", code + "; print('numpy' in sys.modules)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.strip() == "False"
    assert np.load(tmp_path / "m.npz")["dW1"].tolist() == [[1.5]]


@pytest.mark.parametrize("dropout", [0.0, 0.25])
def test_a_step_of_pytorch_is_watched(dropout: float, probe: ModuleType, tmp_path: Path) -> None:
    torch: Any = pytest.importorskip("torch")
    torch.manual_seed(0)
    parts = [torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Dropout(dropout), torch.nn.Linear(5, 3)]
    model = torch.nn.Sequential(*parts)
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    x, t = torch.randn(6, 4), torch.randint(3, (6,))
    probe.watch(model, criterion, optimizer)
    optimizer.zero_grad()
    criterion(model(x), t).backward()
    optimizer.step()
    probe.save(tmp_path / "mine.npz")
    experiment = Experiment(
        (Layer(5, "tanh", dropout), Layer(3, "softmax")), "cross_entropy", "adam", learning_rate=0.01
    )
    arranged = arrange(experiment, read_numbers(tmp_path / "mine.npz"))
    verdict = check_step(experiment, *arranged.start, arranged.given)
    assert verdict.agrees, [(q.name, q.relative_error) for q in verdict.quantities if not q.agrees]
    judged = {
        "z1",
        "a1",
        "z2",
        "loss",
        "delta2",
        "dW2",
        "db2",
        "delta1",
        "dW1",
        "db1",
        "W1",
        "b1",
        "W2",
        "b2",
    }
    assert {quantity.name for quantity in verdict.quantities} == judged

"""The PyTorch script of a network goes on with the app's losses, where PyTorch is installed.

`BACKPROP_LAB_TORCH_PYTHON` may name the interpreter of another environment that has it.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin
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


AS_A_USER_GOES_ON = """
import contextlib, io, json, runpy, sys
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

def run(*arguments):
    sys.argv = ["script.py", *arguments]
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        names = runpy.run_path("script.py", run_name="__main__")
    return text.getvalue().splitlines(), names

exact, _ = run("36", "--exact")
lines, names = run("400", "--save", "weights.pt")
model, rows = names["model"], names["training_rows"]
assert isinstance(model, nn.Module) and isinstance(rows, Dataset)
assert isinstance(names["batches"](False), DataLoader)
assert [type(module) for module in model.layers].count(nn.Dropout) == 1
x = rows.inputs
model.train()
assert not torch.equal(model(x), model(x)), "dropout draws nothing"
model.eval()
assert torch.equal(model(x), model(x)), "something is dropped while it predicts"
_, fresh = run("0")
assert not torch.equal(fresh["model"](x), model(x))
fresh["model"].load_state_dict(torch.load("weights.pt", weights_only=True)["model"])
fresh["model"].eval()
assert torch.equal(fresh["model"](x), model(x)), "the state_dict is of another model"
print(json.dumps([exact, lines, names["predict"](json.loads(sys.stdin.read())), names["now"]["step"]]))
"""


def test_plain_pytorch_is_what_a_user_goes_on_with(tmp_path: Path) -> None:
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    layers = Layer(6, "tanh", 0.2), Layer(3, "softmax")
    experiment = Experiment(
        layers, "cross_entropy", batch_size=10, validation=0.2, scaling="zscore", learning_rate=0.3
    )
    data = builtin("iris")
    trainer = Trainer(experiment, data)
    export_pytorch(capture(trainer), tmp_path / "script.py")
    child = subprocess.run(
        [TORCH_PYTHON, "-W", "error::UserWarning", "-c", AS_A_USER_GOES_ON],
        input=json.dumps(data.inputs.tolist()),
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert child.returncode == 0, child.stderr
    exact, lines, predicted, step = json.loads(child.stdout)
    trainer.run(36)
    losses = [float(line.split()[1]) for line in exact if line[0].isdecimal()]
    np.testing.assert_allclose(losses, trainer.scalars.loss, rtol=1e-10)
    ends = [float(line.split()[-1]) for line in exact if line.startswith("after epoch")]
    np.testing.assert_allclose(ends, trainer.scalars.validation_loss[1:], rtol=1e-10)
    plain = [float(line.split()[1]) for line in lines if line[0].isdecimal()]
    assert step == len(plain) == 400 and plain[:36] != losses
    assert np.mean(plain[-50:]) < 0.3 * np.mean(plain[:10])
    right = [name == data.class_names[k] for name, k in zip(predicted, data.targets.argmax(1), strict=True)]
    assert np.mean(right) > 0.93


ONE_OR_SEVERAL = """
import os, runpy, sys
import numpy as np
script, found, *arguments = sys.argv[1:]
sys.argv = [script, *arguments]
names = runpy.run_path(script, run_name="__main__")
if os.environ.get("RANK", "0") == "0":
    np.savez(found, *[p.grad.numpy() for p in names["model"].parameters()])
"""


@pytest.mark.parametrize("batch", ["full", 11])
def test_two_processes_are_as_one(batch: str | int, tmp_path: Path) -> None:
    """23 rows, so that one process has a row more; the last mini-batch of an epoch is one row."""
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    layers = Layer(5, "tanh", 0.3), Layer(4, "gelu"), Layer(3, "softmax")
    experiment = Experiment(
        layers, "cross_entropy", optimizer="adam", regularizer="l2", batch_size=batch, learning_rate=0.01
    )
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.normal(size=(23, 3)), rng.integers(3, size=23), "multiclass")
    script, *_ = export_pytorch(capture(Trainer(experiment, data)), tmp_path / "script.py")
    (tmp_path / "run.py").write_text(ONE_OR_SEVERAL)
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    gradients, printed = [], []
    for count, launch in ((1, []), (2, torchrun)):
        found = tmp_path / f"{count}.npz"
        command = [TORCH_PYTHON, *launch, "run.py", script.name, str(found), "9", "--exact"]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        child = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
        assert child.returncode == 0, child.stderr
        lines = [line.split() for line in child.stdout.splitlines()]
        printed.append([float(line[1]) for line in lines])
        with np.load(found) as arrays:
            gradients.append([arrays[name] for name in arrays.files])
    assert len(printed[0]) == 9
    np.testing.assert_allclose(printed[1], printed[0], rtol=1e-12)
    for one, two in zip(*gradients, strict=True):
        assert np.abs(one - two).max() <= 1e-12 * np.abs(one).max()


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

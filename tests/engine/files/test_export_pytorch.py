"""The PyTorch script of a network goes on with the app's losses, where PyTorch is installed.

`BACKPROP_LAB_TORCH_PYTHON` may name the interpreter of another environment that has it.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import pytest

from engine.errors import SessionError
from engine.files.export_pytorch import ACTIVATIONS, LOSSES, OPTIMIZERS, export_pytorch
from engine.files.session import capture
from engine.functions import ACTIVATIONS as ALL_ACTIVATIONS
from engine.functions import LOSSES as ALL_LOSSES
from engine.functions import OPTIMIZERS as ALL_OPTIMIZERS
from tests.engine.files.exported_cases import CASES, PYTHON, difference, losses_of, sessions

TORCH_PYTHON = os.environ.get(
    "BACKPROP_LAB_TORCH_PYTHON", PYTHON if importlib.util.find_spec("torch") else ""
)
EXPORTED = [name for name in CASES if name != "output first"]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any, Path]]:
    folder = tmp_path_factory.mktemp("pytorch")
    found = {}
    for number, (name, (session, ours)) in enumerate(sessions().items()):
        if name in EXPORTED:
            export_pytorch(session, folder / f"case_{number}.py")
            found[name] = session, ours, folder / f"case_{number}.py"
    return found


@pytest.fixture(scope="module")
def losses(scripts: dict[str, tuple[Any, Any, Path]]) -> dict[str, list[float]]:
    if not TORCH_PYTHON:
        pytest.skip("PyTorch is not installed; BACKPROP_LAB_TORCH_PYTHON names no other interpreter")
    return dict(zip(scripts, losses_of(TORCH_PYTHON, [path for *_, path in scripts.values()]), strict=True))


@pytest.mark.parametrize("name", EXPORTED)
def test_the_script_goes_on_with_the_same_losses(
    name: str, scripts: dict[str, tuple[Any, Any, Path]], losses: dict[str, list[float]]
) -> None:
    session, ours, _ = scripts[name]
    exact = session.experiment.dtype == "float64"
    assert difference(ours, losses[name]) < (1e-10 if exact else 1e-5)


def test_every_script_is_python(scripts: dict[str, tuple[Any, Any, Path]]) -> None:
    for _, _, path in scripts.values():
        text = path.read_text()
        compile(text, str(path), "exec")
        assert "\n\n\n\n" not in text
        assert max(map(len, text.splitlines())) < 160


def test_every_rule_can_be_exported() -> None:
    assert [*ACTIVATIONS] == [*ALL_ACTIVATIONS]
    assert [*LOSSES] == [*ALL_LOSSES]
    assert [*OPTIMIZERS] == [*ALL_OPTIMIZERS]


def test_what_autograd_cannot_do_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        export_pytorch(capture(CASES["output first"]()), tmp_path / "x.py")
    assert caught.value.kind == "not_exportable"
    assert "output_first" in str(caught.value)
    assert [*tmp_path.iterdir()] == []

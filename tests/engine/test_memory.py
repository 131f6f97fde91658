"""A network that cannot fit into the memory is refused before any of it is taken."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine import memory as memory_module
from engine.errors import ExperimentError
from engine.headless import main
from engine.memory import bytes_needed, check_memory, machine_bytes

IRIS = builtin("iris")
GIB = 2**30


def experiment(*units: int, **settings: Any) -> Experiment:
    layers = (*(Layer(count, "tanh") for count in units), Layer(3, "softmax"))
    return Experiment(layers, loss="cross_entropy", **{"batch_size": 10, **settings})


@pytest.fixture(autouse=True)
def sixteen_gibibytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_module, "machine_bytes", lambda: 16 * GIB)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_two_layers_of_65536_units_are_refused(dtype: str, optimizer: str) -> None:
    wide = experiment(65_536, 65_536, dtype=dtype, optimizer=optimizer)
    tracemalloc.start()
    with pytest.raises(ExperimentError) as caught:
        Trainer(wide, IRIS)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    error = caught.value
    assert (error.kind, error.field) == ("too_much_memory", "layers[1].units")
    assert "4-65536-65536-3" in str(error) and "8 GB" in str(error) and "fewer units" in str(error)
    assert bytes_needed(wide, IRIS) > 65_536**2 * 4 * 5


def test_one_layer_of_65536_units_is_not() -> None:
    check_memory(experiment(65_536), IRIS)


@pytest.mark.parametrize(
    ("units", "settings"),
    [
        ((900, 900), {}),
        ((900, 900), {"optimizer": "adam"}),
        ((900, 900), {"dtype": "float32", "optimizer": "momentum"}),
        ((60_000,), {"batch_size": "full"}),
    ],
)
def test_what_is_reckoned_is_about_what_is_taken(units: tuple[int, ...], settings: dict[str, Any]) -> None:
    e = experiment(*units, **settings)
    tracemalloc.start()
    trainer = Trainer(e, IRIS)
    record = trainer.step()
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert record.step == 1
    assert 0.6 < bytes_needed(e, IRIS) / taken < 1.6


def test_this_machine_has_memory() -> None:
    assert machine_bytes() > 2**28


def test_a_container_has_what_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, least in (("536870912\n", 2**29), ("max\n", 2**28)):
        (tmp_path / "memory.max").write_text(text)
        monkeypatch.setattr(memory_module, "GROUP_LIMIT", tmp_path / "memory.max")
        assert machine_bytes() >= least
    (tmp_path / "memory.max").write_text("536870912\n")
    assert machine_bytes() == 2**29


def test_the_command_line_says_so_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "wide.toml"
    path.write_text(experiment(65_536, 65_536).to_toml())
    assert main([str(path), "--data", "iris", "--steps", "1"]) == 1
    told = capsys.readouterr().err
    assert "wide.toml, line" in told and "of memory" in told and "Traceback" not in told

    def full(*args: object, **keywords: object) -> None:
        raise MemoryError

    monkeypatch.setattr("engine.headless.Trainer", full)
    assert main([str(path), "--data", "iris"]) == 1
    assert "not enough memory" in capsys.readouterr().err

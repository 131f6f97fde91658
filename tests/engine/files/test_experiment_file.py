"""Experiments as TOML: read and written by hand, refused with the line that is not right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Experiment, Layer
from engine.errors import EngineError, ExperimentError, SessionError
from engine.files.experiment_file import line_of, placed, read_experiment, write_experiment
from tests.engine.random_experiments import any_experiments

BY_HAND = """\
# a comment with [layers] and seed = 1
seed = 3                                  # = 4
optimizer = { name = "adam", beta1 = 0.5 }
schedule.name = "step"
loss = 'cross_entropy'

[[layers]]
units = 3
activation = { name = "elu", alpha = 3 }

[[layers]]
units = 4
[layers.activation]
name = "leaky_relu"
slope_below = 0.5

[[layers]]
units = 2
activation = "softmax"
"""


@given(any_experiments())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read(tmp_path: Path, experiment: Experiment) -> None:
    write_experiment(experiment, tmp_path / "e.toml")
    assert read_experiment(tmp_path / "e.toml") == experiment


def test_what_a_person_writes(tmp_path: Path) -> None:
    for content in (BY_HAND.encode(), b"\xef\xbb\xbf" + BY_HAND.replace("\n", "\r\n").encode()):
        (tmp_path / "e.toml").write_bytes(content)
        experiment = read_experiment(tmp_path / "e.toml")
        assert [layer.units for layer in experiment.layers] == [3, 4, 2]
        assert experiment.optimizer.plain() == {"name": "adam", "beta1": 0.5}


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        ("seed = 3", "seed = -3", 2, "seed"),
        ("beta1 = 0.5", "beta1 = 5", 3, "optimizer.beta1"),
        ('name = "step"', 'name = "steps"', 4, "schedule"),
        ("'cross_entropy'", "'crossentropy'", 5, "loss"),
        ("units = 3", "units = 0", 8, "layers[0].units"),
        ("alpha = 3", "alpha = -3", 9, "layers[0].activation.alpha"),
        ("units = 4", "unit = 4", 12, "layers[1].unit"),
        ("slope_below = 0.5", "slope_below = 2", 15, "layers[1].activation.slope_below"),
        ("units = 2", "units = 1", 18, "layers[2].units"),
        ('"softmax"', '"sofmax"', 19, "layers[2].activation"),
        ("units = 4", "units == 4", 12, ""),
        ('activation = "softmax"', "dropout = 0.5", 19, "layers[2].dropout"),
    ],
)
def test_the_line_that_is_not_right(old: str, new: str, line: int, field: str, tmp_path: Path) -> None:
    assert BY_HAND.count(old) == 1
    (tmp_path / "e.toml").write_text(BY_HAND.replace(old, new))
    with pytest.raises(ExperimentError) as caught:
        read_experiment(tmp_path / "e.toml")
    assert caught.value.details["file"] == "e.toml"
    assert caught.value.details["line"] == line
    assert caught.value.field == field
    assert caught.value.mend


def test_every_setting_that_is_written_is_found_again() -> None:
    experiment = Experiment(
        (Layer(5, "tanh", 0.2), Layer(4, {"name": "elu", "alpha": 2}), Layer(3, "softmax")),
        "cross_entropy",
        {"name": "adam", "beta1": 0.8},
    )
    lines = experiment.to_toml().splitlines()

    def found(field: str) -> Any:
        line = line_of(experiment.to_toml(), field)
        return None if line is None else lines[line - 1].strip()

    assert found("seed") == "seed = 0"
    assert found("optimizer.beta1") == "beta1 = 0.8"
    assert found("optimizer.beta2") == "[optimizer]"
    assert found("layers[1].activation.alpha") == found("layers[1]") == lines[19].strip()
    assert "softmax" in found("layers[2].units")
    assert found("layers[9].units") == "layers = ["
    assert found("nothing") is None


def test_errors_that_the_data_bring_are_placed_too(tmp_path: Path) -> None:
    (tmp_path / "e.toml").write_text(BY_HAND)
    error = placed(
        ExperimentError("output_units", field="layers[2].units", value=2, expected=3), tmp_path / "e.toml"
    )
    assert error.details["line"] == 18


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\x00", "not_text"),
        (b"#" * (2 << 20), "file_too_large"),
        (b"a = " + b"[" * 3000 + b"]" * 3000, "bad_toml"),
        (b"seed = " + b"9" * 5000, "bad_toml"),
        (b"[[[", "bad_toml"),
        (b"", "no_layers"),
        (b"layers = 3", "wrong_type"),
        (b'"a[" = 1', "unknown_field"),
    ],
)
def test_what_is_no_experiment(content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / "e.toml").write_bytes(content)
    with pytest.raises(EngineError) as caught:
        read_experiment(tmp_path / "e.toml")
    assert caught.value.kind == kind
    assert str(caught.value)


def test_no_file_and_no_place(tmp_path: Path) -> None:
    with pytest.raises(SessionError) as caught:
        read_experiment(tmp_path / "none.toml")
    assert caught.value.kind == "cannot_read"
    with pytest.raises(SessionError) as caught:
        write_experiment(Experiment((Layer(1),)), tmp_path / "none" / "e.toml")
    assert caught.value.kind == "cannot_write"


KEYS = st.sampled_from(["seed", "loss", "layers", "units", "activation", "optimizer", "name", "split", "x y"])
VALUES = st.recursive(
    st.integers() | st.floats() | st.booleans() | st.text(max_size=4) | st.sampled_from(["adam", "tanh"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_toml_is_an_experiment_or_refused(tmp_path: Path, plain: dict[str, Any]) -> None:
    import tomli_w

    (tmp_path / "e.toml").write_bytes(tomli_w.dumps(plain).encode("utf-8", "replace"))
    try:
        read_experiment(tmp_path / "e.toml")
    except ExperimentError as error:
        assert str(error)

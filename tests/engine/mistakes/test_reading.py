"""Numbers in all the ways in which people have them."""

from __future__ import annotations

import io
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.errors import StepError
from engine.mistakes.naming import guess
from engine.mistakes.numbers import MOST_NUMBERS
from engine.mistakes.reading import Entry, read_numbers, read_text

W = np.random.default_rng(0).normal(size=(3, 4))


def only(text: str) -> Entry:
    (entry,) = read_text(text)
    return entry


@pytest.mark.parametrize(
    "text",
    [
        f"dW1 = {W.tolist()}",
        f"dW1\n{W.tolist()}",
        f"dW1: {W!r}",
        f"print('dW1', dW1)\ndW1 {W}",
        f"dW1 =\n{W}\n",
        str({"dW1": W}),
        json.dumps({"dW1": W.tolist()}),
        "dW1 = [" + "; ".join(" ".join(f"{x:.10f}" for x in row) for row in W) + "];",
        "dW1 =\n\n" + "\n".join("   ".join(f"{x:9.6f}" for x in row) for row in W) + "\n",
        "dW1\n" + "\n".join(",".join(map(str, row)) for row in W),
        "dW1 = tensor("
        + ",\n ".join(str(np.round(W, 4).tolist()).split("], ")[:0] or [str(np.round(W, 4).tolist())])
        + ", requires_grad=True)",
        "name,row,column,value\n"
        + "\n".join(
            f"dW1,{i},{j},{W[i, j]!r}".replace("np.float64(", "").rstrip(")")
            for i in range(3)
            for j in range(4)
        ),
    ],
    ids=[
        "list",
        "next line",
        "repr",
        "print",
        "numpy",
        "dict",
        "json",
        "matlab",
        "matlab shows",
        "csv",
        "torch",
        "long",
    ],
)
def test_a_matrix_is_read(text: str) -> None:
    entry = only(text)
    assert entry.name == "dW1"
    values, half, _ = entry.numbers
    assert values.shape == (3, 4)
    assert (np.abs(values - W) <= half + 1e-15).all() and half.max() <= 5.1e-5


def test_several_and_where_they_stand() -> None:
    text = f"Epoch 1\nloss: 0.6931\n\nW1 after the step:\n{W}\nnew b1 = [0.5 0.25 0.125]\n"
    entries = read_text(text)
    assert [(e.name, e.line) for e in entries] == [("Epoch", 1), ("loss", 2), ("W1_after", 5), ("new_b1", 8)]


def test_matlabs_common_factor() -> None:
    entry = only("dW1 =\n\n   1.0e-03 *\n\n    0.1498   -2.0000\n    0.0000    4.5000\n")
    np.testing.assert_allclose(entry.numbers.values, [[1.498e-4, -2e-3], [0, 4.5e-3]])
    np.testing.assert_allclose(entry.numbers.half, 5e-8, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("w5 = 0.1498", 5e-5),
        ("w5 = 0.35891648", 5e-9),
        ("w5 = 0.14978071615727362", 0.0),
        ("n = 3", 0.0),
        ("db1 [0. 0. 0.]", 5e-9),
        ("db1 = [0.0, 0.0]", 0.0),
        ("db1 tensor([0.5000, 0.2500])", 5e-5),
        ("dW1 [1.2345e-05 2.0000e+00]", [5e-10, 5e-5]),
    ],
)
def test_the_digits_say_how_precise_it_is(text: str, half: Any) -> None:
    np.testing.assert_allclose(only(text).numbers.half, half, rtol=1e-6)


def test_numpy_shows_fewer_decimals_only_where_there_are_no_more() -> None:
    first, second = read_text("db1 [0.5 0.25]\ndb2 [0.12345678 0.5       ]")
    assert first.numbers.half.max() == second.numbers.half.max() == 0.5 * 10.0**-8


def test_other_signs_and_names() -> None:
    entries = read_text("δ1 = [−0.5, 0.25]\n∂E/∂W1 = [[1.5]]\ngrads['dW2'] = [[1, 2]]\nW1.grad [[3. 4.]]")
    assert [e.name for e in entries] == ["δ1", "∂E/∂W1", "grads['dW2']", "W1.grad"]
    assert entries[0].numbers.values[0] == -0.5


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("a\nb\ndW1 " + str(np.zeros((2000, 2))), "ellipsis", 6),
        ("dW1 [[0.1 ... 0.2]]", "ellipsis", 1),
        ("x = 1\ndW1 = [[1, 2], [3]]", "ragged_at", 2),
        ("dW1\n1 2 3\n4 5\n", "ragged_at", 2),
        ("dW1 = [[1+2j, 3]]", "complex_at", 1),
        ("\nz = 1j", "complex_at", 2),
        ("dW1 = [[1, 2], [3, 4]", "unclosed", 1),
        ("dW1 = [[1, two]]", "not_a_number", 1),
        ("", "no_numbers", None),
        ("hello world", "no_numbers", None),
        ('{\n"dW1": [1, 2,]}', "bad_json", 2),
        ("name,row,column,value\ndW1,0,0,nought\n", "not_a_number", 2),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, kind: str, line: int | None) -> None:
    with pytest.raises(StepError) as caught:
        read_text(text)
    assert caught.value.kind == kind and caught.value.line == line
    assert caught.value.message.endswith((".", ":")) and caught.value.mend.endswith(".")


def test_numbers_are_never_evaluated() -> None:
    with pytest.raises(StepError):
        read_text("dW1 = [__import__('os').abort()]")
    assert read_text("dW1 = [[1.5]]; import os; os.abort()")[0].numbers.values == 1.5


def test_nan_and_infinity_are_numbers() -> None:
    values = only("W1 = [nan, -inf, inf]").numbers.values
    assert np.isnan(values[0]) and values[1] == -np.inf and values[2] == np.inf


def test_more_than_a_million_numbers_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_NUMBERS == 1_000_000
    monkeypatch.setattr("engine.mistakes.reading.MOST_NUMBERS", 1000)
    read_text("[" + "1," * 999 + "2]")
    with pytest.raises(StepError, match="at most 1000"):
        read_text("[" + "1," * 1000 + "2]")


# -- files -------------------------------------------------------------------------------------------


def test_arrays_of_a_file_keep_their_type(tmp_path: Path) -> None:
    stack, note = np.ones((2, 3, 3)), np.array("x")
    np.savez(tmp_path / "mine.npz", dW1=W.astype(np.float32), db1=W[0], layers=stack, note=note)
    entries = {entry.name: entry.numbers for entry in read_numbers(tmp_path / "mine.npz")}
    assert set(entries) == {"dW1", "db1", "layers[0]", "layers[1]"}
    assert entries["dW1"].dtype == "float32" and entries["db1"].dtype == "float64"
    assert not entries["dW1"].half.any()


def test_one_array_of_a_file_has_no_name(tmp_path: Path) -> None:
    np.save(tmp_path / "dW1.npy", W)
    (entry,) = read_numbers(tmp_path / "dW1.npy")
    assert entry.name == "" and (entry.numbers.values == W).all()


@pytest.mark.parametrize("name", ["list.json", "text.txt", "table.csv"])
def test_texts_of_files(name: str, tmp_path: Path) -> None:
    content = {"list.json": '{"W1": [[1.5, 2]]}', "text.txt": "W1 = [1.5 2]", "table.csv": "W1\n1.5,2\n"}[
        name
    ]
    (tmp_path / name).write_text("\ufeff" + content, encoding="utf-8")
    (entry,) = read_numbers(tmp_path / name)
    assert entry.name == "W1" and entry.numbers.values.ravel().tolist() == [1.5, 2.0]


def _pickled(content: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, content, allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("model.pt", pickle.dumps({"W1": 1}), "pickle"),
        ("mine.pkl", pickle.dumps([1]), "pickle"),
        ("mine.npy", _pickled(np.array([{"a": 1}], dtype=object)), "pickle"),
        ("mine.mat", b"MATLAB 5.0 MAT-file" + bytes(200), "format"),
        ("mine.txt", bytes(range(256)), "format"),
        ("mine.npz", b"PK\x03\x04" + bytes(30), "damaged"),
        ("mine.npy", b"\x93NUMPY\x01\x00", "damaged"),
        ("mine.txt", b"", "no_numbers"),
    ],
)
def test_files_that_are_refused(name: str, content: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StepError) as caught:
        read_numbers(tmp_path / name)
    assert caught.value.kind == kind
    assert name in str(caught.value) or kind == "no_numbers"


def test_complex_arrays_and_missing_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", dW1=np.ones(2) * 1j)
    with pytest.raises(StepError, match="complex"):
        read_numbers(tmp_path / "mine.npz")
    with pytest.raises(StepError, match="cannot be read"):
        read_numbers(tmp_path / "not_there.npz")


# -- names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        ("W1 b1 dW1 db1 z1 a1 delta1", "W1 before,b1 before,dW1,db1,z1,a1,delta1"),
        ("w1 B1 dw1 dB1 Z1 A1 dZ1", "W1 before,b1 before,dW1,db1,z1,a1,delta1"),
        ("weights[0] weights[1] biases[0] biases[1]", "W1 before,W2 before,b1 before,b2 before"),
        ("fc1.weight fc1.bias fc2.weight fc2.weight.grad", "W1 before,b1 before,W2 before,dW2"),
        ("0.weight 0.bias 2.weight 2.bias", "W1 before,b1 before,W2 before,b2 before"),
        ("theta1 Theta2 θ1", "W1 before,W2 before,-"),
        ("grads['W1'] W2.grad db_1 delta_2 ∂E/∂b2", "dW1,dW2,db1,delta2,db2"),
        ("gW1 gb1 dL_dW2 grad_b2", "dW1,db1,dW2,db2"),
        ("w_hidden w_out b_hidden b_out", "W1 before,W2 before,b1 before,b2 before"),
        ("input_hidden hidden_output hidden_bias output_bias", "W1 before,W2 before,b1 before,b2 before"),
        ("hidden_outputs final_outputs hidden_gradients output_gradients", "a1,a2,delta1,delta2"),
        ("W1_0 W1 b1_before b1", "W1 before,W1,b1 before,b1"),
        ("W1 W1_new b1 b1_after", "W1 before,W1,b1 before,b1"),
        ("X y probs cost", "inputs,targets,a2,loss"),
        ("x target Y_hat E mask1", "inputs,targets,a2,loss,mask1"),
        ("self.W1 params['b2'] nn.d_weights2 cache.A1", "W1 before,b2 before,dW2,a1"),
        ("rng epoch tmp delta_W1 velocity", "-,-,-,-,-"),
        ("W7 dW9", "-,-"),
    ],
)
def test_names_are_guessed(names: str, roles: str) -> None:
    found = guess(names.split(), 2)
    assert [role or "-" for role in found.values()] == roles.split(",")


def test_where_the_start_is_known_parameters_are_those_after_the_step() -> None:
    assert guess(["W1", "b2"], 2, started=True) == {"W1": "W1", "b2": "b2"}
    assert guess(["W1_before", "W1"], 2, started=True) == {"W1_before": "W1 before", "W1": "W1"}


def test_a_loss_is_a_single_number() -> None:
    assert guess(["error", "E"], 2, sizes={"error": 10, "E": 1}) == {"error": None, "E": "loss"}


def test_a_long_text_can_be_given_up() -> None:
    text = "dW1 = " + str([[0.5] * 100] * 200)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(StepError, match="cancelled"):
        read_text(text, cancelled)
    assert len(asked) == 3

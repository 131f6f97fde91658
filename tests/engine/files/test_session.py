"""Sessions: everything comes back, bit for bit, and a file that is not whole changes nothing."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import threading
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.errors import DivergenceError, EngineError, SessionError
from engine.files import archive, session_data
from engine.files.atomic import replacing
from engine.files.session import capture, read_session, read_summary, write_session
from engine.series import BLOCK_ROWS, Series, Store
from tests.engine.random_experiments import experiments
from tests.engine.test_determinism import advance, edits, endless, state

DATA = Path(__file__).parents[2] / "data"
CORPUS = DATA / "corpus"
VERSION_1 = DATA / "sessions" / "version_1.bplab"

in_a_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def small_trainer(steps: int = 40, **changes: Any) -> Trainer:
    experiment = Experiment(
        (Layer(3, "tanh"), Layer(3, "softmax")), "cross_entropy", "adam", batch_size=20, **changes
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(steps)
    return trainer


def written(path: Path, trainer: Trainer, **view: Any) -> bytes:
    write_session(capture(trainer, view), path)
    return path.read_bytes()


# -- everything comes back -------------------------------------------------------------------------


@given(experiments(), st.integers(0, 80), st.integers(0, 100), st.data())
@settings(in_a_folder, max_examples=20)
def test_a_session_goes_on_as_if_it_had_never_been_closed(
    tmp_path: Path, drawn: tuple[Experiment, Dataset], saved_at: int, more: int, data: st.DataObject
) -> None:
    experiment, dataset = drawn
    kept = Trainer(experiment, dataset)
    changes = data.draw(edits(experiment, len(kept.prepared.train_rows), saved_at))
    advance(kept, saved_at, changes, endless([1000]))
    if data.draw(st.booleans()):  # a fork, or a moment in the past
        kept.seek(data.draw(st.integers(0, kept.completed)))
        if data.draw(st.booleans()):
            kept.set_parameters(biases=[b + 0.125 for b in kept.biases])
    write_session(capture(kept, {"shown": [1, "σ"]}), tmp_path / "a.bplab")

    session = read_session(tmp_path / "a.bplab")
    opened = session.restore()
    assert session.view == {"shown": [1, "σ"]}
    assert session.warning is None
    assert state(opened) == state(kept)
    outcomes = []
    for trainer in (kept, opened):
        try:
            trainer.run(more)
            outcomes.append("")
        except DivergenceError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]
    assert state(opened) == state(kept)
    assert written(tmp_path / "b", opened) == written(tmp_path / "c", kept)


def everything(value: Any) -> Any:
    """All fields of what a training holds, in a form that can be compared."""
    if isinstance(value, Experiment) or not (is_dataclass(value) or isinstance(value, Series | np.ndarray)):
        if isinstance(value, list | tuple):
            return [everything(item) for item in value]
        return value
    if isinstance(value, Series):
        value = value.read()
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return {item.name: everything(getattr(value, item.name)) for item in fields(value)}


def test_no_field_is_forgotten(tmp_path: Path) -> None:
    kept = small_trainer(60, schedule={"name": "reduce_on_plateau", "patience": 0}, learning_rate=0.5)
    for step in (50, 45):
        kept.seek(step)
        kept.set_parameters(biases=[b + 0.1 for b in kept.biases])
        kept.run(30)
        kept.freeze(weights=[(1, 0, 0)])
        kept.change(kept.experiment.changed(optimizer="sgd"))
        kept.run(20)
    write_session(capture(kept), tmp_path / "s.bplab")
    opened = read_session(tmp_path / "s.bplab").restore()
    ours, theirs = kept.snapshot(), opened.snapshot()
    assert everything(ours.present) == everything(theirs.present)
    assert everything(ours.history.runs) == everything(theirs.history.runs)
    assert (ours.current, ours.history.gap) == (theirs.current, theirs.history.gap)
    assert [run.parent for run in theirs.history.runs] == [None, 0, 1]


def test_every_run_and_every_moment_comes_back(tmp_path: Path) -> None:
    kept = small_trainer(70, validation=0.2)
    kept.freeze(biases=[(1, 0)])
    kept.run(30)
    kept.seek(50)
    kept.change(kept.experiment.changed(learning_rate=0.5))
    kept.run(25)
    written(tmp_path / "s.bplab", kept)
    opened = read_session(tmp_path / "s.bplab").restore()
    assert [run.number for run in opened.history.runs] == [0, 1]
    for run in (0, 1, 0):
        for step in (0, 33, 69, 70):
            for trainer in (kept, opened):
                trainer.switch(trainer.history.runs[run], step)
            assert state(opened) == state(kept)
    for trainer in (kept, opened):  # a new run gets a new number, and begins with what is held and set
        trainer.reset()
        trainer.run(7)
    assert opened.current.number == kept.current.number == 2
    assert written(tmp_path / "t.bplab", opened) == written(tmp_path / "u.bplab", kept)
    assert state(read_session(tmp_path / "t.bplab").restore()) == state(kept)


def test_what_is_captured_does_not_change_while_training_goes_on(tmp_path: Path) -> None:
    trainer = small_trainer()
    session = capture(trainer)
    before = written(tmp_path / "before", trainer)
    writer = threading.Thread(target=write_session, args=(session, tmp_path / "after"))
    writer.start()
    trainer.run(3000)
    trainer.seek(10)
    trainer.set_parameters(biases=[b + 1 for b in trainer.biases])
    writer.join()
    write_session(session, tmp_path / "later")
    assert (tmp_path / "after").read_bytes() == before == (tmp_path / "later").read_bytes()


def test_runs_share_what_they_have_in_common(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.series.STORE", Store(memory_bytes=0))  # all but the last rows in a file
    trainer = Trainer(
        Experiment((Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy"), builtin("xor")
    )
    trainer.run(3 * BLOCK_ROWS + 5)
    for offset in (1, 2):
        trainer.seek(2 * BLOCK_ROWS + offset)
        trainer.set_parameters(biases=[b + 0.1 for b in trainer.biases])
        trainer.run(10)
    size = len(written(tmp_path / "s.bplab", trainer))
    width = trainer.current.series.width
    assert size < (3 * BLOCK_ROWS + 200) * width * 8 + 500_000
    opened = read_session(tmp_path / "s.bplab").restore()
    for ours, theirs in zip(trainer.history.runs, opened.history.runs, strict=True):
        assert np.array_equal(ours.series.read(), theirs.series.read(), equal_nan=True)
    assert written(tmp_path / "t.bplab", opened)[:0] == b""
    again = read_session(tmp_path / "t.bplab")
    assert len(again.run.series) == 2 * BLOCK_ROWS + 12


def test_fewer_keyframes_make_a_small_file_of_the_same_training(tmp_path: Path) -> None:
    trainer = small_trainer(2000)
    whole, thin = capture(trainer), capture(trainer, keyframe_bytes=4000)
    assert len(thin.run.keyframes) < len(whole.run.keyframes) == len(trainer.current.keyframes)
    write_session(thin, tmp_path / "s.bplab")
    opened = read_session(tmp_path / "s.bplab").restore()
    for step in (1999, 700):
        opened.seek(step)
        trainer.seek(step)
        assert state(opened) == state(trainer)


@pytest.mark.parametrize("name", ["titanic_quoted.csv", "penguins_missing.tsv", "zoo.arff", "iris.npz"])
@pytest.mark.parametrize("embed", [True, False])
def test_the_data_come_back(name: str, embed: bool, tmp_path: Path) -> None:
    data = load_dataset(CORPUS / name)
    assert_same_data(data, after_round_trip(data, tmp_path, embed))


@pytest.mark.parametrize("name", ["digits", "article", "moons"])
def test_built_in_data_come_back(name: str, tmp_path: Path) -> None:
    assert_same_data(builtin(name), after_round_trip(builtin(name), tmp_path))


def test_data_with_a_split_column_and_typed_columns_come_back(tmp_path: Path) -> None:
    text = "a;b;held;y\n" + "".join(
        f"{i},5;{i % 3};{'test' if i % 4 == 0 else 'train'};{i * i}\n" for i in range(30)
    )
    (tmp_path / "d.csv").write_text(text)
    data = load_dataset(tmp_path / "d.csv", ("y",), types={2: "category"}, roles={"a": "skip"}, decimal=",")
    assert data.split_columns
    for embed in (True, False):
        assert_same_data(data, after_round_trip(data, tmp_path, embed))


def after_round_trip(data: Dataset, folder: Path, embed: bool | None = None) -> Dataset:
    kinds = {"binary": "binary_cross_entropy", "multiclass": "cross_entropy", "regression": "squared_error"}
    outputs = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}
    layer = Layer(data.targets.shape[1], outputs[data.kind])
    trainer = Trainer(Experiment((layer,), kinds[data.kind], validation=0.3), data)
    write_session(capture(trainer), folder / "s.bplab", embed=embed)
    with zipfile.ZipFile(folder / "s.bplab") as file:
        assert ("data/inputs.npy" in file.namelist()) == (embed is not False)
    opened = read_session(folder / "s.bplab").restore()
    assert state(opened) == state(trainer)
    return opened.dataset


def assert_same_data(ours: Dataset, theirs: Dataset) -> None:
    for item in fields(Dataset):
        a, b = getattr(ours, item.name), getattr(theirs, item.name)
        if isinstance(a, np.ndarray):
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), item.name
            assert a.dtype == b.dtype
        elif item.name == "split_columns":
            assert [*a] == [*b]
            assert all(np.array_equal(a[key], b[key]) for key in a)
        elif item.name == "warnings":
            assert [warning.message for warning in a] == [warning.message for warning in b]
        else:
            assert a == b, item.name


def test_large_data_in_a_file_are_referred_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.files.session.EMBED_BYTES", 100)
    from_file = shutil.copy(CORPUS / "iris_basic.csv", tmp_path / "iris.csv")
    for data, referred in ((load_dataset(from_file), True), (builtin("iris"), False)):
        layers = (Layer(3, "softmax"),)
        write_session(capture(Trainer(Experiment(layers, "cross_entropy"), data)), tmp_path / "s.bplab")
        with zipfile.ZipFile(tmp_path / "s.bplab") as file:
            assert ("data/inputs.npy" not in file.namelist()) == referred


def test_data_that_are_elsewhere_can_be_located(tmp_path: Path) -> None:
    where = tmp_path / "here"
    where.mkdir()
    file = Path(shutil.copy(CORPUS / "iris_basic.csv", where / "iris.csv"))
    data = load_dataset(file)
    trainer = Trainer(Experiment((Layer(3, "softmax"),), "cross_entropy", batch_size=7), data)
    write_session(capture(trainer), tmp_path / "s.bplab", embed=False)

    beside = file.rename(tmp_path / "iris.csv")  # as when both were copied to another machine
    assert state(read_session(tmp_path / "s.bplab").restore()) == state(trainer)
    elsewhere = beside.rename(where / "moved.csv")
    error = refusal(tmp_path / "s.bplab")
    assert error.kind == "data_missing"
    assert error.details["file"] == str(file)
    found = read_session(tmp_path / "s.bplab", data_file=elsewhere)
    assert state(found.restore()) == state(trainer)
    write_session(found, tmp_path / "t.bplab", embed=False)  # and it knows the place from now on
    assert read_session(tmp_path / "t.bplab").dataset.recipe.path == str(elsewhere)  # type: ignore[union-attr]
    elsewhere.write_text(elsewhere.read_text().replace("5.1", "5.2", 1))
    with pytest.raises(SessionError) as caught:
        read_session(tmp_path / "s.bplab", data_file=elsewhere)
    assert caught.value.kind == "data_changed"


def test_a_summary_needs_no_numbers(tmp_path: Path) -> None:
    trainer = small_trainer(33)
    written(tmp_path / "s.bplab", trainer, title="mine")
    summary = read_summary(tmp_path / "s.bplab")
    assert (summary.data, summary.steps, summary.view) == ("iris", 33, {"title": "mine"})
    assert summary.experiment == trainer.experiment


def test_another_build_is_told(tmp_path: Path) -> None:
    session = replace(capture(small_trainer()), arithmetic={"numpy": "1.0"})
    write_session(session, tmp_path / "s.bplab")
    warning = read_session(tmp_path / "s.bplab").warning
    assert warning is not None
    assert warning.kind == "within_rounding"
    assert "numpy 1.0" in str(warning)


def test_blas_threads_are_part_of_it(tmp_path: Path) -> None:
    trainer = Trainer(Experiment((Layer(1),)), builtin("sine"), threads=2)
    written(tmp_path / "s.bplab", trainer)
    assert read_session(tmp_path / "s.bplab").restore().threads == 2


# -- versions --------------------------------------------------------------------------------------


def test_the_plan_of_a_step_is_part_of_it(tmp_path: Path) -> None:
    data = builtin("digits")
    assert Trainer(Experiment((Layer(10, "softmax"),), "cross_entropy"), data).plan == "small"
    experiment = Experiment((Layer(200, "relu"), Layer(10, "softmax")), "cross_entropy", batch_size=50)
    for plan, wanted in (("large", None), ("small", "small")):  # such a file of before there were two
        trainer = Trainer(experiment, data, plan=wanted)
        assert trainer.plan == plan
        trainer.run(5)
        write_session(capture(trainer), tmp_path / "s.bplab")
        restored = read_session(tmp_path / "s.bplab").restore()
        assert restored.plan == trainer.copy().plan == plan
        trainer.run(4)
        restored.run(4)
        for ours, theirs in zip(trainer.weights, restored.weights, strict=True):
            assert ours.tobytes() == theirs.tobytes()
    assert read_session(VERSION_1).plan == "small"


def test_version_1_opens_for_ever() -> None:
    expected = json.loads(VERSION_1.with_suffix(".json").read_text())
    session = read_session(VERSION_1)
    trainer = session.restore()
    assert session.view == {"pins": [1], "selection": ["weight", 1, 0, 2]}
    assert trainer.completed == expected["step"]
    assert trainer.dataset.feature_names == ("size", "colour=blue", "colour=red")
    assert [w.tolist() for w in trainer.weights] == expected["weights"]
    assert [b.tolist() for b in trainer.biases] == expected["biases"]
    assert trainer.scalars.loss.tolist() == expected["loss"]
    trainer.run(50)
    for ours, theirs in zip(trainer.weights, expected["weights_after_50"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    trainer.switch(trainer.history.runs[0])
    assert trainer.scalars.loss.tolist() == expected["run_0_loss"]
    trainer.seek(40)
    assert trainer.step().frozen_weights[0][0, 2]


def test_a_future_version_is_refused_with_its_number(tmp_path: Path) -> None:
    def age(document: Any) -> None:
        document["schema_version"] = 7
        document["runs"] = "something new"

    error = refusal(edited(tmp_path, age))
    assert error.kind == "newer_schema"
    assert error.details["version"] == 7
    assert "7" in str(error)


# -- what is not a session -------------------------------------------------------------------------


def refusal(path: Path) -> SessionError:
    with pytest.raises(SessionError) as caught:
        read_session(path).restore()
    assert str(caught.value)
    return caught.value


def members(path: Path = VERSION_1) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(path: Path, contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, content in contents.items():
            file.writestr(name, content)
    return path


def edited(folder: Path, change: Callable[[Any], object]) -> Path:
    contents = members()
    document = json.loads(contents["session.json"])
    change(document)
    contents["session.json"] = json.dumps(document).encode()
    return packed(folder / "edited.bplab", contents)


def npy(array: Any, **options: Any) -> bytes:
    import io

    content = io.BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


def test_no_file_and_no_zip(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.bplab").kind == "cannot_read"
    assert refusal(tmp_path).kind == "cannot_read"
    for content in (b"", b"PK", b"hello" * 100):
        (tmp_path / "x.bplab").write_bytes(content)
        assert refusal(tmp_path / "x.bplab").kind == "not_a_session"


def test_a_foreign_zip(tmp_path: Path) -> None:
    assert refusal(packed(tmp_path / "x.zip", {"arr_0.npy": npy(np.ones(3))})).kind == "not_a_session"
    assert refusal(packed(tmp_path / "x.zip", {"session.json": b'{"a": 1}'})).kind == "not_a_session"
    assert refusal(packed(tmp_path / "x.zip", {"session.json": b"[1]"})).kind == "not_a_session"


@pytest.mark.parametrize("member", ["session.json", "training/states.npy"])
def test_a_member_that_expands_to_more_than_it_says_takes_no_memory(tmp_path: Path, member: str) -> None:
    says = 1_000
    packer = zlib.compressobj(9, wbits=-15)
    bomb = b"".join(packer.compress(b" " * 2**20) for _ in range(50)) + packer.flush()
    path = packed(tmp_path / "x.bplab", {**members(), member: bomb}, zipfile.ZIP_STORED)
    with path.open("r+b") as file, zipfile.ZipFile(file, "a") as archive:
        entry = archive.getinfo(member)
        entry.compress_type, entry.file_size, entry.CRC = 8, says, zlib.crc32(b" " * says)
        file.seek(entry.header_offset)
        file.write(entry.FileHeader())
        file.seek(archive.start_dir)
        archive._didModify = True  # type: ignore[attr-defined]
    tracemalloc.start()
    try:
        error = refusal(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (error.kind, error.member) == ("damaged", member)
    assert peak < 16 * 2**20


def test_cut_off_anywhere(tmp_path: Path) -> None:
    content = VERSION_1.read_bytes()
    for length in range(0, len(content), 397):
        (tmp_path / "x.bplab").write_bytes(content[:length])
        refusal(tmp_path / "x.bplab")


@given(st.integers(0, 10**6), st.integers(1, 255))
@settings(in_a_folder, max_examples=20)
def test_a_flipped_byte_is_found_or_harmless(tmp_path: Path, place: int, change: int) -> None:
    content = bytearray(VERSION_1.read_bytes())
    content[place % len(content)] ^= change
    (tmp_path / "x.bplab").write_bytes(content)
    try:
        read_session(tmp_path / "x.bplab").restore().step()
    except SessionError as error:
        assert str(error)


@pytest.mark.parametrize(
    "name",
    ["../evil.npy", "/etc/evil.npy", "a/../../b.npy", "c:\\evil.npy", "data//x.npy", "run.py", "ü.npy"],
)
def test_a_name_that_escapes(name: str, tmp_path: Path) -> None:
    error = refusal(packed(tmp_path / "x.bplab", {**members(), name: b""}))
    assert error.kind == "bad_member"
    assert error.member


def test_the_same_member_twice(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.bplab", members())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as file:
        file.writestr("session.json", b"{}")
    assert refusal(path).kind == "bad_member"


def test_other_compressions(tmp_path: Path) -> None:
    assert refusal(packed(tmp_path / "x.bplab", members(), zipfile.ZIP_BZIP2)).kind == "bad_member"


def test_a_bomb_is_refused_before_it_expands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {**members(), "data/inputs.npy": npy(np.zeros((10_000_000, 3)))}  # 240 MB in 0.2
    error = refusal(packed(tmp_path / "x.bplab", contents))
    assert error.kind == "too_large"
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    assert refusal(VERSION_1).kind == "too_large"


def test_json_too_large_or_too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = json.loads("[" * 70 + "]" * 70)
    error = refusal(edited(tmp_path, lambda document: document.update(view={"x": deep})))
    assert error.kind == "too_large"
    brackets = '[{"' * 100
    assert read_session(edited(tmp_path, lambda d: d.update(view={"x": brackets}))).view["x"] == brackets
    contents = {**members(), "session.json": b"[" * 100_000}
    assert refusal(packed(tmp_path / "x.bplab", contents)).kind == "too_large"
    monkeypatch.setattr(archive, "MAX_JSON_BYTES", 1000)
    assert refusal(VERSION_1).kind == "too_large"


def test_json_that_is_none(tmp_path: Path) -> None:
    for text in (b"{", b"\xff\xff", b"9" * 5000, b'{"a": 01}'):
        contents = {**members(), "session.json": text}
        assert refusal(packed(tmp_path / "x.bplab", contents)).kind in ("damaged", "not_a_session")


NUMBERS = [name for name in members() if name.endswith(".npy")]


@pytest.mark.parametrize("name", NUMBERS)
def test_an_array_that_is_missing_or_another(name: str, tmp_path: Path) -> None:
    contents = members()
    good = contents.pop(name)
    error = refusal(packed(tmp_path / "x.bplab", contents))
    assert (error.kind, error.member) == ("missing_member", name)
    huge = b"\x93NUMPY\x01\x00\x76\x00" + (
        b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,), }".ljust(117) + b"\n"
    )
    others = {
        "objects": npy(np.array([{}, 1], dtype=object), allow_pickle=True),
        "structured": npy(np.zeros(3, "i4,f8")),
        "text": npy(np.array(["a"])),
        "scalar": npy(np.float64(1)),
        "transposed": npy(np.asfortranarray(np.zeros((4, 3)))),
        "huge": huge,
        "cut": good[:-3],
        "longer": good + b"12345678",
        "nothing": b"",
        "no header": b"\x93NUMPY\x01\x00\xff\xff{'a'",
    }
    for label, content in others.items():
        error = refusal(packed(tmp_path / "x.bplab", {**contents, name: content}))
        assert error.member == name, label
        assert error.kind in ("wrong_type", "damaged", "too_large"), label


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("training/keyframes.npy", np.full((1, 10), 10**6), "wrong_type"),
        ("training/keyframes.npy", np.zeros((0, 10), np.int64), "damaged"),
        ("data/inputs.npy", np.full((24, 3), np.inf), "does_not_fit"),
        ("data/targets.npy", np.full((24, 3), 0.5), "does_not_fit"),
        ("runs/0/keyframes.npy", np.array([99]), "wrong_type"),
        ("runs/0/keyframes.npy", np.zeros(0, np.int64), "wrong_type"),
        ("runs/1/evaluations.npy", np.zeros((12, 3)), "does_not_fit"),
        ("runs/1/series.npy", np.zeros((3, 7)), "does_not_fit"),
    ],
)
def test_arrays_that_do_not_fit(name: str, value: Any, kind: str, tmp_path: Path) -> None:
    error = refusal(packed(tmp_path / "x.bplab", {**members(), name: npy(value)}))
    assert error.kind == kind


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from leaves(inner, (*path, key))


DOCUMENT = json.loads(members()["session.json"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([*leaves(DOCUMENT)][1:]), ANYTHING | st.integers(-2, 200))
@settings(in_a_folder, max_examples=20)
def test_any_value_in_the_document_is_refused_or_works(
    tmp_path: Path, path: tuple[Any, ...], value: Any
) -> None:
    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    file = edited(tmp_path, change)
    try:
        session = read_session(file)
        trainer = session.restore()
    except SessionError as error:
        assert str(error)
        return
    try:
        trainer.run(5)
        trainer.seek(3)
        write_session(capture(trainer, session.view), tmp_path / "again.bplab")
    except EngineError as error:
        assert str(error)


@given(st.sampled_from(["training/keyframes.npy", "training/keyframe_numbers.npy"]), st.data())
@settings(in_a_folder, max_examples=20)
def test_any_number_in_a_keyframe_is_refused_or_works(tmp_path: Path, name: str, data: st.DataObject) -> None:
    import io

    contents = members()
    table = np.load(io.BytesIO(contents[name]))
    place = data.draw(st.integers(0, table.size - 1))
    numbers = st.integers(-2, 150) if table.dtype.kind == "i" else st.floats()
    table.reshape(-1)[place] = data.draw(numbers)
    contents[name] = npy(table)
    try:
        trainer = read_session(packed(tmp_path / "x.bplab", contents)).restore()
    except SessionError as error:
        assert str(error)
        return
    try:
        for run in trainer.history.runs:
            trainer.switch(run)
        trainer.seek(3)
        trainer.run(5)
    except EngineError as error:
        assert str(error)


# -- writing goes wrong ----------------------------------------------------------------------------


@contextmanager
def untouched(path: Path) -> Iterator[None]:
    before, beside = path.read_bytes() if path.exists() else None, sorted(path.parent.iterdir())
    yield
    assert (path.read_bytes() if path.exists() else None) == before
    assert sorted(path.parent.iterdir()) == beside


def refused(path: Path, trainer: Trainer) -> SessionError:
    with pytest.raises(SessionError) as caught:
        write_session(capture(trainer), path)
    return caught.value


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of file size exist on POSIX only")
    path, trainer = tmp_path / "s.bplab", small_trainer()
    written(path, trainer)
    trainer.run(2000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with untouched(path):
            assert refused(path, trainer).kind == "cannot_write"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    written(path, trainer)
    assert read_session(path).present.step == 2040


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_the_old_file(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, trainer = tmp_path / "s.bplab", small_trainer()
    written(path, trainer)

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, untouched(path):
        patch.setattr(os, step, fail)
        error = refused(path, trainer)
        assert error.kind == "cannot_write"
        assert "No space left" in str(error)


def test_places_where_nothing_can_be_written(tmp_path: Path) -> None:
    trainer = small_trainer()
    assert refused(tmp_path / "no folder" / "s.bplab", trainer).kind == "cannot_write"
    (tmp_path / "folder.bplab").mkdir()
    assert refused(tmp_path / "folder.bplab", trainer).kind == "cannot_write"


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="rights are another matter on Windows")
def test_a_read_only_folder() -> None:
    trainer = small_trainer()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.bplab"
        written(path, trainer)
        os.chmod(folder, 0o555)
        with untouched(path), without_the_rights_of_root():
            error = refused(path, trainer)
        os.chmod(folder, 0o755)
    assert error.kind == "cannot_write"


def test_a_read_only_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, trainer = tmp_path / "s.bplab", small_trainer()
    written(path, trainer)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write it
    with untouched(path):
        assert refused(path, trainer).kind == "cannot_write"


def test_cancelling_leaves_the_old_file(tmp_path: Path) -> None:
    path, trainer = tmp_path / "s.bplab", small_trainer()
    written(path, trainer)
    asked: list[float] = []
    with untouched(path), pytest.raises(SessionError) as caught:
        write_session(capture(trainer), path, progress=asked.append, cancelled=lambda: len(asked) > 2)
    assert caught.value.kind == "cancelled"
    with pytest.raises(SessionError) as caught:
        read_session(path, cancelled=lambda: True)
    assert caught.value.kind == "cancelled"


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    shares: list[float] = []
    write_session(capture(small_trainer(500)), tmp_path / "s.bplab", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    shares.clear()
    read_session(tmp_path / "s.bplab", progress=shares.append)
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1.0


def test_links_and_rights_are_kept(tmp_path: Path) -> None:
    path, link, trainer = tmp_path / "s.bplab", tmp_path / "link.bplab", small_trainer()
    written(path, trainer)
    path.chmod(0o640)
    try:
        link.symlink_to(path)
    except OSError as error:
        pytest.skip(f"no links here: {error}")
    trainer.run(1)
    written(link, trainer)
    assert link.is_symlink()
    assert read_session(path).present.step == 41
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640


def test_what_a_kill_left_behind_goes_in_time(tmp_path: Path) -> None:
    old, young = tmp_path / ".s[1].bplab.01234567.part", tmp_path / ".s[1].bplab.89abcdef.part"
    for path in (old, young):
        path.touch()
    os.utime(old, (1, 1))
    written(tmp_path / "s[1].bplab", small_trainer())
    assert not old.exists()
    assert young.exists()  # another process may be writing it


def test_an_error_within_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    with untouched(path), pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(b"new")
        _ = 1 / 0


def test_data_larger_than_the_bound_are_still_embedded_if_there_is_no_file() -> None:
    # Pasted text has a recipe, but no path to go back to.
    data = load_dataset(b"a,b\n1,2\n3,4\n5,6\n", "b")
    assert data.recipe is not None
    assert data.recipe.path == ""
    assert session_data.data_document(data, True)["recipe"]["path"] == ""


# -- a file that others write too ------------------------------------------------------------------


def test_only_what_was_read_or_written_is_replaced(tmp_path: Path) -> None:
    path, trainer = tmp_path / "s.bplab", small_trainer(10)
    first = write_session(capture(trainer), path)
    assert read_session(path).fingerprint == first
    again = write_session(capture(trainer), path, replaces=first)
    assert again == first  # the same in it, so that nothing is lost
    trainer.run(1)
    theirs = write_session(capture(trainer), path)
    content = path.read_bytes()
    trainer.run(1)
    with pytest.raises(SessionError) as caught:
        write_session(capture(trainer), path, replaces=first)
    assert caught.value.kind == "changed_meanwhile"
    assert [*tmp_path.iterdir()] == [path] and path.read_bytes() == content
    write_session(capture(trainer), path, replaces=theirs)
    path.write_bytes(b"something else")
    with pytest.raises(SessionError):
        write_session(capture(trainer), path, replaces=theirs)
    path.unlink()
    write_session(capture(trainer), path, replaces=theirs)  # what is gone cannot be overwritten

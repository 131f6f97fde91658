"""`backprop-lab run`: the window's numbers without the window."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.digits import full
from engine.files.session import capture, read_session, write_session
from engine.headless import BAD_INPUT, DIVERGED, EXPORTS, INTERRUPTED, OK, USAGE, main
from gui.app import main as command
from tests.engine.test_determinism import state

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "data" / "corpus"

EXPERIMENT = Experiment(
    (Layer(5, "tanh", 0.1), Layer(3, "softmax")),
    "cross_entropy",
    "adam",
    learning_rate=0.01,
    batch_size=16,
    validation=0.2,
    scaling="zscore",
)


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "e.toml"
    path.write_text(EXPERIMENT.to_toml())
    return path


def summary(capsys: pytest.CaptureFixture[str], *arguments: Any, status: int = OK) -> dict[str, Any]:
    assert main([*map(str, arguments), "--json"]) == status
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_the_same_bits_as_a_trainer(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.bplab"
    result = summary(capsys, toml, "--data", "iris", "--steps", 137, "--save", out)
    trainer = Trainer(EXPERIMENT, builtin("iris"))
    trainer.run(137)
    assert state(read_session(out).restore()) == state(trainer)
    assert result["step"] == result["steps_made"] == 137
    assert result["loss"] == trainer.scalars.loss[-1]
    assert result["validation_metric"] == trainer.scalars.validation_metric[-1]
    assert result["diverged"] is None
    # and on from there, to the end of an epoch
    result = summary(capsys, out, "--epochs", 2, "--save", out)
    trainer.run(trainer.steps_left_in_epoch)
    trainer.run(trainer.steps_left_in_epoch)
    assert state(read_session(out).restore()) == state(trainer)
    assert result["step"] == trainer.completed
    assert result["epoch"] == trainer.epoch - 1


def test_a_data_file_is_read_as_load_dataset_reads_it(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary(capsys, toml, "--data", CORPUS / "iris_basic.csv", "--steps", 3, "--save", tmp_path / "a.bplab")
    trainer = Trainer(EXPERIMENT, load_dataset(CORPUS / "iris_basic.csv"))
    trainer.run(3)
    assert state(read_session(tmp_path / "a.bplab").restore()) == state(trainer)
    experiment = EXPERIMENT.changed(layers=(Layer(1),), loss="squared_error")
    toml.write_text(experiment.to_toml())
    for target in ("1", load_dataset(CORPUS / "iris_basic.csv").columns[0].name):
        arguments = [toml, "--data", CORPUS / "iris_basic.csv", "--target", target]
        summary(capsys, *arguments, "--save", tmp_path / "b.bplab")
        ours = load_dataset(CORPUS / "iris_basic.csv", 1)
        theirs = read_session(tmp_path / "b.bplab").dataset
        assert np.array_equal(ours.targets, theirs.targets)


def test_what_is_in_doubt_is_told(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{4 + i * 0.37:.3f},{i % 9},{i % 5},{i % 4},{'uvw'[i % 3]}\n" for i in range(40))
    (tmp_path / "t.csv").write_text(f"a,b,c,d,k\n{rows}")
    assert main([str(toml), "--data", str(tmp_path / "t.csv"), "--steps", "1"]) == OK
    assert "4.000 may be 4 or 4000" in capsys.readouterr().err


def test_what_is_in_doubt_is_answered_by_the_option_that_was_told(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f"{4 + i * 0.37:.3f},{i % 9},{i % 5},{i % 4},{'uvw'[i % 3]}\n" for i in range(40))
    path = tmp_path / "t.csv"
    path.write_text(f"a,b,c,d,k\n{rows}")
    arguments = [str(toml), "--data", str(path), "--steps", "1"]
    assert main(arguments) == OK
    told = capsys.readouterr().err
    flags = re.search(r"--decimal=\S+ --thousands=\S+", told)
    assert flags is not None, told
    out = tmp_path / "t.bplab"
    assert main([*arguments, "--save", str(out), *shlex.split(flags[0])]) == OK
    assert capsys.readouterr().err == ""
    column = read_session(out).dataset.inputs[:, 0]
    first = load_dataset(path).inputs[:, 0]
    assert column.tolist() != first.tolist()


def test_the_options_of_reading_are_those_of_load_dataset(toml: Path, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = [f"{i}|{i * 7 % 23},5|{'-' if i == 3 else 'größe'}{i % 3}|n{i}" for i in range(40)]
    path.write_text("\n".join(["remark", "1|2|3|4", *rows, "x|1|größe1|n"]), encoding="cp1252")
    out = tmp_path / "t.bplab"
    arguments = ["--encoding=cp1252", "--delimiter=|", "--decimal=,", "--thousands=", "--header=yes"]
    arguments += [
        "--skip-lines=1",
        "--missing=-0",
        "--role=1=feature",
        "--role=3=target",
        "--type=1=number",
    ]
    assert main([str(toml), "--data", str(path), *arguments, "--skip-bad-rows", "--save", str(out)]) == OK
    data = read_session(out).dataset
    assert (data.feature_names, data.class_names) == (("1", "2"), ("größe0", "größe1", "größe2"))
    assert data.inputs.shape == (39, 2) and data.inputs[1, 1] == 7.5


@pytest.mark.parametrize("option", ["--header=perhaps", "--role=kind", "--skip-lines=-1"])
def test_options_of_reading_that_make_no_sense(toml: Path, option: str) -> None:
    with pytest.raises(SystemExit):
        main([str(toml), "--data", "x.csv", option])


def test_the_split_of_the_file_holds_unless_the_experiment_says_another(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "t.csv"
    rows = [f"{i * 0.37:.2f},{'test' if i % 4 == 0 else 'train'},{'abc'[i % 3]}" for i in range(40)]
    path.write_text("\n".join(["x,split,kind", *rows]))
    out = tmp_path / "t.bplab"
    arguments = ["--data", str(path), "--save", str(out)]
    whole = toml.read_text()
    toml.write_text(re.sub(r"(?m)^split = .*\n", "", whole))
    assert main([str(toml), *arguments]) == OK
    assert "'split'" in capsys.readouterr().err
    experiment = read_session(out).experiment
    assert experiment.split == "split" and experiment.validation > 0
    toml.write_text(re.sub(r"(?m)^split = .*$", 'split = "order"', whole))
    assert main([str(toml), *arguments]) == OK
    assert capsys.readouterr().err == "" and read_session(out).experiment.split == "order"


def test_what_the_window_keeps_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trainer = Trainer(EXPERIMENT, builtin("iris"))
    trainer.run(30)
    write_session(capture(trainer, {"pins": [3]}), tmp_path / "s.bplab")
    summary(capsys, tmp_path / "s.bplab", "--steps", 1, "--save", tmp_path / "t.bplab")
    assert read_session(tmp_path / "t.bplab").view == {"pins": [3]}


def test_records_and_exports(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = [name for name in EXPORTS if name not in ("onnx", "parquet")]
    arguments: list[Any] = [toml, "--data", "iris", "--steps", 20, "--record", tmp_path / "r.npz"]
    for name in wanted:
        arguments += ["--export", name, tmp_path / name]
    summary(capsys, *arguments)
    for name in wanted:
        assert (tmp_path / name).stat().st_size > 500
    with np.load(tmp_path / "r.npz") as file:
        assert {name.split("/")[0] for name in file.files} == {"layout", "step_20"}
    summary(capsys, *arguments[:7], "--record-steps", "1,5-7")
    with np.load(tmp_path / "r.npz") as file:
        steps = {name.split("/")[0] for name in file.files}
    assert steps == {"layout", "step_1", "step_5", "step_6", "step_7"}


def test_for_people_to_read(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(toml), "--data", "iris", "--steps", "2"]) == OK
    captured = capsys.readouterr()
    assert "step: 2\n" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("experiment", "data", "said", "names"),
    [
        (
            EXPERIMENT.changed(validation=0.2),
            "iris",
            {
                "loss": "(cross-entropy, mean over the mini-batch of step 5, before its update)",
                "metric": "(accuracy on the same rows)",
            },
            ("cross_entropy", "mean", "accuracy", 30),
        ),
        (
            Experiment((Layer(2, "tanh"), Layer(1)), reduction="sum", learning_rate=0.001, validation=0.1),
            "sine",
            {
                "loss": "(squared error ½Σ, summed over the mini-batch of step 5, before its update)",
                "metric": "(R² on the same rows)",
            },
            ("squared_error", "sum", "r2"),
        ),
    ],
)
def test_loss_and_metric_say_what_they_are_and_of_which_rows(
    experiment: Experiment,
    data: str,
    said: dict[str, str],
    names: tuple[object, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    toml = tmp_path / "e.toml"
    toml.write_text(experiment.to_toml(), encoding="utf-8")
    assert main([str(toml), "--data", data, "--steps", "5"]) == OK
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert {name: lines[name].split(" ", 1)[1] for name in said} == said
    result = summary(capsys, toml, "--data", data, "--steps", 5)
    keys = ("loss_name", "reduction", "metric_name", "validation_rows")
    assert tuple(result[key] for key in keys)[: len(names)] == names
    trainer = Trainer(experiment, builtin(data))
    trainer.run(4)
    assert lines["loss"].split()[0] == full(trainer.step().data_loss)
    if result["validation_step"] is not None:
        rows, step = result["validation_rows"], result["validation_step"]
        assert f"over the {rows} validation rows after step {step})" in lines["validation loss"]


def diverging(tmp_path: Path) -> tuple[Path, Path]:
    inputs = np.array([[1e200], [2e200], [-1e200], [0.5e200]])
    data = Dataset.from_arrays(inputs, [1e200, 2.0, 3.0, 4.0])
    trainer = Trainer(Experiment((Layer(2, "tanh"), Layer(1)), learning_rate=0.1), data)
    write_session(capture(trainer), tmp_path / "s.bplab")
    return tmp_path / "s.bplab", tmp_path / "out.bplab"


def test_r2_of_a_constant_target_is_said_to_be_undefined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "flat.csv").write_text("x,y\n1,0.1\n2,0.1\n3,0.1\n")
    (tmp_path / "one.toml").write_text("layers = [{ units = 1 }]\n")
    flat = [str(tmp_path / "one.toml"), "--data", str(tmp_path / "flat.csv"), "--target", "y", "--steps", "3"]
    assert main(flat) == OK
    assert "metric: not defined, for all targets are equal" in capsys.readouterr().out
    assert summary(capsys, *flat)["metric"] is None


def test_divergence_has_its_own_status_and_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = diverging(tmp_path)
    assert main([str(path), "--steps", "1000", "--save", str(out), "--json"]) == DIVERGED
    captured = capsys.readouterr()
    result = json.loads(captured.out)
    assert result["diverged"]["step"] == result["step"] + 1
    assert "gave" in captured.err
    assert read_session(out).present.step == result["step"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("seed = -1", "seed is -1"),
        ("batch_size = 1000", "larger than the 120 training rows"),
        ("loss = 'hinges'", "'hinges' is not known"),
        ("{ units = 4, activation = 'softmax' },", "4 units, the data 3 target columns"),
    ],
)
def test_an_experiment_that_is_not_right(
    change: str, words: str, toml: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = EXPERIMENT.to_toml().splitlines()
    key = change.split(" = ")[0]
    lines = [change if line.strip().startswith(key) and "tanh" not in line else line for line in lines]
    toml.write_text("\n".join(lines))
    assert main([str(toml), "--data", "iris"]) == BAD_INPUT
    captured = capsys.readouterr()
    assert captured.err.startswith(f"backprop-lab: e.toml, line {lines.index(change) + 1}: ")
    assert words in captured.err
    assert captured.out == ""


def test_other_bad_input(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.bplab"
    bad.write_bytes(b"nothing")
    for arguments, words in (
        ([bad], "bad.bplab is not a session"),
        ([tmp_path / "none.toml", "--data", "iris"], "none.toml cannot be read"),
        ([toml, "--data", "irises"], "irises cannot be read"),
        ([toml, "--data", CORPUS / "bad_number.csv"], "bad_number.csv: Line "),
        ([toml, "--data", "iris", "--save", tmp_path / "no" / "s.bplab"], "s.bplab cannot be written"),
        ([toml, "--data", "iris", "--record", tmp_path / "r.npz", "--record-steps", "9"], "no step 9"),
    ):
        assert main([*map(str, arguments)]) == BAD_INPUT
        assert words in capsys.readouterr().err
    result = summary(capsys, bad, status=BAD_INPUT)
    assert result["error"]["kind"] == "not_a_session"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["e.toml"],
        ["e.toml", "--data", "iris", "--steps", "-1"],
        ["e.toml", "--data", "iris", "--steps", "x"],
        ["e.toml", "--data", "iris", "--steps", "1", "--epochs", "1"],
        ["e.toml", "--data", "iris", "--export", "word", "x"],
        ["e.toml", "--data", "iris", "--export", "numpy"],
        ["e.toml", "--data", "iris", "--record-steps", "1"],
        ["e.toml", "--data", "iris", "--record", "x", "--record-steps", "1-x"],
        ["e.toml", "--data", "iris", "--record", "x", "--record-steps", "1-999999999"],
        ["e.toml", "--data", "iris", "--threads", "0"],
        ["s.bplab", "--target", "y"],
        ["e.toml", "--data", "iris", "--nothing"],
    ],
)
def test_a_command_line_that_makes_no_sense(
    arguments: Sequence[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == USAGE
    assert "usage: backprop-lab run" in capsys.readouterr().err


def test_help_needs_no_qt_and_names_everything() -> None:
    for arguments, words in (
        (["run", "--help"], [*EXPORTS, "--record", "exit status"]),
        (["--help"], ["run "]),
    ):
        source = (
            "import sys\nfrom gui.app import main\n"
            f"try:\n    main({arguments!r})\nfinally:\n    assert 'PySide6' not in sys.modules"
        )
        child = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True)
        assert child.returncode == 0, child.stderr
        for word in words:
            assert word in child.stdout


def test_the_command_starts_it_without_qt(toml: Path) -> None:
    source = (
        "import sys\nfrom gui.app import main\n"
        f"status = main(['run', {str(toml)!r}, '--data', 'iris', '--steps', '5'])\n"
        "assert not {'PySide6', 'shiboken6', 'pyqtgraph'} & set(sys.modules)\nsys.exit(status)"
    )
    child = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
    assert "step: 5" in child.stdout


def test_numbers_are_printed_as_the_window_has_them(tmp_path: Path) -> None:
    toml = tmp_path / "e.toml"
    toml.write_text(EXPERIMENT.changed(learning_rate=2e-8).to_toml())
    arguments = ["run", str(toml), "--data", "iris", "--steps", "1"]
    source = f"import gui.app; raise SystemExit(gui.app.main({arguments!r}))"
    for encoding in ("utf-8", "cp1252"):
        child = subprocess.run(
            [sys.executable, "-c", source],
            cwd=ROOT,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        assert child.returncode == 0, child.stderr
        assert "learning rate: 2·10⁻⁸" in child.stdout.decode("utf-8")


def test_a_usage_error_through_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        command(["run"])
    assert caught.value.code == USAGE
    assert "backprop-lab run" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="a terminal and its signals are another matter on Windows")
def test_a_bar_on_a_terminal_and_ctrl_c_keeps_what_there_is(toml: Path, tmp_path: Path) -> None:
    import pty

    out = tmp_path / "s.bplab"
    arguments = ["run", str(toml), "--data", "iris", "--steps", "100000000", "--save", str(out)]
    source = f"import sys\nfrom gui.app import main\nsys.exit(main({arguments!r}))"
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", source], cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal, text=True
    ) as child:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # Linux says so when the other end is closed
            while block := os.read(screen, 4096):
                if b"loss" in block and b"loss" not in shown:
                    child.send_signal(signal.SIGINT)
                shown += block
        output, _ = child.communicate(timeout=120)
    os.close(screen)
    assert b"% " in shown
    assert b"loss" in shown
    assert child.returncode == INTERRUPTED
    steps = int(output.split("step: ")[1].split()[0])
    assert 0 < steps == read_session(out).present.step


def test_it_says_why_a_network_does_not_learn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layers = (Layer(4, "tanh"), Layer(1, "sigmoid"))
    experiment = Experiment(layers, "binary_cross_entropy", learning_rate=1.0, initializer="zeros")
    path = tmp_path / "zeros.toml"
    path.write_text(experiment.to_toml(), encoding="utf-8")
    arguments = [str(path), "--data", "xor", "--steps", "300", "--diagnose"]
    assert main(arguments) == OK
    assert "diagnosis: 4 of the 4 units of Hidden 1 begin with the same parameters" in capsys.readouterr().out
    assert main([*arguments, "--json"]) == OK
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["cause"], finding["since"], finding["where"]) == ("symmetric_units", 0, {"layer": 1})
    assert Experiment.from_toml(finding["cure"]).initializer.name == "xavier_normal"
    assert finding["tried"]["after"] < 0.1


def test_it_says_so_where_nothing_is_wrong(toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(toml), "--data", "iris", "--epochs", "60", "--diagnose"]) == OK
    assert "diagnosis: nothing was found" in capsys.readouterr().out


def test_it_does_not_say_so_of_what_was_not_examined_or_ended_badly(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(toml), "--data", "iris", "--diagnose"]) == OK
    assert "diagnosis: there is nothing to examine before the first step" in capsys.readouterr().out
    wild = tmp_path / "wild.toml"
    layers = (Layer(3, "tanh"), Layer(1, "sigmoid"))
    experiment = Experiment(layers, "binary_cross_entropy", learning_rate=1e308)
    wild.write_text(experiment.to_toml(), encoding="utf-8")
    main([str(wild), "--data", "circles", "--steps", "50", "--diagnose"])
    assert "nothing was found" not in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="pipes break in another way on Windows")
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_output_that_nobody_reads_ends_it_quietly(toml: Path, tmp_path: Path, form: list[str]) -> None:
    out = tmp_path / "s.bplab"
    arguments = ["run", str(toml), "--data", "iris", "--steps", "2", "--save", str(out), *form]
    source = "from gui.app import run; run()"
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as unread:
        child = subprocess.run(
            [sys.executable, "-c", source, *arguments], cwd=ROOT, stdout=unread, stderr=subprocess.PIPE
        )
    assert (child.returncode, child.stderr) == (141, b"")
    assert read_session(out).present.step == 2

"""`backprop-lab check`: verdicts, exit statuses, and what graders read."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import MISTAKES, Dataset, Experiment, Layer, Trainer
from engine.files.session import capture, write_session
from engine.mistakes.case_file import read_case
from engine.mistakes.command import AGREES, DIFFERS, FAILED, USAGE, main
from engine.mistakes.reference import Case
from gui.app import main as command
from tests.benchmarks.wrong_steps import computed

ROOT = Path(__file__).parents[3]
PROGRAMS = ROOT / "tests" / "data" / "wrong-steps" / "programs"
TRUTH = json.loads((PROGRAMS / "truth.json").read_text(encoding="utf-8"))
NET = Experiment((Layer(3, "tanh"), Layer(2, "sigmoid")), learning_rate=0.1)

STEP = """
import numpy as np

def step(X, T, W, b):
    B = len(X)
    z1 = X @ W[0] + b[0]
    a1 = np.tanh(z1)
    z2 = a1 @ W[1] + b[1]
    a2 = 1 / (1 + np.exp(-z2))
    delta2 = (a2 - T) * a2 * (1 - a2) / B
    delta1 = delta2 @ W[1].T * {slope}
    return {{"a2": a2, "dW1": X.T @ delta1, "dW2": a1.T @ delta2, "db1": delta1.sum(0), "db2": delta2.sum(0)}}
"""


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "net.toml"
    path.write_text(NET.to_toml(), encoding="utf-8")
    return path


def verdict(capsys: pytest.CaptureFixture[str], *arguments: Any, status: int) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == status
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_a_test_case_is_given_filled_in_and_checked(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "homework"
    assert main(["--give", str(folder), "--against", str(toml), "--inputs", "4"]) == AGREES
    assert sorted(path.name for path in folder.iterdir()) == ["case.npz", "check_me.py", "probe.py"]
    program = folder / "check_me.py"
    first = verdict(capsys, program, status=AGREES)  # z1 alone is right as it stands
    assert [list(batch["quantities"]) for batch in first["batches"]] == [["z1"]] * 3
    assert main(["--give", str(folder), "--against", str(toml)]) == USAGE
    assert "not overwritten" in capsys.readouterr().err
    program.write_text(STEP.format(slope="(1 - a1**2)"), encoding="utf-8")
    assert verdict(capsys, program, status=AGREES)["mistakes"] == []
    program.write_text(STEP.format(slope="(1 - a1)"), encoding="utf-8")
    wrong = verdict(capsys, program, status=DIFFERS)
    assert wrong["first_wrong"] == "dW1" and wrong["mistakes"] == [["tanh_not_squared"]]


def test_a_step_that_is_not_filled_in_fails_what_is_required(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--give", str(tmp_path), "--against", str(toml)])
    program, report = tmp_path / "check_me.py", tmp_path / "result.xml"
    found = verdict(capsys, program, "--require", "db,dW", "--junit", report, status=DIFFERS)
    assert found["missing"] == ["dW2", "db2", "dW1", "db1"] and not found["agrees"]
    cases = ET.parse(report).getroot()[0]
    assert cases.get("failures") == "12" and cases.get("tests") == "15"
    assert [c.get("name") for c in cases if c.find("failure") is not None][:4] == found["missing"]
    assert main([str(program), "--require", "z1, dW2"]) == DIFFERS
    said = capsys.readouterr().out
    assert "NOT GIVEN, though required: dW2." in said and "All of it agrees" not in said
    assert verdict(capsys, program, "--require", "z1", status=AGREES)["missing"] == []
    program.write_text(STEP.format(slope="(1 - a1**2)"), encoding="utf-8")
    assert verdict(capsys, program, "--require", "dW,db,a2", status=AGREES)["missing"] == []
    for unknown in ("gradients", ""):
        with pytest.raises(SystemExit) as refused:
            main([str(program), "--require", f"dW,{unknown}"])
        assert refused.value.code == USAGE
        assert f"'{unknown}' is no quantity of this network" in capsys.readouterr().err


def test_what_is_required_is_asked_of_every_batch(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--give", str(tmp_path), "--against", str(toml)])
    program = tmp_path / "check_me.py"
    whole = STEP.format(slope="(1 - a1**2)")
    _, batches = read_case(tmp_path / "case.npz")
    last = float(batches[-1].inputs[0, 0])
    program.write_text(
        whole.replace("    return", f"    if X[0, 0] == {last!r}:\n        return {{'a2': a2}}\n    return"),
        encoding="utf-8",
    )
    assert verdict(capsys, program, status=AGREES)["missing"] == []
    assert verdict(capsys, program, "--require", "dW1", status=DIFFERS)["missing"] == ["dW1"]


def test_the_given_case_is_of_several_batches_of_the_network(toml: Path, tmp_path: Path) -> None:
    main(["--give", str(tmp_path), "--against", str(toml), "--inputs", "6"])
    experiment, batches = read_case(tmp_path / "case.npz")
    assert experiment == NET and len(batches) == 3
    assert {batch.inputs.shape[1] for batch in batches} == {6}
    assert len({batch.inputs.shape[0] for batch in batches}) > 1


def test_it_is_said_for_people(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text(STEP.format(slope="(1 - a1)") + "\nprint('hello')\n", encoding="utf-8")
    assert main([str(tmp_path / "mine.py"), "--against", str(toml)]) == DIFFERS
    out, err = capsys.readouterr()
    assert "Running mine.py in a process of its own" in err
    assert "batches that agree: 0 of 3" in out and "First wrong: dW1." in out
    assert MISTAKES["tanh_not_squared"].meaning in out and "right  1 - a**2" in out
    assert "It printed:\n  hello" in out


@pytest.mark.parametrize("name", [name for name in TRUTH if name != "torch_manual.py"])
def test_programs_as_students_write_them(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = TRUTH[name]
    toml = tmp_path / "net.toml"
    toml.write_text(Experiment.from_plain(truth["experiment"]).to_toml(), encoding="utf-8")
    variables = truth["variables"]
    names = {"inputs": variables["inputs"], "targets": variables["targets"], **variables["given"]}
    for kind, part in (("W", "weights"), ("b", "biases")):
        names |= {f"{kind}{n} before": text for n, text in enumerate(variables[part], 1)}
    options = [part for role, text in names.items() for part in ("--name", f"{role}={text}")]
    status = AGREES if truth["agrees"] else DIFFERS
    result = verdict(capsys, PROGRAMS / name, "--against", toml, *options, status=status)
    assert result["first_wrong"] == truth["first_wrong"]
    assert {frozenset(e) for e in result["mistakes"]} == {frozenset(e) for e in truth["mistakes"]}


@pytest.mark.parametrize("name", [n for n in TRUTH if n != "torch_manual.py"])
def test_and_without_saying_what_is_what(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = TRUTH[name]
    toml = tmp_path / "net.toml"
    toml.write_text(Experiment.from_plain(truth["experiment"]).to_toml(), encoding="utf-8")
    status = AGREES if truth["agrees"] else DIFFERS
    result = verdict(capsys, PROGRAMS / name, "--against", toml, status=status)
    assert {frozenset(e) for e in result["mistakes"]} == {frozenset(e) for e in truth["mistakes"]}


@pytest.mark.parametrize("name", ["torch_manual.py"])
def test_a_program_with_pytorch(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch")
    test_and_without_saying_what_is_what(name, tmp_path, capsys)


def test_the_articles_listing_as_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its function with arrays handed to it, and its variables within the function."""
    (tmp_path / "net.toml").write_text(
        NET.changed(
            layers=(Layer(3, "sigmoid"), Layer(2, "sigmoid")), reduction="sum", learning_rate=0.5
        ).to_toml()
    )
    (tmp_path / "listing.py").write_text(
        """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def train(inputs, targets, learning_rate):
    W1 = np.random.rand(4, 3)
    W2 = np.random.rand(3, 2)
    b1 = np.random.rand(3)
    b2 = np.random.rand(2)
    hidden = sigmoid(np.dot(inputs, W1) + b1)
    outputs = sigmoid(np.dot(hidden, W2) + b2)
    gradients = (targets - outputs) * outputs * (1 - outputs)
    W2 += learning_rate * np.dot(hidden.T, gradients)
    b2 += learning_rate * np.mean(gradients, axis=0)
    errors = np.dot(gradients, W2.T)
    slopes = errors * hidden * (1 - hidden)
    W1 += learning_rate * np.dot(inputs.T, slopes)
    b1 += learning_rate * np.mean(slopes, axis=0)
    return outputs

np.random.seed(3)
train(np.random.rand(5, 4), np.random.rand(5, 2), 0.5)
""",
        encoding="utf-8",
    )
    result = verdict(capsys, tmp_path / "listing.py", "--against", tmp_path / "net.toml", status=DIFFERS)
    assert {frozenset(e) for e in result["mistakes"]} == {
        frozenset({"updated_weights_backward", "bias_mean"})
    }


def test_numbers_against_a_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(6, 4)), rng.random((6, 2)))
    trainer = Trainer(NET, data)
    trainer.run(3)
    write_session(capture(trainer, {}), tmp_path / "net.bplab")
    record = trainer.peek()
    right = {"dW1": record.weight_grads[0], "db2": record.bias_grads[1], "loss": record.data_loss}
    np.savez(tmp_path / "mine.npz", **right)
    arguments = (tmp_path / "mine.npz", "--against", tmp_path / "net.bplab")
    assert verdict(capsys, *arguments, status=AGREES)["agrees"]
    np.savez(tmp_path / "mine.npz", **{**right, "dW1": 2 * right["dW1"]})
    assert verdict(capsys, *arguments, status=DIFFERS)["first_wrong"] == "dW1"


def test_numbers_as_text_with_the_start_in_them(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(1)
    W, b = [rng.normal(size=(4, 3)), rng.normal(size=(3, 2))], [rng.normal(size=3), rng.normal(size=2)]
    x, t = rng.normal(size=(5, 4)), rng.random((5, 2))
    step = computed(Case(NET, x, t, W, b), [MISTAKES["no_output_slope"].varied])
    text = (
        f"X {x}\nT {t}\nW1 {W[0]}\nW2 {W[1]}\nb1 {b[0]}\nb2 {b[1]}\ndW1 {step['dW1']}\nmy_dw {step['dW2']}\n"
    )
    (tmp_path / "pasted.txt").write_text(text, encoding="utf-8")
    result = verdict(
        capsys, tmp_path / "pasted.txt", "--against", toml, "--name", "dW2=my_dw", status=DIFFERS
    )
    assert result["mistakes"] == [["no_output_slope"]]
    assert result["batches"][0]["names"]["my_dw"] == "dW2"


def test_junit_for_course_systems(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.py").write_text(STEP.format(slope="1"), encoding="utf-8")
    report = tmp_path / "result.xml"
    assert main([str(tmp_path / "mine.py"), "--against", str(toml), "--junit", str(report)]) == DIFFERS
    suite = ET.parse(report).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("15", "6", "0")
    failed = [case for case in suite.iter("testcase") if case.find("failure") is not None]
    assert [case.get("name") for case in failed] == ["dW1", "db1"] * 3
    first = failed[0].find("failure")
    assert first is not None and first.text is not None and "no_hidden_slope" in first.text
    (tmp_path / "mine.py").write_text("1 / 0\n", encoding="utf-8")
    assert main([str(tmp_path / "mine.py"), "--against", str(toml), "--junit", str(report)]) == FAILED
    suite = ET.parse(report).getroot().find("testsuite")
    assert suite is not None and suite.get("errors") == "1"
    assert "line 1" in capsys.readouterr().err


def test_a_program_that_fails_has_its_own_status(
    toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text("def step(X, T, W, b):\n    return X @ X\n", encoding="utf-8")
    assert main([str(tmp_path / "mine.py"), "--against", str(toml), "--json"]) == FAILED
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["kind"] == "program_failed"
    assert "mine.py, line 2: The program failed: ValueError" in err and "line 2, in step: return X @ X" in err
    assert ". Mend that line" in err and ".. Mend" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["mine.npz"],
        ["mine.npz", "--give", "here", "--against", "net.toml"],
        ["--give", "here"],
        ["mine.npz", "--against", "net.toml", "--name", "dW1"],
        ["mine.npz", "--against", "net.toml", "--timeout", "soon"],
        ["mine.npz", "--against", "net.toml", "--inputs", "0"],
    ],
)
def test_a_command_line_that_makes_no_sense(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == USAGE


@pytest.mark.parametrize(
    ("file", "against", "said"),
    [
        ("missing.npz", "net.toml", "cannot be read"),
        ("bad.txt", "net.toml", "bad.txt, line 1: NumPy has left numbers out"),
        ("mine.txt", "missing.toml", "cannot be read"),
        ("mine.txt", "bad.toml", "bad.toml, line 2: "),
        ("mine.txt", "bad.npz", "is not a test case"),
    ],
)
def test_files_that_are_not_right(
    file: str, against: str, said: str, toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.txt").write_text("dW1 [1 ... 2]")
    (tmp_path / "mine.txt").write_text("dW1 = [[1, 2]]")
    (tmp_path / "bad.toml").write_text('layers = [{ units = 2 }]\nloss = "none of them"\n')
    np.savez(tmp_path / "bad.npz", x=np.ones(2))
    assert main([str(tmp_path / file), "--against", str(tmp_path / against)]) == USAGE
    err = capsys.readouterr().err
    assert said in err
    assert (
        err.lower().count("line ") <= 1 and err.count(against if "bad" in against else file) <= 1
    )  # told once


def test_what_is_not_given_is_named(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--give", str(tmp_path / "task"), "--against", str(toml)])
    assert main([str(tmp_path / "task" / "check_me.py")]) == AGREES
    assert "Not given, so not judged: a1, z2, a2, loss, delta2, dW2, db2," in capsys.readouterr().out


@pytest.mark.parametrize("step", [STEP.format(slope="2"), "raise ValueError"])
def test_a_report_that_cannot_be_written_is_no_verdict(
    step: str, toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.py").write_text(step)
    report = tmp_path / "no folder" / "out.xml"
    status = main([str(tmp_path / "mine.py"), "--against", str(toml), "--junit", str(report)])
    assert status == USAGE, "1 would be a student's mark"
    assert "--junit: out.xml cannot be written" in capsys.readouterr().err


def test_it_is_a_command_and_loads_no_qt(toml: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("loss = 0.1")
    code = f"""
import sys
from gui.app import main
status = main(["check", {str(tmp_path / "mine.txt")!r}, "--against", {str(toml)!r}])
print([name for name in sys.modules if "PySide6" in name], status)
"""
    child = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "[] 2"
    assert "What the step starts from is not all there" in child.stderr
    with pytest.raises(SystemExit):
        command(["check", "--help"])

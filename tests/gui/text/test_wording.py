"""What the commands without a window say in another language."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from gui.app import main

EXPERIMENT = """\
loss = "cross_entropy"
validation = 0.2
layers = [{ units = 3, activation = "softmax" }]
"""
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture
def toml(tmp_path: Path, qapp: object) -> Path:
    path = tmp_path / "e.toml"
    path.write_text(EXPERIMENT)
    return path


@pytest.mark.parametrize("option", [["--language", "zh_CN"], ["--language=zh_CN"]])
def test_the_summary(option: list[str], toml: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["run", str(toml), "--data", "iris", "--epochs", "1"]
    assert main([*run, "--diagnose", *option]) == 0
    out = capsys.readouterr().out
    assert "损失：" in out and "交叉熵" in out and "30 个验证行" in out
    assert not re.search(r"\b(loss|metric|step|rows|diagnosis)\b", out)
    assert main([*run, "--language", "en"]) == 0  # and it is English again
    assert "loss: " in capsys.readouterr().out
    assert main([*run, "--json", *option]) == 0  # what programs read is the same
    assert json.loads(capsys.readouterr().out)["loss_name"] == "cross_entropy"


def test_errors_and_warnings(toml: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    toml.write_text(EXPERIMENT.replace("units = 3", "units = -3"))
    assert main(["run", str(toml), "--data", "iris", "--language", "zh_CN"]) == 1
    assert CHINESE.search(capsys.readouterr().err)
    assert main(["predict", str(tmp_path / "no.bplab"), "x.csv", "--language", "zh_CN"]) == 1
    assert CHINESE.search(capsys.readouterr().err)


def test_a_language_that_there_is_not(toml: Path) -> None:
    with pytest.raises(SystemExit):
        main(["run", str(toml), "--data", "iris", "--language", "xx"])


def test_without_qt_it_says_so_in_english(
    toml: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "gui.text.wording", None)
    assert main(["run", str(toml), "--data", "iris", "--steps", "1", "--language", "zh_CN"]) == 0
    said = capsys.readouterr()
    assert "loss: " in said.out and "in English" in said.err

"""What is no file is refused at once, and a disk that cannot be read is told as such."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.data.load import inspect, load_dataset
from engine.data.options import ReadOptions
from engine.errors import DatasetError, EngineError
from engine.files.experiment_file import read_experiment
from engine.files.session import read_session
from engine.headless import main

TABLE = "a,b,y\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(50))
READERS: dict[str, Callable[[Path], object]] = {
    "data.csv": load_dataset,
    "looked at.csv": lambda path: inspect(path, ReadOptions()),
    "session.bplab": read_session,
    "experiment.toml": read_experiment,
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
@pytest.mark.parametrize("name", READERS)
def test_a_pipe_is_refused_and_not_waited_for(name: str, tmp_path: Path) -> None:
    pipe = tmp_path / name
    os.mkfifo(pipe)
    with pytest.raises(EngineError) as caught:
        READERS[name](pipe)
    assert caught.value.kind == "cannot_read" and "pipe" in str(caught.value)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no such device here")
@pytest.mark.parametrize("name", READERS)
def test_a_device_is_refused(name: str) -> None:
    with pytest.raises(EngineError) as caught:
        READERS[name](Path("/dev/zero"))
    assert caught.value.kind == "cannot_read" and "device" in str(caught.value)


@pytest.mark.parametrize("ending", ["csv", "arff"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_disk_that_cannot_be_read_is_told_with_the_name_of_the_file(
    ending: str, after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"table.{ending}"
    path.write_text(TABLE)
    reads = [0]

    class Broken(io.BufferedReader):
        def read(self, size: int | None = -1) -> bytes:
            reads[0] += 1
            if reads[0] > after:
                raise OSError(errno.EIO, "Input/output error")
            return super().read(size)

    monkeypatch.setattr("engine.data.source.open_file", lambda path: Broken(io.FileIO(path)))
    with pytest.raises(DatasetError) as caught:
        load_dataset(path)
    assert caught.value.details["name"] == path.name
    assert "Input/output error" in str(caught.value)


def test_the_command_line_refuses_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names here")
    os.mkfifo(tmp_path / "pipe.csv")
    experiment = tmp_path / "experiment.toml"
    experiment.write_text('layers = [{ units = 1, activation = "sigmoid" }]\nloss = "binary_cross_entropy"\n')
    assert main(["run", str(experiment), "--data", str(tmp_path / "pipe.csv")][1:]) == 1
    assert "pipe.csv" in capsys.readouterr().err

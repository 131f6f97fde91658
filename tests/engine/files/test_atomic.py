"""Writing a file: what may be replaced, and what helps where it cannot be written."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from engine import Experiment, Layer
from engine.errors import SessionError
from engine.files.atomic import write_text
from engine.headless import BAD_INPUT, main


def refused(path: Path) -> SessionError:
    with pytest.raises(SessionError) as caught:
        write_text(path, "new")
    assert caught.value.kind == "cannot_write"
    assert not list(path.parent.glob(".*.part"))
    return caught.value


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no named pipes here")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_not_replaced(linked: bool, pipe: Path, tmp_path: Path) -> None:
    path = tmp_path / "link" if linked else pipe
    if linked:
        path.symlink_to(pipe)
    error = refused(path)
    assert error.message == "pipe cannot be written: it is a device or a pipe, not a file."
    assert error.mend == "It is untouched. Choose another name."
    assert stat.S_ISFIFO(pipe.lstat().st_mode) and path.is_symlink() == linked


def test_a_run_does_not_replace_a_pipe(
    pipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = tmp_path / "iris.toml"
    toml.write_text(Experiment((Layer(3, "softmax"),), loss="cross_entropy").to_toml())
    assert main([str(toml), "--data", "iris", "--steps", "1", "--record", str(pipe)]) == BAD_INPUT
    assert "pipe cannot be written: it is a device or a pipe" in capsys.readouterr().err
    assert stat.S_ISFIFO(pipe.lstat().st_mode)


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    error = refused(tmp_path / "folder")
    assert str(error) == ("folder cannot be written: it is a folder. It is untouched. Choose another name.")
    assert (tmp_path / "folder").is_dir()


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "file").read_text() == "new"


def test_a_missing_folder_asks_for_no_room(tmp_path: Path) -> None:
    error = refused(tmp_path / "missing" / "x.bplab")
    assert error.mend == "Make the folder first, or choose another place."
    (tmp_path / "file").write_text("")
    assert refused(tmp_path / "file" / "x.bplab").mend == error.mend


def test_a_read_only_file_asks_for_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.bplab").write_text("old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write it
    assert refused(tmp_path / "x.bplab").mend.endswith("Choose a place where you may write.")


@pytest.mark.parametrize(
    ("number", "mend"),
    [
        (errno.EACCES, "What was there before is untouched. Choose a place where you may write."),
        (errno.EROFS, "What was there before is untouched. Choose a place where you may write."),
        (errno.ENOSPC, "What was there before is untouched. Make room, or choose another place."),
        (errno.EIO, "What was there before is untouched. Choose another place."),
    ],
)
def test_what_helps_goes_by_the_reason(
    number: int, mend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    assert refused(tmp_path / "x.bplab").mend == mend

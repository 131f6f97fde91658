"""Animations: every asked-for step once, in order, as the network was then; cancelled without a trace."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from engine import Trainer, builtin
from engine.errors import EngineError, SessionError
from engine.files.session import Session, capture
from engine.suitable import first_experiment
from gui.document.focus import Focus
from gui.files.animation import Film, Stage, _write_gif, write_animation
from gui.training.tasks import Task, Tasks
from gui.views.network import NetworkView

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def network(qtbot: QtBot) -> NetworkView:
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    return view


@pytest.fixture
def tasks(qapp: object) -> Iterator[Tasks]:
    tasks = Tasks()
    tasks.start()
    yield tasks
    tasks.shut_down()


def session(steps: int = 40) -> Session:
    trainer = Trainer(first_experiment(), builtin("article"))
    trainer.run(steps)
    return capture(trainer)


class Filming:
    """An animation that is being written, and what came of it."""

    def __init__(self, qtbot: QtBot, tasks: Tasks, network: NetworkView, film: Film, path: Path) -> None:
        self.paths: tuple[Path, ...] | None = None
        self.error: EngineError | None = None
        self.shares: list[float] = []
        self.ended = False
        self.stage = Stage(network, network)
        training = session()

        def write(task: Task) -> tuple[Path, ...]:
            return write_animation(training, film, path, self.stage, task.progress, task.cancelled)

        self.task = Task("", write, self._then, self._otherwise)
        tasks.progressed.connect(self._progressed)
        tasks.ended.connect(self._ended)
        tasks.submit(self.task)
        self._qtbot = qtbot

    def _then(self, paths: tuple[Path, ...]) -> None:
        self.paths = paths

    def _otherwise(self, error: EngineError) -> None:
        self.error = error

    def _progressed(self, task: Task, share: float) -> None:
        self.shares.append(share)

    def _ended(self, task: Task) -> None:
        self.ended = True

    def wait(self) -> None:
        self._qtbot.waitUntil(lambda: self.ended)
        self.stage.close()


def test_gif_has_a_picture_of_each_step(
    qtbot: QtBot, tasks: Tasks, network: NetworkView, tmp_path: Path
) -> None:
    path = tmp_path / "film.gif"
    filming = Filming(qtbot, tasks, network, Film(range(0, 41, 10), 80, 1.5), path)
    filming.wait()
    assert filming.paths == (path,)
    assert filming.shares == [0.0, 0.2, 0.4, 0.6, 0.8]
    with Image.open(path) as film:
        assert film.n_frames == 5  # type: ignore[attr-defined]
        assert film.size == (1200, 750)
        assert film.info["loop"] == 0
        durations, pictures = [], []
        for number in range(5):
            film.seek(number)
            durations.append(film.info["duration"])
            pictures.append(np.asarray(film.convert("RGB")).astype(int))
    assert durations == [80, 80, 80, 80, 640]
    for picture in pictures:
        assert (picture[:, -1] > 250).all() and (picture[0] > 250).all()  # white paper
    assert all((a != b).any() for a, b in pairwise(pictures))


def test_pngs_are_numbered_by_their_steps(
    qtbot: QtBot, tasks: Tasks, network: NetworkView, tmp_path: Path
) -> None:
    filming = Filming(qtbot, tasks, network, Film(range(2, 13, 5), scale=1), tmp_path / "film.png")
    filming.wait()
    names = ["film-02.png", "film-07.png", "film-12.png"]
    assert filming.paths == tuple(tmp_path / name for name in names)
    assert sorted(path.name for path in tmp_path.glob("*.png")) == names
    pictures = []
    for name in names:
        with Image.open(tmp_path / name) as picture:
            pictures.append(picture.convert("RGB").tobytes())
    assert len(set(pictures)) == 3


def test_cancelled_it_leaves_nothing(
    qtbot: QtBot, tasks: Tasks, network: NetworkView, tmp_path: Path
) -> None:
    path = tmp_path / "film.gif"
    path.write_bytes(b"what was there")
    filming = Filming(qtbot, tasks, network, Film(range(41)), path)
    qtbot.waitUntil(lambda: len(filming.shares) > 1)
    filming.task.cancel()
    filming.wait()
    assert filming.paths is None and filming.error is None
    assert path.read_bytes() == b"what was there"
    assert [p.name for p in tmp_path.iterdir() if "film" in p.name] == ["film.gif"]


def test_without_its_package_a_gif_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(SessionError) as caught:
        _write_gif(tmp_path / "a.gif", Film(range(2)), iter(()))
    assert caught.value.kind == "needs_package"
    assert caught.value.details["extra"] == "gif"
    assert not list(tmp_path.iterdir())


def test_place_that_cannot_be_written_to(
    qtbot: QtBot, tasks: Tasks, network: NetworkView, tmp_path: Path
) -> None:
    filming = Filming(qtbot, tasks, network, Film(range(3)), tmp_path / "nowhere" / "film.gif")
    filming.wait()
    assert filming.error is not None and filming.error.kind == "cannot_write"

"""Each picture of the gallery is of a session that opens, made of what the script says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import Experiment
from engine.files.session import read_session
from tools.gallery import GALLERY, SCENES, Scene

PAGE = (GALLERY.parent / "gallery.md").read_text(encoding="utf-8")


def test_the_page_shows_what_the_script_makes_and_nothing_else() -> None:
    names = {scene.name for scene in SCENES}
    assert set(re.findall(r"!\[[^]]+\]\(gallery/(\w+)\.png\)", PAGE)) == names
    assert set(re.findall(r"\]\(gallery/(\w+)\.bplab\)", PAGE)) == names
    assert {path.name for path in GALLERY.iterdir()} == {
        f"{name}.{ending}" for name in names for ending in ("png", "bplab")
    }


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_its_session_opens(scene: Scene) -> None:
    trainer = read_session(GALLERY / f"{scene.name}.bplab").restore()
    assert trainer.experiment == Experiment.from_toml(scene.experiment)
    assert trainer.dataset.name.lower().startswith(scene.data[:4])
    made = {"--steps": trainer.completed, "--epochs": trainer.epoch - trainer.at_epoch_start}
    option, length = scene.length
    assert made[option] == int(length)


def test_pictures_are_as_large_as_they_are_said_to_be() -> None:
    for path in Path(GALLERY).glob("*.png"):
        header = path.read_bytes()[16:24]
        assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (1280, 800)

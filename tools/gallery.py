"""Make the pictures of the gallery, each of a session that is kept beside it and opens.

    python tools/gallery.py                 all of them, into docs/gallery
    python tools/gallery.py spirals wine    these

A session is trained without a window, from what is said of it here, and the picture taken of the window that
opened it: what is seen is what a reader sees who opens it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "docs" / "gallery"
SIZE = "1280x800"


@dataclass(frozen=True)
class Scene:
    """What a picture shows.

    Attributes
    ----------
    name : str
        Of the session and of the picture.
    experiment : str
        As TOML.
    data : str
        The name of a built-in data set.
    length : tuple of str
        How long it is trained.
    look : tuple of str
        Options of the window.
    """

    name: str
    experiment: str
    data: str
    length: tuple[str, str]
    look: tuple[str, ...] = ()


SCENES = (
    Scene(
        "article",
        'learning_rate = 0.5\nbatch_size = 5\nlayers = [{units = 3, activation = "sigmoid"}, '
        '{units = 2, activation = "sigmoid"}]\nloss = "squared_error"\n',
        "article",
        ("--steps", "40"),
        ("--select", "1,3,2"),
    ),
    Scene(
        "xor",
        'learning_rate = 0.5\nbatch_size = 4\nlayers = [{units = 3, activation = "tanh"}, '
        '{units = 1, activation = "sigmoid"}]\nloss = "binary_cross_entropy"\n',
        "xor",
        ("--steps", "300"),
        ("--select", "2,1,1"),
    ),
    Scene(
        "spirals",
        'learning_rate = 0.01\noptimizer = "adam"\nbatch_size = 20\nvalidation = 0.2\n'
        'layers = [{units = 12, activation = "tanh"}, {units = 12, activation = "tanh"}, '
        '{units = 1, activation = "sigmoid"}]\nloss = "binary_cross_entropy"\n',
        "spiral",
        ("--epochs", "150"),
        ("--theme", "dark"),
    ),
    Scene(
        "wine",
        'learning_rate = 0.05\nbatch_size = 16\nvalidation = 0.25\nscaling = "zscore"\n'
        'layers = [{units = 6, activation = "relu"}, {units = 3, activation = "softmax"}]\n'
        'loss = "cross_entropy"\n',
        "wine",
        ("--epochs", "20"),
        ("--select", "2,1,2"),
    ),
    Scene(
        "digits",
        'learning_rate = 0.003\noptimizer = "adam"\nbatch_size = 32\nvalidation = 0.2\nscaling = "minmax"\n'
        'layers = [{units = 32, activation = "relu"}, {units = 10, activation = "softmax"}]\n'
        'loss = "cross_entropy"\n',
        "digits",
        ("--epochs", "10"),
    ),
    Scene(
        "iris",
        "learning_rate = 0.05\nbatch_size = 10\nvalidation = 0.2\n"
        'layers = [{units = 5, activation = "tanh"}, {units = 3, activation = "softmax"}]\n'
        'loss = "cross_entropy"\n',
        "iris",
        ("--epochs", "30"),
        ("--select", "1,3,1", "--language", "zh_CN"),
    ),
)


def make(scene: Scene, folder: Path = GALLERY) -> None:
    """Train the session and take the picture of it."""
    folder.mkdir(parents=True, exist_ok=True)
    session = folder / f"{scene.name}.bplab"
    with tempfile.TemporaryDirectory() as place:
        experiment = Path(place, "experiment.toml")
        experiment.write_text(scene.experiment, encoding="utf-8")
        program("run", str(experiment), "--data", scene.data, *scene.length, "--save", str(session))
        picture = folder / f"{scene.name}.png"
        program(str(session), "--size", SIZE, *scene.look, "--screenshot", str(picture), home=place)


def program(*arguments: str, home: str | None = None) -> None:
    """Run Backprop Lab; with a home of its own it is as at its first start."""
    environment = dict(os.environ)
    if home is not None:
        environment |= {"XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
    code = "import sys; from gui.app import run; sys.exit(run())"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=ROOT, env=environment)


def main(names: list[str]) -> None:
    """Make the scenes that are named, or all."""
    for scene in SCENES:
        if not names or scene.name in names:
            make(scene)
            print(scene.name)


if __name__ == "__main__":
    main(sys.argv[1:])

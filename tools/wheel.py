"""Build the wheel into ``dist``, install it into a fresh environment, and start it there.

    python tools/wheel.py               asks the network for what the program needs
    python tools/wheel.py --no-install  only builds, and looks at what is in it

What is started is what `pipx run` and `uvx` start: the command of the wheel, in an environment of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOP = {"engine", "gui", "resources"}
"""What the wheel adds to the names that can be imported."""

NEEDED = (
    "engine/mistakes/child.py",
    "engine/mistakes/probe.py",
    "resources/i18n/zh_CN.qm",
    "resources/fonts/DejaVuSans.ttf",
    "resources/datasets/SOURCES.md",
)


def build(folder: Path) -> Path:
    """Build the wheel; return where it is."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check"]
    before = set(folder.glob("*.whl"))
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    made = set(folder.glob("*.whl")) - before or before
    return max(made, key=lambda path: path.stat().st_mtime)


def look(wheel: Path) -> None:
    """See that everything is in it that has to be, and nothing that has not."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top = {name.split("/")[0] for name in names if not name.split("/")[0].endswith(".dist-info")}
    missing = [name for name in NEEDED if name not in names]
    if top != TOP or missing:
        sys.exit(f"the wheel holds {', '.join(sorted(top))} and lacks {', '.join(missing) or 'nothing'}")
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB, {len(names)} files, {', '.join(sorted(top))}")


def start(wheel: Path) -> None:
    """Install it into a fresh environment and start it there."""
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "venv", f"{place}/env"], check=True)
        folder = Path(place, "env", "Scripts" if sys.platform == "win32" else "bin")
        pip = [str(folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, str(wheel)], check=True)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= {"HOME": place, "XDG_CONFIG_HOME": place, "XDG_DATA_HOME": place}
        picture = Path(place, "window.png")
        experiment = Path(place, "experiment.toml")
        experiment.write_text('layers = [{ units = 3, activation = "softmax" }]\nloss = "cross_entropy"\n')
        for arguments in (
            ["--version"],
            ["run", str(experiment), "--data", "iris", "--steps", "20"],
            ["--steps", "20", "--language", "zh_CN", "--screenshot", str(picture)],
        ):
            command = [str(folder / "backprop-lab"), *arguments]
            subprocess.run(command, check=True, cwd=place, env=environment, stdout=subprocess.DEVNULL)
            print(f"started: backprop-lab {arguments[0]}")
        if not picture.is_file() or picture.stat().st_size < 20_000:
            sys.exit("it took no picture of its window")


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-install", action="store_true", help="only build it and look at what is in it")
    options = parser.parse_args()
    folder = ROOT / "dist"
    folder.mkdir(exist_ok=True)
    wheel = build(folder)
    look(wheel)
    if not options.no_install:
        start(wheel)


if __name__ == "__main__":
    main()

"""Build a folder with all of Backprop Lab in it that runs without Python, for the system this runs on.

    python tools/portable.py [FOLDER]            builds FOLDER/backprop-lab (FOLDER is dist if not said)
    python tools/portable.py --measure [FOLDER]  starts what was built, says its size and times

An environment of its own in ``build/`` takes in what the program needs and nothing else. PyInstaller is
asked, as it knows Qt's plugins; for a folder, as a single file would be unpacked anew at each start.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "portable"
NAME = "backprop-lab"
EXTRAS = "parquet,onnx,gif"
"""All that single features need, for nothing can be installed into the folder later."""

LEFT_OUT = ("tkinter", "pytest", "IPython", "onnx.reference", "onnx.backend", "pyarrow.tests", "pandas")
"""What libraries would use if it were there, or bring for their own tests."""

QT_LEFT_OUT = ("*Qml*", "*Quick*", "*VirtualKeyboard*", "*Designer*", "*Qt6Test*")
"""Parts of Qt that come with its base and that no window here opens."""

ARROW_LEFT_OUT = ("*arrow_flight*", "_flight.*", "*.pyx", "*.pxd", "*.pxi")
"""Parts of Arrow that Parquet does without, and what others would compile against."""

START = """\
import sys

if sys.argv[1:2] == ["-I"]:  # asked for as a Python: by the check of a person's own program
    import runpy

    sys.argv = sys.argv[2:]
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    from gui.app import run

    run()
"""


def build(folder: Path) -> Path:
    """Build the folder; return where it is."""
    python = environment()
    WORK.mkdir(parents=True, exist_ok=True)
    start = WORK / "start.py"
    start.write_text(START, encoding="utf-8")
    target = folder / NAME
    command = [
        str(python),
        "-m",
        "PyInstaller",
        str(start),
        "--name",
        NAME,
        "--noconfirm",
        "--log-level",
        "WARN",
    ]
    command += ["--distpath", str(folder), "--workpath", str(WORK), "--specpath", str(WORK)]
    command += ["--paths", str(ROOT)]
    for package in ("engine", "gui"):  # whose modules are imported when they are first wanted
        command += ["--collect-submodules", package]
    for module in ("inspect", "faulthandler", "runpy", "pyarrow.parquet", "onnx", "PIL.GifImagePlugin"):
        command += ["--hidden-import", module]
    for package in ("ziamath", "ziafont", "latex2mathml"):
        command += ["--collect-data", package]
    for module in LEFT_OUT:
        command += ["--exclude-module", module]
    for path in data():
        command += ["--add-data", f"{path}{os.pathsep}{path.parent.relative_to(ROOT)}"]
    command += ["--copy-metadata", "backprop-lab"]
    subprocess.run(command, check=True, cwd=WORK)
    slim(target)
    for name in ("LICENSE", "README.md", "README.zh_CN.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, target)
    return target


def environment() -> Path:
    """Make or complete an environment with the program and PyInstaller; return its Python."""
    place = WORK / "env"
    python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "pyinstaller>=6.10", f"{ROOT}[{EXTRAS}]"], check=True)
    return python


def data() -> list[Path]:
    """The files that are read where the program lies: resources, and the two programs that are handed out."""
    skipped = {"screenshots", "__pycache__"}
    found = [path for path in (ROOT / "resources").rglob("*") if not skipped & set(path.parts)]
    programs = [ROOT / "engine" / "mistakes" / name for name in ("child.py", "probe.py")]
    return [*(path for path in found if path.is_file() and path.suffix not in (".py", ".ts")), *programs]


def slim(target: Path) -> None:
    """Take out what hooks bring and nothing here uses."""
    inside = target / "_internal"
    for pattern in (*QT_LEFT_OUT, *ARROW_LEFT_OUT):
        for path in inside.rglob(pattern):
            if path.is_file() or path.is_symlink():
                path.unlink()
    for folder in inside.rglob("include"):
        shutil.rmtree(folder, ignore_errors=True)


# --- What was built ----------------------------------------------------------------------------------


def measure(folder: Path) -> None:
    """Start what was built in the ways that people will, without a Python in reach, and say what it took."""
    target = folder / NAME
    program = target / (NAME + (".exe" if sys.platform == "win32" else ""))
    files = [path for path in target.rglob("*") if path.is_file() and not path.is_symlink()]
    print(f"size: {sum(path.stat().st_size for path in files) / 1e6:.0f} MB in {len(files)} files")
    with tempfile.TemporaryDirectory() as place:
        experiment = Path(place, "experiment.toml")
        experiment.write_text('layers = [{ units = 3, activation = "softmax" }]\nloss = "cross_entropy"\n')
        run = ["run", str(experiment), "--data", "iris", "--steps", "50"]
        for ending in ("onnx", "parquet"):
            run += ["--export", ending, str(Path(place, f"out.{ending}"))]
        picture = ["--steps", "20", "--screenshot", str(Path(place, "window.png"))]
        given = [
            "check",
            "--give",
            str(Path(place, "homework")),
            "--against",
            str(experiment),
            "--inputs",
            "4",
        ]
        own = ["check", str(Path(place, "homework", "check_me.py"))]
        for what, arguments in (
            ("--version", ["--version"]),
            ("train and export", run),
            ("hand out a check", given),
            ("run a person's program", own),
            ("a picture of the window", picture),
        ):
            print(f"{what}: {timed(program, arguments, place):.2f} s")
        assert Path(place, "window.png").stat().st_size > 20_000


def timed(program: Path, arguments: list[str], place: str) -> float:
    """The shortest time that a command takes, in seconds."""
    kept = ("SYSTEMROOT", "TEMP", "TMP", "LOCALAPPDATA")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": place, "XDG_CONFIG_HOME": place, "PATH": os.defpath, "LANG": "C.UTF-8"}
    times = []
    for _ in range(1 if "--give" in arguments else 2):  # which does not write over what it has given
        started = time.perf_counter()
        done = subprocess.run([str(program), *arguments], env=environment, capture_output=True, text=True)
        times.append(time.perf_counter() - started)
        if done.returncode:
            sys.exit(f"{arguments}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return min(times)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--measure", action="store_true", help="start what was built, and measure it")
    options = parser.parse_args()
    if options.measure:
        measure(options.folder.resolve())
    else:
        print(build(options.folder.resolve()))


if __name__ == "__main__":
    main()

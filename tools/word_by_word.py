"""Do what the READMEs say, word by word, in a copy of the project without an environment.

    python tools/word_by_word.py                      with the Python that runs this
    python tools/word_by_word.py python3.12 python3.13

Each Python gets a copy of what is committed; in it every line of the READMEs' shell blocks is run as it
stands, but for the tests (a few of them), and what opens a window, which takes a picture instead. It takes
minutes and the network; `tests/test_readme.py` does the same lines in the environment that is there.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^```python\n(def step.*?)^```$", re.MULTILINE | re.DOTALL)
SOME_TESTS = ("tests/test_run.py", "tests/engine/test_determinism.py")
RIGHT, WRONG = 0, 1


def lines(text: str) -> list[str]:
    """The lines of all shell blocks, without what is only said of them."""
    found = [line.split("  #")[0].strip() for block in SHELL.findall(text) for line in block.splitlines()]
    return [line for line in found if line and "tools/" not in line]


def as_done(line: str) -> str:
    """The line as it is run here: with few tests, and a picture in place of a window."""
    words = line.split()
    if words[2:] == ["test"]:
        return f"{line} -q {' '.join(SOME_TESTS)}"
    alone = len(words) == 2 or words[2].endswith(".csv")
    return f"{line} --screenshot shown.png" if alone and "--screenshot" not in words else line


def go_through(python: str) -> None:
    """Do all of it with one Python."""
    with tempfile.TemporaryDirectory(prefix="backprop-lab-") as place:
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x"], cwd=place, input=archive, check=True)
        folder = Path(place)
        for name in ("data.csv", "new.csv"):
            (folder / name).write_bytes((folder / "resources/datasets/iris.csv").read_bytes())
        text = (folder / "README.md").read_text(encoding="utf-8")
        for block in TOML.findall(text):
            named = re.match(r"# (\S+)\n", block)
            (folder / (named[1] if named else "experiment.toml")).write_text(block, encoding="utf-8")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        environment |= {"HOME": place, "XDG_CONFIG_HOME": place}
        for line in lines(text):
            if "check homework/" in line:
                step = "import numpy as np\n\n\n" + STEP.findall(text)[0]
                (folder / "homework/check_me.py").write_text(step, encoding="utf-8")
            started = time.perf_counter()
            command = as_done(line).replace("python3", python, 1)
            done = subprocess.run(command, shell=True, cwd=place, env=environment, capture_output=True)
            print(f"{time.perf_counter() - started:6.1f} s  {command}", flush=True)
            if done.returncode != (WRONG if "check homework/" in line else RIGHT):
                said = (done.stdout + done.stderr)[-5000:].decode("utf-8", "replace")
                sys.exit(f"exit status {done.returncode}\n{said}")


def main(pythons: list[str]) -> None:
    """Do it with each Python."""
    for python in pythons or [sys.executable]:
        print(subprocess.run([python, "--version"], capture_output=True, text=True).stdout.strip())
        go_through(python)


if __name__ == "__main__":
    main(sys.argv[1:])

"""What is handed on, a wheel or a folder, holds what the program reads when it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tools.portable import START, data
from tools.wheel import NEEDED, ROOT


def test_the_folder_takes_all_resources_that_are_read() -> None:
    taken = {path.relative_to(ROOT).as_posix() for path in data()}
    assert set(NEEDED) <= taken
    for folder in ("datasets", "fonts", "icons", "lessons"):
        files = {path for path in (ROOT / "resources" / folder).rglob("*") if path.is_file()}
        assert files and {path.relative_to(ROOT).as_posix() for path in files} <= taken
    assert not [name for name in taken if "screenshots" in name]


def test_the_folder_runs_a_persons_program_as_python_does(tmp_path: Path) -> None:
    start, program = tmp_path / "start.py", tmp_path / "program.py"
    start.write_text(START, encoding="utf-8")
    program.write_text("import sys\nprint(__name__, sys.argv[1:])\n")
    command = [sys.executable, str(start), "-I", str(program), "settings.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "__main__ ['settings.json']\n"

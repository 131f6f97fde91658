"""The example scripts: short, and each runs and says what it promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SAYS = {
    "check_a_gradient": "By hand the same: True",
    "draw_a_figure": "Written: ",
    "own_data": "48 rows of hours, sleep; classes no, yes",
    "seek_and_branch": "Made again, the same to the last bit: True\nThe runs share their first steps: True",
    "train_and_explain": "9 paths lead from it to the loss",
}


def test_each_is_known() -> None:
    assert [path.stem for path in EXAMPLES] == sorted(SAYS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_runs(path: Path, tmp_path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40
    command = [sys.executable, "-W", "error", str(path)]
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "PATH": "", "PYTHONUTF8": "1"}
    child = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert child.returncode == 0, child.stderr
    assert SAYS[path.stem] in child.stdout

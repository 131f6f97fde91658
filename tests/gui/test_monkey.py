"""A monkey at the window for a few seconds; by hand it plays for longer (see `monkey`)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("dressed")

MONKEY = Path(__file__).with_name("monkey.py")


@pytest.mark.parametrize("seed", [4, 7])
def test_a_short_run(seed: int) -> None:
    command = [sys.executable, str(MONKEY), "--seed", str(seed), "--seeds", "1", "--actions", "25"]
    child = subprocess.run([*command, "--minutes", "2"], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stdout + child.stderr
    assert f"seed {seed}: 25 actions" in child.stdout

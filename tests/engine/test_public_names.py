"""The public API: every name is there, and what training does without is not imported with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import engine


@pytest.mark.parametrize("name", engine.__all__)
def test_every_name_is_there(name: str) -> None:
    assert callable(getattr(engine, name)) or name == "MISTAKES"


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Network'"):
        _ = engine.Network  # type: ignore[attr-defined, unused-ignore]


def test_what_training_does_without_comes_when_it_is_asked_for() -> None:
    code = (
        "import sys, engine; assert not {'engine.mistakes', 'engine.data.load'} & {*sys.modules}; "
        "from engine import MISTAKES, differentiate, load_dataset; assert engine.MISTAKES is MISTAKES"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

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
        "import sys, engine; "
        "late = {'engine.mistakes', 'engine.data.load', 'engine.diagnose', 'engine.explain'}; "
        "late |= {'zipfile', 'lzma', 'hashlib', 'tempfile', 'tomllib', 'tomli_w', 'threadpoolctl'}; "
        "assert not late & {*sys.modules}; "
        "from engine import MISTAKES, differentiate, load_dataset; assert engine.MISTAKES is MISTAKES"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "first",
    ["from engine import diagnose", "from engine.diagnose import diagnose", "import engine.diagnose.rows"],
)
def test_diagnose_is_the_function_whichever_of_the_two_comes_first(first: str) -> None:
    """The package of that name is imported late, and would take its place."""
    code = (
        f"{first}; import engine; from engine import Finding; from engine.diagnose import CAUSES, ridges; "
        "from engine.diagnose.examination import diagnose; assert engine.diagnose is diagnose; "
        "from engine import diagnose as again; assert again is diagnose and callable(ridges)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "first",
    ["from engine import explain", "from engine.explain import explain", "import engine.explain.chain_rule"],
)
def test_explain_is_the_function_whichever_of_the_two_comes_first(first: str) -> None:
    code = (
        f"{first}; import engine; from engine.explain import Explanation; "
        "from engine.explain.chain_rule import explain; assert engine.explain is explain; "
        "from engine import explain as again; assert again is explain and callable(Explanation)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

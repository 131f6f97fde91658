"""The documentation builds as a site, without a network and without a warning."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("mkdocs", reason="MkDocs is not installed: run.py --with docs")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("site")
    nowhere = {f"{kind}_proxy": "http://127.0.0.1:9" for kind in ("http", "https")}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_there_and_in_the_navigation(site: Path) -> None:
    pages = sorted((ROOT / "docs").rglob("*.md"))
    home = (site / "index.html").read_text(encoding="utf-8")
    for page in pages:
        name = page.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        assert (site / name).is_file(), name
        assert f'href="{name}"' in home or name == "index.html", f"{name} is not in mkdocs.yml"


def test_nothing_is_fetched_by_who_reads_it(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]*src="https?:', text), page
        assert not re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="https?:', text), page


def test_the_library_is_told_from_its_docstrings(site: Path) -> None:
    import engine

    text = (site / "api.html").read_text(encoding="utf-8")
    assert engine.Trainer.__doc__ is not None
    assert engine.Trainer.__doc__.strip().splitlines()[0].rstrip(".") in text
    for name in ("Experiment", "Layer", "Trainer.seek", "Dataset.from_arrays", "check_step", "load_dataset"):
        assert f'id="engine.{name}"' in text, name

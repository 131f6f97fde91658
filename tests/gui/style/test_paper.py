"""Sheets on paper: a PDF with all pages, formulas put in, on the size that was asked for."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import SessionError
from gui.app import main
from gui.style.paper import print_sheets

GUIDE = Path(__file__).resolve().parents[2] / "data" / "lessons" / "by-the-guide"


def pages_and_box(path: Path) -> tuple[int, tuple[float, float]]:
    content = path.read_bytes()
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    return len(re.findall(rb"/Type /Page\b", content)), (float(box[1]), float(box[2]))


def pictures(path: Path) -> int:
    return len(re.findall(rb"/Subtype /Image\b", path.read_bytes()))


def test_each_sheet_has_pages_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    long = "\n\n".join(f"Line {number} of many, and $z_{{{number}}}$." for number in range(80))
    print_sheets(("# One\n\n$$ a = \\frac{1}{2} $$\n\n| x | y |\n| --- | --- |\n| $1$ | 2 |", long), out)
    count, box = pages_and_box(out)
    assert count == 4 and box == pytest.approx((595, 842), abs=1)
    print_sheets(("one", "two"), out, "Letter")
    count, box = pages_and_box(out)
    assert count == 2 and box == pytest.approx((612, 792), abs=1) and pictures(out) == 0


def test_a_formula_is_drawn_once_and_a_number_is_text(qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    print_sheets(("$$ a^2 $$\n\n$$ a^2 $$\n\n$-0.25$ and $\\delta$ and $\\nonsense{$",), out)
    assert 2 <= pictures(out) <= 4


def test_where_nothing_can_be_written(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(SessionError):
        print_sheets(("one",), tmp_path / "no" / "out.pdf")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_worksheet_as_pdf(
    qtbot: QtBot, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sheet.pdf"
    assert main(["lesson", str(GUIDE), "--worksheet", str(out), "--language", language]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    count, _ = pages_and_box(out)
    assert count >= 3 and out.stat().st_size < 4 << 20
    streams = re.findall(rb"stream\r?\n(.*?)endstream", out.read_bytes(), re.DOTALL)
    assert sum(len(zlib.decompress(stream)) > 0 for stream in streams[:3] if stream[:1] == b"x") >= 1

"""A page as PDF: all its pieces on as many sheets as it takes, and it can be cancelled."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from engine.errors import SessionError
from gui.widgets.paper import pdf

pytestmark = pytest.mark.usefixtures("dressed")

PIECES = r"""# The weight $w_{1}$ from a\|b

A text with **strong** words, $\frac{1}{2}$, 中文, and \$5 that is no formula.

| unit | $\frac{\partial L}{\partial a}$ | product |
| :--- | ---: | ---: |
| one | $0.5$ | $-0.25$ |

### Small

$$ z = 1.23456 \cdot 2.34567 + 3.45678 \cdot 4.56789 + 1.23 \cdot 2.34 + 3.45 \cdot 4.56 = 37.3 = a $$

$$ \no{such $$
"""


def test_it_takes_as_many_sheets_as_it_needs(qtbot: QtBot) -> None:
    told: list[float] = []
    short, long = pdf(PIECES, told.append), pdf(PIECES * 12)
    assert short.startswith(b"%PDF") and long.startswith(b"%PDF")
    assert told == sorted(told) and told[0] >= 0.0 and told[-1] < 1.0
    sheets = [content.count(b"/Type /Page\n") for content in (short, long)]
    assert sheets[0] == 1 and sheets[1] > 2


def test_it_stops_when_it_is_cancelled(qtbot: QtBot) -> None:
    asked: list[bool] = []
    with pytest.raises(SessionError) as caught:
        pdf(PIECES, cancelled=lambda: len(asked) > 2 or bool(asked.append(True)))
    assert caught.value.kind == "cancelled"
    assert len(asked) == 3

from __future__ import annotations

import pytest

from engine.records import FactorKind, Phase, PhaseKind
from gui.training.revealed import Revealed

FACTOR = PhaseKind.FACTOR


@pytest.mark.parametrize(
    ("phase", "revealed"),
    [
        (None, Revealed(3, 1, True, True)),
        (Phase(PhaseKind.INPUT), Revealed(0, 4, False, False)),
        (Phase(PhaseKind.FORWARD, 2), Revealed(2, 4, False, False)),
        (Phase(PhaseKind.FORWARD), Revealed(3, 4, False, False)),
        (Phase(PhaseKind.FORWARD, 0, 1), Revealed(3, 4, False, False)),
        (Phase(PhaseKind.LOSS), Revealed(3, 4, True, False)),
        (Phase(PhaseKind.BACKWARD, 2), Revealed(3, 2, True, False)),
        (Phase(PhaseKind.BACKWARD, 0, 1), Revealed(3, 1, True, False)),
        (Phase(FACTOR, 2, factor=FactorKind.UPSTREAM), Revealed(3, 3, True, False)),
        (Phase(FACTOR, 2, factor=FactorKind.SHARE), Revealed(3, 3, True, False)),
        (Phase(FACTOR, 2, factor=FactorKind.GRADIENT), Revealed(3, 2, True, False)),
        (Phase(FACTOR, 3, factor=FactorKind.DELTA), Revealed(3, 4, True, False)),
        (Phase(PhaseKind.UPDATE), Revealed(3, 1, True, True)),
    ],
)
def test_what_a_phase_reveals(phase: Phase | None, revealed: Revealed) -> None:
    assert Revealed.by(phase, 3) == revealed

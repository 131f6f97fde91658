from __future__ import annotations

import pytest

from engine.phases import (
    FactorKind,
    Phase,
    PhaseKind,
    Revealed,
    phases_by_factor,
    phases_by_layer,
    phases_by_sample,
)

FACTOR = PhaseKind.FACTOR


def test_phases_by_layer() -> None:
    forward, backward, update = PhaseKind.FORWARD, PhaseKind.BACKWARD, PhaseKind.UPDATE
    assert phases_by_layer(2) == (
        Phase(forward, 1),
        Phase(forward, 2),
        Phase(PhaseKind.LOSS),
        Phase(backward, 2),
        Phase(backward, 1),
        Phase(update),
    )
    one = phases_by_layer(2, sample=3)
    assert all(phase.sample == 3 for phase in one) and update not in [phase.kind for phase in one]


def test_phases_by_sample() -> None:
    phases = phases_by_sample(2, batch=2)
    kinds = [(phase.kind.value, phase.sample) for phase in phases]
    assert kinds == [("forward", 0), ("backward", 0), ("forward", 1), ("backward", 1), ("update", None)]


def test_phases_by_factor() -> None:
    factor = PhaseKind.FACTOR
    phases = phases_by_factor(2)
    assert phases[:2] == (Phase(PhaseKind.FORWARD), Phase(PhaseKind.LOSS))
    assert phases[-1] == Phase(PhaseKind.UPDATE)
    assert all(phase.kind is factor and phase.layer == 2 and phase.sample is None for phase in phases[2:-1])
    kinds = [kind for kind in FactorKind if kind is not FactorKind.DELTA]
    assert [phase.factor for phase in phases[2:-1]] == kinds
    mixed = [phase.factor for phase in phases_by_factor(3, elementwise=False)[2:-1]]
    assert mixed == [FactorKind.DELTA, *kinds[2:]]


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

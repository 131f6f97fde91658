from __future__ import annotations

import pytest

from engine.parts import Part, find_part


@pytest.mark.parametrize(
    ("part", "there"),
    [
        (Part("unit", 0, 3), True),
        (Part("unit", 0, 4), False),
        (Part("unit", 3, 0), False),
        (Part("unit", 1, -1), False),
        (Part("bias", 0, 0), False),
        (Part("bias", 2, 1), True),
        (Part("weight", 1, 2, 3), True),
        (Part("weight", 2, 1, 3), False),
        (Part("weight", 0, 0, 0), False),
        (Part("layer", 2), True),
        (Part("weight", 1, 2, -1), False),
        (Part("layer", 3), False),
        (Part("layer", -1), False),
        (Part("loss"), True),
    ],
)
def test_which_parts_a_network_has(part: Part, there: bool) -> None:
    assert part.exists((4, 3, 2)) is there


def test_a_part_is_found_by_number_and_by_name() -> None:
    known = (4, 3, 2), ("a", "b", "c", "d"), ("no", "yes")
    assert find_part("weight", (1, "c", 1), *known) == Part("weight", 1, 1, 2)
    assert find_part("weight", (2, 1, "yes"), *known) == Part("weight", 2, 1, 1)
    assert find_part("bias", (2, 0), *known) == Part("bias", 2, 0)
    assert find_part("unit", (0, "d"), *known) == Part("unit", 0, 3)


def test_what_training_changes() -> None:
    kinds = ("weight", "bias", "unit", "layer", "loss")
    assert [kind for kind in kinds if Part(kind).is_parameter] == ["weight", "bias"]

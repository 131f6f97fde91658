"""A fixture for modules whose tests are to hold for either way of computing a step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.training.large import PLANS


@pytest.fixture(params=PLANS, scope="module", autouse=True)
def plan(request: pytest.FixtureRequest) -> Iterator[str]:
    """Compute all steps of a module by each plan in turn, whatever the size of the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("engine.training.trainer.fitting_plan", lambda layout: request.param)
        yield request.param

"""The bug clinic: a mistake of the catalogue planted in a step, to be found by its numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray
from engine.errors import StepError
from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.reference import Case
from engine.mistakes.replayed import replay
from engine.mistakes.verdict import Verdict, check_step

CHOICES = 4

_EASY = ("z", "loss", "batch factor", "constant factor", "error's sign", "db", "update")
_MEDIUM = ("output", "output delta", "slope", "dW", "samples that count", "hidden sign", "hidden factor")


def level(name: str) -> int:
    """How hard a mistake is to find: 1, 2 or 3."""
    line = MISTAKES[name].line
    return 1 if line in _EASY else 2 if line in _MEDIUM else 3


LEVELS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Planted:
    """A step with a mistake in it.

    Attributes
    ----------
    case : Case
    name : str
        The mistake.
    values : mapping
        All the numbers that the faulty lines give.
    verdict : Verdict
        What is to be said of them.
    choices : tuple of str
        The mistake among others that give other numbers here.
    """

    case: Case
    name: str
    values: dict[str, FloatArray]
    verdict: Verdict
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """What an answer is worth: whether the number is wrong and of the first wrong quantity, and the name."""

    place: bool
    name: bool

    @property
    def points(self) -> int:
        """2 for all of it."""
        return int(self.place) + int(self.name)


def plantable(case: Case) -> tuple[str, ...]:
    """The mistakes that can be made in a case; some of them may not show in it."""
    return tuple(name for name, row in MISTAKES.items() if row.applies(case))


def plant(case: Case, seed: int, hardness: int | None = None, name: str | None = None) -> Planted:
    """Plant a mistake, one that shows.

    Parameters
    ----------
    case : Case
    seed : int
        Another seed, another mistake and other choices.
    hardness : int, optional
        Of `LEVELS`; any without it.
    name : str, optional
        The mistake, where it is not drawn.

    Raises
    ------
    StepError
        ``nothing_to_plant`` if no such mistake shows in this step.
    """
    rng = np.random.default_rng([seed, 47])
    applicable = plantable(case)
    drawn = [n for n in applicable if hardness is None or level(n) == hardness]
    order = [name] if name is not None else [drawn[i] for i in rng.permutation(len(drawn))]
    for tried in order:
        _, values = replay(case, (tried,))
        if len(values) < 7 * case.L + 1 or not all(np.isfinite(v).all() for v in values.values()):
            continue
        masks = {f"mask{layer}": mask for layer, mask in case.masks.items()}
        verdict = check_step(
            case.experiment,
            case.inputs,
            case.targets,
            case.W[1:],
            case.b[1:],
            {**values, **masks},
            state=case.state,
        )
        if verdict.first_wrong is None or (tried,) not in verdict.mistakes:
            continue
        same = {explanation[0] for explanation in verdict.mistakes}
        others = [n for n in applicable if n not in same]
        nearness = [abs(level(n) - level(tried)) + (MISTAKES[n].line != MISTAKES[tried].line) for n in others]
        shuffled = rng.permutation(len(others))
        nearest = sorted(shuffled.tolist(), key=lambda i: nearness[i])[: CHOICES - 1]
        choices = [tried, *(others[i] for i in nearest)]
        shown = tuple(choices[i] for i in rng.permutation(len(choices)))
        return Planted(case, tried, values, verdict, shown)
    raise StepError("nothing_to_plant")


def judge(planted: Planted, quantity: str, place: tuple[int, ...], name: str) -> Marks:
    """Judge an answer: the first wrong number, and the mistake."""
    first = planted.verdict.first_wrong
    pointed = quantity == first and bool(planted.verdict[quantity].wrong[place])
    return Marks(pointed, name == planted.name)

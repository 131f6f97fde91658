"""A lead: one cause that the evidence speaks for, how strongly, and what would cure it if it were so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.diagnose.finding import Finding, Remedy, Tried
from engine.diagnose.patient import Patient
from engine.diagnose.score import Score
from engine.diagnose.trials import Trial
from engine.experiment import Experiment
from engine.parts import Part


@dataclass(frozen=True)
class Lead:
    """What the evidence says before anything is tried.

    Attributes
    ----------
    weight : float
        0 to 1: leads are followed in this order.
    evidence, template, values, since, where, row
        As in `Finding`.
    remedies : iterable of Remedy
        One after the other until one cures.
    certain : bool
        Whether the evidence alone proves it, so that nothing has to be tried.
    symptom : bool
        Whether it is worth telling as a consequence although something else is the root.
    """

    weight: float
    evidence: Mapping[str, float]
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    since: int = 0
    where: Part | None = None
    row: int | None = None
    remedies: Iterable[Remedy] = ()
    certain: bool = False
    symptom: bool = False


class Cause(ABC):
    """One cause of why a network does not learn.

    Attributes
    ----------
    name : str
    label : str
        A few words for a list, in English; the context of the translation is ``diagnose``.
    meaning, signs, advice : str
        What it is, how it is told, and what to do about it, in English.
    held_out : bool
        Whether it may be about the validation rows of a network that has learned the training rows.
    by_heart : bool
        Whether its remedies let the network learn more by heart, so that a trial on the rows learned
        proves nothing where these are noisy.
    rival : str
        The only cause that it takes the place of by doing better; more steps mend almost everything.
    first : bool
        Whether it is followed before all others, which are not to blame if it is proved.
    enough : float
        A trial with at most this `merit` needs no better one.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    meaning: ClassVar[str]
    signs: ClassVar[str]
    advice: ClassVar[str]
    held_out: ClassVar[bool] = False
    by_heart: ClassVar[bool] = False
    rival: ClassVar[str] = ""
    first: ClassVar[bool] = False
    enough: ClassVar[float] = 0.1

    @abstractmethod
    def leads(self, p: Patient) -> Iterator[Lead]:
        """What speaks for this cause; nothing where nothing does."""

    def cured(self, p: Patient, trial: Trial) -> bool:
        """Whether a trial of a remedy proves the cause: it learns well, and by far better than before."""
        if p.diverged:
            return trial.score.learned or trial.score.relative <= 0.5
        return trial.score.learned and trial.score.better(p.score)

    def merit(self, trial: Trial) -> float:
        """How well a trial went, to choose between cures; less is better."""
        recall = trial.score.recall
        return trial.score.relative if recall is None else min(trial.score.relative, 2 * (1 - recall))

    def judged(self, training: Score, validation: Score | None) -> Score:
        """The one of the two that the cause is about."""
        return training

    def finding(
        self,
        lead: Lead,
        cure: Experiment | None = None,
        remedy: Remedy | None = None,
        tried: Tried | None = None,
        *,
        proven: bool = True,
    ) -> Finding:
        """The finding of a lead."""
        return Finding(
            cause=self.name,
            evidence=lead.evidence,
            since=lead.since,
            where=lead.where,
            row=lead.row,
            cure=cure,
            template=lead.template,
            advice=self.advice,
            values=lead.values,
            tried=tried,
            proven=proven,
            remedy=remedy,
        )

"""The examination: from what the evidence speaks for to what a trial has proved.

A cause is what, changed alone, lets the network learn. Evidence alone often fits several: a rate too
high and batches too noisy look the same on a curve. So the leads are followed by their weight, and of
each the training is tried again from the start with that one thing changed, on a copy. The first that
learns well, and by far better, is the root. Where the training rows are learned and the validation rows
not worse than they must be, there is nothing to say.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from engine.diagnose.causes import CAUSES
from engine.diagnose.finding import Finding, Remedy, Tried
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import Patient
from engine.diagnose.rows import FEWEST_ROWS
from engine.diagnose.trials import WORK, Trial, Trials
from engine.experiment import Experiment
from engine.training.prediction import calm
from engine.training.trainer import Trainer

LIKELY = 0.82
"""A lead of at least this weight is told although there was no time to try all that would cure it."""


WORTH, MUCH = 0.15, 4.0
"""A cure whose merit is above the first gives way to a later one that does so many times better."""


class Examination:
    """A diagnosis in parts, so that it can be made beside training: `advance` goes on a little.

    The training itself is read only while the examination is made; what follows happens on copies. To
    spend no more than a share s of the time on it, rest for (1 - s) / s times as long as making it or
    the last `advance` took: at 3 %, after 5 ms of it train for 160 ms.

    Parameters
    ----------
    trainer : Trainer
    work : float
        Seconds that all trials together may take, by an estimate that is the same on every machine.

    Attributes
    ----------
    findings : tuple of Finding
        What is known so far; final once `done`.
    done : bool
    """

    def __init__(self, trainer: Trainer, work: float = WORK) -> None:
        with calm():
            self.patient = Patient(trainer)
        self.trials = Trials(self.patient, work)
        self.findings: tuple[Finding, ...] = ()
        self.done = False
        self._parts = self._examine()

    def advance(self, seconds: float = 0.0) -> bool:
        """Go on for about so long, at least by one part of some milliseconds; whether it is done."""
        end = time.thread_time() + seconds
        with calm():
            while not self.done:
                self.done = next(self._parts, True) is True
                if time.thread_time() >= end:
                    break
        return self.done

    def _examine(self) -> Generator[None, None, None]:
        p = self.patient
        if (not p.steps and not p.diverged) or not np.ptp(p.targets, axis=0).any():
            return  # nothing has been done, or nothing is to be learned
        yield
        if p.failed:
            yield from self._follow([*CAUSES.values()])
        elif p.by_heart:
            yield from self._follow([cause for cause in CAUSES.values() if cause.held_out])

    def _follow(self, causes: list[Cause]) -> Generator[None, None, None]:
        """Follow the leads in the order of their weight until one is proved."""
        p = self.patient
        leads: list[tuple[Cause, Lead]] = []
        for cause in causes:
            leads += [(cause, _with_rows(lead, p)) for lead in cause.leads(p)]
            yield
        leads.sort(key=lambda pair: (not pair[0].first, -pair[1].weight))
        root, worth = None, math.inf
        likely: Finding | None = None
        refuted: set[str] = set()
        more: list[Finding] = []
        for cause, lead in leads:
            finding, merit, whole = yield from self._try(cause, lead)
            if cause.first:
                if finding.tried is None:
                    continue
                self.findings = (finding,) if lead.weight >= LIKELY else ()
                return
            if lead.certain and not p.score.learned and (root is None or root.tried is not None):
                root = finding
                if finding.tried is not None or not whole or not lead.remedies:
                    break
                self.findings = (root,)  # true, but there is more to it: what would cure it alone does not
            elif root is not None and root.tried is None:
                if finding.tried is not None:
                    more.append(finding)
                    break
            elif finding.tried is not None:
                if root is None or _outdoes(cause, merit, root, worth):
                    root, worth = finding, merit
                    self.findings = (root,)
                if merit <= cause.enough:
                    break
            elif whole:
                refuted.add(cause.name)
            elif likely is None and lead.weight >= LIKELY:
                likely = finding
                self.findings = (likely,)
        root = root or likely
        if root is not None:
            symptoms = [
                cause.finding(lead)
                for cause, lead in leads
                if lead.symptom and cause.name != root.cause and cause.name not in refuted
            ]
            told = {finding.cause for finding in (root, *more)}
            self.findings = (root, *more, *(s for s in symptoms if s.cause not in told))

    def _try(self, cause: Cause, lead: Lead) -> Generator[None, None, tuple[Finding, float, bool]]:
        """Try the remedies of a lead.

        Returns
        -------
        finding : Finding
            With `tried` if one of them cures.
        merit : float
            How well that does; less is better.
        whole : bool
            Whether all of them had a whole trial.
        """
        p = self.patient
        best: tuple[float, Remedy, Trial] | None = None
        untried: Remedy | None = None
        whole = True
        for remedy in lead.remedies:
            trial = yield from self.trials.run(remedy)
            cured = trial is not None and cause.cured(p, trial)
            if cured and cause.by_heart:
                cured = yield from self._understood(remedy)
            if trial is not None and cured:
                merit = cause.merit(trial)
                if best is None or merit < best[0]:
                    best = merit, remedy, trial
                if merit <= cause.enough:
                    break
            elif trial is None or not trial.whole:
                whole, untried = False, untried or remedy
        if best is None:
            finding = cause.finding(lead, _cure(p, untried), untried, proven=lead.certain)
            return finding, math.inf, whole
        merit, remedy, trial = best
        before, after = cause.judged(p.score, p.validation), cause.judged(trial.score, trial.validation)
        if p.diverged:
            before = before._replace(relative=math.inf)
        tried = Tried(trial.steps, before.relative, after.relative, before.recall, after.recall)
        return cause.finding(lead, _cure(p, remedy), remedy, tried), merit, whole

    def _understood(self, remedy: Remedy) -> Generator[None, None, bool]:
        """Whether a remedy tells rows rightly that it has not seen, and not just learns noise by heart."""
        p = self.patient
        before = p.score.relative
        if p.diverged or p.travelled < 0.05 or p.rows < FEWEST_ROWS or p.dependence.bent < 0.35:
            return True
        kept = remedy.experiment.changed(validation=p.experiment.validation or 0.3)
        trial = yield from self.trials.run(remedy._replace(experiment=kept))
        if trial is None or trial.validation is None:
            return True
        return trial.validation.relative <= 0.75 * before


def _with_rows(lead: Lead, p: Patient) -> Lead:
    """The lead with the number of rows that were looked at, where these are not all."""
    if len(p.inputs) == p.rows:
        return lead
    return replace(lead, evidence={**lead.evidence, "rows": len(p.inputs)})


def _outdoes(cause: Cause, merit: float, root: Finding, worth: float) -> bool:
    """Whether a cure is so much better than one found before that it is the likelier root."""
    if cause.rival:
        return root.cause == cause.rival and worth > cause.enough and merit < worth / 2
    return worth > WORTH and merit < worth / MUCH


def _cure(p: Patient, remedy: Remedy | None) -> Experiment | None:
    """The settings of a remedy that is nothing but other settings."""
    if remedy is None or remedy.dataset is not None or remedy.experiment == p.experiment:
        return None
    return remedy.experiment


def diagnose(
    trainer: Trainer, stop: Callable[[], bool] | None = None, *, work: float = WORK
) -> list[Finding]:
    """Say why a network does not learn.

    Everything recorded is looked at, and the data; what the evidence leaves open is decided by trials on
    copies of the training. What cannot be told is not: nothing is found in a network that learns, nor in
    one that does as well as its data allow.

    Parameters
    ----------
    trainer : Trainer
        It is left as it is.
    stop : callable, optional
        Asked every few milliseconds; True ends it, with what is known until then.
    work : float
        Seconds that trials may take together, by an estimate that is the same on every machine.

    Returns
    -------
    list of Finding
        The root first, then what follows from it; empty where there is nothing to say.
    """
    examination = Examination(trainer, work)
    while not examination.done and not (stop is not None and stop()):
        examination.advance()
    return list(examination.findings)

"""Causes that lie in the steps: too long, too short, too noisy, swinging, braked too early, too few."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.arrays import FloatArray
from engine.diagnose.finding import Remedy
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import Patient
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment


def rises(losses: FloatArray) -> float:
    """The share of steps after which the loss was higher than before."""
    with np.errstate(all="ignore"):
        return float(np.mean(np.diff(losses) > 1e-9 * np.abs(losses[:-1]))) if len(losses) > 1 else 0.0


def first_overshoot(losses: FloatArray) -> int:
    """The first step after which the loss is clearly above what it was at its lowest; 0 if none is."""
    if len(losses) < 2:
        return 0
    lowest = np.minimum.accumulate(losses)
    with np.errstate(all="ignore"):
        over = losses[1:] > 1.2 * lowest[:-1] + 1e-12
    return int(np.argmax(over)) + 1 if over.any() else 0


class LearningRateTooHigh(Cause):
    """The steps are too long: the loss jumps, stays high or is no longer finite."""

    name = "learning_rate_too_high"
    label = QT_TRANSLATE_NOOP("diagnose", "Learning rate too high")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A step goes down the gradient as far as the learning rate says. Across a valley with curvature "
        "λ, a rate above 2/λ ends higher on the other side than it began: the loss leaps, or grows "
        "without bound.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The share of steps that raise the loss, λ_max · η, and whether training learns at a lower rate.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Lower the learning rate.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        changed, before = p.settings_since("learning_rate")
        under_it = p.scalars.steps > changed
        share, jump = rises(p.losses), first_overshoot(p.losses[under_it])
        whole = p.batch == p.rows and not any(layer.dropout for layer in p.experiment.layers)
        if not p.diverged and share < 0.01 and not jump:
            return  # it went down at nearly every step
        rate = p.experiment.learning_rate
        stable = p.sharpness * rate
        evidence = {"learning_rate": rate, "rising_steps": share}
        if math.isfinite(stable):
            evidence["sharpness_times_rate"] = stable
        worse = p.diverged or p.score.relative > 1.5 * max(p.first_score.relative, 1.0)
        weight = 0.68 if worse else 0.6 if share > 0.25 and whole else 0.5 if jump else 0.4
        rates = [rate / 10, rate / 100, rate / 3, rate / 1000, rate / 30]
        if before is not None and before.learning_rate < rate:
            weight, rates = 0.9, [before.learning_rate, *rates]
        if jump:
            jump = int(p.scalars.steps[under_it][jump])
        since = changed or jump or (p.steps if p.diverged else 0)
        if p.diverged:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "The learning rate {rate:.4g} is too large: after step {steps} a number is no longer finite.",
            )
        elif share < 0.01:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "The learning rate {rate:.4g} is too large: at step {since} the loss leaps up.",
            )
        else:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "The learning rate {rate:.4g} is too large: the updates leap over the minimum, and the loss "
                "rises after {share:.0%} of the steps.",
            )
        yield Lead(
            weight=weight,
            evidence=evidence,
            template=template,
            values={"rate": rate, "steps": p.steps, "since": jump, "share": share},
            since=since,
            remedies=[Remedy(p.experiment.changed(learning_rate=r), to_the_end=True) for r in rates],
        )


class LearningRateTooLow(Cause):
    """The rate is orders of magnitude too small: hardly anything moves."""

    name = "learning_rate_too_low"
    label = QT_TRANSLATE_NOOP("diagnose", "Learning rate too low")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "An update is the gradient times the learning rate. If that is tiny, the direction is right, "
        "but there is hardly any movement.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "How far all updates together have gone beside the length of the parameters, and whether "
        "training learns in as many steps at a higher rate.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Raise the learning rate.")
    by_heart = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.diverged or p.steps < 5:
            return
        way = p.travelled
        if not way < 30:
            return
        rate = p.experiment.learning_rate
        # what would carry the parameters several times their own length
        factor = 10.0 ** max(1, round(math.log10(4.0 / max(way, 1e-9))))
        factors = [factor, factor / 10, factor * 10, factor / 3]
        factors = [f for f in factors if f >= 2.5] + [3.0]
        changed, before = p.settings_since("learning_rate")
        weight = 0.8 if way < 0.05 else 0.62 if way < 0.3 else 0.46 if way < 2 else 0.3
        rates = [rate * f for f in dict.fromkeys(factors)]
        if before is not None and before.learning_rate > rate:
            weight, rates = max(weight, 0.7), [before.learning_rate, *rates]
        yield Lead(
            weight=weight,
            evidence={
                "learning_rate": rate,
                "travelled": way,
                "update_over_parameters": way / max(p.steps, 1),
            },
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "The learning rate {rate:.4g} is too small: in {steps} steps all updates together are "
                "{way:.2g} times as long as the first parameters.",
            ),
            values={"rate": rate, "steps": p.steps, "way": way},
            since=changed,
            remedies=[Remedy(p.experiment.changed(learning_rate=r)) for r in rates],
        )


class BatchTooNoisy(Cause):
    """Gradients of very small batches scatter too much for this rate and momentum."""

    name = "batch_too_noisy"
    label = QT_TRANSLATE_NOOP("diagnose", "Batches too noisy")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "The gradient of a mini-batch is a sample of that of all rows. If its rows disagree, the mean "
        "of a few of them points anywhere, and at this learning rate the steps undo one another.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The spread of the samples' gradients beside their mean, and whether training learns with "
        "larger batches.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Take larger batches, or a lower learning rate.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.batch >= p.rows or p.batch > 16 or (p.diverged and p.batch > 8):
            return
        noise = p.noise
        larger = p.batch * 16
        sizes: list[int | str] = [larger, "full"] if larger < p.rows else ["full"]
        changed, _ = p.settings_since("batch_size")
        evidence = {"batch": float(p.batch), "alignment": noise.alignment}
        if math.isfinite(noise.scale):
            evidence["noise_scale"] = noise.scale
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "Gradients of batches of {batch} rows scatter too much for this learning rate: noise and "
                "gradient are alike in size at {fitting:.3g} rows.",
            )
        else:
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "Gradients of batches of {batch} rows scatter too much for this learning rate: those of all "
                "rows together cancel.",
            )
        weight = 0.64 if p.batch <= 4 else 0.56 if p.batch <= 8 else 0.35
        yield Lead(
            weight=weight if noise.scale > p.batch else weight - 0.2,
            evidence=evidence,
            template=template,
            values={"batch": p.batch, "fitting": noise.scale},
            since=changed,
            remedies=[Remedy(p.experiment.changed(batch_size=size)) for size in sizes],
        )


def momentum_of(experiment: Experiment) -> float:
    """The share of the last update that goes on; 0 for optimizers without memory."""
    optimizer = experiment.optimizer
    return float(getattr(optimizer, "momentum", getattr(optimizer, "beta1", 0.0)))


class MomentumTooHigh(Cause):
    """Momentum remembers for so long that the parameters swing past the minimum."""

    name = "momentum_too_high"
    label = QT_TRANSLATE_NOOP("diagnose", "Momentum too high")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Momentum μ adds up about 1 / (1 − μ) past gradients. Close to 1 the parameters roll past the "
        "minimum, and take as many steps to turn.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "How many steps momentum remembers, beside those of the run, and whether training learns with less.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Lower the momentum to 0.9.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        momentum = momentum_of(p.experiment)
        if momentum <= 0.93:
            return
        memory = 1.0 / (1.0 - momentum)
        field = "momentum" if hasattr(p.experiment.optimizer, "momentum") else "beta1"
        changed, _ = p.settings_since("optimizer")
        part = memory / max(p.steps, 1)
        remedies = [
            Remedy(p.experiment.changed(optimizer=replace(p.experiment.optimizer, **{field: m})))
            for m in (0.9, 0.5)
        ]
        yield Lead(
            weight=0.9 if part >= 0.3 else 0.76 if momentum >= 0.99 else 0.6 if momentum >= 0.97 else 0.5,
            evidence={"momentum": momentum, "memory": memory, "memory_over_run": part},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "Momentum {momentum:.6g} remembers {memory:.0f} steps, and the run has {steps}: the "
                "parameters swing past the minimum.",
            ),
            values={"momentum": momentum, "memory": memory, "steps": p.steps},
            since=changed,
            remedies=remedies,
        )


class ScheduleTooEarly(Cause):
    """The schedule lowers the rate before anything is learned."""

    name = "schedule_too_early"
    label = QT_TRANSLATE_NOOP("diagnose", "Schedule lowers the rate too early")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "A schedule multiplies the learning rate by a factor that changes from step to step. If the "
        "rate is small before the loss is, the rest of the run stands still.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The learning rate of each step beside the one that was set, and whether training learns at a "
        "constant rate.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Keep the learning rate constant, or let it fall later.")

    def leads(self, p: Patient) -> Iterator[Lead]:
        rates = p.scalars.learning_rate
        if p.experiment.schedule.name == "constant" or not len(rates):
            return
        factors = rates / p.experiment.learning_rate
        mean = float(factors.mean())
        if mean > 0.6:
            return
        low = factors <= 0.1
        since = int(p.scalars.steps[np.argmax(low)]) if low.any() else int(p.scalars.steps[factors.argmin()])
        template = QT_TRANSLATE_NOOP(
            "diagnose",
            "The schedule brings the learning rate down to {last:.2g} of what it was, before much is "
            "learned.",
        )
        if p.experiment.schedule.name == "linear_warm_up":
            since = 0
            template = QT_TRANSLATE_NOOP(
                "diagnose",
                "After {steps} steps the warm-up is still at {last:.2g} of the learning rate.",
            )
        yield Lead(
            weight=0.87 if mean <= 0.35 else 0.6,
            evidence={"rate_share_at_end": float(factors[-1]), "mean_rate_share": mean},
            template=template,
            values={"last": float(factors[-1]), "steps": p.steps},
            since=since,
            remedies=[Remedy(p.experiment.changed(schedule="constant"))],
        )


class NotRunLongEnough(Cause):
    """All is sound and the loss still falls."""

    name = "not_run_long_enough"
    label = QT_TRANSLATE_NOOP("diagnose", "Not run long enough")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Learning takes its steps. As long as the loss falls, nothing else need be wrong.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "The fall of the loss in the last fifth of the steps, and whether the same training learns with "
        "more of them.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Let it go on.")
    by_heart = True
    rival = "learning_rate_too_low"

    def leads(self, p: Patient) -> Iterator[Lead]:
        if p.diverged or p.steps < 1 or len(p.losses) < 4:
            return
        tenth = max(1, len(p.losses) // 10)
        with np.errstate(all="ignore"):
            now, then = float(p.losses[-tenth:].mean()), float(p.losses[-3 * tenth : -2 * tenth].mean())
        if not then > 0:
            return
        fall = 1.0 - now / then
        template = QT_TRANSLATE_NOOP(
            "diagnose", "All is sound and the loss still falls: {steps} steps are too few."
        )
        if not fall > 0:  # a plateau, or noise
            template = QT_TRANSLATE_NOOP(
                "diagnose", "All is sound, but {steps} steps are too few: with more of them the loss falls."
            )
        evidence = {"steps": float(p.steps), "fall_at_end": fall}
        if fall < 1e-4 and p.batch == p.rows:
            return
        for weight, longer in ((0.58 if p.travelled > 1 else 0.5, 3.0), (0.43, 10.0), (0.2, 30.0)):
            yield Lead(
                weight=weight,
                evidence=evidence,
                template=template,
                values={"steps": p.steps},
                remedies=[Remedy(p.experiment, longer=longer)],
            )

"""The causes: one class each, in the order in which a tie between them is decided."""

from __future__ import annotations

from engine.diagnose.causes.data import (
    ClassImbalance,
    ContradictoryRows,
    LabelsUnrelated,
    OutputCannotReachTargets,
    UnscaledInputs,
    UnscaledTargets,
)
from engine.diagnose.causes.limits import (
    DropoutTooStrong,
    FrozenParameters,
    NetworkTooSmall,
    Overfitting,
    PenaltyTooStrong,
)
from engine.diagnose.causes.pace import (
    BatchTooNoisy,
    LearningRateTooHigh,
    LearningRateTooLow,
    MomentumTooHigh,
    NotRunLongEnough,
    ScheduleTooEarly,
)
from engine.diagnose.causes.start import (
    DeadUnits,
    ExplodingGradient,
    SaturatedUnits,
    SymmetricUnits,
    VanishingGradient,
)
from engine.diagnose.causes.way import ChangedOnTheWay
from engine.diagnose.lead import Cause

CAUSES: dict[str, Cause] = {
    cause.name: cause
    for cause in (
        ChangedOnTheWay(),
        SymmetricUnits(),
        ContradictoryRows(),
        LabelsUnrelated(),
        UnscaledInputs(),
        UnscaledTargets(),
        OutputCannotReachTargets(),
        FrozenParameters(),
        SaturatedUnits(),
        DeadUnits(),
        ExplodingGradient(),
        VanishingGradient(),
        ScheduleTooEarly(),
        MomentumTooHigh(),
        PenaltyTooStrong(),
        DropoutTooStrong(),
        ClassImbalance(),
        BatchTooNoisy(),
        LearningRateTooHigh(),
        LearningRateTooLow(),
        NetworkTooSmall(),
        NotRunLongEnough(),
        Overfitting(),
    )
}

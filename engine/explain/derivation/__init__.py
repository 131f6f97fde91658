"""A step worked out on paper: one parameter factor by factor, or the whole step as matrices."""

from engine.explain.derivation.step import derivation

__all__ = ["derivation"]

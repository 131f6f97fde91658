"""Why a number is what it is: the chain rule of one step, its check, and formulas taken apart."""

from engine.explain.chain_rule import Explanation, Factor, Path, Paths, explain
from engine.explain.update import Update

__all__ = ["Explanation", "Factor", "Path", "Paths", "Update", "explain"]

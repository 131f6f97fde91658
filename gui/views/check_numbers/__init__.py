"""Somebody's own numbers, checked."""

from gui.views.check_numbers.view import CheckNumbersView

__all__ = ["CheckNumbersView"]

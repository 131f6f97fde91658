"""The table of all parameters and their gradients."""

from gui.views.parameters.view import ParametersView

__all__ = ["ParametersView"]

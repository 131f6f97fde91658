"""The expression lab's window: type a function and watch the chain rule at work."""

from gui.lab.lab import Lab
from gui.lab.matrices import MatrixView
from gui.lab.view import ExpressionView

__all__ = ["ExpressionView", "Lab", "MatrixView"]

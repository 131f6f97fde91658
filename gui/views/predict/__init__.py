"""Predicting rows that training has not seen."""

from gui.views.predict.view import PredictView

__all__ = ["PredictView"]

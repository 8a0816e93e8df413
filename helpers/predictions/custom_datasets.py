"""The questions that notebook 05 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {}

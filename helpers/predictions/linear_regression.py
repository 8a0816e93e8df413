"""The questions that notebook 03 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {}

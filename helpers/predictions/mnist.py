"""The questions that notebook 04 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {}

"""The questions that notebook 02 asks."""

from helpers.predictions import Prediction

PREDICTIONS: dict[str, Prediction] = {}

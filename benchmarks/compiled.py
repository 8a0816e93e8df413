"""Whether ``torch.compile`` pays for the fast network: its seconds, and those of the steps."""

import json
import logging
import os
import sys
import tempfile
import time
from statistics import median
from typing import Any

import torch
from torch import nn

from helpers.fast import Recipe, low_precision, pick_precision
from helpers.models import FastCNN

CPU = torch.device("cpu")
NUM_STEPS = 100


def measure_compiled() -> dict[str, Any]:
    """Return the seconds until the first compiled step, and of a step with and without it.

    Nothing generated before is used: the cache is an empty folder.
    """
    logging.getLogger("torch.utils.cpp_extension").setLevel(logging.ERROR)  # warns without a GPU
    model = FastCNN().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), fused=True)
    loss_fn = nn.CrossEntropyLoss(label_smoothing=Recipe.label_smoothing)
    X, Y = torch.randn(Recipe.batch_size, 1, 28, 28), torch.arange(Recipe.batch_size) % 10

    def seconds_of_a_step(network: Any) -> float:
        start = time.perf_counter()
        with low_precision(CPU, pick_precision(CPU)):
            loss = loss_fn(network(X), Y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return time.perf_counter() - start

    seconds_of_a_step(model)  # the first is slower
    compiled = torch.compile(model)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder
        first = seconds_of_a_step(compiled)
        pairs = [(seconds_of_a_step(model), seconds_of_a_step(compiled)) for _ in range(NUM_STEPS)]
    eager, fast = (median(times) for times in zip(*pairs, strict=True))
    return {"first": first, "eager": eager, "compiled": fast}


if __name__ == "__main__":
    try:
        print(json.dumps(measure_compiled()))
    except Exception as error:  # no C++ compiler, for example
        sys.exit(f"{type(error).__name__}: {str(error).splitlines()[0]}")

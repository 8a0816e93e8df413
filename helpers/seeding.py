"""Make random numbers repeat, and store where the generators stand.

Three generators are at work in a training run: Python's ``random``, NumPy's and PyTorch's
(one for the CPU, one for each accelerator). PyTorch documents what a seed can and cannot
promise: https://docs.pytorch.org/docs/stable/notes/randomness.html
"""

import random
from typing import Any

import numpy as np
import torch


def seed_everything(seed: int) -> None:
    """Seed the generators of Python, NumPy and PyTorch on every device.

    >>> seed_everything(0); first = torch.rand(2)
    >>> seed_everything(0); bool((torch.rand(2) == first).all())
    True
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)  # NumPy takes 32 bits
    torch.manual_seed(seed)


def get_random_state() -> dict[str, Any]:
    """Return the state of every generator as tensors and plain values, ready for a checkpoint."""
    version, words, gauss = random.getstate()
    numpy_state = np.random.get_state(legacy=False)
    mersenne = numpy_state["state"]
    state: dict[str, Any] = {
        "python": [version, list(words), gauss],
        "numpy": [
            mersenne["key"].tolist(),
            int(mersenne["pos"]),
            int(numpy_state["has_gauss"]),
            float(numpy_state["gauss"]),
        ],
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    if torch.backends.mps.is_available():
        state["mps"] = torch.mps.get_rng_state()
    return state


def set_random_state(state: dict[str, Any]) -> None:
    """Put the generators back to a state that ``get_random_state`` returned.

    The state of an accelerator is set only where this machine has as many of that kind.
    """
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words), gauss))
    keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state(("MT19937", np.array(keys, dtype=np.uint32), position, has_gauss, cached))
    torch.set_rng_state(state["torch"].cpu())
    if torch.cuda.is_available() and len(state.get("cuda", [])) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([s.cpu() for s in state["cuda"]])
    if torch.backends.mps.is_available() and "mps" in state:
        torch.mps.set_rng_state(state["mps"].cpu())

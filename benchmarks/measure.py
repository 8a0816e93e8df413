"""Run one contender in this process, and print what it took as JSON.

A process of its own for each run: its peak memory is then its own, and nothing is warm.
"""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

import torch

from benchmarks.contenders import CONTENDERS
from helpers.datasets import Digits, embedded_digits, load_image_set, load_mnist


def resized(digits: Digits, num_images: int) -> Digits:
    """Return the digits with so many training images, taken again from the start if need be."""
    places = torch.arange(num_images) % len(digits.train_images)
    return replace(
        digits,
        train_images=digits.train_images[places],
        train_labels=digits.train_labels[places],
    )


def load(name: str) -> Digits:
    """Return MNIST, the embedded digits, or the set in a folder."""
    if name == "embedded":
        return embedded_digits()
    return load_mnist() if name == "MNIST" else load_image_set(name)


def peak_memory() -> int:
    """Return the most memory that this program has held, in bytes.

    Linux counts into ``ru_maxrss`` what the process held before it became this program, so that a
    large parent would be measured; ``VmHWM`` begins anew.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    import resource  # not on Windows, which the bench refuses

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


def main() -> None:
    """Measure one run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    parser.add_argument("contender", choices=CONTENDERS)
    parser.add_argument("--num-epochs", type=float, default=0, help="0: the recipe's own")
    parser.add_argument("--num-images", type=int, default=0, help="0: all of the training set")
    parser.add_argument("--images", default="MNIST", help="MNIST, embedded, or a folder")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    imported = peak_memory()
    start = time.perf_counter()
    digits = load(given.images)
    read = time.perf_counter()
    torch.optim.SGD([torch.zeros(1)], lr=0.1).zero_grad()  # PyTorch imports its compiler here
    ready = time.perf_counter()
    if given.num_images:
        digits = resized(digits, given.num_images)
    run = CONTENDERS[given.contender](digits, given.num_epochs, given.seed)
    facts = {
        "contender": given.contender,
        "seed": given.seed,
        "data": digits.source,
        "num_images": len(digits.train_images),
        "read_seconds": read - start,
        "import_seconds": ready - read,
        "memory_before": imported,
        "memory_peak": peak_memory(),
        **asdict(run),
    }
    print(json.dumps(facts))


if __name__ == "__main__":
    main()

"""What share of this processor's arithmetic each layer of the fast network reaches."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.benchmark import Timer

from helpers.fast import low_precision
from helpers.models import FastCNN

BATCH_SIZE = 128
CPU = torch.device("cpu")


def seconds_of(statement: str, **names: Any) -> float:
    """Return the median time of a statement."""
    timer = Timer(statement, globals=names, num_threads=torch.get_num_threads())
    return timer.blocked_autorange(min_run_time=0.2).median


def peak_rate(precision: torch.dtype, sizes: Sequence[int] = (512, 1024, 2048)) -> float:
    """Return the most operations a second of a large matrix product; an addition counts as one."""
    rates = []
    for size in sizes:
        A, B = torch.randn(2, size, size).to(precision)
        rates.append(2 * size**3 / seconds_of("A @ B", A=A, B=B))
    return max(rates)


def operations(layer: nn.Module, output: Tensor) -> int:
    """Return the operations of the products in one forward pass; 0 for layers without any."""
    if isinstance(layer, nn.Conv2d):
        per_place = layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
        return 2 * output.numel() * per_place
    if isinstance(layer, nn.Linear):
        return 2 * output.numel() * layer.in_features
    return 0


def memory_rate(num_bytes: int = 2**20) -> float:
    """Return the bytes a second that a copy reads and writes, at about the size of a batch here."""
    source = torch.zeros(num_bytes, dtype=torch.uint8)
    target = torch.empty_like(source)
    return 2 * num_bytes / seconds_of("target.copy_(source)", target=target, source=source)


def bound(taken: float, multiplying: float, moving: float) -> str:
    """Tell in words what a layer's time goes to.

    Args:
        taken: Its seconds.
        multiplying: Seconds that its products would take at the measured peak.
        moving: Seconds that reading and writing its tensors would take at the measured rate.

    """
    if max(multiplying, moving) < taken / 2:
        return "neither: starting, packing, copies between layouts"
    return "arithmetic" if multiplying >= moving else "memory"


def measure_layers(precision: torch.dtype, peak: float, rate: float) -> list[dict[str, Any]]:
    """Time forward and backward of each layer by itself, at the batch size of the recipe.

    Args:
        precision: In which the products are computed.
        peak: Operations a second, from ``peak_rate``.
        rate: Bytes a second, from ``memory_rate``.

    Returns:
        For each layer its name, seconds, share of the step, share of the peak and what bounds it.
        Backward takes twice the products of forward; the first layer needs no gradient of its
        input, and so half of that.

    """
    torch.manual_seed(0)
    model = FastCNN().to(memory_format=torch.channels_last)
    model.train()
    X = torch.randn(BATCH_SIZE, 1, 28, 28)
    rows: list[dict[str, Any]] = []
    first_products = True
    for layer in [*model.features, model.classifier]:
        if layer is model.classifier:
            X = X.permute(0, 2, 3, 1).flatten(1)
        with low_precision(CPU, precision):
            output = layer(X.clone())
        counted = operations(layer, output)
        passes = (2 if first_products else 3) if counted else 0
        inside = X.detach().clone().requires_grad_(not (counted and first_products))
        first_products = first_products and not counted
        gradient = torch.ones_like(output)

        def once(layer: nn.Module = layer, X: Tensor = inside, gradient: Tensor = gradient) -> None:
            with low_precision(CPU, precision):
                # a change in place is not allowed on what a gradient is asked of
                output = layer(X.clone() if isinstance(layer, nn.ReLU) else X)
            output.backward(gradient)

        taken = seconds_of("once()", once=once)
        moved = 3 * inside.nbytes + 2 * output.nbytes  # both and their gradients, some twice
        share = passes * counted / taken / peak
        rows.append({
            "layer": type(layer).__name__,
            "output": list(output.shape[1:]),
            "seconds": taken,
            "share_of_peak": share,
            "bound": bound(taken, passes * counted / peak, moved / rate),
        })  # fmt: skip
        X = output.detach()
    total = sum(row["seconds"] for row in rows)
    for row in rows:
        row["share_of_step"] = row["seconds"] / total
    return rows

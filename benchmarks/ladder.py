"""From the plain loop of notebook 04 to the fast one, one change a rung."""

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from benchmarks.contenders import MEAN, STD
from helpers.batches import TensorBatches
from helpers.datasets import Digits, ImageDataset
from helpers.fast import pick_precision, train_steps
from helpers.models import CNN, FastCNN
from helpers.training import train_epoch


@dataclass(frozen=True)
class Rung:
    """How an epoch is trained; each rung changes one of these of the rung before."""

    whole_tensors: bool = False
    waits: bool = True
    channels_last: bool = False
    network: type[nn.Module] = CNN
    batch_size: int = 64
    fused: bool = False
    precision: torch.dtype = torch.float32


def rungs() -> dict[str, Rung]:
    """Return the ladder, from the plain loop up."""
    plain = Rung()
    whole = replace(plain, whole_tensors=True)
    last = replace(whole, channels_last=True)
    small = replace(last, network=FastCNN)
    batch = replace(small, batch_size=128)
    fused = replace(batch, fused=True)
    free = replace(fused, waits=False)
    low = replace(free, precision=pick_precision(torch.device("cpu")))
    ladder = {
        "plain loop": plain,
        "whole tensors": whole,
        "channels last": last,
        "FastCNN": small,
        "batches of 128": batch,
        "fused AdamW": fused,
        "no waiting": free,
    }
    return {**ladder, "bfloat16": low} if low != free else ladder


def batches_of(rung: Rung, digits: Digits) -> Iterable[tuple[Tensor, Tensor]]:
    """Return shuffled batches, from single samples or from the whole tensors."""
    if rung.whole_tensors:
        return TensorBatches(
            digits.train_images, digits.train_labels, rung.batch_size,
            mean=MEAN, std=STD, shuffle=True, drop_last=True,
        )  # fmt: skip
    from torchvision import transforms

    usual = transforms.Compose([transforms.ToTensor(), transforms.Normalize((MEAN,), (STD,))])
    samples = ImageDataset(digits.train_images, digits.train_labels, transform=usual)
    return DataLoader(samples, rung.batch_size, shuffle=True, drop_last=True)


def seconds_an_epoch(rung: Rung, digits: Digits, num_images: int) -> float:
    """Train one epoch of the first images; return the seconds that 60,000 would take."""
    few = replace(
        digits,
        train_images=digits.train_images[:num_images],
        train_labels=digits.train_labels[:num_images],
    )
    torch.manual_seed(0)
    model, loss_fn = rung.network(), nn.CrossEntropyLoss()
    if rung.channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=rung.fused)
    batches = batches_of(rung, few)
    start = time.perf_counter()
    if rung.waits:
        train_epoch(model, batches, loss_fn, optimizer)
    else:
        constant = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
        train_steps(model, batches, loss_fn, optimizer, constant, rung.precision)
    return (time.perf_counter() - start) * 60_000 / len(few.train_images)


def measure_ladder(digits: Digits, rounds: int, num_images: int) -> dict[str, list[float]]:
    """Return seconds an epoch by rung, one figure a round; the rungs take turns."""
    ladder = rungs()
    for rung in ladder.values():  # the first time is slower
        seconds_an_epoch(rung, digits, 256)
    taken: dict[str, list[float]] = {name: [] for name in ladder}
    for _, (name, rung) in itertools.product(range(rounds), ladder.items()):
        taken[name].append(seconds_an_epoch(rung, digits, num_images))
    return taken

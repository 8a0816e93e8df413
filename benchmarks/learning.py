"""What a short run teaches, from a plain recipe to that of the fast loop, one change a rung."""

import itertools
from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.optim.lr_scheduler import ConstantLR, OneCycleLR

from helpers.batches import TensorBatches, pixel_statistics
from helpers.datasets import Digits
from helpers.fast import Recipe, Trained, pick_precision, train_steps
from helpers.models import FastCNN

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Rung:
    """How a run learns; each rung changes one of these of the rung before."""

    one_cycle: bool = False
    betas: tuple[float, float] = (0.9, 0.999)
    label_smoothing: float = 0.0


def rungs() -> dict[str, Rung]:
    """Return the ladder, from AdamW with a constant learning rate of 0.001 up."""
    plain = Rung()
    cycle = replace(plain, one_cycle=True)
    smooth = replace(cycle, label_smoothing=Recipe.label_smoothing)
    return {
        "constant rate": plain,
        "one cycle": cycle,
        "label smoothing": smooth,
        "shorter memory": replace(smooth, betas=(0.85, 0.95)),
    }


def share_wrong(rung: Rung, digits: Digits, seed: int, recipe: Recipe) -> float:
    """Train on five sixths of the training images; return the share of the others told wrong."""
    size = len(digits.train_images) * 5 // 6
    images, labels = digits.train_images[:size], digits.train_labels[:size]
    mean, std = pixel_statistics(images)
    batches = TensorBatches(
        images, labels, recipe.batch_size, mean=mean, std=std, shuffle=True, drop_last=True,
        generator=torch.Generator().manual_seed(seed),
    )  # fmt: skip
    num_steps = round(recipe.num_epochs * len(batches))
    torch.manual_seed(seed)
    model = FastCNN().to(memory_format=torch.channels_last)
    lr = recipe.max_lr if rung.one_cycle else 1e-3
    optimizer = torch.optim.AdamW(
        model.parameters(), lr, rung.betas, weight_decay=recipe.weight_decay, fused=True
    )
    scheduler = (
        OneCycleLR(
            optimizer, lr, total_steps=num_steps, pct_start=0.2,
            anneal_strategy="linear", cycle_momentum=False,
        )
        if rung.one_cycle
        else ConstantLR(optimizer, factor=1.0)
    )  # fmt: skip
    loss_fn = nn.CrossEntropyLoss(label_smoothing=rung.label_smoothing)
    again_and_again = itertools.chain.from_iterable(itertools.repeat(batches))
    steps = itertools.islice(again_and_again, num_steps)
    train_steps(model, steps, loss_fn, optimizer, scheduler, pick_precision(CPU))
    trained = Trained(model, mean, std, pick_precision(CPU))
    return 1 - trained.accuracy(digits.train_images[size:], digits.train_labels[size:])


def measure_learning(digits: Digits, rounds: int, recipe: Recipe) -> dict[str, list[float]]:
    """Return the share told wrong by rung, one figure a seed."""
    return {
        name: [share_wrong(rung, digits, seed, recipe) for seed in range(rounds)]
        for name, rung in rungs().items()
    }

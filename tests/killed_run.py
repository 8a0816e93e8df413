"""A training run that is killed by the test that starts it: ``python -m tests.killed_run FILE N``.

Everything random is in it: shuffling, dropout, a schedule of the learning rate. It saves itself
after each epoch, goes on from its file, and at its end writes its weights beside it.
"""

import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from helpers.checkpoints import load_checkpoint, save_checkpoint
from helpers.loaders import make_loader
from helpers.seeding import seed_everything
from helpers.training import fit


def main(path: Path, num_epochs: int) -> None:
    """Train to the end, from the start or from the file."""
    torch.set_num_threads(1)
    seed_everything(0)
    X = torch.randn(400, 20)
    data = torch.utils.data.TensorDataset(X, (X[:, 0] > 0).long())
    generator = torch.Generator().manual_seed(1)
    loader = make_loader(data, 8, shuffle=True, generator=generator)
    model = nn.Sequential(nn.Linear(20, 200), nn.BatchNorm1d(200), nn.Dropout(), nn.Linear(200, 2))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    steps = num_epochs * len(loader)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.01, total_steps=steps)
    history = {}
    if path.is_file():
        history = load_checkpoint(path, model, optimizer, scheduler, generator=generator).history

    def save(history):
        print("epoch", flush=True)
        save_checkpoint(path, model, optimizer, scheduler, history=history, generator=generator)

    fit(
        model, loader, None, F.cross_entropy, optimizer, num_epochs=num_epochs, device="cpu",
        scheduler=scheduler, history=history, on_epoch_end=save,
    )  # fmt: skip
    torch.save(model.state_dict(), path.with_suffix(".weights"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

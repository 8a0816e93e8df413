"""Train the MLP on the digits, with one process or with several that share each batch.

The same file serves both::

    python -m helpers.train_mnist --num-steps 100 --losses losses.json
    torchrun --nproc-per-node 2 -m helpers.train_mnist --num-steps 100 --losses losses.json

Every process (a *rank*) holds a whole copy of the model and takes its share of each *global*
batch. ``DistributedDataParallel`` averages the gradients of all processes during ``backward``, so
that each takes the same step and the copies stay equal. Because the shares are of one size, the
average of their gradients is the gradient of the whole batch: the losses are those of one process,
up to the order in which floats are added. That holds for the MLP. Batch normalisation would take
its mean from each share alone, and dropout would draw its masks for the shares, not for the whole
batch.

Where each process can have a GPU of its own, it computes there and the processes talk through NCCL;
elsewhere it computes on the CPU, and they talk through gloo, which needs no accelerator. From
Python, :func:`torchrun` types the second line.

With ``--checkpoint FILE`` the run is saved every ``--save-every`` steps, and goes on from that file
if it is there. torchrun starts all processes anew when one of them dies, if it may::

    torchrun --nproc-per-node 2 --max-restarts 3 -m helpers.train_mnist --checkpoint run.pt ...

The losses are then those of a run that nothing disturbed.
"""

import argparse
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from helpers.batches import TensorBatches, check_shares, pixel_statistics
from helpers.checkpoints import load_checkpoint, read_extra, save_checkpoint
from helpers.datasets import load_mnist
from helpers.device import pick_device
from helpers.errors import InputError, TrainingError
from helpers.files import written_whole
from helpers.models import MLP

ROOT = Path(__file__).parent.parent
TIMEOUT = timedelta(seconds=90)  # how long a process waits for the others; PyTorch's own is 30 min


@dataclass(frozen=True)
class Settings:
    """What decides the losses, the number of processes apart.

    Attributes:
        num_samples: Training images to use, the first ones; all if there are fewer.
        num_steps: Optimizer steps.
        batch_size: Samples in a global batch, those of all processes together.
        lr: The learning rate of SGD.
        seed: Decides the first weights and the order of the samples.

    """

    num_samples: int = 10_000
    num_steps: int = 100
    batch_size: int = 128
    lr: float = 0.1
    seed: int = 0


@dataclass(frozen=True)
class Saving:
    """Where a run is saved, and how often.

    Attributes:
        path: The checkpoint. A run goes on from it if it is there.
        every: Steps between two savings.

    """

    path: Path
    every: int = 20


def train_mlp(
    images: Tensor,
    labels: Tensor,
    settings: Settings,
    *,
    rank: int = 0,
    world_size: int = 1,
    saving: Saving | None = None,
) -> list[float]:
    """Train a new MLP and return the loss of each global batch, before its step.

    With ``world_size`` above 1, every process calls this with its own rank and the same data and
    settings, after ``init_process_group``; all get the same losses back.

    Args:
        images: ``(N, 28, 28)`` uint8, of which the first ``num_samples`` are used.
        labels: ``(N,)`` int64.
        settings: See there.
        rank: Which process this is, counted from 0.
        world_size: How many there are.
        saving: Not saved if left out. Rank 0 writes; all read, and so go on from the same step.

    Raises:
        InputError: The batches do not fit the samples or the number of processes, or the
            checkpoint is one of other settings.
        CheckpointError: The checkpoint is damaged, or one of another model.

    """
    batches = shared_batches(images, labels, settings, rank, world_size)
    torch.manual_seed(settings.seed)  # the same first weights in every process
    network = MLP().to(images.device)
    model: nn.Module = DistributedDataParallel(network) if world_size > 1 else network
    optimizer = torch.optim.SGD(model.parameters(), lr=settings.lr)
    losses = resume(saving, network, optimizer, settings)
    again_and_again = itertools.chain.from_iterable(itertools.repeat(batches))
    model.train()
    for X, Y in itertools.islice(again_and_again, len(losses), settings.num_steps):
        loss = F.cross_entropy(model(X), Y)  # ()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # the processes wait for each other here
        optimizer.step()
        losses.append(mean_over_processes(loss.detach(), world_size))
        if saving and rank == 0 and len(losses) % saving.every == 0:
            extra = {"settings": asdict(settings), "losses": losses}
            save_checkpoint(saving.path, network, optimizer, extra=extra)
    return losses


def shared_batches(
    images: Tensor, labels: Tensor, settings: Settings, rank: int, world_size: int
) -> TensorBatches:
    """Return the share of one process in each global batch.

    Every process with this seed draws the same order, a new one for each epoch. Samples that do
    not fill a batch are left out of that epoch.

    Raises:
        InputError: There are fewer samples than a batch takes, or the processes cannot share it.

    """
    images, labels = images[: settings.num_samples], labels[: settings.num_samples]
    if not 1 <= settings.batch_size <= len(images):
        raise InputError(
            f"batch_size is {settings.batch_size} and there are {len(images)} samples; expected "
            "1 to that number. Take more samples, or a smaller batch."
        )
    mean, std = pixel_statistics(images)
    return TensorBatches(
        images, labels, settings.batch_size, mean=mean, std=std, shuffle=True, drop_last=True,
        generator=torch.Generator().manual_seed(settings.seed), rank=rank, world_size=world_size,
    )  # fmt: skip


def resume(
    saving: Saving | None, network: nn.Module, optimizer: torch.optim.Optimizer, settings: Settings
) -> list[float]:
    """Fill model and optimizer from the checkpoint, if there is one; return the losses so far.

    Raises:
        InputError: It was saved with other settings.

    """
    if saving is None or not saving.path.is_file():
        return []
    extra = read_extra(saving.path)
    if extra.get("settings") != asdict(settings):
        raise InputError(
            f"{saving.path.name} was saved with {extra.get('settings')}; expected "
            f"{asdict(settings)}. Give the same settings, or another file."
        )
    load_checkpoint(saving.path, network, optimizer)
    losses: list[float] = extra["losses"]
    return losses


def mean_over_processes(value: Tensor, world_size: int) -> float:
    """Return the mean of a number that each process has one of."""
    total = value.clone()
    if world_size > 1:
        dist.all_reduce(total)  # the sum over all, now in each
    return total.item() / world_size


def write_losses(path: str | Path, losses: list[float], world_size: int) -> None:
    """Write the losses as JSON: complete, or not at all."""
    with written_whole(path) as part:
        part.write_text(json.dumps({"world_size": world_size, "losses": losses}), "utf-8")


def torchrun(
    num_processes: int, settings: Settings, *, timeout: float = 120.0, attempts: int = 2
) -> list[float]:
    """Run this program under torchrun, on this computer; return the loss of each step.

    A start may fail by chance: another program takes the port, or the computer is busy. So a second
    attempt follows, which meets at a port of its own.

    Args:
        num_processes: How many share each batch.
        settings: What to train.
        timeout: Seconds that an attempt may take.
        attempts: How often to try.

    Raises:
        InputError: The batch cannot be cut into that many equal parts.
        TrainingError: No attempt succeeded; the message ends in what the last one wrote.

    """
    check_shares(settings.batch_size, num_processes)
    options = [f"--{name.replace('_', '-')}={value}" for name, value in asdict(settings).items()]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    launcher += ["--local-addr", "127.0.0.1", "--nproc-per-node", str(num_processes)]
    problem = "it was not tried"
    with tempfile.TemporaryDirectory() as folder:
        for attempt in range(attempts):
            path = Path(folder) / f"losses{attempt}.json"
            command = [*launcher, "-m", "helpers.train_mnist", *options, "--losses", str(path)]
            problem = run_to_the_end(command, path.with_suffix(".log"), timeout)
            if not problem and path.is_file():
                losses: list[float] = json.loads(path.read_text("utf-8"))["losses"]
                return losses
    raise TrainingError(f"{num_processes} processes could not train together: {problem}")


def run_to_the_end(command: Sequence[str], log: Path, timeout: float) -> str:
    """Run a program, with what it says in ``log``; return "" or what went wrong, in a line."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONSAFEPATH": "1",  # another `helpers` in the current folder must not come first
        "OMP_NUM_THREADS": "1",
        "WORKBOOK_OFFLINE": "1",  # the data are here already; several processes must not fetch them
    }
    for _, interface in socket.if_nameindex():
        if interface in ("lo", "lo0"):  # the processes talk within this computer
            environment["GLOO_SOCKET_IFNAME"] = interface
    with log.open("wb") as said:
        try:
            process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
        except OSError as error:
            return f"{type(error).__name__}: {error}"
        try:
            failed = process.wait(timeout)
        except subprocess.TimeoutExpired:
            return f"no end after {timeout:g} seconds"
        finally:
            stop(process)
    return telling_line(log.read_text("utf-8", errors="replace")) if failed else ""


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program that is still running: torchrun then ends the processes that it started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def telling_line(text: str) -> str:
    r"""Return the line of a log that names the first error, or else its last line.

    >>> telling_line("Traceback:\n[rank1]: ValueError: too few\nRuntimeError: a process failed")
    'ValueError: too few'
    >>> telling_line("elastic.ChildFailedError:\n  exitcode  : -6 (pid: 7)\nbye")
    'exitcode  : -6 (pid: 7)'

    """
    lines = [re.sub(r"^(\[rank\d+\]:)?\s*", "", line) for line in text.splitlines()]
    errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    errors = [line for line in errors if "ChildFailedError" not in line]  # torchrun's own, no cause
    codes = [line for line in lines if line.startswith("exitcode")]  # ended by a signal
    errors += [code for code in codes if "SIGTERM" not in code]  # those torchrun itself ended so
    spoken = [line for line in lines if line]
    return (errors or spoken[-1:] or ["it wrote no message"])[0].rstrip()


def read_arguments(arguments: Sequence[str] | None = None) -> tuple[Settings, Path, Saving | None]:
    """Read the command line: the settings, the file for the losses, and where to save the run."""
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python -m helpers.train_mnist",
        description="Train the MLP on the digits; under torchrun, with several processes.",
    )
    parser.add_argument("--losses", type=Path, required=True, help="the JSON file to write")
    parser.add_argument("--checkpoint", type=Path, help="save the run here, and go on from it")
    parser.add_argument("--save-every", type=int, default=Saving.every, help="steps between")
    parser.add_argument("--num-samples", type=int, default=default.num_samples)
    parser.add_argument("--num-steps", type=int, default=default.num_steps)
    parser.add_argument("--batch-size", type=int, default=default.batch_size)
    parser.add_argument("--lr", type=float, default=default.lr)
    parser.add_argument("--seed", type=int, default=default.seed)
    given = vars(parser.parse_args(arguments))
    path, checkpoint = given.pop("losses"), given.pop("checkpoint")
    every = given.pop("save_every")
    if every < 1:
        parser.error(f"--save-every is {every}; expected 1 or more")
    return Settings(**given), path, Saving(checkpoint, every) if checkpoint else None


def main(arguments: Sequence[str] | None = None) -> None:
    """Train as the command line says; torchrun tells each process its rank in the environment."""
    settings, path, saving = read_arguments(arguments)
    rank = int(os.environ.get("RANK", "0"))
    world_size = int(os.environ.get("WORLD_SIZE", "1"))
    local_rank = int(os.environ.get("LOCAL_RANK", "0"))  # among the processes of this computer
    device, backend = pick_place(local_rank, int(os.environ.get("LOCAL_WORLD_SIZE", "1")))
    digits = load_mnist()
    images, labels = digits.train_images.to(device), digits.train_labels.to(device)
    if world_size > 1:
        join(backend, rank, world_size)
    try:
        losses = train_mlp(
            images, labels, settings, rank=rank, world_size=world_size, saving=saving
        )
    finally:
        if world_size > 1:
            dist.destroy_process_group()
    if rank == 0:
        write_losses(path, losses, world_size)


def pick_place(local_rank: int, local_world_size: int) -> tuple[torch.device, str]:
    """Return where one of several processes computes, and through what they talk.

    ``WORKBOOK_DEVICE=cpu`` keeps all on the CPU, as everywhere in the workbook.

    >>> pick_place(0, 1000)  # more processes than GPUs
    (device(type='cpu'), 'gloo')

    """
    if pick_device().type == "cuda" and torch.cuda.device_count() >= local_world_size:
        torch.cuda.set_device(local_rank)
        return torch.device("cuda", local_rank), "nccl"
    return torch.device("cpu"), "gloo"


def join(backend: str, rank: int, world_size: int) -> None:
    """Meet the other processes, which torchrun has told the same address.

    The meeting place outlives a process that died; after a restart it would still hold the
    addresses of the dead. So each attempt meets under a name of its own.
    """
    address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
    has_agent = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"  # torchrun keeps the place
    store = dist.TCPStore(  # type: ignore[attr-defined]
        address, port, world_size, is_master=rank == 0 and not has_agent, timeout=TIMEOUT
    )
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    dist.init_process_group(
        backend,
        store=dist.PrefixStore(f"attempt {attempt}", store),  # type: ignore[attr-defined]
        rank=rank,
        world_size=world_size,
        timeout=TIMEOUT,
    )


def leave() -> NoReturn:
    """End this process without taking Python down piece by piece.

    In torch 2.14 ``DistributedDataParallel`` keeps the threads of its group alive, even beyond
    ``destroy_process_group``. One that still tidies up while Python ends aborts the whole process,
    and torchrun then reports a failure of what had succeeded.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
    leave()

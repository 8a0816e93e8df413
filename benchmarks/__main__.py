"""Compare the workbook's training with published recipes, in one go and in turns.

Seconds differ from machine to machine, and from hour to hour on one: what counts are the ratios of
runs that took turns. Each run has a process of its own. How many epochs the recipe of
pytorch/examples needs to 99.0 % is found by ``--full``, which keeps it in ``benchmarks/full.json``;
otherwise one epoch of it is timed, and multiplied. ``--chart`` keeps ``benchmarks/ladder.json``,
from which ``workbook.py refresh`` draws the charts; nothing else changes a file.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import torch

from benchmarks.contenders import CONTENDERS
from benchmarks.ladder import measure_ladder
from benchmarks.layers import measure_layers, memory_rate, peak_rate
from benchmarks.learning import measure_learning
from benchmarks.roads import measure_roads, ratios
from benchmarks.workbook_times import report_workbook
from helpers.datasets import data_folder, load_mnist
from helpers.fast import Recipe, pick_precision

FOLDER = Path(__file__).parent
FULL = FOLDER / "full.json"
LADDER = FOLDER / "ladder.json"
LINE, MLP_LINE = 0.99, 0.98
NUM_SEEDS = 10  # of ours; those beyond the rounds are for the accuracies alone
SIZES = (10_000, 60_000, 240_000)


def measure(contender: str, **options: float | str) -> dict[str, Any]:
    """Run one contender in a process of its own; return what it printed.

    Raises:
        RuntimeError: It failed.

    """
    command = [sys.executable, "-m", "benchmarks.measure", contender]
    command += [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RuntimeError(f"{contender} failed: {said[-1] if said else 'it said nothing'}")
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def take_turns(
    seeds: Sequence[int], plan: dict[str, dict[str, float | str]], quiet: bool = False
) -> dict[str, list[dict[str, Any]]]:
    """Measure each contender once for each seed."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in plan}
    for seed in seeds:
        for name, options in plan.items():
            runs[name].append(measure(name, seed=seed, **options))
            last = runs[name][-1]
            if quiet:
                continue
            print(
                f"  seed {seed}: {name}: {100 * last['accuracy'][-1]:.2f} % "
                f"after {last['train_seconds'][-1]:.2f} s",
                flush=True,
            )
    return runs


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """Write the median, and the least and the most in brackets."""
    return f"{median(values):{form}} [{min(values):{form}} to {max(values):{form}}]"


def epochs_needed(runs: list[dict[str, Any]], line: float = LINE) -> int:
    """Return the length of the shortest schedule whose median accuracy passes the line.

    Raises:
        RuntimeError: None does.

    """
    for epoch, accuracies in enumerate(zip(*(run["accuracy"] for run in runs), strict=True), 1):
        if median(accuracies) >= line:
            return epoch
    raise RuntimeError(f"No schedule's median reaches {line:.1%}: more epochs are needed.")


def seconds(run: dict[str, Any], epochs: int = 1, whole: bool = False) -> float:
    """Return the seconds of a run whose one epoch was timed: training and one test.

    Args:
        run: What ``measure`` returned.
        epochs: How many such epochs are needed.
        whole: Count reading the data and the optimizer's first import too.

    """
    before = run["read_seconds"] + run["import_seconds"] if whole else 0.0
    last: float = before + run["train_seconds"][-1] * epochs + run["test_seconds"]
    return last


def report_training(
    runs: dict[str, list[dict[str, Any]]], more: dict[str, list[dict[str, Any]]], needed: int
) -> dict[str, Any]:
    """Print and return how long each takes to the line, and how many times as long (a) takes.

    Args:
        runs: Of all, which took turns.
        more: Further seeds of ours, for the accuracies alone.
        needed: Epochs that (a) needs.

    """
    found: dict[str, Any] = {}
    print("\nSeconds to a share of the test images (training and one test; median, spread)")
    reference = runs["examples"]
    for name, mine in runs.items():
        if not name.startswith("fast"):
            continue
        # The first epoch of (a) is already beyond 98 %.
        line, epochs = (MLP_LINE, 1) if name == "fast-mlp" else (LINE, needed)
        accuracies = [run["accuracy"][-1] for run in mine + more[name]]
        right = sum(accuracy >= line for accuracy in accuracies)
        times, times_whole = (
            [
                seconds(a, epochs, whole) / seconds(b, whole=whole)
                for a, b in zip(reference, mine, strict=True)
            ]
            for whole in (False, True)
        )
        print(
            f"  {name:14} {spread([seconds(run) for run in mine])} s, examples "
            f"{spread([seconds(run, epochs) for run in reference], '.1f')} s: "
            f"{spread(times, '.0f')} times as fast, {median(times_whole):.0f} with reading and "
            f"first import\n  {'':14} {right} of {len(accuracies)} seeds pass {line:.0%}; accuracy "
            f"{spread(accuracies, '.4f')}"
        )
        found[name] = {"accuracy": accuracies, "times": times, "times_whole": times_whole}
    print("\nOne epoch, and the accuracy after it")
    for name, mine in runs.items():
        if not name.startswith("fast"):
            taken = spread([run["train_seconds"][0] for run in mine], ".1f")
            print(f"  {name:14} {taken} s, {spread([run['accuracy'][0] for run in mine], '.4f')}")
    print("\nPeak memory, whole process (MB)")
    first = median(run["memory_peak"] for run in reference)
    for name, mine in runs.items():
        peak = median(run["memory_peak"] for run in mine)
        found.setdefault(name, {})["memory_share"] = peak / first
        print(f"  {name:14} {peak / 1e6:7.0f}  {peak / first:.2f} of examples'")
    return found


def report_roads(rounds: int) -> dict[str, Any]:
    """Print and return images a second by road, at one batch size."""
    speeds = measure_roads(load_mnist(), rounds)
    times = ratios(speeds)
    print("\nImages a second, no training, the same values out (median, spread)")
    for name, values in speeds.items():
        print(f"  {name:28} {spread(values, ',.0f')}  {times[name]:.1f} times")
    return {"speeds": speeds, "times": times}


def report_sizes(rounds: int) -> dict[str, Any]:
    """Print and return seconds an image and memory for sets of several sizes."""
    print("\nCost against size: one epoch of fast")
    found: dict[str, Any] = {}
    runs = {size: [] for size in SIZES}  # type: dict[int, list[dict[str, Any]]]
    for seed in range(rounds):
        for size in SIZES:
            runs[size].append(measure("fast", num_images=size, num_epochs=1, seed=seed))
    for size, mine in runs.items():
        each = [run["train_seconds"][-1] / size * 1e6 for run in mine]
        peak = median(run["memory_peak"] for run in mine)
        print(f"  {size:7,} images: {spread(each, '.1f')} µs an image, {peak / 1e6:.0f} MB")
        found[str(size)] = {"microseconds": each, "memory": peak}
    return found


def report_sets(rounds: int) -> dict[str, Any]:
    """Print and return accuracies after as many epochs on other sets, nothing changed.

    The embedded digits, and each folder of the data folder that holds a set in MNIST's format.
    """
    print("\nOther images, the same recipes and numbers of epochs (test accuracy; median, spread)")
    sets = {"embedded": (5.0, 14.0)} | {
        str(raw): (1.0,)
        for raw in sorted(data_folder().glob("*/raw"))
        if raw.parent.name != "MNIST"
    }
    found: dict[str, Any] = {}
    for images, lengths in sets.items():
        for num_epochs in lengths:
            plan: dict[str, dict[str, float | str]] = {
                name: {"images": images, "num_epochs": num_epochs} for name in ("examples", "fast")
            }
            runs = take_turns(range(rounds), plan, quiet=True)
            name = "embedded digits" if images == "embedded" else Path(images).parent.name
            times = [
                seconds(a) / seconds(b) for a, b in zip(runs["examples"], runs["fast"], strict=True)
            ]
            accuracies = {who: [run["accuracy"][-1] for run in mine] for who, mine in runs.items()}
            print(
                f"  {name}, {num_epochs:g} epochs: fast {spread(accuracies['fast'], '.4f')}, "
                f"examples {spread(accuracies['examples'], '.4f')}, {median(times):.0f} times as "
                "fast"
            )
            found[f"{name}, {num_epochs:g} epochs"] = {**accuracies, "times": times}
    return found


def report_ladder(rounds: int, num_images: int) -> dict[str, Any]:
    """Print and return seconds an epoch from the plain loop up, one change a rung."""
    taken = measure_ladder(load_mnist(), rounds, num_images)
    medians = {name: median(values) for name, values in taken.items()}
    first = before = next(iter(medians.values()))
    print(f"\nThe ladder: one epoch of 60,000, reckoned from {num_images:,} (seconds)")
    for name, value in medians.items():
        print(
            f"  {name:16} {spread(taken[name])}  {before / value:4.1f} times the rung before, "
            f"{first / value:5.1f} in all"
        )
        before = value
    return {"seconds": taken, "num_images": num_images}


def report_learning(rounds: int) -> dict[str, list[float]]:
    """Print and return the share of held-out images told wrong, one change a rung."""
    recipe = Recipe()
    wrong = measure_learning(load_mnist(), rounds, recipe)
    print(f"\nTold wrong of 10,000 held-out images after {recipe.num_epochs:g} epochs")
    for name, shares in wrong.items():
        print(f"  {name:18} {spread([10_000 * share for share in shares], '.0f')}")
    return wrong


def report_compiled() -> dict[str, float]:
    """Print and return what ``torch.compile`` takes and gives, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.compiled"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    print("\nThe fast network compiled, training steps")
    if done.returncode:
        print(f"  not on this machine: {done.stderr.strip().splitlines()[-1]}")
        return {}
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    gain = found["eager"] - found["compiled"]
    print(
        f"  first step {found['first']:.1f} s, then {1e3 * found['compiled']:.2f} ms a step "
        f"against {1e3 * found['eager']:.2f} ms: "
        + (f"paid after {found['first'] / gain:,.0f} steps" if gain > 0 else "never paid")
    )
    return found


def report_layers() -> dict[str, Any]:
    """Print and return each layer's share of the step and of the peak, and what bounds it."""
    precision = pick_precision(torch.device("cpu"))
    peak = peak_rate(precision)
    rows = measure_layers(precision, peak, memory_rate())
    print(
        f"\nThe step by layer, forward and backward ({precision}; one large matrix product "
        f"reaches {peak / 1e9:,.0f} thousand million operations a second)"
    )
    for row in rows:
        print(
            f"  {row['layer']:14} {row['output']!s:14} {1e3 * row['seconds']:5.2f} ms, "
            f"{row['share_of_step']:4.0%} of the step, {row['share_of_peak']:4.0%} of the peak; "
            f"bound by {row['bound']}"
        )
    whole = sum(row["share_of_peak"] * row["share_of_step"] for row in rows)
    print(f"  all layers reach {whole:.0%} of the peak")
    return {"peak": peak, "layers": rows, "share_of_peak": whole}


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": torch.cpu.get_capabilities().get("cpu_name", platform.processor())
        if hasattr(torch.cpu, "get_capabilities")
        else platform.processor(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "precision": str(pick_precision(torch.device("cpu"))),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }


def read_full() -> dict[str, Any]:
    """Return what the last ``--full`` run found.

    Raises:
        RuntimeError: There was none.

    """
    if not FULL.is_file():
        raise RuntimeError("benchmarks/full.json is missing: run `bench --full` once.")
    found: dict[str, Any] = json.loads(FULL.read_text("utf-8"))
    return found


def run_full(rounds: int, num_epochs: int) -> dict[str, Any]:
    """Run the recipe of pytorch/examples in full, keep what it needs, and return it."""
    runs = take_turns(range(rounds), {"examples": {"num_epochs": num_epochs}})["examples"]
    kept = {
        **machine(),
        "epochs_needed": epochs_needed(runs),
        "accuracy": [run["accuracy"] for run in runs],
    }
    FULL.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    return kept


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison that the options ask for."""
    parser = argparse.ArgumentParser(prog="workbook.py bench", description=__doc__)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="one round, small; two minutes")
    length.add_argument("--full", action="store_true", help="the other recipe to 99 %% first")
    parser.add_argument("--rounds", type=int, default=0, help="seeds for each; 5 if left out")
    parser.add_argument("--epochs", type=int, default=6, help="of the other recipe, with --full")
    parser.add_argument("--chart", action="store_true", help="keep the figures of the charts")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    given = parser.parse_args(arguments)
    if sys.platform == "win32":
        print("Windows cannot tell the bench a process's peak memory: run it on Linux or macOS.")
        return 1
    rounds = given.rounds or (1 if given.quick else 5)
    if load_mnist().source != "MNIST":
        print("The real MNIST is not in the data folder; without it there is nothing to compare.")
        return 1
    facts = machine()
    print(", ".join(f"{name} {value}" for name, value in facts.items()))
    kept = run_full(rounds, given.epochs) if given.full else read_full()
    print(
        f"Epochs that pytorch/examples' recipe needs to {LINE:.1%}: {kept['epochs_needed']} "
        f"(median of {len(kept['accuracy'])} seeds, {kept['date']}, torch {kept['torch']})"
    )
    plan: dict[str, dict[str, float | str]] = {name: {} for name in CONTENDERS}
    for name in ("examples", "plain", "quickstart"):
        plan[name] = {"num_epochs": 1}
    if given.quick:
        del plan["plain"], plan["quickstart"]
    runs = take_turns(range(rounds), plan)
    ours = {name: plan[name] for name in plan if name.startswith("fast")}
    more = take_turns(range(rounds, 1 if given.quick else NUM_SEEDS), ours)
    found: dict[str, Any] = {
        "machine": facts,
        "recipe": vars(Recipe()),
        "epochs_needed": kept["epochs_needed"],
        "training": report_training(runs, more, kept["epochs_needed"]),
        "roads": report_roads(rounds),
        "layers": report_layers(),
        "ladder": report_ladder(1 if given.quick else 3, 1_000 if given.quick else 6_000),
    }
    found["learning"] = report_learning(1 if given.quick else 20)
    found["compiled"] = report_compiled()
    if given.chart:
        ladder = {
            "machine": facts,
            **found["ladder"],
            "wrong": found["learning"],
            "num_epochs": Recipe.num_epochs,
            "compiled": found["compiled"],
        }
        LADDER.write_text(json.dumps(ladder, indent=1) + "\n", "utf-8")
    if not given.quick:
        found["sizes"] = report_sizes(3)
        found["sets"] = report_sets(rounds)
    found |= {
        "workbook": report_workbook(rounds, notebooks=not given.quick),
        "runs": runs,
    }
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(str(error))

"""The bench: contenders that train as described, ratios that are reckoned right, equal roads."""

import itertools
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

import benchmarks.__main__ as bench
from benchmarks import contenders, layers, learning, measure, roads, workbook_times
from benchmarks.ladder import measure_ladder, rungs
from helpers.datasets import embedded_digits, write_idx
from helpers.fast import Recipe, train_fast
from helpers.models import count_parameters

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def few():
    digits = embedded_digits()
    return replace(
        digits,
        train_images=digits.train_images[:256],
        train_labels=digits.train_labels[:256],
    )


def test_the_network_of_the_examples_is_as_described():
    model = contenders.ExamplesNet().eval()
    assert count_parameters(model) == 1_199_882
    scores = model(torch.zeros(2, 1, 28, 28))
    assert scores.shape == (2, 10)
    torch.testing.assert_close(scores.exp().sum(dim=1), torch.ones(2))


@pytest.mark.parametrize("name", contenders.CONTENDERS)
def test_each_contender_trains_and_is_tested_once_an_epoch(name, few):
    fast = name.startswith("fast")
    run = contenders.CONTENDERS[name](few, 10 if fast else 2, 0)
    expected = 1 if fast else 2  # the fast schedule counts on its end
    assert len(run.accuracy) == len(run.train_seconds) == expected
    if name != "quickstart":  # its learning rate of 0.001 comes to little in eight steps
        assert run.accuracy[-1] > 0.15  # a guess hits a tenth
    assert run.test_seconds > 0 and sorted(run.train_seconds) == run.train_seconds


def test_the_quickstart_learns_slowly():
    digits = measure.resized(embedded_digits(), 20_000)
    run = contenders.quickstart(digits, 3, 0)
    assert run.accuracy[-1] > 0.3


def test_the_roads_give_the_same_and_take_turns(few):
    speeds = roads.measure_roads(few, rounds=2)
    assert [len(values) for values in speeds.values()] == [2, 2, 2]
    assert all(speed > 0 for values in speeds.values() for speed in values)


def test_roads_that_differ_are_refused(few):
    one = [(torch.zeros(2, 1), torch.zeros(2))]
    other = [(torch.full((2, 1), 0.01), torch.zeros(2))]
    roads.check_same({"a": one, "b": one})
    with pytest.raises(AssertionError):
        roads.check_same({"a": one, "b": other})
    with pytest.raises(ValueError):
        roads.check_same({"a": one, "b": one * 2})


def test_ratios_are_taken_round_by_round():
    speeds = {"slow": [1.0, 10.0, 2.0], "quick": [3.0, 20.0, 8.0]}
    assert roads.ratios(speeds) == {"slow": 1.0, "quick": 3.0}


def test_a_set_is_resized_by_repeating(few):
    larger = measure.resized(few, 600)
    assert len(larger.train_images) == len(larger.train_labels) == 600
    assert torch.equal(larger.train_images[256:512], few.train_images)


def test_the_shortest_schedule_whose_median_passes():
    runs = [{"accuracy": [0.98, 0.991, 0.98]}, {"accuracy": [0.97, 0.989, 0.992]}]
    assert bench.epochs_needed(runs) == 2
    assert bench.epochs_needed(runs, line=0.97) == 1
    with pytest.raises(RuntimeError, match="more epochs"):
        bench.epochs_needed(runs, line=0.999)


def test_seconds_are_added_up():
    run = {
        "read_seconds": 1.0, "import_seconds": 2.0, "train_seconds": [10.0], "test_seconds": 0.5
    }  # fmt: skip
    assert bench.seconds(run) == 10.5
    assert bench.seconds(run, epochs=3) == 30.5
    assert bench.seconds(run, epochs=3, whole=True) == 33.5


def test_the_report_counts_seeds_and_divides_pairwise(capsys):
    def run(train, accuracy, memory):
        return {
            "read_seconds": 0.0, "import_seconds": 0.0, "train_seconds": [train],
            "test_seconds": 0.0, "accuracy": [accuracy], "memory_peak": memory,
        }  # fmt: skip

    runs = {
        "examples": [run(50.0, 0.98, 900e6), run(60.0, 0.98, 900e6)],
        "fast": [run(2.0, 0.991, 450e6), run(3.0, 0.989, 450e6)],
    }
    more = {"fast": [run(9.0, 0.992, 900e6)]}
    found = bench.report_training(runs, more, needed=4)
    assert found["fast"]["times"] == [100.0, 80.0]
    assert found["fast"]["accuracy"] == [0.991, 0.989, 0.992]
    assert found["fast"]["memory_share"] == 0.5
    assert "90 [80 to 100] times as fast" in (said := capsys.readouterr().out)
    assert "2 of 3 seeds pass 99%" in said


def test_a_failing_contender_ends_in_a_sentence():
    with pytest.raises(RuntimeError, match="fast failed"):
        bench.measure("fast", num_images=-1)


def test_without_mnist_it_says_so(tmp_path):
    done = subprocess.run(
        [sys.executable, "workbook.py", "--here", "bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "WORKBOOK_DATA": str(tmp_path), "WORKBOOK_OFFLINE": "1"},
    )
    assert done.returncode == 1
    assert "real MNIST is not in the data folder" in done.stdout and "Traceback" not in done.stderr


def test_what_the_full_run_finds_is_kept_with_its_versions(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(bench, "FULL", tmp_path / "full.json")
    with pytest.raises(RuntimeError, match="--full"):
        bench.read_full()
    run = {"accuracy": [0.98, 0.991], "train_seconds": [50.0, 100.0]}
    monkeypatch.setattr(bench, "measure", lambda name, **options: run)
    kept = bench.run_full(rounds=3, num_epochs=2)
    assert kept == bench.read_full() == json.loads((tmp_path / "full.json").read_text("utf-8"))
    assert kept["epochs_needed"] == 2 and len(kept["accuracy"]) == 3
    assert {"date", "processor", "cores", "torch", "python"} <= kept.keys()
    assert "seed 2: examples: 99.10 %" in capsys.readouterr().out


def test_each_rung_of_the_ladder_changes_one_thing(few):
    ladder = [vars(rung) for rung in rungs().values()]
    for below, above in itertools.pairwise(ladder):
        assert sum(below[name] != above[name] for name in below) == 1
    taken = measure_ladder(few, rounds=1, num_images=256)
    assert list(taken) == list(rungs()) and all(values[0] > 0 for values in taken.values())


def test_each_rung_of_what_is_learned_changes_one_thing_and_ends_in_the_recipe(few):
    ladder = learning.rungs()
    for below, above in itertools.pairwise(map(vars, ladder.values())):
        assert sum(below[key] != above[key] for key in below) == 1
    recipe = Recipe(num_epochs=4, batch_size=32)
    wrong = learning.measure_learning(few, 2, recipe)
    assert list(wrong) == list(ladder)
    assert max(wrong["shorter memory"]) < 0.5
    size = len(few.train_images) * 5 // 6
    for seed, share in enumerate(wrong["shorter memory"]):  # the last rung is train_fast itself
        trained = train_fast(
            few.train_images[:size], few.train_labels[:size], replace(recipe, seed=seed)
        )
        found = trained.accuracy(few.train_images[size:], few.train_labels[size:])
        assert share == pytest.approx(1 - found)


def test_what_compiling_takes_and_gives_is_told(monkeypatch, capsys):
    def answer(code, said, problem=""):
        done = subprocess.CompletedProcess([], code, said, problem)
        monkeypatch.setattr(bench.subprocess, "run", lambda *args, **options: done)
        found = bench.report_compiled()
        return found, capsys.readouterr().out

    figures = {"first": 10.0, "eager": 0.004, "compiled": 0.003}
    found, said = answer(0, json.dumps(figures))
    assert found == figures and "3.00 ms a step against 4.00 ms: paid after 10,000 steps" in said
    assert "never paid" in answer(0, json.dumps({**figures, "compiled": 0.005}))[1]
    found, said = answer(1, "", "Traceback\nInvalidCxxCompiler: No working C++ compiler found")
    assert found == {} and "not on this machine: InvalidCxxCompiler" in said


def test_the_layers_are_timed_and_their_products_counted():
    rows = layers.measure_layers(torch.float32, peak=1e12, rate=1e10)
    assert [row["layer"] for row in rows if row["share_of_peak"]] == ["Conv2d"] * 3 + ["Linear"]
    assert sum(row["share_of_step"] for row in rows) == pytest.approx(1)
    conv, output = nn.Conv2d(4, 32, 3), torch.zeros(2, 32, 12, 12)
    # each of 2 x 32 x 12 x 12 results is a sum of 4 x 3 x 3 products
    assert layers.operations(conv, output) == 2 * (2 * 32 * 12 * 12) * (4 * 3 * 3)
    assert layers.operations(nn.ReLU(), output) == 0


def test_what_bounds_a_layer_is_what_would_take_most_of_its_time():
    assert layers.bound(taken=1.0, multiplying=0.8, moving=0.1) == "arithmetic"
    assert layers.bound(taken=1.0, multiplying=0.1, moving=0.8) == "memory"
    assert layers.bound(taken=1.0, multiplying=0.1, moving=0.1).startswith("neither")
    assert layers.memory_rate() > 1e8


def test_another_set_is_measured_from_its_folder(few, tmp_path):
    parts = {
        "train-images": few.train_images,
        "train-labels": few.train_labels.to(torch.uint8),
        "t10k-images": few.test_images,
        "t10k-labels": few.test_labels.to(torch.uint8),
    }
    for name, values in parts.items():
        write_idx(tmp_path / f"{name}-idx-ubyte", values)
    run = bench.measure("fast", images=str(tmp_path), num_epochs=2)
    assert run["data"] == tmp_path.name and run["num_images"] == 256


def test_imports_are_timed():
    for values in workbook_times.import_seconds(1).values():
        assert 0 <= values[0] < 60


def test_the_memory_is_that_of_the_program_and_not_of_its_parent():
    large = torch.ones(300_000_000)  # 1.2 GB here, in the parent: more than the run takes
    assert bench.measure("fast", images="embedded", num_epochs=1)["memory_peak"] < large.nbytes


def test_the_memory_counts_what_the_program_held_at_most():
    code = (
        "import torch; from benchmarks.measure import peak_memory; before = peak_memory();"
        "torch.ones(100_000_000); print(peak_memory() - before)"  # 400 MB, freed at once
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(ran.stdout) == pytest.approx(400_000_000, rel=0.1)

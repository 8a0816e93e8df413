"""When are two outputs comparable? The machine and the data that outputs were made with.

A pytest plugin (see ``addopts`` in pyproject.toml). Most stored outputs are compared
everywhere. Two tags mark cells that can differ for a good reason; each such cell holds an
``assert`` that is true everywhere, and its output is compared where the reason is absent:

- ``same-machine``: the result of many float operations, such as an accuracy. Other processors
  and other versions of torch round differently.
- ``same-data``: depends on which digits are at hand, MNIST or the embedded ones.

``python -m tests.reference`` prints this machine's marks as JSON; ``workbook.py refresh``
stores them in each notebook.
"""

import json
import os
import platform
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

# One thread for each kernel: two pytest workers then share two cores fairly, and the order of
# float additions is the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# What a learner has solved must not show in outputs that are compared.
os.environ["WORKBOOK_PROGRESS"] = str(Path(tempfile.mkdtemp()) / "progress.jsonl")

TAGS = {"same-machine": "machine", "same-data": "data"}


@cache
def fingerprint() -> dict[str, str]:
    """Return what decides the results here: processor and torch, and the digits at hand."""
    import torch

    from helpers.datasets import load_mnist

    machine = (
        f"{platform.system()} {_processor()}, {torch.backends.cpu.get_cpu_capability()}, "
        f"{torch.get_num_threads()} threads, torch {torch.__version__.split('+')[0]}"
    )
    return {"machine": machine, "data": load_mnist().source}


def _processor() -> str:
    """Return the processor's model where the system tells it."""
    if (info := Path("/proc/cpuinfo")).is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def comparable(tags: list[str], stored: dict[str, str]) -> bool:
    """Tell whether a cell with these tags must print here what it printed there."""
    return all(stored.get(part) == fingerprint()[part] for tag, part in TAGS.items() if tag in tags)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Leave out the comparisons that cannot hold here."""
    for item in items:
        if item.path.suffix != ".ipynb":
            continue
        stored = item.parent.nb.metadata.get("workbook", {}).get("reference", {})
        tags = item.cell.metadata.get("tags", [])
        if not comparable(tags, stored):
            item.options["check"] = False


if __name__ == "__main__":
    print(json.dumps(fingerprint()))

"""A progress bar for the person who is watching, and none in a stored notebook."""

import os
import sys
from typing import Any

from tqdm import tqdm

DELAY = 1.0  # seconds; what is done sooner needs no bar


def someone_is_watching() -> bool:
    """Tell whether a person looks on: a terminal, JupyterLab, VS Code or Colab.

    ``nbconvert`` and ``pytest`` start kernels too, but none of these marks is there then.
    """
    if "ipykernel" not in sys.modules:
        return sys.stderr.isatty()
    return (
        "JPY_SESSION_NAME" in os.environ  # set by Jupyter's server for the kernels it starts
        or "VSCODE_PID" in os.environ
        or "google.colab" in sys.modules
    )


def progress_bar(iterable: Any = None, **options: Any) -> Any:
    """Wrap ``iterable`` in a ``tqdm`` bar that comes after a second and vanishes when it is done.

    In a notebook it is written to the normal output, since a viewer paints the other one red.

    Args:
        iterable: What to loop over, or ``None`` for a bar that is moved by ``update``.
        options: Passed on to ``tqdm``: ``desc``, ``total``, ``unit`` and so on.

    """
    return tqdm(
        iterable,
        disable=not someone_is_watching(),
        file=sys.stdout if "ipykernel" in sys.modules else sys.stderr,
        delay=DELAY,
        leave=False,
        dynamic_ncols=True,
        mininterval=0.2,
        **options,
    )

"""Figures with sliders: move one, and see what it does.

``explore`` takes any function that returns a figure. The three functions below it draw the
workbook's own explorers; each is a plain function of its arguments.
"""

import base64
import importlib.util
import inspect
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import torch
from matplotlib.figure import Figure
from torch import Tensor

from helpers.errors import InputError
from helpers.figures import BLUE, GREEN, GREY, ORANGE, RED, draw_storage
from helpers.progress import someone_is_watching

NO_SLIDERS = "No sliders above? Run this cell again. The figure where they start:"
WIDGET = "application/vnd.jupyter.widget-view+json"


def explore(draw: Callable[..., Figure], **values: Sequence[Any]) -> None:
    """Show a figure with a slider for each parameter that is named.

    A slider starts at the parameter's default. Where there can be no sliders, the figure of the
    defaults is shown as it is, with a sentence that says what is missing.

    Args:
        draw: Returns a figure; each parameter has a default.
        values: For each parameter the values that its slider goes through.

    Raises:
        InputError: A name is no parameter of ``draw``, or its default is none of its values.

    """
    starts = {name: default_of(draw, name, choices) for name, choices in values.items()}
    if missing := what_is_missing():
        from IPython.display import Image, display

        display(Image(as_png(draw(**starts))))  # type: ignore[no-untyped-call]
        print(missing)
        return
    show_sliders(draw, values, starts)


def default_of(draw: Callable[..., Figure], name: str, choices: Sequence[Any]) -> Any:
    """Return where the slider of a parameter starts.

    Raises:
        InputError: There is no such parameter, or its default is none of the choices.

    """
    parameter = inspect.signature(draw).parameters.get(name)
    if parameter is None:
        raise InputError(f"{draw.__name__} has no parameter {name!r} that a slider could move.")
    if parameter.default not in list(choices):
        raise InputError(
            f"The slider of {name!r} goes through {list(choices)}; the default in "
            f"{draw.__name__} must be one of them, for the slider to start there."
        )
    return parameter.default


def what_is_missing() -> str:
    """Say why there can be no sliders here; nothing if there can."""
    if "ipykernel" not in sys.modules or not someone_is_watching():
        return "Run this cell in JupyterLab, VS Code or Colab, and sliders appear here."
    if importlib.util.find_spec("ipywidgets") is None:
        return (
            "The sliders need the package ipywidgets: run `%pip install ipywidgets` in a cell, "
            "then restart the kernel and run the notebook again."
        )
    return ""


def show_sliders(
    draw: Callable[..., Figure], values: Mapping[str, Sequence[Any]], starts: Mapping[str, Any]
) -> None:
    """Show sliders and the figure below them, which is drawn again when one is moved."""
    import ipywidgets
    from IPython.display import display

    width = f"{max(map(len, values)) + 1}ch"
    sliders = {
        name: ipywidgets.SelectionSlider(
            options=list(choices),
            value=starts[name],
            description=name,
            style={"description_width": width},
            layout={"width": "28em"},
        )
        for name, choices in values.items()
    }
    png = as_png(draw(**starts))
    layout = {"max_width": "100%", "align_self": "flex-start"}  # no larger than it is drawn
    picture = ipywidgets.Image(value=png, layout=layout)
    errors = ipywidgets.Output()

    @errors.capture(clear_output=True)  # type: ignore[untyped-decorator]
    def redraw(_: Any) -> None:
        picture.value = as_png(draw(**{name: slider.value for name, slider in sliders.items()}))

    for slider in sliders.values():
        slider.observe(redraw, names="value")
    box = ipywidgets.VBox([*sliders.values(), picture, errors])
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    # The picture goes along for viewers that cannot show sliders, and folded below for JupyterLab,
    # which has none to show when the notebook is opened again.
    display({WIDGET: view, "image/png": png, "text/plain": "sliders"}, raw=True)  # type: ignore[no-untyped-call]
    page = f'<img src="data:image/png;base64,{base64.b64encode(png).decode()}">'
    page = f"<details><summary>{NO_SLIDERS}</summary>{page}</details>"
    display({"text/html": page, "text/plain": NO_SLIDERS}, raw=True)  # type: ignore[no-untyped-call]


def as_png(figure: Figure) -> bytes:
    """Return a figure as a PNG file, and close it."""
    file = io.BytesIO()
    figure.savefig(file, format="png")
    plt.close(figure)
    return file.getvalue()


# ---------------------------------------------------------------- the workbook's explorers


def draw_strided(
    storage: Tensor, shape: tuple[int, int], stride: tuple[int, int], offset: int
) -> Figure:
    """Draw what ``torch.as_strided`` makes of a storage; say so where it would leave the storage.

    Args:
        storage: 1 dimension, 64 numbers at most.
        shape: Rows and columns of the view.
        stride: How many places to go on for the next row, and for the next column.
        offset: The place of the first element.

    """
    last = offset + sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
    fits = last < len(storage)
    figure = Figure(figsize=(0.52 * len(storage), 0.52 * (shape[0] + 3.6)))
    ax = figure.add_subplot()
    # Without elements, but with as many rows: the storage stays where it is in the picture.
    view = storage.as_strided(shape, stride, offset) if fits else storage[:0].reshape(shape[0], 0)
    draw_storage(view, ax)
    call = f"storage.as_strided({shape}, {stride}, {offset})"
    if fits:
        ax.set_title(call, fontsize=11, loc="left")
    else:
        ax.set_title(f"{call}: refused", fontsize=11, loc="left", color=RED)
        text = (
            f"The last element would lie in place {last};\nthe storage ends at {len(storage) - 1}."
        )
        ax.text(-0.5, -(shape[0] - 1) / 2, text, color=RED, va="center")
    return figure


def two_panels() -> tuple[Figure, Any]:
    """Return a figure with two axes whose places are fixed: quick to draw, and nothing jumps."""
    figure = Figure(figsize=(8, 3.3))
    figure.set_layout_engine("none")
    places = {"left": 0.09, "right": 0.975, "bottom": 0.16, "top": 0.88, "wspace": 0.22}
    return figure, figure.subplots(1, 2, gridspec_kw=places)


def draw_way_down(
    surface: Callable[[Tensor], Tensor], path: Tensor, reach: tuple[float, float]
) -> Figure:
    """Draw one way down a surface of two numbers, and the loss at each step.

    The axes stay the same whatever the path is, so that two pictures can be compared; what leaves
    the map is not drawn.

    Args:
        surface: Takes points ``(..., 2)`` and returns their heights ``(...)``, all positive.
        path: ``(steps + 1, 2)``.
        reach: How far the map goes to both sides of 0, in each of the two numbers.

    """
    path = path.detach().cpu()
    x, y = (torch.linspace(-limit, limit, 81) for limit in reach)
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)  # (81, 81, 2)
    heights = surface(grid)  # (81, 81)
    levels = heights.max() * torch.linspace(0.1, 0.95, 7) ** 2  # closer together near the bottom
    losses = surface(path)  # (steps + 1,)
    figure, (ground, curve) = two_panels()
    colour = GREEN if losses[-1] < losses[0] else RED
    ground.contour(x, y, heights, levels=levels.tolist(), colors=GREY, linewidths=0.8)
    ground.plot(path[:, 0], path[:, 1], color=colour, marker=".", markersize=6, lw=1.2)
    ground.plot(*path[0], "o", color="black", markerfacecolor="white", markersize=7)
    ground.plot(*path[-1], "s", color="black", markersize=5)
    ground.set(xlim=(-reach[0], reach[0]), ylim=(-reach[1], reach[1]))
    ground.set(xlabel="$w_0$", ylabel="$w_1$")
    curve.semilogy(losses, color=colour, marker=".")
    curve.axhline(float(losses[0]), color=GREY, lw=0.8)
    curve.set(xlabel="step", ylabel="loss", ylim=(1e-4, 1e3))
    curve.yaxis.minorticks_off()
    curve.set_title(f"after {len(path) - 1} steps: {float(losses[-1]):.3g}", fontsize=11)
    return figure


def precision_and_recall(
    scores: Tensor, positive: Tensor, threshold: float, share: float
) -> tuple[float, float]:
    """Return precision and recall of the answer "yes" to every score of ``threshold`` or more.

    Args:
        scores: ``(N,)`` from 0 to 1.
        positive: ``(N,)`` bool: where "yes" is right; both kinds occur.
        threshold: The smallest score that is answered with "yes".
        share: Of the positive ones among all that will be met, from 0 to 1.

    Returns:
        Precision (nan if no answer is "yes") and recall.

    """
    yes = scores >= threshold
    recall = yes[positive].float().mean().item()
    false_alarms = yes[~positive].float().mean().item()
    answered = share * recall + (1 - share) * false_alarms
    return (share * recall / answered if answered else float("nan")), recall


def draw_threshold(
    scores: Tensor, positive: Tensor, threshold: float, share: float, name: str = "yes"
) -> Figure:
    """Draw the scores of both kinds on either side of a threshold, with precision and recall.

    Args:
        scores: ``(N,)`` from 0 to 1: how likely the sample is of the kind.
        positive: ``(N,)`` bool: whether it is.
        threshold: From this score on the answer is that it is.
        share: Of the kind among all that will be met, from 0 to 1.
        name: What the kind is called.

    """
    figure, (bars, curves) = two_panels()
    edges = torch.linspace(0, 1, 21)  # (21,)
    counts = []
    for kind, part, label, colour in (
        (positive, share, name, BLUE),
        (~positive, 1 - share, f"not {name}", ORANGE),
    ):
        heights = torch.histogram(scores[kind].float(), edges).hist * 1000 * part / kind.sum()
        bars.stairs(heights, edges, baseline=0.1, fill=True, color=colour, alpha=0.6, label=label)
        yes = 1000 * part * (scores[kind] >= threshold).float().mean().item()
        counts += [yes, 1000 * part - yes]
    found, missed, alarms, _ = (round(count) for count in counts)
    bars.axvline(threshold, color="black")
    bars.set(xlabel=f"probability of {name}", ylabel="of 1000 images", yscale="log")
    bars.set(xlim=(0, 1), ylim=(0.1, 2000))
    bars.yaxis.minorticks_off()
    bars.set_title(f"{found} found, {missed} missed, {alarms} false alarms", fontsize=11)
    bars.legend(fontsize=9, loc="upper right", frameon=True, framealpha=1, edgecolor="none")
    grid = torch.linspace(0.01, 0.99, 99).tolist()
    for place, (label, colour) in enumerate((("precision", GREEN), ("recall", RED))):
        line = [precision_and_recall(scores, positive, at, share)[place] for at in grid]
        now = precision_and_recall(scores, positive, threshold, share)[place]
        curves.plot(grid, line, color=colour, label=f"{label} {now:.0%}", zorder=2 - place)
        curves.plot(threshold, now, "o", color=colour)
    curves.axvline(threshold, color="black", lw=0.8)
    curves.set(xlabel="threshold", xlim=(0, 1), ylim=(0, 1.05))
    curves.legend(loc="lower center", bbox_to_anchor=(0.5, 0.98), ncols=2)
    return figure

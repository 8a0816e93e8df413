"""Pictures for the notebooks, and for your own tensors.

Each function draws into ``ax`` if one is given, else into a figure of its own, which it
shows. The colours are those of Okabe and Ito, which colour-blind readers can tell apart.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from helpers.errors import InputError

BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#999999"
PALETTE = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY, YELLOW, GREY]
CLASSES = [BLUE, ORANGE, GREEN, RED, PURPLE, SKY, "#8C6D00", "#555555", "#000000", "#7A3B69"]
MAX_CELLS = 64  # more numbers than this cannot be read in one picture


def set_style() -> None:
    """Give all figures of a notebook the same look: palette, sizes, no frame at top and right."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": cycler(color=PALETTE),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": False,
            "figure.facecolor": "white",
            "figure.dpi": 90,
            "figure.figsize": (6.4, 3.6),
            "figure.constrained_layout.use": True,
            "font.size": 11,
            "legend.frameon": False,
            "image.cmap": "gray",
            "lines.linewidth": 2,
        }
    )


# ---------------------------------------------------------------- training


def plot_history(history: dict[str, list[float]], ax: Axes | None = None) -> None:
    """Draw the losses of a training history, one point an epoch.

    Args:
        history: As ``training.fit`` returns it; every entry whose name ends in ``loss`` is drawn.
        ax: Where to draw.

    Raises:
        InputError: The history has no losses.

    """
    losses = {name: values for name, values in history.items() if name.endswith("loss")}
    if not losses:
        raise InputError("The history holds no loss: train first, with num_epochs of 1 or more.")
    own, ax = _axes(ax)
    for name, values in losses.items():
        label = {"train_loss": "training", "val_loss": "validation"}.get(name, name)
        ax.plot(range(1, len(values) + 1), values, marker="o", markersize=4, label=label)
    ax.set(xlabel="epoch", ylabel="loss")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    _show(own)


def show_images(
    images: Tensor | Sequence[Any],
    titles: Sequence[object] | None = None,
    columns: int = 8,
    size: float = 1.1,
) -> None:
    """Show images in a grid, each with its title.

    Args:
        images: ``(N, H, W)``, ``(N, 1, H, W)`` or ``(N, 3, H, W)``, or a list of such images or
            of Pillow images. Grey images are scaled from their smallest to their largest value.
        titles: One for each image.
        columns: Images in a row.
        size: Width of one image, in inches.

    Raises:
        InputError: No image, or another number of titles.

    """
    pictures = [_as_picture(image) for image in images]
    if not pictures:
        raise InputError("There is no image to show: the list is empty.")
    if titles is not None and len(titles) != len(pictures):
        raise InputError(f"{len(titles)} titles for {len(pictures)} images: give one for each.")
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    height = size + (0.25 if titles else 0)
    figure, axes = plt.subplots(
        rows, columns, figsize=(size * columns, height * rows), squeeze=False
    )
    for ax in axes.flat:
        ax.axis("off")
    for number, (ax, picture) in enumerate(zip(axes.flat, pictures, strict=False)):
        ax.imshow(picture)
        if titles is not None:
            ax.set_title(str(titles[number]), fontsize=9)
    _show(figure)


def plot_confusion(
    matrix: Tensor, names: Sequence[object] | None = None, ax: Axes | None = None
) -> None:
    """Draw a confusion matrix: a row for each true class, a column for each answer.

    The colours show the mistakes; the diagonal, which is right, is left white.

    Args:
        matrix: ``(C, C)`` counts.
        names: The names of the classes; their numbers if left out.
        ax: Where to draw.

    Raises:
        InputError: The matrix is not square.

    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise InputError(f"The matrix has shape {tuple(matrix.shape)}; expected a square (C, C).")
    own, ax = _axes(ax, (5.2, 4.8))
    names = list(range(len(matrix))) if names is None else names
    mistakes = matrix.clone().fill_diagonal_(0)
    ax.imshow(mistakes.numpy(), cmap="Oranges", vmax=max(1, int(mistakes.max())) * 1.5)
    for row, counts in enumerate(matrix.tolist()):
        for column, count in enumerate(counts):
            if count:
                ax.text(column, row, f"{count:g}", ha="center", va="center", fontsize=10)
    ticks = range(len(matrix))
    ax.set(xlabel="answer", ylabel="truth")
    ax.set_xticks(ticks, [str(name) for name in names])
    ax.set_yticks(ticks, [str(name) for name in names])
    _show(own)


def draw_descent(
    surface: Callable[[Tensor], Tensor], paths: Mapping[str, Tensor], columns: int = 3
) -> None:
    """Draw ways down a surface of two numbers, one panel each, on rings of equal height.

    An open circle marks where a way starts, a filled square where it ends.

    Args:
        surface: Takes points ``(..., 2)`` and returns their heights ``(...)``.
        paths: For each panel its title and its points, ``(steps + 1, 2)``.
        columns: Panels in a row.

    Raises:
        InputError: A path has another shape, or holds numbers that are not finite.

    """
    for title, path in paths.items():
        if path.ndim != 2 or path.shape[1] != 2 or len(path) == 0:
            raise InputError(
                f"The path {title!r} has shape {tuple(path.shape)}; expected (steps + 1, 2), a "
                "point of two numbers a row."
            )
        if not path.isfinite().all():
            raise InputError(
                f"The path {title!r} leaves the finite numbers: the learning rate is too large. "
                "Take a smaller one, or draw fewer steps."
            )
    if not paths:
        raise InputError("There is no path to draw: give a title and its points for each.")
    points = torch.cat([path.detach().cpu() for path in paths.values()])  # (all points, 2)
    low, high = points.amin(0), points.amax(0)  # (2,)
    margin = 0.15 * (high - low).clamp(min=1e-3)  # (2,)
    low, high = low - margin, high + margin
    ticks = [torch.linspace(float(a), float(b), 101) for a, b in zip(low, high, strict=True)]
    grid = torch.stack(torch.meshgrid(*ticks, indexing="xy"), dim=-1)  # (101, 101, 2)
    with torch.no_grad():
        heights = surface(grid)  # (101, 101)
    shares = torch.linspace(0.1, 0.95, 7) ** 2  # closer together near the bottom
    levels = heights.min() + (heights.max() - heights.min()) * shares
    columns = min(columns, len(paths))
    rows = -(-len(paths) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(2.66 * columns, 3.1 * rows), squeeze=False, sharex=True, sharey=True
    )
    for ax in axes.flat[len(paths) :]:
        ax.axis("off")
    for number, (title, path) in enumerate(paths.items()):
        ax, colour = axes.flat[number], (BLUE, GREEN, RED, ORANGE)[number % 4]
        path = path.detach().cpu()
        ax.contour(*ticks, heights, levels=levels.tolist(), colors=GREY, linewidths=0.8)
        ax.plot(path[:, 0], path[:, 1], color=colour, marker=".", markersize=6, lw=1.2)
        ax.plot(*path[0], "o", color="black", markerfacecolor="white", markersize=7)
        ax.plot(*path[-1], "s", color="black", markersize=5)
        ax.set_title(title, fontsize=11)
        ax.set_xlabel("$w_0$")
    for ax in axes[:, 0]:
        ax.set_ylabel("$w_1$")
    _show(figure)


def plot_points(
    names: Sequence[str],
    series: Mapping[str, Sequence[float]],
    xlabel: str = "",
    ax: Axes | None = None,
) -> None:
    """Compare a few measurements of many things: a row for each name, a mark for each series.

    A grey line joins the marks of a row, so that a long line shows a large difference.

    Args:
        names: The rows, from the top.
        series: For each kind of measurement its label and one number for each name.
        xlabel: What is measured, with the unit.
        ax: Where to draw.

    Raises:
        InputError: No or more than 40 names, no or more than 5 series, or a series of another
            length.

    """
    if not 1 <= len(names) <= 40 or not 1 <= len(series) <= 5:
        raise InputError(
            f"{len(names)} names and {len(series)} series; the picture takes 1 to 40 names and "
            "1 to 5 series."
        )
    for label, values in series.items():
        if len(values) != len(names):
            raise InputError(f"{label!r} has {len(values)} numbers for {len(names)} names.")
    own, ax = _axes(ax, (7.0, 1.3 + 0.25 * len(names)))
    for row, values in enumerate(zip(*series.values(), strict=True)):
        ax.plot([min(values), max(values)], [row, row], color=GREY, linewidth=1)
    looks = zip("osD^v", (70, 45, 25, 14, 7), PALETTE, strict=False)  # a later mark hides no other
    for (label, values), (marker, size, colour) in zip(series.items(), looks, strict=False):
        ax.scatter(
            values, range(len(names)), s=size, marker=marker, color=colour, label=label, zorder=3
        )
    ax.set_yticks(range(len(names)), names, fontsize=9)
    ax.set_ylim(len(names) - 0.5, -0.5)
    if all(float(value).is_integer() for values in series.values() for value in values):
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # counts have no halves
    ax.set_xlabel(xlabel)
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, fontsize=9)
    _show(own)


def show_maps(
    maps: Tensor | Sequence[Tensor], titles: Sequence[object] | None = None, columns: int = 8
) -> None:
    """Show tables of signed numbers: filters, feature maps. Orange is positive, purple negative.

    Zero is white in each map, and its largest absolute value has the fullest colour.

    Args:
        maps: ``(N, H, W)`` or ``(N, 1, H, W)``, or a list of ``(H, W)`` of any sizes.
        titles: One for each map.
        columns: Maps in a row.

    Raises:
        InputError: No map or more than 64, a map that is not a table, or another number of titles.

    """
    tables = [table.detach().float().cpu() for table in maps]
    tables = [t.squeeze(0) if t.ndim == 3 and t.shape[0] == 1 else t for t in tables]
    if not 1 <= len(tables) <= MAX_CELLS:
        raise InputError(f"There are {len(tables)} maps; expected 1 to {MAX_CELLS}: show a part.")
    if wrong := [tuple(table.shape) for table in tables if table.ndim != 2]:
        raise InputError(
            f"A map has shape {wrong[0]}; expected (H, W): one channel. Of a batch of feature maps "
            "(N, C, H, W) show one sample: maps[0]."
        )
    if titles is not None and len(titles) != len(tables):
        raise InputError(f"{len(titles)} titles for {len(tables)} maps: give one for each.")
    columns = min(columns, len(tables))
    rows = -(-len(tables) // columns)
    size = (max(2.0, 0.98 * columns), (1.2 if titles else 1.0) * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for ax in axes.flat:
        ax.axis("off")
    for number, (ax, table) in enumerate(zip(axes.flat, tables, strict=False)):
        limit = float(table.abs().max()) or 1.0
        ax.imshow(table.numpy(), cmap="PuOr_r", vmin=-limit, vmax=limit)
        if titles is not None:
            ax.set_title(str(titles[number]), fontsize=9)
    _show(figure)


def plot_embedding(
    points: Tensor, labels: Tensor, names: Sequence[str] | None = None, ax: Axes | None = None
) -> None:
    """Draw points in the plane, each as the name of its class, in the colour of its class.

    Args:
        points: ``(N, 2)``.
        labels: ``(N,)`` whole numbers from 0.
        names: A short name for each class; the numbers if left out.
        ax: Where to draw.

    Raises:
        InputError: Other shapes, or more classes than names.

    """
    if points.ndim != 2 or points.shape[1] != 2 or labels.shape != points.shape[:1]:
        raise InputError(
            f"The points have shape {tuple(points.shape)} and the labels {tuple(labels.shape)}; "
            "expected (N, 2) and (N,). torch.pca_lowrank takes many columns down to 2."
        )
    points, labels = points.detach().cpu(), labels.cpu()
    classes = sorted(set(labels.tolist()))
    if names is not None and classes and classes[-1] >= len(names):
        raise InputError(f"{len(names)} names for class numbers up to {classes[-1]}.")
    own, ax = _axes(ax, (5.6, 4.6))
    for number in classes:
        name = str(number) if names is None else names[number]
        x, y = points[labels == number].T.numpy()
        marker = "$\\mathrm{" + name + "}$"
        ax.scatter(x, y, marker=marker, s=30 * len(name), lw=0.3, color=CLASSES[number % 10])
    ax.set(xticks=[], yticks=[])
    _show(own)


# ---------------------------------------------------------------- tensors


def draw_storage(tensor: Tensor, ax: Axes | None = None) -> None:
    """Draw a tensor as rows and columns, and below it the storage that its numbers lie in.

    Each row of the tensor has a colour, and its numbers have the same colour in the storage.
    Numbers that the tensor does not use are grey. Under the storage stand the addresses.

    Args:
        tensor: 0 to 2 dimensions; its storage holds 64 numbers at most.
        ax: Where to draw.

    Raises:
        InputError: The tensor or its storage is too large to be read in a picture.

    """
    tensor = tensor.detach().cpu()
    storage_size = tensor.untyped_storage().nbytes() // tensor.element_size()
    if tensor.ndim > 2 or storage_size > MAX_CELLS or tensor.numel() > MAX_CELLS:
        raise InputError(
            f"This tensor has {tensor.ndim} dimensions, {tensor.numel()} elements and a storage "
            f"of {storage_size}; the picture takes up to 2 dimensions and {MAX_CELLS} numbers. "
            "Draw a small one, such as torch.arange(12).reshape(3, 4)."
        )
    storage = tensor.as_strided((storage_size,), (1,), 0)
    rows = tensor.reshape(1, -1) if tensor.ndim < 2 else tensor
    places = storage_places(tensor)
    places = places.reshape(rows.shape)
    width = max(storage_size, rows.shape[1])
    own, ax = _axes(ax, (max(4.0, 0.52 * width), 0.52 * (rows.shape[0] + 3.4)))
    colours = [GREY + "44"] * storage_size
    for r in range(rows.shape[0]):
        for c in range(rows.shape[1]):
            colours[int(places[r, c])] = PALETTE[r % 6] + "88"
    for r in range(rows.shape[0]):
        for c in range(rows.shape[1]):
            _cell(ax, c, -r, _short(rows[r, c]), PALETTE[r % 6] + "88")
    base = -rows.shape[0] - 1.2
    for address in range(storage_size):
        _cell(ax, address, base, _short(storage[address]), colours[address])
        ax.text(address, base - 0.75, str(address), ha="center", va="center", fontsize=8)
    ax.text(-0.5, base + 0.62, "storage", fontsize=9, va="bottom")
    ax.set_title(
        f"shape {tuple(tensor.shape)}, offset {tensor.storage_offset()}, stride {tensor.stride()}",
        fontsize=10,
        loc="left",
    )
    _frame(ax, -0.6, width - 0.4, base - 1.1, 0.6)
    _show(own)


def storage_places(tensor: Tensor) -> Tensor:
    """Return, for each element, its place in the storage: offset + sum of index x stride.

    Returns:
        int64, the shape of ``tensor``.

    >>> storage_places(torch.zeros(2, 3).t()).tolist()
    [[0, 3], [1, 4], [2, 5]]

    """
    places = torch.full(tensor.shape, tensor.storage_offset(), dtype=torch.int64)
    for dim, (size, stride) in enumerate(zip(tensor.shape, tensor.stride(), strict=True)):
        steps = torch.arange(size) * stride
        places += steps.reshape([-1 if d == dim else 1 for d in range(tensor.ndim)])
    return places


def draw_broadcast(a: Tensor, b: Tensor, ax: Axes | None = None) -> None:
    """Draw how two tensors are stretched to one shape, and their sum.

    Stretched copies are pale: PyTorch reads the same number again and copies nothing.

    Args:
        a: 0 to 2 dimensions.
        b: Likewise; the result holds 64 numbers at most.
        ax: Where to draw.

    Raises:
        InputError: The shapes do not go together, or the result is too large to draw.

    """
    try:
        shape = torch.broadcast_shapes(a.shape, b.shape)  # type: ignore[no-untyped-call]
    except RuntimeError:
        raise InputError(
            f"Shapes {tuple(a.shape)} and {tuple(b.shape)} cannot be broadcast: counted from the "
            "right, two sizes must be equal, or one of them 1 or missing."
        ) from None
    if len(shape) > 2 or shape.numel() > MAX_CELLS:
        raise InputError(
            f"The result has shape {tuple(shape)}; the picture takes up to 2 dimensions and "
            f"{MAX_CELLS} numbers. Draw smaller tensors."
        )
    height, width = (1, 1, *shape)[-2:]
    own, ax = _axes(ax, (0.5 * (3 * width + 3.2), 0.5 * (height + 1.8)))
    for number, (tensor, colour) in enumerate(((a, BLUE), (b, ORANGE), (a + b, GREEN))):
        left = number * (width + 1)
        grid = tensor.detach().expand(shape).reshape(height, width)
        own_height, own_width = (1, 1, *tensor.shape)[-2:]
        for r in range(height):
            for c in range(width):
                copy = r >= own_height or c >= own_width
                _cell(ax, left + c, -r, _short(grid[r, c]), colour + ("22" if copy else "99"))
        label = str(tuple(tensor.shape))
        ax.text(left + (width - 1) / 2, 0.75, label, ha="center", va="bottom", fontsize=9)
        if number:
            sign = "+="[number - 1]
            ax.text(left - 1, -(height - 1) / 2, sign, ha="center", va="center", fontsize=13)
    _frame(ax, -0.6, 3 * width + 1.6, -height + 0.4, 1.5)
    _show(own)


def draw_reduction(tensor: Tensor, dim: int, ax: Axes | None = None) -> None:
    """Draw which numbers ``tensor.sum(dim)`` adds up: each sum has the colour of its numbers.

    Args:
        tensor: 1 or 2 dimensions; 1 to 64 numbers.
        dim: The dimension that vanishes; -1 is the last.
        ax: Where to draw.

    Raises:
        InputError: The tensor is empty, too large, or has no such dimension.

    """
    shape = tuple(tensor.shape)
    if tensor.ndim not in (1, 2) or not 0 < tensor.numel() <= MAX_CELLS:
        raise InputError(
            f"This tensor has shape {shape}; the picture takes 1 or 2 dimensions and 1 to "
            f"{MAX_CELLS} numbers. Draw a small one, such as torch.arange(12).reshape(3, 4)."
        )
    if not -tensor.ndim <= dim < tensor.ndim:
        raise InputError(
            f"dim={dim} is not a dimension of a tensor of shape {shape}: it goes from "
            f"{-tensor.ndim} to {tensor.ndim - 1}."
        )
    down = tensor.ndim == 2 and dim % 2 == 0
    tensor = tensor.detach().cpu()
    rows = tensor.reshape(1, -1) if tensor.ndim == 1 else tensor
    height, width = rows.shape
    right, bottom = (width - 0.5, -height - 1.5) if down else (width + 1.5, 0.5 - height)
    own, ax = _axes(ax, (0.5 * max(right + 1.4, 8), 0.5 * (1.4 - bottom)))
    for r in range(height):
        for c in range(width):
            _cell(ax, c, -r, _short(rows[r, c]), PALETTE[(c if down else r) % 6] + "88")
    for k, value in enumerate(rows.sum(0 if down else 1)):
        x, y = (k, -height - 1.0) if down else (width + 1.0, -k)
        start, end = ((x, y + 1.5), (x, y + 0.5)) if down else ((x - 1.5, y), (x - 0.5, y))
        ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "#555555"})
        _cell(ax, x, y, _short(value), PALETTE[k % 6] + "88")
    result = tuple(tensor.sum(dim).shape)
    ax.set_title(f"sum(dim={dim}): {shape} becomes {result}", fontsize=10, loc="left")
    _frame(ax, -0.6, right + 0.1, bottom - 0.1, 0.6)
    _show(own)


def draw_graph(
    output: Tensor, names: dict[str, Tensor] | None = None, ax: Axes | None = None
) -> None:
    """Draw the graph that ``backward`` would walk, from the real ``grad_fn`` links.

    Blue boxes are operations, orange boxes are leaves: the tensors whose ``.grad`` is filled.
    An arrow points the way that the gradient flows; "twice" beside it says that an operation
    uses a result twice, as ``x * x`` does.

    Args:
        output: The result of tracked operations, such as a loss.
        names: Names for leaves, such as ``{"w": w}``.
        ax: Where to draw.

    Raises:
        InputError: The tensor has no graph, or one of more than 40 nodes.

    """
    if output.grad_fn is None:
        raise InputError(
            "This tensor has no graph: its grad_fn is None. It is a leaf, or it was computed from "
            "tensors without requires_grad=True, or under torch.no_grad()."
        )
    labels = {id(tensor): name for name, tensor in (names or {}).items()}
    levels, edges = _graph_levels(output.grad_fn)
    if len(levels) > 40:
        raise InputError(f"The graph has {len(levels)} nodes; the picture takes 40 at most.")
    by_level: dict[int, list[Any]] = {}
    for node, level in levels.items():
        by_level.setdefault(level, []).append(node)
    widest = max(len(nodes) for nodes in by_level.values())
    own, ax = _axes(ax, (max(4.5, 1.8 * widest), 0.75 * len(by_level) + 0.3))
    position = {
        node: (1.8 * (i - (len(nodes) - 1) / 2), -level)
        for level, nodes in by_level.items()
        for i, node in enumerate(nodes)
    }
    for (start, end), times in edges.items():
        (x0, y0), (x1, y1) = position[start], position[end]
        skips = levels[end] - levels[start] > 1  # such an arrow goes around what is between
        side = -0.74 if x1 <= x0 else 0.74
        ax.annotate(
            "",
            xy=(x1 + side, y1) if skips else (x1, y1 + 0.24),
            xytext=(x0 + side, y0) if skips else (x0, y0 - 0.24),
            arrowprops={
                "arrowstyle": "->",
                "color": "#555555",
                "connectionstyle": f"arc3,rad={(0.3 if side < 0 else -0.3) if skips else 0}",
            },
        )
        if times > 1:
            often = "twice" if times == 2 else f"{times} times"
            x, y = (x0 + side + 0.3, y0 - 0.34) if skips else ((x0 + x1) / 2 + 0.28, (y0 + y1) / 2)
            ax.text(x, y, often, ha="center", va="center", fontsize=9)
    for node, (x, y) in position.items():
        leaf = getattr(node, "variable", None)
        text = node.name().removesuffix("Backward0") if leaf is None else _leaf_name(leaf, labels)
        colour = BLUE if leaf is None else ORANGE
        box = FancyBboxPatch(
            (x - 0.7, y - 0.2), 1.4, 0.4, boxstyle="round,pad=0.02", fc=colour + "44", ec=colour
        )
        ax.add_patch(box)
        text, size = _fit_box(text)
        ax.text(x, y, text, ha="center", va="center", fontsize=size)
    half = 0.9 * widest + 0.35  # of the width
    _frame(ax, -half, half, -len(by_level) + 0.6, 0.4, equal=False)
    _show(own)


def _graph_levels(root: Any) -> tuple[dict[Any, int], Counter[tuple[Any, Any]]]:
    """Walk ``next_functions``; return each node's longest distance from the root, and the links.

    The links are counted: ``x * x`` leads to ``x`` twice.
    """
    levels = {root: 0}
    queue = [root]
    while queue:
        node = queue.pop(0)
        for child, _ in node.next_functions:
            if child is not None and levels.get(child, -1) < levels[node] + 1:
                levels[child] = levels[node] + 1
                queue.append(child)
    links = [
        (node, child) for node in levels for child, _ in node.next_functions if child is not None
    ]
    return levels, Counter(links)


def _fit_box(text: str) -> tuple[str, float]:
    """Break a text too long for its box in two, near its middle; return it and its font size."""
    if len(text) <= 17:
        return text, 9
    places = [i for i in range(1, len(text)) if text[i] in " ." or text[i].isupper()]
    place = min(places, key=lambda i: abs(i - len(text) / 2), default=len(text) // 2)
    return f"{text[:place]}\n{text[place:].lstrip()}", 8


def _leaf_name(leaf: Tensor, labels: dict[int, str]) -> str:
    shape = "" if leaf.ndim == 0 else f" {tuple(leaf.shape)}"
    return labels.get(id(leaf), "leaf") + shape


# ---------------------------------------------------------------- details


def _axes(ax: Axes | None, size: tuple[float, float] | None = None) -> tuple[Any, Axes]:
    """Return the figure to show at the end (none if ``ax`` was given) and the axes."""
    if ax is not None:
        return None, ax
    return plt.subplots(figsize=size)


def _show(figure: Any) -> None:
    if figure is not None:
        plt.show()


def _cell(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="#555555", lw=0.8))
    ax.text(x, y, text, ha="center", va="center", fontsize=9)


def _frame(
    ax: Axes, left: float, right: float, bottom: float, top: float, *, equal: bool = True
) -> None:
    """Set the limits and take the axes away."""
    ax.set(xlim=(left, right), ylim=(bottom, top))
    if equal:
        ax.set_aspect("equal")
    ax.axis("off")


def _short(value: Tensor) -> str:
    """Write a number in at most about four characters."""
    number = value.item()
    return f"{number:.3g}" if isinstance(number, float) else str(number)


def _as_picture(image: Any) -> Any:
    """Return an array that ``imshow`` takes: (H, W) or (H, W, 3) with values from 0 to 1."""
    if not isinstance(image, Tensor):
        return np.asarray(image)
    picture = image.detach().cpu()
    if picture.ndim == 3:
        picture = picture.squeeze(0) if picture.shape[0] == 1 else picture.permute(1, 2, 0)
    if picture.ndim == 3 and picture.is_floating_point():
        low, high = picture.min(), picture.max()
        picture = (picture - low) / (high - low).clamp(min=1e-8)
    return picture.numpy()

"""Explorers: what their figures show, how they stand in the notebooks, what is found with them."""

import re
import sys
import time

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch
from sklearn.metrics import precision_score, recall_score

from helpers import explorers
from helpers.errors import InputError
from helpers.explorers import (
    as_png,
    draw_strided,
    draw_threshold,
    draw_way_down,
    explore,
    precision_and_recall,
)
from tests.test_notebooks import PATHS, code_cells, read

PNG = b"\x89PNG"
STORAGE = torch.arange(12)
SLOW = 0.3  # seconds; what takes longer does not feel like moving


def valley(w):
    return (w[..., 0] ** 2 + 10 * w[..., 1] ** 2) / 2


PATH = torch.tensor([[-4.0, 1.2], [-3.0, -0.5], [-1.0, 0.2]])
GENERATOR = torch.Generator().manual_seed(0)
POSITIVE = torch.rand(2000, generator=GENERATOR) < 0.25
SCORES = (POSITIVE * 0.4 + torch.rand(2000, generator=GENERATOR) * 0.6).clamp(0, 1)


def words(figure):
    """Return all that is written in a figure."""
    found = []
    for ax in figure.axes:
        found += [ax.get_title(loc=side) for side in ("left", "center")]
        found += [text.get_text() for text in ax.texts]
        if legend := ax.get_legend():
            found += [text.get_text() for text in legend.get_texts()]
    return "\n".join(found)


# ---------------------------------------------------------------- the figures


@pytest.mark.parametrize(
    ("shape", "stride", "offset"),
    [((3, 3), (4, 1), 0), ((3, 3), (1, 4), 1), ((3, 3), (0, 1), 9), ((2, 4), (5, 2), 0)],
)
def test_a_strided_view_shows_what_torch_reads(shape, stride, offset):
    figure = draw_strided(STORAGE, shape, stride, offset)
    shown = [text.get_text() for text in figure.axes[0].texts][: shape[0] * shape[1]]
    expected = STORAGE.as_strided(shape, stride, offset).flatten().tolist()
    assert shown == [str(number) for number in expected]
    assert f"as_strided({shape}, {stride}, {offset})" in words(figure)
    as_png(figure)


@pytest.mark.parametrize("offset", range(7))
@pytest.mark.parametrize("stride", [(4, 1), (1, 4), (5, 0), (2, 4), (0, 5)])
def test_a_view_is_refused_where_torch_refuses_it(stride, offset):
    try:
        STORAGE.as_strided((3, 3), stride, offset)
        refused = False
    except RuntimeError:
        refused = True
    figure = draw_strided(STORAGE, (3, 3), stride, offset)
    last = offset + 2 * sum(stride)
    assert refused == ("refused" in words(figure)) == (f"place {last};" in words(figure))


def test_the_storage_stays_where_it_is_when_a_view_is_refused():
    inside, outside = (draw_strided(STORAGE, (3, 3), (4, 1), offset).axes[0] for offset in (0, 6))
    assert inside.get_xlim() == outside.get_xlim() and inside.get_ylim() == outside.get_ylim()
    boxes = [{patch.get_xy() for patch in ax.patches[-12:]} for ax in (inside, outside)]
    assert boxes[0] == boxes[1]


def test_a_way_down_shows_path_and_losses():
    figure = draw_way_down(valley, PATH, reach=(5, 2))
    ground, curve = figure.axes
    assert torch.tensor(ground.lines[0].get_xydata()).float().equal(PATH)
    assert curve.lines[0].get_ydata().tolist() == valley(PATH).tolist()
    assert f"after 2 steps: {valley(PATH[-1]):.3g}" in words(figure)
    as_png(figure)


def test_a_way_up_has_another_colour_and_the_same_axes():
    figures = [draw_way_down(valley, path, reach=(5, 2)) for path in (PATH, PATH.flip(0) * 9)]
    (ground, curve), (other_ground, other_curve) = [figure.axes for figure in figures]
    assert ground.lines[0].get_color() != other_ground.lines[0].get_color()
    assert ground.get_xlim() == other_ground.get_xlim()
    assert curve.get_ylim() == other_curve.get_ylim()


def test_a_way_that_leaves_the_finite_numbers_is_drawn_as_far_as_it_goes():
    as_png(draw_way_down(valley, torch.cat([PATH, torch.full((2, 2), torch.inf)]), reach=(5, 2)))


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("share", [0.02, 0.5])
def test_precision_and_recall_agree_with_scikit_learn(threshold, share):
    weight = torch.where(POSITIVE, share / POSITIVE.sum(), (1 - share) / (~POSITIVE).sum())
    answers = SCORES.ge(threshold)
    expected = [
        score(POSITIVE, answers, sample_weight=weight) for score in (precision_score, recall_score)
    ]
    assert precision_and_recall(SCORES, POSITIVE, threshold, share) == pytest.approx(expected)


def test_without_an_answer_there_is_no_precision():
    precision, recall = precision_and_recall(SCORES, POSITIVE, 1.1, 0.5)
    assert precision != precision and recall == 0


def test_a_threshold_counts_a_thousand():
    figure = draw_threshold(SCORES, POSITIVE, 0.5, 0.1, "F")
    precision, recall = precision_and_recall(SCORES, POSITIVE, 0.5, 0.1)
    text = words(figure)
    found, missed, alarms = map(int, re.search(r"(\d+) found, (\d+) mis.* (\d+) f", text).groups())
    assert found + missed == 100 and found == round(100 * recall)
    assert found / (found + alarms) == pytest.approx(precision, abs=0.01)
    assert f"precision {precision:.0%}" in text and f"recall {recall:.0%}" in text
    as_png(figure)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: draw_strided(STORAGE, (3, 3), (4, 1), 0),
        lambda: draw_way_down(valley, PATH, reach=(5, 2)),
        lambda: draw_threshold(SCORES, POSITIVE, 0.5, 0.1, "F"),
    ],
    ids=["strided", "way down", "threshold"],
)
def test_a_figure_is_drawn_quickly_and_leaves_nothing_behind(draw):
    times = []
    for _ in range(5):
        start = time.process_time()  # the processor's: other tests run at the same time
        assert as_png(draw()).startswith(PNG)
        times.append(time.process_time() - start)
    assert min(times) < SLOW
    assert not plt.get_fignums()


# ---------------------------------------------------------------- with sliders and without


def draw_dot(x=1, y=0.5):
    figure, ax = plt.subplots()  # as people write it: pyplot keeps such a figure until it is closed
    ax.plot(x, y, "o")
    return figure


@pytest.fixture
def shown(monkeypatch):
    """Return what is displayed."""
    found = []
    monkeypatch.setattr("IPython.display.display", lambda it, **options: found.append(it))
    return found


def test_where_nobody_watches_the_figure_stands_still(shown, capsys, monkeypatch):
    monkeypatch.setattr(explorers, "someone_is_watching", lambda: False)
    explore(draw_dot, x=[0, 1, 2])
    (image,) = shown
    assert image.data.startswith(PNG)
    assert "Run this cell in JupyterLab" in capsys.readouterr().out
    assert not plt.get_fignums()


def test_without_ipywidgets_a_sentence_tells_how_to_get_it(shown, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setenv("JPY_SESSION_NAME", "a notebook")
    monkeypatch.setattr(explorers.importlib.util, "find_spec", lambda name: None)
    explore(draw_dot, x=[0, 1, 2])
    assert shown[0].data.startswith(PNG)
    assert "%pip install ipywidgets" in capsys.readouterr().out


@pytest.fixture
def box(shown, monkeypatch):
    """Show sliders; return a function that gives what is in the box: sliders, picture, errors."""
    import ipywidgets

    monkeypatch.setattr(explorers, "what_is_missing", lambda: "")
    boxes = []

    class Box(ipywidgets.VBox):
        def __init__(self, children):
            super().__init__(children)
            boxes.append(self)

    monkeypatch.setattr(ipywidgets, "VBox", Box)

    def contents():
        (bundle, again), (box,) = shown, boxes
        assert bundle[explorers.WIDGET]["model_id"] == box.model_id
        assert bundle["image/png"].startswith(PNG)  # for viewers without widgets
        assert "Run this cell again" in again["text/html"] and "<img " in again["text/html"]
        *sliders, picture, errors = box.children
        return {slider.description: slider for slider in sliders}, picture, errors

    return contents


def test_moving_a_slider_draws_the_figure_again(shown, box):
    explore(draw_dot, x=range(3), y=[0.25, 0.5])
    sliders, picture, _ = box()
    assert {name: slider.value for name, slider in sliders.items()} == {"x": 1, "y": 0.5}
    first = picture.value
    assert first == as_png(draw_dot()) == shown[0]["image/png"]
    sliders["x"].value = 2
    assert picture.value == as_png(draw_dot(x=2)) != first
    sliders["x"].value = 1
    assert picture.value == first
    for _ in range(15):
        sliders["x"].value, sliders["y"].value = 2, 0.25
        sliders["x"].value, sliders["y"].value = 0, 0.5
    assert not plt.get_fignums()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"z": [1, 2]}, "draw_dot has no parameter 'z'"),
        ({"x": [0, 2]}, r"'x' goes through \[0, 2\]; the default in draw_dot must be one of them"),
    ],
)
def test_a_slider_that_cannot_be_gets_a_sentence(values, sentence):
    with pytest.raises(InputError, match=sentence):
        explore(draw_dot, **values)


# ---------------------------------------------------------------- in the notebooks


def explorers_in(notebook):
    """Return each explorer: the text before it, its cell, the text after."""
    cells = notebook.cells
    return [
        (cells[i - 1].source, cell, cells[i + 1].source)
        for i, cell in enumerate(cells)
        if cell.cell_type == "code" and "explore(" in cell.source
    ]


FOUND = [(path.stem, *found) for path in PATHS for found in explorers_in(read(path))]
STEMS = [stem for stem, *_ in FOUND]


def test_three_notebooks_have_an_explorer():
    assert STEMS == ["01_tensors", "02_autograd", "05_custom_datasets"]


@pytest.mark.parametrize(("stem", "before", "cell", "after"), FOUND, ids=STEMS)
def test_an_explorer_asks_shows_and_answers(stem, before, cell, after):
    assert "**Move it.**" in before.split("\n\n")[-1] and before.rstrip().endswith("?")
    assert len(cell.source.splitlines()) <= 16
    assert after.startswith("*Figure:* ")
    assert re.search(r"<details>\n<summary>.+</summary>\n\n.{80,}\n\n</details>", after, re.DOTALL)
    picture, printed = cell.outputs
    assert "image/png" in picture.data and explorers.WIDGET not in picture.data
    assert "sliders appear here" in printed.text


@pytest.fixture
def explorer(monkeypatch):
    """Return a function that runs the cell of an explorer, and returns what it hands over."""
    handed = {}
    monkeypatch.setattr(
        explorers, "explore", lambda draw, **values: handed.update(draw=draw, values=values)
    )

    def run(stem, **names):
        (source,) = [cell.source for name, _, cell, _ in FOUND if name == stem]
        exec(source, names)
        return handed["draw"], handed["values"]

    return run


def answer(stem):
    return next(after for name, _, _, after in FOUND if name == stem)


def test_what_the_strides_show_is_what_the_answer_says(explorer):
    table = torch.arange(12).reshape(3, 4)
    draw, values = explorer("01_tensors", table=table)
    part = table[:, :3]
    first_rows = table[0, :3].expand(3, 3)
    windows = table.flatten()[:5].unfold(0, 3, 1)
    diagonal = table.diagonal().expand(3, 3)
    for view in (part, part.T, first_rows, windows, diagonal):
        assert f"{view.stride()}" in answer("01_tensors")
        offset, (stride_0, stride_1) = view.storage_offset(), view.stride()
        figure = draw(offset=offset, stride_0=stride_0, stride_1=stride_1)
        shown = [text.get_text() for text in figure.axes[0].texts][:9]
        assert shown == [str(number) for number in view.flatten().tolist()]
        assert offset in values["offset"]
        assert stride_0 in values["stride_0"] and stride_1 in values["stride_1"]
    assert diagonal[0].tolist() == [0, 5, 10]
    assert "refused" in words(draw(offset=4, stride_0=3, stride_1=1))  # places 4 to 12
    assert "refused" not in words(draw(offset=3, stride_0=3, stride_1=1))


def test_the_best_rate_is_the_one_that_the_answer_names(explorer):
    (source,) = [c.source for c in code_cells(read(PATHS[1])) if "\ndef valley(" in c.source]
    space = {"torch": torch}
    exec(source, space)
    descend, surface = space["descend"], space["valley"]
    _, values = explorer("02_autograd", descend=descend, valley=surface)
    assert {1.2, 0.0} <= set(values["w_1"]) and values["lr"] == sorted(values["lr"])

    def ends(w_1):
        return {lr: surface(descend(surface, [-4.0, w_1], lr, 20)[-1]) for lr in values["lr"]}

    across = ends(1.2)
    best = min(across, key=across.get)
    assert f"**{best}**" in answer("02_autograd")
    assert best == min(values["lr"], key=lambda lr: abs(lr - 2 / (1 + 10)))  # equal factors
    assert ends(-1.2) == across  # the other side of the valley is no different
    assert across[0.21] > surface(torch.tensor([-4.0, 1.2])) > across[0.19]
    floor = ends(0.0)
    assert min(floor, key=floor.get) == 0.21

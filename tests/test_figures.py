"""Figures draw what they are given, and refuse in a sentence what they cannot."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import figures
from helpers.errors import InputError
from helpers.figures import (
    draw_broadcast,
    draw_graph,
    draw_storage,
    plot_confusion,
    plot_history,
    plot_points,
    set_style,
    show_images,
    storage_places,
)


@pytest.fixture
def ax():
    with plt.rc_context():
        set_style()
        figure, ax = plt.subplots()
        yield ax
        figure.canvas.draw()  # what cannot be drawn fails here
        plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_storage_places_find_every_element(data):
    shape = data.draw(st.lists(st.integers(1, 4), min_size=0, max_size=3))
    tensor = torch.randn(*shape) if shape else torch.tensor(1.5)
    for _ in range(data.draw(st.integers(0, 3))):
        if tensor.ndim >= 2 and data.draw(st.booleans()):
            tensor = tensor.transpose(0, -1)
        elif tensor.ndim >= 1:
            tensor = tensor[data.draw(st.integers(0, tensor.shape[0] - 1)) :: 2]
    storage = torch.as_tensor(tensor.untyped_storage().tolist(), dtype=torch.uint8)
    numbers = storage.view(torch.float32)
    assert torch.equal(numbers[storage_places(tensor)], tensor)


def test_draw_storage_shows_numbers_and_stride(ax):
    tensor = torch.arange(12).reshape(3, 4)[:, 1:3].t()
    draw_storage(tensor, ax)
    shown = texts(ax)
    assert shown[:6] == ["1", "5", "9", "2", "6", "10"]  # the tensor, row by row
    assert shown[6:30:2] == [str(n) for n in range(12)]  # the storage
    assert "offset 1, stride (1, 4)" in ax.get_title(loc="left")


@pytest.mark.parametrize(
    "tensor", [torch.tensor(3.5), torch.arange(3), torch.zeros(2, 1).expand(2, 4), torch.zeros(0)]
)
def test_draw_storage_takes_any_small_tensor(ax, tensor):
    draw_storage(tensor, ax)


@pytest.mark.parametrize("tensor", [torch.zeros(65), torch.zeros(2, 2, 2), torch.zeros(99)[:2]])
def test_draw_storage_refuses_large_ones(ax, tensor):
    with pytest.raises(InputError, match="Draw a small one"):
        draw_storage(tensor, ax)


def test_draw_broadcast_shows_the_sum(ax):
    a, b = torch.tensor([[10], [20]]), torch.tensor([1, 2, 3])
    draw_broadcast(a, b, ax)
    for number in (a + b).flatten().tolist():
        assert str(number) in texts(ax)
    assert "(2, 1)" in texts(ax) and "(3,)" in texts(ax) and "(2, 3)" in texts(ax)


def test_draw_broadcast_refuses(ax):
    with pytest.raises(InputError, match="cannot be broadcast"):
        draw_broadcast(torch.zeros(3), torch.zeros(4), ax)
    with pytest.raises(InputError, match="smaller tensors"):
        draw_broadcast(torch.zeros(9, 1), torch.zeros(9), ax)


def test_draw_graph_follows_the_links(ax):
    w, b = torch.tensor(2.0, requires_grad=True), torch.ones(3, requires_grad=True)
    loss = ((w * torch.ones(3) + b) ** 2).sum() + w
    draw_graph(loss, {"w": w, "b": b}, ax)
    shown = texts(ax)
    assert {"Add", "Sum", "Pow", "Mul", "w", "b (3,)"} <= set(shown)
    assert shown.count("w") == 1  # used twice, drawn once


def test_draw_graph_refuses(ax):
    with pytest.raises(InputError, match="no graph"):
        draw_graph(torch.ones(1), ax=ax)
    long = torch.ones(1, requires_grad=True)
    for _ in range(50):
        long = long * 2
    with pytest.raises(InputError, match="40 at most"):
        draw_graph(long, ax=ax)


def test_plot_history(ax):
    plot_history({"train_loss": [3.0, 2.0], "val_loss": [3.1, 2.5], "val_accuracy": [0.1, 0.9]}, ax)
    assert [line.get_label() for line in ax.lines] == ["training", "validation"]
    assert list(ax.lines[0].get_xdata()) == [1, 2]
    with pytest.raises(InputError, match="no loss"):
        plot_history({}, ax)


def test_plot_confusion(ax):
    plot_confusion(torch.tensor([[5, 1], [0, 7]]), ["cat", "dog"], ax)
    assert texts(ax) == ["5", "1", "7"]
    with pytest.raises(InputError, match="square"):
        plot_confusion(torch.zeros(2, 3), ax=ax)


@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 1, 8, 8), (5, 3, 8, 8)])
def test_show_images(monkeypatch, shape):
    shown = []
    monkeypatch.setattr(figures.plt, "show", lambda: shown.append(plt.gcf()))
    show_images(torch.randn(shape), titles=range(5), columns=3)
    assert [ax.get_title() for ax in shown[0].axes] == ["0", "1", "2", "3", "4", ""]
    assert [len(ax.images) for ax in shown[0].axes] == [1, 1, 1, 1, 1, 0]
    plt.close("all")


def test_show_images_refuses():
    with pytest.raises(InputError, match="no image"):
        show_images([])
    with pytest.raises(InputError, match="2 titles for 1"):
        show_images(torch.zeros(1, 4, 4), titles=["a", "b"])


def test_points_stand_where_their_numbers_say(ax):
    plot_points(["a", "b", "c"], {"one": [1, 2, 3], "two": [3.0, 2.0, 0.5]}, "unit", ax)
    one, two = ax.collections
    assert one.get_offsets().tolist() == [[1, 0], [2, 1], [3, 2]]
    assert two.get_offsets().tolist() == [[3, 0], [2, 1], [0.5, 2]]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 3], [2, 2], [0.5, 3]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "c"]
    assert ax.yaxis_inverted() and ax.get_xlabel() == "unit"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "two"]


@pytest.mark.parametrize(
    ("names", "series"),
    [
        ([], {"one": []}),
        (["a"] * 41, {"one": [0] * 41}),
        (["a"], {}),
        (["a"], {str(i): [0] for i in range(6)}),
        (["a", "b"], {"one": [1]}),
    ],
)
def test_points_that_do_not_fit_are_refused(ax, names, series):
    with pytest.raises(InputError):
        plot_points(names, series, ax=ax)

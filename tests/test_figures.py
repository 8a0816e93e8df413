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
    draw_descent,
    draw_graph,
    draw_reduction,
    draw_storage,
    plot_confusion,
    plot_embedding,
    plot_history,
    plot_points,
    set_style,
    show_images,
    show_maps,
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


@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4), (4, 1), (1, 4), (8, 8)])
@pytest.mark.parametrize("dim", [0, 1, -1, -2])
def test_draw_reduction_gives_each_sum_the_colour_of_its_numbers(ax, shape, dim):
    tensor = torch.arange(1, 1 + torch.Size(shape).numel()).reshape(shape) * 0.5
    if not -len(shape) <= dim < len(shape):
        with pytest.raises(InputError, match=f"dim={dim} is not a dimension"):
            draw_reduction(tensor, dim, ax)
        return
    draw_reduction(tensor, dim, ax)
    sums = tensor.sum(dim).reshape(-1)
    numbers = [text for text in ax.texts if text.get_text()]  # the texts of the arrows are empty
    boxes = [(box.get_facecolor(), number) for box, number in zip(ax.patches, numbers, strict=True)]
    assert len(boxes) == tensor.numel() + len(sums)
    for k, expected in enumerate(sums[:6].tolist()):
        colour, number = boxes[tensor.numel() + k]
        assert number.get_text() == f"{expected:.3g}"
        own = [float(n.get_text()) for c, n in boxes[: tensor.numel()] if c == colour]
        others = sums[k::6].sum().item()  # the colours start again after six
        assert sum(own) == pytest.approx(others)
    assert f"{shape} becomes {tuple(tensor.sum(dim).shape)}" in ax.get_title(loc="left")


def test_draw_reduction_takes_whole_numbers_flags_and_tracked_numbers(ax):
    for tensor in (torch.arange(3), torch.tensor([True, True]), torch.ones(2, requires_grad=True)):
        draw_reduction(tensor, 0, ax)


@pytest.mark.parametrize(
    "tensor", [torch.tensor(1.0), torch.zeros(65), torch.zeros(2, 2, 2), torch.zeros(0, 3)]
)
def test_draw_reduction_refuses_what_cannot_be_read(ax, tensor):
    with pytest.raises(InputError, match="1 or 2 dimensions and 1 to 64"):
        draw_reduction(tensor, 0, ax)


def test_draw_graph_follows_the_links(ax):
    w, b = torch.tensor(2.0, requires_grad=True), torch.ones(3, requires_grad=True)
    loss = ((w * torch.ones(3) + b) ** 2).sum() + w
    draw_graph(loss, {"w": w, "b": b}, ax)
    shown = texts(ax)
    assert {"Add", "Sum", "Pow", "Mul", "w", "b (3,)"} <= set(shown)
    assert shown.count("w") == 1  # used twice, drawn once


def test_draw_graph_says_how_often_a_result_is_used(ax):
    x = torch.tensor(3.0, requires_grad=True)
    draw_graph(x * x + x, {"x": x}, ax)
    assert texts(ax).count("twice") == 1 and texts(ax).count("x") == 1
    plain = plt.figure().subplots()
    draw_graph(x * 2 + x, {"x": x}, plain)
    assert "twice" not in texts(plain)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_draw_descent_draws_each_path(monkeypatch, count):
    shown = []
    monkeypatch.setattr(figures.plt, "show", lambda: shown.append(plt.gcf()))
    paths = {f"way {n}": torch.randn(5, 2, requires_grad=True) for n in range(count)}
    draw_descent(lambda w: (w**2).sum(-1), paths)
    panels = shown[0].axes
    assert [ax.get_title() for ax in panels[:count]] == list(paths)
    for ax, path in zip(panels, paths.values(), strict=False):
        assert torch.equal(torch.tensor(ax.lines[0].get_xydata()).float(), path.detach())
        (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
        assert left <= path[:, 0].min() and path[:, 0].max() <= right
        assert bottom <= path[:, 1].min() and path[:, 1].max() <= top
    shown[0].canvas.draw()
    plt.close("all")


def test_draw_descent_refuses():
    def bowl(w):
        return (w**2).sum(-1)

    with pytest.raises(InputError, match="point of two numbers"):
        draw_descent(bowl, {"way": torch.zeros(5, 3)})
    with pytest.raises(InputError, match="learning rate is too large"):
        draw_descent(bowl, {"way": torch.tensor([[0.0, 1.0], [0.0, float("inf")]])})
    with pytest.raises(InputError, match="no path"):
        draw_descent(bowl, {})


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
    show_images(torch.randn(shape), titles=range(5), columns=3, size=2)
    assert shown[0].get_size_inches().tolist() == [6, 4.5]
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


def test_plot_points_puts_no_halves_on_an_axis_of_counts(ax):
    plot_points(["a", "b"], {"mistakes": [0, 18]}, ax=ax)
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


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


@pytest.mark.parametrize(
    "maps",
    [torch.randn(5, 3, 3), torch.randn(5, 1, 3, 3), [torch.randn(n, n) for n in range(1, 6)]],
    ids=["table", "channel", "sizes"],
)
def test_show_maps_draws_each_map_with_zero_in_the_middle(maps):
    with plt.rc_context():
        show_maps(maps, titles=list("abcde"), columns=3)
        axes = plt.gcf().axes
        assert [ax.get_title() for ax in axes] == [*"abcde", ""]
        for ax, table in zip(axes, maps, strict=False):
            low, high = ax.images[0].get_clim()
            assert low == -high and high == pytest.approx(table.abs().max().item())
        plt.close("all")


def test_show_maps_draws_a_map_of_zeros():
    show_maps(torch.zeros(1, 2, 2))
    assert plt.gcf().axes[0].images[0].get_clim() == (-1, 1)
    plt.close("all")


@pytest.mark.parametrize(
    ("maps", "titles", "word"),
    [
        ([], None, "0 maps"),
        (torch.zeros(65, 2, 2), None, "65 maps"),
        (torch.zeros(1, 4, 3, 3), None, "one channel"),
        (torch.zeros(2, 3, 3), ["a"], "1 titles"),
    ],
)
def test_show_maps_refuses(maps, titles, word):
    with pytest.raises(InputError, match=word):
        show_maps(maps, titles=titles)
    plt.close("all")


def test_plot_embedding_draws_each_class_at_its_points(ax):
    points, labels = torch.randn(12, 2), torch.tensor([0, 1, 2] * 4)
    plot_embedding(points, labels, names=["a", "b", "cc"], ax=ax)
    drawn = [torch.as_tensor(part.get_offsets()).float() for part in ax.collections]
    assert len(drawn) == 3
    for number, places in enumerate(drawn):
        assert torch.allclose(places, points[labels == number])


@pytest.mark.parametrize(
    ("points", "labels", "names"),
    [
        (torch.zeros(3, 3), torch.zeros(3), None),
        (torch.zeros(3, 2), torch.zeros(2), None),
        (torch.zeros(2, 2), torch.tensor([0, 1]), ["a"]),
    ],
)
def test_plot_embedding_refuses(points, labels, names):
    with pytest.raises(InputError, match=r"expected|names"):
        plot_embedding(points, labels, names)

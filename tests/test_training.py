"""The loop, against PyTorch's own arithmetic; and the sentences for what goes wrong."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from helpers.errors import InputError, TrainingError, TrainingStopped
from helpers.training import accuracy, evaluate, fit, predict, train_epoch


@pytest.fixture
def data():
    torch.manual_seed(0)
    X = torch.randn(50, 4)
    Y = (X[:, 0] > 0).long() + (X[:, 1] > 0).long()
    return TensorDataset(X, Y)


@pytest.fixture
def loader(data):
    return DataLoader(data, batch_size=16)  # 16 + 16 + 16 + 2: the last one is not full


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 3))


def sgd(model, lr=0.1):
    return torch.optim.SGD(model.parameters(), lr=lr)


def same_weights(a, b):
    return all(
        torch.equal(x, y)
        for x, y in zip(a.state_dict().values(), b.state_dict().values(), strict=True)
    )


def test_evaluate_is_the_loss_of_the_whole_set(model, data, loader):
    X, Y = data.tensors
    measured = evaluate(model, loader, nn.CrossEntropyLoss(), metrics={"accuracy": accuracy})
    model.eval()
    logits = model(X)
    assert measured["loss"] == pytest.approx(F.cross_entropy(logits, Y).item(), rel=1e-5)
    assert measured["accuracy"] == pytest.approx((logits.argmax(1) == Y).double().mean().item())


def test_evaluate_changes_nothing(model, loader):
    before = copy.deepcopy(model)
    for mode in (True, False):
        model.train(mode)
        evaluate(model, loader, F.cross_entropy)
        assert model.training is mode
    assert same_weights(model, before)
    assert all(p.grad is None for p in model.parameters())


def test_an_epoch_takes_the_steps_of_the_plain_loop(model, loader):
    theirs = copy.deepcopy(model)
    optimizer, losses = sgd(theirs), []
    torch.manual_seed(1)
    for X, Y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(theirs(X), Y)
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(X)
    torch.manual_seed(1)
    mean_loss = train_epoch(model.eval(), loader, nn.CrossEntropyLoss(), sgd(model))
    assert same_weights(model, theirs)
    assert mean_loss == pytest.approx(sum(losses) / len(losses))
    assert model.training


def test_the_scheduler_steps_with_each_batch(model, loader):
    optimizer = sgd(model, lr=1.0)
    scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.5)
    train_epoch(model, loader, F.cross_entropy, optimizer, scheduler=scheduler)
    assert optimizer.param_groups[0]["lr"] == 0.5**4


def test_predict_keeps_the_order(model, data, loader):
    logits, labels = predict(model, loader)
    assert torch.equal(labels, data.tensors[1])
    assert torch.allclose(logits, model.eval()(data.tensors[0]), atol=1e-6)


def test_fit_keeps_plain_floats_and_goes_on(model, loader):
    twin = copy.deepcopy(model)
    options = {"device": "cpu", "metrics": {"accuracy": accuracy}}
    torch.manual_seed(2)
    in_one_go = fit(model, loader, loader, F.cross_entropy, sgd(model), num_epochs=4, **options)
    torch.manual_seed(2)
    optimizer, seen = sgd(twin), []
    first = fit(twin, loader, loader, F.cross_entropy, optimizer, num_epochs=2, **options)
    both = fit(
        twin, loader, loader, F.cross_entropy, optimizer, num_epochs=4, history=first,
        on_epoch_end=lambda history: seen.append(len(history["train_loss"])), **options,
    )  # fmt: skip
    assert both == in_one_go and same_weights(model, twin)
    assert seen == [3, 4] and len(first["train_loss"]) == 2
    assert set(both) == {"train_loss", "val_loss", "val_accuracy"}
    assert all(type(value) is float for values in both.values() for value in values)
    assert both["train_loss"][-1] < both["train_loss"][0]


def test_fit_without_validation(model, loader):
    history = fit(model, loader, None, F.cross_entropy, sgd(model), num_epochs=1, device="cpu")
    assert set(history) == {"train_loss"}


def test_ctrl_c_keeps_what_was_learned(model, loader):
    def interrupt(history):
        if len(history["train_loss"]) == 2:
            raise KeyboardInterrupt

    before = copy.deepcopy(model)
    with pytest.raises(TrainingStopped, match="after 2 of 5 epochs") as stopped:
        fit(
            model, loader, None, F.cross_entropy, sgd(model), num_epochs=5, device="cpu",
            on_epoch_end=interrupt,
        )  # fmt: skip
    assert len(stopped.value.history["train_loss"]) == 2
    assert not same_weights(model, before)


# ---------------------------------------------------------------- what is refused


def loader_of(X, Y):
    return DataLoader(TensorDataset(X, Y), batch_size=8)


X8 = torch.ones(8, 4)


@pytest.mark.parametrize(
    ("loss_fn", "Y", "sentence"),
    [
        (nn.CrossEntropyLoss(), torch.zeros(8, 1, dtype=torch.int64), r"squeeze\(1\)"),
        (F.cross_entropy, torch.zeros(8), r"labels\.long\(\)"),
        (nn.CrossEntropyLoss(), torch.zeros(8, dtype=torch.int32), r"labels\.long\(\)"),
        (nn.CrossEntropyLoss(), torch.full((8,), 3), "run from 3 to 3"),
        (nn.CrossEntropyLoss(), torch.full((8,), -1), "expected 0 to 2"),
        (nn.MSELoss(), torch.zeros(8), "broadcast them"),
        (F.mse_loss, torch.zeros(8, 1), "broadcast them"),
        (nn.L1Loss(), torch.zeros(8, 3, dtype=torch.int64), r"target\.float\(\)"),
        (nn.MSELoss(), torch.zeros(8, 3, dtype=torch.float64), r"float64.*target\.float\(\)"),
    ],
    ids=[
        "labels of shape (N, 1)",
        "labels as floats",
        "labels as int32",
        "a label too high",
        "the label -1",
        "a target (N,) for (N, 3)",
        "a target (N, 1) for (N, 3)",
        "an integer target",
        "a float64 target",
    ],
)
def test_targets_that_do_not_fit_are_refused_before_the_first_step(
    model, loss_fn, Y, sentence, seen
):
    before = copy.deepcopy(list(model.parameters()))
    with pytest.raises(InputError, match=sentence) as caught:
        train_epoch(model, loader_of(X8, Y), loss_fn, sgd(model))
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    with pytest.raises(InputError, match=sentence):
        evaluate(model, loader_of(X8, Y), loss_fn)
    seen(caught.value)


@pytest.mark.parametrize(
    ("loss_fn", "Y"),
    [
        (nn.CrossEntropyLoss(), torch.full((8,), 2)),
        (nn.CrossEntropyLoss(), torch.full((8, 3), 1 / 3)),  # a probability for each class
        (nn.CrossEntropyLoss(ignore_index=-1), torch.tensor([-1, 0, 1, 2] * 2)),
        (nn.MSELoss(), torch.zeros(8, 3)),
        (lambda output, Y: output.sum() * 0, torch.zeros(8)),  # a loss of one's own is not judged
    ],
)
def test_targets_that_fit(model, loss_fn, Y):
    assert isinstance(train_epoch(model, loader_of(X8, Y), loss_fn, sgd(model)), float)


def test_segmentation_labels_fit():
    model = nn.Conv2d(1, 3, 1)
    Y = torch.zeros(2, 5, 5, dtype=torch.int64)
    train_epoch(model, loader_of(torch.ones(2, 1, 5, 5), Y), F.cross_entropy, sgd(model))
    with pytest.raises(InputError, match=r"expected \(2, 5, 5\)"):
        train_epoch(model, loader_of(torch.ones(2, 1, 5, 5), Y[:, 0]), F.cross_entropy, sgd(model))


class ListOfLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(4, 3)]

    def forward(self, X):
        return self.layers[0](X)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda model: ListOfLayers(), r"nn\.ModuleList"),
        (lambda model: model.requires_grad_(False), "frozen"),
        (copy.deepcopy, "another model"),
    ],
    ids=["layers in a plain list", "all parameters frozen", "an optimizer made for another model"],
)
def test_a_model_that_cannot_be_trained(model, loader, change, sentence, seen):
    optimizer = sgd(model)
    with pytest.raises(InputError, match=sentence) as caught:
        train_epoch(change(model), loader, F.cross_entropy, optimizer)
    seen(caught.value)


def test_a_frozen_part_is_fine(model, loader):
    model[0].requires_grad_(False)
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    train_epoch(model, loader, F.cross_entropy, optimizer)


def test_an_empty_loader(model, seen):
    for call in (
        lambda: train_epoch(model, [], F.cross_entropy, sgd(model)),
        lambda: evaluate(model, [], F.cross_entropy),
        lambda: predict(model, []),
    ):
        with pytest.raises(InputError, match="no batch") as caught:
            call()
    seen(caught.value)


def test_a_last_batch_of_one_in_front_of_batch_norm(model, data, seen):
    with pytest.raises(InputError, match="drop_last=True") as caught:
        train_epoch(model, DataLoader(data, batch_size=7), F.cross_entropy, sgd(model))
    assert len(data) % 7 == 1
    evaluate(model, DataLoader(data, batch_size=7), F.cross_entropy)  # which needs no second one
    seen(caught.value)


@pytest.mark.parametrize(
    "dtype", [torch.float64, torch.float16, torch.uint8], ids=["float64", "float16", "bytes"]
)
def test_data_of_another_dtype_than_the_model(model, dtype, seen):
    loader = loader_of(X8.to(dtype), torch.zeros(8, dtype=torch.int64))
    for call in (
        lambda: train_epoch(model, loader, F.cross_entropy, sgd(model)),
        lambda: evaluate(model, loader, F.cross_entropy),
    ):
        with pytest.raises(InputError, match=rf"batch is {dtype}.*float32.*X\.float\(\)") as caught:
            call()
    seen(caught.value)


def test_a_model_that_converts_its_input_takes_any_dtype(model):
    class Converting(nn.Sequential):
        def forward(self, X):
            return super().forward(X.float())

    converting = Converting(model)
    loader = loader_of(X8.double(), torch.zeros(8, dtype=torch.int64))
    assert train_epoch(converting, loader, F.cross_entropy, sgd(model)) > 0


@pytest.mark.parametrize(("model_on", "data_on"), [("meta", "cpu"), ("cpu", "meta")])
def test_model_and_data_on_different_devices(model, model_on, data_on, seen):
    loader = loader_of(X8, torch.zeros(8, dtype=torch.int64))
    model.to(model_on)
    with pytest.raises(InputError, match=f"model is on {model_on} and the batch on {data_on}"):
        evaluate(model, loader, F.cross_entropy, data_on)
    with pytest.raises(InputError, match=r"model\.to\(device\)") as caught:
        train_epoch(model, loader, F.cross_entropy, sgd(model), data_on)
    seen(caught.value)


def test_what_has_another_cause_keeps_its_own_error(model):
    with pytest.raises(RuntimeError) as caught:
        evaluate(model, loader_of(torch.ones(8, 5), torch.zeros(8).long()), F.cross_entropy)
    assert not isinstance(caught.value, InputError)


@pytest.mark.parametrize("value", [float("nan"), float("inf")], ids=["not a number", "infinity"])
def test_one_value_of_the_data_that_is(model, value, seen):
    X = X8.clone()
    X[3, 2] = value
    before = copy.deepcopy(list(model.parameters()))
    with pytest.raises(TrainingError, match="tenth of the learning rate") as caught:
        train_epoch(
            model, loader_of(X, torch.zeros(8, dtype=torch.int64)), F.cross_entropy, sgd(model)
        )
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    seen(caught.value)


def test_a_softmax_at_the_end_of_the_model(model, loader, seen):
    whole = nn.Sequential(model, nn.Softmax(dim=1))
    with pytest.raises(InputError, match="returns probabilities") as caught:
        train_epoch(whole, loader, F.cross_entropy, sgd(whole))
    seen(caught.value)


def test_a_learning_rate_that_explodes(model, loader, seen):
    with pytest.raises(TrainingError, match="learning rate") as caught:
        fit(model, loader, None, F.cross_entropy, sgd(model, lr=1e30), num_epochs=5, device="cpu")
    assert all(p.isfinite().all() for p in model.parameters())
    seen(caught.value)


def test_an_error_is_one_line_in_a_notebook(model):
    with pytest.raises(InputError) as caught:
        evaluate(model, [], F.cross_entropy)
    lines = caught.value._render_traceback_()
    assert len(lines) == 1 and lines[0].startswith("InputError: The loader gave no batch")

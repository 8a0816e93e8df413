"""
title = "Load what fits"
kind = "write"
level = 3
minutes = 8
concepts = ["C12"]
task = '''`state` is the `state_dict` of another network. Load into `model` each tensor whose name and shape are those of a tensor of the model, and leave all others of the model as they are. Return two lists of names: those of the model that got nothing, in the order of the model, and those of `state` that were not used, in its order. A name with another shape stands in both. `state` itself must not change, not even when the model is trained afterwards.'''
right = "Print both lists each time, and assert what they should be: `strict=False` alone hides a prefix, and stops half-way at another shape."
hints = [
    "`load_state_dict(state, strict=False)` takes care of missing names, and raises an error for another shape. What could you give it instead of the whole `state`?",
    "`own = model.state_dict()` knows the names and shapes of the model; a dict comprehension picks from `state.items()`.",
    "`fitting = {name: value for name, value in state.items() if name in own and ...}`, then `model.load_state_dict(fitting, strict=False)`, then two lists of names that are not in `fitting`.",
]
"""

# %% setup
import copy

import torch
from torch import nn


# %% stub
def load_fitting(model: nn.Module, state: dict[str, torch.Tensor]) -> tuple[list[str], list[str]]:
    """Load what fits; return the names of the model that got nothing, and those left over."""
    ...


# %% solution
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% also right: copied by hand
def load_fitting(model, state):
    missing, used = [], set()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if name in state and state[name].shape == tensor.shape:
                tensor.copy_(state[name])
                used.add(name)
            else:
                missing.append(name)
    return missing, [name for name in state if name not in used]


# %% also right: one dict for both, loaded strictly
def load_fitting(model, state):
    own, left_over = model.state_dict(), []
    missing = list(own)
    for name in state:
        if name in own and own[name].size() == state[name].size():
            own[name] = state[name]
            missing.remove(name)
        else:
            left_over.append(name)
    model.load_state_dict(own)
    return missing, left_over


# %% also right: the lists of PyTorch, of a state without other shapes
def load_fitting(model, state):
    own = model.state_dict()
    other = [n for n in state if n in own and state[n].shape != own[n].shape]
    rest = {n: v for n, v in state.items() if n not in other}
    result = model.load_state_dict(rest, strict=False)
    unused = set(other) | set(result.unexpected_keys)
    return list(result.missing_keys), [n for n in state if n in unused]


# %% wrong: A prefix was taken off the names of `state`; with a prefix it is another name, and its tensor is not to be used.
def load_fitting(model, state):
    own = model.state_dict()
    stripped = {name.removeprefix("module."): value for name, value in state.items()}
    fitting = {n: v for n, v in stripped.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in stripped if n not in fitting]


# %% wrong: It was tried which tensors can be copied, and a copy spreads a single number over many places; a tensor with another shape is not to be used.
def load_fitting(model, state):
    own, used = model.state_dict(), []
    for name in own:
        try:
            own[name].copy_(state[name])
            used.append(name)
        except (KeyError, RuntimeError):
            pass
    return [n for n in own if n not in used], [n for n in state if n not in used]


# %% wrong: How many numbers a tensor holds was compared, and not its shape: the same numbers in another shape do not belong there.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.numel() == own[n].numel()}
    fitting = {n: v.reshape(own[n].shape) for n, v in fitting.items()}
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: `strict=False` forgives names, not shapes: a tensor of another shape under a known name raises an error.
def load_fitting(model, state):
    result = model.load_state_dict(state, strict=False)
    return list(result.missing_keys), list(result.unexpected_keys)


# %% wrong: `load_state_dict` is strict unless it is told otherwise: it wants every name of the model, and no other.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: The second list is empty: what was filtered out beforehand, PyTorch cannot report.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    result = model.load_state_dict(fitting, strict=False)
    return list(result.missing_keys), list(result.unexpected_keys)


# %% wrong: The lists are right, and nothing was loaded. Another tensor under a name of your own, in the dict from `state_dict()`, or as the `.data` of a tensor there, does not reach the model.
def load_fitting(model, state):
    own = model.state_dict()
    names = list(own)
    fitting = [n for n in state if n in own and state[n].shape == own[n].shape]
    for name in fitting:
        own[name] = state[name]
    return [n for n in names if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: The right tensors were loaded, but a name with another shape is in neither list; it belongs in both.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in state], [n for n in state if n not in own]


# %% wrong: The two lists are the other way round: first the names of the model that got nothing.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return [n for n in state if n not in fitting], [n for n in own if n not in fitting]


# %% wrong: Only the shapes were compared: a tensor went into another layer because it happened to be as large.
def load_fitting(model, state):
    own = model.state_dict()
    left, missing = dict(state), []
    with torch.no_grad():
        for name, tensor in own.items():
            match = next((n for n, v in left.items() if v.shape == tensor.shape), None)
            if match is None:
                missing.append(name)
            else:
                tensor.copy_(left.pop(match))
    return missing, list(left)


# %% wrong: Only parameters were loaded; a state dict holds buffers too, such as the running mean of a batch norm.
def load_fitting(model, state):
    own, used = dict(model.named_parameters()), []
    with torch.no_grad():
        for name, parameter in own.items():
            if name in state and state[name].shape == parameter.shape:
                parameter.copy_(state[name])
                used.append(name)
    names = list(model.state_dict())
    return [n for n in names if n not in used], [n for n in state if n not in used]


# %% wrong: The names that did not fit were deleted from `state`, which belongs to the caller.
def load_fitting(model, state):
    own, left_over = model.state_dict(), []
    for name in list(state):
        if name not in own or own[name].shape != state[name].shape:
            left_over.append(name)
            del state[name]
    result = model.load_state_dict(state, strict=False)
    return list(result.missing_keys), left_over


# %% wrong: The right tensors were loaded, but nothing was returned: without the two lists nobody knows what did not fit.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)


# %% wrong: The right numbers were loaded, but model and `state` now share their memory: whoever trains the model changes `state` too. The tensors themselves were put into the model, as `assign=True` does, and not copied.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False, assign=True)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: Only parameters were loaded, and no buffers, such as the running mean of a batch norm. And with `.data = ...` the model shares the memory of `state`.
def load_fitting(model, state):
    own = dict(model.named_parameters())
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    for name, value in fitting.items():
        own[name].data = value
    names = list(model.state_dict())
    return [n for n in names if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: The lists name the parameters alone, and only these were loaded; a state dict holds buffers too, such as the running mean of a batch norm.
def load_fitting(model, state):
    own = dict(model.named_parameters())
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: The right names, but in the order of the alphabet; the order of the model, and that of `state`, were asked for.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return sorted(set(own) - set(fitting)), sorted(set(state) - set(fitting))


# %% wrong: Where a shape differs it was loaded in part, as far as it reaches; a tensor with another shape is not to be used.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    for name in set(own) & set(state) - set(fitting):
        rows = min(len(own[name]), len(state[name])) if own[name].ndim else 0
        if rows and own[name][:rows].shape == state[name][:rows].shape:
            own[name][:rows] = state[name][:rows]
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: What got nothing was set to zero; all other tensors of the model must stay as they are.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    rest = {n: torch.zeros_like(v) for n, v in own.items() if n not in fitting}
    model.load_state_dict({**rest, **fitting})
    return list(rest), [n for n in state if n not in fitting]


# %% wrong: These are sets, which keep no order; two lists of names were asked for.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return set(own) - set(fitting), set(state) - set(fitting)


# %% wrong: The tensors were paired by their place, the first with the first; a name may stand at another place in `state`.
def load_fitting(model, state):
    own, fitting = model.state_dict(), {}
    for (name, value), mine in zip(state.items(), own.values()):
        if name in own and value.shape == mine.shape:
            fitting[name] = value
    model.load_state_dict(fitting, strict=False)
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: All is right but the order. The names came out of a set, which keeps no order: that of the model, and that of `state`, were asked for.
def load_fitting(model, state):
    own = model.state_dict()
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    model.load_state_dict(fitting, strict=False)
    return list(set(own) - set(fitting)), list(set(state) - set(fitting))


# %% wrong: The names came out of a set, which keeps no order: that of the model, and that of `state`, were asked for.
def load_fitting(model, state):
    own = model.state_dict()
    names = {n for n in own.keys() & state.keys() if own[n].shape == state[n].shape}
    model.load_state_dict({n: state[n] for n in names}, strict=False)
    return list(own.keys() - names), list(state.keys() - names)


# %% wrong: Only parameters were looked at; a state dict holds buffers too, such as the running mean of a batch norm. And `.data` is now the tensor of `state` itself: training the model changes it.
def load_fitting(model, state):
    own = dict(model.named_parameters())
    fitting = {n: v for n, v in state.items() if n in own and v.shape == own[n].shape}
    for name, value in fitting.items():
        own[name].data = value
    return [n for n in own if n not in fitting], [n for n in state if n not in fitting]


# %% wrong: The names that did not fit were deleted from `state`, which belongs to the caller; so none of them is left for the second list.
def load_fitting(model, state):
    own = model.state_dict()
    for name in list(state):
        if name not in own or own[name].shape != state[name].shape:
            del state[name]
    result = model.load_state_dict(state, strict=False)
    return list(result.missing_keys), list(result.unexpected_keys)


# %% cases
class Network(nn.Module):
    """A base with a buffer, and a head under a name of its own."""

    def __repr__(self):
        return "a network with a base and a head"

    def __init__(self, features, classes, head):
        super().__init__()
        self.base = nn.Linear(features, 3)
        self.register_buffer("running_mean", torch.zeros(3))
        setattr(self, head, nn.Linear(3, classes))


def cases():
    def state_of(*arguments):
        network = Network(*arguments)
        network.running_mean += torch.randn(3)
        return dict(network.state_dict())

    yield Network(2, 3, "head"), state_of(2, 3, "head")
    yield Network(2, 3, "head"), state_of(2, 3, "classifier")
    yield Network(2, 3, "head"), state_of(2, 5, "head")
    yield Network(2, 3, "head"), {f"module.{n}": v for n, v in state_of(2, 3, "head").items()}
    yield Network(2, 3, "head"), {**state_of(4, 3, "fc"), "epoch": torch.tensor(3)}
    yield Network(2, 3, "head"), {}
    yield Network(2, 3, "head"), dict(reversed(state_of(2, 3, "head").items()))
    other = state_of(2, 3, "head")
    other["base.weight"], other["head.bias"] = other["base.weight"].T, torch.tensor([5.0])
    yield Network(2, 3, "head"), other


NAMES = "names of the model that got nothing", "names of state that were not used"


def observe(answer, model, state):
    lists = answer(model, state)
    if lists is None:
        return None
    own = model.state_dict()
    places = {value.data_ptr() for value in state.values()}
    shared = [name for name, value in own.items() if value.data_ptr() in places]
    if not isinstance(lists, tuple | list):
        what = f"an object of type {type(lists).__name__}"
    elif len(lists) != 2:
        what = f"{len(lists)} results"
    else:
        kinds = ["list" if isinstance(names, tuple) else type(names).__name__ for names in lists]
        what = " and ".join(f"a {kind}" for kind in kinds)
    pair = lists if what == "a list and a list" else ([], [])
    return {
        "the result": what,
        NAMES[0]: ", ".join(map(str, pair[0])) or "none",
        NAMES[1]: ", ".join(map(str, pair[1])) or "none",
        "tensors of the model that share memory with state": ", ".join(shared) or "none",
    }

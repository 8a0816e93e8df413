"""
title = "A step with momentum"
kind = "write"
level = 2
minutes = 5
concepts = ["A13", "A07"]
task = "Make one step of gradient descent with momentum. First the velocity becomes `momentum` times the old velocity plus `gradient`; then `w` moves by `lr` times the new velocity, downhill. Change both tensors, `w` and `velocity`, in place, in the memory that they have, and leave `gradient` as it is; `w` stays a leaf that asks for its gradient. Nothing needs to be returned."
right = "`torch.optim.SGD(..., momentum=0.9)` does exactly this."
hints = [
    "Which of the two tensors is a leaf that asks for its gradient, and where may it be changed?",
    "`mul_`, `add_`, `+=`, `-=` and `copy_` change a tensor itself; `velocity = ...` only gives the name to another one.",
    "Under `no_grad()`: `velocity.mul_(momentum)`, then `velocity += ...`, then `w -= ...`.",
]
"""

# %% setup
import torch
import torch._dynamo  # torch.func and torch.optim load it, slowly: not in the answer's time


# %% stub
def momentum_step(
    w: torch.Tensor, gradient: torch.Tensor, velocity: torch.Tensor, lr: float, momentum: float
) -> None:
    """Change velocity and w in place; w, gradient and velocity have the same shape."""
    with torch.no_grad():
        ...


# %% solution
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum)
        velocity += gradient
        w -= lr * velocity


# %% also right: copied into place
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.copy_(momentum * velocity + gradient)
        w.copy_(w - lr * velocity)


# %% also right: through detached views
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity[...] = momentum * velocity + gradient
    w.detach().sub_(velocity, alpha=lr)


# %% also right: PyTorch's own optimiser
def momentum_step(w, gradient, velocity, lr, momentum):
    w.grad = gradient
    optimizer = torch.optim.SGD([w], lr=lr, momentum=momentum)
    optimizer.state[w]["momentum_buffer"] = velocity
    optimizer.step()


# %% also right: row by row, and both returned
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        for i in range(len(w)):
            velocity[i] = momentum * velocity[i] + gradient[i]
            w[i] -= lr * velocity[i]
    return w, velocity


# %% also right: by slices
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity[:] = momentum * velocity + gradient
    w.data[:] = w - lr * velocity


# %% wrong: `w` has moved, but the velocity that was given is as it was: the new one is another tensor.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity = momentum * velocity + gradient
        w -= lr * velocity


# %% wrong: Neither of the two tensors was changed: either the results are new tensors, or nothing was computed.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity = momentum * velocity + gradient
        w = w - lr * velocity


# %% wrong: `w` moved by the old velocity: the order of the two changes is turned round.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        w -= lr * velocity
        velocity.mul_(momentum).add_(gradient)


# %% wrong: The gradient was made smaller by 1 − momentum. That is another rule, an average; here it counts in full.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_((1 - momentum) * gradient)
        w -= lr * velocity


# %% wrong: `w` moved by the gradient alone; the velocity was changed, but not used.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w -= lr * gradient


# %% wrong: `lr` is in the velocity already, and then it was used a second time.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(lr * gradient)
        w -= lr * velocity


# %% wrong: `lr` belongs to the step of `w`, and here it is a part of the velocity.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(lr * gradient)
        w -= velocity


# %% wrong: The sign is turned round: `w` moves uphill.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w += lr * velocity


# %% wrong: The momentum is missing: the old velocity counts in full, and so it never fades.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity += gradient
        w -= lr * velocity


# %% wrong: `w` moved by gradient and velocity: the gradient is in the new velocity already.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w -= lr * (gradient + velocity)


# %% wrong: The numbers are right, but `w` no longer asks for its gradient.
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity.mul_(momentum).add_(gradient)
    w.requires_grad_(False)
    w -= lr * velocity


# %% wrong: Here the velocity holds the steps themselves, with their sign and `lr` in it. That is another way to write it; asked for is a sum of gradients.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).sub_(lr * gradient)
        w += velocity


# %% wrong: The velocity is right, but `w` moved by more: it also looked ahead to the next velocity, as Nesterov's rule does.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w -= lr * (gradient + momentum * velocity)


# %% wrong: `w` is a leaf that asks for its gradient, and such a tensor is not changed in place while PyTorch records.
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity.mul_(momentum).add_(gradient)
    w -= lr * velocity


# %% wrong: The velocity was built up in the memory of the gradient, so that one has changed too.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        gradient += momentum * velocity
        velocity.copy_(gradient)
        w -= lr * velocity


# %% wrong: `velocity` is as it was: the sum was built up in `gradient`, which has changed instead.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        gradient += momentum * velocity
        w -= lr * gradient


# %% wrong: The velocity is right, but the `w` that was given has not moved: either a new tensor got its name, or a result was not kept.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w = w - lr * velocity


# %% wrong: The velocity is as it was, and `w` moved by it: `mul` and `add`, without `_` at the end, give new tensors, and nothing has kept them.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul(momentum).add(gradient)
        w -= lr * velocity


# %% wrong: The momentum weakens the new gradient too: it was added first and multiplied afterwards.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.add_(gradient).mul_(momentum)
        w -= lr * velocity


# %% wrong: The gradient has no part in this: the old velocity only fades.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum)
        w -= lr * velocity


# %% wrong: `lr` is missing: `w` moved by the whole velocity.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(gradient)
        w -= velocity


# %% wrong: `w` moved by `gradient` alone, and the velocity that was given has no part in it. An optimiser made anew starts without one, too.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        w -= lr * gradient


# %% wrong: The gradient was taken away from the velocity, where it should be added.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).sub_(gradient)
        w -= lr * velocity


# %% wrong: The gradient was taken away from the velocity, and the step was added to `w`. That is another way to write it; asked for is a sum of gradients.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).sub_(gradient)
        w += lr * velocity


# %% wrong: The gradient was taken from `w.grad`, where an older one lies; the one for this step is the argument `gradient`.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(momentum).add_(w.grad)
        w -= lr * velocity


# %% wrong: The velocity was multiplied by 1 − momentum, where `momentum` itself is asked for.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity.mul_(1 - momentum).add_(gradient)
        w -= lr * velocity


# %% wrong: The numbers are right, but `w` has other memory now. Who had a view of the old numbers does not see the new ones.
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity.mul_(momentum).add_(gradient)
    w.data = w.data - lr * velocity


# %% wrong: The numbers are right, but both tensors have other memory now. Who had a view of the old numbers does not see the new ones.
def momentum_step(w, gradient, velocity, lr, momentum):
    velocity.data = momentum * velocity + gradient
    w.data = w.data - lr * velocity


# %% wrong: The velocity that was given is only multiplied by `momentum`. With the gradient added it is a new tensor, which took the name and was used for `w`.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity = velocity.mul_(momentum) + gradient
        w -= lr * velocity


# %% wrong: The old velocity counts `1 + momentum` times: `+=` adds to what is there already.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity += momentum * velocity + gradient
        w -= lr * velocity


# %% wrong: `*=` takes all that stands on its right: the velocity was multiplied by `momentum + gradient`.
def momentum_step(w, gradient, velocity, lr, momentum):
    with torch.no_grad():
        velocity *= momentum + gradient
        w -= lr * velocity


# %% cases
def leaf(*shape, **options):
    return with_old(torch.randn(*shape, **options))


def with_old(w):
    w.requires_grad_()
    w.grad = torch.full_like(w, 100)  # of an earlier round
    return w


def cases():
    w, gradient = with_old(torch.tensor([1.0, 2.0])), torch.tensor([4.0, -2.0])
    yield w, gradient, torch.tensor([10.0, 0.0]), 0.1, 0.5
    yield with_old(torch.tensor([3.0])), torch.tensor([6.0]), torch.zeros(1), 0.5, 0.9
    yield leaf(2, 3), torch.randn(2, 3), torch.randn(2, 3), 0.01, 0.9
    double = {"dtype": torch.float64}
    yield leaf(4, **double), torch.randn(4, **double), torch.randn(4, **double), 0.2, 0.25


def observe(answer, w, gradient, velocity, lr, momentum):
    memory = velocity.data_ptr(), w.data_ptr()
    answer(w, gradient, velocity, lr, momentum)
    return {
        "velocity": velocity,
        "w": w,
        "w is a leaf": w.is_leaf,
        "w asks for its gradient": w.requires_grad,
        "velocity has the same memory": velocity.data_ptr() == memory[0],
        "w has the same memory": w.data_ptr() == memory[1],
    }

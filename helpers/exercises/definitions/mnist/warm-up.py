"""
title = "Warm up, then decay"
kind = "write"
level = 2
minutes = 5
concepts = ["M15"]
task = "Return the learning rate of one `step`, counted from 0. During the first `warmup_steps` steps the rate rises by the same amount from step to step, from `max_rate / warmup_steps` to `max_rate`. Step number `warmup_steps` still has `max_rate`; from there the rate falls by the same amount from step to step, so that it would be 0 at step `total_steps`, which is never taken. There may be no warm-up at all, or nothing but a warm-up. The rate is a plain number."
right = "With a function like this, `torch.optim.lr_scheduler.LambdaLR` makes a scheduler of any shape."
hints = [
    "Write down the rates for `max_rate=1`, `warmup_steps=4`, `total_steps=8`. By what fraction of `max_rate` does each differ from the next?",
    "Two straight lines: in the first the number of steps so far, this one included, matters, in the second the number of steps that are left.",
    "`if step < warmup_steps: return max_rate * ... / warmup_steps`, and else `max_rate` times the steps that are left, divided by `total_steps - warmup_steps`.",
]
"""

# %% setup
import torch


# %% stub
def warmup_rate(step: int, max_rate: float, warmup_steps: int, total_steps: int) -> float:
    """Return the learning rate of a step, 0 <= step < total_steps."""
    if step < warmup_steps:
        return ...
    return ...


# %% solution
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% also right: the lower of two lines
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    up = (1 + step) / max(warmup_steps, 1)
    down = (total_steps - step) / max(total_steps - warmup_steps, 1)
    return max_rate * min(up, down, 1)


# %% also right: all rates, and one of them picked
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    rates = [max_rate / warmup_steps * i for i in range(1, warmup_steps + 1)]
    fall = max_rate / max(total_steps - warmup_steps, 1)
    rates += [max_rate - fall * i for i in range(total_steps - warmup_steps)]
    return rates[step]


# %% also right: straight lines of tensors
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    up = torch.linspace(0, max_rate, warmup_steps + 1, dtype=torch.float64)[1:]
    down = torch.linspace(max_rate, 0, total_steps - warmup_steps + 1, dtype=torch.float64)[:-1]
    return torch.cat([up, down])[step].item()


# %% wrong: Where there is no warm-up, this divides by 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    warm = max_rate * (step + 1) / warmup_steps
    if step < warmup_steps:
        return warm
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: Where there is nothing but a warm-up, this divides by 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    fall = max_rate / (total_steps - warmup_steps)
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate - fall * (step - warmup_steps)


# %% wrong: The rate of step 0 is 0 here: the first step would change nothing, and `max_rate` comes a step late.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * step / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: The rate of step 0 is 0 here, so that the first step would change nothing; and without a warm-up this divides by 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step <= warmup_steps:
        return max_rate * step / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: After the warm-up the rate stays where it is; it has to fall.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    return max_rate * min(1, (step + 1) / max(warmup_steps, 1))


# %% wrong: The fall was counted from step 0: the rate jumps down at the end of the warm-up.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - step) / total_steps


# %% wrong: The rate is 0 already at the last step, number `total_steps - 1`; it would be 0 only one step later.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - 1 - step) / max(total_steps - 1 - warmup_steps, 1)


# %% wrong: The rate already falls at step `warmup_steps`, which still has `max_rate`.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - 1 - step) / (total_steps - warmup_steps)


# %% wrong: Without a warm-up this divides by 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    up = (step + 1) / warmup_steps
    down = (total_steps - step) / max(total_steps - warmup_steps, 1)
    return max_rate * min(up, down)


# %% wrong: This is a share of the largest rate; it has to be multiplied by `max_rate`.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return (step + 1) / warmup_steps
    return (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: The rate rises through the warm-up and goes on rising.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    return max_rate * (step + 1) / max(warmup_steps, 1)


# %% wrong: The rate falls along a cosine; it has to fall along a straight line.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    share = (step - warmup_steps) / (total_steps - warmup_steps)
    return max_rate * 0.5 * (1 + torch.cos(torch.tensor(torch.pi * share)).item())


# %% wrong: The steps that have passed were taken for those that are left: after the warm-up the rate starts at 0 and rises.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (step - warmup_steps) / (total_steps - warmup_steps)


# %% wrong: The rate of step 0 is 0 here, so that the first step would change nothing; and the fall was counted from step 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * step / warmup_steps
    return max_rate * (total_steps - step) / total_steps


# %% wrong: The rate of step 0 is 0 here, and it rises too fast: there are `warmup_steps` steps up to `max_rate`, the first one included.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * step / max(warmup_steps - 1, 1)
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: The rate rises too slowly: the last step of the warm-up, number `warmup_steps - 1`, has `max_rate` already.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / (warmup_steps + 1)
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: The rate still rises at step `warmup_steps`, above `max_rate`; and without a warm-up this divides by 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step <= warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: One of the two lines divides by 0 where there is no warm-up, or nothing but a warm-up.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    up = (step + 1) / warmup_steps
    down = (total_steps - step) / (total_steps - warmup_steps)
    return max_rate * min(up, down)


# %% wrong: The rate rises from the right place, but it falls in steps of `max_rate / total_steps`: it would not be 0 at step `total_steps`.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (1 - (step - warmup_steps) / total_steps)


# %% wrong: The fall begins a step too late: `max_rate` is taken at step `warmup_steps` and once more.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * min(1, (total_steps - step + 1) / (total_steps - warmup_steps))


# %% wrong: The rates are right, but they are tensors; wanted is a plain number.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    up = torch.linspace(0, max_rate, warmup_steps + 1, dtype=torch.float64)[1:]
    down = torch.linspace(max_rate, 0, total_steps - warmup_steps + 1, dtype=torch.float64)
    return torch.cat([up, down])[step]


# %% wrong: This is a list of rates; asked for is that of one step.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    rates = [max_rate * (i + 1) / warmup_steps for i in range(warmup_steps)]
    left = total_steps - warmup_steps
    return rates + [max_rate * (left - i) / left for i in range(left)]


# %% wrong: During the warm-up the rate stays at its first value; it has to rise from step to step.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: The rate of step 0 is 0 here, and after the warm-up the steps that have passed were taken for those that are left.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * step / warmup_steps
    return max_rate * (step - warmup_steps) / (total_steps - warmup_steps)


# %% wrong: The rate of step 0 is 0 here, and it already falls at step `warmup_steps`, which still has `max_rate`.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * step / warmup_steps
    return max_rate * (total_steps - step - 1) / (total_steps - warmup_steps)


# %% wrong: The rate falls too slowly, and from too low: it is divided by one step too many.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - step) / (total_steps - warmup_steps + 1)


# %% wrong: `//` rounds the rates down to whole numbers.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) // warmup_steps
    return max_rate * (total_steps - step) // (total_steps - warmup_steps)


# %% wrong: Brackets are missing in the warm-up: 1 is added to the rate, and not to the number of the step.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate / warmup_steps * step + 1
    return max_rate * (total_steps - step) / (total_steps - warmup_steps)


# %% wrong: Brackets are missing in the fall: `/` comes before `-`, so that the number `warmup_steps` was subtracted from a rate.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate * (total_steps - step) / total_steps - warmup_steps


# %% wrong: The fall was counted from step 0, with the right amount for each step: at the end of the warm-up the rate jumps down, and later it is below 0.
def warmup_rate(step, max_rate, warmup_steps, total_steps):
    if step < warmup_steps:
        return max_rate * (step + 1) / warmup_steps
    return max_rate - max_rate * step / (total_steps - warmup_steps)


# %% cases
def cases():
    yield 1.0, 4, 8
    yield 0.1, 2, 12
    yield 0.5, 0, 4
    yield 0.3, 3, 3
    yield 3e-4, 1, 6
    yield 0.05, 7, 30


def observe(warmup_rate, max_rate, warmup_steps, total_steps):
    steps = range(total_steps)
    return {f"step {i}": warmup_rate(i, max_rate, warmup_steps, total_steps) for i in steps}

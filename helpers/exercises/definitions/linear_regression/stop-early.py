"""
title = "When to stop training"
kind = "write"
level = 2
minutes = 6
concepts = ["L16", "L14"]
task = '''`history` holds the losses of each epoch, as `fit` returns them: a dictionary with the lists `"train_loss"` and `"val_loss"`. Training is to stop after the first epoch at which the validation loss has, for `patience` epochs in a row, not been lower than the lowest one before. Return that epoch, counted from 1; if it never comes, the number of all epochs.'''
right = "This is early stopping: one keeps the weights of the lowest validation loss, and spares the epochs that only overfit."
hints = [
    "Keep two things while you go through the losses: the lowest so far, and for how many epochs it has been the lowest.",
    "`losses[0]` is epoch 1, so `enumerate(losses[1:], start=2)` gives each later loss with its epoch. The count of waiting epochs goes back to 0 at every new lowest loss.",
    "`if loss < lowest: lowest, waited = loss, 0`, else `waited += 1`, and then: `if waited ...: return epoch`.",
]
"""

# %% setup
import torch


# %% stub
def stop_after(history: dict[str, list[float]], patience: int) -> int:
    """Return the epoch, counted from 1, after which training stops."""
    losses = ...
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            ...
        else:
            ...
    return len(losses)


# %% solution
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(losses)


# %% also right: look back at every epoch
def stop_after(history, patience):
    losses = history["val_loss"]
    for epoch in range(1, len(losses) + 1):
        best = losses.index(min(losses[:epoch])) + 1
        if epoch - best >= patience:
            return epoch
    return len(losses)


# %% also right: the running minimum of a tensor
def stop_after(history, patience):
    losses = torch.tensor(history["val_loss"], dtype=torch.float64)
    for i in range(patience, len(losses)):
        if losses[i - patience + 1 : i + 1].min() >= losses[: i - patience + 1].min():
            return i + 1
    return len(losses)


# %% also right: the epoch of the lowest loss kept instead of a count
def stop_after(history, patience):
    best, best_loss, epoch = 0, None, 0
    for loss in history["val_loss"]:
        epoch += 1
        if best_loss is None or loss < best_loss:
            best, best_loss = epoch, loss
        if epoch - best == patience:
            break
    return epoch


# %% wrong: The count of waiting epochs begins at 1; in the first epoch nothing has been waited for.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 1
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited == patience:
                return epoch
    return len(losses)


# %% wrong: It looks one epoch further before it stops: a lower loss in that one comes too late to count.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited > patience:
                return epoch - 1
    return len(losses)


# %% wrong: Where training never has to stop early, this is the epoch of the lowest loss; the number of all epochs is wanted.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return history["val_loss"].index(lowest) + 1


# %% wrong: A loss that is lower by very little was not taken as lower; the task has no such limit.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest - 1e-4:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: An equally low loss is taken as an improvement; it has to be lower.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss <= lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: Where training never has to stop early, the number of all epochs is wanted.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch


# %% wrong: Each loss is compared with the one before it. A loss that comes down again from a peak is not yet a new lowest one.
def stop_after(history, patience):
    losses, waited = history["val_loss"], 0
    for i in range(1, len(losses)):
        waited = 0 if losses[i] < losses[i - 1] else waited + 1
        if waited == patience:
            return i + 1
    return len(losses)


# %% wrong: It waits until the loss has risen `patience` times in a row. A loss that falls again, but stays above the lowest one, counts as well.
def stop_after(history, patience):
    losses = history["val_loss"]
    for i in range(patience, len(losses)):
        if all(losses[i - k] > losses[i - k - 1] for k in range(patience)):
            return i + 1
    return len(losses)


# %% wrong: It stops when the loss rises for the first time: `patience` is not used.
def stop_after(history, patience):
    losses = history["val_loss"]
    for i in range(1, len(losses)):
        if losses[i] > losses[i - 1]:
            return i + 1
    return len(losses)


# %% wrong: This is the epoch of the lowest loss so far; wanted is the epoch after which training stops.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch - patience
    return len(history["val_loss"])


# %% wrong: Where training stops, the number is one too low: the epochs are counted from 1.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"]):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: The epochs are counted from 0.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"]):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"]) - 1


# %% wrong: This watches the training loss, which goes on falling while the model overfits.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["train_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["train_loss"])


# %% wrong: The waiting epochs are all added up: the count has to begin again at each new lowest loss.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest = loss
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: This is the epoch with the lowest validation loss of all; while training runs, nobody knows yet what comes later.
def stop_after(history, patience):
    losses = history["val_loss"]
    return losses.index(min(losses)) + 1


# %% wrong: It waits one epoch longer than `patience`.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited > patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: It stops one epoch too early: `patience` epochs in a row have to bring nothing new.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        waited += 1
        if loss < lowest:
            lowest, waited = loss, 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: It never stops early where `patience` is more than 1: the waiting epochs do not add up.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest = loss
            waited = 0
        else:
            waited = 1
            if waited >= patience:
                return epoch
    return len(losses)


# %% wrong: It never stops early: the lowest loss or the count of waiting epochs is not kept, or the epoch is found and not returned.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            waited = 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"])


# %% wrong: Each loss is compared with the first one: `lowest` stays as it was when a lower one comes.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            waited = 0
        else:
            waited += 1
            if waited == patience:
                return epoch
    return len(losses)


# %% wrong: It counts `patience` epochs on from the lowest loss of the whole history; while training runs, nobody knows yet what comes later.
def stop_after(history, patience):
    losses = history["val_loss"]
    best = losses.index(min(losses)) + 1
    return min(best + patience, len(losses))


# %% wrong: This is always the epoch of the lowest loss so far; wanted is the epoch after which training stops, or the number of all.
def stop_after(history, patience):
    losses = history["val_loss"]
    best = 1
    for epoch in range(1, len(losses) + 1):
        if losses[epoch - 1] < losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return best


# %% wrong: Where training never has to stop early, one epoch too many comes out: the number of all epochs is wanted.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for epoch, loss in enumerate(history["val_loss"], start=1):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(history["val_loss"]) + 1


# %% wrong: This is the loss at which training stops; wanted is the number of the epoch.
def stop_after(history, patience):
    lowest, waited = float("inf"), 0
    for loss in history["val_loss"]:
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
        if waited == patience:
            return loss
    return len(history["val_loss"])


# %% wrong: Where training stops, the number is too low, as `enumerate` counts from 0; and the first epoch is taken as one of waiting.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            lowest = loss
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return epoch
    return len(losses)


# %% wrong: Where training stops, the number is one too high; the epochs are counted from 1.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest = loss
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return epoch + 1
    return len(losses)


# %% wrong: It looks at the first two epochs only, as when the last `return` stands inside the loop.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest = loss
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return epoch
        return len(losses)


# %% wrong: It is the wrong way round: a higher loss is taken as an improvement.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:], start=2):
        if loss > lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch
    return len(losses)


# %% wrong: Where training stops, the number is two too low: `losses[1:]` begins with epoch 2, and `enumerate` counts from 0.
def stop_after(history, patience):
    losses = history["val_loss"]
    lowest, waited = losses[0], 0
    for epoch, loss in enumerate(losses[1:]):
        if loss < lowest:
            lowest, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch
    return len(losses)


# %% cases
def cases():
    def history(*losses, train=None):
        falling = [10 - i for i in range(len(losses))]
        return {"train_loss": train or falling, "val_loss": list(losses)}

    yield history(9, 7, 5, 6, 8, 9), 2
    yield history(9, 5, 8, 7, 6, 6), 3
    yield history(9, 7, 8, 6, 7, 5, 4), 2
    yield history(9, 8, 7, 6), 2
    yield history(8, 6, 6, 6, 5), 2
    yield history(8, 6, 6, 6, 7, 7, 5), 2
    yield history(9, 7, 8, 7, 6), 1
    yield history(5, 6, 7), 4
    yield history(9, 7, 8, 8, 6, 7, 9, 9), 2
    yield history(9, 7, 8, 8, 6, 7, 9, 9, 5, 6), 2
    yield history(8, 6, 7, 9, 5, 4, 6, train=[9, 8, 7, 6, 7, 7, 5]), 2
    yield history(0.500003, 0.500002, 0.500001, 0.5), 2
    yield history(5, 6, 7, 8, 9), 3
    yield history(3), 1
    train_loss, val_loss = torch.rand(2, 40).tolist()
    yield {"train_loss": train_loss, "val_loss": val_loss}, 5


def observe(answer, history, patience):
    return answer(history, patience)

"""Choose where tensors live: CUDA, MPS (Apple) or the CPU."""

import os

import torch

from helpers.errors import InputError


def available_devices() -> list[str]:
    """Name the device types that work on this machine, fastest first.

    Returns:
        For example ``["cuda", "cpu"]``; ``"cpu"`` is always the last.

    """
    devices = []
    if torch.cuda.is_available():
        devices.append("cuda")
    if torch.backends.mps.is_available():
        devices.append("mps")
    return [*devices, "cpu"]


def pick_device(name: str | None = None) -> torch.device:
    """Return the device to compute on.

    Args:
        name: A device such as ``"cpu"``, ``"cuda"``, ``"cuda:1"`` or ``"mps"``. Without it
            the environment variable ``WORKBOOK_DEVICE`` decides, and without that the
            fastest device that is available.

    Raises:
        InputError: The name is not a device, or this machine does not have it.

    >>> pick_device("cpu")
    device(type='cpu')

    """
    name = name or os.environ.get("WORKBOOK_DEVICE") or available_devices()[0]
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(
            f"{name!r} is not the name of a device. Expected 'cpu', 'cuda', 'cuda:0' or 'mps': "
            "check the spelling of the argument or of the variable WORKBOOK_DEVICE."
        ) from None
    if device.type not in available_devices():
        raise InputError(
            f"The device {name!r} was asked for, and this machine offers "
            f"{', '.join(available_devices())}. Leave the name out (and WORKBOOK_DEVICE unset) "
            "to take the fastest one."
        )
    return device

"""Weights of checkpoints in the published Hugging Face layout. Nothing is unpickled but tensors (torch's weights_only)."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from ..errors import CheckpointError

_UNREADABLE = (
    pickle.UnpicklingError, RuntimeError, EOFError, ValueError, LookupError, AttributeError, TypeError,
)  # fmt: skip
"""What torch's own unpickler raises for files that it did not write."""
_SAFETENSORS, _BIN = "model.safetensors", "pytorch_model.bin"


def read_weights(folder: Path) -> dict[str, Tensor]:
    """model.safetensors, else pytorch_model.bin. Raises CheckpointError naming the file."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = next((folder / name for name in (_SAFETENSORS, _BIN) if (folder / name).is_file()), None)
    if path is None:
        raise CheckpointError(f"{folder}: neither {_SAFETENSORS} nor {_BIN} is there")
    if path.name == _BIN:
        return as_tensors(read_torch_file(path), path)
    with _readable(path, SafetensorError):
        return load_file(path)


def read_torch_file(path: Path) -> object:
    """What torch.save wrote, of nothing but tensors and plain values. Raises CheckpointError naming the file."""
    with _readable(path):
        return torch.load(path, map_location="cpu", weights_only=True)


def as_tensors(weights: object, path: Path) -> dict[str, Tensor]:
    """Raises CheckpointError if they are anything else."""
    if not isinstance(weights, dict) or not all(isinstance(value, Tensor) for value in weights.values()):
        raise CheckpointError(f"{path}: expected named tensors and nothing else")
    return weights


@contextmanager
def _readable(path: Path, *more: type[Exception]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror or error}") from None
    except (*_UNREADABLE, *more) as error:
        text = str(error).strip().splitlines()
        raise CheckpointError(
            f"{path}: no readable weights ({text[0][:120] if text else type(error).__name__})"
        ) from None


def fill(network: nn.Module, weights: dict[str, Tensor], where: str) -> None:
    """Put weights into a network, every key and shape as the network has it. Raises CheckpointError naming the first that
    is missing, left over, of another shape, or not finite."""
    wanted = network.state_dict()
    missing, left_over = sorted(set(wanted) - set(weights)), sorted(set(weights) - set(wanted))
    if missing:
        raise CheckpointError(f"{where}: {len(missing)} weights are missing, the first is {missing[0]!r}")
    if left_over:
        raise CheckpointError(f"{where}: {len(left_over)} weights do not belong here, the first is {left_over[0]!r}")
    for key, value in weights.items():
        if value.shape != wanted[key].shape:
            raise CheckpointError(
                f"{where}: {key!r} has shape {tuple(value.shape)}, expected {tuple(wanted[key].shape)}"
            )
        if value.is_floating_point() and not bool(torch.isfinite(value).all()):
            raise CheckpointError(f"{where}: {key!r} holds NaN or infinity")
    network.load_state_dict(weights, strict=True)

"""The auto-encoder whose features FGD compares: convolutions over a skeleton (Aberman et al., "Skeleton-Aware Networks for
Deep Motion Retargeting", 2020), as trained and published by EMAGE's authors (AESKConv_240_100.bin)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from pantomatrix_models.errors import CheckpointError
from pantomatrix_models.networks.checkpoint import as_tensors, fill, read_torch_file

CUT = 32
"""Frames are cut to a multiple of it, as published."""
_JOINTS, _CHANNELS = 55, 6
_LAYERS = ((330, 330, 210), (210, 210, 120), (120, 240, None), (240, 240, None))
"""Channels in, out, and after joints are pooled."""
_GROUPS = 10


class _SkeletonConvolution(nn.Module):
    """Over time, with weights only between joints that are neighbours."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, padding: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels_out, channels_in, kernel))
        self.bias = nn.Parameter(torch.empty(channels_out))
        self.register_buffer("mask", torch.empty(channels_out, channels_in, kernel))
        self._padding = padding

    def forward(self, x: Tensor) -> Tensor:
        assert isinstance(self.mask, Tensor)
        return functional.conv1d(x, self.weight * self.mask, self.bias, stride=2, padding=self._padding)


class _Pooling(nn.Module):
    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels_out, channels_in))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight @ x


class _Layer(nn.Module):
    """(B, C, T) -> (B, C', T / 2)."""

    def __init__(self, channels_in: int, channels_out: int, pooled: int | None) -> None:
        super().__init__()
        self.residual = nn.Sequential(
            _SkeletonConvolution(channels_in, channels_out, kernel=4, padding=1), nn.GroupNorm(_GROUPS, channels_out)
        )
        self.shortcut = _SkeletonConvolution(channels_in, channels_out, kernel=1, padding=0)
        self.common = nn.Sequential(*([_Pooling(channels_out, pooled)] if pooled else []), nn.Tanh())

    def forward(self, x: Tensor) -> Tensor:
        return self.common(self.residual(x) + self.shortcut(x))


class GestureEncoder(nn.Module):
    """(T, 330) of SMPL-X's 55 joints in 6D -> (T / 16, 240) features."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(*(nn.Sequential(_Layer(*channels)) for channels in _LAYERS))

    @classmethod
    def load(cls, path: Path) -> GestureEncoder:
        """From the published checkpoint, which is the user's own file. Raises CheckpointError naming what is wrong."""
        encoder = cls().eval()
        weights = _read(path)
        own = {
            key.removeprefix("encoder."): value for key, value in weights.items() if key.startswith("encoder.layers.")
        }
        if not own:
            raise CheckpointError(f"{path}: no weights of an encoder; expected the published AESKConv_240_100.bin")
        fill(encoder, own, str(path))
        return encoder

    def forward(self, x: Tensor) -> Tensor:
        """(B, 330, T) -> (B, 240, T / 16)."""
        return self.layers(x)

    @torch.inference_mode()
    def features(self, sixd: NDArray[np.float32]) -> NDArray[np.float32]:
        """sixd: (T, 330), each joint's rotation relative to its parent as the first two columns of its matrix, one after the
        other (Zhou et al., CVPR 2019). Returns (T // 32 * 2, 240)."""
        whole = len(sixd) // CUT * CUT
        if whole == 0:
            return np.zeros((0, _LAYERS[-1][1]), np.float32)
        motion = torch.from_numpy(np.ascontiguousarray(sixd[:whole], np.float32))
        return self(motion.T[None])[0].T.numpy()


def _read(path: Path) -> dict[str, Tensor]:
    """A state dict, bare or as training code keeps it: under "model_state", keys with "module." before them."""
    loaded = read_torch_file(path)
    if isinstance(loaded, dict) and isinstance(loaded.get("model_state"), dict):
        loaded = loaded["model_state"]
    return {key.removeprefix("module."): value for key, value in as_tensors(loaded, path).items()}

"""Windows together, as tensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from pantomatrix_models.emage.codec import orthonormal

from ..datasets.windows import TrainingWindow


@dataclass(frozen=True)
class Batch:
    """poses: (N, T, 55, 3) axis-angle. expressions: (N, T, 100). trans: (N, T, 3) metres. contacts: (N, T, 4). audio: (N, S),
    16 kHz. speaker: (N, 1) int64. All of the same T frames at 30 a second."""

    poses: Tensor
    expressions: Tensor
    trans: Tensor
    contacts: Tensor
    audio: Tensor
    speaker: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))

    def __len__(self) -> int:
        return len(self.speaker)


def collate(windows: Sequence[TrainingWindow]) -> Batch:
    def stacked(name: str) -> Tensor:
        return torch.from_numpy(np.stack([getattr(window, name) for window in windows]))

    poses = stacked("poses")
    return Batch(
        poses.reshape(*poses.shape[:2], -1, 3),
        stacked("expressions"),
        stacked("trans"),
        stacked("contacts"),
        stacked("audio"),
        torch.tensor([[window.speaker] for window in windows]),
    )


def matrix_from_axis_angle(vectors: Tensor) -> Tensor:
    """(..., 3) radians to (..., 3, 3): Rodrigues' formula, in full precision also where the network computes in half."""
    angle = vectors.norm(dim=-1, keepdim=True).clamp_min(1e-8)[..., None]
    x, y, z = (vectors / angle[..., 0]).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).reshape(*vectors.shape[:-1], 3, 3)
    with torch.autocast(vectors.device.type, enabled=False):
        return torch.eye(3, device=vectors.device) + angle.sin() * cross + (1 - angle.cos()) * (cross @ cross)


def sixd_from_axis_angle(vectors: Tensor) -> Tensor:
    """(..., 3) to (..., 6): the first two rows of the matrices."""
    return matrix_from_axis_angle(vectors)[..., :2, :].flatten(-2)


def matrix_from_sixd(sixd: Tensor) -> Tensor:
    """(..., 6) to (..., 3, 3): Gram-Schmidt (Zhou et al., CVPR 2019)."""
    first, second = orthonormal(sixd).split(3, dim=-1)
    return torch.stack([first, second, torch.linalg.cross(first, second)], dim=-2)

"""What training makes small."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .batch import matrix_from_sixd

_EDGE = 1e-6


def geodesic(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean angle between rotations, radians. predicted, target: (..., 6 J) in 6D.

    The cosine is kept 1e-6 from its ends, where the angle has no gradient.
    """
    one, other = (matrix_from_sixd(sixd.float().unflatten(-1, (-1, 6))) for sixd in (predicted, target))
    cosine = ((one * other).sum(dim=(-2, -1)) - 1) / 2
    return torch.acos(cosine.clamp(-1 + _EDGE, 1 - _EDGE)).mean()


def velocity(predicted: Tensor, target: Tensor) -> Tensor:
    """Mean absolute difference of steps from frame to frame. predicted, target: (N, T, C)."""
    return F.l1_loss(predicted.diff(dim=1), target.diff(dim=1))


def acceleration(predicted: Tensor, target: Tensor) -> Tensor:
    """The same of second differences."""
    return F.l1_loss(predicted.diff(n=2, dim=1), target.diff(n=2, dim=1))

"""EMAGE's poses in parts, each part as codes, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pantomatrix_converters.network_layout import joint_groups

from .vq import MotionAutoEncoder, MotionVq

PARTS = ("face", "upper", "hands", "lower")
"""In the order of the codes."""

JOINTS, JAW = 55, 22
EXPRESSIONS = 100
_LOWER_ROOT = slice(54, 57)
_IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def split_parts(sixd: Tensor, expression: Tensor, translation: Tensor, contact: Tensor) -> dict[str, Tensor]:
    """What each part's model encodes.

    sixd: (N, T, 55, 6) rotations; expression: (N, T, 100); translation: (N, T, 3) metres; contact: (N, T, 4) of the feet.
    Returns (N, T, size) by part: the jaw and the expression; the joints; the joints, translation and contact.
    """
    groups = joint_groups()
    of_joints = {part: sixd[:, :, list(groups[part])].flatten(2) for part in ("upper", "hands", "lower")}
    return {
        "face": torch.cat([sixd[:, :, JAW], expression], dim=-1),
        "upper": of_joints["upper"],
        "hands": of_joints["hands"],
        "lower": torch.cat([of_joints["lower"], translation, contact], dim=-1),
    }


def join_parts(decoded: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Inverse of `split_parts`; parts that are not given stand still, eyes always.

    decoded: (N, T, size) by part. Returns the motion (N, T, 337) that EmageNetwork takes, its rotations made orthonormal,
    and the expression (N, T, 100).
    """
    any_part = next(iter(decoded.values()))
    frames = any_part.shape[:2]
    still = any_part.new_tensor(_IDENTITY).expand(*frames, 1, 6)
    columns: list[Tensor] = [still] * JOINTS
    for part, joints in (("upper", None), ("hands", None), ("lower", None), ("face", (JAW,))):
        if part in decoded:
            for place, joint in enumerate(joints or joint_groups()[part]):
                columns[joint] = decoded[part][..., None, 6 * place : 6 * place + 6]
    sixd = orthonormal(torch.cat(columns, dim=2)).flatten(2)
    root_and_contact = decoded["lower"][..., 54:] if "lower" in decoded else sixd.new_zeros(*frames, 7)
    expression = decoded["face"][..., 6:] if "face" in decoded else sixd.new_zeros(*frames, EXPRESSIONS)
    return torch.cat([sixd, root_and_contact], dim=-1), expression


def orthonormal(sixd: Tensor) -> Tensor:
    """Gram-Schmidt on the two rows of each rotation (Zhou et al., CVPR 2019). sixd: (..., 6). Returns the same shape."""
    first = F.normalize(sixd[..., :3], dim=-1, eps=1e-12)
    second = sixd[..., 3:] - (first * sixd[..., 3:]).sum(dim=-1, keepdim=True) * first
    return torch.cat([first, F.normalize(second, dim=-1, eps=1e-12)], dim=-1)


class EmageCodec(nn.Module):
    """The five models of emage_vq/."""

    def __init__(self, parts: Mapping[str, MotionVq], global_motion: MotionAutoEncoder) -> None:
        super().__init__()
        self.parts = nn.ModuleDict(parts)
        self.global_motion = global_motion

    def part(self, name: str) -> MotionVq:
        """The model of one of PARTS."""
        return cast(MotionVq, self.parts[name])

    def encode(self, parts: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """parts: as from `split_parts`. Returns codes (N, T) by part."""
        return {part: self.part(part).encode(values) for part, values in parts.items()}

    def decode(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """codes: (N, T, 4) in the order of PARTS. Returns as `join_parts`."""
        return join_parts(self._decoded(codes))

    def decode_with_root(self, codes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """codes: (N, T, 4). Returns as `decode`, and (N, T, 3): the root's velocity along x, place along y, velocity along
        z, in metres and metres per second."""
        decoded = self._decoded(codes)
        root = self.global_motion(decoded["lower"])[..., _LOWER_ROOT]
        return *join_parts(decoded), root

    def _decoded(self, codes: Tensor) -> dict[str, Tensor]:
        return {part: self.part(part).decode(codes[..., index]) for index, part in enumerate(PARTS)}

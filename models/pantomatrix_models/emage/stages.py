"""What EMAGE computes in one go, as modules that can be exported: a window, and the decoding of its codes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..networks.execution import Stage
from .codec import PARTS, EmageCodec
from .faster_layers import PairedEncoders, fold_memory
from .network import BODY_PARTS, MOTION_CHANNELS, EmageNetwork

_TAIL = 16
"""Frames that are decoded for the last four: those of a part depend on nine before them."""


class WindowStage(nn.Module):
    """A window of speech to codes, and the frames that the next window begins with. Takes the network over and folds it."""

    def __init__(self, network: EmageNetwork, codec: EmageCodec) -> None:
        super().__init__()
        self.network, self.codec = network, codec
        self.encoders = PairedEncoders(network.audio_encoder_face, network.audio_encoder_body)
        fold_memory(network, "face_motion_decoder", "audio_face_motion_proj")
        fold_memory(network, "audio_motion_cross_attn", "audio_body_motion_proj")

    def forward(self, audio: Tensor, speaker_id: Tensor, motion: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """As EmageNetwork takes them. Returns codes (N, T, 4) and the last frames (N, seed_frames, 337): for the face the
        codes nearest to its latents, for the body those with the largest logits."""
        face_audio, body_audio = self.encoders(audio)
        output = self.network.move(face_audio, body_audio, speaker_id, motion, mask)
        face = self.codec.part("face").quantizer.nearest(output.latents["face"])
        codes = torch.stack([face, *(output.logits[part].argmax(dim=-1) for part in BODY_PARTS)], dim=-1)
        tail, _ = self.codec.decode(codes[:, -_TAIL:])
        return codes, tail[:, -self.network.config.seed_frames :]


class DecodingStage(nn.Module):
    """Codes to motion."""

    def __init__(self, codec: EmageCodec) -> None:
        super().__init__()
        self.codec = codec

    def forward(self, codes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """codes: (N, T, 4). Returns rotations and more (N, T, 337), expression (N, T, 100) and root (N, T, 3), see
        EmageCodec.decode_with_root."""
        return self.codec.decode_with_root(codes)


def emage_stages(network: EmageNetwork, codec: EmageCodec) -> dict[str, Stage]:
    """Both, by name."""
    config = network.config
    frames = config.pose_length
    mask = torch.ones(1, frames, MOTION_CHANNELS)
    mask[:, : config.seed_frames] = 0.0
    window = Stage(
        WindowStage(network, codec),
        inputs={
            "audio": torch.zeros(1, frames * 533),
            "speaker_id": torch.zeros(1, 1, dtype=torch.int64),
            "motion": torch.zeros(1, frames, MOTION_CHANNELS),
            "mask": mask,
        },
        free_axes={
            "audio": ("clips", "samples"),
            "speaker_id": ("clips",),
            "motion": ("clips", "frames"),
            "mask": ("clips", "frames"),
            "codes": ("clips", "frames"),
            "tail": ("clips",),
        },
        outputs=("codes", "tail"),
    )
    decoding = Stage(
        DecodingStage(codec),
        inputs={"codes": torch.zeros(1, frames, len(PARTS), dtype=torch.int64)},
        free_axes={name: ("clips", "frames") for name in ("codes", "motion", "expression", "root")},
        outputs=("motion", "expression", "root"),
    )
    return {"window": window, "decoding": decoding}

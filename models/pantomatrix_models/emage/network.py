"""EMAGE, audio only: masked motion and speech to motion codes (Liu et al., CVPR 2024, arXiv 2401.00374)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..network_config import EmageConfig, VqConfig
from ..networks.mlp import Mlp
from ..networks.wav_encoder import WavEncoder
from .transformer import DROPOUT, Decoder, DecoderLayer, Encoder, EncoderLayer
from .vq import MotionEncoder

MOTION_CHANNELS = 337
"""A frame: 55 joints of 6D rotation, 3 of translation, 4 of foot contact."""

BODY_PARTS = ("upper", "hands", "lower")
_FACE_LAYERS, _CROSS_LAYERS = 4, 8
_AUDIO_STRIDES = (5, 6, 1, 6, 1, 3)
"""Of the waveform encoder: 540 samples a frame."""


class PeriodicPositions(nn.Module):
    """Sines and cosines of the place within a period (Vaswani et al., 2017; periodic as in Fan et al., FaceFormer, 2022)."""

    pe: Tensor

    def __init__(self, size: int, period: int) -> None:
        super().__init__()
        place = torch.arange(period, dtype=torch.float32)[:, None]
        rate = torch.exp(torch.arange(0, size, 2, dtype=torch.float32) * (-math.log(10000.0) / size))
        table = torch.zeros(period, size)
        table[:, 0::2], table[:, 1::2] = torch.sin(place * rate), torch.cos(place * rate)
        self.register_buffer("pe", table.repeat(2, 1)[None])
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor) -> Tensor:
        """features: (N, T, size), T up to two periods. Returns the same shape."""
        return self.dropout(features + self.pe[:, : features.shape[1]])


@dataclass(frozen=True)
class EmageOutput:
    """For each of face, upper, hands and lower: latents (N, T, motion_f) and logits of codes (N, T, codes)."""

    latents: dict[str, Tensor]
    logits: dict[str, Tensor]


class EmageNetwork(nn.Module):
    """One window. Key names are the published ones, `moton_proj` and the two layers that only serve as patterns included."""

    def __init__(self, config: EmageConfig) -> None:
        super().__init__()
        self.config = config
        size, latent, codes = config.hidden_size, config.motion_f, config.vae_codebook_size
        self.audio_encoder_face = WavEncoder(config.audio_f, _AUDIO_STRIDES)
        self.audio_encoder_body = WavEncoder(config.audio_f, _AUDIO_STRIDES)
        self.speaker_embedding_body = nn.Embedding(config.speaker_dims, size)
        self.speaker_embedding_face = nn.Embedding(config.speaker_dims, size)
        self.position_embeddings = PeriodicPositions(size, config.pose_length)
        self.mask_embedding = nn.Parameter(torch.zeros(1, 1, MOTION_CHANNELS))
        self.motion_encoder = MotionEncoder(VqConfig(vae_layer=3, vae_test_dim=MOTION_CHANNELS, vae_length=latent))
        self.bodyhints_face = Mlp(latent, size, latent)
        self.bodyhints_body = Mlp(latent, size, latent)

        self.audio_face_motion_proj = nn.Linear(config.audio_f + latent, size)
        self.face_motion_decoder = Decoder(size, _FACE_LAYERS)
        self.face_out_proj = nn.Linear(size, latent)
        self.face_cls = Mlp(latent, size, codes)

        self.moton_proj = nn.Linear(latent, size)
        self.transformer_en_layer = EncoderLayer(size)
        self.motion_self_encoder = Encoder(size, 1)
        self.audio_body_motion_proj = nn.Linear(config.audio_f, size)
        self.audio_motion_cross_attn_layer = DecoderLayer(size)
        self.audio_motion_cross_attn = Decoder(size, _CROSS_LAYERS)
        for part in BODY_PARTS:
            setattr(self, f"motion2latent_{part}", Mlp(size, size, size))
            setattr(self, f"body_motion_decoder_{part}", Decoder(size, 1))
            setattr(self, f"motion_out_proj_{part}", nn.Linear(size, latent))
            setattr(self, f"motion_cls_{part}", Mlp(latent, size, codes))

    def forward(
        self, audio: Tensor, speaker_id: Tensor, motion: Tensor, mask: Tensor, *, use_audio: bool = True
    ) -> EmageOutput:
        """audio: (N, S) at 16 kHz; speaker_id: (N, 1); motion, mask: (N, T, 337), mask 1 where motion is hidden.

        use_audio: whether the body hears; the face always does.
        """
        body = self.audio_encoder_body(audio) if use_audio else None
        return self.move(self.audio_encoder_face(audio), body, speaker_id, motion, mask)

    def move(
        self, face_audio: Tensor, body_audio: Tensor | None, speaker_id: Tensor, motion: Tensor, mask: Tensor
    ) -> EmageOutput:
        """face_audio, body_audio: (N, about T, audio_f) of the two encoders; the rest as `forward`."""
        latents = self.motion_encoder(torch.where(mask == 1, self.mask_embedding, motion))
        outputs = {"face": self._face(face_audio, speaker_id, latents)}
        outputs |= self._body(body_audio, speaker_id, latents)
        classifiers = {"face": self.face_cls} | {part: getattr(self, f"motion_cls_{part}") for part in BODY_PARTS}
        return EmageOutput(outputs, {part: classifiers[part](value) for part, value in outputs.items()})

    def _face(self, audio: Tensor, speaker_id: Tensor, latents: Tensor) -> Tensor:
        frames = latents.shape[1]
        memory = self.audio_face_motion_proj(torch.cat([audio[:, :frames], self.bodyhints_face(latents)], dim=-1))
        speaker = self.speaker_embedding_face(speaker_id).expand(-1, frames, -1)
        return self.face_out_proj(self.face_motion_decoder(self.position_embeddings(speaker), memory))

    def _body(self, audio: Tensor | None, speaker_id: Tensor, latents: Tensor) -> dict[str, Tensor]:
        speaker = self.speaker_embedding_body(speaker_id)
        features = self.position_embeddings(self.moton_proj(self.bodyhints_body(latents)) + speaker)
        features = self.position_embeddings(self.motion_self_encoder(features) + speaker)
        if audio is not None:
            heard = self.audio_body_motion_proj(audio)
            features = features + self.audio_motion_cross_attn(features, heard)
        parts = {part: getattr(self, f"motion2latent_{part}")(features) for part in BODY_PARTS}
        outputs = {}
        for part, own in parts.items():
            first, second = (parts[other] for other in BODY_PARTS if other != part)
            moved = getattr(self, f"body_motion_decoder_{part}")(own + speaker, first + second)
            outputs[part] = getattr(self, f"motion_out_proj_{part}")(moved + own)
        return outputs

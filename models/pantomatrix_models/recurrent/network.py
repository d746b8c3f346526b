"""What CaMN and DisCo share: the bidirectional LSTM, what it hears of each frame, and their stages."""

from __future__ import annotations

from abc import abstractmethod

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from ..network_config import RecurrentConfig
from ..networks.execution import Stage
from ..networks.wav_encoder import RECURRENT_STRIDES, WavEncoder


class BidirectionalLstm(nn.LSTM):
    """An LSTM in both directions."""

    def __init__(self, inputs: int, config: RecurrentConfig) -> None:
        super().__init__(
            inputs,
            config.hidden_size,
            config.n_layer,
            batch_first=True,
            dropout=config.dropout_prob,
            bidirectional=True,
        )

    def forward(self, frames: Tensor, lengths: Tensor | None = None) -> Tensor:  # type: ignore[override]
        """frames: (N, T, inputs); lengths: (N,) of each sequence, falling, or None if all are T long: what is beyond counts
        for nothing. Returns (N, T, 2 hidden_size), one half for each direction."""
        if lengths is None:
            return super().forward(frames)[0]
        packed, _ = super().forward(pack_padded_sequence(frames, lengths.cpu(), batch_first=True))
        return pad_packed_sequence(packed, batch_first=True)[0]


def both_directions(output: Tensor) -> Tensor:
    """The sum of the halves. output: (N, T, 2 H). Returns (N, T, H)."""
    ahead, back = output.chunk(2, dim=-1)
    return ahead + back


class RecurrentNetwork(nn.Module):
    """CaMN or DisCo: speech to 6D rotations of 43 joints (13 of the upper body, 30 of the hands), about 14.8 frames a
    second."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        self.audio_encoder = WavEncoder(config.audio_f, RECURRENT_STRIDES)
        self.speaker_embedding = nn.Embedding(config.speaker_dims, config.speaker_f)

    @abstractmethod
    def move(self, features: Tensor, speaker_id: Tensor, seed_motion: Tensor | None, lengths: Tensor | None) -> Tensor:
        """features: (N, T, audio_f) of the encoder; seed_motion: (N, >= seed_frames, 258) or None; lengths: as the LSTM
        takes them. Returns (N, T, 258)."""

    def forward(self, audio: Tensor, speaker_id: Tensor, seed_motion: Tensor | None = None) -> Tensor:
        """audio: (N, S) at 16 kHz; speaker_id: (N, 1); seed_motion: (N, T, 258) or None. Returns (N, T, 258)."""
        return self.move(self.audio_encoder(audio), speaker_id, seed_motion, None)

    def conditioned(self, features: list[Tensor], speaker_id: Tensor, seed_motion: Tensor | None) -> Tensor:
        """Everything that a decoder hears of each frame: features, the speaker, the first frames' motion and a channel that
        is 1 where that is. Without any they count as zeros that are known, as in the published code.

        features: each (N, T, size). Returns (N, T, sum of sizes).
        """
        batch, frames = features[0].shape[:2]
        known = self.config.seed_frames
        if seed_motion is None:
            seed_motion = features[0].new_zeros(batch, known, self.config.pose_dims)
        seed = F.pad(seed_motion[:, :known], (0, 1), value=1.0)
        seed = F.pad(seed, (0, 0, 0, frames - known)) if frames >= known else seed[:, :frames]
        speaker = self.speaker_embedding(speaker_id).expand(-1, frames, -1)
        return torch.cat([*features, speaker, seed], dim=-1)


class Hearing(nn.Module):
    """The first stage: one clip's features."""

    def __init__(self, network: RecurrentNetwork) -> None:
        super().__init__()
        self.audio_encoder = network.audio_encoder

    def forward(self, audio: Tensor) -> Tensor:
        """audio: (1, S). Returns (1, T, audio_f)."""
        return self.audio_encoder(audio)


class Moving(nn.Module):
    """The second stage: features of several clips to motion."""

    def __init__(self, network: RecurrentNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, features: Tensor, lengths: Tensor, speaker_id: Tensor, seed_motion: Tensor) -> Tensor:
        """features: (N, T, audio_f), T at least seed_frames; the rest as RecurrentNetwork.move. Returns (N, T, 258)."""
        return self.network.move(features, speaker_id, seed_motion, lengths)


def recurrent_stages(network: RecurrentNetwork) -> dict[str, Stage]:
    """Both, by name."""
    config = network.config
    hearing = Stage(
        Hearing(network),
        inputs={"audio": torch.zeros(1, 16_000)},
        free_axes={"audio": ("clips", "samples"), "features": ("clips", "frames")},
        outputs=("features",),
    )
    moving = Stage(
        Moving(network),
        inputs={
            "features": torch.zeros(2, 15, config.audio_f),
            "lengths": torch.tensor([15, 12]),
            "speaker_id": torch.zeros(2, 1, dtype=torch.int64),
            "seed_motion": torch.zeros(2, config.seed_frames, config.pose_dims),
        },
        free_axes={
            "features": ("clips", "frames"),
            "lengths": ("clips",),
            "speaker_id": ("clips",),
            "seed_motion": ("clips",),
            "motion": ("clips", "frames"),
        },
        outputs=("motion",),
    )
    return {"hearing": hearing, "moving": moving}

"""CaMN, audio only: a cascade that moves the upper body first and then the hands (Liu et al., ECCV 2022, arXiv
2203.05297)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..network_config import RecurrentConfig
from .mlp import Mlp
from .recurrent import bidirectional_lstm, both_directions, conditioned
from .wav_encoder import RECURRENT_STRIDES, WavEncoder


class CamnNetwork(nn.Module):
    """Speech to 6D rotations of 43 joints (13 of the upper body, 30 of the hands), about 14.8 frames a second."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        heard = config.audio_f + config.speaker_f + config.pose_dims + 1
        self.audio_encoder = WavEncoder(config.audio_f, RECURRENT_STRIDES)
        self.speaker_embedding = nn.Embedding(config.speaker_dims, config.speaker_f)
        self.body_motion_decoder = bidirectional_lstm(heard, config)
        self.body_out = Mlp(config.hidden_size, config.hidden_size, config.body_dims)
        self.hands_motion_decoder = bidirectional_lstm(heard + config.body_dims, config)
        self.hands_out = Mlp(config.hidden_size, config.hidden_size, config.hands_dims)

    def forward(self, audio: Tensor, speaker_id: Tensor, seed_motion: Tensor | None = None) -> Tensor:
        """audio: (N, S) at 16 kHz; speaker_id: (N, 1); seed_motion: (N, T, 258) or None. Returns (N, T, 258)."""
        speaker = self.speaker_embedding(speaker_id)
        heard = conditioned([self.audio_encoder(audio)], speaker, seed_motion, self.config)
        body = self.body_out(both_directions(self.body_motion_decoder(heard)[0]))
        hands = self.hands_out(both_directions(self.hands_motion_decoder(torch.cat([heard, body], dim=-1))[0]))
        return torch.cat([body, hands], dim=-1)

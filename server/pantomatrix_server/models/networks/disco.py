"""DisCo, audio only: content and rhythm of speech apart, content as a mixture of two (Liu et al., ACM MM 2022)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..network_config import RecurrentConfig
from .mlp import Mlp
from .recurrent import bidirectional_lstm, both_directions, conditioned
from .wav_encoder import RECURRENT_STRIDES, WavEncoder


class DiscoNetwork(nn.Module):
    """Speech to 6D rotations of 43 joints (13 of the upper body, 30 of the hands), about 14.8 frames a second."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__()
        self.config = config
        features, hidden = config.audio_f, config.hidden_size
        self.audio_encoder = WavEncoder(features, RECURRENT_STRIDES)
        self.audio_encoder_c1 = Mlp(features, hidden, features)
        self.audio_encoder_c2 = Mlp(features, hidden, features)
        self.audio_encoder_r = Mlp(features, hidden, features)
        self.selector = Mlp(features, hidden, 2)
        self.speaker_embedding = nn.Embedding(config.speaker_dims, config.speaker_f)
        heard = 2 * features + config.speaker_f + config.pose_dims + 1
        self.body_motion_decoder = bidirectional_lstm(heard, config)
        self.body_out = Mlp(hidden, hidden, config.pose_dims)

    def content(self, features: Tensor) -> Tensor:
        """The two contents, weighted by the selector. features: (N, T, F). Returns (N, T, F)."""
        weights = torch.softmax(self.selector(features), dim=-1)
        first, second = self.audio_encoder_c1(features), self.audio_encoder_c2(features)
        return weights[..., :1] * first + weights[..., 1:] * second

    def forward(self, audio: Tensor, speaker_id: Tensor, seed_motion: Tensor | None = None) -> Tensor:
        """audio: (N, S) at 16 kHz; speaker_id: (N, 1); seed_motion: (N, T, 258) or None. Returns (N, T, 258)."""
        features = self.audio_encoder(audio)
        rhythm = self.audio_encoder_r(features)
        speaker = self.speaker_embedding(speaker_id)
        heard = conditioned([self.content(features), rhythm], speaker, seed_motion, self.config)
        return self.body_out(both_directions(self.body_motion_decoder(heard)[0]))

"""DisCo, audio only: content and rhythm of speech apart, content as a mixture of two (Liu et al., ACM MM 2022)."""

from __future__ import annotations

import torch
from torch import Tensor

from ..network_config import RecurrentConfig
from ..networks.mlp import Mlp
from .network import BidirectionalLstm, RecurrentNetwork, both_directions


class DiscoNetwork(RecurrentNetwork):
    """See RecurrentNetwork."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__(config)
        features, hidden = config.audio_f, config.hidden_size
        self.audio_encoder_c1 = Mlp(features, hidden, features)
        self.audio_encoder_c2 = Mlp(features, hidden, features)
        self.audio_encoder_r = Mlp(features, hidden, features)
        self.selector = Mlp(features, hidden, 2)
        heard = 2 * features + config.speaker_f + config.pose_dims + 1
        self.body_motion_decoder = BidirectionalLstm(heard, config)
        self.body_out = Mlp(hidden, hidden, config.pose_dims)

    def content(self, features: Tensor) -> Tensor:
        """The two contents, weighted by the selector. features: (N, T, F). Returns (N, T, F)."""
        weights = torch.softmax(self.selector(features), dim=-1)
        first, second = self.audio_encoder_c1(features), self.audio_encoder_c2(features)
        return weights[..., :1] * first + weights[..., 1:] * second

    def move(self, features: Tensor, speaker_id: Tensor, seed_motion: Tensor | None, lengths: Tensor | None) -> Tensor:
        """See RecurrentNetwork."""
        heard = self.conditioned([self.content(features), self.audio_encoder_r(features)], speaker_id, seed_motion)
        return self.body_out(both_directions(self.body_motion_decoder(heard, lengths)))

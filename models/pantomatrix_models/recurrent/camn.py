"""CaMN, audio only: a cascade that moves the upper body first and then the hands (Liu et al., ECCV 2022, arXiv
2203.05297)."""

from __future__ import annotations

import torch
from torch import Tensor

from ..network_config import RecurrentConfig
from ..networks.mlp import Mlp
from .network import BidirectionalLstm, RecurrentNetwork, both_directions


class CamnNetwork(RecurrentNetwork):
    """See RecurrentNetwork."""

    def __init__(self, config: RecurrentConfig) -> None:
        super().__init__(config)
        heard = config.audio_f + config.speaker_f + config.pose_dims + 1
        self.body_motion_decoder = BidirectionalLstm(heard, config)
        self.body_out = Mlp(config.hidden_size, config.hidden_size, config.body_dims)
        self.hands_motion_decoder = BidirectionalLstm(heard + config.body_dims, config)
        self.hands_out = Mlp(config.hidden_size, config.hidden_size, config.hands_dims)

    def move(self, features: Tensor, speaker_id: Tensor, seed_motion: Tensor | None, lengths: Tensor | None) -> Tensor:
        """See RecurrentNetwork."""
        heard = self.conditioned([features], speaker_id, seed_motion)
        body = self.body_out(both_directions(self.body_motion_decoder(heard, lengths)))
        heard = torch.cat([heard, body], dim=-1)
        hands = self.hands_out(both_directions(self.hands_motion_decoder(heard, lengths)))
        return torch.cat([body, hands], dim=-1)

"""What CaMN and DisCo share: their configuration, the speaker, known first frames, and the bidirectional LSTM."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..network_config import RecurrentConfig


def bidirectional_lstm(inputs: int, config: RecurrentConfig) -> nn.LSTM:
    """inputs: size of each frame."""
    return nn.LSTM(
        inputs,
        config.hidden_size,
        config.n_layer,
        batch_first=True,
        dropout=config.dropout_prob,
        bidirectional=True,
    )


def both_directions(output: Tensor) -> Tensor:
    """The sum of the halves that an LSTM's two directions make. output: (N, T, 2 H). Returns (N, T, H)."""
    forward, backward = output.chunk(2, dim=-1)
    return forward + backward


def seed_channels(seed_motion: Tensor | None, like: Tensor, config: RecurrentConfig) -> Tensor:
    """The first frames' motion and a channel that is 1 where they are; without any, they count as zeros that are known.

    seed_motion: (N, >= seed_frames, pose_dims) 6D, or None; like: (N, T, ...). Returns (N, T, pose_dims + 1).
    """
    batch, frames = like.shape[:2]
    known = min(config.seed_frames, frames)
    channels = like.new_zeros(batch, frames, config.pose_dims + 1)
    channels[:, :known, -1] = 1.0
    if seed_motion is not None:
        channels[:, :known, :-1] = seed_motion[:, :known]
    return channels


def conditioned(features: list[Tensor], speaker: Tensor, seed_motion: Tensor | None, config: RecurrentConfig) -> Tensor:
    """Everything that a decoder hears of each frame.

    features: each (N, T, F); speaker: (N, 1, speaker_f). Returns (N, T, sum of sizes).
    """
    frames = features[0].shape[1]
    return torch.cat(
        [*features, speaker.expand(-1, frames, -1), seed_channels(seed_motion, features[0], config)], dim=-1
    )

"""Transformer layers after Vaswani et al. (2017), normalised after each sum, with the key names of torch's own. Written out
because torch's fix the window's length when they are exported, and pass through more copies."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

HEADS = 4
DROPOUT = 0.1
"""In training only, where torch's own layers have it."""


class Attention(nn.Module):
    """Attention of HEADS heads from a sequence to itself or to another."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        whole = nn.MultiheadAttention(size, HEADS, batch_first=True)
        self.in_proj_weight, self.in_proj_bias = whole.in_proj_weight, whole.in_proj_bias
        self.out_proj = whole.out_proj

    def forward(self, queries: Tensor, memory: Tensor | None = None) -> Tensor:
        """queries: (N, T, size); memory: (N, S, size), or None for the queries themselves. Returns (N, T, size)."""
        weight, bias, size = self.in_proj_weight, self.in_proj_bias, self.size
        if memory is None:
            q, k, v = split_heads(queries, weight, bias, size)
        else:
            (q,) = split_heads(queries, weight[:size], bias[:size], size)
            k, v = split_heads(memory, weight[size:], bias[size:], size)
        return attend(q, k, v, self.out_proj, DROPOUT if self.training else 0.0)


def split_heads(features: Tensor, weight: Tensor, bias: Tensor, size: int) -> tuple[Tensor, ...]:
    """A linear layer whose outputs are K times size. features: (N, T, inputs). Returns K of (N, HEADS, T, size / HEADS)."""
    projected = F.linear(features.flatten(0, 1), weight, bias)
    split = projected.reshape(features.shape[0], -1, len(weight) // size, HEADS, size // HEADS)
    return split.permute(2, 0, 3, 1, 4).unbind(0)


def attend(queries: Tensor, keys: Tensor, values: Tensor, out_proj: nn.Linear, dropout: float = 0.0) -> Tensor:
    """queries: (N, HEADS, T, d); keys, values: (N, HEADS, S, d). Returns (N, T, HEADS d)."""
    scale = queries.shape[-1] ** -0.5
    mixed = F.scaled_dot_product_attention(queries, keys, values, dropout_p=dropout, scale=scale)
    joined = mixed.transpose(1, 2).reshape(queries.shape[0], -1, out_proj.in_features)
    return rowwise(joined, out_proj.weight, out_proj.bias)


def rowwise(features: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer on every frame; as one matrix product with its bias in it, also when exported.

    features: (N, T, inputs). Returns (N, T, outputs).
    """
    return F.linear(features.flatten(0, 1), weight, bias).reshape(features.shape[0], -1, weight.shape[0])


class FeedForward(nn.Linear):
    """A linear layer on every frame."""

    def forward(self, input: Tensor) -> Tensor:
        """input: (N, T, inputs). Returns (N, T, outputs)."""
        return rowwise(input, self.weight, self.bias)


class EncoderLayer(nn.Module):
    """Attention to itself, then two linear layers."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.self_attn = Attention(size)
        self.linear1, self.linear2 = FeedForward(size, 2 * size), FeedForward(2 * size, size)
        self.norm1, self.norm2 = nn.LayerNorm(size), nn.LayerNorm(size)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor) -> Tensor:
        """features: (N, T, size). Returns the same shape."""
        features = self.norm1(features + self.dropout(self.self_attn(features)))
        return self.norm2(features + self.dropout(self.linear2(self.dropout(F.relu(self.linear1(features))))))


class DecoderLayer(nn.Module):
    """Attention to itself, to a memory, then two linear layers."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.self_attn, self.multihead_attn = Attention(size), Attention(size)
        self.linear1, self.linear2 = FeedForward(size, 2 * size), FeedForward(2 * size, size)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(size), nn.LayerNorm(size), nn.LayerNorm(size)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, features: Tensor, memory: Tensor) -> Tensor:
        """features: (N, T, size); memory: (N, S, size). Returns (N, T, size)."""
        features = self.norm1(features + self.dropout(self.self_attn(features)))
        features = self.norm2(features + self.dropout(self.multihead_attn(features, memory)))
        return self.norm3(features + self.dropout(self.linear2(self.dropout(F.relu(self.linear1(features))))))


class Encoder(nn.Module):
    """Encoder layers one after another."""

    def __init__(self, size: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(size) for _ in range(layers))

    def forward(self, features: Tensor) -> Tensor:
        """features: (N, T, size). Returns the same shape."""
        for layer in self.layers:
            features = layer(features)
        return features


class Decoder(nn.Module):
    """Decoder layers one after another, all with the same memory."""

    def __init__(self, size: int, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(size) for _ in range(layers))

    def forward(self, features: Tensor, memory: Tensor) -> Tensor:
        """features: (N, T, size); memory: (N, S, size). Returns (N, T, size)."""
        for layer in self.layers:
            features = layer(features, memory)
        return features

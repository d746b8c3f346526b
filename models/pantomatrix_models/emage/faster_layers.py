"""The same numbers with less work: matrices that follow one another multiplied into one, and EMAGE's two waveform encoders
run as one. Made once from a network whose weights are loaded; not for training."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..networks.wav_encoder import ResidualBlock, WavEncoder
from .transformer import Attention, Decoder, attend, split_heads


class PairedEncoders(nn.Module):
    """Two waveform encoders of one shape as grouped convolutions, batch normalisation folded in. The convolutions have a
    second dimension of length one, since those are the ones that CPU libraries have made fast: 24 ms in place of 33 for a
    window, on two cores."""

    def __init__(self, first: WavEncoder, second: WavEncoder) -> None:
        super().__init__()
        pairs = zip(first.feat_extractor, second.feat_extractor, strict=True)
        self.blocks = nn.ModuleList(_PairedBlock(one, other, shared=not i) for i, (one, other) in enumerate(pairs))  # type: ignore[arg-type]

    def forward(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """audio: (N, S) at 16 kHz. Returns the features of both, (N, T, features) each."""
        signal = audio[:, None, None]
        for block in self.blocks:
            signal = block(signal)
        first, second = signal[:, :, 0].transpose(1, 2).chunk(2, dim=-1)
        return first, second


class _PairedBlock(nn.Module):
    """A ResidualBlock of each encoder; `shared`: both hear the same signal."""

    def __init__(self, one: ResidualBlock, other: ResidualBlock, *, shared: bool) -> None:
        super().__init__()
        groups = 1 if shared else 2
        self.conv1 = _paired(one.conv1, one.bn1, other.conv1, other.bn1, groups)
        self.conv2 = _paired(one.conv2, one.bn2, other.conv2, other.bn2, 2)
        self.around = None
        if one.downsample is not None and other.downsample is not None:
            self.around = _paired(*one.downsample, *other.downsample, groups)  # type: ignore[arg-type]
        self.slope = one.act.negative_slope

    def forward(self, signal: Tensor) -> Tensor:
        around = signal if self.around is None else self.around(signal)
        inner = self.conv2(F.leaky_relu(self.conv1(signal), self.slope))
        return F.leaky_relu(inner + around, self.slope)


def _paired(
    one: nn.Conv1d, one_norm: nn.BatchNorm1d, other: nn.Conv1d, other_norm: nn.BatchNorm1d, groups: int
) -> nn.Conv2d:
    weights, biases = zip(_without_norm(one, one_norm), _without_norm(other, other_norm), strict=True)
    channels_out, channels_in = 2 * one.out_channels, one.in_channels * groups
    paired = nn.Conv2d(
        channels_in,
        channels_out,
        (1, one.kernel_size[0]),
        (1, one.stride[0]),
        (0, int(one.padding[0])),
        groups=groups,
    )
    with torch.no_grad():
        paired.weight.copy_(torch.cat(weights)[:, :, None])
        _bias(paired).copy_(torch.cat(biases))
    return paired


def _without_norm(convolution: nn.Conv1d, norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    """Weight and bias of a convolution and the normalisation by running statistics after it, as one."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    bias = (_bias(convolution) - norm.running_mean) * gain + norm.bias
    return (convolution.weight * gain[:, None, None]).detach(), bias.detach()


def _bias(layer: nn.Conv1d | nn.Conv2d | nn.Linear) -> Tensor:
    assert layer.bias is not None
    return layer.bias


class FoldedAttention(nn.Module):
    """Attention to a memory that a linear layer made: the layer is multiplied into the matrices for keys and values, so that
    these take what the layer took, a third of the size."""

    def __init__(self, attention: Attention, through: nn.Linear) -> None:
        super().__init__()
        size = self.size = attention.size
        weight, bias = attention.in_proj_weight.detach(), attention.in_proj_bias.detach()
        self.queries, self.out_proj = nn.Linear(size, size), attention.out_proj
        self.keys_and_values = nn.Linear(through.in_features, 2 * size)
        with torch.no_grad():
            self.queries.weight.copy_(weight[:size])
            self.queries.bias.copy_(bias[:size])
            self.keys_and_values.weight.copy_(weight[size:] @ through.weight)
            self.keys_and_values.bias.copy_(weight[size:] @ _bias(through) + bias[size:])

    def forward(self, queries: Tensor, memory: Tensor) -> Tensor:
        """queries: (N, T, size); memory: (N, S, inputs of the layer). Returns (N, T, size)."""
        (q,) = split_heads(queries, self.queries.weight, self.queries.bias, self.size)
        k, v = split_heads(memory, self.keys_and_values.weight, self.keys_and_values.bias, self.size)
        return attend(q, k, v, self.out_proj)


def fold_memory(network: nn.Module, decoder_name: str, through_name: str) -> None:
    """Make a network's decoder take its memory as it was before a linear layer, and leave that layer out."""
    decoder, through = network.get_submodule(decoder_name), network.get_submodule(through_name)
    assert isinstance(decoder, Decoder)
    assert isinstance(through, nn.Linear)
    for layer in decoder.layers:
        layer.multihead_attn = FoldedAttention(layer.multihead_attn, through)  # type: ignore[arg-type]
    network.set_submodule(through_name, nn.Identity())

"""The waveform encoder that CaMN, DisCo and EMAGE share: residual blocks of one-dimensional convolutions."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

_KERNEL = 15


@dataclass(frozen=True)
class BlockShape:
    """stride and padding of a block's first convolution; a block without `downsample` adds its input as it is."""

    channels: int
    stride: int
    padding: int
    downsample: bool


RECURRENT_STRIDES = (5, 6, 1, 6, 1, 6)
"""Of CaMN's and DisCo's encoder: 1080 samples a frame, 14.8 frames a second."""


def encoder_shapes(features: int, strides: tuple[int, ...]) -> tuple[BlockShape, ...]:
    """The published stack of six blocks.

    features: channels of the last block; the first ones have a quarter and a half of it.
    """
    channels = (features // 4, features // 4, features // 4, features // 2, features // 2, features)
    same = _KERNEL // 2
    return tuple(
        BlockShape(width, stride, 1600 if index == 0 else same if stride == 1 else 0, downsample=stride != 1)
        for index, (width, stride) in enumerate(zip(channels, strides, strict=True))
    )


class ResidualBlock(nn.Module):
    """Two convolutions of width 15 with batch normalisation, and a way around them."""

    def __init__(self, channels_in: int, shape: BlockShape) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(channels_in, shape.channels, _KERNEL, shape.stride, shape.padding)
        self.bn1 = nn.BatchNorm1d(shape.channels)
        self.conv2 = nn.Conv1d(shape.channels, shape.channels, _KERNEL, padding=_KERNEL // 2)
        self.bn2 = nn.BatchNorm1d(shape.channels)
        self.act = nn.LeakyReLU(inplace=True)
        self.downsample = None
        if shape.downsample:
            around = nn.Conv1d(channels_in, shape.channels, _KERNEL, shape.stride, shape.padding)
            self.downsample = nn.Sequential(around, nn.BatchNorm1d(shape.channels))

    def forward(self, signal: Tensor) -> Tensor:
        """signal: (N, channels_in, S). Returns (N, channels, S')."""
        around = signal if self.downsample is None else self.downsample(signal)
        inner = self.bn2(self.conv2(self.act(self.bn1(self.conv1(signal)))))
        return self.act(inner + around)


class WavEncoder(nn.Module):
    """Mono speech to features. strides: of the six blocks' first convolutions."""

    def __init__(self, features: int, strides: tuple[int, ...]) -> None:
        super().__init__()
        blocks, channels = [], 1
        for shape in encoder_shapes(features, strides):
            blocks.append(ResidualBlock(channels, shape))
            channels = shape.channels
        self.feat_extractor = nn.Sequential(*blocks)

    def forward(self, audio: Tensor) -> Tensor:
        """audio: (N, S) at 16 kHz. Returns (N, T, features)."""
        return self.feat_extractor(audio[:, None]).transpose(1, 2)

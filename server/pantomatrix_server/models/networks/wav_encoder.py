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


def encoder_shapes(features: int) -> tuple[BlockShape, ...]:
    """The published stack: 16 kHz in, 16000 / 1080 = 14.8 frames a second out.

    features: channels of the last block; the first ones have a quarter and a half of it.
    """
    quarter, half, same = features // 4, features // 2, _KERNEL // 2
    return (
        BlockShape(quarter, 5, 1600, downsample=True),
        BlockShape(quarter, 6, 0, downsample=True),
        BlockShape(quarter, 1, same, downsample=False),
        BlockShape(half, 6, 0, downsample=True),
        BlockShape(half, 1, same, downsample=False),
        BlockShape(features, 6, 0, downsample=True),
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
    """Mono speech to features."""

    def __init__(self, features: int) -> None:
        super().__init__()
        blocks, channels = [], 1
        for shape in encoder_shapes(features):
            blocks.append(ResidualBlock(channels, shape))
            channels = shape.channels
        self.feat_extractor = nn.Sequential(*blocks)

    def forward(self, audio: Tensor) -> Tensor:
        """audio: (N, S) at 16 kHz. Returns (N, T, features), T = `encoder_frames(S)`."""
        return self.feat_extractor(audio[:, None]).transpose(1, 2)


def encoder_frames(samples: int) -> int:
    """Frames that the encoder makes of so many samples."""
    frames = samples
    for shape in encoder_shapes(4):
        frames = (frames + 2 * shape.padding - _KERNEL) // shape.stride + 1
    return frames

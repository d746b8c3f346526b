"""EMAGE's motion codes: a convolutional encoder and decoder around a codebook (van den Oord et al., NeurIPS 2017), and
the same without a codebook for global motion. Stride 1: one code a frame."""

from __future__ import annotations

from torch import Tensor, nn

from ..network_config import VqConfig

_SLOPE = 0.2


def _convolution(channels_in: int, channels_out: int) -> nn.Conv1d:
    return nn.Conv1d(channels_in, channels_out, kernel_size=3, padding=1)


class ResidualConvolutions(nn.Module):
    """Two convolutions added to what goes in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.model = nn.Sequential(
            _convolution(channels, channels), nn.LeakyReLU(_SLOPE), _convolution(channels, channels)
        )

    def forward(self, signal: Tensor) -> Tensor:
        """signal: (N, C, T). Returns the same shape."""
        return signal + self.model(signal)


class MotionEncoder(nn.Module):
    """Frames to latents."""

    def __init__(self, config: VqConfig) -> None:
        super().__init__()
        modules: list[nn.Module] = []
        channels = config.vae_test_dim
        for _ in range(config.vae_layer):
            modules += [
                _convolution(channels, config.vae_length),
                nn.LeakyReLU(_SLOPE),
                ResidualConvolutions(config.vae_length),
            ]
            channels = config.vae_length
        self.main = nn.Sequential(*modules)

    def forward(self, motion: Tensor) -> Tensor:
        """motion: (N, T, motion). Returns (N, T, latent)."""
        return self.main(motion.transpose(1, 2)).transpose(1, 2)


class MotionDecoder(nn.Module):
    """Latents to frames."""

    def __init__(self, config: VqConfig) -> None:
        super().__init__()
        modules: list[nn.Module] = [ResidualConvolutions(config.vae_length), ResidualConvolutions(config.vae_length)]
        for layer in range(config.vae_layer):
            last = layer == config.vae_layer - 1
            channels = config.vae_test_dim if last else config.vae_length
            modules += [_convolution(config.vae_length, channels), nn.LeakyReLU(_SLOPE)]
        self.main = nn.Sequential(*modules, _convolution(config.vae_test_dim, config.vae_test_dim))

    def forward(self, latents: Tensor) -> Tensor:
        """latents: (N, T, latent). Returns (N, T, motion)."""
        return self.main(latents.transpose(1, 2)).transpose(1, 2)


class Codebook(nn.Module):
    """Latents to the nearest code."""

    def __init__(self, codes: int, latent: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(codes, latent)

    def nearest(self, latents: Tensor) -> Tensor:
        """Index of the code with the smallest squared distance. latents: (..., latent). Returns (...)."""
        codes = self.embedding.weight
        distances = latents.square().sum(dim=-1, keepdim=True) - 2 * latents @ codes.T + codes.square().sum(dim=-1)
        return distances.argmin(dim=-1)


class MotionVq(nn.Module):
    """A part of the body as one code a frame."""

    def __init__(self, config: VqConfig) -> None:
        super().__init__()
        self.encoder = MotionEncoder(config)
        self.quantizer = Codebook(config.vae_codebook_size, config.vae_length)
        self.decoder = MotionDecoder(config)

    def encode(self, motion: Tensor) -> Tensor:
        """motion: (N, T, motion). Returns codes (N, T)."""
        return self.quantizer.nearest(self.encoder(motion))

    def decode(self, codes: Tensor) -> Tensor:
        """codes: (N, T). Returns (N, T, motion)."""
        return self.decoder(self.quantizer.embedding(codes))


class MotionAutoEncoder(nn.Module):
    """Global motion: encoder and decoder without a codebook."""

    def __init__(self, config: VqConfig) -> None:
        super().__init__()
        self.encoder = MotionEncoder(config)
        self.decoder = MotionDecoder(config)

    def forward(self, motion: Tensor) -> Tensor:
        """motion: (N, T, motion). Returns the same shape."""
        return self.decoder(self.encoder(motion))


def motion_model(config: VqConfig) -> MotionVq | MotionAutoEncoder:
    """The kind that a configuration stands for."""
    return MotionVq(config) if config.vae_codebook_size else MotionAutoEncoder(config)

"""When the frames of CaMN and DisCo are: what networks are trained to and served by."""

from __future__ import annotations

SAMPLES_PER_FRAME = 1080
"""The strides of the encoder, multiplied: 14.8 frames a second."""
FIRST_CENTRE = -88
"""The network's frame k is centred on sample 1080 k - 88: its encoder pads once and not in every block."""


def encoder_frames(samples: int) -> int:
    """How many frames the encoder makes of these samples; see networks/wav_encoder.py."""
    frames = (samples + 3200 - 15) // 5 + 1
    for _ in range(3):
        frames = (frames - 15) // 6 + 1
    return frames


def samples_for(frames: int, samples: int) -> int:
    """The number of samples, or more if the encoder needs more to make this number of frames."""
    short = frames - encoder_frames(samples)
    return samples + SAMPLES_PER_FRAME * max(0, short)

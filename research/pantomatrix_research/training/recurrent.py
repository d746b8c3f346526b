"""CaMN and DisCo (Liu et al., ECCV and ACM MM 2022), audio only."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from pantomatrix_converters.network_layout import joint_groups
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.network_config import RecurrentConfig
from pantomatrix_models.recurrent.camn import CamnNetwork
from pantomatrix_models.recurrent.clock import FIRST_CENTRE, SAMPLES_PER_FRAME
from pantomatrix_models.recurrent.disco import DiscoNetwork

from ..datasets.windows import TrainingWindows
from .batch import Batch, sixd_from_axis_angle
from .clusters import balanced
from .losses import acceleration, geodesic, velocity
from .recipe import Recipe
from .settings import Settings

_FPS = 30.0


class RecurrentRecipe(Recipe):
    """What both share. The first `seed_frames` are known, as in the middle of a stream."""

    network_type: type

    def __init__(self, settings: Settings, speakers: int) -> None:
        super().__init__(settings, speakers)
        settings.network["speaker_dims"] = speakers
        self._config: RecurrentConfig = self.sizes(RecurrentConfig)
        self.network = self.network_type(self._config)

    def losses(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        """See Recipe."""
        target = own_frames(sixd_from_axis_angle(batch.poses[:, :, list(joint_groups()["local_upper"])]).flatten(2))
        made = self.network(batch.audio, batch.speaker, target)
        frames = min(made.shape[1], target.shape[1])
        made, target = made[:, :frames], target[:, :frames]
        return {
            "rotation": geodesic(made, target),
            "velocity": velocity(made, target),
            "acceleration": acceleration(made, target),
        }

    def config(self) -> dict[str, Any]:
        """See Recipe."""
        names = {"pose_fps": 15, "pose_rep": "smplx", "audio_rep": "wave16k", "joint_mask": "local_upper"}
        return {**names, **asdict(self._config)}


class CamnRecipe(RecurrentRecipe):
    """See RecurrentRecipe."""

    model_type, network_type = "camn_audio", CamnNetwork


class DiscoRecipe(RecurrentRecipe):
    """See RecurrentRecipe; its windows are drawn from clusters of content and rhythm alike, see `clusters`."""

    model_type, network_type = "disco_audio", DiscoNetwork

    def drawn(self, windows: TrainingWindows) -> Tensor | None:
        """See Recipe."""
        options = self.settings.options
        draws = balanced(windows, options["contents"], options["rhythms"], self.settings.solver.seed)
        return torch.from_numpy(draws)


def own_frames(motion: Tensor) -> Tensor:
    """Motion at 30 frames a second at the network's own times (see recurrent/clock.py), between frames by a straight line:
    training to these times, served motion is in time.

    motion: (N, T, C). Returns (N, T', C).
    """
    frames = motion.shape[1]
    count = int((frames - 1) / _FPS * SAMPLE_RATE_HZ - FIRST_CENTRE) // SAMPLES_PER_FRAME + 1
    samples = torch.arange(count, device=motion.device, dtype=torch.float64) * SAMPLES_PER_FRAME + FIRST_CENTRE
    times = (samples / SAMPLE_RATE_HZ * _FPS).clamp(0, frames - 1)
    first = times.floor().long().clamp_max(max(0, frames - 2))
    share = (times - first).to(motion.dtype)[None, :, None]
    return motion[:, first] * (1 - share) + motion[:, (first + 1).clamp_max(frames - 1)] * share

"""EMAGE's audio model (Liu et al., CVPR 2024): masked motion and speech to the codes of four trained motion models."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_models.emage.codec import PARTS
from pantomatrix_models.emage.network import MOTION_CHANNELS, EmageNetwork
from pantomatrix_models.emage.vq import MotionVq
from pantomatrix_models.network_config import EmageConfig, VqConfig, configured, read_config
from pantomatrix_models.networks.checkpoint import fill, read_weights

from .batch import Batch, sixd_from_axis_angle
from .emage_codec import SIZES, parts_of, root_motion
from .recipe import Recipe
from .settings import Settings

_LEAST_MASKED = 0.05


class EmageRecipe(Recipe):
    """Three passes a step: joints hidden at random, with speech and without it; and all hidden but the first frames, with
    speech. The share that is hidden grows from 5 % to everything: the masked-motion curriculum.

    options.codecs: the folder of the five motion models' runs, or of a published emage_vq/.
    """

    model_type = "emage_audio"

    def __init__(self, settings: Settings, speakers: int) -> None:
        super().__init__(settings, speakers)
        settings.network["speaker_dims"] = speakers
        self._config: EmageConfig = self.sizes(EmageConfig)
        if settings.data.frames != self._config.pose_length:
            raise InvalidInputError(f"data.frames has to be network.pose_length, {self._config.pose_length}")
        self.network = EmageNetwork(self._config)
        self._codec_folders = {part: _codec_folder(settings, part) for part in SIZES}
        self._codecs = {part: _codec(self._codec_folders[part]) for part in PARTS}
        for part, codec in self._codecs.items():
            codes, size = codec.quantizer.embedding.weight.shape
            if (codes, size) != (self._config.vae_codebook_size, self._config.motion_f):
                raise InvalidInputError(f"the {part}'s model has {codes} codes of {size}, the network is for others")

    def losses(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        device = batch.audio.device
        with torch.no_grad():
            codes = {part: codec.to(device).encode(parts_of(batch)[part]) for part, codec in self._codecs.items()}
            latents = {part: codec.quantizer.embedding(codes[part]) for part, codec in self._codecs.items()}
            sixd = sixd_from_axis_angle(batch.poses).flatten(2)
            motion = torch.cat([sixd, root_motion(batch.trans), batch.contacts], dim=-1)
        hidden = self._mask(batch, _LEAST_MASKED + (1 - _LEAST_MASKED) * progress)
        seeded = self._mask(batch, 1.0)
        found: dict[str, Tensor] = {}
        for mask, hears in ((hidden, True), (hidden, False), (seeded, True)):
            made = self.network(batch.audio, batch.speaker, motion, mask, use_audio=hears)
            for part in PARTS:
                _add(found, f"latent_{part}", F.mse_loss(made.latents[part], latents[part]))
                _add(found, f"class_{part}", F.cross_entropy(made.logits[part].flatten(0, 1), codes[part].flatten()))
        return found

    def _mask(self, batch: Batch, share: float) -> Tensor:
        """(N, T, 337), 1 where motion is hidden: whole joints, and the root with its contacts as one. The first frames are
        never."""
        joints = (torch.rand(*batch.poses.shape[:3], device=batch.audio.device) < share).float()
        root = (torch.rand(*batch.poses.shape[:2], 1, device=batch.audio.device) < share).float()
        mask = torch.cat([joints.repeat_interleave(6, dim=-1), root.expand(-1, -1, MOTION_CHANNELS - 330)], dim=-1)
        mask[:, : self._config.seed_frames] = 0
        return mask

    def config(self) -> dict[str, Any]:
        return {"pose_fps": 30, "pose_rep": "smplx", "audio_rep": "wave16k", "audio_sr": 16000, **asdict(self._config)}

    def export(self, folder: Path) -> None:
        """With the five models under emage_vq/."""
        super().export(folder)
        for part, source in self._codec_folders.items():
            target = folder / "emage_vq" / part
            target.mkdir(parents=True, exist_ok=True)
            for path in source.iterdir():
                if path.name in ("config.json", "model.safetensors", "pytorch_model.bin"):
                    shutil.copy(path, target)


def _add(found: dict[str, Tensor], name: str, loss: Tensor) -> None:
    found[name] = found[name] + loss if name in found else loss


def _codec_folder(settings: Settings, part: str) -> Path:
    place = settings.options.get("codecs")
    if not place:
        raise InvalidInputError("options.codecs=FOLDER is needed: where the five motion models were trained to")
    for folder in (Path(place) / part / "best", Path(place) / part):
        if (folder / "config.json").is_file():
            return folder
    raise InvalidInputError(f"{place}: no trained {part}; pantomatrix train emage_vq_{part} -o {place}/{part}")


def _codec(folder: Path) -> MotionVq:
    network = MotionVq(configured(VqConfig, read_config(folder), str(folder)))
    fill(network, read_weights(folder), str(folder))
    return network.eval().requires_grad_(False)

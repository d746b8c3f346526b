"""EMAGE's five motion models (Liu et al., CVPR 2024): a VQ-VAE for face, upper body, hands and lower body, an auto-encoder
for global motion."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from pantomatrix_server.models.network_config import VqConfig
from pantomatrix_server.models.networks.emage_codec import split_parts
from pantomatrix_server.models.networks.vq import MotionVq, motion_model

from .batch import Batch, sixd_from_axis_angle
from .losses import acceleration, geodesic, velocity
from .recipe import Recipe
from .settings import Settings

_FPS = 30.0
SIXD = {"face": 6, "upper": 78, "hands": 180, "lower": 54, "global": 54}
"""How many of a part's numbers are rotations; the rest are expressions, or translation (3) and contacts (4)."""
SIZES = {"face": 106, "upper": 78, "hands": 180, "lower": 61, "global": 61}


class CodecRecipe(Recipe):
    """One of the five. part: see `split_parts`; "global" is the lower body once more."""

    part: ClassVar[str]

    def __init__(self, settings: Settings, speakers: int) -> None:
        super().__init__(settings, speakers)
        settings.network["vae_test_dim"] = SIZES[self.part]
        self._config: VqConfig = self.sizes(VqConfig)
        self.model_type = "emage_vqvaeconv" if self._config.vae_codebook_size else "emage_vaeconv"
        self._model = self.network = motion_model(self._config)
        if isinstance(self._model, MotionVq):
            codes = self._config.vae_codebook_size
            nn.init.uniform_(self._model.quantizer.embedding.weight, -1 / codes, 1 / codes)

    def losses(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        target, turns = parts_of(batch)["lower" if self.part == "global" else self.part], SIXD[self.part]
        latents = self._model.encoder(target)
        found = {}
        decoded = latents
        if isinstance(self._model, MotionVq):
            quantizer = self._model.quantizer
            codes = quantizer.embedding(quantizer.nearest(latents))
            # Gradients pass from the codes to the latents as if there were no codes.
            decoded = latents + (codes - latents).detach()
            found["codes"] = F.mse_loss(codes, latents.detach())
            found["commitment"] = F.mse_loss(latents, codes.detach())
        made = self._model.decoder(decoded)
        found["rotation"] = geodesic(made[..., :turns], target[..., :turns])
        found["velocity"], found["acceleration"] = velocity(made, target), acceleration(made, target)
        if self.part == "face":
            found["expression"] = F.l1_loss(made[..., turns:], target[..., turns:])
        if self.part in ("lower", "global"):
            found["translation"] = F.l1_loss(made[..., turns : turns + 3], target[..., turns : turns + 3])
            found["contact"] = F.mse_loss(made[..., turns + 3 :], target[..., turns + 3 :])
        return found

    def config(self) -> dict[str, Any]:
        sizes = asdict(self._config)
        return (
            sizes
            if self._config.vae_codebook_size
            else {key: sizes[key] for key in sizes if key != "vae_codebook_size"}
        )


def _of(part: str) -> type[CodecRecipe]:
    return type(f"{part.title()}Recipe", (CodecRecipe,), {"part": part, "__doc__": f"The {part}'s."})


CODEC_RECIPES = {f"emage_vq_{part}": _of(part) for part in SIZES}


def parts_of(batch: Batch) -> dict[str, Tensor]:
    """Each part's (N, T, size). The root goes as velocity along x, place along y, velocity along z, as EMAGE is served."""
    sixd = sixd_from_axis_angle(batch.poses)
    return split_parts(sixd, batch.expressions, root_motion(batch.trans), batch.contacts)


def root_motion(trans: Tensor) -> Tensor:
    """(N, T, 3) metres to metres a second along x and z, metres along y; the last velocity is the one before."""
    steps = trans.diff(dim=1) * _FPS
    steps = torch.cat([steps, steps[:, -1:]], dim=1)
    return torch.stack([steps[..., 0], trans[..., 1], steps[..., 2]], dim=-1)

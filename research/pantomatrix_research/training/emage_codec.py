"""EMAGE's five motion models (Liu et al., CVPR 2024): a VQ-VAE for face, upper body, hands and lower body, an auto-encoder
for global motion."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, distributed

from pantomatrix_models.emage.codec import split_parts
from pantomatrix_models.emage.vq import MotionVq, motion_model
from pantomatrix_models.network_config import VqConfig

from .batch import Batch, sixd_from_axis_angle
from .losses import acceleration, geodesic, velocity
from .recipe import Recipe
from .settings import Settings

_FPS = 30.0
_REVIVED_SHARE = 0.8
"""Of the training; after it the codes settle."""
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

    def before_step(self, batch: Batch, step: int) -> None:
        """Codes that nothing is near to become latents of this batch: at first all of them, later every `options.revive`
        steps those that it does not use (Dhariwal et al., "Jukebox", 2020); so that not all latents end at one code."""
        revive, steps = self.settings.options.get("revive", 0), self.settings.solver.steps
        if not isinstance(self._model, MotionVq) or not revive or step % revive or step > _REVIVED_SHARE * steps:
            return
        codes = self._model.quantizer.embedding.weight
        latents = self._model.encoder(self._target(batch)).flatten(0, 1)
        used = torch.bincount(self._model.quantizer.nearest(latents), minlength=len(codes)) > 0
        chosen = latents[torch.randint(len(latents), (len(codes),), device=latents.device)]
        codes.copy_(chosen if step == 0 else torch.where(used[:, None], codes, chosen))
        if distributed.is_initialized():
            distributed.broadcast(codes, 0)

    def _target(self, batch: Batch) -> Tensor:
        return parts_of(batch)["lower" if self.part == "global" else self.part]

    def losses(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        target, turns = self._target(batch), SIXD[self.part]
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
        """See Recipe; published auto-encoders do not speak of codes."""
        return {key: size for key, size in asdict(self._config).items() if size}

    def load(self, folder: Path) -> None:
        """See Recipe. An audio model may know its codes: none is brought back to life."""
        super().load(folder)
        self.settings.options["revive"] = 0


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

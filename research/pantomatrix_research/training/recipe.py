"""What the trainer asks of something that can be trained."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.files.atomic_file import written_atomically
from pantomatrix_models.network_config import configured, read_config
from pantomatrix_models.networks.checkpoint import fill, read_weights

from ..datasets.windows import TrainingWindows
from .batch import Batch
from .settings import Settings

_NOT_SIZES = ("model_type", "name_pyfile", "class_name", "speaker_dims")


def sizes_of(folder: Path) -> dict[str, Any]:
    """What a checkpoint's config.json says of its network. Raises CheckpointError."""
    config = read_config(folder)
    return {name: value for name, value in config.items() if name not in _NOT_SIZES and isinstance(value, int | float)}


class Recipe(ABC):
    """A network, its losses, and how it is published. model_type: of config.json."""

    model_type: str
    network: nn.Module

    def __init__(self, settings: Settings, speakers: int) -> None:
        self.settings, self.speakers = settings, speakers

    @abstractmethod
    def losses(self, batch: Batch, progress: float) -> dict[str, Tensor]:
        """By name, unweighted. progress: of the training, 0 to 1."""

    def before_step(self, batch: Batch, step: int) -> None:  # noqa: B027 most recipes have nothing to do here
        """Called before each step, without gradients, in every process; what it changes has to be the same in all of them."""

    @abstractmethod
    def config(self) -> dict[str, Any]:
        """config.json in the published layout."""

    def total(self, losses: Mapping[str, Tensor]) -> Tensor:
        """The weighted sum; a loss without a weight does not count. Raises InvalidInputError for a weight without a loss."""
        weights = self.settings.losses
        valid = ", ".join(sorted(losses))
        for name in weights:
            if name not in losses:
                raise InvalidInputError(f"losses.{name}: no such loss (valid: {valid})")
        if not any(weights.values()):
            raise InvalidInputError(f"every loss has weight 0 (valid: {valid})")
        return torch.stack([losses[name] * weights[name] for name in losses if weights.get(name)]).sum()

    def load(self, folder: Path) -> None:
        """Weights to start from: a checkpoint in the published layout. Raises CheckpointError."""
        fill(self.network, read_weights(folder), str(folder))

    def export(self, folder: Path) -> None:
        """config.json and model.safetensors."""
        folder.mkdir(parents=True, exist_ok=True)
        weights = {key: value.detach().cpu().contiguous() for key, value in self.network.state_dict().items()}
        with written_atomically(folder / "model.safetensors", replace=True) as path:
            path.write_bytes(save(weights))
        with written_atomically(folder / "config.json", replace=True) as path:
            path.write_text(json.dumps({"model_type": self.model_type, **self.config()}, indent=1))

    def drawn(self, windows: TrainingWindows) -> Tensor | None:
        """(len(windows),) how often each window is drawn, relative to the others; None for each once in turn."""
        return None

    def sizes(self, kind: type) -> Any:
        """The network's configuration. Raises CheckpointError naming a wrong size."""
        return configured(kind, self.settings.network, "network")

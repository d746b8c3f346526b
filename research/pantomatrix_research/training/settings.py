"""What a training is told: a YAML file for each recipe, every value of which can be given on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from pantomatrix_converters.errors import InvalidInputError, UnknownNameError


@dataclass
class DataSettings:
    """frames, stride: of windows, at 30 frames a second. speakers: numbers, none for all. workers: processes that read."""

    frames: int = 64
    stride: int = 20
    speakers: list[int] = field(default_factory=list)
    mirrored: bool = False
    workers: int = 0


@dataclass
class SolverSettings:
    """steps: of the optimiser. batch: windows a step, over all processes. clip: largest norm of gradients, 0 for none.
    warmup: steps from 0 to the learning rate; then a cosine to `final` of it. amp: bfloat16 where the network computes."""

    steps: int = 100_000
    batch: int = 64
    learning_rate: float = 3e-4
    betas: list[float] = field(default_factory=lambda: [0.9, 0.999])
    weight_decay: float = 0.0
    warmup: int = 0
    final: float = 1.0
    clip: float = 1.0
    amp: bool = False
    seed: int = 0


@dataclass
class Settings:
    """recipe: a name of `RECIPES`. network: sizes, as config.json has them; what is not said is as published. losses:
    weights. options: what only this recipe knows. log, validate, save: after how many steps, again and again."""

    recipe: str = ""
    network: dict[str, Any] = field(default_factory=dict)
    losses: dict[str, float] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    data: DataSettings = field(default_factory=DataSettings)
    solver: SolverSettings = field(default_factory=SolverSettings)
    log: int = 50
    validate: int = 1000
    save: int = 1000


def recipe_names() -> tuple[str, ...]:
    """Those that come with a configuration."""
    return tuple(
        sorted(path.name.removesuffix(".yaml") for path in _configs().iterdir() if path.name.endswith(".yaml"))
    )


def load_settings(recipe: str, config: Path | None = None, overrides: Sequence[str] = ()) -> Settings:
    """The recipe's defaults, then a file's values, then `key=value`s as `solver.steps=2000`.

    Raises UnknownNameError, InvalidInputError naming the key.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    if recipe not in recipe_names():
        raise UnknownNameError("recipe", recipe, recipe_names())
    where = f"{recipe}.yaml"
    try:
        merged = OmegaConf.merge(OmegaConf.structured(Settings), OmegaConf.create((_configs() / where).read_text()))
        if config is not None:
            where = str(config)
            merged = OmegaConf.merge(merged, OmegaConf.create(config.read_text(encoding="utf-8")))
        for override in overrides:
            where = override
            if "=" not in override:
                raise InvalidInputError(f"{override!r}: expected key=value, as solver.steps=2000")
            merged = OmegaConf.merge(merged, OmegaConf.from_dotlist([override]))
        settings = OmegaConf.to_object(merged)
    except OSError as error:
        raise InvalidInputError(f"{config}: {error.strerror}") from None
    except (OmegaConfBaseException, YAMLError) as error:
        raise InvalidInputError(f"{where}: {str(error).splitlines()[0]}") from None
    assert isinstance(settings, Settings)
    settings.recipe = recipe
    for name in ("frames", "stride"):
        if getattr(settings.data, name) < 1:
            raise InvalidInputError(f"data.{name}: {getattr(settings.data, name)}, expected 1 or more")
    if settings.solver.batch < 1 or settings.solver.steps < 1:
        raise InvalidInputError("solver.batch and solver.steps have to be 1 or more")
    return settings


def as_yaml(settings: Settings) -> str:
    """To run it again."""
    from omegaconf import OmegaConf

    return OmegaConf.to_yaml(OmegaConf.structured(settings))


def _configs():
    return resources.files("pantomatrix_research.training") / "configs"

"""Models behind one registry. A new one is a new module and a line in `_NETWORKS`, or beside `builtin`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pantomatrix_converters.errors import InvalidInputError, UnknownNameError

from .errors import CheckpointError, NotReadyError
from .model import ModelInfo, MotionModel

if TYPE_CHECKING:
    from .pretrained import PretrainedModel

DEFAULT_MODEL = "builtin"


def _camn() -> type[PretrainedModel]:
    from .recurrent.model import Camn

    return Camn


def _disco() -> type[PretrainedModel]:
    from .recurrent.model import Disco

    return Disco


def _emage() -> type[PretrainedModel]:
    from .emage.model import Emage

    return Emage


_NETWORKS: Mapping[str, Callable[[], type[PretrainedModel]]] = {"camn": _camn, "disco": _disco, "emage": _emage}
MODEL_NAMES = (DEFAULT_MODEL, *_NETWORKS)


class ModelRegistry:
    """The models of one process, each loaded once when it is first asked for.

    places: of networks, by the name to serve them under: a checkpoint's folder, or a repository on the hub; empty for what
    `pantomatrix models fetch` has brought. device, precision: see PretrainedModel.from_pretrained. on_demand: whether a model
    is loaded when it is first asked for; if not, only by `load`.
    """

    def __init__(
        self,
        places: Mapping[str, str] | None = None,
        device: str = "auto",
        precision: str = "fp32",
        *,
        on_demand: bool = True,
    ) -> None:
        self._places, self._device, self._precision = dict(places or {}), device, precision
        self._on_demand = on_demand
        self._loaded: dict[str, MotionModel] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Of the models that are served, the default first."""
        return (DEFAULT_MODEL, *(name for name in self._places if name != DEFAULT_MODEL))

    def get(self, name: str) -> MotionModel:
        """The model of that name; empty for the default. Raises UnknownNameError, NotReadyError, CheckpointError,
        StartError."""
        name = name or DEFAULT_MODEL
        if name not in self.names:
            raise UnknownNameError("model", name, self.names)
        if name not in self._loaded:
            if not self._on_demand:
                raise NotReadyError(f"model {name!r} is being loaded; come back in a moment")
            self.load(name)
        return self._loaded[name]

    def load(self, name: str, tried: Callable[[MotionModel], None] = lambda model: None) -> None:
        """Load a model, or reload it: who has the former one keeps it, and so do all if the new one cannot be
        loaded or `tried` raises. Raises CheckpointError, StartError, and what `tried` raises."""
        model = self._load(name)
        tried(model)
        self._loaded[name] = model

    def all(self) -> list[MotionModel]:
        """Every model, the default first. Raises what `get` raises."""
        return [self.get(name) for name in self.names]

    def _load(self, name: str) -> MotionModel:
        if name == DEFAULT_MODEL:
            from .builtin.model import BuiltinModel

            return BuiltinModel()
        from .weights import PUBLISHED

        place = self._places[name] or (PUBLISHED[name].repository if name in PUBLISHED else "")
        if not place:
            if Path(name).exists():
                raise InvalidInputError(f"{name} is a path; give it a name before it, such as emage={name}")
            raise UnknownNameError("model", name, MODEL_NAMES)
        network = _NETWORKS[name if name in _NETWORKS else _kind(place)]()
        return network.from_pretrained(place, name=name, device=self._device, precision=self._precision)


def _kind(place: str) -> str:
    """What a checkpoint of another name is, by its config.json. Raises CheckpointError."""
    from .network_config import read_config
    from .weights import find

    kind = str(read_config(find(place)).get("model_type", "")).removesuffix("_audio")
    if kind not in _NETWORKS:
        raise CheckpointError(
            f"{place}: 'model_type' in config.json is {kind!r}, expected one of {', '.join(_NETWORKS)}"
        )
    return kind


def model_info(name: str) -> ModelInfo:
    """What a model of MODEL_NAMES can do, without its weights."""
    if name == DEFAULT_MODEL:
        from .builtin.model import BuiltinModel

        return BuiltinModel.info
    return _NETWORKS[name]().describe(name, 1)


def named_place(text: str) -> tuple[str, str]:
    """ "emage=PATH" to name and place; a name alone has an empty place."""
    name, _, place = text.partition("=")
    return name.strip(), place.strip()

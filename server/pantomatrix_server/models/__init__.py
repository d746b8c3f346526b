"""Models behind one registry. A new one is a new module and a line in LOADERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pantomatrix_converters.errors import UnknownNameError

from .model import MotionModel


def _load_builtin() -> MotionModel:
    from .builtin.model import BuiltinModel

    return BuiltinModel()


DEFAULT_MODEL = "builtin"
LOADERS: Mapping[str, Callable[[], MotionModel]] = {DEFAULT_MODEL: _load_builtin}


class ModelRegistry:
    """The models of one process, each loaded once when it is first asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, MotionModel] = {}

    def get(self, name: str) -> MotionModel:
        """The model of that name; empty for the default. Raises UnknownNameError."""
        name = name or DEFAULT_MODEL
        if name not in LOADERS:
            raise UnknownNameError("model", name, LOADERS)
        if name not in self._loaded:
            self._loaded[name] = LOADERS[name]()
        return self._loaded[name]

    def all(self) -> list[MotionModel]:
        """Every model, the default first."""
        return [self.get(name) for name in LOADERS]

"""Speech in, motion out, from Python.

    import pantomatrix as pm

    motion = pm.generate("speech.wav", skeleton="ue5_manny")
    pm.save(motion, "speech.glb")

Nothing heavy is imported until it is used: this module takes a few milliseconds. A name whose packages are not installed
raises ImportError with the command that installs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._install import imported

if TYPE_CHECKING:
    from pantomatrix_client import AsyncClient, Client
    from pantomatrix_client.options import Options
    from pantomatrix_converters.face.flame_arkit import ArkitMatrix
    from pantomatrix_converters.motion import FaceCurves, Motion
    from pantomatrix_converters.skeleton import Skeleton
    from pantomatrix_converters.version import __version__
    from pantomatrix_models.constraints import PoseConstraint
    from pantomatrix_models.emage.model import Emage
    from pantomatrix_models.model import ModelInfo
    from pantomatrix_models.recurrent.model import Camn, Disco

    from . import errors
    from ._files import convert, load, save
    from ._generate import generate, models
    from ._live import LiveStream, live
    from ._timed_text import read_timed_text

__all__ = [
    "ArkitMatrix", "AsyncClient", "Camn", "Client", "Disco", "Emage", "FaceCurves", "LiveStream", "ModelInfo", "Motion",
    "Options", "PoseConstraint", "Skeleton", "__version__", "convert", "errors", "generate", "live", "load", "models",
    "read_timed_text", "save",
]  # fmt: skip

_HOMES = {
    "ArkitMatrix": "pantomatrix_converters.face.flame_arkit",
    "AsyncClient": "pantomatrix_client",
    "Camn": "pantomatrix_models.recurrent.model",
    "Client": "pantomatrix_client",
    "Disco": "pantomatrix_models.recurrent.model",
    "Emage": "pantomatrix_models.emage.model",
    "FaceCurves": "pantomatrix_converters.motion",
    "LiveStream": "pantomatrix._live",
    "ModelInfo": "pantomatrix_models.model",
    "Motion": "pantomatrix_converters.motion",
    "Options": "pantomatrix_client.options",
    "PoseConstraint": "pantomatrix_models.constraints",
    "Skeleton": "pantomatrix_converters.skeleton",
    "__version__": "pantomatrix_converters.version",
    "convert": "pantomatrix._files",
    "generate": "pantomatrix._generate",
    "live": "pantomatrix._live",
    "load": "pantomatrix._files",
    "models": "pantomatrix._generate",
    "read_timed_text": "pantomatrix._timed_text",
    "save": "pantomatrix._files",
}
"""Name -> the module that has it."""


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module("pantomatrix.errors")
    if name not in _HOMES:
        raise AttributeError(f"module 'pantomatrix' has no attribute {name!r}")
    value = imported(name, _HOMES[name])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

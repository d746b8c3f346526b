"""Modules that are imported when they are first used, and what to install for those that are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_BROUGHT_BY = {
    ".": ("pantomatrix_converters", "pantomatrix_models", "safetensors", "soundfile", "soxr"),
    "./engine_clients/python": ("google", "grpc", "numpy", "pantomatrix_client"),
    ".[models]": ("huggingface_hub", "onnx", "onnxruntime", "torch"),
    ".[research]": ("librosa", "omegaconf", "praatio", "scipy"),
    ".[server]": (
        "connectrpc", "grpc_health", "grpc_reflection", "prometheus_client", "pydantic", "pydantic_settings", "starlette",
        "uvicorn", "websockets",
    ),
    ".[video]": ("av", "cv2"),
}  # fmt: skip
"""What pip is asked for in the project's folder -> the modules that it brings."""


def install_command(error: ModuleNotFoundError) -> str | None:
    """The command that installs what is missing; None for a module that is not in the table."""
    missing = (error.name or "").split(".")[0]
    wanted = next((name for name, modules in _BROUGHT_BY.items() if missing in modules), None)
    return wanted and f'pip install "{wanted}" in the project\'s folder'


def imported(name: str, module: str) -> Any:
    """`name` of `module`. Raises ImportError with the command that installs what is missing."""
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        command = install_command(error)
        if command is None:
            raise
        missing = (error.name or "").split(".")[0]
        raise ImportError(f"pantomatrix.{name} needs the package {missing}: {command}", name=missing) from None

"""The log as TensorBoard shows it; needs the package tensorboard."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pantomatrix_converters.errors import InvalidInputError


class TensorboardLog:
    """Takes lines of log.jsonl, until it is closed."""

    def __init__(self, folder: Path) -> None:
        """folder: for event files."""
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder))

    def __enter__(self) -> TensorboardLog:
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.close()

    @staticmethod
    def check_installed() -> None:
        """Raises InvalidInputError without the package."""
        if find_spec("tensorboard") is None:
            raise InvalidInputError("--tensorboard needs more: pip install tensorboard")

    def __call__(self, line: dict[str, Any]) -> None:
        values = line.get("validation") or {name: value for name, value in line.items() if name != "step"}
        group = "validation" if "validation" in line else "training"
        for name, value in values.items():
            self._writer.add_scalar(f"{group}/{name}", value, line["step"])
        self._writer.flush()

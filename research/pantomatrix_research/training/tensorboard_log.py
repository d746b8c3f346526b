"""The log as TensorBoard shows it; needs the package tensorboard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pantomatrix_converters.errors import InvalidInputError


class TensorboardLog:
    """Takes lines of log.jsonl."""

    def __init__(self, folder: Path) -> None:
        """folder: for event files. Raises InvalidInputError without the package."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise InvalidInputError("--tensorboard needs more: pip install tensorboard") from None
        self._writer = SummaryWriter(str(folder))

    def __call__(self, line: dict[str, Any]) -> None:
        values = line.get("validation") or {name: value for name, value in line.items() if name != "step"}
        group = "validation" if "validation" in line else "training"
        for name, value in values.items():
            self._writer.add_scalar(f"{group}/{name}", value, line["step"])
        self._writer.flush()

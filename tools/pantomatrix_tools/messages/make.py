"""python -m pantomatrix_tools.messages.make FOLDER: the contract's messages in C#, in place of those that are there."""

from __future__ import annotations

import sys
from pathlib import Path

from . import csharp
from .contract import read

PROTO = Path(__file__).resolve().parents[3] / "proto"


def write(folder: Path, buf: str = "buf") -> None:
    """The files that are no longer made go, with the .meta files that Unity keeps beside them."""
    made = csharp.sources(read(PROTO, buf))
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.cs"):
        if path.name not in made:
            path.unlink()
            path.with_name(f"{path.name}.meta").unlink(missing_ok=True)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *sys.argv[2:])

"""Scenarios that mostly wait for real time to pass, some of them at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_AT_A_TIME = 3


def all_together(scenarios: Mapping[str, Callable[[Path], T]], folder: Path) -> dict[str, Future[T]]:
    """What each comes to, or its error; all have ended. Each has a folder of its own."""

    def in_own_folder(name: str) -> T:
        own = folder / name.replace(" ", "_").replace("%", "percent")
        own.mkdir()
        return scenarios[name](own)

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        return {name: pool.submit(in_own_folder, name) for name in scenarios}

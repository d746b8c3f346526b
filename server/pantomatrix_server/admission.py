"""Who may compute now: so many at once, so many waiting, the others told when to come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import OverloadedError

_RETRY_AFTER_SECONDS = 1.0


class Admission:
    """Counts work of one event loop."""

    def __init__(self, running: int, waiting: int, what: str = "clips are being computed") -> None:
        self._what = what
        self._free = asyncio.Semaphore(running)
        self._running_limit, self._waiting_limit = running, waiting
        self._inside = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[float]:
        """A place to compute in. Yields the seconds that were waited for it. Raises OverloadedError at once if full."""
        if self._inside >= self._running_limit + self._waiting_limit:
            raise OverloadedError(
                f"{self._running_limit} {self._what} and {self._waiting_limit} are waiting; "
                f"come back in {_RETRY_AFTER_SECONDS:g} s",
                _RETRY_AFTER_SECONDS,
            )
        self._inside += 1
        started = time.monotonic()
        try:
            async with self._free:
                yield time.monotonic() - started
        finally:
            self._inside -= 1

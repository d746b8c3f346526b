"""Who may compute now: a limit on what runs, a limit on what waits; the others are told when to come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ..errors import OverloadedError

_RETRY_AFTER_SECONDS = 1.0


class Admission:
    """Counts work of one event loop."""

    def __init__(
        self,
        running: int,
        waiting: int,
        what: str = "clips are being computed",
        error: type[OverloadedError] = OverloadedError,
        inside: Callable[[int], None] = lambda change: None,
    ) -> None:
        """what: is running, for people. error: what the others get. inside: told how many come (1) and go (-1)."""
        self._what, self._error, self._tell = what, error, inside
        self._free = asyncio.Semaphore(running)
        self._running_limit, self._waiting_limit = running, waiting
        self._inside = 0

    @property
    def takes_none(self) -> bool:
        """Whether nothing is ever admitted."""
        return self._running_limit + self._waiting_limit == 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[float]:
        """A place to compute in. Yields the seconds that were waited for it. Raises OverloadedError at once if full."""
        if self._inside >= self._running_limit + self._waiting_limit:
            raise self._error(
                f"{self._running_limit} {self._what} and {self._waiting_limit} are waiting; "
                f"come back in {_RETRY_AFTER_SECONDS:g} s",
                _RETRY_AFTER_SECONDS,
            )
        self._inside += 1
        self._tell(1)
        started = time.monotonic()
        try:
            async with self._free:
                yield time.monotonic() - started
        finally:
            self._inside -= 1
            self._tell(-1)

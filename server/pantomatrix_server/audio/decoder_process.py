"""Decoding in a process of its own, which a damaged or malicious file may bring down without harm to the server."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ..errors import AudioError
from .decode import decode_file
from .speech import Speech


class DecoderProcesses:
    """A pool of decoder processes. Not for more than one event loop."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._count, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_interrupt
        )

    async def warm_up(self) -> None:
        """Start the processes, so that the first caller does not wait for it."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._pool, _started) for _ in range(self._count)))

    async def decode(self, data: bytes, max_seconds: float, expected_sample_rate_hz: int) -> Speech:
        """`decode_file` in another process. Raises what it raises, and AudioError if the file kills the decoder twice."""
        loop = asyncio.get_running_loop()
        for _ in range(2):
            pool = self._pool
            try:
                return await loop.run_in_executor(pool, decode_file, data, max_seconds, "", expected_sample_rate_hz)
            except BrokenProcessPool:
                if pool is self._pool:
                    self._pool = self._new_pool()
                pool.shutdown(wait=False)
        raise AudioError("the audio file is damaged: the decoder failed on it")

    def shutdown(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _started() -> None:
    pass


def _ignore_interrupt() -> None:
    """Ctrl-C in a terminal goes to the whole group; the server ends its decoders itself."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)

"""What live streams want of one model, computed together: many take numpy and networks little longer than one."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from pantomatrix_converters.motion import Motion
from pantomatrix_models.model import MotionModel, Push
from pantomatrix_models.stepping import advance

from . import metrics

T = TypeVar("T")


@dataclass(eq=False)
class _Wanted:
    begin: Callable[[], Push]
    finish: Callable[[Motion], Any]
    answer: asyncio.Future
    since: float
    outcome: Any = None
    error: Exception | None = None


class Batcher:
    """A thread for one model. While it computes a batch, the next one gathers; the sessions that came first are in it, and a
    stream has one step at a time, so none starves another.

    most: steps in a batch. wait_seconds: how long a batch may wait until every stream has its step in it.
    """

    def __init__(self, model: MotionModel, most: int, wait_seconds: float) -> None:
        self._model, self._most, self._wait = model, most, wait_seconds
        self._wanted: deque[_Wanted] = deque()
        self.streams = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"batches-{model.info.name}")
        self._full = asyncio.Event()
        self._running: asyncio.Task | None = None

    @contextmanager
    def stream(self) -> Iterator[None]:
        """As long as a stream may want steps."""
        self.streams += 1
        try:
            yield
        finally:
            self.streams -= 1

    async def run(self, begin: Callable[[], Push], finish: Callable[[Motion], T]) -> T:
        """One step of one stream. begin: makes the push; finish: makes the outcome of its frames; both run in that thread.
        Raises what `begin`, the model and `finish` raise."""
        wanted = _Wanted(begin, finish, asyncio.get_running_loop().create_future(), time.monotonic())
        self._wanted.append(wanted)
        if self._is_full:
            self._full.set()
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await wanted.answer

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._wanted:
                await self._gather()
                batch = [self._wanted.popleft() for _ in range(min(self._most, len(self._wanted)))]
                batch = [wanted for wanted in batch if not wanted.answer.cancelled()]
                if batch:
                    await loop.run_in_executor(self._thread, self._compute, batch)
                for wanted in batch:
                    _answer(wanted)
        finally:
            self._running = None

    async def _gather(self) -> None:
        left = self._wanted[0].since + self._wait - time.monotonic()
        self._full.clear()
        if left > 0 and not self._is_full:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._full.wait()

    @property
    def _is_full(self) -> bool:
        return len(self._wanted) >= min(self._most, self.streams)

    def _compute(self, batch: Sequence[_Wanted]) -> None:
        begun = []
        for wanted in batch:
            try:
                begun.append((wanted, wanted.begin()))
            except Exception as error:  # it is the caller's, who raises it
                wanted.error = error
        if not begun:
            return
        name, started = self._model.info.name, time.monotonic()
        try:
            with metrics.model_errors_counted():
                motions = advance(self._model, [push for _, push in begun])
        except Exception as error:
            for wanted, _ in begun:
                wanted.error = error
            return
        metrics.BATCH_SIZE.labels(name).observe(len(begun))
        metrics.BATCH_SECONDS.labels(name).observe(time.monotonic() - started)
        for wanted, _ in begun:
            metrics.QUEUE_SECONDS.labels(name).observe(started - wanted.since)
        for (wanted, _), motion in zip(begun, motions, strict=True):
            try:
                wanted.outcome = wanted.finish(motion)
            except Exception as error:
                wanted.error = error

    def shutdown(self) -> None:
        """Compute no more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _answer(wanted: _Wanted) -> None:
    if wanted.answer.cancelled():
        return
    if wanted.error is not None:
        wanted.answer.set_exception(wanted.error)
    else:
        wanted.answer.set_result(wanted.outcome)

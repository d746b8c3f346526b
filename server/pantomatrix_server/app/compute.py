"""Threads and processes that compute, so that the event loop never does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from pantomatrix_models.model import MotionModel

from . import metrics
from .admission import Admission
from .batching import Batcher
from .decoder_process import DecoderProcesses
from .limits import Limits

P = ParamSpec("P")
R = TypeVar("R")


class Compute:
    """Where work is done, shared by all calls. clips, streams: who may compute now."""

    def __init__(self, limits: Limits) -> None:
        self.clips = Admission(limits.max_concurrent_clips, limits.max_queued_clips, inside=metrics.CLIPS.inc)
        self.streams = Admission(limits.max_streams, 0, "streams are open", inside=metrics.STREAMS.inc)
        self.decoders = DecoderProcesses(limits.decoder_processes)
        self._limits = limits
        self._batchers: dict[MotionModel, Batcher] = {}
        self._threads = ThreadPoolExecutor(limits.max_concurrent_clips, thread_name_prefix="compute")

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function in a compute thread."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, partial(_counted, partial(function, *args, **kwargs))
        )

    @contextmanager
    def batcher(self, model: MotionModel) -> Iterator[Batcher]:
        """What computes the steps of the model's live sessions, for one of them. It is given up with the last: a model which
        another one has replaced is not kept."""
        if model not in self._batchers:
            self._batchers[model] = Batcher(model, self._limits.batch_size, self._limits.batch_wait_seconds)
        batcher = self._batchers[model]
        try:
            with batcher.stream():
                yield batcher
        finally:
            if not batcher.streams:
                del self._batchers[model]
                batcher.shutdown()

    def shutdown(self) -> None:
        """End all; what still computes ends after its current piece."""
        for batcher in self._batchers.values():
            batcher.shutdown()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.decoders.shutdown()


def _counted(function: Callable[[], R]) -> R:
    with metrics.model_errors_counted():
        return function()

"""Several server processes on the same ports: the kernel spreads connections over them, and one that dies is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator

from prometheus_client.multiprocess import mark_process_dead

from pantomatrix_models.errors import StartError

from ..addresses import written
from ..settings import Settings
from .serve import Listening, check_network, check_preview

log = logging.getLogger("pantomatrix")

_LONGEST_PAUSE_SECONDS = 10.0
"""Before a process is replaced that died soon after it had started."""
_LIVED_SECONDS = 30.0


async def supervise(settings: Settings, on_ready: Callable[[Listening], None]) -> None:
    """Run `settings.workers` server processes until SIGTERM or SIGINT.

    on_ready: called when all of them answer. Raises StartError if one of them cannot start.
    """
    if sys.platform != "linux":
        raise StartError("workers > 1 needs Linux, whose kernel spreads connections over processes")
    check_network(settings)
    check_preview(settings)
    with contextlib.ExitStack() as kept:
        ports = [
            port if port is None else kept.enter_context(_reserved(settings.host, port))
            for port in (settings.port, settings.web_port)
        ]
        folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="pantomatrix-metrics-"))
        fixed = settings.model_copy(update={"port": ports[0], "web_port": ports[1]})
        workers = [_Worker(number, fixed, folder) for number in range(settings.workers)]
        stop = _forwarding(workers)
        try:
            await asyncio.gather(*(worker.start() for worker in workers))
            running = [asyncio.create_task(worker.keep(stop)) for worker in workers]
            on_ready(Listening(*("" if port is None else written(settings.host, port) for port in ports)))
            await stop.wait()
            log.info("draining: no new calls, running ones have %g s", settings.drain_seconds)
            await asyncio.wait(running, timeout=settings.drain_seconds + 5)
        finally:
            for worker in workers:
                worker.kill()


class _Worker:
    """One process and its successors."""

    def __init__(self, number: int, settings: Settings, metrics_folder: str) -> None:
        self._number, self._settings, self._folder = number, settings, metrics_folder
        self._process: asyncio.subprocess.Process | None = None
        self._started = 0.0

    async def start(self) -> None:
        """Returns when it answers. Raises StartError if it ends before."""
        self._started = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "pantomatrix_server.process.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": self._folder},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(self._settings.model_dump_json().encode() + b"\n")
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.drain()
        if await self._process.stdout.readline() != b"ready\n":
            await self._process.wait()
            raise StartError(f"server process {self._number} could not start; its error is above")
        log.info("server process %d answers (pid %d)", self._number, self._process.pid)

    async def keep(self, stop: asyncio.Event) -> None:
        """Replace it when it dies, until `stop`."""
        pause = 0.1
        while True:
            assert self._process is not None
            code, pid = await self._process.wait(), self._process.pid
            mark_process_dead(pid, self._folder)
            if stop.is_set():
                return
            pause = 0.1 if time.monotonic() - self._started > _LIVED_SECONDS else min(2 * pause, _LONGEST_PAUSE_SECONDS)
            log.warning("server process %d (pid %d) has ended with %s; another one starts", self._number, pid, code)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await stop.wait()
                    return
            with contextlib.suppress(StartError):
                await self.start()

    def send(self, number: int) -> None:
        """A signal, if it lives."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def kill(self) -> None:
        """At once."""
        self.send(signal.SIGKILL)


@contextlib.contextmanager
def _reserved(host: str, port: int) -> Iterator[int]:
    """A port that nobody else takes between two processes; 0 for a free one. Raises StartError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as held:
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind((host, port))
        except OSError as error:
            raise StartError(f"cannot listen on {written(host, port)}: {error.strerror}") from None
        yield held.getsockname()[1]


def _forwarding(workers: list[_Worker]) -> asyncio.Event:
    """SIGTERM, SIGINT and SIGHUP go to all processes. Returns what is set when they are to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def forward(number: int) -> None:
        if number != signal.SIGHUP:
            stop.set()
        for worker in workers:
            worker.send(signal.SIGHUP if number == signal.SIGHUP else signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, forward, number)
    return stop

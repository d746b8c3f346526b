"""Decoding in processes of its own, which a damaged or malicious file may bring down without harm to the server.

Parent and child speak in plain bytes and JSON, so that a child under a stranger's control can send nothing that runs here.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from typing import Any

import numpy as np

from pantomatrix_converters.errors import InvalidInputError, LimitError
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import Speech
from pantomatrix_models.errors import AudioError

_ERRORS = {error.__name__: error for error in (AudioError, LimitError)}
_ATTEMPTS = 2
"""A file is given to a second process if the first dies, since something else may have killed that one."""
_SECONDS_PER_FILE = 120.0
"""Ten minutes of audio take about a second to decode: what takes so long has no end."""
_MEMORY_BYTES = 6 << 30
"""That a process may write to, where the system can hold it to that."""


class DecoderProcesses:
    """A fixed number of decoders, each a process and a thread that waits for it. Not for more than one event loop."""

    def __init__(self, count: int) -> None:
        self._decoders = [_Decoder() for _ in range(count)]
        self._idle: asyncio.Queue[_Decoder] = asyncio.Queue()
        for decoder in self._decoders:
            self._idle.put_nowait(decoder)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="decode")

    async def warm_up(self) -> None:
        """Start the processes, so that the first caller does not wait for it."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, decoder.start) for decoder in self._decoders))

    async def decode(self, data: bytes, max_seconds: float, expected_sample_rate_hz: int) -> Speech:
        """`decode_file` in another process. Raises what it raises, and AudioError if the file kills the decoder twice."""
        decoder = await self._idle.get()
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, decoder.decode, data, max_seconds, expected_sample_rate_hz
        )
        work.add_done_callback(lambda _: self._idle.put_nowait(decoder))
        return await asyncio.shield(work)

    def shutdown(self) -> None:
        """End the processes."""
        for decoder in self._decoders:
            decoder.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Decoder:
    """One process; started again when it has died."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._connection: Any = None  # Connection, or PipeConnection on Windows

    def start(self) -> Any:
        """The way to a living process."""
        if self._process is None or not self._process.is_alive() or self._connection is None:
            self.stop()
            self._connection, theirs = multiprocessing.Pipe()
            context = multiprocessing.get_context("spawn")
            process = context.Process(target=_serve, args=(theirs,), daemon=True, name="pantomatrix-decoder")
            process.start()
            self._process = process
            theirs.close()
        return self._connection

    def decode(self, data: bytes, max_seconds: float, expected_sample_rate_hz: int) -> Speech:
        """Blocks. Raises AudioError, LimitError."""
        for _ in range(_ATTEMPTS):
            try:
                connection = self.start()
                connection.send_bytes(json.dumps([max_seconds, expected_sample_rate_hz]).encode())
                connection.send_bytes(data)
                if not connection.poll(_SECONDS_PER_FILE):
                    self.stop()
                    raise AudioError(f"the audio file is damaged: it takes more than {_SECONDS_PER_FILE:g} s to decode")
                answer = json.loads(connection.recv_bytes())
                samples = np.frombuffer(connection.recv_bytes(), np.float32)
            except (EOFError, OSError):
                self.stop()
                continue
            if "error" in answer:
                error = _ERRORS[answer["error"]](answer["message"])
                if isinstance(error, InvalidInputError):
                    error.field = answer["field"]
                raise error
            return Speech(samples, tuple(answer["notes"]))
        raise AudioError("the audio file is damaged: the decoder failed on it")

    def stop(self) -> None:
        """End the process, whatever it does; nothing of it is left."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None


def _serve(connection: Any) -> None:
    """The child: decodes until the parent goes away. Ctrl-C in a terminal reaches it too and is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if find_spec("resource") is not None:  # not on Windows
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = _MEMORY_BYTES if most == resource.RLIM_INFINITY else min(_MEMORY_BYTES, most)
        with suppress(OSError, ValueError):  # systems that know the limit and do not take it
            resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    while True:
        try:
            max_seconds, expected_sample_rate_hz = json.loads(connection.recv_bytes())
            data = connection.recv_bytes()
        except EOFError:
            return
        samples = np.zeros(0, np.float32)
        try:
            speech = decode_file(data, max_seconds, expected_sample_rate_hz=expected_sample_rate_hz)
            answer, samples = {"notes": speech.notes}, speech.samples
        except (AudioError, LimitError) as error:
            field = error.field if isinstance(error, AudioError) else ""
            answer = {"error": type(error).__name__, "message": str(error), "field": field}
        connection.send_bytes(json.dumps(answer).encode())
        connection.send_bytes(samples.data.cast("B") if len(samples) else b"")

"""A relay between a client and a server whose line is uneven: what comes waits up to so long before it goes on, in order."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def jittery_relay(address: str, most_seconds: float) -> Iterator[str]:
    """The address of the relay in front of the one given."""
    host, _, port = address.rpartition(":")
    loop = asyncio.new_event_loop()
    waits = random.Random(1)
    lines: list[asyncio.StreamWriter] = []

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Like a line: what came earlier arrives earlier, and the next does not wait for it to be sent."""
        arrival = loop.time()
        with suppress(ConnectionError):
            while data := await reader.read(1 << 16):
                arrival = max(arrival + 1e-6, loop.time() + waits.uniform(0, most_seconds))
                loop.call_at(arrival, writer.write, data)
        loop.call_at(arrival + 1e-6, writer.close)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        lines.extend((writer, far_writer))
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))

    server = loop.run_until_complete(asyncio.start_server(accept, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def end() -> None:
        server.close()
        for line in lines:
            line.transport.abort()
        await asyncio.gather(*asyncio.all_tasks() - {asyncio.current_task()}, return_exceptions=True)
        loop.stop()

    try:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop)
        thread.join()
        loop.close()

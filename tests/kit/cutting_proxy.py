"""A proxy that cuts what a server answers."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_ABORT = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing resets the connection."""


@contextmanager
def cutting_proxy(address: str, cuts: Sequence[tuple[int, bool]]) -> Iterator[str]:
    """The address of a proxy in front of the one given. cuts: of each connection, in their order, how many bytes of the answer
    it lets through, and whether it then resets the connection; else it closes it as if all was said."""
    host, _, port = address.rpartition(":")
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for most, resets in cuts:
            client, _ = listener.accept()
            with client, socket.create_connection((host, int(port))) as server:
                asks = threading.Thread(target=_carry, args=(client, server))
                asks.start()
                left = most
                while left > 0 and (data := server.recv(min(left, 1 << 16))):
                    client.sendall(data)
                    left -= len(data)
                if resets:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
                # Whoever still reads is woken, else the connection would outlive its closing.
                client.shutdown(socket.SHUT_RD if resets else socket.SHUT_RDWR)
                server.shutdown(socket.SHUT_RDWR)
                asks.join()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join()
        listener.close()


def _carry(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        return  # one of the two was cut

"""Where the servers are, and channels to them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc

_SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{"service": "pantomatrix.v1.MotionService"}, {"service": "pantomatrix.v1.CatalogService"}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.2s",
                "maxBackoff": "3s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
_CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # A network that is gone is noticed within 12 s; without this only when the system gives up sending.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 2_000),
]
_PATIENT = [("grpc.service_config", json.dumps(_SERVICE_CONFIG))]
_FRESH = [("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0)]
_TO_OPEN_SECONDS = 2.0
_THIS_MACHINE = ("localhost", "127.", "[::1]", "::1", "unix:")


@dataclass(frozen=True)
class Servers:
    """addresses: "host:port" each, at least one; the rest as in Client."""

    addresses: tuple[str, ...]
    token: str
    tls: bool | str | Path
    identity: tuple[str | Path, str | Path] | None

    @classmethod
    def at(
        cls,
        address: str | Sequence[str],
        token: str,
        tls: bool | str | Path,
        identity: tuple[str | Path, str | Path] | None,
    ) -> Servers:
        """One or several. Raises ValueError for anything else."""
        addresses = (address,) if isinstance(address, str) else tuple(address)
        if not addresses or not all(isinstance(one, str) and one for one in addresses):
            raise ValueError(f"address is {address!r}, expected 'host:port' or several of them")
        return cls(addresses, token, tls, identity)

    def open_seconds(self, address: str, most_seconds: float) -> float:
        """How long a stream waits for this server to answer; of several all but the last have less time."""
        return most_seconds if address == self.addresses[-1] else min(_TO_OPEN_SECONDS, most_seconds)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Of every call."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()

    def channel(self, library: Any, address: str, *, fresh: bool = False) -> Any:
        """library: grpc or grpc.aio. fresh: by a connection of its own, which fails at once where nobody answers."""
        # A proxy of the network's does not know this machine's own addresses.
        proxy = ("grpc.enable_http_proxy", int(not address.startswith(_THIS_MACHINE)))
        options = [*_CHANNEL_OPTIONS, *(_FRESH if fresh else _PATIENT), proxy]
        if not self.tls:
            return library.insecure_channel(address, options=options)
        root = None if self.tls is True else Path(self.tls).read_bytes()
        certificate, key = (Path(path).read_bytes() for path in self.identity) if self.identity else (None, None)
        credentials = grpc.ssl_channel_credentials(root, key, certificate)
        return library.secure_channel(address, credentials, options=options)

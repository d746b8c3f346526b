"""Who may call: bearer tokens, of which the server knows only hashes.

The file is TOML, a table a token, made by `pantomatrix token`:

    [studio-a]
    sha256 = "9f86d081..."
    max_streams = 8         # optional: live streams at once
    max_clips = 2           # optional: clips and conversions at once
    models = ["builtin"]    # optional: the models it may use
    metrics = true          # optional: may read /metrics
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pantomatrix_models.errors import StartError

from .app.admission import Admission
from .errors import NotAllowedError, OverloadedError, QuotaError, UnauthenticatedError
from .toml_file import read_toml

_MOST_FAILURES, _FAILURES_SECONDS = 20, 60.0
_MOST_PEERS = 10_000
_UNLIMITED = 1 << 30


class _Entry(BaseModel):
    """One token in the file."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    max_streams: int = Field(_UNLIMITED, ge=0)
    max_clips: int = Field(_UNLIMITED, ge=0)
    models: tuple[str, ...] | None = None
    metrics: bool = False


@dataclass(frozen=True, eq=False)
class Caller:
    """Who calls, and what is allowed. models: None for all. metrics: whether they may be read."""

    name: str
    streams: Admission
    clips: Admission
    models: tuple[str, ...] | None = None
    metrics: bool = False

    @classmethod
    def limited(
        cls,
        name: str,
        max_streams: int = _UNLIMITED,
        max_clips: int = _UNLIMITED,
        models: tuple[str, ...] | None = None,
        metrics: bool = False,
    ) -> Caller:
        """With so much at once."""
        streams = Admission(max_streams, 0, f"streams are open with the token of {name!r}", QuotaError)
        clips = Admission(max_clips, 0, f"clips are under way with the token of {name!r}", QuotaError)
        return cls(name, streams, clips, models, metrics)

    def check_model(self, model: str) -> None:
        """Raises NotAllowedError."""
        if self.models is not None and model not in self.models:
            raise NotAllowedError(f"this token does not allow model {model!r} (allowed: {', '.join(self.models)})")

    def check_metrics(self) -> None:
        """Raises NotAllowedError."""
        if not self.metrics:
            raise NotAllowedError(
                "this token does not allow metrics; `pantomatrix token NAME --metrics` makes one that does"
            )


ANYONE = Caller.limited("")
"""Where no tokens are asked for."""

caller: ContextVar[Caller] = ContextVar("caller", default=ANYONE)
"""Who made the call that the current task serves."""


@asynccontextmanager
async def within_quota(streams: bool = False) -> AsyncIterator[None]:
    """A place within what the caller may have at once. Raises QuotaError."""
    who = caller.get()
    async with (who.streams if streams else who.clips).place():
        yield


class Tokens:
    """The tokens of a file. Raises StartError naming file and entry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self.reload()

    def reload(self) -> None:
        """Read the file again; calls under way continue. Raises StartError, and then all stays as it was."""
        self._callers = {
            entry.sha256: Caller.limited(name, entry.max_streams, entry.max_clips, entry.models, entry.metrics)
            for name, entry in _entries(self._path).items()
        }

    def caller(self, authorization: str, peer: str) -> Caller:
        """Whose token this is. authorization: "Bearer TOKEN"; peer: where the call comes from, whose failures are counted.

        Raises UnauthenticatedError, OverloadedError after too many failures.
        """
        self._check_failures(peer)
        scheme, _, token = authorization.partition(" ")
        digest = hashlib.sha256(token.strip().encode()).hexdigest()
        found = [who for known, who in self._callers.items() if hmac.compare_digest(known, digest)]
        if scheme.lower() == "bearer" and found:
            return found[0]
        self._count_failure(peer)
        raise UnauthenticatedError(
            "this token is not known" if authorization else "a token is needed: authorization: Bearer TOKEN"
        )

    def _check_failures(self, peer: str) -> None:
        failures = self._failures.get(peer)
        while failures and failures[0] < time.monotonic() - _FAILURES_SECONDS:
            failures.popleft()
        if failures and len(failures) >= _MOST_FAILURES:
            wait = failures[0] + _FAILURES_SECONDS - time.monotonic()
            raise OverloadedError(f"too many wrong tokens; come back in {wait:.0f} s", wait)

    def _count_failure(self, peer: str) -> None:
        self._failures.setdefault(peer, deque(maxlen=_MOST_FAILURES)).append(time.monotonic())
        self._failures.move_to_end(peer)
        while len(self._failures) > _MOST_PEERS:
            self._failures.popitem(last=False)


def new_token() -> tuple[str, str]:
    """A token, and its hash for the file."""
    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def _entries(path: Path) -> dict[str, _Entry]:
    tables = read_toml(path)
    if not tables:
        raise StartError(f"{path}: no token in it; `pantomatrix token NAME` makes one")
    entries = {}
    for name, table in tables.items():
        try:
            entries[name] = _Entry.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([name, *map(str, first["loc"])])
            raise StartError(f"{path}: {where}: {first['msg']}") from None
    return entries

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
import tomllib
from collections import OrderedDict, deque
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pantomatrix_models.errors import StartError

from ..app.callers import UNLIMITED, Caller
from ..errors import OverloadedError, UnauthenticatedError

_MOST_FAILURES, _FAILURES_SECONDS = 20, 60.0
_MOST_PEERS = 10_000


class _Entry(BaseModel):
    """One token in the file."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    max_streams: int = Field(UNLIMITED, ge=0)
    max_clips: int = Field(UNLIMITED, ge=0)
    models: tuple[str, ...] | None = None
    metrics: bool = False


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
    tables = _read(path)
    if not tables:
        raise StartError(f"{path}: no token in it; `pantomatrix token NAME` makes one")
    entries = {}
    for name, table in tables.items():
        try:
            entries[name] = _Entry.model_validate(table)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join([name, *map(str, first["loc"])])
            if first["type"] == "model_type":
                raise StartError(f"{path}: {name} is not a table, expected [NAME] and below it sha256 = ...") from None
            raise StartError(f"{path}: {where}: {first['msg']}") from None
    return entries


def _read(path: Path) -> dict[str, Any]:
    """Raises StartError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartError(f"{path}: no valid TOML ({error})") from None

"""Who calls, and what a caller may have at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ..errors import NotAllowedError, QuotaError
from .admission import Admission

UNLIMITED = 1 << 30


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
        max_streams: int = UNLIMITED,
        max_clips: int = UNLIMITED,
        models: tuple[str, ...] | None = None,
        metrics: bool = False,
    ) -> Caller:
        """A caller with these limits."""
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
    """A place within what the caller may have at once. Raises QuotaError, NotAllowedError."""
    who = caller.get()
    quota = who.streams if streams else who.clips
    if quota.takes_none:
        raise NotAllowedError(f"the token of {who.name!r} allows no {'live streams' if streams else 'clips'}")
    async with quota.place():
        yield

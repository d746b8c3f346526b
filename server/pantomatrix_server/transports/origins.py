"""Which web pages may call, by the origin that browsers name."""

from __future__ import annotations

import re
from collections.abc import Sequence

LOCAL_ORIGINS = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""Web pages of this machine, which may always call."""


def may_call(origin: str | None, others: Sequence[str]) -> bool:
    """Whether a page of this origin may. None: not a page. others: origins beside those of this machine."""
    return origin is None or origin in others or LOCAL_ORIGINS.fullmatch(origin) is not None

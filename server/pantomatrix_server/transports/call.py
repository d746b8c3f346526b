"""What every call has, by whatever transport: an id, a caller, a log line, a place in the metrics, a status at its end."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Mapping
from contextvars import ContextVar

from google.rpc import code_pb2, status_pb2

from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_models.errors import ModelError

from .. import metrics
from ..tokens import ANYONE, Tokens, caller
from ..traces import begin_span
from .status import STATUS_CODES, internal_status, status_of

log = logging.getLogger("pantomatrix")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the call that the current task serves."""


class Call:
    """One call from its beginning to its end.

    method: "package.Service/Method"; peer: the caller's address without port; headers: or metadata, by lower-case
    names.
    """

    def __init__(self, method: str, peer: str, headers: Mapping[str, str]) -> None:
        self.method, self._peer = method, peer
        self.id = uuid.uuid4().hex[:16]
        self._started = time.monotonic()
        self._end_span = begin_span(method, self.id, headers)
        request_id.set(self.id)
        caller.set(ANYONE)

    def authenticate(self, tokens: Tokens | None, authorization: str) -> None:
        """Raises UnauthenticatedError, OverloadedError."""
        if tokens is not None:
            caller.set(tokens.caller(authorization, self._peer))

    def ended(self, error: BaseException | None) -> status_pb2.Status | None:
        """Log and count the call. Returns what the caller is to be told; None if it went well or the caller has gone."""
        status, level, text = None, logging.INFO, ""
        if error is None:
            code = "OK"
        elif isinstance(error, asyncio.CancelledError):
            code = "CANCELLED"
        elif isinstance(error, PantomatrixError):
            status = status_of(error, self.id)
            if isinstance(error, ModelError):
                metrics.NOT_FINITE.labels(error.model).inc()
            code, text = STATUS_CODES[type(error)].name, str(error)
        elif isinstance(error, MemoryError):
            status = status_pb2.Status(code=code_pb2.RESOURCE_EXHAUSTED, message="out of memory; come back later")
            code, level, text = "RESOURCE_EXHAUSTED", logging.WARNING, "out of memory"
        else:
            status, code, level = internal_status(self.id), "INTERNAL", logging.ERROR
        seconds = time.monotonic() - self._started
        self._end_span(code)
        metrics.CALLS.labels(self.method, code).inc()
        metrics.CALL_SECONDS.labels(self.method).observe(seconds)
        fields = {"request_id": self.id, "method": self.method, "code": code, "milliseconds": round(1000 * seconds)}
        if caller.get().name:
            fields["token"] = caller.get().name
        line = f"{self.method} {self.id} {1000 * seconds:.0f} ms {code}{': ' if text else ''}{text}"
        log.log(level, line, exc_info=error if code == "INTERNAL" else None, extra={"fields": fields})
        return status

"""The life of a call, the same for every transport: an id, a caller, a span, a log line, a place in the metrics, a status."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias

from google.rpc import code_pb2, status_pb2

from pantomatrix_converters.errors import PantomatrixError

from ..app import metrics
from ..app.callers import ANYONE, Caller, caller
from .status import STATUS_CODES, internal_status, status_of
from .traces import begin_span

log = logging.getLogger("pantomatrix")

Authorize: TypeAlias = Callable[[str, str], Caller]
"""From "Bearer TOKEN" and the peer's address to who calls. Raises UnauthenticatedError, OverloadedError."""

_LONGEST_ID = 128
_USABLE_ID = re.compile(r"[A-Za-z0-9._:/=+-]{1,128}")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the call that the current task serves."""


class CallFailed(Exception):  # noqa: N818
    """A call has ended with a status, which its transport sends in its own form. error: what ended the call."""

    def __init__(self, status: status_pb2.Status, request_id: str, error: BaseException) -> None:
        super().__init__(status.message)
        self.status, self.request_id, self.error = status, request_id, error


@contextmanager
def served_call(
    method: str, peer: str, headers: Mapping[str, str], authorize: Authorize | None = None, authorization: str = ""
) -> Iterator[str]:
    """Everything from a call's first moment to its log line, around the code that answers it. Yields its id.

    How the block may end is the same for all transports:

    - Without an error: OK.
    - With an error of ours: the status that `status.STATUS_CODES` has for it. With MemoryError: RESOURCE_EXHAUSTED. With any
      other Exception, which is a bug: INTERNAL with the call's id; only the log has the rest. In these three cases CallFailed
      is raised in place of the error. The transport sends its status and lets no error pass.
    - Cancelled (CancelledError), or closed before its end (GeneratorExit): the caller has left, its deadline has passed, or
      the server stops. Counted as CANCELLED, raised again as it is, and nothing is sent. A transport that learns in another
      way that its caller has left raises CancelledError inside the block.
    - With KeyboardInterrupt or SystemExit: as a bug, and raised again.

    Parameters
    ----------
    method : str
        "package.Service/Method".
    peer : str
        The caller's address without its port, after the transport's name.
    headers : Mapping[str, str]
        Or metadata, by lower-case names. The caller's span (`traceparent`) and its own id of the call (`x-request-id`) are
        taken from them.
    authorize : Authorize, optional
        Who calls, by what `authorization` says; without it anyone may call.

    Raises
    ------
    CallFailed
        See above.
    """
    call = _Call(method, _id_of(headers), time.monotonic(), headers.get("traceparent", "")[:_LONGEST_ID])
    end_span = begin_span(method, call.id, headers)
    request_id.set(call.id)
    caller.set(ANYONE)
    outcome = _OK
    try:
        if authorize is not None:
            caller.set(authorize(authorization, peer))
        yield call.id
    except BaseException as error:
        outcome = _outcome(error, call.id)
        if outcome.status is None or not isinstance(error, Exception):
            raise
        raise CallFailed(outcome.status, call.id, error) from error
    finally:
        end_span(outcome.code)
        call.report(outcome)


def _id_of(headers: Mapping[str, str]) -> str:
    """The caller's, if it is one that a line of the log can hold; else one of ours."""
    given = headers.get("x-request-id", "")
    return given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex[:16]


@dataclass(frozen=True)
class _Outcome:
    """code: a status' name. status: None if nothing is to be sent. text: for the log. bug: with its traceback."""

    code: str
    status: status_pb2.Status | None = None
    text: str = ""
    level: int = logging.INFO
    bug: BaseException | None = None


_OK = _Outcome("OK")


def _outcome(error: BaseException, request_id: str) -> _Outcome:
    if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
        return _Outcome("CANCELLED")
    if isinstance(error, PantomatrixError):
        return _Outcome(STATUS_CODES[type(error)].name, status_of(error, request_id), str(error))
    if isinstance(error, MemoryError):
        status = status_pb2.Status(code=code_pb2.RESOURCE_EXHAUSTED, message="out of memory; come back later")
        return _Outcome("RESOURCE_EXHAUSTED", status, "out of memory", logging.WARNING)
    return _Outcome("INTERNAL", internal_status(request_id), level=logging.ERROR, bug=error)


@dataclass(frozen=True)
class _Call:
    method: str
    id: str
    started: float
    traceparent: str

    def report(self, outcome: _Outcome) -> None:
        """To the log and the metrics."""
        seconds = time.monotonic() - self.started
        metrics.CALLS.labels(self.method, outcome.code).inc()
        metrics.CALL_SECONDS.labels(self.method).observe(seconds)
        fields: dict[str, str | int] = {"request_id": self.id, "method": self.method, "code": outcome.code}
        fields["milliseconds"] = round(1000 * seconds)
        if self.traceparent:
            fields["traceparent"] = self.traceparent
        if caller.get().name:
            fields["token"] = caller.get().name
        text = f": {outcome.text}" if outcome.text else ""
        line = f"{self.method} {self.id} {1000 * seconds:.0f} ms {outcome.code}{text}"
        log.log(outcome.level, line, exc_info=outcome.bug, extra={"fields": fields})

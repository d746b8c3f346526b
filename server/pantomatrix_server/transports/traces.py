"""OpenTelemetry: a span of every call; OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME and so on configure where they go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pantomatrix_models.errors import StartError

_tracer: Any = None


def set_up_traces() -> None:
    """From now on calls make spans. Raises StartError without the packages of the extra `traces`."""
    global _tracer
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise StartError(f'traces need {error.name}: pip install ".[traces]" in the project\'s folder') from None
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = provider.get_tracer("pantomatrix")


def begin_span(method: str, request_id: str, carrier: Mapping[str, str]) -> Callable[[str], None]:
    """A span within the caller's, if `carrier` (metadata or headers) names one. Returns what ends it with a status' name."""
    if _tracer is None:
        return lambda code: None
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind, Status, StatusCode

    attributes = {"rpc.system": "grpc", "pantomatrix.request_id": request_id}
    span = _tracer.start_span(method, extract(dict(carrier)), SpanKind.SERVER, attributes)

    def end(code: str) -> None:
        span.set_attribute("rpc.grpc.status", code)
        span.set_status(Status(StatusCode.OK if code == "OK" else StatusCode.ERROR))
        span.end()

    return end

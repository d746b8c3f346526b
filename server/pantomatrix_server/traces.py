"""OpenTelemetry traces of gRPC calls; OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME and so on configure them."""

from __future__ import annotations

from .errors import StartError


def server_interceptor():
    """An interceptor that makes a span of every call. Raises StartError without the packages of the extra `traces`."""
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.grpc import aio_server_interceptor
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise StartError(f"traces need more packages: pip install 'pantomatrix[traces]' ({error.name})") from None
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return aio_server_interceptor(tracer_provider=provider)

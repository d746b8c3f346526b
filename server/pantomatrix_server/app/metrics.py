"""What is counted and measured, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram

from pantomatrix_models.errors import ModelError

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300)

CALLS = Counter("pantomatrix_calls", "Calls that have ended, by method and status.", ["method", "code"])
CALL_SECONDS = Histogram("pantomatrix_call_seconds", "How long calls took.", ["method"], buckets=_SECONDS)
STREAMS = Gauge("pantomatrix_streams", "Live streams that are open.", multiprocess_mode="livesum")
CLIPS = Gauge("pantomatrix_clips", "Clips that are computed or wait.", multiprocess_mode="livesum")
FRAMES = Counter("pantomatrix_frames", "Frames sent.", ["model"])
AUDIO_SECONDS = Counter("pantomatrix_audio_seconds", "Seconds of audio heard.", ["model"])
QUEUE_SECONDS = Histogram(
    "pantomatrix_queue_seconds",
    "How long steps of streams and clips waited to be computed.",
    ["model"],
    buckets=_SECONDS,
)
BATCH_SIZE = Histogram(
    "pantomatrix_batch_size",
    "Steps of live streams computed together.",
    ["model"],
    buckets=(1, 2, 4, 8, 16, 32, 64, 128),
)
BATCH_SECONDS = Histogram("pantomatrix_batch_seconds", "How long a batch took to compute.", ["model"], buckets=_SECONDS)
REAL_TIME_FACTOR = Histogram(
    "pantomatrix_real_time_factor",
    "Computing time of clips and streams, by seconds of audio; above 1 is too slow for live.",
    ["model"],
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
)
NOT_FINITE = Counter("pantomatrix_not_finite", "Motions with NaN or infinity, which were not sent.", ["model"])


@contextmanager
def model_errors_counted() -> Iterator[None]:
    """Counts a ModelError of what runs inside: once for each time that a model ran, whatever number of calls it ran for."""
    try:
        yield
    except ModelError as error:
        NOT_FINITE.labels(error.model).inc()
        raise

"""Settings of the server: a TOML file, then environment variables (PANTOMATRIX_MAX_CLIP_SECONDS=60), then flags."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pantomatrix_models.errors import StartError

from .toml_file import read_toml

_PREVIEW_PORT = 8080


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix="PANTOMATRIX_", extra="forbid")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(50051, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    web_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port for HTTP: calls over WebSockets, Connect and gRPC-Web, /metrics, /healthz, /readyz and the "
        "preview; 0 takes a free one. Default: none, with the preview 8080.",
    )
    web_origins: list[str] = Field(
        [],
        description="Web pages that may call, as https://example.com, beside those of this machine.",
    )
    preview: bool = Field(
        False, description="Serve a page that shows motion at the web port, to browsers of this machine."
    )
    allow_network: bool = Field(
        False,
        description="Listen off loopback although TLS or tokens are missing. Only behind a proxy that has them.",
    )
    tls_certificate: Path | None = Field(None, description="TLS: the server's certificate chain, PEM.")
    tls_key: Path | None = Field(None, description="TLS: the certificate's key, PEM.")
    tls_client_ca: Path | None = Field(
        None, description="TLS: certificates that callers' have to be signed by, PEM. Default: callers need none."
    )
    tokens: Path | None = Field(None, description="TOML file of hashed tokens, one of which callers need.")
    workers: int = Field(1, ge=1, le=64, description="Server processes that share the ports; more than 1 needs Linux.")
    log_format: Literal["text", "json"] = Field("text", description="Log lines: text or json.")
    traces: bool = Field(False, description="Send OpenTelemetry traces; OTEL_* variables say where.")
    max_message_bytes: int = Field(64 << 20, ge=1 << 10, description="Largest request message, bytes.")
    max_clip_seconds: float = Field(600.0, gt=0, description="Longest clip of one request, seconds.")
    max_concurrent_clips: int = Field(
        default_factory=lambda: max(1, os.cpu_count() or 1), ge=1, description="Clips computed at once."
    )
    max_queued_clips: int = Field(16, ge=0, description="Clips that may wait for a worker; more are refused at once.")
    max_streams: int = Field(
        64, ge=0, description="Live streams at once in each server process; more are refused at once."
    )
    batch_size: int = Field(64, ge=1, description="Steps of live streams computed at once, of each model.")
    batch_wait_seconds: float = Field(
        0.01,
        ge=0,
        le=1,
        description="How long steps of live streams may wait until every stream of the model has one, seconds.",
    )
    max_convert_frames: int = Field(432_000, ge=1, description="Most frames in one conversion, before or after it.")
    max_convert_bytes: int = Field(512 << 20, ge=1 << 10, description="Most bytes that a file may unpack to.")
    models: dict[str, str] = Field(
        {}, description="Models to serve beside builtin: name -> folder or repository; empty: as fetched."
    )
    audio2face: str | None = Field(
        None,
        description="Name of the model that answers clients of NVIDIA's Audio2Face-3D, on the same port. Default: none.",
    )
    audio2face_skeleton: str = Field("", description="Skeleton of their joints. Default: the model's own.")
    device: str = Field("auto", description="What networks compute on: auto, cpu or cuda.")
    precision: str = Field("fp32", description="Of networks: fp32; int8 on CPUs; fp16 or bf16 on GPUs.")
    arkit_matrix: Path | None = Field(
        None, description="The BEAT2 authors' mat_final.npy, for faces between FLAME and ARKit."
    )
    arkit_deltas: Path | None = Field(None, description="In its place: ARKit's shapes as vertex deltas, .npz.")
    face_model: Path | None = Field(None, description="FLAME or SMPL-X as .npz, for arkit_deltas.")
    decoder_processes: int = Field(1, ge=1, description="Processes that decode audio files.")
    silent_caller_seconds: float = Field(
        30.0, gt=0, description="A live caller that says nothing for so long, first or in mid-utterance, is cut off."
    )
    reader_timeout_seconds: float = Field(10.0, gt=0, description="A caller that takes nothing for so long is cut off.")
    drain_seconds: float = Field(30.0, ge=0, description="How long running calls may go on after SIGTERM, seconds.")

    @model_validator(mode="after")
    def _preview_has_a_port(self) -> Self:
        if self.preview and self.web_port is None:
            self.web_port = _PREVIEW_PORT
        return self


def as_toml(settings: Settings) -> str:
    """All settings with what they mean, as a file that `load_settings` reads; those without a value are comments."""
    lines = ["# Environment variables (PANTOMATRIX_PORT=50051) and flags win over this file."]
    for name, field in Settings.model_fields.items():
        value = settings.model_dump(mode="json")[name]
        lines += ["", f"# {field.description}", f"# {name} =" if value is None else f"{name} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """JSON is TOML but for tables."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_toml(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(value, ensure_ascii=False)


def load_settings(config: Path | None, flags: dict[str, Any]) -> Settings:
    """Settings from a file, the environment and flags; later ones win. Flags that are None are not given.

    Raises StartError naming the file and the setting.
    """
    values: dict[str, Any] = {}
    if config is not None:
        values = read_toml(config)
        values = {key: value for key, value in values.items() if f"PANTOMATRIX_{key.upper()}" not in os.environ}
    values |= {key: value for key, value in flags.items() if value is not None}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise StartError(f"setting {setting!r}: {first['msg']}, got {first['input']!r}") from None

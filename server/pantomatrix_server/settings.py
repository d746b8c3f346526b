"""Settings of the server, by pydantic-settings.

Each is a line of a TOML file, an environment variable (PANTOMATRIX_MAX_CLIP_SECONDS=60) and a flag of `pantomatrix serve`.
Flags win over variables, variables over the file. Tables are merged: the `models` of all three are served.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticUndefined
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_models.errors import StartError

_PREFIX = "PANTOMATRIX_"
_OF_CLIENTS = frozenset({"PANTOMATRIX_TOKEN"})
"""Variables with the same prefix that clients read."""
_PREVIEW_PORT = 8080
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s,?#]+")


def _setting(panel: str, default: Any = PydanticUndefined, *, description: str, **limits: Any) -> Any:
    """panel: the heading under which people find it."""
    return Field(default, description=description, json_schema_extra={"panel": panel}, **limits)


def panel_of(name: str) -> str:
    """The heading under which a setting stands."""
    extra = Settings.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    return str(extra["panel"])


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="forbid")

    host: str = _setting("Network", "127.0.0.1", description="Address to listen on.")
    port: int = _setting("Network", 50051, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    web_port: int | None = _setting(
        "Network",
        None,
        ge=0,
        le=65535,
        description="Port for HTTP: calls over WebSockets, Connect and gRPC-Web, /metrics, /healthz, /readyz and the "
        "preview; 0 takes a free one. Default: none, with the preview 8080.",
    )
    web_origins: Annotated[list[str], NoDecode] = _setting(
        "Network",
        [],
        description="Web pages that may call, as https://example.com, beside those of this machine. Several with commas.",
    )
    preview: bool = _setting(
        "Network", False, description="Serve a page that shows motion at the web port, to browsers of this machine."
    )
    allow_network: bool = _setting(
        "Network",
        False,
        description="Listen off loopback although TLS or tokens are missing. Only behind a proxy that has them.",
    )
    tls_certificate: Path | None = _setting("Network", None, description="TLS: the server's certificate chain, PEM.")
    tls_key: Path | None = _setting("Network", None, description="TLS: the certificate's key, PEM.")
    tls_client_ca: Path | None = _setting(
        "Network",
        None,
        description="TLS: certificates that callers' have to be signed by, PEM. Default: callers need none.",
    )
    tokens: Path | None = _setting(
        "Network", None, description="TOML file of hashed tokens, one of which callers need."
    )
    models: dict[str, str] = _setting(
        "Models", {}, description="Models to serve beside builtin: name -> folder or repository; empty: as fetched."
    )
    audio2face: str | None = _setting(
        "Models",
        None,
        description="Name of the model that answers clients of NVIDIA's Audio2Face-3D, on the same port. Default: none.",
    )
    audio2face_skeleton: str = _setting(
        "Models", "", description="Skeleton whose joints they get beside the face. Default: none, the face alone."
    )
    audio2face_low_latency: bool = _setting(
        "Models",
        False,
        description="Answer them with the model's look-ahead of live speech, sooner and less smooth than as clips.",
    )
    device: str = _setting("Models", "auto", description="What networks compute on: auto, cpu or cuda.")
    precision: str = _setting("Models", "fp32", description="Of networks: fp32; int8 on CPUs; fp16 or bf16 on GPUs.")
    arkit_matrix: Path | None = _setting(
        "Models", None, description="The BEAT2 authors' mat_final.npy, for faces between FLAME and ARKit."
    )
    arkit_deltas: Path | None = _setting(
        "Models", None, description="In its place: ARKit's shapes as vertex deltas, .npz."
    )
    face_model: Path | None = _setting("Models", None, description="FLAME or SMPL-X as .npz, for arkit_deltas.")
    max_message_bytes: int = _setting("Limits", 64 << 20, ge=1 << 10, description="Largest request message, bytes.")
    max_clip_seconds: float = _setting("Limits", 600.0, gt=0, description="Longest clip of one request, seconds.")
    max_concurrent_clips: int = _setting(
        "Limits",
        default_factory=lambda: max(1, os.cpu_count() or 1),
        ge=1,
        description="Clips computed at once. Default: one a core.",
    )
    max_queued_clips: int = _setting("Limits", 16, ge=0, description="Clips that may wait; more are refused at once.")
    max_streams: int = _setting(
        "Limits", 64, ge=0, description="Live streams at once in each server process; more are refused at once."
    )
    batch_size: int = _setting("Limits", 64, ge=1, description="Steps of live streams computed at once, of each model.")
    batch_wait_seconds: float = _setting(
        "Limits",
        0.01,
        ge=0,
        le=1,
        description="How long steps of live streams may wait until every stream of the model has one, seconds.",
    )
    max_convert_frames: int = _setting(
        "Limits", 432_000, ge=1, description="Most frames in one conversion, before or after it."
    )
    max_convert_bytes: int = _setting(
        "Limits", 512 << 20, ge=1 << 10, description="Most bytes that a file may unpack to."
    )
    silent_caller_seconds: float = _setting(
        "Limits",
        30.0,
        gt=0,
        description="A live caller that says nothing for so long, first or in mid-utterance, is cut off.",
    )
    reader_timeout_seconds: float = _setting(
        "Limits", 10.0, gt=0, description="A caller that takes nothing for so long is cut off."
    )
    workers: int = _setting(
        "Process", 1, ge=1, le=64, description="Server processes that share the ports; more than 1 needs Linux."
    )
    log_format: Literal["text", "json"] = _setting("Process", "text", description="Log lines: text or json.")
    traces: bool = _setting("Process", False, description="Send OpenTelemetry traces; OTEL_* variables say where.")
    decoder_processes: int = _setting("Process", 1, ge=1, description="Processes that decode audio files.")
    drain_seconds: float = _setting(
        "Process", 30.0, ge=0, description="How long running calls may go on after SIGTERM, seconds."
    )
    lame_duck_seconds: float = _setting(
        "Process",
        0.0,
        ge=0,
        description="How long new calls are taken after SIGTERM, health being NOT_SERVING: 5 behind a load balancer.",
    )

    @field_validator("web_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> list[str]:
        parts = [value] if isinstance(value, str) else value
        origins = [origin.strip() for part in parts for origin in str(part).split(",") if origin.strip()]
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(
                    f"{origin!r} is not an origin, expected https://HOST or https://HOST:PORT and nothing after it"
                )
        return origins

    @model_validator(mode="after")
    def _preview_has_a_port(self) -> Self:
        if self.preview and self.web_port is None:
            self.web_port = _PREVIEW_PORT
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, the environment, the file: the first one that has a setting wins."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(config: Path | None, flags: Mapping[str, Any]) -> Settings:
    """Settings from a file, the environment and flags. Flags that are None are not given.

    Raises StartError naming the flag, the variable or the file, and the setting.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    _check_variables()
    try:
        if config is not None:
            config.open("rb").close()  # pydantic-settings leaves out a file that is missing
        return _of_file(config)(**given)
    except OSError as error:
        raise StartError(f"{config}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartError(f"{config}: not valid TOML ({error})") from None
    except SettingsError as error:
        name = re.search(r'field "(\w+)"', str(error))
        variable = f"{_PREFIX}{name[1].upper()}" if name else _PREFIX
        raise StartError(f'{variable}: not JSON, expected as {{"emage": "/models/emage"}}') from None
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            raise StartError(f"{config}: {UnknownNameError('setting', name, Settings.model_fields)}") from None
        place = ".".join(map(str, first["loc"]))
        source = _source(name, given, config)
        raise StartError(f"{source}setting {place!r}: {first['msg']}, got {first['input']!r}") from None


def _of_file(config: Path | None) -> type[Settings]:
    class OfFile(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    return OfFile


def _check_variables() -> None:
    """Raises StartError for a variable that is nearly a setting's."""
    known = [f"{_PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in os.environ:
        if name.startswith(_PREFIX) and name not in (*known, *_OF_CLIENTS):
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.9)
            if nearest:
                raise StartError(f"the environment has {name}, which is not a setting; did you mean {nearest[0]}?")


def _source(name: str, flags: Mapping[str, Any], config: Path | None) -> str:
    variable = f"{_PREFIX}{name.upper()}"
    if name in flags:
        return ""
    return f"{variable}: " if variable in os.environ else f"{config}: "


def as_toml(settings: Settings) -> str:
    """All settings with what they mean, as a file that `load_settings` reads. Those without a value, and those that are
    of this machine, are comments."""
    lines, panel = ["# Environment variables (PANTOMATRIX_PORT=50051) and flags win over this file."], ""
    values = settings.model_dump(mode="json")
    for name, field in Settings.model_fields.items():
        if panel_of(name) != panel:
            panel = panel_of(name)
            lines += ["", f"## {panel}"]
        value = values[name]
        own = field.default_factory is not None and name not in settings.model_fields_set
        written = f"# {name} =" if value is None else f"{'# ' if own else ''}{name} = {_toml(value)}"
        lines += ["", f"# {field.description}", written]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """JSON is TOML but for tables."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json.dumps(key)} = {_toml(entry)}" for key, entry in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(value, ensure_ascii=False)

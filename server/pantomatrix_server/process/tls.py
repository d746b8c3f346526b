"""TLS from PEM files, for gRPC and for WebSockets."""

from __future__ import annotations

import ssl
from pathlib import Path

import grpc

from pantomatrix_models.errors import StartError

from ..settings import Settings


def grpc_credentials(settings: Settings) -> grpc.ServerCredentials | None:
    """None without TLS. Raises StartError."""
    context = ssl_context(settings)
    if context is None:
        return None
    assert settings.tls_certificate is not None
    assert settings.tls_key is not None
    chain = (settings.tls_key.read_bytes(), settings.tls_certificate.read_bytes())
    ca = settings.tls_client_ca.read_bytes() if settings.tls_client_ca else None
    return grpc.ssl_server_credentials([chain], ca, require_client_auth=ca is not None)


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """None without TLS. Raises StartError."""
    if settings.tls_certificate is None and settings.tls_key is None:
        if settings.tls_client_ca is not None:
            raise StartError("tls_client_ca needs tls_certificate and tls_key")
        return None
    if settings.tls_certificate is None or settings.tls_key is None:
        raise StartError("tls_certificate and tls_key belong together: one of them is missing")
    for path in (settings.tls_certificate, settings.tls_key, settings.tls_client_ca):
        _check_readable(path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(settings.tls_certificate, settings.tls_key)
        if settings.tls_client_ca is not None:
            context.load_verify_locations(settings.tls_client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except ssl.SSLError as error:
        both = f"{settings.tls_certificate} and {settings.tls_key}"
        raise StartError(f"{both}: not a certificate and its key, both PEM ({error.reason or error})") from None
    return context


def _check_readable(path: Path | None) -> None:
    try:
        if path is not None:
            path.read_bytes()
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from None

"""Fields of a request that this server does not know, as a newer client sends them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet


def notes_on_unknown_fields(message: Message) -> tuple[str, ...]:
    """One sentence with all of them, or nothing."""
    paths = sorted(set(_paths(message, "")))
    if not paths:
        return ()
    return (f"this server does not know these fields of the request and did nothing of them: {', '.join(paths)}",)


def _paths(message: Message, path: str) -> Iterator[str]:
    for field in UnknownFieldSet(message):
        yield f"{path}{field.field_number}"
    for field, value in message.ListFields():
        for entry in _messages(field, value):
            yield from _paths(entry, f"{path}{field.name}.")


def _messages(field: Any, value: Any) -> Any:
    if field.message_type is None or field.message_type.GetOptions().map_entry:
        return ()
    return value if hasattr(value, "extend") else (value,)

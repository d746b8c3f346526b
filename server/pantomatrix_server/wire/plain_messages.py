"""Messages as plain values: numbers, texts, names of enumerations, lists and mappings. It knows no field by name, so that a
new option needs nothing here."""

from __future__ import annotations

import re
from typing import Any

from google.protobuf.message import Message

from pantomatrix_models.errors import OptionError


def plain_values(message: Message, path: str) -> dict[str, Any]:
    """Field -> value of what is given. Messages of two fields in a list become pairs, of which the second is left out where
    it is optional and not given; messages of `entries` alone become lists, others mappings.

    path: where the message stands in the request. Raises OptionError for a number that an enumeration does not have.
    """
    return {field.name: _plain(field, value, f"{path}.{field.name}") for field, value in message.ListFields()}


def _plain(field: Any, value: Any, path: str) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return dict(value)
    if hasattr(value, "extend"):
        pairs = field.message_type is not None and len(field.message_type.fields) == 2
        one = _pair if pairs else _one
        return [one(field, entry, f"{path}[{index}]") for index, entry in enumerate(value)]
    return _one(field, value, path)


def _one(field: Any, value: Any, path: str) -> Any:
    if field.message_type is not None:
        own = field.message_type.fields
        if [entries.name for entries in own] == ["entries"]:
            return _plain(own[0], value.entries, f"{path}.entries")
        return plain_values(value, path)
    return value if field.enum_type is None else _name(field.enum_type, value, path)


def _pair(field: Any, message: Message, path: str) -> list[Any]:
    given = [own for own in field.message_type.fields if not own.has_presence or message.HasField(own.name)]
    return [_plain(own, getattr(message, own.name), f"{path}.{own.name}") for own in given]


def enum_word(message: Message, name: str, path: str) -> str:
    """The value of an enumeration's field, as a word; empty where it is not given. Raises OptionError."""
    number = getattr(message, name)
    return _name(message.DESCRIPTOR.fields_by_name[name].enum_type, number, path) if number else ""


def _name(enum: Any, number: int, path: str) -> str:
    """ROOT_MODE_IN_PLACE -> in_place"""
    value = enum.values_by_number.get(number)
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", enum.name).lower()
    if value is None or number == 0:
        names = ", ".join(f"{known.name} ({known.number})" for known in enum.values if known.number)
        raise OptionError(f"{words} {number} is not known, expected one of {names}", path)
    return value.name.removeprefix(f"{words.upper().replace(' ', '_')}_").lower()

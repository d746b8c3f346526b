"""Timed text: TimedText in options.proto."""

from __future__ import annotations

from pantomatrix.v1 import options_pb2
from pantomatrix_converters.errors import within_field
from pantomatrix_models.timed_text import TimedText, text_of_values

from .plain_messages import plain_values


def timed_text_from_message(message: options_pb2.TimedText, field: str) -> TimedText:
    """field: where it stands in the request. Raises OptionError with the field."""
    values = plain_values(message, field)
    with within_field(field):
        return text_of_values(values)

"""Live streams: motion.proto."""

from __future__ import annotations

from dataclasses import replace

from pantomatrix.v1 import motion_pb2
from pantomatrix_converters.editing.option_kinds import options_of, read_options
from pantomatrix_models.options import MotionOptions

from .plain_messages import plain_values


def changed_options(options: MotionOptions, message: motion_pb2.StreamOptions) -> MotionOptions:
    """A stream's options from the next utterance on: what is not given is as if it had never been, except for the speaker.
    Raises InvalidInputError with the field."""
    defaults = options_of(MotionOptions)
    given = {field.name: defaults[field.name][1] for field in message.DESCRIPTOR.fields}
    changed = read_options(MotionOptions, {**given, **plain_values(message, "options")})
    named = {name: getattr(changed, name) for name in given}
    return replace(options, **{**named, "speaker": changed.speaker or options.speaker})

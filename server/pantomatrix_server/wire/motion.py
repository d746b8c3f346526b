"""Live streams: motion.proto."""

from __future__ import annotations

from dataclasses import replace

from pantomatrix.v1 import motion_pb2
from pantomatrix_models.options import MotionOptions

from .options import adjustment_from_message, emotions_from_messages, strengths_from_messages


def changed_options(options: MotionOptions, message: motion_pb2.StreamOptions) -> MotionOptions:
    """A stream's options from the next utterance on. Raises OptionError with the field."""
    return replace(
        options,
        speaker=message.speaker or options.speaker,
        part_strengths=strengths_from_messages(message.part_strengths, "options"),
        curve_adjustments=tuple(adjustment_from_message(adjustment) for adjustment in message.curve_adjustments),
        emotions=emotions_from_messages(message.emotions),
    )

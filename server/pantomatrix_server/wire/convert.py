"""Conversions: convert.proto."""

from __future__ import annotations

from collections.abc import Iterator

from pantomatrix.v1 import convert_pb2, frames_pb2
from pantomatrix_converters.coordinates import CoordinateSystem

from ..app.conversions import ConversionEnded, Converted
from ..app.events import Frames
from .frames import motion_header_message, timings_message


def conversion_messages(
    event: Converted | bytes | Frames[frames_pb2.FrameBlock] | ConversionEnded,
    coordinates: CoordinateSystem,
    request_id: str,
) -> Iterator[convert_pb2.ConvertResponse]:
    """One for each event; before frames there is the motion's own header too."""
    match event:
        case Converted():
            yield convert_pb2.ConvertResponse(
                header=convert_pb2.ConvertHeader(
                    source_format=event.source_format,
                    frame_count=len(event.motion),
                    fps=event.motion.fps,
                    extension=event.extension,
                    notes=event.notes,
                    request_id=request_id,
                )
            )
            if not event.extension:
                header = motion_header_message(event.motion, coordinates, request_id)
                yield convert_pb2.ConvertResponse(motion_header=header)
        case Frames():
            yield convert_pb2.ConvertResponse(frames=event.packed)
        case ConversionEnded():
            yield convert_pb2.ConvertResponse(
                summary=convert_pb2.ConvertSummary(
                    frame_count=event.frame_count,
                    byte_count=event.byte_count,
                    timings=timings_message(event.timings),
                )
            )
        case _:
            yield convert_pb2.ConvertResponse(chunk=convert_pb2.FileChunk(data=event))

"""Conversions: convert.proto."""

from __future__ import annotations

from collections.abc import Iterator

from pantomatrix.v1 import convert_pb2, frames_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.motion import Motion

from ..app.conversions import ConversionEnded, Converted
from ..app.events import Frames, Pack
from .frames import block_packing, motion_header_message, motion_layout, timings_message
from .labels import checked_labels
from .motion import Blocks, frame_encoding
from .unknown_fields import notes_on_unknown_fields


class ConvertCall:
    """One conversion: how its frames are packed, and its messages. coordinates: the axes of the frames. Raises
    InvalidInputError with the field."""

    def __init__(self, request: convert_pb2.ConvertRequest, coordinates: CoordinateSystem, request_id: str) -> None:
        self._request_id, self._coordinates = request_id, coordinates
        self._encoding = frame_encoding(request.frames, "encoding", "frames.encoding")
        self._labels = checked_labels(request.labels, "labels")
        self._notes = notes_on_unknown_fields(request)

    def packing(self, motion: Motion) -> Pack[Blocks]:
        """How frames become blocks, once they are there."""
        self._layout = motion_layout(motion, self._encoding)
        return block_packing(self._layout, self._coordinates)

    def messages(
        self, event: Converted | bytes | Frames[list[frames_pb2.FrameBlock]] | ConversionEnded
    ) -> Iterator[convert_pb2.ConvertResponse]:
        """What an event is to the caller; before frames there is the motion's own header too."""
        match event:
            case Converted():
                yield convert_pb2.ConvertResponse(
                    header=convert_pb2.ConvertHeader(
                        source_format=event.source_format,
                        frame_count=len(event.motion),
                        fps=event.motion.fps,
                        extension=event.extension,
                        notes=(*event.notes, *self._notes),
                        request_id=self._request_id,
                        labels=self._labels,
                    )
                )
                if not event.extension:
                    header = motion_header_message(
                        event.motion, self._layout, self._coordinates, self._request_id, self._labels
                    )
                    yield convert_pb2.ConvertResponse(motion_header=header)
            case Frames():
                for block in event.packed:
                    yield convert_pb2.ConvertResponse(frames=block)
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

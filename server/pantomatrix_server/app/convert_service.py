"""ConvertService: a motion file in, another file or frames out."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import grpc

from pantomatrix.v1 import convert_pb2, convert_pb2_grpc, frames_pb2
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.flame_arkit import ArkitMatrix
from pantomatrix_converters.formats import (
    Encoded,
    MotionFormat,
    ReadLimits,
    decode_motion,
    encode_motion,
    find_format,
)
from pantomatrix_converters.motion import Motion
from pantomatrix_models.errors import OptionError

from ..settings import Settings
from ..tokens import within_quota
from ..transports.call import request_id
from ..wire.frames import floats_per_frame, frame_block, timings_message
from ..wire.options import edits_from_message
from ..wire.skeleton import (
    coordinates_message,
    skeleton_message,
)
from .compute import Workers

_CHUNK_BYTES = 1 << 20
_BLOCK_FRAMES = 64


class ConvertService(convert_pb2_grpc.ConvertServiceServicer):
    """See convert.proto."""

    def __init__(self, workers: Workers, settings: Settings, matrix: ArkitMatrix | None) -> None:
        self._workers = workers
        self._limits = ReadLimits(settings.max_convert_bytes, settings.max_convert_frames)
        self._matrix = matrix

    async def Convert(  # noqa: N802
        self, request: convert_pb2.ConvertRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[convert_pb2.ConvertResponse]:
        options = edits_from_message(request.options)
        match request.WhichOneof("output"):
            case "file":
                deliver = self._file(request, options)
            case "frames":
                deliver = self._frames(request, options)
            case _:
                raise OptionError("no output is given, expected file or frames", "output")
        async with aclosing(deliver):
            async for response in deliver:
                yield response

    async def _file(
        self, request: convert_pb2.ConvertRequest, options: MotionEdits
    ) -> AsyncGenerator[convert_pb2.ConvertResponse]:
        target = find_format(request.file.format)
        async with within_quota(), self._workers.admission.place() as queued:
            reading = time.monotonic()
            source, notes, motion = await self._workers.run(_read, request, options, self._limits, self._matrix)
            writing = time.monotonic()
            encoded: Encoded = await self._workers.run(encode_motion, motion, target.name, options.coordinate_system)
            done = time.monotonic()
            yield _header(source, motion, (*notes, *encoded.notes), target.extensions[0])
            for start in range(0, len(encoded.data), _CHUNK_BYTES):
                chunk = convert_pb2.FileChunk(data=encoded.data[start : start + _CHUNK_BYTES])
                yield convert_pb2.ConvertResponse(chunk=chunk)
            timings = timings_message(queue=queued, decode=writing - reading, compute=done - writing)
            yield _summary(motion, len(encoded.data), timings)

    async def _frames(
        self, request: convert_pb2.ConvertRequest, options: MotionEdits
    ) -> AsyncGenerator[convert_pb2.ConvertResponse]:
        coordinates = options.coordinates
        async with within_quota(), self._workers.admission.place() as queued:
            reading = time.monotonic()
            source, notes, motion = await self._workers.run(_read, request, options, self._limits, self._matrix)
            packing = time.monotonic()
            yield _header(source, motion, notes, "")
            face = motion.face
            yield convert_pb2.ConvertResponse(
                motion_header=frames_pb2.MotionHeader(
                    fps=motion.fps,
                    skeleton=skeleton_message(motion.skeleton, coordinates),
                    face_rig=face.rig if face else "",
                    curve_names=face.names if face else (),
                    coordinate_system=coordinates_message(coordinates),
                    floats_per_frame=floats_per_frame(len(motion.skeleton), len(face.names) if face else 0),
                    frame_count=len(motion),
                    request_id=request_id.get(),
                )
            )
            for start in range(0, len(motion), _BLOCK_FRAMES):
                piece = motion.frames(start, start + _BLOCK_FRAMES)
                block = await self._workers.run(frame_block, piece, start, coordinates)
                yield convert_pb2.ConvertResponse(frames=block)
            timings = timings_message(queue=queued, decode=packing - reading, compute=time.monotonic() - packing)
            yield _summary(motion, 0, timings)


def _read(
    request: convert_pb2.ConvertRequest, options: MotionEdits, limits: ReadLimits, matrix: ArkitMatrix | None
) -> tuple[MotionFormat, tuple[str, ...], Motion]:
    try:
        source, loaded = decode_motion(request.data, "data", request.source_format, limits)
    except InvalidInputError as error:
        error.field = error.field or "data"
        raise
    motion, notes = edited(loaded.motion, options, matrix, limits)
    return source, (*loaded.notes, *notes), motion


def _header(
    source: MotionFormat, motion: Motion, notes: tuple[str, ...], extension: str
) -> convert_pb2.ConvertResponse:
    return convert_pb2.ConvertResponse(
        header=convert_pb2.ConvertHeader(
            source_format=source.name,
            frame_count=len(motion),
            fps=motion.fps,
            extension=extension,
            notes=notes,
            request_id=request_id.get(),
        )
    )


def _summary(motion: Motion, byte_count: int, timings: frames_pb2.Timings) -> convert_pb2.ConvertResponse:
    return convert_pb2.ConvertResponse(
        summary=convert_pb2.ConvertSummary(frame_count=len(motion), byte_count=byte_count, timings=timings)
    )

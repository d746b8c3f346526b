"""What the page shows: motions made from speech, or read from files."""

from __future__ import annotations

import asyncio
import io
import itertools
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import soundfile

from pantomatrix.client_motion import motion_from_client
from pantomatrix_client import FrameBlock, Header
from pantomatrix_client.motion import join
from pantomatrix_client.request import Options, generate_request
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import InvalidInputError, PantomatrixError, UnknownNameError
from pantomatrix_converters.flame_arkit import ArkitMatrix
from pantomatrix_converters.formats import (
    FORMATS,
    ReadLimits,
    can_hold,
    decode_motion,
    encode_motion,
    find_format,
    recognised_format,
)
from pantomatrix_converters.formats.gzip_file import unpacked
from pantomatrix_converters.motion import Motion
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_server.app.compute import Workers
from pantomatrix_server.app.motion_service import MotionService
from pantomatrix_server.settings import Settings
from pantomatrix_server.transports.call import Call

from .character import on_character

log = logging.getLogger("pantomatrix")

_MOST_TAKES = 16


@dataclass(frozen=True)
class Source:
    """Where a take comes from.

    name: a file's. data: its bytes, speech or motion. speech: of a motion that comes with it. options: how speech becomes
    motion, as the Python client has them.
    """

    name: str
    data: bytes
    speech: bytes = b""
    options: Options = field(default_factory=Options)


@dataclass(eq=False)
class Take:
    """One motion, from the moment that it was asked for. progress: 0 to 1."""

    id: int
    name: str
    options: Options
    speech: bytes = b""
    progress: float = 0.0
    motion: Motion | None = None
    shown: bytes = b""
    on_character: bool = True
    notes: tuple[str, ...] = ()
    error: str = ""
    work: asyncio.Task[None] | None = None

    def summary(self) -> dict[str, Any]:
        """For the page."""
        motion = self.motion
        about = {
            "id": self.id,
            "name": self.name,
            "options": dict(self.options),
            "progress": self.progress,
            "error": self.error,
            "notes": list(self.notes),
            "speech": bool(self.speech),
        }
        if motion is not None:
            about["motion"] = {
                "fps": motion.fps,
                "frames": len(motion),
                "seconds": motion.duration_seconds,
                "body": motion.has_body,
                "on_character": self.on_character,
                "formats": [entry.name for entry in FORMATS.values() if can_hold(entry, motion)],
            }
        return about


class Takes:
    """The latest takes; the oldest makes room for the next."""

    def __init__(self, motion: MotionService, workers: Workers, settings: Settings, matrix: ArkitMatrix | None) -> None:
        self._service, self._workers, self._settings, self._matrix = motion, workers, settings, matrix
        self._limits = ReadLimits(settings.max_convert_bytes, settings.max_convert_frames)
        self._takes: dict[int, Take] = {}
        self._ids = itertools.count(1)

    def __iter__(self):
        return iter(self._takes.values())

    def __getitem__(self, take_id: int) -> Take:
        try:
            return self._takes[take_id]
        except KeyError:
            raise UnknownNameError("take", str(take_id), list(map(str, self._takes))) from None

    def add(self, source: Source) -> Take:
        """Begin a take; it is made in the background."""
        take = Take(next(self._ids), source.name, source.options, source.speech)
        self._takes[take.id] = take
        while len(self._takes) > _MOST_TAKES:
            self.remove(next(iter(self._takes)))
        take.work = asyncio.create_task(self._make(take, source.data))
        return take

    def again(self, take_id: int, options: Options) -> Take:
        """The speech of a take once more, with other options. Raises UnknownNameError, InvalidInputError."""
        first = self[take_id]
        if not first.speech:
            raise InvalidInputError(f"{first.name} has no speech to make motion from")
        return self.add(Source(first.name, first.speech, options=options))

    def remove(self, take_id: int) -> None:
        """Forget a take; what is still being made stops. Raises UnknownNameError."""
        take = self[take_id]
        del self._takes[take.id]
        if take.work is not None:
            take.work.cancel()

    async def file(self, take_id: int, format_name: str, skeleton: str) -> tuple[str, bytes]:
        """A take as a file, with its name. skeleton: to retarget to, empty for its own.

        Raises UnknownNameError, InvalidInputError, UnsupportedError.
        """
        take, target = self[take_id], find_format(format_name)
        data = await self._workers.run(_encoded, self._made(take), target.name, skeleton)
        return PurePath(take.name).stem + target.extensions[0], data

    async def wav(self, take_id: int) -> bytes:
        """A take's speech as every browser plays it: what the models hear. Raises AudioError."""
        speech = await self._workers.decoders.decode(self[take_id].speech, self._settings.max_clip_seconds, 0)
        file = io.BytesIO()
        await self._workers.run(soundfile.write, file, speech.samples, SAMPLE_RATE_HZ, subtype="PCM_16", format="WAV")
        return file.getvalue()

    async def close(self) -> None:
        """Stop what is being made."""
        work = [take.work for take in self if take.work is not None]
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)

    def _made(self, take: Take) -> Motion:
        if take.motion is None:
            raise InvalidInputError(take.error or f"{take.name} is still being made")
        return take.motion

    async def _make(self, take: Take, data: bytes) -> None:
        try:
            if await self._workers.run(_is_motion, data, take.name, self._limits):
                loaded = (await self._workers.run(decode_motion, data, take.name, "", self._limits))[1]
                motion, notes = loaded.motion, loaded.notes
            else:
                take.speech = data
                motion, notes = await self._generated(take, data)
            shown, take.on_character, more = await self._workers.run(on_character, motion, self._matrix)
            take.shown = (await self._workers.run(encode_motion, shown, "glb")).data
            take.notes, take.motion, take.progress = (*notes, *more), motion, 1.0
        except PantomatrixError as error:
            take.error = take.error or str(error)
        except Exception:
            take.error = take.error or "an error of the preview's own; its log says more"
            log.exception("take %d, %s", take.id, take.name)

    async def _generated(self, take: Take, data: bytes) -> tuple[Motion, tuple[str, ...]]:
        """By the service that answers gRPC, as a call of its own. Raises what that call fails with."""
        call = Call("pantomatrix.v1.MotionService/GenerateMotion", "preview", {})
        error: BaseException | None = None
        try:
            return await self._collected(take, data)
        except BaseException as raised:
            error = raised
            raise
        finally:
            status = call.ended(error)
            take.error = status.message if status else ""

    async def _collected(self, take: Take, data: bytes) -> tuple[Motion, tuple[str, ...]]:
        responses: Any = self._service.GenerateMotion(generate_request(data, take.options), None)  # type: ignore[arg-type]
        async with aclosing(responses):
            messages: AsyncIterator = aiter(responses)
            header = Header.from_message((await anext(messages)).header)
            blocks, summary = [], None
            async for message in messages:
                if message.WhichOneof("message") == "summary":
                    summary = message.summary
                    continue
                blocks.append(FrameBlock.from_message(message.frames, header))
                take.progress = (blocks[-1].first_frame + len(blocks[-1])) / header.frame_count
        assert summary is not None
        return motion_from_client(join(header, blocks, summary)), header.notes


def _is_motion(data: bytes, name: str, limits: ReadLimits) -> bool:
    return recognised_format(unpacked(data, name, limits.max_bytes)) is not None


def _encoded(motion: Motion, format_name: str, skeleton: str) -> bytes:
    if skeleton:
        motion = edited(motion, MotionEdits(skeleton=skeleton))[0]
    return encode_motion(motion, format_name).data

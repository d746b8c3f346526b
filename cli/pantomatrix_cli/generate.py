"""`pantomatrix generate`: speech files to motion files."""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from pantomatrix_models.options import MotionOptions

from .arguments import (
    COMPUTING,
    ClipOnly,
    Device,
    FaceDeltas,
    FaceMapName,
    FaceMatrix,
    FaceModel,
    Force,
    Formats,
    Json,
    Output,
    Precision,
    Reduce,
    face_map_of,
    face_matrix,
)
from .connecting import Tls, TlsCa, Token, client_for
from .option_flags import MADE, with_options
from .report import (
    one_line_errors,
    progress,
    show_error,
    show_files,
    show_json,
    show_notes,
    show_table,
    warnings_as_notes,
)

if TYPE_CHECKING:
    from pantomatrix_client import Client
    from pantomatrix_converters.face.flame_arkit import ArkitMatrix
    from pantomatrix_converters.motion import Motion
    from pantomatrix_converters.skeleton import Skeleton
    from pantomatrix_models.constraints import PoseConstraint


@with_options(MotionOptions)
def generate(
    audio: Annotated[
        list[Path],
        typer.Argument(
            help="Speech files, folders of them, or - for stdin. "
            "The file type is detected from the content, not from the name.",
            show_default=False,
        ),
    ],
    output: Output,
    format_names: Formats = [],  # noqa: B006
    start_pose: Annotated[
        Path | None,
        typer.Option(
            help="A motion file of any rig whose last pose the motion begins with: joins clips.",
            show_default=False,
            rich_help_panel=MADE,
        ),
    ] = None,
    end_pose: Annotated[
        Path | None,
        typer.Option(
            help="A motion file of any rig whose first pose the motion ends with.",
            show_default=False,
            rich_help_panel=MADE,
        ),
    ] = None,
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
    device: Device = None,
    precision: Precision = None,
    server: Annotated[
        str,
        typer.Option(
            help="HOST:PORT of a running server.",
            show_default="none, computed in this process",
            rich_help_panel=COMPUTING,
        ),
    ] = "",
    token: Token = "",
    tls: Tls = False,
    tls_ca: TlsCa = None,
    reduce: Reduce = 0.0,
    face_map: FaceMapName = "",
    clip_only: ClipOnly = False,
    force: Force = False,
    as_json: Json = False,
    **words: Any,
) -> None:
    """Turn speech into motion.

    \b
    pantomatrix generate take.wav -o take.bvh
    pantomatrix generate takes/ -o out/ --format npz --format arkit-csv
    pantomatrix generate take.mp3 -o take.csv --fps 60 --server localhost:50051
    pantomatrix generate take.wav -o take.npz --model emage
    pantomatrix generate take.wav -o glad.npz --speaker lively --emotions joy=0.7
    pantomatrix generate take.wav -o take.glb --skeleton mixamo --foot-lock
    pantomatrix generate take.wav -o take.csv --timed-text take.phones.json
    cat take.wav | pantomatrix generate - -o take.npz
    """
    with one_line_errors():
        from pantomatrix_converters.editing.option_kinds import read_words
        from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
        from pantomatrix_converters.formats import encode_motion
        from pantomatrix_converters.formats.key_reduction import KeyReduction
        from pantomatrix_converters.skeleton import load_skeleton
        from pantomatrix_models.audio.decode import AUDIO_SUFFIXES
        from pantomatrix_models.registry import named_place

        from .coverage_notes import coverage_notes
        from .inputs import STANDARD, find_inputs, read_speech
        from .targets import check_targets, plan_targets, write

        inputs = find_inputs(audio, AUDIO_SUFFIXES)
        if as_json and output == STANDARD:
            raise InvalidInputError("--json and the file itself cannot both go to stdout")
        from_folder = any(path.is_dir() for path in audio)
        targets = plan_targets(inputs, output, format_names, "npz", from_folder=from_folder)
        options = read_words(MotionOptions, words)
        if options.timed_text is not None and len(inputs) > 1:
            raise InvalidInputError(f"--timed-text is of one recording, and {len(inputs)} are given")
        name, place = named_place(options.model)
        axes = options.coordinate_system
        options = replace(options, model=name, coordinate_system="")
        poses = _Poses(start_pose, end_pose)
        if server:
            _refuse_for_server(place, device, precision)
            source: _Source = _Server(client_for(server, token, tls, tls_ca), options, poses)
        elif tls or tls_ca:
            raise InvalidInputError("--tls and --tls-ca are for a server: --server HOST:PORT says which")
        else:
            matrix = face_matrix(arkit_matrix, arkit_deltas, face_model) if options.face_rig else None
            source = _InProcess(options, poses, place, device or "auto", precision or "fp32", matrix)
        KeyReduction(reduce)
        moves_face = face_map_of(face_map, clip_only)
        check_targets(targets, force, "" if clip_only else options.skeleton)
        mapped = coverage_notes(load_skeleton("smplx"), options)
        results, exit_code = [], 0
        with source:
            for number, path in enumerate(inputs, 1):
                label = path.name if len(inputs) == 1 else f"{number} of {len(inputs)}: {path.name}"
                started = time.perf_counter()
                try:
                    made = source.motion(read_speech(path), path, "" if as_json else label)
                    notes = [*made.notes, *mapped]
                    for entry, file in targets[path]:
                        encoded = encode_motion(
                            made.motion,
                            entry.name,
                            axes,
                            reduce_degrees=reduce,
                            face_map=moves_face,
                            clip_only=clip_only,
                        )
                        write(file, encoded.data, force)
                        notes += encoded.notes
                except PantomatrixError as error:
                    exit_code = show_error(error)
                    continue
                files = [file for _, file in targets[path]]
                results.append(_result(path, made, files, notes, time.perf_counter() - started))
        show_notes([(Path(result["audio"]).name, text) for result in results for text in result["notes"]], len(inputs))
        if as_json:
            show_json(results)
        elif results and output != STANDARD:
            _show_table(results)
        raise typer.Exit(exit_code)


def _refuse_for_server(place: str, device: str | None, precision: str | None) -> None:
    from pantomatrix_converters.errors import InvalidInputError

    if place or device or precision:
        raise InvalidInputError(
            "a model's path, --device and --precision are the server's: give them to `pantomatrix serve`"
        )


@dataclass(frozen=True)
class _Poses:
    """Files with the poses that a motion begins and ends with."""

    start: Path | None
    end: Path | None

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None

    def constraints(self, seconds: float, skeleton: str) -> tuple[PoseConstraint, ...]:
        """For a clip of that length, of a model that moves this skeleton. Raises InvalidInputError, FormatError."""
        from pantomatrix_converters.errors import InvalidInputError, MotionError
        from pantomatrix_converters.skeleton import load_skeleton
        from pantomatrix_models.constraints import pose_of

        found = []
        for path, frame, moment in ((self.start, -1, 0.0), (self.end, 0, seconds)):
            if path is None:
                continue
            motion = _read_motion(path)
            if not motion.has_body:
                raise InvalidInputError(f"{path} is a face alone, and a pose of a body is needed here")
            try:
                found.append(pose_of(motion, frame, moment, load_skeleton(skeleton)))
            except MotionError as error:
                raise InvalidInputError(f"{path}: {error}") from None
        return tuple(found)


@cache
def _read_motion(path: Path) -> Motion:
    from .inputs import read_motion

    return read_motion(path)[1].motion


@dataclass(frozen=True)
class _Made:
    motion: Motion
    audio_seconds: float
    notes: tuple[str, ...]


class _Source(Protocol):
    """Where motion comes from. label: what the progress bar is called; without one there is none."""

    def __enter__(self) -> object: ...
    def __exit__(self, *error: object) -> None: ...
    def motion(self, data: bytes, path: Path, label: str) -> _Made: ...


class _InProcess:
    """Computed here."""

    def __init__(
        self,
        options: MotionOptions,
        poses: _Poses,
        place: str,
        device: str,
        precision: str,
        matrix: ArkitMatrix | None,
    ) -> None:
        """place: of the model's checkpoint; empty for the published one."""
        from pantomatrix._generate import planned
        from pantomatrix_converters.editing.option_kinds import plain_options

        logging.basicConfig(format="note: %(message)s", stream=sys.stderr)
        logging.getLogger("pantomatrix").setLevel(logging.INFO)
        self._poses, self._device, self._precision, self._matrix = poses, device, precision, matrix
        self._keywords = {**plain_options(options), "model": f"{options.model}={place}" if place else options.model}
        self._skeleton = planned(self._keywords, device, precision, matrix).model.info.skeleton

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass

    def motion(self, data: bytes, path: Path, label: str) -> _Made:
        import pantomatrix as pm
        from pantomatrix_models.audio.decode import decode_file
        from pantomatrix_models.errors import AudioError

        try:
            speech = decode_file(data, float("inf"), str(path))
        except AudioError as error:
            raise AudioError(f"{path}: {error}") from None
        keywords = self._keywords
        if self._poses:
            keywords = {**keywords, "constraints": self._poses.constraints(speech.duration_seconds, self._skeleton)}
        with warnings_as_notes() as notes, progress(speech.duration_seconds, label, label != "") as done:
            motion = pm.generate(
                speech,
                device=self._device,
                precision=self._precision,
                progress=lambda seconds, _: done(seconds),
                arkit_matrix=self._matrix,
                **keywords,
            )
        known = tuple(replace(entry, speech=path.name) for entry in motion.provenance)
        return _Made(replace(motion, provenance=known), speech.duration_seconds, tuple(notes))


class _Server:
    """Computed by a server."""

    def __init__(self, client: Client, options: MotionOptions, poses: _Poses) -> None:
        self._client, self._options, self._poses = client, options, poses

    def __enter__(self) -> None:
        self._client.__enter__()

    def __exit__(self, *error: object) -> None:
        self._client.__exit__(*error)

    def motion(self, data: bytes, path: Path, label: str) -> _Made:
        from pantomatrix.client_motion import client_options, motion_from_client
        from pantomatrix_client import ServerError
        from pantomatrix_models.audio.decode import decode_file
        from pantomatrix_models.provenance import provenance_of
        from pantomatrix_server.errors import ServerCallError

        options = self._options
        if self._poses:
            seconds = decode_file(data, float("inf"), str(path)).duration_seconds
            models = {info.name: info for info in self._client.catalog().models}
            # An unknown name is the server's to refuse.
            info = models.get(options.model) or next(iter(models.values()))
            options = replace(options, constraints=self._poses.constraints(seconds, info.skeleton))
        try:
            stream = self._client.stream(data, **client_options(options))
            header = stream.header
            with progress(header.frame_count / header.fps, label, label != "") as done:
                for block in stream:
                    done((block.first_frame + len(block)) / header.fps)
            made = stream.motion()
        except ServerError as error:
            raise ServerCallError(f"{path}: {error}", error.code) from None
        motion = _on_own_skeleton(motion_from_client(made), options.skeleton)
        motion = replace(motion, provenance=(provenance_of(options, header.speaker, path.name),))
        return _Made(motion, made.audio_seconds, made.notes)


def _on_own_skeleton(motion: Motion, skeleton: str | Skeleton) -> Motion:
    """A server hears of a character's joints alone; its file never leaves this machine, where the clip goes into it."""
    if isinstance(skeleton, str) or not skeleton.same_joints(motion.skeleton):
        return motion
    return replace(motion, skeleton=skeleton)


def _result(path: Path, made: _Made, files: list[Path], notes: list[str], wall_seconds: float) -> dict[str, Any]:
    return {
        "audio": str(path),
        "audio_seconds": round(made.audio_seconds, 3),
        "frames": len(made.motion),
        "fps": made.motion.fps,
        "wall_seconds": round(wall_seconds, 3),
        "real_time_factor": round(wall_seconds / made.audio_seconds, 4),
        "files": [str(file) for file in files],
        "notes": notes,
    }


def _show_table(results: list[dict]) -> None:
    show_table(
        ("audio", "seconds", "frames", "fps", "took", "real-time factor"),
        (
            (
                Path(result["audio"]).name,
                f"{result['audio_seconds']:.2f}",
                str(result["frames"]),
                f"{result['fps']:g}",
                f"{result['wall_seconds']:.2f} s",
                f"{result['real_time_factor']:.3f}",
            )
            for result in results
        ),
    )
    show_files(file for result in results for file in result["files"])

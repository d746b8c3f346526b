"""`pantomatrix generate`: speech files to motion files."""

from __future__ import annotations

import logging
import sys
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from .arguments import (
    Coordinates,
    Device,
    FaceDeltas,
    FaceMatrix,
    FaceModel,
    FaceRigName,
    FootLock,
    Force,
    Formats,
    JointMap,
    Json,
    Output,
    Precision,
    Root,
    TargetSkeleton,
    face_matrix,
)
from .report import note, one_line_errors, progress, show_error, show_files, show_json, show_table

if TYPE_CHECKING:
    from pantomatrix_client import PoseConstraint as ClientConstraint
    from pantomatrix_converters.flame_arkit import ArkitMatrix
    from pantomatrix_converters.motion import Motion
    from pantomatrix_models.constraints import PoseConstraint
    from pantomatrix_models.model import Emotion
    from pantomatrix_models.options import MotionOptions


def generate(
    audio: Annotated[
        list[Path],
        typer.Argument(help="Speech files, or folders of them. Content decides what a file is.", show_default=False),
    ],
    output: Output,
    format_names: Formats = [],  # noqa: B006
    model: Annotated[
        str, typer.Option(help="See `pantomatrix models`; a network: NAME as fetched, or NAME=PATH.")
    ] = "builtin",
    speaker: Annotated[str, typer.Option(help="A speaker of the model.", show_default="the model's first")] = "",
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Same audio, options and seed: same motion.")] = 0,
    fps: Annotated[float, typer.Option(help="Frames per second, 1 to 240.", show_default="the model's own")] = 0.0,
    skeleton: TargetSkeleton = "",
    joint_map: JointMap = None,
    foot_lock: FootLock = False,
    rig: FaceRigName = "",
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
    coordinates: Coordinates = "",
    parts: Annotated[
        str, typer.Option(help="What to move: face,upper_body,hands,lower_body,translation.", show_default="all")
    ] = "",
    root: Root = "free",
    start_pose: Annotated[
        Path | None,
        typer.Option(help="A motion file whose last pose the motion begins with: joins clips.", show_default=False),
    ] = None,
    end_pose: Annotated[
        Path | None, typer.Option(help="A motion file whose first pose the motion ends with.", show_default=False)
    ] = None,
    timing: Annotated[str, typer.Option(help="exact, or reference: as the networks' publications.")] = "exact",
    emotion: Annotated[
        list[str],
        typer.Option(
            help="What the speaker feels, NAME=STRENGTH, such as joy=0.6. May be repeated.", show_default="none"
        ),
    ] = [],  # noqa: B006
    gesture_amplitude: Annotated[
        float, typer.Option(min=0.0, max=2.0, help="Factor on how far hands and head go, for models with gestures.")
    ] = 1.0,
    gesture_rate: Annotated[
        float, typer.Option(min=0.25, max=2.0, help="Factor on how many gestures there are.")
    ] = 1.0,
    device: Device = None,
    precision: Precision = None,
    server: Annotated[
        str, typer.Option(help="HOST:PORT of a running server.", show_default="none, computed in this process")
    ] = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Turn speech into motion.

    \b
    pantomatrix generate take.wav -o take.bvh
    pantomatrix generate takes/ -o out/ --format npz --format arkit-csv
    pantomatrix generate take.mp3 -o take.csv --fps 60 --server localhost:50051
    pantomatrix generate take.wav -o take.npz --model emage
    pantomatrix generate take.wav -o glad.npz --speaker lively --emotion joy=0.7
    pantomatrix generate take.wav -o take.glb --skeleton mixamo --foot-lock
    """
    with one_line_errors():
        from pantomatrix_converters.errors import PantomatrixError
        from pantomatrix_converters.formats import encode_motion
        from pantomatrix_models.audio.decode import AUDIO_SUFFIXES
        from pantomatrix_models.model import Gestures
        from pantomatrix_models.registry import named_place

        from .inputs import find_inputs, read_speech
        from .targets import check_targets, plan_targets, write

        inputs = find_inputs(audio, AUDIO_SUFFIXES)
        targets = plan_targets(inputs, output, format_names, "npz")
        name, place = named_place(model)
        options = replace(
            _options(name, speaker, seed, fps, skeleton, parts, root, timing),
            face_rig=rig,
            foot_lock=foot_lock,
            gestures=Gestures(gesture_amplitude, gesture_rate),
            emotions=tuple(_emotion(text) for text in emotion),
        )
        options = with_skeleton(options, skeleton, joint_map)
        poses = _Poses(start_pose, end_pose)
        if server:
            _refuse_for_server(place, device, precision)
            source: _Source = _Server(server, options, poses)
        else:
            matrix = face_matrix(arkit_matrix, arkit_deltas, face_model) if rig else None
            source = _InProcess(options, poses, {name: place}, device or "auto", precision or "fp32", matrix)
        check_targets(targets, force)
        results, exit_code = [], 0
        with source:
            for path in inputs:
                started = time.perf_counter()
                try:
                    made = source.motion(read_speech(path), path, not as_json)
                    notes = list(made.notes)
                    for entry, file in targets[path]:
                        encoded = encode_motion(made.motion, entry.name, coordinates)
                        write(file, encoded.data, force)
                        notes += encoded.notes
                except PantomatrixError as error:
                    exit_code = show_error(error)
                    continue
                for text in notes:
                    note(text)
                files = [file for _, file in targets[path]]
                results.append(_result(path, made, files, notes, time.perf_counter() - started))
        _show(results, as_json)
        raise typer.Exit(exit_code)


def with_skeleton(options: MotionOptions, skeleton: str, joint_map: Path | None) -> MotionOptions:
    """The options with a known skeleton's name, or with what a file holds. Raises UnknownNameError, InvalidInputError."""
    from pantomatrix_converters.errors import InvalidInputError
    from pantomatrix_converters.humanoid import HumanoidMap
    from pantomatrix_converters.skeleton import skeleton_names
    from pantomatrix_converters.skeleton_file import find_skeleton

    if joint_map and not skeleton:
        raise InvalidInputError("--joint-map belongs to a --skeleton")
    if not skeleton or (skeleton in skeleton_names() and not joint_map):
        return options
    target = find_skeleton(skeleton)
    return replace(options, skeleton=target, joint_map=HumanoidMap.load(joint_map, target) if joint_map else None)


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

    def constraints(self, seconds: float) -> tuple[PoseConstraint, ...]:
        """For a clip of that length. Raises InvalidInputError, FormatError."""
        from pantomatrix_models.constraints import pose_of

        found = []
        if self.start is not None:
            found.append(pose_of(_read_motion(self.start), -1, 0.0))
        if self.end is not None:
            found.append(pose_of(_read_motion(self.end), 0, seconds))
        return tuple(found)


@cache
def _read_motion(path: Path) -> Motion:
    from .inputs import read_motion

    return read_motion(path)[1].motion


def _emotion(text: str) -> tuple[Emotion, float]:
    from pantomatrix_converters.errors import InvalidInputError
    from pantomatrix_models.options import emotion_named

    name, _, strength = text.partition("=")
    try:
        return emotion_named(name.strip()), float(strength or 1.0)
    except ValueError:
        raise InvalidInputError(f"--emotion {text}: expected NAME=STRENGTH, such as joy=0.6") from None


def _options(
    model: str, speaker: str, seed: int, fps: float, skeleton: str, parts: str, root: str, timing: str
) -> MotionOptions:
    from pantomatrix_converters.errors import UnknownNameError
    from pantomatrix_converters.root import root_mode
    from pantomatrix_models.options import MotionOptions, body_part

    if timing not in ("exact", "reference"):
        raise UnknownNameError("timing", timing, ("exact", "reference"))
    return MotionOptions(
        model=model,
        speaker=speaker,
        seed=seed,
        fps=fps,
        skeleton=skeleton,
        parts=tuple(body_part(name.strip()) for name in parts.split(",") if name.strip()),
        root_mode=root_mode(root),
        reference_timing=timing == "reference",
    )


@dataclass(frozen=True)
class _Made:
    motion: Motion
    audio_seconds: float
    notes: tuple[str, ...]


class _Source(Protocol):
    """Where motion comes from."""

    def __enter__(self) -> object: ...
    def __exit__(self, *error: object) -> None: ...
    def motion(self, data: bytes, path: Path, show_progress: bool) -> _Made: ...


class _InProcess:
    """Computed here."""

    def __init__(
        self,
        options: MotionOptions,
        poses: _Poses,
        places: dict[str, str],
        device: str,
        precision: str,
        matrix: ArkitMatrix | None,
    ) -> None:
        from pantomatrix_models.generation import plan
        from pantomatrix_models.registry import ModelRegistry

        logging.basicConfig(format="note: %(message)s", stream=sys.stderr)
        logging.getLogger("pantomatrix").setLevel(logging.INFO)
        self._generation, self._poses = (
            plan(options, ModelRegistry(places, device, precision), matrix),
            poses,
        )

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass

    def motion(self, data: bytes, path: Path, show_progress: bool) -> _Made:
        from pantomatrix_converters.motion import concatenate
        from pantomatrix_models.audio.decode import decode_file
        from pantomatrix_models.errors import AudioError

        try:
            speech = decode_file(data, float("inf"), str(path))
        except AudioError as error:
            raise AudioError(f"{path}: {error}") from None
        constraints = self._poses.constraints(speech.duration_seconds)
        generation = replace(self._generation, options=replace(self._generation.options, constraints=constraints))
        generation.frame_count(speech)
        pieces = []
        with progress(speech.duration_seconds, path.name, show_progress) as done:
            for piece in generation.pieces(speech):
                pieces.append(piece)
                done(sum(p.duration_seconds for p in pieces))
        return _Made(concatenate(pieces), speech.duration_seconds, speech.notes)


class _Server:
    """Computed by a server."""

    def __init__(self, address: str, options: MotionOptions, poses: _Poses) -> None:
        from pantomatrix_client import Client

        self._client, self._options, self._poses = Client(address), options, poses

    def __enter__(self) -> None:
        self._client.__enter__()

    def __exit__(self, *error: object) -> None:
        self._client.__exit__(*error)

    def motion(self, data: bytes, path: Path, show_progress: bool) -> _Made:
        from pantomatrix_client import ServerError
        from pantomatrix_server.errors import ServerCallError
        from pantomatrix_server.remote import motion_from_client, skeleton_for_client

        wanted = self._options
        try:
            stream = self._client.stream(
                data,
                model=wanted.model,
                speaker=wanted.speaker,
                seed=wanted.seed,
                fps=wanted.fps,
                **skeleton_for_client(wanted),
                face_rig=wanted.face_rig,
                foot_lock=wanted.foot_lock,
                parts=[str(part) for part in wanted.parts],
                root_mode=str(wanted.root_mode),
                timing="reference" if wanted.reference_timing else "exact",
                emotions=dict(wanted.emotions),
                gesture_amplitude=wanted.gestures.amplitude,
                gesture_rate=wanted.gestures.rate,
                constraints=self._constraints(data, path),
            )
            with progress(stream.header.frame_count, path.name, show_progress) as done:
                for block in stream:
                    done(block.first_frame + len(block))
            made = stream.motion()
        except ServerError as error:
            raise ServerCallError(f"{path}: {error}", error.code) from None
        return _Made(motion_from_client(made), made.audio_seconds, made.notes)

    def _constraints(self, data: bytes, path: Path) -> list[ClientConstraint]:
        from pantomatrix_client import PoseConstraint

        if self._poses.start is None and self._poses.end is None:
            return []
        from pantomatrix_models.audio.decode import decode_file

        seconds = decode_file(data, float("inf"), str(path)).duration_seconds
        return [
            PoseConstraint(known.time_seconds, known.rotations, known.root_translation)
            for known in self._poses.constraints(seconds)
        ]


def _result(path: Path, made: _Made, files: list[Path], notes: list[str], wall_seconds: float) -> dict[str, object]:
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


def _show(results: list[dict], as_json: bool) -> None:
    if as_json:
        show_json(results)
    elif results:
        _show_table(results)


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
    for result in results:
        show_files(result["files"])

"""What the server can do: catalog.proto."""

from __future__ import annotations

from pantomatrix.v1 import catalog_pb2, options_pb2
from pantomatrix_converters.coordinates import CANONICAL
from pantomatrix_converters.face.rigs import FaceRig
from pantomatrix_converters.formats import MotionFormat
from pantomatrix_converters.skeleton import MAX_JOINTS
from pantomatrix_models.live import MAX_CHUNK_SECONDS
from pantomatrix_models.model import ModelInfo
from pantomatrix_models.options import SHOWN_AS, Emotion, Expression

from ..app.catalog import Catalog
from ..app.limits import Limits
from ..app.live_inputs import MAX_WAITING_SECONDS
from .channels import BLOCK_BYTES
from .features import FEATURES
from .skeleton import coordinates_message, skeleton_message


def catalog_message(catalog: Catalog) -> catalog_pb2.GetCatalogResponse:
    """Takes milliseconds: not for the event loop."""
    return catalog_pb2.GetCatalogResponse(
        server_version=catalog.server_version,
        models=map(_model, catalog.models),
        skeletons=[skeleton_message(skeleton, CANONICAL) for skeleton in catalog.skeletons],
        face_rigs=map(_face_rig, catalog.face_rigs),
        formats=map(_format, catalog.formats),
        coordinate_systems=map(coordinates_message, catalog.coordinate_systems),
        limits=_limits(catalog.limits),
        emotions=[catalog_pb2.EmotionInfo(name=emotion, description=SHOWN_AS[emotion]) for emotion in Emotion],
        features=FEATURES,
    )


def _model(info: ModelInfo) -> catalog_pb2.ModelInfo:
    return catalog_pb2.ModelInfo(
        name=info.name,
        description=info.description,
        version=info.version,
        parts=sorted(options_pb2.BodyPart.Value(f"BODY_PART_{part.upper()}") for part in info.parts),  # type: ignore[arg-type]
        speakers=[catalog_pb2.SpeakerInfo(id=s.id, display_name=s.display_name) for s in info.speakers],
        skeleton=info.skeleton,
        face_rig=info.face_rig,
        default_fps=info.default_fps,
        sample_rate_hz=info.sample_rate_hz,
        look_ahead_seconds=info.look_ahead_seconds,
        streaming=info.streaming,
        live_look_ahead_seconds=info.live_look_ahead_seconds or info.look_ahead_seconds,
        constraints=True,
        weights_license=info.weights_license,
        gestures=info.gestures,
        emotions=list(Emotion) if info.emotions else (),
        timed_text=info.timed_text,
        expressions=list(Expression) if info.expressions else (),
    )


def _face_rig(rig: FaceRig) -> catalog_pb2.FaceRigInfo:
    return catalog_pb2.FaceRigInfo(name=rig.name, description=rig.description, curve_names=rig.curve_names)


def _format(entry: MotionFormat) -> catalog_pb2.FormatInfo:
    return catalog_pb2.FormatInfo(
        name=entry.name,
        description=entry.description,
        extensions=entry.extensions,
        readable=entry.read is not None,
        writable=entry.write is not None,
        body=entry.body,
        face=entry.face,
        any_coordinates=entry.any_coordinates,
    )


def _limits(limits: Limits) -> catalog_pb2.Limits:
    return catalog_pb2.Limits(
        max_message_bytes=limits.max_message_bytes,
        max_clip_seconds=limits.max_clip_seconds,
        max_concurrent_clips=limits.max_concurrent_clips,
        max_queued_clips=limits.max_queued_clips,
        max_joints=MAX_JOINTS,
        max_frames=limits.max_convert_frames,
        max_streams=limits.max_streams,
        max_chunk_seconds=MAX_CHUNK_SECONDS,
        max_waiting_seconds=MAX_WAITING_SECONDS,
        max_block_bytes=BLOCK_BYTES,
        silent_caller_seconds=limits.silent_caller_seconds,
        reader_timeout_seconds=limits.reader_timeout_seconds,
        drain_seconds=limits.drain_seconds,
    )

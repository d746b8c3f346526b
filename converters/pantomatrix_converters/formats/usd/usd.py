"""OpenUSD: a skeleton and its animation (UsdSkel), face curves as blend shape weights (the extra `usd`, package usd-core)."""

from __future__ import annotations

import re
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ... import rotations
from ...coordinates import GLTF, CoordinateSystem
from ...kinematics import rest_pose
from ...motion import Motion
from ...provenance import provenance_text
from ...skeleton import Skeleton
from ..motion_format import MotionFormat
from ..stick_figure import stick_figure


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion as a binary .usdc, Y up, metres."""
    assert coordinates == GLTF
    Usd, UsdGeom, UsdSkel, Vt = map(_pxr, ("Usd", "UsdGeom", "UsdSkel", "Vt"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "motion.usdc")
        stage = Usd.Stage.CreateNew(str(path))
        UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
        UsdGeom.SetStageMetersPerUnit(stage, 1.0)
        stage.SetTimeCodesPerSecond(motion.fps)
        stage.SetFramesPerSecond(motion.fps)
        stage.SetStartTimeCode(0)
        stage.SetEndTimeCode(len(motion) - 1)
        root = UsdSkel.Root.Define(stage, "/Motion")
        stage.SetDefaultPrim(root.GetPrim())
        animation = UsdSkel.Animation.Define(stage, "/Motion/Animation")
        if motion.has_body:
            _add_skeleton(stage, motion.skeleton)
            _animate(animation, motion)
        if motion.face is not None:
            animation.CreateBlendShapesAttr(Vt.TokenArray([_identifier(name) for name in motion.face.names]))
            weights = animation.CreateBlendShapeWeightsAttr()
            for frame, row in enumerate(motion.face.weights):
                weights.Set(Vt.FloatArray.FromNumpy(row), frame)
        if motion.provenance:
            stage.GetRootLayer().customLayerData = {"provenance": provenance_text(motion.provenance)}
        stage.GetRootLayer().Save()
        return path.read_bytes()


def _pxr(module: str) -> Any:
    return import_module(f"pxr.{module}")


def _joint_paths(skeleton: Skeleton) -> list[str]:
    """UsdSkel names joints by their path from the root."""
    paths: list[str] = []
    for name, parent in zip(skeleton.joint_names, skeleton.parents, strict=True):
        paths.append(f"{paths[parent]}/{_identifier(name)}" if parent >= 0 else _identifier(name))
    return paths


def _identifier(name: str) -> str:
    """The name with what USD forbids replaced by _."""
    text = re.sub(r"\W", "_", name, flags=re.ASCII)
    return text if re.match(r"[A-Za-z_]", text) else f"_{text}"


def _add_skeleton(stage: Any, skeleton: Skeleton) -> None:
    UsdGeom, UsdSkel, Vt = map(_pxr, ("UsdGeom", "UsdSkel", "Vt"))
    prim = UsdSkel.Skeleton.Define(stage, "/Motion/Skeleton")
    prim.CreateJointsAttr(Vt.TokenArray(_joint_paths(skeleton)))
    positions, turns = rest_pose(skeleton)
    prim.CreateBindTransformsAttr(Vt.Matrix4dArray.FromNumpy(_matrices(positions, turns)))
    prim.CreateRestTransformsAttr(
        Vt.Matrix4dArray.FromNumpy(_matrices(skeleton.rest_translations, skeleton.rest_rotations_xyzw))
    )
    UsdSkel.BindingAPI.Apply(prim.GetPrim()).CreateAnimationSourceRel().SetTargets(["/Motion/Animation"])
    figure = stick_figure(skeleton)
    mesh = UsdGeom.Mesh.Define(stage, "/Motion/Figure")
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(figure.points.astype(np.float32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray([3] * len(figure.triangles)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray(figure.triangles.ravel().tolist()))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    binding.CreateSkeletonRel().SetTargets(["/Motion/Skeleton"])
    binding.CreateJointIndicesPrimvar(False, 1).Set(Vt.IntArray(figure.joints.tolist()))
    binding.CreateJointWeightsPrimvar(False, 1).Set(Vt.FloatArray([1.0] * len(figure.joints)))


def _matrices(positions: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """(J, 4, 4) for row vectors, as USD has them."""
    matrices = np.tile(np.eye(4), (len(positions), 1, 1))
    matrices[:, :3, :3] = np.swapaxes(rotations.matrix_from_quat(turns), 1, 2)
    matrices[:, 3, :3] = positions
    return matrices


def _animate(animation: Any, motion: Motion) -> None:
    Vt = _pxr("Vt")
    skeleton = motion.skeleton
    animation.CreateJointsAttr(Vt.TokenArray(_joint_paths(skeleton)))
    animation.CreateScalesAttr(Vt.Vec3hArray.FromNumpy(np.ones((len(skeleton), 3), np.float16)))
    turns, places = animation.CreateRotationsAttr(), animation.CreateTranslationsAttr()
    offsets = skeleton.rest_translations.astype(np.float32)
    for frame, (quats, root) in enumerate(zip(motion.rotations_xyzw, motion.root_translation, strict=True)):
        offsets[0] = root
        turns.Set(Vt.QuatfArray.FromNumpy(quats), frame)
        places.Set(Vt.Vec3fArray.FromNumpy(offsets), frame)


USD = MotionFormat(
    name="usd",
    description="OpenUSD: UsdSkel skeleton and animation, face curves as blend shape weights (extra usd)",
    extensions=(".usdc", ".usd"),
    body=True,
    face=True,
    native_coordinates=GLTF,
    any_coordinates=False,
    recognises=lambda data: data.startswith(b"PXR-USDC"),
    read=None,
    write=write,
    draws_figure=True,
    extra="usd",
    has_writer=lambda: find_spec("pxr") is not None,
)

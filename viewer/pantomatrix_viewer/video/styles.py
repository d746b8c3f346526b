"""The ways of drawing a motion, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import InvalidInputError, UnsupportedError
from pantomatrix_converters.face.conversion import with_face_rig
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion

from .body_mesh import BodyMesh
from .camera import framing
from .canvas import Canvas, Colour, blank
from .face_drawing import draw_face
from .openpose import draw_openpose, openpose_keypoints

Array = NDArray[np.float64]
Size = tuple[int, int]

_LEFT: Colour = (214, 84, 98)
_RIGHT: Colour = (48, 140, 160)
_MIDDLE: Colour = (226, 228, 234)
_TOP: Colour = (44, 50, 62)
_BOTTOM: Colour = (26, 29, 36)
_FLOOR: Colour = (70, 78, 94)
_CLAY = np.array([214.0, 200.0, 188.0])
_LIGHT = np.array([0.25, 0.60, 0.76])
_SKULL_METRES = 0.10


@dataclass(frozen=True, eq=False)
class Scene:
    """What to draw: size: width and height, pixels; body_model: the user's SMPL-X model, for the mesh."""

    motion: Motion
    size: Size
    body_model: Path | None = None


class Style(Protocol):
    """Draws one frame after another."""

    def draw(self, frame: int) -> NDArray[np.uint8]:
        """(H, W, 3) red, green, blue."""
        ...


_FLESH_METRES = 0.16
"""How far a body reaches around its joints."""
_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])


class SkeletonStyle:
    """Bones as limbs over a floor, the character's left red and right blue; the face, if there is one, in a corner."""

    def __init__(self, scene: Scene) -> None:
        motion, size = scene.motion, scene.size
        positions = _body_positions(motion)
        self._camera = framing(positions, size)
        self._points = self._camera.project(positions)
        self._depth = positions[..., 2]
        heads = [at for at, name in enumerate(motion.skeleton.joint_names) if name.lower().split(":")[-1] == "head"]
        self._bones = [
            (int(parent), joint)
            for joint, parent in enumerate(motion.skeleton.parents)
            if parent >= 0 and int(parent) not in heads
        ]
        self._heads = [self._camera.project(_skull(motion, positions, head)) for head in heads]
        self._colours = [_side_colour(name) for name in motion.skeleton.joint_names]
        self._radii = _limb_radii(motion)
        self._background = self._floor(blank(size, _TOP, _BOTTOM), float(positions[..., 1].min()))
        self._face = _arkit_face(motion)
        self._size = size

    def _floor(self, background: NDArray[np.uint8], height: float) -> NDArray[np.uint8]:
        canvas = Canvas(background)
        reach = np.arange(-1.5, 1.51, 0.5)
        x, z = self._camera.centre[0], self._camera.centre[2]
        for step in reach:
            for ends in ([[x + step, z - 1.5], [x + step, z + 1.5]], [[x - 1.5, z + step], [x + 1.5, z + step]]):
                line = np.array([[a, height, b] for a, b in ends])
                canvas.line(self._camera.project(line)[:, :2], _FLOOR, 1)
        return canvas.pixels

    def draw(self, frame: int) -> NDArray[np.uint8]:
        """See Style."""
        canvas, points = Canvas(self._background), self._points[frame]
        for parent, joint in sorted(self._bones, key=lambda bone: self._depth[frame, bone[1]]):
            radii = (self._radii[parent] * points[parent, 2], self._radii[joint] * points[joint, 2])
            canvas.capsule(points[parent, :2], points[joint, :2], radii, self._colours[joint])
        for head in self._heads:
            canvas.disc(head[frame, :2], _SKULL_METRES * head[frame, 2], _MIDDLE)
        if self._face is not None:
            half = self._size[1] * 0.16
            draw_face(canvas, self._face.weights(frame), np.array([self._size[0] - 1.15 * half, 1.25 * half]), half)
        return canvas.pixels


class MeshStyle:
    """The user's SMPL-X body, shaded by a light from above, far faces first."""

    def __init__(self, scene: Scene) -> None:
        if scene.body_model is None:
            raise InvalidInputError("the mesh needs your SMPL-X model: --body-model SMPLX_NEUTRAL.npz")
        _check_body(scene.motion)
        model = BodyMesh.load(scene.body_model)
        self._faces = model.faces
        self._body = model.posed(scene.motion)
        self._camera = framing(self._body.joints[..., None, :] + _FLESH_METRES * _CORNERS, scene.size)
        self._background = blank(scene.size, _TOP, _BOTTOM)

    def draw(self, frame: int) -> NDArray[np.uint8]:
        """See Style."""
        canvas, vertices = Canvas(self._background), self._body.vertices(frame)
        corners = vertices[self._faces]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        seen = np.flatnonzero(normals[:, 2] > -0.05)
        order = seen[np.argsort(corners[seen, :, 2].mean(axis=1))]
        light = 0.35 + 0.65 * np.clip(normals[order] @ _LIGHT, 0.0, 1.0)
        colours = np.round(light[:, None] * _CLAY).astype(int).tolist()
        canvas.triangles(self._camera.project(vertices)[:, :2][self._faces[order]], colours)
        return canvas.pixels


class FaceStyle:
    """The face alone, as large as the picture."""

    def __init__(self, scene: Scene) -> None:
        if scene.motion.face is None:
            raise UnsupportedError("the file has no face to draw: --style skeleton draws its body")
        self._face, self._size = _ArkitFace(scene.motion), scene.size
        self._background = blank(scene.size, _TOP, _BOTTOM)

    def draw(self, frame: int) -> NDArray[np.uint8]:
        """See Style."""
        canvas, (width, height) = Canvas(self._background), self._size
        half = 0.40 * min(width, height)
        draw_face(canvas, self._face.weights(frame), np.array([width / 2, 0.47 * height]), half)
        return canvas.pixels


class OpenPoseStyle:
    """Key points of body, hands and face on black in OpenPose's layout and colours, as ControlNet and others read them."""

    def __init__(self, scene: Scene) -> None:
        motion, size = scene.motion, scene.size
        _check_body(motion)
        keypoints = openpose_keypoints(motion)
        frames = len(motion)
        camera = framing(np.concatenate([keypoints.body, keypoints.hands.reshape(frames, -1, 3)], axis=1), size)
        self._body, self._hands = camera.project(keypoints.body), camera.project(keypoints.hands)
        self._face = _arkit_face(motion)
        self._background = blank(size, (0, 0, 0), (0, 0, 0))

    def draw(self, frame: int) -> NDArray[np.uint8]:
        """See Style."""
        canvas = Canvas(self._background)
        weights = self._face.weights(frame) if self._face is not None else {}
        draw_openpose(canvas, self._body[frame, :, :2], self._hands[frame, :, :, :2], weights)
        return canvas.pixels


class _ArkitFace:
    """The weights of ARKit's curves in a motion. Raises UnsupportedError if its face cannot become ARKit's."""

    def __init__(self, motion: Motion) -> None:
        face = with_face_rig(motion, ARKIT52.name, None)[0].face
        assert face is not None
        self._names, self._weights = face.names, face.weights

    def weights(self, frame: int) -> dict[str, float]:
        return dict(zip(self._names, self._weights[frame].tolist(), strict=True))


def _check_body(motion: Motion) -> None:
    """Raises UnsupportedError if there is no body."""
    if not motion.has_body:
        raise UnsupportedError("the file has a face and no body: draw it with --style face")


def _body_positions(motion: Motion) -> Array:
    """(T, J, 3) of all joints, metres. Raises UnsupportedError if there is no body."""
    _check_body(motion)
    return forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[0]


def _skull(motion: Motion, positions: Array, head: int) -> Array:
    """(T, 3) its middle, on along the neck."""
    neck = positions[:, int(motion.skeleton.parents[head])]
    along = positions[:, head] - neck
    return positions[:, head] + 0.9 * _SKULL_METRES * along / np.maximum(
        np.linalg.norm(along, axis=1, keepdims=True), 1e-6
    )


def _arkit_face(motion: Motion) -> _ArkitFace | None:
    """Nothing where there is no face, or one that is not ARKit's and cannot become it without the user's FLAME model."""
    try:
        return _ArkitFace(motion) if motion.face is not None else None
    except UnsupportedError:
        return None


def _side_colour(name: str) -> Colour:
    lower = name.lower()
    if "left" in lower or lower.startswith("l_") or lower.endswith(("_l", ".l")):
        return _LEFT
    if "right" in lower or lower.startswith("r_") or lower.endswith(("_r", ".r")):
        return _RIGHT
    return _MIDDLE


def _limb_radii(motion: Motion) -> Array:
    """(J,) metres: joints that carry much are thick."""
    parents = motion.skeleton.parents
    length = np.linalg.norm(motion.skeleton.rest_translations, axis=1)
    carried = length.copy()
    for joint in range(len(parents) - 1, 0, -1):
        carried[parents[joint]] += carried[joint]
    return np.clip(0.012 + 0.011 * np.sqrt(carried), 0.007, 0.045) * np.where(length < 0.05, 0.55, 1.0)


STYLES: dict[str, Callable[[Scene], Style]] = {
    "skeleton": SkeletonStyle,
    "mesh": MeshStyle,
    "face": FaceStyle,
    "openpose2d": OpenPoseStyle,
}

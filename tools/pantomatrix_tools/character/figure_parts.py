"""What of the figure is shown, and in which colour: skin, hair, suit, eyes, brows, mouth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .makehuman import Figure
from .rig import FINGERS, JOINTS

Array = NDArray[np.float64]

_SKIN, _LIPS, _INSIDE = (0.80, 0.61, 0.51), (0.66, 0.37, 0.35), (0.30, 0.09, 0.10)
_BROWS, _LASHES, _HAIR = (0.17, 0.11, 0.08), (0.10, 0.07, 0.06), (0.15, 0.10, 0.08)
_WHITE, _IRIS, _PUPIL = (0.93, 0.92, 0.90), (0.22, 0.36, 0.45), (0.02, 0.02, 0.03)
_TEETH, _TONGUE, _SUIT = (0.92, 0.90, 0.85), (0.70, 0.34, 0.35), (0.24, 0.31, 0.42)

_HAIR_METRES = 0.011
_HAIRLINE = np.array([(-0.10, 1.487), (-0.02, 1.492), (0.012, 1.557), (0.05, 1.587), (0.09, 1.604), (0.14, 1.619)])
"""Heights above which the head has hair, by z, metres."""
_EARS = (0.083, 1.587)
_LIP_CENTRE, _LIP_HALF = (0.0, 1.4908), (0.026, 0.0125)
_BROW = np.array([(0.009, 1.574), (0.020, 1.578), (0.032, 1.581), (0.042, 1.578), (0.050, 1.572)])
_BROW_HALF = np.array([0.0030, 0.0034, 0.0030, 0.0022, 0.0010])
_IRIS_RADIUS, _PUPIL_RADIUS = 0.0060, 0.0026
_UPPER_LASHES = -0.002
_TEETH_MIDDLE = (0.0, 1.49, 0.085)
_COLLAR, _CUFF = 1.397, 0.045


@dataclass(frozen=True, eq=False)
class Part:
    """points, normals: (N, 3) metres. triangles: (M, 3). colours: (N, 3) sRGB, 0 to 1. weights: (N, J) of the joints.
    shapes: (K, N, 3) displacements."""

    points: Array
    normals: Array
    triangles: NDArray[np.int64]
    colours: Array
    weights: Array
    shapes: Array

    def turns(self) -> Iterator[Array]:
        """(N, 3) of each shape: how its normals change, so that light shows cheeks and furrows."""
        still = _normals(self.points, self.triangles)
        for shape in self.shapes:
            yield _normals(self.points + shape, self.triangles) - still

    def taken(self, triangles: NDArray[np.int64]) -> Part:
        """Some of its triangles, with the points that they need."""
        kept, index = np.unique(triangles, return_inverse=True)
        return Part(
            self.points[kept],
            self.normals[kept],
            index.reshape(-1, 3),
            self.colours[kept],
            self.weights[kept],
            self.shapes[:, kept],
        )


def joined(parts: Sequence[Part]) -> Part:
    """All as one."""
    starts = np.cumsum([0, *(len(part.points) for part in parts[:-1])])
    return Part(
        np.concatenate([part.points for part in parts]),
        np.concatenate([part.normals for part in parts]),
        np.concatenate([part.triangles + start for part, start in zip(parts, starts, strict=True)]),
        np.concatenate([part.colours for part in parts]),
        np.concatenate([part.weights for part in parts]),
        np.concatenate([part.shapes for part in parts], axis=1),
    )


def head_and_body(figure: Figure, weights: Array) -> tuple[Part, Part]:
    """What the face moves, and the rest. weights: (V, J)."""
    shapes = np.stack(list(figure.shapes.values()))
    skin = _part(figure, ["body"], _SKIN, weights, shapes)
    skin = _with_mouth(_with_hair(skin.taken(_bare(skin))))
    on_head = skin.weights[:, list(JOINTS).index("head")] + skin.weights[:, list(JOINTS).index("neck")] > 0.5
    of_head = on_head[skin.triangles].any(axis=1)
    eyes = [_part(figure, [f"helper-{side}-eye"], _WHITE, weights, shapes) for side in "lr"]
    lashes = _part(
        figure, [f"helper-{side}-eyelashes-{row}" for side in "lr" for row in (1, 2)], _LASHES, weights, shapes
    )
    upper = lashes.points[lashes.triangles, 1].mean(axis=1) > figure.joints["l-eye"][1] + _UPPER_LASHES
    head = [
        skin.taken(skin.triangles[of_head]),
        *eyes,
        *(decal for eye in eyes for decal in _iris(eye)),
        *(_brow(skin, side) for side in (1.0, -1.0)),
        lashes.taken(lashes.triangles[upper]),
        _lit_from_the_front(_part(figure, ["helper-upper-teeth", "helper-lower-teeth"], _TEETH, weights, shapes)),
        _part(figure, ["helper-tongue"], _TONGUE, weights, shapes),
    ]
    body = [
        skin.taken(skin.triangles[~of_head]),
        _part(figure, ["helper-tights"], _SUIT, weights, shapes),
    ]
    return joined(head), joined(body)


def _part(figure: Figure, names: list[str], colour: tuple[float, ...], weights: Array, shapes: Array) -> Part:
    quads = np.concatenate([figure.faces[name] for name in names])
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    colours = np.broadcast_to(colour, figure.vertices.shape)
    whole = Part(figure.vertices, _normals(figure.vertices, triangles), triangles, colours, weights, shapes)
    return whole.taken(triangles)


def _lit_from_the_front(teeth: Part) -> Part:
    """Their edges, which are most of what a smile shows, face down or up and would be grey."""
    out = (teeth.points - _TEETH_MIDDLE) * [1.0, 0.0, 1.0]
    return replace(teeth, normals=out / np.linalg.norm(out, axis=1, keepdims=True))


def _normals(points: Array, triangles: NDArray[np.int64]) -> Array:
    """(N, 3) unit, of triangles by their area."""
    a, b, c = (points[triangles[:, corner]] for corner in range(3))
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], np.cross(b - a, c - a))
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def _bare(skin: Part) -> NDArray[np.int64]:
    """Triangles that the suit does not cover: head, neck from the collar up, hands."""
    names = list(JOINTS)
    owner = np.array(names)[skin.weights.argmax(axis=1)]
    head = (owner == "head") | ((owner == "neck") & (skin.points[:, 1] > _COLLAR))
    hands = np.array([name.split("_")[-1][:-1] in FINGERS for name in owner])
    for side in ("left", "right"):
        wrist = skin.points[owner == f"{side}_wrist"]
        near = np.linalg.norm(skin.points - wrist.mean(axis=0), axis=1) < np.ptp(wrist, axis=0).max() / 2 + _CUFF
        hands |= (owner == f"{side}_wrist") | ((owner == f"{side}_elbow") & near)
    return skin.triangles[(head | hands)[skin.triangles].all(axis=1)]


def _with_hair(skin: Part) -> Part:
    x, y, z = skin.points.T
    above = y - np.interp(z, *_HAIRLINE.T)
    above[(np.abs(x) > _EARS[0]) & (y < _EARS[1]) & (z > -0.03)] = -1.0
    thick = np.clip(above / 0.03, 0.0, 1.0)
    points = skin.points + _HAIR_METRES * (thick * (2 - thick))[:, None] * skin.normals
    colours = np.where(above[:, None] > 0, _HAIR, skin.colours)
    return replace(skin, points=points, normals=_normals(points, skin.triangles), colours=colours)


def _with_mouth(skin: Part) -> Part:
    x, y, z = skin.points.T
    inside = (np.abs(x) < 0.04) & (y > 1.460) & (y < 1.537) & (z > 0.08) & (z < 0.1446) & (skin.normals[:, 2] < 0.2)
    reach = np.hypot((x - _LIP_CENTRE[0]) / _LIP_HALF[0], (y - _LIP_CENTRE[1]) / _LIP_HALF[1])
    lips = np.clip((1.12 - reach) / 0.24, 0.0, 1.0) * (z > 0.12)
    colours = skin.colours + lips[:, None] * (np.array(_LIPS) - skin.colours)
    colours[inside & (reach > 0.6)] = _INSIDE
    return replace(skin, colours=colours)


def _iris(eye: Part) -> list[Part]:
    """And the pupil."""
    middle = (eye.points.min(axis=0) + eye.points.max(axis=0)) / 2
    return [
        _laid_on(eye, middle[:2] + disc, triangles, colour, lift)
        for (disc, triangles), colour, lift in (
            (_disc(_IRIS_RADIUS), _IRIS, 4e-4),
            (_disc(_PUPIL_RADIUS), _PUPIL, 6e-4),
        )
    ]


def _disc(radius: float) -> tuple[Array, NDArray[np.int64]]:
    """Rings of points and their triangles, seen from the front."""
    around, rings = 24, 4
    turn = 2 * np.pi * np.arange(around) / around
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    points = np.concatenate([[(0.0, 0.0)], *(circle * radius * ring / rings for ring in range(1, rings + 1))])
    at, following = np.arange(around), (np.arange(around) + 1) % around
    triangles = [np.stack([np.zeros(around, int), 1 + at, 1 + following], axis=1)]
    for ring in range(rings - 1):
        inner, outer = 1 + ring * around, 1 + (ring + 1) * around
        triangles.append(np.stack([inner + at, outer + at, outer + following], axis=1))
        triangles.append(np.stack([inner + at, outer + following, inner + following], axis=1))
    return points, np.concatenate(triangles)


def _brow(skin: Part, side: float) -> Part:
    along = np.linspace(0, 1, 25)
    given = np.linspace(0, 1, len(_BROW))
    middle = np.stack([np.interp(along, given, _BROW[:, axis]) for axis in range(2)], axis=1)
    half = np.interp(along, given, _BROW_HALF)
    across = np.linspace(-1, 1, 5)
    points = middle[:, None] + np.stack([np.zeros((25, 5)), half[:, None] * across], axis=2)
    points = points.reshape(-1, 2) * [side, 1.0]
    corner = (np.arange(24)[:, None] * 5 + np.arange(4)).reshape(-1)
    triangles = np.concatenate(
        [np.stack([corner, corner + 5, corner + 6], 1), np.stack([corner, corner + 6, corner + 1], 1)]
    )
    return _laid_on(skin, points, triangles if side > 0 else triangles[:, ::-1], _BROWS, 8e-4)


def _laid_on(under: Part, points: Array, triangles: NDArray[np.int64], colour: tuple[float, ...], lift: float) -> Part:
    """A figure drawn from the front on another part, which it moves with. points: (N, 2) x and y; lift: metres."""
    corners = under.points[under.triangles]
    a, b, c = corners[:, 0, :2], corners[:, 1, :2], corners[:, 2, :2]
    area = _cross(b - a, c - a)
    front = area > 1e-12
    shares, owners = np.zeros((len(points), 3)), np.zeros(len(points), np.int64)
    for at, point in enumerate(points):
        second, third = _cross(point - a, c - a) / area, _cross(b - a, point - a) / area
        inside = front & (second >= -1e-9) & (third >= -1e-9) & (second + third <= 1 + 1e-9)
        found = np.flatnonzero(inside)
        depth = corners[found, :, 2].mean(axis=1)
        owners[at] = found[depth.argmax()]
        second, third = second[owners[at]], third[owners[at]]
        shares[at] = 1 - second - third, second, third
    vertices = under.triangles[owners]
    normals = np.einsum("nc,ncd->nd", shares, under.normals[vertices])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return Part(
        np.einsum("nc,ncd->nd", shares, under.points[vertices]) + lift * normals,
        normals,
        triangles,
        np.broadcast_to(colour, (len(points), 3)),
        np.einsum("nc,ncj->nj", shares, under.weights[vertices]),
        np.einsum("nc,kncd->knd", shares, under.shapes[:, vertices]),
    )


def _cross(first: Array, second: Array) -> Array:
    return first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]

"""A plain face that shows what ARKit's 52 weights say: lids, gaze, brows, lips, teeth, tongue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .canvas import Canvas, Colour

Array = NDArray[np.float64]

_SKIN: Colour = (232, 196, 170)
_EDGE: Colour = (120, 84, 66)
_LIPS: Colour = (188, 92, 90)
_INSIDE: Colour = (70, 22, 28)
_TEETH: Colour = (246, 244, 238)
_TONGUE: Colour = (206, 104, 108)
_IRIS: Colour = (62, 92, 120)
_BROW: Colour = (84, 58, 44)
_SIDES = (("Left", 1.0), ("Right", -1.0))


@dataclass(frozen=True)
class FaceOutlines:
    """Lines of a face; x to the right of the picture (the character's left), y down, in half heights of the head, 0 at its
    middle. Each (N, 2). lids: upper then lower, of the character's left eye and of the right. irises: (2, 2) centres."""

    head: Array
    brows: tuple[Array, Array]
    lids: tuple[tuple[Array, Array], tuple[Array, Array]]
    irises: Array
    nose: Array
    outer_lips: Array
    inner_lips: Array
    tongue_out: float


def face_outlines(weights: Mapping[str, float]) -> FaceOutlines:
    """weights: ARKit's curves by name; those that are missing are 0."""

    def w(name: str) -> float:
        return float(weights.get(name, 0.0))

    def both(name: str) -> float:
        return 0.5 * (w(f"{name}Left") + w(f"{name}Right"))

    chin = 0.26 * w("jawOpen")
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    below = np.maximum(np.sin(turn), 0)
    head = np.stack(
        [0.72 * np.cos(turn) * (1 - 0.10 * below), np.sin(turn) * (1 + 0.04 * below) + chin * below], axis=1
    )
    eyes = [_eye(w, side, sign) for side, sign in _SIDES]
    outer, inner = _lips(w, both)
    return FaceOutlines(
        head=head,
        brows=(_brow(w, "Left", 1.0), _brow(w, "Right", -1.0)),
        lids=(eyes[0][0], eyes[1][0]),
        irises=np.array([eyes[0][1], eyes[1][1]]),
        nose=np.array([[0.0, -0.10], [0.07, 0.22], [0.0, 0.26], [-0.07, 0.22]]),
        outer_lips=outer,
        inner_lips=inner,
        tongue_out=w("tongueOut"),
    )


def _eye(w, side: str, sign: float) -> tuple[tuple[Array, Array], Array]:
    along = np.linspace(-1, 1, 13)
    shut = min(1.0, w(f"eyeBlink{side}") + 0.3 * w(f"eyeSquint{side}"))
    arch = 1 - along**2
    upper = 0.02 - (0.105 + 0.05 * w(f"eyeWide{side}")) * (1 - shut) * arch
    lower = 0.02 + (0.06 - 0.03 * w(f"eyeSquint{side}") - 0.02 * w(f"cheekSquint{side}")) * arch * (1 - 0.7 * shut)
    centre = np.array([0.29 * sign, -0.16])
    lids = tuple(np.stack([0.15 * along, y], axis=1) + centre for y in (upper, lower))
    outwards = w(f"eyeLookOut{side}") - w(f"eyeLookIn{side}")
    down = w(f"eyeLookDown{side}") - w(f"eyeLookUp{side}")
    return (lids[0], lids[1]), centre + np.array([0.09 * sign * outwards, -0.005 + 0.06 * down])


def _brow(w, side: str, sign: float) -> Array:
    along = np.linspace(0, 1, 9)
    raised = (
        0.14 * w("browInnerUp") * (1 - along) + 0.12 * w(f"browOuterUp{side}") * along - 0.10 * w(f"browDown{side}")
    )
    return np.stack([sign * (0.13 + 0.33 * along), -0.40 + 0.06 * (along - 0.6) ** 2 * 4 - raised], axis=1)


def _lips(w, both) -> tuple[Array, Array]:
    """Outlines of the lips, clockwise from the corner on the left of the picture."""
    rounded = 0.5 * w("mouthFunnel") + 0.8 * w("mouthPucker")
    width = (
        0.27
        * (1 + 0.30 * both("mouthStretch") + 0.22 * both("mouthSmile") + 0.1 * both("mouthDimple"))
        * (1 - 0.55 * min(rounded, 1.0))
    )
    shut = w("mouthClose")
    opened = max(0.0, 0.36 * w("jawOpen") * (1 - 0.8 * shut) + 0.06 * w("mouthFunnel"))
    upper = 0.08 * both("mouthUpperUp") + 0.15 * opened
    lower = 0.12 * both("mouthLowerDown") + 0.85 * opened
    pressed = max(both("mouthPress"), 0.5 * (w("mouthRollUpper") + w("mouthRollLower")))
    thickness = 0.055 * (1 + 0.8 * rounded) * (1 - 0.6 * pressed)
    corner = -0.10 * both("mouthSmile") + 0.09 * both("mouthFrown")
    shift = 0.10 * (w("mouthLeft") - w("mouthRight") + w("jawLeft") - w("jawRight"))
    middle = np.array([shift, 0.50])
    along = np.linspace(-1, 1, 15)
    bow = corner * along**2
    arch = 1 - along**2

    def ring(top: float, bottom: float, out: float) -> Array:
        half = width + out
        above = np.stack([half * along, bow - (top + out) * arch], axis=1)
        under = np.stack([half * along[::-1], bow[::-1] + (bottom + out) * arch[::-1]], axis=1)
        return np.concatenate([above, under[1:-1]]) + middle

    return ring(upper + thickness, lower + 1.25 * thickness, 0.02), ring(upper, lower, 0.0)


def draw_face(canvas: Canvas, weights: Mapping[str, float], centre: Array, half_height: float) -> None:
    """centre: (2,) pixels; half_height of the head: pixels."""
    outlines = face_outlines(weights)

    def at(points: Array) -> Array:
        return points * half_height + centre

    thin = max(1.0, half_height / 60)
    canvas.polygon(at(outlines.head), _SKIN)
    canvas.line(at(outlines.head), _EDGE, thin, closed=True)
    for (upper, lower), iris in zip(outlines.lids, outlines.irises, strict=True):
        opening = np.concatenate([upper, lower[::-1]])
        height = float((lower[:, 1] - upper[:, 1]).max())
        canvas.polygon(at(opening), (250, 250, 250))
        if height > 0.03:
            radius = min(0.062, 0.5 * height)
            canvas.disc(at(iris), radius * half_height, _IRIS)
            canvas.disc(at(iris), 0.45 * radius * half_height, (20, 20, 24))
        canvas.line(at(upper), _EDGE, 2 * thin)
        canvas.line(at(lower), _EDGE, thin)
    for brow in outlines.brows:
        canvas.line(at(brow), _BROW, half_height / 18)
    canvas.line(at(outlines.nose[1:]), _EDGE, thin)
    canvas.polygon(at(outlines.outer_lips), _LIPS)
    canvas.polygon(at(outlines.inner_lips), _INSIDE)
    _draw_teeth_and_tongue(canvas, outlines, at)


def _draw_teeth_and_tongue(canvas: Canvas, outlines: FaceOutlines, at) -> None:
    inner = outlines.inner_lips
    upper, lower = inner[1:14], inner[15:][::-1]
    gap = lower[:, 1] - upper[:, 1]
    if gap.max() > 0.05:
        edge = upper + np.stack([np.zeros(13), np.minimum(0.4 * gap, 0.06)], axis=1)
        canvas.polygon(at(np.concatenate([upper, edge[::-1]])), _TEETH)
        lifted = lower[3:10] - np.stack([np.zeros(7), 0.35 * gap[3:10] * np.sin(np.linspace(0, np.pi, 7))], axis=1)
        canvas.polygon(at(np.concatenate([lower[3:10], lifted[::-1]])), _TONGUE)
    if outlines.tongue_out > 0.05:
        middle = lower[6] + [0.0, 0.10 * outlines.tongue_out]
        turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
        ellipse = middle + np.stack([0.09 * np.cos(turn), 0.14 * outlines.tongue_out * np.sin(turn)], axis=1)
        canvas.polygon(at(ellipse), _TONGUE)

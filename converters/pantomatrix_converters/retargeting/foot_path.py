"""Where a foot should be: at one place while it stands, on its own path in the air.

A foot that stands flat turns neither; on its heel it turns about the heel, on its ball about the ball. A foot that the body
carries away from its place takes a step, which lasts several frames and leaves the floor.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from .foot_contacts import Flags, Foot, contacts, stretches_of

Array = NDArray[np.float64]

_BLEND_SECONDS = 0.2
_FARTHEST_METRES = 0.12
"""A foot that is carried farther from its place takes a step."""
_STEP_SECONDS, _SHORTEST_STAND_SECONDS = 0.36, 0.1
_STEP_METRES_PER_SECOND2 = 15.0
"""Most that the way from one place to the next adds to a foot's acceleration."""
_ON_THE_FLOOR_METRES = 0.025
_LIFT, _HIGHEST_LIFT_METRES = 0.2, 0.05
"""How high a step goes that the source does not make: this share of its length."""


@dataclass(frozen=True, eq=False)
class FootPath:
    """What is done to a foot.

    offset: (T, 3) from where the ankle is to where it should be, metres. turn: (T, 4) by which its world rotation is
    multiplied from the left. stands: (T,).
    """

    offset: Array
    turn: Array
    stands: Flags


@dataclass(frozen=True)
class Stand:
    """[start, stop): frames of one stand. stepped: it ends with a step that the source does not make."""

    start: int
    stop: int
    stepped: bool = False


@dataclass(frozen=True, eq=False)
class _Track:
    """The source's foot: toes, heels: (T, 3) where these points are; on_toe, on_heel: (T,) which of them stand."""

    foot: Foot
    fps: float
    size: float
    toes: Array
    heels: Array
    on_toe: Flags
    on_heel: Flags


@dataclass(frozen=True, eq=False)
class _Places:
    """What holds a foot in n frames in which it stands: a point of it, (n, 3), at its place, (n, 3). turn: (n, 4) its world
    rotation where it stands flat, NaN elsewhere."""

    point: Array
    place: Array
    turn: Array


def foot_path(
    foot: Foot, fps: float, size: float, others: list[Stand], reachable: Flags | None = None
) -> tuple[FootPath, list[Stand]]:
    """A foot's path and its stands. others: those of the other foot, whose steps come at other times.

    reachable: (T,) frames in which the body can reach the place, all by default.
    """
    toes, heels = foot.at(foot.toe), foot.at(foot.heel)
    on_toe, on_heel = _flags(toes, heels, foot, fps, size), _flags(heels, toes, foot, fps, size)
    if reachable is not None:
        on_toe, on_heel = on_toe & reachable, on_heel & reachable
    shortest = max(1, round(_SHORTEST_STAND_SECONDS * fps))
    on_toe, on_heel = _without_gaps(on_toe, on_heel, 2 * shortest), _without_gaps(on_heel, on_toe, 2 * shortest)
    _without_leaps(on_toe, on_heel, max(1, shortest // 2))
    track = _Track(foot, fps, size, toes, heels, on_toe, on_heel)
    stands = _stands(track, others)
    places = [_places(track, stand.start, stand.stop) for stand in stands]
    return _path(track, stands, places), stands


def _flags(point: Array, other: Array, foot: Foot, fps: float, size: float) -> Flags:
    flags = np.zeros(len(point), bool)
    for start, stop in contacts(point, fps, foot.height, size, other):
        flags[start:stop] = True
    return flags


def _without_gaps(stands: Flags, other: Flags, frames: int) -> Flags:
    """One end of a foot that is off the floor for a moment, while the other end stays, stays too."""
    closed = stands.copy()
    for start, stop in stretches_of(~stands):
        if start > 0 and stop < len(stands) and stop - start <= frames and other[start - 1 : stop + 1].all():
            closed[start:stop] = True
    return closed


def _without_leaps(on_toe: Flags, on_heel: Flags, frames: int) -> None:
    """Change both: a foot that goes from heel to toe, or back, and never stands on both, stands on neither in between."""
    kinds = on_toe + 2 * on_heel
    for frame in np.flatnonzero((kinds[1:] + kinds[:-1] == 3) & (kinds[1:] > 0) & (kinds[:-1] > 0)) + 1:
        between = slice(max(0, frame - frames), frame + frames)
        on_toe[between] = on_heel[between] = False


def _stands(track: _Track, others: list[Stand]) -> list[Stand]:
    """Stretches in which the foot stands, cut where it is carried away."""
    steps = [other.stop for other in others if other.stepped]
    half = max(1, round(_STEP_SECONDS * track.fps / 2))
    shortest = max(2, round(_SHORTEST_STAND_SECONDS * track.fps))
    found = []
    for start, stop in stretches_of(track.on_toe | track.on_heel):
        way = _way_from_place(track, start, stop)
        begin = start
        while (far := _first_beyond(way[begin - start :], 2 * _FARTHEST_METRES * track.size)) is not None:
            cut = _between_steps(begin, begin + far, steps, 2 * half)
            if cut + half + shortest >= stop:
                break
            found.append(Stand(begin, max(begin + 1, cut - half), stepped=True))
            begin = cut + half
        found.append(Stand(begin, stop))
    return [stand for stand in found if stand.stop - stand.start >= shortest]


def _first_beyond(way: Array, spread: float) -> int | None:
    """The first frame in which a way covers more than that. way: (n, 2)."""
    frames = 256
    while True:
        part = way[:frames]
        covered = np.maximum.accumulate(part, axis=0) - np.minimum.accumulate(part, axis=0)
        far = np.flatnonzero(np.linalg.norm(covered, axis=1) > spread)
        if len(far):
            return int(far[0])
        if frames >= len(way):
            return None
        frames *= 2


def _between_steps(begin: int, cut: int, steps: list[int], frames: int) -> int:
    """The frame of a step, away from the other foot's: half-way between two of them where they would come together."""
    at = bisect_left(steps, cut - frames + 1)
    if at == len(steps) or steps[at] >= cut + frames:
        return cut
    before = steps[at - 1] if at else begin
    middle = (max(before, begin) + steps[at]) // 2
    return middle if middle - begin > frames else steps[at] + frames


def _way_from_place(track: _Track, start: int, stop: int) -> Array:
    """(n, 2) how far the source goes from the place where the foot would be held, horizontally."""
    places = _places(track, start, stop)
    return (_held_points(track, slice(start, stop)) - places.place)[:, [0, 2]]


def _held_points(track: _Track, frames: slice) -> Array:
    """(n, 3) where the source has the points that hold the foot."""
    return np.where(track.on_toe[frames][:, None], track.toes[frames], track.heels[frames])


def _places(track: _Track, first: int, last: int) -> _Places:
    """One stand's places, so that what stays on the floor from one frame to the next stays where it is."""
    foot, toes, heels = track.foot, track.toes, track.heels
    on_toe, on_heel = track.on_toe[first:last], track.on_heel[first:last]
    places = _Places(
        np.where(on_toe[:, None], foot.toe, foot.heel), np.empty((last - first, 3)), np.full((last - first, 4), np.nan)
    )
    edges = np.flatnonzero(np.diff(on_toe + 2 * on_heel)) + 1
    toe = heel = None
    came_down = False
    for begin, end in pairwise([0, *map(int, edges), last - first]):
        start, part, own = first + begin, slice(first + begin, first + end), slice(begin, end)
        if not on_toe[begin]:
            toe = None
        elif toe is None:
            toe = toes[part].mean(axis=0) if heel is None else toes[start] + heel - heels[start]
            came_down = heel is not None
        if not on_heel[begin]:
            heel = None
        elif heel is None:
            heel = heels[part].mean(axis=0) if toe is None else heels[start] + toe - toes[start]
            came_down = False
        if toe is not None and heel is not None and foot.length:
            along = (toes[part] - heels[part]).mean(axis=0) * [1.0, 0.0, 1.0]
            along /= max(float(np.linalg.norm(along)), 1e-9)
            toe, heel = (heel + foot.length * along, heel) if came_down else (toe, toe - foot.length * along)
            mean = _mean_turn(foot.turn[part])
            level = rotations.shortest_arc(rotations.rotate(mean, (foot.toe - foot.heel) / foot.length), along)
            places.turn[own] = rotations.multiply(level, mean)
        places.place[own] = heel if toe is None else toe
    source = _held_points(track, slice(first, last))
    # The places' middle is the source's; all of them are on one floor.
    places.place[:, [0, 2]] -= (places.place - source).mean(axis=0)[[0, 2]]
    height = float(source[:, 1].mean())
    on_floor = abs(height - foot.height) < _ON_THE_FLOOR_METRES * track.size
    places.place[:, 1] = foot.height if on_floor else height
    return places


def _mean_turn(turns: Array) -> Array:
    """(4,) of rotations that are close to each other. turns: (n, 4)."""
    signs = np.where(turns @ turns[0] < 0, -1.0, 1.0)
    return rotations.normalize(signs @ turns)


def _path(track: _Track, stands: list[Stand], places: list[_Places]) -> FootPath:
    foot, frames = track.foot, len(track.toes)
    standing = np.zeros(frames, bool)
    point, place, held = np.zeros((frames, 3)), np.zeros((frames, 3)), np.full((frames, 4), np.nan)
    for stand, own in zip(stands, places, strict=True):
        part = slice(stand.start, stand.stop)
        standing[part], point[part], place[part], held[part] = True, own.point, own.place, own.turn
    carried = place - foot.ankle - rotations.rotate(foot.turn, point)
    for first, second in pairwise(stands):
        _make_room(track, standing, carried, first, second)
    flat = standing & np.isfinite(held[:, 0])
    turns = np.zeros((frames, 3))
    away = rotations.multiply(held[flat], rotations.inverse(foot.turn[flat]))
    turns[flat] = rotations.axis_angle_from_quat(rotations.shortest(away))
    turn = rotations.quat_from_axis_angle(_bridged(turns, flat, track.fps))
    offset = place - foot.ankle - rotations.rotate(rotations.multiply(turn, foot.turn), point)
    offset = _bridged(offset, standing, track.fps)
    for stand, following in pairwise(stands):
        if stand.stepped:
            start, stop = stand.stop, following.start
            way = float(np.linalg.norm((offset[stop] - offset[start - 1])[[0, 2]]))
            share = np.arange(1, stop - start + 1) / (stop - start + 1)
            lift = min(_LIFT * way, _HIGHEST_LIFT_METRES * track.size)
            offset[start:stop, 1] += lift * (4 * share * (1 - share)) ** 3
    return FootPath(offset, turn, standing)


def _make_room(track: _Track, standing: Flags, carried: Array, first: Stand, second: Stand) -> None:
    """A step needs time: both stands give some of theirs where it is too short for its way.

    standing: (T,), changed. carried: (T, 3) how far the foot is carried from its own path.
    """
    before, after = first.stop - 1, second.start
    way = float(np.linalg.norm(carried[after] - carried[before]))
    seconds = max(_SHORTEST_STAND_SECONDS, float(np.sqrt(6 * way / (_STEP_METRES_PER_SECOND2 * track.size))))
    missing = int(np.ceil(seconds * track.fps)) - (after - before)
    if missing > 0:
        from_first = min(missing // 2, (first.stop - first.start) // 3)
        from_second = min(missing - from_first, (second.stop - second.start) // 3)
        standing[first.stop - from_first : first.stop] = False
        standing[second.start : second.start + from_second] = False


def _bridged(values: Array, known: Flags, fps: float) -> Array:
    """Values of frames that are not known: from one known stretch to the next, or to 0 and back where that is far. They
    begin and end with the speed of their neighbours, so that nothing is pulled. values: (T, n)."""
    result = np.where(known[:, None], values, 0.0)
    blend = max(1.0, _BLEND_SECONDS * fps)
    frames = len(values)
    for start, stop in stretches_of(~known):
        count = stop - start + 1
        steps = np.arange(1, count)
        before = _end(values, known, start - 1, -1) if start else None
        after = _end(values, known, stop, 1) if stop < frames else None
        if before and after and count <= 2 * blend:
            result[start:stop] = _hermite(steps / count, before[0], before[1] * count, after[0], -after[1] * count)
            continue
        if before:
            result[start:stop] += _hermite(steps / blend, before[0], before[1] * blend, 0.0, 0.0)
        if after:
            result[start:stop] += _hermite(steps[::-1] / blend, after[0], after[1] * blend, 0.0, 0.0)
    return result


def _end(values: Array, known: Flags, frame: int, inwards: int) -> tuple[Array, Array]:
    """A known value at the edge of its stretch, and what it changes by in a frame on the way out of it."""
    back = 0
    while back < 2 and 0 <= frame + (back + 1) * inwards < len(values) and known[frame + (back + 1) * inwards]:
        back += 1
    inside = values[frame + back * inwards]
    return values[frame], (values[frame] - inside) / max(back, 1)


def _hermite(share: Array, start: Array, start_slope: Array, end: Array | float, end_slope: Array | float) -> Array:
    """(n, c) a cubic of which both ends and their slopes are known; the end's value beyond it. share: (n,)."""
    x = np.minimum(share, 1.0)[:, None]
    rest = 1.0 - x
    return (
        (1 + 2 * x) * rest**2 * start + x * rest**2 * start_slope + x**2 * (3 - 2 * x) * end - x**2 * rest * end_slope
    )

"""The animations of a glTF document: which there are, and their channels sampled at an even frame rate.

A clip begins at time 0, whenever its first key is: sound and other clips count from there. Before its first key and after
its last a channel holds them (section 3.11).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import FormatError, LimitError, UnknownNameError
from ...ranges import FPS
from ...resample import between
from ..motion_format import ClipFacts, ReadLimits
from .gltf_document import GltfReader

Array = NDArray[np.float64]
Channels = dict[tuple[int, str], "Channel"]
"""(node, path) -> channel."""

DEFAULT_FPS = 30.0
_SAME_TIME_SECONDS = 1e-4
_CURVE_FPS = 24.0
_USUAL_FPS = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 90.0, 100.0, 120.0, 240.0)
_OFF_BEAT = 0.05
_WIDTHS = {"rotation": 4, "translation": 3, "scale": 3, "weights": 1}


@dataclass(frozen=True)
class Channel:
    """Keys of one property of one node. times: (n,) seconds. values: (n, width), or (n, 3, width) for a cubic: tangent
    before, value, tangent behind."""

    times: Array
    values: Array
    kind: str

    @property
    def width(self) -> int:
        return self.values.shape[-1]

    def at(self, times: Array, *, turns: bool = False) -> Array:
        """(T, width) values at these times: stepped, on the shortest arc, linear or cubic as the file says."""
        keys = self.values[:, 1] if self.kind == "CUBICSPLINE" else self.values
        if len(times) == len(self.times) and np.abs(times - self.times).max() < _SAME_TIME_SECONDS:
            return keys
        if self.kind == "STEP":
            return keys[np.maximum(np.searchsorted(self.times, times + _SAME_TIME_SECONDS, side="right") - 1, 0)]
        before, after, fraction = between(self.times, times)
        if self.kind == "CUBICSPLINE":
            values = self._cubic(before, after, fraction[:, None])
            return rotations.normalize(values) if turns else values
        if turns:
            return rotations.slerp(keys[before], keys[after], fraction)
        return keys[before] + fraction[:, None] * (keys[after] - keys[before])

    def _cubic(self, before: NDArray[np.int64], after: NDArray[np.int64], t: Array) -> Array:
        """Hermite's, with tangents for a second (section 3.11, appendix C)."""
        span = (self.times[after] - self.times[before])[:, None]
        start, end = self.values[before, 1], self.values[after, 1]
        leaving, arriving = span * self.values[before, 2], span * self.values[after, 0]
        return (
            (2 * t**3 - 3 * t**2 + 1) * start
            + (t**3 - 2 * t**2 + t) * leaving
            + (3 * t**2 - 2 * t**3) * end
            + (t**3 - t**2) * arriving
        )


class GltfClips:
    """A document's animations. Keys are read when a clip is asked for."""

    def __init__(self, document: GltfReader) -> None:
        self._document = document
        self._entries = document.list_of("animations")
        self.names = [str(entry.get("name") or f"clip {at + 1}")[:200] for at, entry in enumerate(self._entries)]

    def __len__(self) -> int:
        return len(self._entries)

    def facts(self) -> tuple[ClipFacts, ...]:
        """Names, lengths and numbers of keys, as the accessors state them."""
        return tuple(self._facts(at) for at in range(len(self)))

    def _facts(self, at: int) -> ClipFacts:
        accessors = self._document.list_of("accessors")
        seconds, keys = 0.0, 0
        for sampler, _, _, where in self._targets(at):
            accessor = accessors[self._document.index(sampler.get("input"), "accessors", f"{where} times")]
            last, count = accessor.get("max"), accessor.get("count")
            if isinstance(last, list) and len(last) == 1 and isinstance(last[0], (int, float)):
                seconds = max(seconds, float(last[0]))
            keys = max(keys, count if isinstance(count, int) else 0)
        return ClipFacts(self.names[at], seconds, keys)

    def find(self, wanted: str) -> int:
        """The clip of a name, in any case if that is clear, or of a number from 1. Raises UnknownNameError."""
        for name in (str, str.lower):
            places = [at for at, own in enumerate(self.names) if name(own) == name(wanted)]
            if len(places) == 1:
                return places[0]
        if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= len(self):
            return int(wanted) - 1
        raise UnknownNameError(f"clip of {self._document.name}:", wanted, self.names)

    def moved(self, at: int | None = None) -> set[tuple[int, str]]:
        """(node, path) of all channels of a clip, or of all clips."""
        places = range(len(self)) if at is None else [at]
        return {(node, path) for place in places for _, node, path, _ in self._targets(place)}

    def channels(self, at: int, wanted: Iterable[tuple[int, str]] | None = None) -> Channels:
        """Channels of a clip, with their keys. wanted: only those of these (node, path)."""
        chosen = None if wanted is None else set(wanted)
        return {
            (node, path): _channel(self._document, sampler, path, where)
            for sampler, node, path, where in self._targets(at)
            if chosen is None or (node, path) in chosen
        }

    def _targets(self, at: int) -> list[tuple[dict, int, str, str]]:
        """(sampler, node, path, where it stands) of each channel that moves a node."""
        name, animation = self._document.name, self._entries[at]
        samplers, channels = animation.get("samplers", []), animation.get("channels", [])
        if not isinstance(samplers, list) or not isinstance(channels, list):
            raise FormatError(f"{name}: animations[{at}] has no lists of channels and samplers")
        found = []
        for number, channel in enumerate(channels):
            where = f"animations[{at}].channels[{number}]"
            target = channel.get("target") if isinstance(channel, dict) else None
            if not isinstance(target, dict):
                raise FormatError(f"{name}: {where} has no target")
            path = target.get("path")
            if "node" not in target or not isinstance(path, str) or path not in _WIDTHS:
                continue
            node, place = self._document.index(target["node"], "nodes", where), channel.get("sampler")
            if not isinstance(place, int) or not 0 <= place < len(samplers) or not isinstance(samplers[place], dict):
                raise FormatError(f"{name}: {where}.sampler is {place!r}")
            found.append((samplers[place], node, path, where))
        return found


def _channel(document: GltfReader, sampler: dict, path: str, where: str) -> Channel:
    name = document.name
    times = document.array(sampler.get("input"), 1, f"{where} times")[:, 0]
    if np.any(np.diff(times) <= 0):
        raise FormatError(f"{name}: {where} times do not increase")
    values = document.array(sampler.get("output"), _WIDTHS[path], where)
    kind = sampler.get("interpolation", "LINEAR")
    if kind not in ("LINEAR", "STEP", "CUBICSPLINE"):
        raise FormatError(f"{name}: {where} has interpolation {kind!r}")
    parts = 3 if kind == "CUBICSPLINE" else 1
    per_key, rest = divmod(len(values), len(times))
    if rest or per_key % parts or (path != "weights" and per_key != parts):
        raise FormatError(f"{name}: {where} has {len(values)} values for {len(times)} times")
    values = values.reshape(len(times), parts, -1)
    if path == "rotation":
        lengths = np.linalg.norm(values[:, parts // 2], axis=1)
        if lengths.min() < 1e-6:
            raise FormatError(f"{name}: {where} holds a rotation that is zero")
        values = values / lengths[:, None, None]
    return Channel(times, values if parts == 3 else values[:, 0], kind)


def frame_times(channels: Channels, name: str, limits: ReadLimits) -> tuple[Array, float]:
    """Times of the frames and how many a second: from 0 to the last key, at a rate that meets all keys if there is one."""
    if not channels:
        return np.zeros(1), DEFAULT_FPS
    fps = _rate(channels)
    frames = max(channel.times[-1] for channel in channels.values()) * fps + 1
    if frames > limits.max_frames:
        raise LimitError(f"{name}: {frames:.0f} frames, at most {limits.max_frames} are allowed")
    return np.arange(max(round(frames), 1)) / fps, fps


def _rate(channels: Channels) -> float:
    """Frames a second: of the longest channel, if the others' keys lie on its beat; else the slowest usual one that they
    all lie on; else one so fast that few keys are passed over. Cubics need frames between their keys."""
    longest = max((channel.times for channel in channels.values()), key=len)
    keys = np.unique(np.concatenate([channel.times for channel in channels.values()]))
    steps = np.diff(keys)
    steps = steps[steps > _SAME_TIME_SECONDS]
    if len(longest) < 2 or not len(steps):
        return DEFAULT_FPS
    own = [(len(longest) - 1) / (longest[-1] - longest[0]), 1.0 / np.median(np.diff(longest))]
    rates = [*map(_even, own), *_USUAL_FPS[:3], _even(1.0 / steps.min()), *_USUAL_FPS[3:]]
    densest = max(_even(1.0 / np.quantile(steps, 0.1)), DEFAULT_FPS)
    fps = next((rate for rate in rates if steps.min() * rate > 0.5 and _on_beat(keys, rate)), densest)
    if fps < _CURVE_FPS and any(channel.kind == "CUBICSPLINE" for channel in channels.values()):
        fps *= np.ceil(DEFAULT_FPS / fps)
    return float(fps)


def _even(fps: float) -> float:
    fps = float(np.clip(fps, FPS.least, FPS.most))
    return float(round(fps)) if abs(fps - round(fps)) < 0.02 else fps


def _on_beat(keys: Array, fps: float) -> bool:
    beats = keys * fps
    return bool(np.abs(beats - np.round(beats)).max() < _OFF_BEAT)

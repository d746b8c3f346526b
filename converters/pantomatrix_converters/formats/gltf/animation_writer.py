"""An animation on its way into a glTF document (Khronos specification, section 3.11)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...provenance import Provenances, provenance_text
from ..key_reduction import Indices, KeyReduction
from .gltf_document import FLOAT, SHORT, GltfWriter

Array = NDArray[np.float64]
PROVENANCE = "provenance"
"""In an animation's `extras`."""
_ONE = 32767
"""What 1 is as a normalised 16-bit number (section 3.11)."""
_TIMES_IN_JSON = 160
"""Bytes that an accessor of times takes in the document itself, about."""


class GltfAnimation:
    """One animation under way: frame k is at k / fps seconds.

    Its channels share their times and have a key a frame. With a reduction each has the keys that it needs, and rotations and
    weights are normalised 16-bit numbers, as the specification allows for them: a rotation is 0.003 degrees off by that.
    """

    def __init__(self, writer: GltfWriter, frames: int, fps: float, reduction: KeyReduction | None = None) -> None:
        self._writer, self._fps, self._reduction = writer, fps, reduction
        self._every_frame = np.arange(frames)
        self._times: dict[bytes, int] = {}
        self._channels: list[dict[str, Any]] = []
        self._samplers: list[dict[str, Any]] = []

    def animate(self, node: int, path: str, values: np.ndarray, unit_metres: float = 1.0) -> None:
        """A channel: values (T, width) or (T * targets,) of a node's "rotation", "translation" or "weights".

        unit_metres: what 1 is of a translation, for what the node hangs on may be of another scale.
        """
        frames, written = self._every_frame, values
        component = FLOAT
        if self._reduction is not None:
            rows = values.reshape(len(frames), -1).astype(np.float64)
            shorts = path != "translation" and np.abs(rows).max(initial=0.0) <= 1.0
            component = SHORT if shorts else FLOAT
            exact = np.rint(rows * _ONE) if shorts else rows
            unit = unit_metres if path == "translation" else 1.0
            frames = _kept(self._reduction, path, rows * unit, exact / _ONE if shorts else rows)
            key_bytes = rows.shape[1] * (2 if shorts else 4)
            if len(frames) * (key_bytes + 4) + _TIMES_IN_JSON > len(rows) * key_bytes:
                frames = self._every_frame  # times of its own would take more room than the keys
            written = exact[frames].reshape(-1, *values.shape[1:])
        times = self._times_of(frames)
        output = self._writer.add_array(written, component)
        if component == SHORT:
            self._writer.document["accessors"][output]["normalized"] = True
        self._samplers.append({"input": times, "output": output, "interpolation": "LINEAR"})
        self._channels.append({"sampler": len(self._samplers) - 1, "target": {"node": node, "path": path}})

    def _times_of(self, frames: Indices) -> int:
        """The accessor of these frames' times; channels with the same share it."""
        key = frames.tobytes()
        if key not in self._times:
            self._times[key] = self._writer.add_array(frames / self._fps, bounds=True)
        return self._times[key]

    def add(self, name: str, provenance: Provenances = ()) -> None:
        """Put it before the document's other animations."""
        animation: dict[str, Any] = {"name": name, "channels": self._channels, "samplers": self._samplers}
        if provenance:
            animation["extras"] = {PROVENANCE: json.loads(provenance_text(provenance))}
        self._writer.document.setdefault("animations", []).insert(0, animation)

    def finish(self, scene: list[int], provenance: Provenances = ()) -> None:
        """Add the animation, and the scene of these nodes."""
        self._writer.add("scenes", {"nodes": scene})
        self._writer.document["scene"] = 0
        self.add("motion", provenance)


def _kept(reduction: KeyReduction, path: str, values: Array, written: Array) -> Indices:
    if path == "rotation":
        return reduction.of_rotations(values, written)
    return reduction.of_places(values) if path == "translation" else reduction.of_weights(values, written)

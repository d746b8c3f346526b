"""Run in a process of its own: python -m pantomatrix_converters.formats.fbx.fbx_in_ufbx SOURCE.fbx TARGET.npz REQUEST

Reads an FBX by ufbx and writes what `read_fbx` needs of it: the joints and what stands above them, sampled over a take.
REQUEST is JSON: name (for messages), clip, max_frames, max_bytes, memory_bytes.

Lists of ufbx 0.0.5 lend their elements without counting them. So each list is walked once, what it held is kept to the end,
and the process leaves without tidying up.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import FormatError, LimitError, PantomatrixError, UnknownNameError
from ...ranges import FPS
from ...skeleton import MAX_JOINTS
from ..motion_format import ReadLimits
from .own_process import refuse

_DEFAULT_FPS = 30.0
_MAX_NODES = 100_000
_MAX_CURVES = 4096
_DENSER = 1.5
"""Keys this much closer than the frames that the file names are its real frames."""


def main(source: str, target: str, request: str) -> None:
    """Ends the process."""
    asked = json.loads(request)
    try:
        import ufbx  # pyright: ignore[reportMissingImports]

        _limit_memory(asked["memory_bytes"])
        try:
            arrays = _Scene(ufbx, source, asked["name"]).arrays(
                asked["clip"], ReadLimits(asked["max_bytes"], asked["max_frames"])
            )
        except ufbx.UfbxError as error:
            raise FormatError(f"{asked['name']}: {_one_line(error)}") from None
        except MemoryError:
            raise LimitError(f"{asked['name']}: takes more than {asked['memory_bytes'] >> 20} MiB to read") from None
        np.savez(target, allow_pickle=False, **arrays)
    except PantomatrixError as error:
        refuse(error)
    sys.stdout.flush()
    os._exit(0)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    with contextlib.suppress(ValueError, OSError):  # nor has every system that names it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"not a readable FBX ({text or type(error).__name__})"


@dataclass(frozen=True)
class _Take:
    name: str
    begin: float
    end: float
    anim: Any
    curves: list[Any]


class _Scene:
    """What was loaded, in metres, right-handed, Y up."""

    def __init__(self, ufbx: Any, path: str, name: str) -> None:
        self._name = name
        axis = ufbx.CoordinateAxis
        self._scene = ufbx.load_file(
            path,
            file_format=ufbx.FileFormat.FBX,
            ignore_geometry=True,
            ignore_embedded=True,
            target_axes=ufbx.CoordinateAxes(right=axis.POSITIVE_X, up=axis.POSITIVE_Y, front=axis.POSITIVE_Z),
            target_unit_meters=1.0,
            space_conversion=ufbx.SpaceConversion.ADJUST_TRANSFORMS,
            inherit_mode_handling=ufbx.InheritModeHandling.PRESERVE,
        )
        self._held: list[list[Any]] = []
        self._nodes = self._walk(self._scene.nodes)
        if len(self._nodes) > _MAX_NODES:
            raise LimitError(f"{name}: {len(self._nodes)} nodes, at most {_MAX_NODES} are allowed")
        self._clusters = self._walk(self._scene.skin_clusters)
        self._poses = self._walk(self._scene.poses)
        self._channels = self._walk(self._scene.blend_channels)
        self._stacks = self._walk(self._scene.anim_stacks)
        self._bone = ufbx.ElementType.BONE
        self._normal = ufbx.InheritMode.NORMAL
        self._above = [node.parent.typed_id if node.parent is not None else -1 for node in self._nodes]
        self._takes = [self._take(stack) for stack in self._stacks]

    def arrays(self, clip: str, limits: ReadLimits) -> dict[str, np.ndarray]:
        """What the parent builds a motion from."""
        take = self._chosen(clip)
        notes: list[str] = []
        times, fps = self._times(take, limits, notes)
        joints = self._joints(notes)
        nodes = self._with_ancestors(joints)
        limits.check_size(len(times), 3 * len(nodes), len(self._channels), self._name)
        found = {
            "fps": np.array(fps),
            "clip": np.array(take.name if take else ""),
            "clips": np.array([other.name for other in self._takes], dtype=np.str_),
            "clip_seconds": np.array([other.end - other.begin for other in self._takes]),
            "clip_keys": np.array(
                [max((len(curve.keyframes) for curve in other.curves), default=0) for other in self._takes]
            ),
            "notes": np.array(notes, dtype=np.str_),
            "names": np.array([self._nodes[node].name for node in nodes], dtype=np.str_),
            "parents": np.array([nodes.index(self._above[node]) if node != nodes[0] else -1 for node in nodes]),
            "scaled_by": np.array([self._scaled_by(node, nodes) for node in nodes], dtype=np.int64),
            "joints": np.array([nodes.index(joint) for joint in joints], dtype=np.int64),
            "rest": np.array([_flat(self._nodes[node].local_transform) for node in nodes]).reshape(-1, 10),
            "bind": self._binds(nodes),
            "tracks": self._tracks(nodes, take, times),
        }
        return found | self._face(take, times)

    def _walk(self, lent: Any) -> list[Any]:
        """What a list of ufbx holds; to be asked for once."""
        self._held.append(list(lent))
        return self._held[-1]

    def _take(self, stack: Any) -> _Take:
        values = [value for layer in self._walk(stack.layers) for value in self._walk(layer.anim_values)]
        self._held += [list(value.curves) for value in values]
        curves = [curve for held in self._held[len(self._held) - len(values) :] for curve in held if curve is not None]
        return _Take(stack.name, stack.time_begin, stack.time_end, stack.anim, curves)

    def _chosen(self, clip: str) -> _Take | None:
        """The take of that name or number, from 1; without one the first that moves anything, as tools leave an empty one
        before it."""
        if not clip:
            return next(iter([take for take in self._takes if take.curves] or self._takes), None)
        for spelt in (str, str.lower):
            named = [take for take in self._takes if spelt(take.name) == spelt(clip)]
            if len(named) == 1:
                return named[0]
        if clip.isascii() and clip.isdigit() and 0 < int(clip) <= len(self._takes):
            return self._takes[int(clip) - 1]
        raise UnknownNameError(f"clip of {self._name}:", clip, [take.name for take in self._takes])

    def _times(self, take: _Take | None, limits: ReadLimits, notes: list[str]) -> tuple[np.ndarray, float]:
        fps = float(self._scene.settings.frames_per_second)
        if not np.isfinite(fps) or fps not in FPS:
            notes.append(f"the file's rate is {fps:g} frames per second: {_DEFAULT_FPS:g} assumed")
            fps = _DEFAULT_FPS
        if take is None:
            return np.zeros(1), fps
        keys = max(take.curves, key=lambda curve: len(curve.keyframes), default=None)
        times = np.array([key.time for key in self._walk(keys.keyframes)]) if keys is not None else np.zeros(0)
        begin, end = take.begin, take.end
        if end <= begin and len(times) > 1:
            begin, end = float(times[0]), float(times[-1])
        if len(times) > 2:
            apart = float(np.median(np.diff(times)))
            if apart > 0 and 1.0 / apart > _DENSER * fps and round(1.0 / apart) in FPS:
                notes.append(f"the keys are {1 / apart:.4g} to a second, the file says {fps:g}: {1 / apart:.4g} taken")
                fps = float(round(1.0 / apart))
        frames = round((end - begin) * fps) + 1 if np.isfinite([begin, end]).all() else 0
        limits.check_frames(max(0, frames), self._name)
        return begin + np.arange(frames) / fps, fps

    def _joints(self, notes: list[str]) -> list[int]:
        """Bones, what skins are bound to, and what stands between, of the largest skeleton; parents first. In a file with
        neither: the nodes that hang on one another in the longest tree."""
        wanted = {node.typed_id for node in self._nodes if node.attrib_type == self._bone}
        bound = [cluster.bone_node for cluster in self._clusters]
        wanted |= {node.typed_id for node in bound if node is not None}
        wanted = {node for node in wanted if not self._nodes[node].is_root}
        if not wanted and any(take.curves for take in self._takes):
            wanted = {node.typed_id for node in self._nodes if not node.is_root and node.mesh is None}
        trees: dict[int, list[int]] = {}
        for node in sorted(wanted):
            trees.setdefault(self._top(node), []).append(node)
        if not trees:
            return []
        most = max(trees.values(), key=len)
        if len(trees) > 1:
            others = sum(map(len, trees.values())) - len(most)
            notes.append(f"{others} joints of {len(trees) - 1} other skeletons are left out")
        return self._connected(most)

    def _top(self, node: int) -> int:
        """The last node above that is not the scene's root."""
        while self._above[node] >= 0 and not self._nodes[self._above[node]].is_root:
            node = self._above[node]
        return node

    def _connected(self, wanted: list[int]) -> list[int]:
        """These, and what is between them and the nearest node above all of them."""
        chosen = set(wanted)
        roots = [node for node in wanted if not any(above in chosen for above in self._chain(node)[1:])]
        chains = [self._chain(root) for root in roots]
        shared = set(chains[0]).intersection(*chains[1:])
        top = roots[0] if len(roots) == 1 else next(node for node in chains[0] if node in shared)
        joints: set[int] = set()
        for node in wanted:
            while node not in joints:
                joints.add(node)
                if node == top:
                    break
                node = self._above[node]
        if len(joints) > MAX_JOINTS:
            raise LimitError(f"{self._name}: {len(joints)} joints, at most {MAX_JOINTS} are allowed")
        # ufbx sorts nodes by depth: parents come first
        return sorted(joints)

    def _chain(self, node: int) -> list[int]:
        chain = [node]
        while self._above[chain[-1]] >= 0:
            chain.append(self._above[chain[-1]])
        return chain

    def _with_ancestors(self, joints: list[int]) -> list[int]:
        return [*reversed(self._chain(joints[0])[1:]), *joints] if joints else []

    def _scaled_by(self, node: int, nodes: list[int]) -> int:
        """The place in nodes of the one whose scale comes on top of this one's: its parent, or one further up where the file
        says that the parent's is not passed on; -1 if there is none."""
        above = self._above[node]
        if self._nodes[node].inherit_mode != self._normal:
            giver = self._nodes[node].inherit_scale_node
            above = -1 if giver is None else giver.typed_id
        return nodes.index(above) if above in nodes else -1

    def _binds(self, nodes: list[int]) -> np.ndarray:
        """(N, 3, 4) matrices in the world in which meshes were bound; NaN where none is told."""
        places = {node: place for place, node in enumerate(nodes)}
        found = np.full((len(nodes), 3, 4), np.nan)
        for pose in self._poses:
            if pose.is_bind_pose:
                for bone in self._walk(pose.bone_poses):
                    if bone.bone_node is not None and bone.bone_node.typed_id in places:
                        found[places[bone.bone_node.typed_id]] = np.array(bone.bone_to_world).T
        for cluster in self._clusters:
            node = cluster.bone_node
            if node is not None and node.typed_id in places:
                found[places[node.typed_id]] = np.array(cluster.bind_to_world).T
        return found

    def _tracks(self, nodes: list[int], take: _Take | None, times: np.ndarray) -> np.ndarray:
        """(T, N, 10): translation, rotation xyzw, scale, local."""
        tracks = np.empty((len(times), len(nodes), 10), np.float32)
        chosen = [self._nodes[node] for node in nodes]
        for frame, time in enumerate(times.tolist()):
            for place, node in enumerate(chosen):
                tracks[frame, place] = _flat(node.evaluate_transform(take.anim, time) if take else node.local_transform)
        return tracks

    def _face(self, take: _Take | None, times: np.ndarray) -> dict[str, np.ndarray]:
        """Weights of the shapes if any moves; of those of one name, on several meshes, the one that moves most."""
        if len(self._channels) > _MAX_CURVES:
            raise LimitError(f"{self._name}: {len(self._channels)} shapes, at most {_MAX_CURVES} are allowed")
        found: dict[str, np.ndarray] = {}
        anim, moving = (take.anim, self._channels) if take is not None and take.curves else (None, [])
        for channel in moving:
            weights = np.array([channel.evaluate_blend_weight(anim, time) for time in times.tolist()], np.float32)
            if channel.name not in found or np.ptp(weights) > np.ptp(found[channel.name]):
                found[channel.name] = weights
        if not any(np.ptp(weights) > 0 for weights in found.values()):
            found = {}
        return {
            "curve_names": np.array(list(found), dtype=np.str_),
            "weights": np.array(list(found.values()), np.float32).reshape(len(found), len(times)).T,
            "shapes": np.array(len(self._channels)),
        }


def _flat(transform: Any) -> list[float]:
    return [*transform.translation, *transform.rotation, *transform.scale]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_text(encoding="utf-8"))

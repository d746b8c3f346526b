"""Scripts inside Blender: in the package bpy where it is installed, else in the program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pantomatrix_converters.formats.fbx.own_process import blender_environment
from tools import needs

PROGRAM = shutil.which("blender")
needs_blender = needs(find_spec("bpy") or PROGRAM, "Blender")


def in_blender(script: str, *arguments: object) -> Any:
    """What a script prints after the word SEEN, as JSON; its arguments are the last of sys.argv."""
    words = list(map(str, arguments))
    environment = dict(os.environ)
    if find_spec("bpy") is not None:
        command = [sys.executable, "-c", script, *words]
    else:
        assert PROGRAM is not None
        environment = blender_environment(PROGRAM)
        quiet = ["--background", "--factory-startup", "--python-exit-code", "1"]
        command = [PROGRAM, *quiet, "--python-expr", script, "--", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=250, check=False, env=environment)
    assert not done.returncode, (done.stdout + done.stderr)[-2000:]
    return json.loads(done.stdout.split("SEEN", 1)[1].splitlines()[0])


OLD_ON_NEW = """
import builtins, numpy
if bpy.app.version < (4,):  # Debian's runs on a Python and a numpy that took away what its importers call
    opened = builtins.open
    numpy.bool, builtins.open = bool, lambda file, mode="r", *more, **named: opened(file, mode.replace("U", ""), *more, **named)
"""


def imported(path: Path) -> str:
    """The beginning of a script: a scene with this file alone."""
    calls = {
        ".fbx": f"bpy.ops.import_scene.fbx(filepath={str(path)!r})",
        ".glb": f"bpy.context.scene.render.fps = 30; bpy.ops.import_scene.gltf(filepath={str(path)!r})",
        ".bvh": f"bpy.ops.import_anim.bvh(filepath={str(path)!r}, global_scale=0.01, use_fps_scale=False, "
        "update_scene_fps=True, frame_start=0)",
    }
    return (
        f"import json, sys, bpy\n{OLD_ON_NEW}\nbpy.ops.wm.read_factory_settings(use_empty=True)\n{calls[path.suffix]}\n"
    )

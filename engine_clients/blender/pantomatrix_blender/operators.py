"""What the panel's buttons do. With a window the server is waited for in a thread; in background mode at once."""

from __future__ import annotations

import base64
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
from bpy_extras.io_utils import ExportHelper, ImportHelper

from .character import apply_body, apply_face, new_armature, skeleton_of
from .preferences import server
from .server import CONVERT, GENERATE, Motion, ServerError, motion_of
from .sound import add_sound

_OWN_SKELETON = "smplx"
_ONLY_WHAT_IS_SHOWN: dict[str, Any] = (
    {"export_animation_mode": "ACTIVE_ACTIONS"} if bpy.app.version >= (3, 6) else {"export_nla_strips": False}
)
"""Of all actions in a file, the ones that the objects have now."""


class _Waiting:
    """An operator that waits for a server while Blender keeps working, with progress in the status bar; Esc gives up."""

    _thread: threading.Thread | None = None

    def begin(self, context: bpy.types.Context, ask: Callable[[Callable[[float], None]], Any]) -> set[str]:
        self._result: Any = None
        self._error = ""
        self._done = 0.0

        def run() -> None:
            try:
                self._result = ask(lambda done: setattr(self, "_done", done))
            except (ServerError, OSError) as error:
                self._error = str(error)

        if bpy.app.background:
            run()
            return self._end(context)
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        self._timer = context.window_manager.event_timer_add(0.1, window=context.window)
        context.window_manager.progress_begin(0, 100)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        assert self._thread is not None
        if event.type == "ESC":
            self._stop_waiting(context)
            return {"CANCELLED"}
        context.window_manager.progress_update(100 * self._done)
        if self._thread.is_alive():
            return {"PASS_THROUGH"}
        self._stop_waiting(context)
        return self._end(context)

    def _stop_waiting(self, context: bpy.types.Context) -> None:
        context.window_manager.event_timer_remove(self._timer)
        context.window_manager.progress_end()

    def _end(self, context: bpy.types.Context) -> set[str]:
        if self._error:
            self.report({"ERROR"}, self._error)
            return {"CANCELLED"}
        self.finish(context, self._result)
        return {"FINISHED"}


class _MakesMotion(_Waiting):
    """Puts a motion on the active armature and on all selected meshes; makes an armature where there is none."""

    method: str
    header: str

    def execute(self, context: bpy.types.Context) -> set[str]:
        try:
            to = server(context)
            data = base64.b64encode(Path(self.filepath).read_bytes()).decode()
            request = self.request(context, data, self.target(context))
        except (ServerError, OSError) as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        return self.begin(context, lambda progress: motion_of(to.stream(self.method, request), self.header, progress))

    def armature(self, context: bpy.types.Context) -> bpy.types.Object:
        for thing in (context.active_object, *context.selected_objects):
            if thing is not None and thing.type == "ARMATURE":
                return thing
        skeletons = server(context).catalog()["skeletons"]
        return new_armature(context, next(one for one in skeletons if one["name"] == _OWN_SKELETON))

    def target(self, context: bpy.types.Context) -> dict[str, Any]:
        """The skeleton that is moved, as JSON."""
        self._meshes = [thing for thing in context.selected_objects if thing.type == "MESH"]
        self._armature = self.armature(context)
        self._meshes += [
            child for child in self._armature.children if child.type == "MESH" and child not in self._meshes
        ]
        return skeleton_of(self._armature)

    def put(self, context: bpy.types.Context, motion: Motion, name: str) -> None:
        first = context.scene.frame_start
        if motion.rotations_xyzw.shape[1]:
            apply_body(self._armature, motion, first, name)
        keyed = sum(apply_face(mesh, motion, first, name) for mesh in self._meshes)
        context.scene.frame_end = max(context.scene.frame_end, first + len(motion) - 1)
        self.report({"INFO"}, f"{name}: {len(motion)} frames, {keyed} shape keys")


def _frames_a_second(context: bpy.types.Context) -> float:
    return context.scene.render.fps / context.scene.render.fps_base


class PANTOMATRIX_OT_speak(bpy.types.Operator, _MakesMotion, ImportHelper):
    """Make the motion of a speech and put it on the selected character, with the sound on the timeline"""

    bl_idname = "pantomatrix.speak"
    bl_label = "Speak a Sound File"
    bl_options = {"REGISTER", "UNDO"}
    filter_glob: bpy.props.StringProperty(default="*.wav;*.mp3;*.flac;*.ogg;*.opus;*.aiff", options={"HIDDEN"})

    method, header = GENERATE, "header"

    def request(self, context: bpy.types.Context, data: str, skeleton: dict[str, Any]) -> dict[str, Any]:
        settings = context.scene.pantomatrix
        options = {
            "model": settings.model,
            "speaker": settings.speaker,
            "seed": str(settings.seed),
            "fps": _frames_a_second(context),
            "coordinateSystem": "blender",
            "customSkeleton": skeleton,
        }
        return {"options": options, "audio": {"encoded": {"data": data}}}

    def finish(self, context: bpy.types.Context, motion: Motion) -> None:
        path = Path(self.filepath)
        self.put(context, motion, path.stem)
        try:
            add_sound(context.scene, path, context.scene.frame_start)
        except RuntimeError as error:  # a Blender that is built without sound
            self.report({"WARNING"}, f"no sound on the timeline: {error}")


class PANTOMATRIX_OT_import(bpy.types.Operator, _MakesMotion, ImportHelper):
    """Put a motion file (npz, BVH, GLB, CSV and more) on the selected character"""

    bl_idname = "pantomatrix.import_motion"
    bl_label = "Import a Motion"
    bl_options = {"REGISTER", "UNDO"}
    filter_glob: bpy.props.StringProperty(default="*.npz;*.bvh;*.glb;*.csv;*.json;*.gz", options={"HIDDEN"})

    method, header = CONVERT, "motionHeader"

    def request(self, context: bpy.types.Context, data: str, skeleton: dict[str, Any]) -> dict[str, Any]:
        return {
            "data": data,
            "frames": {},
            "options": {
                "fps": _frames_a_second(context),
                "coordinateSystem": "blender",
                "customSkeleton": skeleton,
            },
        }

    def finish(self, context: bpy.types.Context, motion: Motion) -> None:
        self.put(context, motion, Path(self.filepath).stem)


class PANTOMATRIX_OT_export(bpy.types.Operator, _Waiting, ExportHelper):
    """Write the selected character's motion as a file of any format that the server has"""

    bl_idname = "pantomatrix.export_motion"
    bl_label = "Export the Motion"
    filename_ext = ".npz"
    check_extension = None
    file_format: bpy.props.StringProperty(
        name="Format", description="As in the server's catalog, such as bvh or npz", default="npz"
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "scene.glb"
            bpy.ops.export_scene.gltf(
                filepath=str(path), export_format="GLB", use_selection=True, **_ONLY_WHAT_IS_SHOWN
            )
            data = base64.b64encode(path.read_bytes()).decode()
        request = {"data": data, "file": {"format": self.file_format}}
        try:
            to = server(context)
        except ServerError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}

        def ask(progress: Callable[[float], None]) -> bytes:
            del progress
            chunks = (message["chunk"]["data"] for message in to.stream(CONVERT, request) if "chunk" in message)
            return b"".join(map(base64.b64decode, chunks))

        return self.begin(context, ask)

    def finish(self, context: bpy.types.Context, data: bytes) -> None:
        del context
        Path(self.filepath).write_bytes(data)
        self.report({"INFO"}, f"wrote {self.filepath}")


CLASSES = (PANTOMATRIX_OT_speak, PANTOMATRIX_OT_import, PANTOMATRIX_OT_export)

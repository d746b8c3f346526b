"""Which server: one that runs somewhere, or one that the add-on starts."""

from __future__ import annotations

import atexit

import bpy

from .server import LocalServer, Server

_ADDON = __package__ or "pantomatrix"
_started: list[LocalServer] = []


class PantoMatrixPreferences(bpy.types.AddonPreferences):
    """Of all scenes."""

    bl_idname = _ADDON
    address: bpy.props.StringProperty(
        name="Server", description="HOST:PORT of its web port (--web-port); empty starts one of this machine"
    )
    token: bpy.props.StringProperty(name="Token", description="Where the server wants one", subtype="PASSWORD")
    program: bpy.props.StringProperty(
        name="pantomatrix", description="Path of the program, where it is not on the PATH", subtype="FILE_PATH"
    )

    def draw(self, context: bpy.types.Context) -> None:
        del context
        for name in ("address", "token", "program"):
            self.layout.prop(self, name)


def preferences(context: bpy.types.Context) -> PantoMatrixPreferences:
    return context.preferences.addons[_ADDON].preferences


def server(context: bpy.types.Context) -> Server:
    """Raises ServerError."""
    chosen = preferences(context)
    if chosen.address:
        return Server(chosen.address, chosen.token)
    if not _started:
        _started.append(LocalServer(bpy.path.abspath(chosen.program)))
        atexit.register(stop_server)
    return Server(_started[0].address)


def stop_server() -> None:
    """The one that the add-on started, if it did."""
    while _started:
        _started.pop().stop()

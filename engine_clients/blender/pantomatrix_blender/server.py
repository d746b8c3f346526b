"""A server's calls over plain HTTP, by the Connect protocol in JSON: Blender's Python has all that this needs."""

from __future__ import annotations

import base64
import http.client
import json
import re
import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

CATALOG = "/pantomatrix.v1.CatalogService/GetCatalog"
GENERATE = "/pantomatrix.v1.MotionService/GenerateMotion"
CONVERT = "/pantomatrix.v1.ConvertService/Convert"
_TIMEOUT_SECONDS = 600
_LAST = 2
"""Flag of a stream's last envelope."""


class ServerError(Exception):
    """What a server refused, or that there is none; one line for people."""


class Server:
    """Where calls go. address: "host:port" of its web port."""

    def __init__(self, address: str, token: str = "") -> None:
        self._address, self._token = address, token

    def catalog(self) -> dict[str, Any]:
        """Raises ServerError."""
        with self._answer(CATALOG, b"{}", "application/json") as response:
            return json.loads(response.read())

    def stream(self, path: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Responses as they come. Raises ServerError."""
        content = json.dumps(request).encode()
        body = struct.pack(">BI", 0, len(content)) + content
        with self._answer(path, body, "application/connect+json") as response:
            while head := response.read(5):
                flags, length = struct.unpack(">BI", head)
                message = json.loads(response.read(length))
                if flags & _LAST:
                    if "error" in message:
                        raise ServerError(_text(message["error"]))
                    return
                yield message
        raise ServerError(f"{self._address}: the connection was lost")

    def _answer(self, path: str, body: bytes, kind: str) -> http.client.HTTPResponse:
        host, _, port = self._address.rpartition(":")
        headers = {"Content-Type": kind, "Connect-Protocol-Version": "1"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection = http.client.HTTPConnection(host, int(port), timeout=_TIMEOUT_SECONDS)
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
        except ValueError:
            raise ServerError(f"the server's address is {self._address!r}, expected HOST:PORT") from None
        except OSError as error:
            raise ServerError(
                f"no server answers at {self._address} ({error}); start `pantomatrix serve --web-port 8080`"
            ) from None
        if response.status != 200:
            raise ServerError(_refusal(response))
        return response


def _refusal(response: http.client.HTTPResponse) -> str:
    text = response.read().decode(errors="replace")
    try:
        return _text(json.loads(text))
    except ValueError:
        return f"HTTP {response.status} {response.reason}: is that a server's web port?"


def _text(error: dict[str, Any]) -> str:
    return f"{error.get('code', 'unknown')}: {error.get('message', '')}"


class Motion:
    """A whole motion as it came.

    header: MotionHeader as JSON. rotations_xyzw: (T, J, 4), relative to the parent. root_translation: (T, 3).
    curves: (T, K). Raises ServerError for channels that this add-on cannot read.
    """

    def __init__(self, header: dict[str, Any], data: bytes) -> None:
        self.header = header
        self.curve_names: list[str] = header.get("curveNames", [])
        joints = header.get("skeleton", {}).get("joints", [])
        size = header.get("bytesPerFrame", 0)
        if not size or len(data) % size:
            raise ServerError(f"{len(data)} bytes came, which are not whole frames of {size}")
        rows = np.frombuffer(data, np.uint8).reshape(-1, size)
        place = [_numbers(joint, "restTranslation", "xyz") for joint in joints[:1]]
        turns = [_numbers(joint, "restRotation", "xyzw") for joint in joints]
        turns = [turn if any(turn) else [0.0, 0.0, 0.0, 1.0] for turn in turns]
        self.root_translation = _channel(header, rows, "ROOT_TRANSLATION", np.array(place).ravel())
        turned = _channel(header, rows, "JOINT_ROTATIONS", np.array(turns).ravel())
        self.rotations_xyzw = turned.reshape(len(rows), len(joints), 4)
        self.curves = _channel(header, rows, "CURVES", np.zeros(len(self.curve_names)))

    def __len__(self) -> int:
        return len(self.curves)


def _numbers(joint: dict[str, Any], name: str, axes: str) -> list[float]:
    return [joint.get(name, {}).get(axis, 0.0) for axis in axes]


def _channel(header: dict[str, Any], rows: np.ndarray, kind: str, rest: np.ndarray) -> np.ndarray:
    """(T, W) of frames' bytes (T, B). rest: (W,), what every frame has where the server sends no such channel.

    The add-on asks for 32-bit floats, so it knows no other encoding.
    """
    width = len(rest)
    for channel in header.get("channels", ()):
        if channel.get("kind") == f"CHANNEL_KIND_{kind}" and not channel.get("joints"):
            break
    else:
        return np.tile(rest.astype(np.float32), (len(rows), 1))
    encoding, start = channel.get("encoding", 0), channel.get("offset", 0)
    stop = start + 4 * width
    if encoding != "CHANNEL_ENCODING_FLOAT32":
        raise ServerError(f"the channel {channel['name']} has encoding {encoding}, which this add-on does not know")
    if channel.get("width") != width or stop > rows.shape[1]:
        raise ServerError(
            f"the channel {channel['name']} does not have the {width} numbers that the header's names make"
        )
    return np.ascontiguousarray(rows[:, start:stop]).view("<f4")


def motion_of(responses: Iterator[dict[str, Any]], header_name: str, progress: Callable[[float], None]) -> Motion:
    """Of GenerateMotion (header_name "header") or Convert ("motionHeader"). progress: told 0 to 1. Raises ServerError."""
    header: dict[str, Any] = {}
    data, come = bytearray(), 0
    for message in responses:
        header = message.get(header_name, header)
        if "frames" in message:
            data += base64.b64decode(message["frames"]["data"])
            come += message["frames"]["frameCount"]
            progress(min(1.0, come / max(1, int(header.get("frameCount", 0)))))
    if not come:
        raise ServerError("no frames came")
    return Motion(header, bytes(data))


class LocalServer:
    """A server of this machine, for as long as Blender runs."""

    def __init__(self, program: str) -> None:
        found = shutil.which(program or "pantomatrix")
        if found is None:
            wanted = program or "pantomatrix"
            raise ServerError(
                f'no program {wanted!r}: pip install ".[server]" in the project\'s folder, '
                "or name its path in the preferences"
            )
        command = [found, "serve", "--port", "0", "--web-port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        listening = re.search(r"web (\S+?)\)?$", self._process.stdout.readline().strip())
        if listening is None:
            raise ServerError((self._process.communicate()[1] or "the server did not start").strip().splitlines()[-1])
        self.address = listening[1]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

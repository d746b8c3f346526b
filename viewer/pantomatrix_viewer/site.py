"""The page and what it asks for, over HTTP on this machine only.

GET /                          the page and its files
GET /catalog                   models with their speakers and emotions, skeletons, formats
GET /takes                     all takes
POST /takes?name=              a file, speech or motion, as the body; of=ID in place of it: that take's speech again;
                               model, speaker, seed, emotion, strength
DELETE /takes/ID
GET /takes/ID/motion           what the page plays: glTF on the character's joints, or on the motion's own
GET /takes/ID/speech           its speech as it came; /takes/ID/speech.wav as the models hear it
GET /takes/ID/files/FORMAT     a download; skeleton=NAME
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import quote, urlsplit

from aiohttp import web

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
from pantomatrix_models.errors import StartError
from pantomatrix_models.options import Emotion, MotionOptions
from pantomatrix_server.app.application import Application
from pantomatrix_server.loopback import is_loopback
from pantomatrix_server.settings import Settings

from .character import PAGE
from .takes import Source, Takes

_LOOPBACK = "127.0.0.1"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".glb": "model/gltf-binary"}
_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PreviewSite:
    """The site of one server."""

    def __init__(self, application: Application, settings: Settings, shown: Iterable[Source] = ()) -> None:
        """shown: the takes at first."""
        self.takes, self._catalog, self._settings, self._shown = (
            Takes(application),
            application.catalog,
            settings,
            shown,
        )
        self._files = {
            f"/{path.relative_to(PAGE).as_posix()}": path for path in PAGE.rglob("*") if path.suffix in _TYPES
        }
        index = (PAGE / "index.html").read_text(encoding="utf-8")
        self._policy = _policy(index)
        self._runner: web.AppRunner | None = None

    async def start(self) -> str:
        """Listen. Returns the page's address. Raises StartError."""
        application = web.Application(middlewares=[self._guarded], client_max_size=self._settings.max_message_bytes)
        application.add_routes(
            [
                web.get("/catalog", self._get_catalog),
                web.get("/takes", self._get_takes),
                web.post("/takes", self._post_take),
                web.delete(r"/takes/{id:\d+}", self._delete_take),
                web.get(r"/takes/{id:\d+}/motion", self._get_motion),
                web.get(r"/takes/{id:\d+}/speech", self._get_speech),
                web.get(r"/takes/{id:\d+}/speech.wav", self._get_wav),
                web.get(r"/takes/{id:\d+}/files/{format}", self._get_file),
                web.get("/{path:.*}", self._get_page),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, handle_signals=False)
        await self._runner.setup()
        port = self._settings.preview_port
        site = web.TCPSite(self._runner, _LOOPBACK, port, shutdown_timeout=1)
        try:
            await site.start()
        except OSError as error:
            raise StartError(f"cannot serve the preview on {_LOOPBACK}:{port}: {error.strerror}") from None
        for source in self._shown:
            self.takes.add(source)
        return f"http://{_LOOPBACK}:{self._runner.addresses[0][1]}/"

    async def close(self) -> None:
        """Stop serving and making."""
        await self.takes.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses other names for this machine (DNS rebinding), and what other sites' pages ask for."""
        origin = request.headers.get("Origin")
        if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
            return _refusal(f"{request.host} is not a name of this machine", 403)
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _refusal(f"{origin} may not use this preview", 403)
        try:
            response = await handler(request)
        except PantomatrixError as error:
            response = _refusal(str(error), 400)
        except web.HTTPRequestEntityTooLarge:
            response = _refusal(f"the file is larger than {self._settings.max_message_bytes >> 20} MiB", 413)
        except web.HTTPException as error:
            response = _refusal(error.reason, error.status)
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def _get_page(self, request: web.Request) -> web.StreamResponse:
        path = self._files.get("/index.html" if request.path == "/" else request.path)
        if path is None:
            raise web.HTTPNotFound(reason=f"nothing is at {request.path}")
        return web.FileResponse(path, headers={"Content-Type": _TYPES[path.suffix]})

    async def _get_catalog(self, request: web.Request) -> web.Response:
        catalog = self._catalog.current()
        models = [
            {
                "name": model.name,
                "description": model.description,
                "speakers": [{"id": speaker.id, "name": speaker.display_name} for speaker in model.speakers],
                "emotions": list(Emotion) if model.emotions else [],
            }
            for model in catalog.models
        ]
        formats = [{"name": entry.name, "description": entry.description} for entry in catalog.formats if entry.write]
        skeletons = [skeleton.name for skeleton in catalog.skeletons]
        return web.json_response({"models": models, "formats": formats, "skeletons": skeletons})

    async def _get_takes(self, request: web.Request) -> web.Response:
        return web.json_response([take.summary() for take in self.takes])

    async def _post_take(self, request: web.Request) -> web.Response:
        query = request.query
        if "of" in query:
            return web.json_response(self.takes.again(_number(query["of"], "of"), _options(request)).summary())
        data = await request.read()
        if not data:
            raise InvalidInputError("the file is empty")
        source = Source(query.get("name") or "take", data, options=_options(request))
        return web.json_response(self.takes.add(source).summary())

    async def _delete_take(self, request: web.Request) -> web.Response:
        self.takes.remove(_take_id(request))
        return web.json_response({})

    async def _get_motion(self, request: web.Request) -> web.Response:
        take = self.takes[_take_id(request)]
        if not take.shown:
            raise InvalidInputError(take.error or f"{take.name} is still being made")
        return web.Response(body=take.shown, content_type=_TYPES[".glb"])

    async def _get_speech(self, request: web.Request) -> web.Response:
        take = self.takes[_take_id(request)]
        if not take.speech:
            raise web.HTTPNotFound(reason=f"{take.name} has no speech")
        return web.Response(body=take.speech, content_type="application/octet-stream")

    async def _get_wav(self, request: web.Request) -> web.Response:
        return web.Response(body=await self.takes.wav(_take_id(request)), content_type="audio/wav")

    async def _get_file(self, request: web.Request) -> web.Response:
        wanted = request.match_info["format"], request.query.get("skeleton", "")
        name, data = await self.takes.file(_take_id(request), *wanted)
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"Content-Disposition": disposition}
        return web.Response(body=data, content_type="application/octet-stream", headers=headers)


def _policy(index: str) -> str:
    """Everything from this site; the one script in the page itself, which says where three.js is, by its hash."""
    found = _IMPORT_MAP.search(index)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _refusal(message: str, status: int) -> web.Response:
    return web.json_response({"error": message}, status=status)


def _take_id(request: web.Request) -> int:
    return int(request.match_info["id"])


def _number(text: str, field: str) -> int:
    if not re.fullmatch(r"\d{1,20}", text):
        raise InvalidInputError(f"{field} is {text[:30]!r}, expected a whole number from 0")
    return int(text)


def _options(request: web.Request) -> MotionOptions:
    query = request.query
    seed = _number(query.get("seed") or "0", "seed")
    if seed >= 1 << 64:
        raise InvalidInputError("seed is too large, expected less than 2^64")
    emotions = ()
    if query.get("emotion"):
        try:
            emotions = ((Emotion(query["emotion"]), float(query.get("strength") or 1.0)),)
        except ValueError as error:
            raise InvalidInputError(str(error)) from None
    return MotionOptions(model=query.get("model", ""), speaker=query.get("speaker", ""), seed=seed, emotions=emotions)

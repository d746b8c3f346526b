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
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from pantomatrix_converters.editing.option_kinds import read_options
from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
from pantomatrix_models.options import Emotion, MotionOptions
from pantomatrix_server.addresses import is_loopback
from pantomatrix_server.app.application import Application
from pantomatrix_server.settings import Settings

from .character import PAGE
from .takes import Source, Takes

_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".glb": "model/gltf-binary"}
_IMPORT_MAP = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


class PreviewSite:
    """The site of one server."""

    def __init__(self, application: Application, settings: Settings, shown: Iterable[Source] = ()) -> None:
        """shown: the takes at first."""
        self.takes = Takes(application)
        self._catalog, self._most_bytes, self._shown = application.catalog, settings.max_message_bytes, shown
        self._files = {
            f"/{path.relative_to(PAGE).as_posix()}": path for path in PAGE.rglob("*") if path.suffix in _TYPES
        }
        index = (PAGE / "index.html").read_text(encoding="utf-8")
        self._policy = _policy(index)

    def routes(self) -> list[Mount]:
        """Everything below /."""
        routes = [
            Route("/catalog", self._get_catalog),
            Route("/takes", self._get_takes),
            Route("/takes", self._post_take, methods=["POST"]),
            Route("/takes/{id:int}", self._delete_take, methods=["DELETE"]),
            Route("/takes/{id:int}/motion", self._get_motion),
            Route("/takes/{id:int}/speech", self._get_speech),
            Route("/takes/{id:int}/speech.wav", self._get_wav),
            Route("/takes/{id:int}/files/{format}", self._get_file),
            Route("/{path:path}", self._get_page),
        ]
        site = Starlette(
            routes=routes,
            middleware=[Middleware(BaseHTTPMiddleware, dispatch=self._guarded)],
            exception_handlers={PantomatrixError: _bad_request, HTTPException: _http_error},
        )
        return [Mount("/", site)]

    def start(self) -> None:
        """Begin the takes that are shown at first."""
        for source in self._shown:
            self.takes.add(source)

    async def close(self) -> None:
        """Stop making takes."""
        await self.takes.close()

    async def _guarded(self, request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        """Refuses other names for this machine (DNS rebinding), and what other sites' pages ask for."""
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if not is_loopback(urlsplit(f"//{host}").hostname or ""):
            response = _refusal(f"{host} is not a name of this machine", 403)
        elif origin is not None and urlsplit(origin).netloc != host:
            response = _refusal(f"{origin} may not use this preview", 403)
        else:
            response = await answer(request)
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def _get_page(self, request: Request) -> Response:
        path = self._files.get("/index.html" if request.url.path == "/" else request.url.path)
        if path is None:
            raise HTTPException(404, f"nothing is at {request.url.path}")
        return FileResponse(path, media_type=_TYPES[path.suffix])

    async def _get_catalog(self, request: Request) -> Response:
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
        return JSONResponse({"models": models, "formats": formats, "skeletons": skeletons})

    async def _get_takes(self, request: Request) -> Response:
        return JSONResponse([take.summary() for take in self.takes])

    async def _post_take(self, request: Request) -> Response:
        query = request.query_params
        if "of" in query:
            return JSONResponse(self.takes.again(_number(query["of"], "of"), _options(request)).summary())
        data = await self._body(request)
        if not data:
            raise InvalidInputError("the file is empty")
        source = Source(query.get("name") or "take", data, options=_options(request))
        return JSONResponse(self.takes.add(source).summary())

    async def _body(self, request: Request) -> bytes:
        """Raises HTTPException if it is too large."""
        data = bytearray()
        async for chunk in request.stream():
            data += chunk
            if len(data) > self._most_bytes:
                raise HTTPException(413, f"the file is larger than {self._most_bytes >> 20} MiB")
        return bytes(data)

    async def _delete_take(self, request: Request) -> Response:
        self.takes.remove(_take_id(request))
        return JSONResponse({})

    async def _get_motion(self, request: Request) -> Response:
        take = self.takes[_take_id(request)]
        if not take.shown:
            raise InvalidInputError(take.error or f"{take.name} is still being made")
        return Response(take.shown, media_type=_TYPES[".glb"])

    async def _get_speech(self, request: Request) -> Response:
        take = self.takes[_take_id(request)]
        if not take.speech:
            raise HTTPException(404, f"{take.name} has no speech")
        return Response(take.speech, media_type="application/octet-stream")

    async def _get_wav(self, request: Request) -> Response:
        return Response(await self.takes.wav(_take_id(request)), media_type="audio/wav")

    async def _get_file(self, request: Request) -> Response:
        wanted = request.path_params["format"], request.query_params.get("skeleton", "")
        name, data = await self.takes.file(_take_id(request), *wanted)
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"Content-Disposition": disposition}
        return Response(data, media_type="application/octet-stream", headers=headers)


def _policy(index: str) -> str:
    """Everything from this site; the one script in the page itself, which says where three.js is, by its hash."""
    found = _IMPORT_MAP.search(index)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; img-src 'self' blob: data:; "
        "media-src 'self' blob:; connect-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _refusal(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status)


def _bad_request(request: Request, error: Exception) -> Response:
    del request
    return _refusal(str(error), 400)


def _http_error(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    return _refusal(error.detail, error.status_code)


def _take_id(request: Request) -> int:
    return request.path_params["id"]


def _number(text: str, field: str) -> int:
    if not re.fullmatch(r"\d{1,20}", text):
        raise InvalidInputError(f"{field} is {text[:30]!r}, expected a whole number from 0")
    return int(text)


def _options(request: Request) -> MotionOptions:
    query = request.query_params
    values: dict[str, Any] = {name: query[name] for name in ("model", "speaker") if query.get(name)}
    values["seed"] = _number(query.get("seed") or "0", "seed")
    if query.get("emotion"):
        values["emotions"] = f"{query['emotion']}={query.get('strength') or 1}"
    return read_options(MotionOptions, values)

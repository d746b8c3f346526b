"""The calls of `pantomatrix.v1`, for every transport: messages in, messages out. The application does the work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message

from pantomatrix.v1 import catalog_pb2, convert_pb2, motion_pb2
from pantomatrix_models.errors import OptionError

from ..app.application import Application
from ..app.catalog import Catalog
from ..app.conversions import MotionFile
from ..wire.audio import audio_from_message
from ..wire.catalog import catalog_message
from ..wire.convert import ConvertCall
from ..wire.motion import ClipCall, LiveCall
from ..wire.options import edits_from_message, options_from_message
from .call import request_id


@dataclass(frozen=True)
class Method:
    """One call. path: "package.Service/Method". answer: takes a request, or where `many_requests` an iterator of them, and
    gives the responses, exactly one unless `many_responses`."""

    path: str
    request: type[Message]
    response: type[Message]
    many_requests: bool
    many_responses: bool
    answer: Callable[[Any], AsyncGenerator[Message]]

    @classmethod
    def of_contract(cls, path: str, answer: Callable[[Any], AsyncGenerator[Message]]) -> Method:
        """As the .proto has it, whose module has to be imported."""
        found = descriptor_pool.Default().FindMethodByName(path.replace("/", "."))
        request, response = map(message_factory.GetMessageClass, (found.input_type, found.output_type))
        return cls(path, request, response, found.client_streaming, found.server_streaming, answer)


def contract_methods(application: Application) -> Mapping[str, Method]:
    """All calls of the contract, by path."""
    answers = _Answers(application)
    methods = (
        Method.of_contract("pantomatrix.v1.MotionService/GenerateMotion", answers.generate_motion),
        Method.of_contract("pantomatrix.v1.MotionService/StreamMotion", answers.stream_motion),
        Method.of_contract("pantomatrix.v1.ConvertService/Convert", answers.convert),
        Method.of_contract("pantomatrix.v1.CatalogService/GetCatalog", answers.get_catalog),
    )
    return {method.path: method for method in methods}


async def only_response(method: Method, request: Message) -> Message:
    """Of a call with one response."""
    async with aclosing(method.answer(request)) as responses:
        return await anext(responses)


class _Answers:
    """See the .proto files."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._catalog: tuple[Catalog, catalog_pb2.GetCatalogResponse] | None = None

    async def generate_motion(
        self, request: motion_pb2.GenerateMotionRequest
    ) -> AsyncGenerator[motion_pb2.GenerateMotionResponse]:
        call = ClipCall(request, request_id.get())
        options, audio = options_from_message(request.options), audio_from_message(request.audio)
        events = self._application.clips.generate(options, audio, call.packing)
        async with aclosing(events):
            async for event in events:
                for response in call.messages(event):
                    yield response

    async def stream_motion(
        self, requests: AsyncIterator[motion_pb2.StreamMotionRequest]
    ) -> AsyncGenerator[motion_pb2.StreamMotionResponse]:
        call = LiveCall(request_id.get())
        events = self._application.live_streams.serve(call.inputs(requests), call.packing)
        async with aclosing(events):
            async for event in events:
                for response in call.messages(event):
                    yield response

    async def convert(self, request: convert_pb2.ConvertRequest) -> AsyncGenerator[convert_pb2.ConvertResponse]:
        edits = edits_from_message(request.options)
        call = ConvertCall(request, edits.coordinates, request_id.get())
        source, conversions = MotionFile(request.data, request.source_format), self._application.conversions
        match request.WhichOneof("output"):
            case "file":
                events = conversions.to_file(source, edits, request.file.format)
            case "frames":
                events = conversions.to_frames(source, edits, call.packing)
            case _:
                raise OptionError("no output is given, expected file or frames", "output")
        async with aclosing(events):
            async for event in events:
                for response in call.messages(event):
                    yield response

    async def get_catalog(
        self, request: catalog_pb2.GetCatalogRequest
    ) -> AsyncGenerator[catalog_pb2.GetCatalogResponse]:
        catalog = self._application.catalog.current()
        if self._catalog is None or self._catalog[0] is not catalog:
            self._catalog = catalog, await asyncio.to_thread(catalog_message, catalog)
        yield self._catalog[1]

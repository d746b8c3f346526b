"""An option has one name: in the contract, the dataclass, the command line and the Python client."""

from __future__ import annotations

import importlib.util
import inspect

import pytest

from folders import ROOT
from pantomatrix.v1.motion_pb2 import StreamOptions
from pantomatrix.v1.options_pb2 import BodyPart as BodyPartMessage
from pantomatrix.v1.options_pb2 import Floor as FloorMessage
from pantomatrix.v1.options_pb2 import MotionOptions as MotionOptionsMessage
from pantomatrix.v1.options_pb2 import RootMode as RootModeMessage
from pantomatrix.v1.options_pb2 import Timing as TimingMessage
from pantomatrix_cli.convert import convert
from pantomatrix_cli.generate import generate
from pantomatrix_cli.relay import relay
from pantomatrix_client.options import Changes, Options
from pantomatrix_converters.editing.option_kinds import options_of
from pantomatrix_converters.editing.options import OF_FILES, BodyPart, Floor, MotionEdits, RootMode
from pantomatrix_models.options import MotionOptions, Timing

pytestmark = pytest.mark.unit

IN_THE_SKELETON = {"joint_map"}
"""Roles are told with the joints of MotionOptions.custom_skeleton."""


def fields(message) -> set[str]:
    """A value of the caller's own is another way to give the option beside it, and so are emotions with times."""
    names = {field.name for field in message.DESCRIPTOR.fields}
    return {name for name in names if not name.startswith("custom_")} - {"emotion_keys"}


def test_the_dataclass_has_the_contracts_names() -> None:
    assert set(options_of(MotionOptions)) == fields(MotionOptionsMessage) | IN_THE_SKELETON
    assert set(options_of(MotionEdits)) < set(options_of(MotionOptions))
    assert fields(StreamOptions) - {"at_seconds"} < fields(MotionOptionsMessage)


def test_the_client_has_them() -> None:
    assert set(Options.__annotations__) == fields(MotionOptionsMessage) | IN_THE_SKELETON
    assert set(Changes.__annotations__) == fields(StreamOptions)


@pytest.mark.parametrize(
    ("command", "options"), [(generate, MotionOptions), (relay, MotionOptions), (convert, MotionEdits)]
)
def test_the_command_line_has_them(command, options) -> None:
    flags = {name for name, (option, _) in options_of(options).items() if option.kind.flag}
    parameters = set(inspect.signature(command).parameters)
    of_files = set(OF_FILES) if options is MotionOptions else set()  # speech is no file that could be read otherwise
    assert flags - of_files <= parameters
    assert parameters.isdisjoint(of_files)
    assert set(options_of(options)) - flags <= {"constraints"}


@pytest.mark.parametrize(
    ("members", "message"),
    [(BodyPart, BodyPartMessage), (RootMode, RootModeMessage), (Floor, FloorMessage), (Timing, TimingMessage)],
)
def test_names_of_values_too(members, message) -> None:
    prefix = message.DESCRIPTOR.values_by_number[0].name.removesuffix("UNSPECIFIED")
    named = {value.name.removeprefix(prefix).lower() for value in message.DESCRIPTOR.values if value.number}
    assert {str(member) for member in members} == named


def test_the_clients_types_are_what_the_contract_gives() -> None:
    path = ROOT / "engine_clients" / "python" / "make_options.py"
    spec = importlib.util.spec_from_file_location("make_options", path)
    assert spec is not None
    assert spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    assert maker.TARGET.read_text(encoding="utf-8") == maker.source(), "stale: python3 dev.py stubs"

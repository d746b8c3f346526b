"""Writes pantomatrix_client/options.py, the client's keyword arguments with their types, from the contract:
`python make_options.py [FILE]`."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

from pantomatrix.v1.motion_pb2 import StreamOptions
from pantomatrix.v1.options_pb2 import MotionOptions
from pantomatrix_converters.editing.option_kinds import options_of
from pantomatrix_models import options as models_options

TARGET = Path(__file__).resolve().parent / "pantomatrix_client" / "options.py"
HEAD = '''"""Keyword arguments of the client, written by make_options.py from options.proto, which explains each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from .motion import SkeletonLike
from .pose_constraint import PoseConstraint

'''
_NUMBERS = {
    FieldDescriptor.CPPTYPE_BOOL: "bool",
    FieldDescriptor.CPPTYPE_DOUBLE: "float",
    FieldDescriptor.CPPTYPE_FLOAT: "float",
    FieldDescriptor.CPPTYPE_STRING: "str",
}
_BY_HAND = {
    "MotionOptions.skeleton": "str | SkeletonLike",
    "MotionOptions.constraints": "Sequence[PoseConstraint]",
    "MotionOptions.emotions": "Mapping[str, float] | Sequence[tuple[float, Mapping[str, float]]]",
}
_IN_OTHERS = ("emotion_keys",)
"""Fields that another keyword fills."""
_SKELETONS_OWN = "    joint_map: Mapping[str, str]\n"


class Writer:
    """Collects the types that the options need."""

    def __init__(self) -> None:
        self.enums: dict[str, str] = {}
        self.records: dict[str, str] = {}

    def options(self, name: str, message: Any, docs: str, more: str = "") -> str:
        fields = [field for field in message.fields if not field.name.startswith("custom_")]
        fields = [field for field in fields if field.name not in _IN_OTHERS]
        types = {field.name: _BY_HAND.get(f"{message.name}.{field.name}") or self.type_of(field) for field in fields}
        body = "".join(f"    {own}: {kind}\n" for own, kind in types.items())
        return f'class {name}(TypedDict, total=False):\n    """{docs}"""\n\n{body}{more}'

    def type_of(self, field: Any) -> str:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields
            return f"Mapping[{self.type_of(key)}, {self.type_of(value)}]"
        if field.message_type is not None and [own.name for own in field.message_type.fields] == ["entries"]:
            return self.type_of(field.message_type.fields[0])
        if field.message_type is not None and field.is_repeated and len(field.message_type.fields) == 2:
            key, value = field.message_type.fields
            return f"Mapping[{self.type_of(key)}, {self.type_of(value)}]"
        if field.message_type is not None:
            own = self._record(field.message_type)
        elif field.enum_type is not None:
            own = self._enum(field.enum_type)
        else:
            own = _NUMBERS.get(field.cpp_type, "int")
        return f"Sequence[{own}]" if field.is_repeated else own

    def _enum(self, enum: Any) -> str:
        prefix = f"{snake(enum.name).upper()}_"
        names = [value.name.removeprefix(prefix).lower() for value in enum.values if value.number]
        self.enums[enum.name] = f"{enum.name} = Literal[\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"
        return enum.name

    def _record(self, message: Any) -> str:
        self.records[message.name] = self.options(message.name, message, f"See {message.name} in options.proto.")
        return message.name


def snake(name: str) -> str:
    """RootMode -> root_mode"""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def explained() -> str:
    """A line or more for each option: what it does, and what it is if it is not given."""
    lines = []
    for name, (option, default) in options_of(models_options.MotionOptions).items():
        plain = option.kind.write(default)
        shown = option.shown_default or (repr(plain) if plain not in ("", [], {}, ()) else "none")
        text = f"- {name}: {option.help.rstrip('.')}. Default: {shown}."
        lines += textwrap.wrap(text, 118, initial_indent="    ", subsequent_indent="      ", break_on_hyphens=False)
    return "".join(f"{line}\n" for line in lines)


def source() -> str:
    """The file's content."""
    writer = Writer()
    options = writer.options(
        "Options",
        MotionOptions.DESCRIPTOR,
        "Of a motion. skeleton: a name in the catalog, or one of your own in the axes that are asked for; joint_map: its\n"
        f"    joints' roles, joint -> role, where names do not tell.\n\n{explained()}    ",
        _SKELETONS_OWN,
    )
    changes = writer.options(
        "Changes", StreamOptions.DESCRIPTOR, "Of a live stream; see StreamOptions in motion.proto."
    )
    parts = [
        *writer.enums.values(),
        *(f"\n\n{text}" for text in (*writer.records.values(), options, changes)),
    ]
    return HEAD + "".join(parts)


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET).write_text(source(), encoding="utf-8")

"""The contract as a language's generator needs it, read from what buf builds of the .proto files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import descriptor_pb2

Descriptor = descriptor_pb2.FieldDescriptorProto
_VARINTS = {
    Descriptor.TYPE_INT32: "int32",
    Descriptor.TYPE_INT64: "int64",
    Descriptor.TYPE_UINT64: "uint64",
    Descriptor.TYPE_BOOL: "bool",
    Descriptor.TYPE_ENUM: "enum",
}
_KINDS = {
    **_VARINTS,
    Descriptor.TYPE_DOUBLE: "double",
    Descriptor.TYPE_FLOAT: "float",
    Descriptor.TYPE_STRING: "string",
    Descriptor.TYPE_BYTES: "bytes",
    Descriptor.TYPE_MESSAGE: "message",
}
_WIRE_TYPES = {"double": 1, "float": 5, "string": 2, "bytes": 2, "message": 2}


@dataclass(frozen=True)
class Field:
    """A field. kind: as in .proto files, or "enum", "message", "map" (of strings). type: an enum's or a message's name."""

    name: str
    number: int
    kind: str
    type: str
    repeated: bool
    optional: bool
    oneof: str
    comment: str

    @property
    def tag(self) -> int:
        """Of one value; 2 instead of the kind's wire type for packed ones."""
        return self.number << 3 | _WIRE_TYPES.get(self.kind, 2 if self.kind == "map" else 0)

    @property
    def packable(self) -> bool:
        return self.repeated and self.kind in (*_VARINTS.values(), "double", "float")


@dataclass(frozen=True)
class Message:
    name: str
    comment: str
    fields: tuple[Field, ...]

    @property
    def oneofs(self) -> list[str]:
        return list(dict.fromkeys(field.oneof for field in self.fields if field.oneof))


@dataclass(frozen=True)
class Enumeration:
    """values: name without the enumeration's own, number, comment."""

    name: str
    comment: str
    values: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True)
class ProtoFile:
    """One .proto file. name: without folder and ending."""

    name: str
    comment: str
    enumerations: tuple[Enumeration, ...]
    messages: tuple[Message, ...]
    methods: tuple[str, ...]
    """Paths, as in gRPC and of WebSockets."""


def read(proto: Path, buf: str = "buf") -> list[ProtoFile]:
    """All files of the package pantomatrix.v1 in a folder."""
    built = subprocess.run([buf, "build", str(proto), "-o", "-#format=binpb"], check=True, capture_output=True).stdout
    files = descriptor_pb2.FileDescriptorSet.FromString(built).file
    return [_file(file) for file in files if file.package == "pantomatrix.v1"]


def _file(file: descriptor_pb2.FileDescriptorProto) -> ProtoFile:
    comments = {tuple(place.path): place.leading_comments.strip() for place in file.source_code_info.location}
    syntax = next((place for place in file.source_code_info.location if tuple(place.path) == (12,)), None)
    return ProtoFile(
        Path(file.name).stem,
        syntax.leading_comments.strip() if syntax else "",
        tuple(_enumeration(one, comments, (5, at)) for at, one in enumerate(file.enum_type)),
        tuple(_message(one, comments, (4, at)) for at, one in enumerate(file.message_type)),
        tuple(f"/{file.package}.{service.name}/{method.name}" for service in file.service for method in service.method),
    )


def _enumeration(one: descriptor_pb2.EnumDescriptorProto, comments: dict, path: tuple[int, ...]) -> Enumeration:
    prefix = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in one.name)[1:] + "_"
    values = [
        (value.name.removeprefix(prefix), value.number, comments.get((*path, 2, at), ""))
        for at, value in enumerate(one.value)
    ]
    return Enumeration(one.name, comments.get(path, ""), tuple(values))


def _message(one: descriptor_pb2.DescriptorProto, comments: dict, path: tuple[int, ...]) -> Message:
    maps = {nested.name for nested in one.nested_type if nested.options.map_entry}
    if len(maps) != len(one.nested_type) or one.enum_type:
        raise ValueError(f"{one.name} has types inside, which no generator here writes")
    return Message(one.name, comments.get(path, ""), tuple(_fields(one, maps, comments, path)))


def _fields(one: descriptor_pb2.DescriptorProto, maps: set[str], comments: dict, path: tuple) -> Iterator[Field]:
    for at, field in enumerate(one.field):
        if field.type not in _KINDS:
            raise ValueError(f"{one.name}.{field.name} has type {field.type}, which no generator here writes")
        type_name = field.type_name.rpartition(".")[2]
        is_map = field.type == Descriptor.TYPE_MESSAGE and type_name in maps
        if is_map:
            entry = next(nested for nested in one.nested_type if nested.name == type_name)
            if [part.type for part in entry.field] != [Descriptor.TYPE_STRING] * 2:
                raise ValueError(f"{one.name}.{field.name} is a map of others than strings")
        in_oneof = field.HasField("oneof_index") and not field.proto3_optional
        yield Field(
            field.name,
            field.number,
            "map" if is_map else _KINDS[field.type],
            type_name,
            field.label == Descriptor.LABEL_REPEATED and not is_map,
            field.proto3_optional,
            one.oneof_decl[field.oneof_index].name if in_oneof else "",
            comments.get((*path, 2, at), ""),
        )

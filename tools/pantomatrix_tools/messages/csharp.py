"""The contract's messages in C# 9, for engine_clients/unity: plain classes over its WireReader and WireWriter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from .contract import Enumeration, Field, Message, ProtoFile

NAMESPACE = "PantoMatrix.V1"
_TYPES = {
    "int32": "int",
    "int64": "long",
    "uint64": "ulong",
    "bool": "bool",
    "double": "double",
    "float": "float",
    "string": "string",
    "bytes": "Bytes",
    "map": "Dictionary<string, string>",
}
_NAMES = {"int32": "Int32", "int64": "Int64", "uint64": "UInt64", "map": "Map"}


def sources(files: list[ProtoFile]) -> dict[str, str]:
    """The text of each file by its name."""
    return {f"{_pascal(file.name)}.cs": "\n".join(_source(file)) + "\n" for file in files}


def _source(file: ProtoFile) -> Iterator[str]:
    yield f"// Made from {file.name}.proto by `python3 dev.py stubs`; changes here are lost."
    yield from (f"// {line.strip()}" for line in file.comment.splitlines())
    yield "using System.Collections.Generic;"
    yield ""
    yield f"namespace {NAMESPACE}"
    yield "{"
    parts = [*map(_enumeration, file.enumerations), *map(_message, file.messages)]
    if file.methods:
        parts.append(_methods(file))
    for at, part in enumerate(parts):
        if at:
            yield ""
        yield from (f"    {line}" if line else "" for line in part)
    yield "}"


def _methods(file: ProtoFile) -> Iterator[str]:
    yield "/// <summary>The paths of its calls.</summary>"
    yield f"public static class {_pascal(file.name)}Paths"
    yield "{"
    for path in file.methods:
        yield f'    public const string {path.rpartition("/")[2]} = "{path}";'
    yield "}"


def _enumeration(one: Enumeration) -> Iterator[str]:
    yield from _summary(one.comment)
    yield f"public enum {one.name}"
    yield "{"
    for name, number, comment in one.values:
        yield from _summary(comment, "    ")
        yield f"    {_pascal(name.lower())} = {number},"
    yield "}"


def _message(one: Message) -> Iterator[str]:
    yield from _summary(one.comment)
    yield f"public sealed class {one.name} : Message"
    yield "{"
    for oneof in one.oneofs:
        yield f"    object _{_camel(oneof)};"
    for oneof in one.oneofs:
        cases = ", ".join(_pascal(field.name) for field in one.fields if field.oneof == oneof)
        yield f"    public enum {_pascal(oneof)}OneofCase {{ None, {cases} }}"
        yield "    /// <summary>Which one is set.</summary>"
        yield f"    public {_pascal(oneof)}OneofCase {_pascal(oneof)}Case {{ get; private set; }}"
    for field in one.fields:
        yield from _summary(field.comment, "    ")
        yield from (f"    {line}" for line in _property(field))
    yield ""
    yield "    public override void WriteTo(WireWriter writer)"
    yield "    {"
    for field in sorted(one.fields, key=lambda field: field.number):
        yield f"        {_write(field)}"
    yield "    }"
    yield ""
    yield "    public override void ReadFrom(WireReader reader)"
    yield "    {"
    yield "        for (uint tag; (tag = reader.ReadTag()) != 0;)"
    yield "            switch (tag)"
    yield "            {"
    for field in one.fields:
        yield from (f"                {line}" for line in _read(field))
    yield "                default: reader.Skip(tag); break;"
    yield "            }"
    yield "    }"
    yield "}"


def _property(field: Field) -> Iterator[str]:
    name, kind = _pascal(field.name), _type(field)
    if field.oneof:
        held, case = f"_{_camel(field.oneof)}", f"{_pascal(field.oneof)}OneofCase"
        if field.kind not in ("message", "string"):
            raise ValueError(f"{field.name} is in a oneof and neither a message nor a string")
        yield f"public {kind} {name}"
        yield "{"
        yield f"    get => {_pascal(field.oneof)}Case == {case}.{name} ? ({kind}){held} : null;"
        yield f"    set {{ {held} = value; {_pascal(field.oneof)}Case = value == null ? {case}.None : {case}.{name}; }}"
        yield "}"
    elif field.repeated or field.kind == "map":
        yield f"public {kind} {name} {{ get; set; }} = new {kind}();"
    else:
        yield f"public {kind} {name} {{ get; set; }}" + (' = "";' if kind == "string" and not field.optional else "")


def _write(field: Field) -> str:
    name, tag = _pascal(field.name), field.tag
    call = _call(field)
    if field.packable:
        one = "(int)one" if field.kind == "enum" else "one"
        each = f"foreach (var one in {name}) writer.{call}({one});"
        return f"if ({name}.Count > 0) {{ int at = writer.Begin({_packed(field)}); {each} writer.End(at); }}"
    if field.repeated:
        return f"foreach (var one in {name}) writer.{call}({tag}, one);"
    if field.kind in ("message", "map"):
        return f"writer.{call}({tag}, {name});"
    if field.oneof or (field.optional and field.kind == "string"):
        return f"if ({name} != null) writer.{call}({tag}, {name});"
    cast = "(int)" if field.kind == "enum" else ""
    if field.optional:
        return f"if ({name}.HasValue) writer.{call}({tag}, {cast}{name}.Value);"
    empty = {
        "string": f"!string.IsNullOrEmpty({name})",
        "bytes": f"{name}.Count > 0",
        "bool": name,
        "double": f"!Wire.IsZero({name})",
        "float": f"!Wire.IsZero({name})",
    }
    return f"if ({empty.get(field.kind, f'{name} != 0')}) writer.{call}({tag}, {cast}{name});"


def _read(field: Field) -> Iterator[str]:
    name, call = _pascal(field.name), _call(field)
    if field.kind == "message":
        if field.repeated:
            yield f"case {field.tag}: {name}.Add(reader.ReadMessage(new {field.type}())); break;"
        else:
            yield f"case {field.tag}: {name} = reader.ReadMessage({name} ?? new {field.type}()); break;"
        return
    if field.kind == "map":
        yield f"case {field.tag}: reader.ReadMap({name}); break;"
        return
    value = (
        f"({field.type})reader.ReadInt32()" if field.kind == "enum" else f"reader.Read{call.removeprefix('Write')}()"
    )
    if field.repeated:
        yield f"case {field.tag}: {name}.Add({value}); break;"
    else:
        yield f"case {field.tag}: {name} = {value}; break;"
    if field.packable:
        each = f"while (reader.HasMore) {name}.Add({value});"
        yield f"case {_packed(field)}: {{ int end = reader.Enter(); {each} reader.Leave(end); break; }}"


def _packed(field: Field) -> int:
    """The tag of a list in one piece."""
    return field.number << 3 | 2


def _call(field: Field) -> str:
    return "Write" + ("Int32" if field.kind == "enum" else _NAMES.get(field.kind, field.kind.capitalize()))


def _type(field: Field) -> str:
    one = field.type if field.kind in ("enum", "message") else _TYPES[field.kind]
    if field.repeated:
        return f"List<{one}>"
    return f"{one}?" if field.optional and field.kind not in ("message", "string") else one


def _summary(comment: str, indent: str = "") -> Iterator[str]:
    if not comment:
        return
    first, *rest = [line.strip() for line in escape(comment).splitlines()]
    if not rest:
        yield f"{indent}/// <summary>{first}</summary>"
        return
    yield f"{indent}/// <summary>{first}"
    for line in rest[:-1]:
        yield f"{indent}/// {line}"
    yield f"{indent}/// {rest[-1]}</summary>"


def _pascal(name: str) -> str:
    """As protoc does it: "s16le" becomes "S16Le"."""
    return re.sub(r"(?:^|_|(?<=[0-9]))([a-z0-9])", lambda found: found[1].upper(), name)


def _camel(name: str) -> str:
    pascal = _pascal(name)
    return pascal[:1].lower() + pascal[1:]

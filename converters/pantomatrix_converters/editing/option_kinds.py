"""How options are written outside of Python's own values: as one word on the command line, as plain values in keywords and
messages. Everything that offers options is made from this: flags, help, keywords, messages. So an option is declared once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass
from enum import StrEnum
from operator import index
from typing import Any, TypeVar

from ..errors import InvalidInputError, PantomatrixError, UnknownNameError
from ..ranges import Range

T = TypeVar("T")


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class OptionKind:
    """What values an option takes.

    read: from a plain value (numbers, texts, lists, mappings) or from the option's own. Raises UnknownNameError,
    InvalidInputError, ValueError or TypeError.
    write: back to a plain value.
    read_word: from a word of the command line; None where that is what `read` does.
    flag: what the command line takes it as: bool, int, float or str; None where it has no flag.
    """

    read: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same
    read_word: Callable[[str], Any] | None = None
    flag: type | None = str
    expected: str = ""


@dataclass(frozen=True)
class Option:
    """What is known of one field of a dataclass of options. shown_default: words for a default that is not a plain value."""

    kind: OptionKind
    help: str
    shown_default: str = ""


def option(default: T, kind: OptionKind, help: str, shown_default: str = "") -> T:
    """A field of a dataclass of options."""
    return dataclasses.field(default=default, metadata={"option": Option(kind, help, shown_default)})


def options_of(cls: type) -> dict[str, tuple[Option, Any]]:
    """Name -> option and its default, in order."""
    return {field.name: (field.metadata["option"], field.default) for field in dataclasses.fields(cls)}


def read_options(cls: type[T], values: Mapping[str, Any]) -> T:
    """Options from plain values. Raises UnknownNameError, InvalidInputError with the field."""
    return _read(cls, values, lambda kind: kind.read)


def read_words(cls: type[T], words: Mapping[str, Any]) -> T:
    """Options from words of the command line, which may name files. Raises UnknownNameError, InvalidInputError."""
    return _read(cls, words, lambda kind: kind.read_word or kind.read)


def _read(cls: type[T], values: Mapping[str, Any], reader: Callable[[OptionKind], Callable[[Any], Any]]) -> T:
    known, read = options_of(cls), {}
    for name, value in values.items():
        if name not in known:
            raise UnknownNameError("option", name, known)
        kind = known[name][0].kind
        try:
            read[name] = reader(kind)(value)
        except PantomatrixError as error:
            error.field = error.field or f"options.{name}"
            raise
        except (ValueError, TypeError, KeyError, AttributeError):
            expected = f", expected {kind.expected}" if kind.expected else ""
            is_empty = isinstance(value, Sized) and not isinstance(value, str) and not len(value)
            shown = "empty" if is_empty else f"{value:g}" if isinstance(value, float) else repr(value)
            raise InvalidInputError(f"{name} is {shown}{expected}", f"options.{name}") from None
    return cls(**read)


def plain_options(options: Any) -> dict[str, Any]:
    """Plain values of the options that are not the defaults."""
    return {
        name: known.kind.write(value)
        for name, (known, default) in options_of(type(options)).items()
        if (value := getattr(options, name)) is not default and value != default
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return str(value)


TEXT = OptionKind(_text, expected="a text")


def _switch(value: Any) -> bool:
    if type(value).__name__ not in ("bool", "bool_"):  # Python's and numpy's
        raise TypeError
    return bool(value)


def _switch_word(word: Any) -> bool:
    return {"true": True, "false": False}[word.lower()] if isinstance(word, str) else _switch(word)


SWITCH = OptionKind(_switch, read_word=_switch_word, flag=bool, expected="True or False")
VALUES = OptionKind(tuple, flag=None)
"""Values that have no plain form: the options' own."""


def number(within: Range) -> OptionKind:
    """A number in a range."""
    return OptionKind(lambda value: _inside(within, float(value)), flag=float, expected=str(within))


def whole_number(within: Range) -> OptionKind:
    """A whole number in a range."""
    return OptionKind(lambda value: _inside(within, index(value)), flag=int, expected=f"a whole number, {within}")


def _inside(within: Range, value: Any) -> Any:
    if value not in within:
        raise ValueError
    return value


def one_of(members: type[StrEnum], called: str, empty: StrEnum | None = None) -> OptionKind:
    """A member of an enumeration, by its name. empty: what an empty text means."""
    return OptionKind(
        lambda value: empty if empty is not None and value == "" else _member(members, called, value),
        str,
        expected=", ".join(members),
    )


def several_of(members: type[StrEnum], called: str) -> OptionKind:
    """Members of an enumeration, one at least: a list of names, or one text with commas."""

    def read(value: str | Iterable[str]) -> tuple[StrEnum, ...]:
        names = _words(value) if isinstance(value, str) else value
        read = tuple(_member(members, called, name) for name in names)
        if not read:
            raise ValueError
        return read

    return OptionKind(
        read, lambda value: [str(member) for member in value], expected=f"one or more of {', '.join(members)}"
    )


def strengths_of(members: type[StrEnum], called: str, also_called: Mapping[str, str] | None = None) -> OptionKind:
    """Pairs of a member and a number: a mapping, a list of pairs, or a text such as face=0.5,hands=1.2. A name alone is 1.

    also_called: other word -> the member's name that is meant by it, for the error.
    """

    def read(value: Any) -> tuple[tuple[StrEnum, float], ...]:
        pairs = _numbered(value) if isinstance(value, str) else value.items() if isinstance(value, Mapping) else value
        return tuple(
            (_member(members, called, name, also_called), float(*(strength or (1.0,)))) for name, *strength in pairs
        )

    return OptionKind(
        read,
        lambda value: {str(member): strength for member, strength in value},
        expected=f"{called.upper()}=NUMBER,..., such as {next(iter(members))}=0.6",
    )


def strengths_in_time(
    key: Callable[[float, Any], Any], members: type[StrEnum], called: str, also_called: Mapping[str, str] | None = None
) -> OptionKind:
    """What `strengths_of` takes, or that from times on: a list of pairs of seconds and it, or a text such as
    joy=0.5,2.5:anger=0.6,fear=0.2 in which SECONDS: stands before what begins there.

    key: makes a pair of seconds and strengths. The option's own value is a tuple of such pairs, empty where nothing is given.
    """
    strengths = strengths_of(members, called, also_called)

    def read(value: Any) -> tuple[Any, ...]:
        given = _timed(value) if isinstance(value, str) else value
        pairs = list(given.items() if isinstance(given, Mapping) else given)
        if pairs and not isinstance(pairs[0][0], str):
            return tuple(key(float(seconds), strengths.read(felt)) for seconds, felt in pairs)
        return (key(0.0, strengths.read(pairs)),) if pairs else ()

    def write(value: tuple[Any, ...]) -> Any:
        if len(value) == 1 and value[0][0] == 0.0:
            return strengths.write(value[0][1])
        return [[seconds, strengths.write(felt)] for seconds, felt in value] or {}

    expected = f"{strengths.expected}; from a second on, such as 2.5:{next(iter(members))}=0.6"
    return OptionKind(read, write, expected=expected)


def record_of(cls: type) -> OptionKind:
    """A dataclass of numbers: a mapping, or a text such as amplitude=0.5,rate=0.8."""
    names = [field.name for field in dataclasses.fields(cls)]

    def read(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        given = dict(_numbered(value) if isinstance(value, str) else value)
        unknown = next((name for name in given if name not in names), None)
        if unknown is not None:
            raise UnknownNameError(f"name in {cls.__name__.lower()}:", unknown, names)
        return cls(**{name: float(number) for name, number in given.items()})

    return OptionKind(read, dataclasses.asdict, expected=",".join(f"{name}=NUMBER" for name in names))


def records_of(cls: type) -> OptionKind:
    """Several of a dataclass whose first field is a name and whose others are numbers: a list of mappings, or a text such as
    jawOpen=1.2,mouthPucker=0.8:0.1 with the numbers in order."""
    first, *others = [field.name for field in dataclasses.fields(cls)]

    def read(value: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            return tuple(map(read_text, _words(value)))
        return tuple(entry if isinstance(entry, cls) else cls(**entry) for entry in value)

    def read_text(text: str) -> Any:
        name, _, rest = text.partition("=")
        numbers = [float(number) for number in rest.split(":")]
        return cls(name, *numbers)

    pattern = f"{first.upper()}={others[0].upper()}" + "".join(f"[:{name.upper()}" for name in others[1:])
    return OptionKind(
        read, lambda value: [dataclasses.asdict(entry) for entry in value], expected=pattern + "]" * (len(others) - 1)
    )


def _member(members: type[StrEnum], called: str, name: Any, also_called: Mapping[str, str] | None = None) -> Any:
    try:
        return members(name)
    except ValueError:
        raise UnknownNameError(called, str(name), members, also_called) from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _timed(text: str) -> list[tuple[float, list[tuple[str, float]]]]:
    """ "joy=0.6,2.5:fear" as pairs of seconds and what `_numbered` gives."""
    keys: list[tuple[float, list[tuple[str, float]]]] = []
    for word in _words(text):
        seconds, colon, felt = word.rpartition(":")
        if colon or not keys:
            keys.append((float(seconds) if colon else 0.0, []))
        keys[-1][1].extend(_numbered(felt))
    return keys


def _numbered(text: str) -> list[tuple[str, float]]:
    """ "joy=0.6,fear" as pairs; a name alone is 1."""
    pairs = [word.partition("=") for word in _words(text)]
    return [(name.strip(), float(number) if equals else 1.0) for name, equals, number in pairs]

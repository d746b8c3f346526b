"""Flags for options: a command gets one for every option of a dataclass, with the option's name, help and default."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

from pantomatrix_converters.editing.option_kinds import Option, options_of
from pantomatrix_converters.editing.options import OF_FILES, MotionEdits

MADE, EDITS = "How the motion is made", "Edits of the motion"
"""Panels of the help."""


def with_options(cls: type) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Replace a command's `**words` by the options of a dataclass. The command gets those that were given, as
    `read_words` takes them."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        hints = get_type_hints(command, include_extras=True)
        own = [
            entry.replace(annotation=hints[entry.name])
            for entry in inspect.signature(command).parameters.values()
            if entry.kind is not inspect.Parameter.VAR_KEYWORD
        ]
        edits = options_of(MotionEdits)
        flags = {
            name: _flag(name, *known, EDITS if name in edits else MADE)
            for name, known in _own_first(cls).items()
            if known[0].kind.flag and (cls is MotionEdits or name not in OF_FILES)
        }

        @functools.wraps(command)
        def run(**values: Any) -> None:
            unsaid = [name for name, flag in flags.items() if values[name] == flag.default]
            command(**{name: value for name, value in values.items() if name not in unsaid})

        parameters = [*own, *flags.values()]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {entry.name: entry.annotation for entry in parameters}
        return run

    return decorate


def _own_first(cls: type) -> dict[str, tuple[Option, Any]]:
    """Options of a class before those that it inherits."""
    options = options_of(cls)
    return dict(sorted(options.items(), key=lambda entry: entry[0] not in cls.__annotations__))


def _flag(name: str, option: Option, default: Any, panel: str) -> inspect.Parameter:
    flag = option.kind.flag
    assert flag is not None
    plain = str(default) if flag is str and isinstance(default, str) else "" if flag is str else default
    if flag in (int, float) and option.shown_default:
        flag, plain = flag | None, None  # so that 0 is not taken for "not given"
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=plain,
        annotation=Annotated[
            flag,
            typer.Option(
                f"--{name.replace('_', '-')}",
                help=option.help,
                show_default=option.shown_default or flag is not bool,
                rich_help_panel=panel,
            ),
        ],
    )

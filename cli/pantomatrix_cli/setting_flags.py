"""Flags for the server's settings: `serve` gets one for every setting, with the setting's name, help and default."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args, get_type_hints

import typer

from pantomatrix_server.settings import Settings, panel_of

_KINDS = {bool: "", int: "INTEGER", float: "NUMBER", str: "TEXT"}


def with_settings(command: Callable[..., None], own: frozenset[str]) -> Callable[..., None]:
    """Replace a command's `**words` by the settings. The command gets those that were given, as they were written: Settings
    reads a flag as it reads a variable. own: settings that have a flag of the command's own."""
    hints = get_type_hints(command, include_extras=True)
    parameters = [
        entry.replace(annotation=hints[entry.name])
        for entry in inspect.signature(command).parameters.values()
        if entry.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    parameters += [_flag(name) for name in Settings.model_fields if name not in own]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        command(**{name: value for name, value in values.items() if value not in (None, [])})

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {entry.name: entry.annotation for entry in parameters}
    return run


def _flag(name: str) -> inspect.Parameter:
    field = Settings.model_fields[name]
    spelt = f"--{name.replace('_', '-')}"
    kinds = [kind for kind in get_args(field.annotation) or (field.annotation,) if kind is not type(None)]
    yes_or_no = kinds == [bool]
    annotation = bool if yes_or_no else list[str] if field.annotation == list[str] else str
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            annotation | None,
            typer.Option(
                f"{spelt}/--no-{spelt[2:]}" if yes_or_no else spelt,
                help=field.description,
                metavar=None if yes_or_no else _metavar(kinds),
                show_default=_shown(field.default),
                rich_help_panel=panel_of(name),
            ),
        ],
    )


def _metavar(kinds: list[Any]) -> str:
    if all(isinstance(kind, str) for kind in kinds):
        return "|".join(kinds)
    return _KINDS.get(kinds[0], "PATH")


def _shown(default: Any) -> str | bool:
    """A default in the help; one that is made, or says that there is none, is told by the description."""
    return str(default) if isinstance(default, (str, int, float)) and default not in ("", False) else False

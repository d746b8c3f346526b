"""What is said of words that the command line does not understand: one line, as of every other error."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from .report import BAD_INPUT, printable


class OneLineGroup(TyperGroup):
    """A program whose usage errors are one line each."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run the program, and end it unless standalone_mode is off."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **extra)
        try:
            code = super().main(*args, standalone_mode=False, **extra)
        except typer.Abort:
            sys.exit(1)
        except Exception as error:
            if not hasattr(error, "format_message"):
                raise
            _show(error)
            sys.exit(BAD_INPUT)
        sys.exit(code if isinstance(code, int) else 0)


def _show(error: Any) -> None:
    """error: one that typer raises for words of the command line."""
    where = error.ctx.command_path if getattr(error, "ctx", None) else "pantomatrix"
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    message = " ".join(error.format_message().split()).rstrip(".")
    mark = "" if message.endswith("?") else ";"
    shown = f"error: {message[:1].lower()}{message[1:]}{mark} `{where} -h` shows what there is"
    print(printable(shown), file=sys.stderr)

"""One of several server processes (see `supervisor`).

Settings come as a line of JSON on standard input, "ready" goes to standard output. It drains when standard input closes, so
that none outlives its supervisor.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading

from pantomatrix_converters.errors import PantomatrixError

from ..settings import Settings
from .log_lines import set_up_log
from .serve import serve


def main() -> None:
    """See the module."""
    settings = Settings.model_validate_json(sys.stdin.readline())
    set_up_log(settings.log_format)
    threading.Thread(target=_leave_with_the_supervisor, daemon=True).start()
    try:
        asyncio.run(serve(settings, lambda _: print("ready", flush=True)))
    except PantomatrixError as error:
        sys.exit(f"error: {error}")


def _leave_with_the_supervisor() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

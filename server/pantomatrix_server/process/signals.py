"""What the system tells a server process."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Signals:
    """stop: SIGTERM or SIGINT came. hurry: another one came after it. reload: SIGHUP came, where there is such a signal."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    reload: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def heard(cls) -> Signals:
        """Of this process, from now on."""
        signals, loop = cls(), asyncio.get_running_loop()
        wanted = {signal.SIGTERM: signals._end, signal.SIGINT: signals._end}
        if hasattr(signal, "SIGHUP"):
            wanted[signal.SIGHUP] = signals.reload.set
        for number, act in wanted.items():
            try:
                loop.add_signal_handler(number, act)
            except NotImplementedError:
                signal.signal(number, lambda *_, act=act: loop.call_soon_threadsafe(act))
        return signals

    def _end(self) -> None:
        (self.hurry if self.stop.is_set() else self.stop).set()

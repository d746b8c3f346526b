"""A real server process for the tests that talk to one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from command_line import command
from reserved_port import reserved_port


@dataclass
class ServerProcess:
    """A running `pantomatrix serve`."""

    process: subprocess.Popen
    address: str
    log: Path
    web: str

    def terminate(self) -> int:
        """SIGTERM, and the exit code it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


_LISTENING = r"listening on (\S+) \(web (\S+)\)"


@contextmanager
def running_server(log: Path, *flags: str, within: Sequence[str] = (), **environment: str) -> Iterator[ServerProcess]:
    """A server on free ports, which stay its own when it is killed; `environment` adds variables. within: the command that runs
    it, for example in a namespace."""
    with log.open("w") as stderr, reserved_port() as port, reserved_port() as web_port:
        process = subprocess.Popen(
            [*within, *command("serve", "--port", port, "--web-port", web_port, *flags)],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, **environment},
        )
        assert process.stdout is not None
        with process, process.stdout:
            try:
                found = re.search(_LISTENING, process.stdout.readline())
                assert found, log.read_text()
                yield ServerProcess(process, found[1], log, found[2])
            finally:
                process.kill()
    written = log.read_text()
    assert "Traceback" not in written, written
    assert " ERROR " not in written, written


def cpu_seconds(server: ServerProcess) -> float:
    """Processor time that it has used, from /proc."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def metrics(server: ServerProcess) -> dict[str, float]:
    """By name with labels."""
    with urllib.request.urlopen(f"http://{server.web}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}

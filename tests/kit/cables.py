"""Servers behind cables of their own, which a test cuts: network namespaces with a pair of virtual Ethernet ends each."""

from __future__ import annotations

import itertools
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_laid = itertools.count(1)
"""Names of ends that were taken down are free only some time later."""


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=20)


def can_lay_cables() -> bool:
    """Whether this machine lets us make namespaces and filter their packets."""
    name = f"pm{os.getpid()}"
    try:
        _run("ip", "netns", "add", name)
        try:
            _run(
                "ip",
                "netns",
                "exec",
                name,
                "iptables",
                "-A",
                "INPUT",
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                "0.1",
                "-j",
                "DROP",
            )
        finally:
            _run("ip", "netns", "del", name)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


@dataclass(frozen=True)
class Cable:
    """The way to a namespace. address: of what runs in it; within: the command that runs something there."""

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def _filter(self, *rule: str) -> None:
        for chain in ("INPUT", "OUTPUT"):
            _run(*self.within, "iptables", "-A", chain, *rule)

    def cut(self) -> None:
        """Packets vanish both ways; nobody is told."""
        self._filter("-j", "DROP")

    def lose(self, share: float) -> None:
        """So many packets vanish."""
        self._filter("-m", "statistic", "--mode", "random", "--probability", f"{share}", "-j", "DROP")

    def mend(self) -> None:
        """All packets come through again."""
        _run(*self.within, "iptables", "-F")


@contextmanager
def cable() -> Iterator[Cable]:
    """Lay one, and take it away."""
    number = next(_laid)
    # Other test processes lay cables too.
    net, name = f"10.{100 + os.getpid() % 100}.{number}", f"pm{os.getpid()}n{number}"
    end = f"v{name}"[:15]
    inside = ("ip", "netns", "exec", name, "ip")
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "link", "add", end, "type", "veth", "peer", "name", "far", "netns", name)
        _run("ip", "address", "add", f"{net}.1/24", "dev", end)
        _run("ip", "link", "set", end, "up")
        _run(*inside, "address", "add", f"{net}.2/24", "dev", "far")
        _run(*inside, "link", "set", "far", "up")
        _run(*inside, "link", "set", "lo", "up")
        yield Cable(name, f"{net}.2")
    finally:
        _run("ip", "netns", "del", name)

"""Descriptors for gRPC's reflection, of the contract and of messages that are in a pool of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from google.protobuf.descriptor_pool import DescriptorPool


def joined(*pools: DescriptorPool) -> DescriptorPool:
    """All of them, asked in their order with the methods of one. Each raises KeyError if none knows the answer."""
    return cast(DescriptorPool, _Joined(pools))


class _Joined:
    def __init__(self, pools: Sequence[DescriptorPool]) -> None:
        self._pools = pools

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*words: Any) -> Any:
            for pool in self._pools[:-1]:
                try:
                    return getattr(pool, name)(*words)
                except KeyError:
                    continue
            return getattr(self._pools[-1], name)(*words)

        return ask

"""Open Sound Control: messages as UDP packets, by python-osc (the extra `vmc`)."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UnsupportedError

Message = tuple[str, tuple[str | float | int, ...]]
"""An address and its arguments."""

_PACKET_MESSAGES = 12
"""Messages in a bundle: it stays under 1400 bytes, which no network splits."""


def osc_packets(messages: Sequence[Message]) -> list[bytes]:
    """Bundles of a few messages each, in order, for at once. Raises UnsupportedError without python-osc."""
    try:
        from pythonosc import osc_bundle_builder, osc_message_builder
    except ImportError:
        raise UnsupportedError(
            'OSC needs the package python-osc: pip install ".[vmc]" in the project\'s folder'
        ) from None
    packets = []
    for start in range(0, len(messages), _PACKET_MESSAGES):
        bundle = osc_bundle_builder.OscBundleBuilder(osc_bundle_builder.IMMEDIATELY)
        for address, values in messages[start : start + _PACKET_MESSAGES]:
            builder = osc_message_builder.OscMessageBuilder(address)
            for value in values:
                builder.add_arg(value)
            bundle.add_content(builder.build())
        packets.append(bundle.build().dgram)
    return packets

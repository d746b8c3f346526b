"""Real-time factor of the builtin model: in this process and over gRPC, alternately, in one run.

    python3 dev.py bench

The clip is given as a WAV file's bytes both times; over gRPC the client and the server are two processes. Median of the
repeats after one warm-up of each; the ratio is the median of the ratios of neighbours.
"""

from __future__ import annotations

import argparse
import io
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import soundfile

from pantomatrix_client import Client
from pantomatrix_converters.motion import concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.generation import plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry

SPEECH = Path(__file__).resolve().parents[1] / "examples" / "speech.wav"


def clip(seconds: float) -> bytes:
    """The example's speech over and over, as a WAV file."""
    samples, rate = soundfile.read(SPEECH, dtype="int16")
    stream = io.BytesIO()
    soundfile.write(stream, np.resize(samples, int(seconds * rate)), rate, format="WAV")
    return stream.getvalue()


def in_process(data: bytes) -> float:
    started = time.perf_counter()
    concatenate(list(plan(MotionOptions(), ModelRegistry()).pieces(decode_file(data, 1e9))))
    return time.perf_counter() - started


def over_grpc(client: Client, data: bytes) -> tuple[float, float]:
    """Seconds to the whole clip, and to its first frames."""
    started = time.perf_counter()
    with client.stream(data) as stream:
        blocks = iter(stream)
        next(blocks)
        first = time.perf_counter() - started
        stream.motion()
    return time.perf_counter() - started, first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repeats", type=int, default=9)
    repeats = parser.parse_args().repeats
    command = [sys.executable, "-m", "pantomatrix_cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        address = re.search(r"listening on (\S+)", server.stdout.readline())
        assert address is not None
        print(f"generate, builtin model, {platform.processor() or platform.machine()}, {repeats} repeats, medians")
        print(
            f"{'clip':>6} {'in process':>12} {'over gRPC':>12} {'ratio':>7} {'first frames':>13} {'real-time factor':>17}"
        )
        with Client(address[1]) as client:
            for seconds in (10, 30, 120):
                data = clip(seconds)
                in_process(data)
                over_grpc(client, data)
                here, there, first = [], [], []
                for _ in range(repeats):
                    here.append(in_process(data))
                    whole, start = over_grpc(client, data)
                    there.append(whole)
                    first.append(start)
                a, b = statistics.median(here), statistics.median(there)
                ratio = statistics.median(y / x for x, y in zip(here, there, strict=True))
                print(
                    f"{seconds:>4} s {1000 * a:>9.0f} ms {1000 * b:>9.0f} ms {ratio:>7.2f} "
                    f"{1000 * statistics.median(first):>10.0f} ms {b / seconds:>17.4f}"
                )
        server.terminate()


if __name__ == "__main__":
    main()

"""Live streams that come and go for a long time, a third of them idle, some cut off: does memory stay flat?

    python benchmarks/soak.py --minutes 20

Also says what an idle stream costs in memory.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import grpc
import numpy as np

from pantomatrix.v1 import audio_pb2, motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_models.audio.decode import decode_file

RATE = 16_000
CLIP = Path(__file__).parents[1] / "tests" / "data" / "audio" / "hu03_speech_m.wav"
SPEECH = decode_file(CLIP.read_bytes(), 60).samples
FORM = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=RATE)


def resident_mib(process: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) / 1024


async def stream(stub: motion_pb2_grpc.MotionServiceStub, seconds: float, speaks: bool, cut: bool, seed: int) -> int:
    """Frames of one stream."""

    async def said():
        start = motion_pb2.StreamStart(options=options_pb2.MotionOptions(seed=seed), format=FORM)
        yield motion_pb2.StreamMotionRequest(start=start)
        until = time.monotonic() + seconds
        at = 0
        while time.monotonic() < until:
            if speaks:
                samples = np.take(SPEECH, range(at, at + 1600), mode="wrap")
                yield motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=samples.tobytes()))
                at += 1600
                if at % 48_000 == 0:
                    yield motion_pb2.StreamMotionRequest(end_of_utterance=motion_pb2.EndOfUtterance())
            await asyncio.sleep(0.1)

    count = 0
    call = stub.StreamMotion(said())
    async for response in call:
        count += response.frames.frame_count
        if cut and count > 60:
            call.cancel()
            break
    return count


async def soak(address: str, process: int, minutes: float, streams: int) -> None:
    async with grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        stub = motion_pb2_grpc.MotionServiceStub(channel)
        await stream(stub, 2, True, False, 0)
        before = resident_mib(process)
        idle = [asyncio.create_task(stream(stub, 8, False, False, seed)) for seed in range(48)]
        await asyncio.sleep(6)
        print(f"an idle stream takes {(resident_mib(process) - before) / len(idle):.2f} MiB", flush=True)
        await asyncio.gather(*idle)
        dice, running, done, frames, longest = random.Random(1), set(), 0, 0, min(20.0, 60 * minutes)
        until, reported = time.monotonic() + 60 * minutes, time.monotonic()
        print(f"{'minute':>7} {'streams':>8} {'frames':>10} {'MiB':>7}", flush=True)
        while time.monotonic() < until:
            while len(running) < streams:
                done += 1
                task = stream(stub, dice.uniform(1, longest), dice.random() < 0.67, dice.random() < 0.2, done)
                running.add(asyncio.create_task(task))
            finished, running = await asyncio.wait(running, timeout=1, return_when=asyncio.FIRST_COMPLETED)
            frames += sum(task.result() for task in finished)
            if time.monotonic() - reported > 60 * minutes / 10:
                reported = time.monotonic()
                minute = minutes - (until - reported) / 60
                print(f"{minute:>7.1f} {done:>8} {frames:>10} {resident_mib(process):>7.1f}", flush=True)
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.sleep(1)
        print(f"all gone: {resident_mib(process):.1f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--streams", type=int, default=24)
    arguments = parser.parse_args()
    command = [sys.executable, "-m", "pantomatrix_cli", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"listening on (\S+)", server.stdout.readline())
        assert found
        try:
            asyncio.run(soak(found[1], server.pid, arguments.minutes, arguments.streams))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()

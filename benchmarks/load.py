"""Live streams at once: latency of frames against the audio they depend on, from client processes of their own.

    python benchmarks/load.py --streams 1 8 32 --chunk-ms 20 100 --seconds 20

Every client sends chunks at the pace of a microphone. The latency of a frame is the time from sending the chunk with the last
sample that it depends on (its own time plus the header's look-ahead) to receiving the frame. Lost are frames that never came.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np

RATE, FPS = 16_000, 30.0
CLIENT_PROCESSES = 2
CLIP = Path(__file__).parents[1] / "tests" / "data" / "audio" / "hu03_speech_m.wav"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, nargs="+", default=[1, 8, 16])
    parser.add_argument("--chunk-ms", type=int, nargs="+", default=[20, 40, 100, 160])
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--workers", type=int, default=1, help="the server's processes")
    parser.add_argument("--transport", choices=("grpc", "websocket"), default="grpc")
    arguments = parser.parse_args()
    print(f"live streams, builtin, {arguments.seconds:g} s each, chunks at the pace of a microphone")
    print(f"{'streams':>7} {'chunk':>7} {'p50':>8} {'p95':>8} {'p99':>8} {'frames':>8} {'lost':>5}  server's cores")
    for streams in arguments.streams:
        for chunk_ms in arguments.chunk_ms:
            latencies, lost, cores = measure(streams, chunk_ms, arguments)
            p50, p95, p99 = (1000 * np.percentile(latencies, q) for q in (50, 95, 99))
            times = f"{p50:>5.0f} ms {p95:>5.0f} ms {p99:>5.0f} ms"
            print(f"{streams:>7} {chunk_ms:>4} ms {times} {len(latencies):>8} {lost:>5}  {cores:.2f}", flush=True)


def measure(streams: int, chunk_ms: int, arguments: argparse.Namespace) -> tuple[np.ndarray, int, float]:
    """Latencies of all frames in seconds, frames lost, and the server's CPU seconds a second."""
    flags = ["--workers", str(arguments.workers), "--max-streams", str(streams), "--web-port", "0"]
    command = [sys.executable, "-m", "pantomatrix_cli", "serve", "--port", "0", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"listening on (\S+) \(web (\S+)\)", server.stdout.readline())
        assert found
        address = found[1] if arguments.transport == "grpc" else f"ws://{found[2]}"
        context = multiprocessing.get_context("spawn")
        shares = [streams // CLIENT_PROCESSES + (at < streams % CLIENT_PROCESSES) for at in range(CLIENT_PROCESSES)]
        with context.Pool(CLIENT_PROCESSES) as pool:
            pool.map(time.sleep, [0.5] * CLIENT_PROCESSES, chunksize=1)
            before, started = _cpu_seconds(server.pid), time.monotonic()
            jobs = [
                (address, share, chunk_ms, arguments.seconds, number) for number, share in enumerate(shares) if share
            ]
            results = pool.starmap(run_clients, jobs, chunksize=1)
            cores = (_cpu_seconds(server.pid) - before) / (time.monotonic() - started)
        server.terminate()
    return np.concatenate([latencies for latencies, _ in results]), sum(lost for _, lost in results), cores


def _cpu_seconds(process: int) -> float:
    """Of a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100 + sum(_cpu_seconds(int(child)) for child in children)


def run_clients(address: str, streams: int, chunk_ms: int, seconds: float, number: int) -> tuple[np.ndarray, int]:
    """Streams of one client process."""
    return asyncio.run(_run_clients(address, streams, chunk_ms, seconds, number))


async def _run_clients(
    address: str, streams: int, chunk_ms: int, seconds: float, number: int
) -> tuple[np.ndarray, int]:
    latencies: list[float] = []
    clients = (_client(address, chunk_ms, seconds, 100 * number + at, latencies) for at in range(streams))
    lost = await asyncio.gather(*clients)
    return np.array(latencies), sum(lost)


async def _client(address: str, chunk_ms: int, seconds: float, seed: int, latencies: list[float]) -> int:
    """One stream on a connection of its own. Returns the frames that never came."""
    from pantomatrix.v1 import audio_pb2, motion_pb2, options_pb2
    from pantomatrix_models.audio.decode import decode_file

    samples = np.resize(decode_file(CLIP.read_bytes(), 60).samples, int(seconds * RATE))
    format = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=RATE)
    start = motion_pb2.StreamStart(options=options_pb2.MotionOptions(seed=seed), format=format)
    size = RATE * chunk_ms // 1000
    sent_at: list[float] = []

    async def speak() -> AsyncIterator[motion_pb2.StreamMotionRequest]:
        yield motion_pb2.StreamMotionRequest(start=start)
        started = time.monotonic() + 0.013 * (seed % 17)
        for number, at in enumerate(range(0, len(samples), size)):
            await asyncio.sleep(started + (number + 1) * size / RATE - time.monotonic())
            sent_at.append(time.monotonic())
            chunk = motion_pb2.AudioChunk(samples=samples[at : at + size].tobytes())
            yield motion_pb2.StreamMotionRequest(audio=chunk)

    received, look_ahead = 0, 0.0
    call = _over_websocket if address.startswith("ws") else _over_grpc
    async for response in call(address, speak()):
        match response.WhichOneof("message"):
            case "header":
                look_ahead = response.header.look_ahead_seconds
            case "frames":
                now, first = time.monotonic(), response.frames.first_frame
                for frame in range(first, first + response.frames.frame_count):
                    chunk = int(np.ceil((frame / FPS + look_ahead) * RATE / size)) - 1
                    if chunk < len(sent_at):
                        latencies.append(now - sent_at[chunk])
                received += response.frames.frame_count
    return int(np.ceil(seconds * FPS - 1e-6)) - received


async def _over_grpc(address: str, requests: AsyncIterator) -> AsyncIterator:
    import grpc

    from pantomatrix.v1 import motion_pb2_grpc

    async with grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        async for response in motion_pb2_grpc.MotionServiceStub(channel).StreamMotion(requests):
            yield response


async def _over_websocket(address: str, requests: AsyncIterator) -> AsyncIterator:
    from websockets.asyncio.client import connect

    from pantomatrix.v1 import motion_pb2

    async def send() -> None:
        async for request in requests:
            await socket.send(request.SerializeToString())
        await socket.send(b"")

    async with connect(f"{address}/pantomatrix.v1.MotionService/StreamMotion", compression=None) as socket:
        sending = asyncio.create_task(send())
        async for data in socket:
            assert isinstance(data, bytes)
            yield motion_pb2.StreamMotionResponse.FromString(data)
        await sending


if __name__ == "__main__":
    main()

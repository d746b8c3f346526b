"""Networks live: what a hop's length costs, how late its frames are, and what its seams look like. Full size, random weights.

    python benchmarks/hops.py
    python benchmarks/hops.py --models emage --seconds 20

The seam is the ratio of rotations' acceleration where one hop follows another to that within hops, both as means over all
joints that move; 1 would be no seam. Cost is computing time for a second of audio, one stream alone and four together.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "kit"))

from checkpoints import write_emage, write_recurrent  # noqa: E402  # pyright: ignore[reportMissingImports]
from golden_case import pseudo_speech  # noqa: E402  # pyright: ignore[reportMissingImports]
from pantomatrix_converters import rotations  # noqa: E402
from pantomatrix_converters.motion import Motion, concatenate  # noqa: E402
from pantomatrix_models.emage.model import Emage  # noqa: E402
from pantomatrix_models.model import LiveTiming, Push, UtteranceOptions  # noqa: E402
from pantomatrix_models.pretrained import PretrainedModel  # noqa: E402
from pantomatrix_models.recurrent.model import Camn, Disco  # noqa: E402

RATE, TOGETHER = 16_000, 4
OWN_FPS = {"emage": 30.0, "camn": RATE / 1080, "disco": RATE / 1080}


def stream(model: PretrainedModel, audio: np.ndarray, timing: LiveTiming, streams: int) -> tuple[Motion, float]:
    """The first stream's motion, and the seconds that all of them took."""
    options = UtteranceOptions("0", 30.0)
    sessions = [model.open_streaming(options, timing) for _ in range(streams)]
    pieces, started = [], time.perf_counter()
    for at in range(0, len(audio), 320):
        chunk = audio[at : at + 320]
        pieces.append(model.advance([Push(session, chunk) for session in sessions])[0])
    return concatenate(pieces), time.perf_counter() - started


def seam_ratio(motion: Motion, hop_seconds: float) -> float:
    quats = rotations.shortest(motion.rotations_xyzw)
    turns = rotations.axis_angle_from_quat(
        rotations.shortest(rotations.multiply(rotations.inverse(quats[:-1]), quats[1:]))
    )
    acceleration = np.linalg.norm(np.diff(turns, axis=0), axis=-1)
    moving = acceleration.mean(axis=0) > 1e-9
    each = acceleration[:, moving].mean(axis=1)
    times = np.arange(1, len(each) + 1) / motion.fps
    since = (times + 1e-6) % hop_seconds
    seam = np.minimum(since, hop_seconds - since) < 1.01 / motion.fps
    return float(each[seam].mean() / each[~seam].mean()) if (~seam).any() else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="emage,camn,disco")
    parser.add_argument("--hops", type=int, nargs="+", default=[4, 8, 16, 32, 58], help="in frames at 30 a second")
    parser.add_argument("--seconds", type=float, default=10.0)
    arguments = parser.parse_args()
    audio = pseudo_speech(int(arguments.seconds * RATE), 1)
    print("| model | hop | look-ahead of a frame | seam | cost, 1 stream | cost a stream, 4 together |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HF_HOME"] = scratch
        for kind in (kind for kind in (Emage, Camn, Disco) if kind.kind in arguments.models.split(",")):
            folder = Path(scratch) / kind.kind
            if kind is Emage:
                write_emage(folder, size="full")
            else:
                write_recurrent(folder, kind.kind, size="full")
            model = kind.from_pretrained(folder, device="cpu")
            for hop in (0, *arguments.hops):
                timing = LiveTiming(hop / 30.0)
                try:
                    look_ahead = model.streaming_look_ahead_seconds(30.0, timing)
                except Exception as error:
                    print(f"| {kind.kind} | {hop / 30:.2f} s | {error} |")
                    continue
                motion, alone = stream(model, audio, timing, 1)
                together = stream(model, audio, timing, TOGETHER)[1] / TOGETHER
                own_hop = max(1, round(hop / 30 * OWN_FPS[kind.kind])) if hop else (8 if kind is Emage else 2)
                hop_seconds = own_hop / OWN_FPS[kind.kind]
                print(
                    f"| {kind.kind} | {hop_seconds:.2f} s{'' if hop else ' (default)'} | {1000 * look_ahead:.0f} ms | "
                    f"{seam_ratio(motion, hop_seconds):.2f} | {alone / arguments.seconds:.2f} s | "
                    f"{together / arguments.seconds:.2f} s |",
                    flush=True,
                )


if __name__ == "__main__":
    main()

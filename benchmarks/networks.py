"""EMAGE, CaMN and DisCo at full size with random weights: the plain loop of the publications against what is served.

The plain loop is torch as it comes: one clip and one window at a time, torch's own transformer layers, every part decoded in
every window and once more at the end. Ratios are of one run; times of this machine vary.

    python benchmarks/networks.py
    python benchmarks/networks.py --seconds 60 --precision int8
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "kit"))

from checkpoints import write_emage, write_recurrent  # noqa: E402  # pyright: ignore[reportMissingImports]
from golden_case import pseudo_speech  # noqa: E402  # pyright: ignore[reportMissingImports]
from pantomatrix_converters import rotations  # noqa: E402
from pantomatrix_converters.motion import Motion  # noqa: E402
from pantomatrix_models.emage.model import Emage  # noqa: E402
from pantomatrix_models.emage.session import KnownMotion, ReferenceLayout  # noqa: E402
from pantomatrix_models.emage.transformer import HEADS, Decoder, Encoder  # noqa: E402
from pantomatrix_models.network_config import read_config  # noqa: E402
from pantomatrix_models.pretrained import PretrainedModel  # noqa: E402
from pantomatrix_models.recurrent.model import Camn, Disco  # noqa: E402
from pantomatrix_models.recurrent.network import Moving  # noqa: E402

CLIPS = 8


class OwnLayers(nn.Module):
    """torch's transformer in the place of ours, with the same weights."""

    def __init__(self, ours: Encoder | Decoder) -> None:
        super().__init__()
        size = next(ours.parameters()).shape[-1]
        if isinstance(ours, Encoder):
            layer = nn.TransformerEncoderLayer(size, HEADS, 2 * size, batch_first=True)
            self.theirs: nn.Module = nn.TransformerEncoder(layer, len(ours.layers), enable_nested_tensor=False)
        else:
            decoder = nn.TransformerDecoderLayer(size, HEADS, 2 * size, batch_first=True)
            self.theirs = nn.TransformerDecoder(decoder, len(ours.layers))
        self.theirs.load_state_dict(ours.state_dict())

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return self.theirs(*inputs)


def with_own_layers(network: nn.Module) -> nn.Module:
    for name, child in list(network.named_children()):
        if isinstance(child, Encoder | Decoder):
            setattr(network, name, OwnLayers(child).eval())
    return network


class PlainEmage:
    """The publication's loop."""

    def __init__(self, folder: Path) -> None:
        network, codec = Emage.networks(folder, read_config(folder))
        self._network, self._codec = with_own_layers(network.eval()), codec.eval()

    def __call__(self, audio: np.ndarray) -> tuple[np.ndarray, ...]:
        windows, tail, codes = ReferenceLayout(), None, []
        with torch.inference_mode():
            index = 0
            while (span := windows.span(index, len(audio), True)) is not None:
                motion, mask = (torch.from_numpy(array)[None] for array in KnownMotion(()).window(0, span.frames))
                if tail is not None:
                    motion[:, :4] = tail
                mask[:, :4] = 0
                heard = torch.from_numpy(audio[span.start : span.stop])[None]
                output = self._network(heard, torch.zeros(1, 1, dtype=torch.long), motion, mask)
                face = self._codec.part("face").quantizer.nearest(output.latents["face"])
                body = [output.logits[part].argmax(dim=-1) for part in ("upper", "hands", "lower")]
                chosen = torch.stack([face, *body], dim=-1)
                tail = self._codec.decode(chosen)[0][:, -4:]
                codes.append(chosen[:, : span.keep])
                index += 1
            decoded = self._codec.decode_with_root(torch.cat(codes, dim=1))
        motion, expression, root = (value[0].numpy() for value in decoded)
        quats = rotations.quat_from_matrix(rotations.matrix_from_sixd(motion[:, :330].reshape(-1, 55, 6)))
        return quats, expression, root


class PlainRecurrent:
    """The whole clip through the network."""

    def __init__(self, folder: Path, kind: type[PretrainedModel]) -> None:
        moving = kind.stages(folder, read_config(folder))["moving"].module
        assert isinstance(moving, Moving)
        self._network = moving.network.eval()

    def __call__(self, audio: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            motion = self._network(torch.from_numpy(audio)[None], torch.zeros(1, 1, dtype=torch.long))[0].numpy()
        return rotations.quat_from_matrix(rotations.matrix_from_sixd(motion.reshape(-1, 43, 6)))


def interleaved(runs: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Median seconds of each, taken in turn so that what else the machine does meets all of them."""
    for run in runs.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    return {name: float(np.median(taken)) for name, taken in seconds.items()}


def largest_angle(one: Motion, other: Motion) -> float:
    """Degrees between any two rotations of two motions."""
    away = rotations.multiply(rotations.inverse(one.rotations_xyzw), other.rotations_xyzw)
    return float(np.degrees(np.linalg.norm(rotations.axis_angle_from_quat(rotations.shortest(away)), axis=-1)).max())


def measure(kind: type[PretrainedModel], folder: Path, arguments: argparse.Namespace) -> dict[str, float | str]:
    audio = pseudo_speech(int(arguments.seconds * 16000), 1)
    clips = [np.roll(audio, 16000 * index) for index in range(CLIPS)]
    plain = PlainEmage(folder) if kind is Emage else PlainRecurrent(folder, kind)
    started = time.perf_counter()
    kind.from_pretrained(folder, precision=arguments.precision)
    first_load = time.perf_counter() - started
    started = time.perf_counter()
    model = kind.from_pretrained(folder, precision=arguments.precision)
    load = time.perf_counter() - started
    seconds = interleaved(
        {
            "plain": lambda: plain(audio),
            "one clip": lambda: model.generate(audio, timing="reference"),
            "exact": lambda: model.generate(audio),
            "together": lambda: model.generate_together(clips, timing="reference"),
        },
        arguments.repeats,
    )
    return {
        "model": kind.kind,
        "plain, x real time": arguments.seconds / seconds["plain"],
        "one clip, x plain": seconds["plain"] / seconds["one clip"],
        "exact timing, x plain": seconds["plain"] / seconds["exact"],
        f"{CLIPS} clips, x plain": seconds["plain"] * CLIPS / seconds["together"],
        "one clip, x real time": arguments.seconds / seconds["one clip"],
        f"{CLIPS} clips, x real time": arguments.seconds * CLIPS / seconds["together"],
        "first load, s": first_load,
        "load, s": load,
    }


_HOUR = """
import re, sys, time
import numpy as np
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.stepping import step
model = ModelRegistry({sys.argv[1]: sys.argv[2]}, "cpu", sys.argv[3]).get(sys.argv[1])
minute = (0.1 * np.random.default_rng(0).standard_normal(60 * 16000)).astype(np.float32)
session = model.open(UtteranceOptions("0", 30.0))
frames, peaks, started = 0, [], time.perf_counter()
for _ in range(int(sys.argv[4])):
    frames += len(step(model, session, minute))
    peaks.append(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
frames += len(step(model, session, ended=True))
print(frames, time.perf_counter() - started, peaks[min(2, len(peaks) - 1)], peaks[-1])
"""


def hour(name: str, folder: Path, minutes: int, precision: str) -> dict[str, float]:
    """A long clip in a process of its own, a minute at a time; memory after three minutes and at the end."""
    command = [sys.executable, "-c", _HOUR, name, str(folder), precision, str(minutes)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert int(out[0]) == minutes * 60 * 30
    return {
        "minutes": minutes,
        "x real time": 60 * minutes / float(out[1]),
        "MiB after 3 min": float(out[2]),
        "MiB at the end": float(out[3]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=28.7, help="length of a clip")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--minutes", type=int, default=6, help="length of the long clip; 60 for an hour")
    parser.add_argument("--models", default="emage,camn,disco", help="which, with commas between")
    parser.add_argument("--precision", default="fp32", choices=("fp32", "int8"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HF_HOME"] = scratch
        for kind in (kind for kind in (Emage, Camn, Disco) if kind.kind in arguments.models.split(",")):
            folder = Path(scratch) / kind.kind
            if kind is Emage:
                write_emage(folder, size="full")
            else:
                write_recurrent(folder, kind.kind, size="full")
            print(json.dumps(_rounded(measure(kind, folder, arguments)), indent=1), flush=True)
            print(json.dumps(_rounded(hour(kind.kind, folder, arguments.minutes, arguments.precision))), flush=True)


def _rounded(values: dict) -> dict:
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in values.items()}


if __name__ == "__main__":
    main()

"""Train the builtin model's network for the lips on a corpus that `pantomatrix_tools.lips.corpus` made:

    pip install -e engine_clients/python -e ".[server]" scipy torch
    python -m pantomatrix_tools.lips.train corpus/ --out lips.safetensors

The same seed gives, on the same machine, the same weights. Unseen voices say after each epoch how good they are.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch.nn.functional import binary_cross_entropy_with_logits

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.articulation import LOOK_AHEAD_HOPS, Articulator, heard_in, silence
from pantomatrix_models.builtin.hearing import HOPS_PER_SECOND, Hearing, analysed
from pantomatrix_models.builtin.lips import OFFSETS, TARGETS

from .recorded import SOURCES
from .recording_conditions import Heard, as_recorded, without_speech
from .speech import load_part

_HIDDEN = (384, 192, 96)
_WEIGHTS_OF_TARGETS = (2.0, 1.0, 1.0, 3.0, 1.0, 0.5, 1.0, 0.5, 1.5)
_BATCH, _RATE, _DROPPED, _BLURRED = 1024, 2e-3, 0.1, 0.05
_WORLDS = {"neural": 8, "recorded": 4, "formant": 1}
"""In how many each speech is heard."""
_SHARES = {"neural": 0.45, "recorded": 0.35, "formant": 0.12, "silent": 0.08}
"""Of the hops that are learnt."""
_SILENT_SECONDS = 12.0
"""Of a sound that is not speech."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Features and targets of sounds, one after another. inputs: (H, features). targets: (H, len(TARGETS)). counts: hops of
    each sound."""

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    counts: NDArray[np.int64]


def heard(sound: Heard) -> NDArray[np.float32]:
    """(H, features) as the server hears a whole utterance."""
    hearing, articulator = Hearing(), Articulator()
    hops = len(sound.targets)
    analysis = analysed(np.concatenate([hearing.push(sound.samples), hearing.finish(hops)]))
    past = len(articulator.context)
    articulator.push(analysis.values, analysis.level_db)
    after = silence(LOOK_AHEAD_HOPS)
    articulator.push(after.values, after.level_db)
    return heard_in(articulator.context)[past : past + hops]


def _pairs(sounds: list[Heard]) -> Pairs:
    return Pairs(
        np.concatenate([heard(sound) for sound in sounds]),
        np.concatenate([sound.targets for sound in sounds]),
        np.array([len(sound.targets) for sound in sounds]),
    )


def pairs_of_part(seed: int, path: Path) -> Pairs:
    """Each of its speeches in worlds of its own."""
    random = np.random.default_rng([seed, *path.stem.encode()])
    worlds = _WORLDS.get(path.stem.partition("-")[0], 2)
    spoken = [speech for speech in load_part(path) if len(speech.samples) > 0.25 * SAMPLE_RATE_HZ]
    return _pairs([as_recorded(speech, random) for speech in spoken for _ in range(worlds)])


def silent_pairs(seed: int, part: int) -> Pairs:
    random = np.random.default_rng((seed, part, 9))
    return _pairs([without_speech(random, _SILENT_SECONDS) for _ in range(2)])


def kind_of(path: Path) -> str:
    """What a part is learnt as: "unseen" is not."""
    kind, _, name = path.stem.partition("-")
    return "unseen" if kind == "recorded" and not SOURCES[name].learnt else kind


def corpus(folder: Path, silent_seconds: float, seed: int, processes: int) -> dict[str, list[Pairs]]:
    paths = sorted(folder.glob("*-*.npz"))
    with multiprocessing.Pool(processes) as pool:
        silent = pool.map_async(partial(silent_pairs, seed), range(int(silent_seconds / _SILENT_SECONDS / 2)))
        parts = pool.map(partial(pairs_of_part, seed), paths, chunksize=1)
        kinds: dict[str, list[Pairs]] = {"silent": silent.get()}
    for path, part in zip(paths, parts, strict=True):
        kinds.setdefault(kind_of(path), []).append(part)
    return kinds


class Window:
    """The hops around some, with no more than `ahead` of what follows them; the last goes on, as it does live."""

    def __init__(self, parts: list[Pairs]) -> None:
        self.inputs = torch.from_numpy(np.concatenate([part.inputs for part in parts]))
        self.targets = torch.from_numpy(np.concatenate([part.targets for part in parts]))
        counts = np.concatenate([part.counts for part in parts])
        ends = np.cumsum(counts)
        self._first = torch.from_numpy(np.repeat(ends - counts, counts))
        self._last = torch.from_numpy(np.repeat(ends - 1, counts))
        self._offsets = torch.from_numpy(OFFSETS)

    def around(self, rows: torch.Tensor, ahead: torch.Tensor | int) -> torch.Tensor:
        places = rows[:, None] + torch.minimum(self._offsets[None], torch.as_tensor(ahead).reshape(-1, 1))
        places = torch.minimum(torch.maximum(places, self._first[rows, None]), self._last[rows, None])
        return self.inputs[places].flatten(1)


def network_of(features: int) -> torch.nn.Sequential:
    sizes = [len(OFFSETS) * features, *_HIDDEN]
    layers: list[torch.nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU(), torch.nn.Dropout(_DROPPED)]
    return torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], len(TARGETS)))


def trained(kinds: dict[str, list[Pairs]], epochs: int, steps: int, seed: int) -> torch.nn.Sequential:
    """steps: of an epoch."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    learnt = [part for kind in _SHARES for part in kinds.get(kind, [])]
    window, unseen = Window(learnt), Window(kinds["unseen"])
    sizes = {kind: sum(len(part.inputs) for part in kinds.get(kind, [])) for kind in _SHARES}
    starts = dict(zip(sizes, np.cumsum([0, *sizes.values()]).tolist(), strict=False))
    there = {kind: _SHARES[kind] for kind in sizes if sizes[kind]}
    network = network_of(window.inputs.shape[1])
    print(f"{sum(each.numel() for each in network.parameters())} parameters, {len(window.inputs)} hops", flush=True)
    optimizer = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=epochs * steps)
    weights = torch.tensor(_WEIGHTS_OF_TARGETS)
    for epoch in range(epochs):
        total = 0.0
        for _ in range(steps):
            rows = torch.from_numpy(
                np.concatenate(
                    [
                        starts[kind] + random.integers(0, sizes[kind], round(_BATCH * share / sum(there.values())))
                        for kind, share in there.items()
                    ]
                )
            )
            ahead = np.where(random.random(len(rows)) < 0.75, OFFSETS.max(), random.integers(0, 6, len(rows)))
            x = window.around(rows, torch.from_numpy(ahead))
            said = network(x + _BLURRED * torch.randn_like(x))
            loss = (binary_cross_entropy_with_logits(said, window.targets[rows], reduction="none") * weights).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}: loss {total / steps:.4f}; unseen: {_scores(network, unseen)}", flush=True)
    return network


def _scores(network: torch.nn.Sequential, unseen: Window) -> str:
    """Correlations while someone speaks, and how sure it is of closures: the mean precision over all thresholds."""
    rows = torch.arange(0, len(unseen.inputs), 2)
    network.eval()
    with torch.no_grad():
        said = (
            torch.cat([network(unseen.around(those, int(OFFSETS.max()))) for those in rows.split(8192)])
            .sigmoid()
            .numpy()
        )
    network.train()
    true = unseen.targets[rows].numpy()
    speaking = true[:, -1] > 0.5
    with np.errstate(invalid="ignore"):
        named = [
            f"{name} {np.corrcoef(said[speaking, at], true[speaking, at])[0, 1]:.3f}"
            for at, name in enumerate(TARGETS[:-1])
        ]
    order = np.argsort(-said[:, TARGETS.index("closed")])
    shut = true[order, TARGETS.index("closed")] > 0.5
    precision = (np.cumsum(shut) / np.arange(1, len(shut) + 1))[shut].mean()
    return f"closures {precision:.3f}, {', '.join(named)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="the folder that pantomatrix_tools.lips.corpus made")
    parser.add_argument("--out", type=Path, required=True, help="where the weights go, .safetensors")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--steps", type=int, default=3000, help="of an epoch")
    parser.add_argument("--silent-seconds", type=float, default=2400.0, help="of sounds that are not speech")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    if not any(arguments.corpus.glob("unseen-*.npz")):
        parser.error(f"{arguments.corpus} holds no corpus: make it with python -m pantomatrix_tools.lips.corpus")
    started = time.monotonic()
    kinds = corpus(arguments.corpus, arguments.silent_seconds, arguments.seed, arguments.processes)
    for kind, parts in kinds.items():
        print(f"{kind}: {sum(len(part.inputs) for part in parts) / HOPS_PER_SECOND / 3600:.2f} hours", flush=True)
    print(f"heard after {time.monotonic() - started:.0f} s", flush=True)
    network = trained(kinds, arguments.epochs, arguments.steps, arguments.seed)
    layers = [layer for layer in network if isinstance(layer, torch.nn.Linear)]
    tensors = {f"{at}.weight": layer.weight.detach().T.contiguous() for at, layer in enumerate(layers)}
    save_file(tensors | {f"{at}.bias": layer.bias.detach() for at, layer in enumerate(layers)}, arguments.out)
    print(f"wrote {arguments.out} after {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())

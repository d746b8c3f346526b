"""Train the builtin model's network for the lips, in a quarter of an hour on two cores:

    apt-get install espeak-ng flite ffmpeg asterisk-core-sounds-{en,es,fr,it,ru}{,-g722}
    pip install -e engine_clients/python -e ".[server]" pocketsphinx scipy torch
    python -m pantomatrix_tools.lips.train --out lips.safetensors

The same seed gives the same corpus and, on the same machine, the same weights.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import sys
import time
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.articulation import LOOK_AHEAD_HOPS, Articulator, heard_in, silence
from pantomatrix_models.builtin.hearing import HOP_SAMPLES, Hearing, analysed
from pantomatrix_models.builtin.lips import OFFSETS, TARGETS

from .corpus import missing, synthesised
from .phones import Utterance
from .prompts import LEARNT, prompts
from .recording_conditions import as_recorded

Pair = tuple[NDArray[np.float32], NDArray[np.float32]]

_HIDDEN = (192, 128, 64)
_WEIGHTS_OF_TARGETS = (2.0, 1.0, 1.0, 2.0, 1.0, 0.5, 1.0, 0.5, 1.0)
_BATCH, _RATE = 1024, 2e-3
_PARTS = 12
_WORLDS = {"en": 3, "es": 2, "fr": 2, "it": 2}
_HUMAN_SHARE = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where the weights go, .safetensors")
    parser.add_argument("--utterances", type=int, default=3000, help="synthesised ones")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    if absent := missing():
        parser.error(f"the corpus needs {', '.join(absent)}; --help says how to install what it needs")
    started = time.monotonic()
    said = [(arguments.utterances // _PARTS, arguments.seed + part) for part in range(_PARTS)]
    with multiprocessing.Pool(arguments.processes) as pool:
        human = pool.starmap_async(_human_pairs, [(language, arguments.seed) for language in LEARNT], chunksize=1)
        synthesised_parts = pool.starmap(_synthesised_pairs, said, chunksize=1)
        corpus = {
            "synthesised": [pair for part in synthesised_parts for pair in part],
            "human": [pair for part in human.get() for pair in part],
        }
    for kind, pairs in corpus.items():
        print(f"{kind}: {sum(len(x) for x, _ in pairs) / 360_000:.2f} hours", flush=True)
    print(f"corpus in {time.monotonic() - started:.0f} s", flush=True)
    network = _trained(corpus, arguments.epochs, arguments.seed)
    layers = [layer for layer in network if isinstance(layer, torch.nn.Linear)]
    tensors = {f"{at}.weight": layer.weight.detach().T.contiguous() for at, layer in enumerate(layers)}
    save_file(tensors | {f"{at}.bias": layer.bias.detach() for at, layer in enumerate(layers)}, arguments.out)
    print(f"wrote {arguments.out} after {time.monotonic() - started:.0f} s")
    return 0


def _synthesised_pairs(count: int, seed: int) -> list[Pair]:
    random = np.random.default_rng((seed, 0))
    return [_pair(utterance, random) for utterance in synthesised(count, seed) if _is_long(utterance)]


def _human_pairs(language: str, seed: int) -> list[Pair]:
    """Each prompt in several worlds."""
    random = np.random.default_rng((seed, 1, LEARNT.index(language)))
    spoken = filter(_is_long, prompts(language))
    return [_pair(utterance, random) for utterance in spoken for _ in range(_WORLDS[language])]


def _is_long(utterance: Utterance) -> bool:
    return len(utterance.samples) > 0.25 * SAMPLE_RATE_HZ


def _pair(utterance: Utterance, random: np.random.Generator) -> Pair:
    """Features and targets of an utterance in a world of its own."""
    heard = as_recorded(utterance, random)
    return _features(heard.samples)[: len(heard.targets)], heard.targets


def _features(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """(H, features) as the server hears a whole utterance."""
    hearing, articulator = Hearing(), Articulator()
    hops = -(-len(samples) // HOP_SAMPLES)
    heard = analysed(np.concatenate([hearing.push(samples), hearing.finish(hops)]))
    past = len(articulator.context)
    articulator.push(heard.values, heard.level_db)
    after = silence(LOOK_AHEAD_HOPS)
    articulator.push(after.values, after.level_db)
    return heard_in(articulator.context)[past : past + hops]


def _trained(corpus: dict[str, list[Pair]], epochs: int, seed: int) -> torch.nn.Sequential:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    pairs = [pair for kind in corpus.values() for pair in kind]
    human = np.repeat([kind == "human" for kind, those in corpus.items() for _ in those], [len(x) for x, _ in pairs])
    inputs = torch.from_numpy(np.concatenate([x for x, _ in pairs]))
    targets = torch.from_numpy(np.concatenate([y for _, y in pairs]))
    ends = np.cumsum([len(x) for x, _ in pairs])
    first = torch.from_numpy(np.repeat(ends - [len(x) for x, _ in pairs], [len(x) for x, _ in pairs]))
    last = torch.from_numpy(np.repeat(ends - 1, [len(x) for x, _ in pairs]))
    kept_back = np.repeat(random.random(len(pairs)) < 0.05, [len(x) for x, _ in pairs])
    learnt, unseen = np.flatnonzero(~kept_back), np.flatnonzero(kept_back)
    share = np.where(human[learnt], _HUMAN_SHARE / human[learnt].sum(), (1 - _HUMAN_SHARE) / (~human[learnt]).sum())
    offsets = torch.from_numpy(OFFSETS)

    def around(rows: NDArray[np.int64], ahead: torch.Tensor | int) -> torch.Tensor:
        """With no more than `ahead` hops of what follows; the last goes on, as it does live."""
        at = torch.from_numpy(rows)
        places = at[:, None] + torch.minimum(offsets[None], torch.as_tensor(ahead).reshape(-1, 1))
        return inputs[torch.minimum(torch.maximum(places, first[at, None]), last[at, None])].flatten(1)

    sizes = [len(OFFSETS) * inputs.shape[1], *_HIDDEN, len(TARGETS)]
    layers: list[torch.nn.Module] = []
    for at, (before, after) in enumerate(itertools.pairwise(sizes)):
        layers += [torch.nn.Linear(before, after)] + ([torch.nn.ReLU()] if at < len(sizes) - 2 else [])
    network = torch.nn.Sequential(*layers)
    print(f"{sum(each.numel() for each in network.parameters())} parameters, {len(learnt)} hops", flush=True)
    steps = len(learnt) // _BATCH
    optimizer = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, _RATE, total_steps=epochs * steps)
    weights = torch.tensor(_WEIGHTS_OF_TARGETS)
    for epoch in range(epochs):
        order = random.choice(learnt, steps * _BATCH, p=share)
        total = 0.0
        for step in range(steps):
            rows = order[step * _BATCH : (step + 1) * _BATCH]
            ahead = torch.from_numpy(
                np.where(random.random(_BATCH) < 0.75, OFFSETS.max(), random.integers(0, 6, _BATCH))
            )
            x = around(rows, ahead)
            said = network(x + 0.03 * torch.randn_like(x))
            loss = (
                torch.nn.functional.binary_cross_entropy_with_logits(said, targets[rows], reduction="none") * weights
            ).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        with torch.no_grad():
            said = torch.cat([torch.sigmoid(network(around(those, 6))) for those in np.array_split(unseen, 64)]).numpy()
        print(f"epoch {epoch + 1}: loss {total / steps:.4f}; unseen, correlation while speaking:", flush=True)
        for kind, chosen in (("synthesised", ~human[unseen]), ("human", human[unseen])):
            true = targets[unseen].numpy()[chosen]
            speaking = true[:, -1] > 0.5
            scores = [
                np.corrcoef(said[chosen][speaking, at], true[speaking, at])[0, 1] for at in range(len(TARGETS) - 1)
            ]
            print(
                f"  {kind}: " + ", ".join(f"{name} {r:.2f}" for name, r in zip(TARGETS, scores, strict=False)),
                flush=True,
            )
    return network


if __name__ == "__main__":
    sys.exit(main())

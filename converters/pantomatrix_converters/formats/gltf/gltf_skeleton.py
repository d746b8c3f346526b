"""Which nodes of a glTF document are the joints of its character.

All skins count together, with the nodes between their joints: a head has often a skin of its own, and exporters list only
joints that a mesh hangs on. Of several characters the one that the chosen clip moves is read, else the one with the most
joints. Without a skin, nodes that move are
joints, with what hangs on them. What a VRM names is always a joint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import chain

from ...errors import FormatError, LimitError
from ...skeleton import MAX_JOINTS
from .gltf_document import GltfReader
from .gltf_nodes import NodeTree

IsBody = Callable[[list[int]], bool]
"""Whether nodes, parents first, are a person's body."""


def skin_joints(document: GltfReader, at: int) -> list[int]:
    """The nodes that a skin lists. Raises FormatError, LimitError."""
    where, listed = f"skins[{at}]", document.list_of("skins")[at].get("joints")
    if not isinstance(listed, list) or not listed:
        raise FormatError(f"{document.name}: {where} has no joints")
    joints = [document.index(joint, "nodes", f"{where}.joints") for joint in listed]
    if len(set(joints)) != len(joints):
        raise FormatError(f"{document.name}: {where} names a joint twice")
    return joints


def joints_of_skins(
    document: GltfReader,
    tree: NodeTree,
    humanoid: Iterable[int],
    is_body: IsBody,
    moved: Collection[int],
    notes: list[str],
) -> list[int]:
    """Joints of the character with the most that move, else with the most of all, parents first; empty without skins and
    humanoid nodes.

    humanoid: nodes that a VRM names. moved: those that the chosen clip moves. Raises FormatError, LimitError.
    """
    groups = [*(skin_joints(document, at) for at in range(len(document.list_of("skins")))), list(humanoid)]
    places = {joint: place for place, joint in enumerate(dict.fromkeys(chain.from_iterable(groups)))}
    if not places:
        return []
    tops = [-1] * len(tree.nodes)
    for node in tree.order:
        held = tops[tree.above[node]] if tree.above[node] >= 0 else -1
        tops[node] = node if held < 0 and node in places else held
    bodies: dict[int, list[int]] = {}
    held_by = _held_together(tops, groups, tree)
    for joint in places:
        bodies.setdefault(held_by[tops[joint]], []).append(joint)
    first, *others = sorted(
        bodies.values(), key=lambda body: (sum(joint in moved for joint in body), len(body)), reverse=True
    )
    chosen = _spanned(tree, first, places, document.name)
    beside = [body for body in others if tree.starts[body[0]] == tree.starts[first[0]]]
    if beside and not is_body(chosen):
        whole = _spanned(tree, [*first, *chain.from_iterable(beside)], places, document.name)
        if is_body(whole):
            chosen, others = whole, [body for body in others if body not in beside]
    if others:
        notes.append(
            f"{sum(map(len, others))} joints that do not hang on {tree.label(chosen[0])!r} are left out, "
            f"{tree.label(others[0][0])!r} first"
        )
    return chosen


def moving_joints(tree: NodeTree, moved: set[int], name: str) -> list[int]:
    """Joints of a clip without a skin, parents first: of the nodes that hang together, those with the most that move.

    What carries a mesh, a camera or a light and does not move is no joint; nor are nodes above, such as an armature, that
    stand still and have nothing else below them.
    """
    if not moved:
        return []
    start = Counter(tree.starts[node] for node in sorted(moved)).most_common(1)[0][0]
    inside = tree.below(start)
    leading = {node for node in inside if node in moved}
    for node in reversed(inside):
        if node in leading and tree.above[node] >= 0:
            leading.add(tree.above[node])
    kept = {start}
    for node in inside[1:]:
        if tree.above[node] in kept and (node in leading or not tree.nodes[node].carries):
            kept.add(node)
    top = start
    while top not in moved:
        below = [child for child in tree.nodes[top].children if child in kept]
        if len(below) != 1:
            break
        top = below[0]
    return _ordered(tree, [node for node in tree.below(top) if node in kept], {}, name)


def with_moving_nodes(
    document: GltfReader, tree: NodeTree, joints: list[int], moved: set[int], notes: list[str]
) -> list[int]:
    """Joints, and nodes that move with them without being in a skin.

    Below them: eyes and other parts that are rigid, for example. Above them: hips that no mesh hangs on, if other nodes move
    with them, such as the legs of a figure whose trunk alone is a mesh.
    """
    skinned = {joint for at in range(len(document.list_of("skins"))) for joint in skin_joints(document, at)}
    inside = set(joints)
    top = _mover_above(tree, joints[0], {node for node in moved - skinned if not tree.nodes[node].carries})
    if top != joints[0]:
        notes.append(
            f"{tree.label(top)!r} is taken as the root: it moves more than what hangs on {tree.label(joints[0])!r}"
        )
        inside.update(node for node in tree.chain(joints[0]) if tree.depths[node] >= tree.depths[top])
    for node in sorted(moved - inside - (skinned if top != joints[0] else set())):
        way = []
        while node >= 0 and node not in inside:
            way.append(node)
            node = tree.above[node]
        if node >= 0:
            inside.update(way)
    return _ordered(tree, inside, {joint: at for at, joint in enumerate(joints)}, document.name)


def _mover_above(tree: NodeTree, top: int, free: set[int]) -> int:
    """The lowest of these nodes above the top that also moves the others of them which hang beside it; else the top."""
    chained = set(tree.chain(top))
    hangs = [-1] * len(tree.nodes)
    for node in tree.order:
        hangs[node] = node if node in chained else hangs[tree.above[node]] if tree.above[node] >= 0 else -1
    beside = {tree.depths[hangs[node]] for node in free - chained if hangs[node] not in (-1, top)}
    movers = {tree.depths[node]: node for node in chained & free if node != top}
    covered = [depth for depth in beside if any(mover <= depth for mover in movers)]
    return movers[max(mover for mover in movers if mover <= min(covered))] if covered else top


def _held_together(tops: list[int], groups: list[list[int]], tree: NodeTree) -> dict[int, int]:
    """For each top the one that stands for all that skins hold together with it, within what hangs together."""
    leader: dict[int, int] = {}

    def find(top: int) -> int:
        while leader.setdefault(top, top) != top:
            leader[top] = leader[leader[top]]
            top = leader[top]
        return top

    for group in groups:
        seen: dict[int, int] = {}
        for joint in group:
            top = find(tops[joint])
            leader[top] = find(seen.setdefault(tree.starts[joint], top))
    return {top: find(top) for top in list(leader)}


def _spanned(tree: NodeTree, body: list[int], places: dict[int, int], name: str) -> list[int]:
    """These nodes, those between them, and up to the node that all of them hang on."""
    _check_count(len(body), name)
    chains = [tree.chain(joint) for joint in body]
    shared = set(chains[0]).intersection(*chains[1:])
    top = next(node for node in chains[0] if node in shared)
    wanted = {node for chained in chains for node in chained[: chained.index(top) + 1]}
    return _ordered(tree, wanted, places, name)


def _ordered(tree: NodeTree, nodes: Collection[int], places: dict[int, int], name: str) -> list[int]:
    """Parents first, then as skins list them."""
    _check_count(len(nodes), name)
    return sorted(nodes, key=lambda node: (tree.depths[node], places.get(node, len(places)), node))


def _check_count(count: int, name: str) -> None:
    if count > MAX_JOINTS:
        raise LimitError(f"{name}: {count} joints, at most {MAX_JOINTS} are allowed")

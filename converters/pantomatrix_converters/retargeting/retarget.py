"""The same motion on another skeleton.

What a joint does is its turn away from the rest pose, in the world: D = G G_rest^-1. The target's joint does the same after
its rest pose has been turned to look like the source's (`rest_alignment` A): G_target = D A G_target_rest. Written with
rotations local to the parent, D's of neighbours cancel down to the source's own local rotations between constants, so no
kinematics are computed for whole frames.

    spine and neck      chains of other lengths share the bend: joints between two that have a source stand between them
    twist joints        have the part of their bone's roll that lies before them
    other joints        keep their rest pose, relative to the parent
    root                moves by the source's pelvis, scaled by the length of the legs: from where the source stands at the
                        origin to where the target does, so that both are on the floor and go the same way
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import MotionError
from ..kinematics import forward_kinematics
from ..motion import Motion
from ..skeleton import Skeleton
from .body_frame import RestBody
from .chain_drivers import Driver, chain_drivers
from .hierarchy import path_down
from .humanoid import HumanoidMap, guess_roles
from .rest_alignment import rest_alignment
from .roles import CHAINS, TWIST_SEGMENTS
from .whole_limbs import check_limbs

Array = NDArray[np.float64]
Lanes = NDArray[np.float32]
"""(4, T): quaternions x y z w, one component after another, so that products run over contiguous numbers."""

_FRAMES_AT_ONCE = 2048


@dataclass(frozen=True, eq=False)
class _Local:
    """One joint's local rotation: constants (n + 1, 4) with n factors between them."""

    joint: int
    constants: Array
    factors: tuple[_Factor, ...]


@dataclass(frozen=True)
class _Factor:
    """A source joint's local rotation, or a power of the turn from one source joint's D to another's."""

    joint: int = -1
    inverse: bool = False
    power_of: tuple[int, int] | None = None
    exponent: float = 1.0


@dataclass(frozen=True)
class _Twist:
    """A twist joint: it turns about `axis` by a share of the roll that `of` has beyond its own rest rotation."""

    joint: int
    of: int
    axis: Array
    share: float
    rest: Array


class Retargeting:
    """How motion gets from one skeleton to another; made once, applied to any number of motions, or to pieces of one.

    Parameters
    ----------
    source, target : Skeleton
    source_map, target_map : HumanoidMap, optional
        Guessed from names and hierarchy by default.

    Raises MotionError if a skeleton is not a humanoid that can be recognised, or rests in no pose that can be compared.
    """

    def __init__(
        self,
        source: Skeleton,
        target: Skeleton,
        source_map: HumanoidMap | None = None,
        target_map: HumanoidMap | None = None,
    ) -> None:
        self.source, self.target = source, target
        self.is_identity = source_map is target_map is None and same_rest(source, target)
        self.source_map, self.target_map = source_map or guess_roles(source), target_map or guess_roles(target)
        self.drivers: dict[int, Driver] = {}
        self._twists: list[_Twist] = []
        if self.is_identity:
            return
        self.source_map.checked(source, "--source-joint-map")
        check_limbs(target, self.target_map.checked(target))
        self._from, self._to = RestBody.of(source, self.source_map), RestBody.of(target, self.target_map)
        self.drivers = self._drivers()
        self._alignment = rest_alignment(self._from, self._to, self.drivers)
        self._still = self._to.skeleton.rest_rotations_xyzw.astype(np.float32)
        locals_ = [self._local(joint) for joint in self.drivers]
        self._batched = [entry for entry in locals_ if _is_one_joint(entry)]
        self._batch = np.array([_between(entry.constants[0], entry.constants[1]) for entry in self._batched])
        self._others = [entry for entry in locals_ if not _is_one_joint(entry)]
        self._twists = self._twist_joints()
        self.scale = self._to.leg_length / self._from.leg_length

    def apply(self, motion: Motion) -> Motion:
        """The motion on the target skeleton; its face goes along. Raises MotionError if it is not on the source skeleton."""
        if motion.skeleton is not self.source and not motion.skeleton.same_joints(self.source):
            raise MotionError(
                f"the motion is on {motion.skeleton.name!r}, this retargeting starts at {self.source.name!r}"
            )
        if self.is_identity:
            return replace(motion, skeleton=self.target)
        turns = np.empty((len(motion), len(self.target), 4), np.float32)
        for start in range(0, len(motion), _FRAMES_AT_ONCE):
            part = slice(start, start + _FRAMES_AT_ONCE)
            turns[part] = self._turns(motion.rotations_xyzw[part])
        return replace(
            motion,
            skeleton=self.target,
            rotations_xyzw=turns,
            root_translation=self._root_translation(motion),
        )

    # ------------------------------------------------------------------------------------------------------ planning

    @property
    def twist_joints(self) -> frozenset[int]:
        """Target joints that share a bone's roll."""
        return frozenset(twist.joint for twist in self._twists)

    def _drivers(self) -> dict[int, Driver]:
        """Target joint -> what drives it."""
        drivers = {}
        for role, joint in self.target_map.roles.items():
            if role in self.source_map.roles:
                at = self.source.index(self.source_map.roles[role])
                drivers[self.target.index(joint)] = Driver(at, at)
        below = self.source.index(self.source_map.roles["pelvis"])
        for chain in CHAINS:
            sources = self.source.indices(self.source_map.chains.get(chain, ()))
            targets = self.target.indices(self.target_map.chains.get(chain, ()))
            drivers.update(chain_drivers(below, sources, targets))
            below = sources[-1] if sources else below
        return dict(sorted(drivers.items()))

    def _local(self, joint: int) -> _Local:
        """Constants and factors of D_above^-1 D, between the rest poses of the two."""
        driver = self.drivers[joint]
        above = int(self.target.parents[joint])
        while above >= 0 and above not in self.drivers:
            above = int(self.target.parents[above])
        expression: list[Array | _Factor] = []
        if above >= 0:
            upper = self.drivers[above]
            expression.append(rotations.inverse(self._aligned_rest(above)))
            if upper.fraction != 1.0:
                expression.append(_Factor(power_of=(upper.start, upper.end), exponent=1.0 - upper.fraction))
            expression += self._turn_between(upper.end, driver.start)
        else:
            expression += self._turn_from_world(driver.start)
        if driver.start != driver.end:
            expression += (
                [_Factor(power_of=(driver.start, driver.end), exponent=driver.fraction)]
                if driver.fraction != 1.0
                else self._turn_between(driver.start, driver.end)
            )
        expression.append(self._aligned_rest(joint))
        parent = int(self.target.parents[joint])
        if above >= 0:
            still = rotations.multiply(rotations.inverse(self._to.turns[parent]), self._to.turns[above])
            expression.insert(0, still)
        elif parent >= 0:
            expression.insert(0, rotations.inverse(self._to.turns[parent]))
        return _merged(joint, expression)

    def _aligned_rest(self, joint: int) -> Array:
        return rotations.multiply(self._alignment[joint], self._to.turns[joint])

    def _turn_between(self, first: int, second: int) -> list[Array | _Factor]:
        """D_first^-1 D_second of two source joints."""
        if first == second:
            return []
        up, down = _path(self.source, first, second)
        return [
            self._from.turns[first],
            *(_Factor(joint, inverse=True) for joint in up),
            *(_Factor(joint) for joint in down),
            rotations.inverse(self._from.turns[second]),
        ]

    def _turn_from_world(self, joint: int) -> list[Array | _Factor]:
        path = path_down(self.source, 0, joint)
        return [*(_Factor(step) for step in path), rotations.inverse(self._from.turns[joint])]

    def _twist_joints(self) -> list[_Twist]:
        twists = []
        for segment, (upper_role, lower_role) in TWIST_SEGMENTS.items():
            upper = self.target.index(self.target_map.roles[upper_role])
            lower = self.target.index(self.target_map.roles[lower_role])
            bone = self.target.rest_translations[lower]
            if self.target.parents[lower] != upper or np.linalg.norm(bone) < 1e-6:
                continue
            along = bone / (bone @ bone)
            rolls_at_its_end = segment.endswith(("forearm", "calf"))
            for name in self.target_map.twists.get(segment, ()):
                joint = self.target.index(name)
                place = float(np.clip(self.target.rest_translations[joint] @ along, 0.0, 1.0))
                twists.append(
                    _Twist(
                        joint,
                        lower if rolls_at_its_end else upper,
                        bone / np.linalg.norm(bone),
                        place if rolls_at_its_end else place - 1.0,
                        self._to.skeleton.rest_rotations_xyzw[joint],
                    )
                )
        return twists

    # ----------------------------------------------------------------------------------------------------- computing

    def _turns(self, quats: NDArray[np.float32]) -> NDArray[np.float32]:
        """quats: (T, J, 4) of the source. Returns (T, J', 4) of the target."""
        if len(quats) == 1:
            # A matrix times one column is summed in another order than times several: a frame would depend on the cuts.
            return self._turns(np.repeat(quats, 2, axis=0))[:1]
        source = np.ascontiguousarray(quats.transpose(1, 2, 0))
        result = np.empty((len(self.target), 4, len(quats)), np.float32)
        result[:] = self._still[:, :, None]
        if self._batched:
            joints = [entry.factors[0].joint for entry in self._batched]
            result[[entry.joint for entry in self._batched]] = np.matmul(self._batch, source[joints])
        powers: dict[_Factor, Lanes] = {}
        for entry in self._others:
            result[entry.joint] = self._product(entry.constants, entry.factors, source, powers)
        for twist in self._twists:
            result[twist.joint] = self._twisted(twist, result[twist.of])
        result /= np.sqrt(np.einsum("jct,jct->jt", result, result))[:, None]
        return result.transpose(2, 0, 1)

    def _product(
        self, constants: Array, factors: Sequence[_Factor], source: Lanes, powers: dict[_Factor, Lanes]
    ) -> Lanes:
        if not factors:
            return np.repeat(constants[0].astype(np.float32)[:, None], source.shape[2], axis=1)
        product = _between(constants[0], constants[1]) @ self._value(factors[0], source, powers)
        for factor, constant in zip(factors[1:], constants[2:], strict=True):
            product = _between(rotations.IDENTITY_XYZW, constant) @ _multiply(
                product, self._value(factor, source, powers)
            )
        return product

    def _value(self, factor: _Factor, source: Lanes, powers: dict[_Factor, Lanes]) -> Lanes:
        if factor.power_of is None:
            return _CONJUGATE * source[factor.joint] if factor.inverse else source[factor.joint]
        if factor not in powers:
            turn = _merged(-1, self._turn_between(*factor.power_of))
            powers[factor] = _power(self._product(turn.constants, turn.factors, source, powers), factor.exponent)
        return powers[factor]

    def _twisted(self, twist: _Twist, local: Lanes) -> Lanes:
        rest = self._to.skeleton.rest_rotations_xyzw[twist.of]
        if twist.share >= 0:
            away = _between(rotations.IDENTITY_XYZW, rotations.inverse(rest)) @ local
        else:
            away = _between(rotations.inverse(rest), rotations.IDENTITY_XYZW) @ local
        axis = twist.axis.astype(np.float32)
        half = np.arctan2(axis @ away[:3], away[3])
        half -= np.float32(np.pi) * np.rint(half / np.float32(np.pi))
        half *= np.float32(twist.share)
        roll = np.concatenate([axis[:, None] * np.sin(half), np.cos(half)[None]])
        return _between(rotations.IDENTITY_XYZW, twist.rest) @ roll

    def _root_translation(self, motion: Motion) -> NDArray[np.float32]:
        source_pelvis = self._from.pelvis
        pelvis = motion.root_translation.astype(np.float64)
        if source_pelvis:
            path = path_down(self.source, 0, source_pelvis)
            chain = _part_of(self.source, path)
            pelvis = forward_kinematics(chain, motion.rotations_xyzw[:, path], pelvis)[0][:, -1]
        moved = self.scale * (pelvis - self._from.home)
        root_at_home = self._to.positions[0] + (self._to.home - self._to.positions[self._to.pelvis])
        return (moved + root_at_home).astype(np.float32)


def mapping(retargeting: Retargeting) -> list[tuple[str, str, str]]:
    """(target joint, its role, what drives it) for people, in the target's order."""
    rows = []
    for joint, name in enumerate(retargeting.target.joint_names):
        driver = retargeting.drivers.get(joint)
        text = "keeps its rest pose"
        if driver is not None:
            text = retargeting.source.joint_names[driver.end]
            if driver.fraction != 1.0:
                start = retargeting.source.joint_names[driver.start]
                text = f"{driver.fraction:.0%} of the way from {start} to {text}"
        elif joint in retargeting.twist_joints:
            text = "its share of the bone's roll"
        rows.append((name, retargeting.target_map.role_of(name), text))
    return rows


def same_rest(source: Skeleton, target: Skeleton) -> bool:
    """Whether joints and rest poses are the same."""
    return (
        source.same_joints(target)
        and np.array_equal(source.rest_translations, target.rest_translations)
        and np.array_equal(source.rest_rotations_xyzw, target.rest_rotations_xyzw)
    )


def _path(skeleton: Skeleton, first: int, second: int) -> tuple[list[int], list[int]]:
    """Joints to leave and joints to enter on the way from one to another."""
    to_first, to_second = path_down(skeleton, 0, first), path_down(skeleton, 0, second)
    shared = sum(a == b for a, b in zip(to_first, to_second, strict=False))
    return to_first[shared:][::-1], to_second[shared:]


def _part_of(skeleton: Skeleton, joints: list[int]) -> Skeleton:
    """A chain of joints, each the child of the one before."""
    return Skeleton.build(
        skeleton.name,
        [skeleton.joint_names[joint] for joint in joints],
        range(-1, len(joints) - 1),
        skeleton.rest_translations[joints],
        skeleton.rest_rotations_xyzw[joints],
    )


def _merged(joint: int, expression: list[Array | _Factor]) -> _Local:
    """Neighbouring constants multiplied, so that there is exactly one around each factor."""
    constants, factors = [rotations.IDENTITY_XYZW], []
    for part in expression:
        if isinstance(part, _Factor):
            factors.append(part)
            constants.append(rotations.IDENTITY_XYZW)
        else:
            constants[-1] = rotations.multiply(constants[-1], part)
    return _Local(joint, np.stack(constants), tuple(factors))


def _is_one_joint(entry: _Local) -> bool:
    return len(entry.factors) == 1 and entry.factors[0].power_of is None and not entry.factors[0].inverse


_CONJUGATE = np.array([[-1], [-1], [-1], [1]], np.float32)


def _between(left: Array, right: Array) -> NDArray[np.float32]:
    """(4, 4) matrix of q -> left q right."""
    columns = rotations.multiply(rotations.multiply(left, np.eye(4)), right)
    return np.ascontiguousarray(columns.T, np.float32)


def _multiply(left: Lanes, right: Lanes) -> Lanes:
    ax, ay, az, aw = left
    bx, by, bz, bw = right
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ]
    )


def _power(turn: Lanes, exponent: float) -> Lanes:
    """A share of each rotation, on the shorter way."""
    turn = np.where(turn[3] < 0, -turn, turn)
    sine = np.sqrt(turn[0] ** 2 + turn[1] ** 2 + turn[2] ** 2)
    half = exponent * np.arctan2(sine, turn[3])
    scale = np.where(sine > 1e-7, np.sin(half) / np.maximum(sine, np.float32(1e-7)), np.float32(exponent))
    return np.concatenate([turn[:3] * scale, np.cos(half)[None]]).astype(np.float32)

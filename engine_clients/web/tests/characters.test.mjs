// Poses on real three.js characters, held against forward kinematics of the header's own skeleton.
import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";
import { VRM, VRMExpression, VRMExpressionManager, VRMHumanoid } from "@pixiv/three-vrm";
import { Bone, BufferGeometry, Float32BufferAttribute, Group, Mesh, Object3D, Quaternion, Vector3 } from "three";

import { ChannelEncoding, ChannelKind, MotionHeaderSchema } from "../dist/index.js";
import { applyToGLTF, skeletonOf } from "../dist/three.js";
import { VRM_OPTIONS, applyToVRM } from "../dist/vrm.js";

const near = (a, b, by = 1e-5) => assert.ok(Math.abs(a - b) <= by, `${a}, expected ${b}`);

let seed = 1;
const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647) * 2 - 1;
const turn = (amount = 1) => new Quaternion(amount * random(), amount * random(), amount * random(), 1).normalize();

/** A scene as exporters leave it: bones under a scaled, turned node, one below another node that is no bone. */
function figure() {
  const character = new Group();
  const armature = new Object3D();
  armature.scale.setScalar(0.01);
  armature.rotation.x = -Math.PI / 2;
  armature.position.set(0, 0.1, 0);
  character.add(armature);
  const bones = ["hips", "spine", "chest", "head"].map((name) => Object.assign(new Bone(), { name }));
  bones.forEach((bone) => {
    bone.position.set(10 * random(), 20, 10 * random());
    bone.quaternion.copy(turn());
  });
  const between = new Object3D();
  between.position.set(0, 5, 0);
  between.rotation.set(0.3, 0.2, 0.1);
  armature.add(bones[0]);
  bones[0].add(bones[1]);
  bones[1].add(between);
  between.add(bones[2]);
  bones[2].add(bones[3]);
  const face = new Mesh(new BufferGeometry().setAttribute("position", new Float32BufferAttribute(3, 3)));
  face.morphTargetDictionary = { "blendShape1.JawOpen": 0, mouthClose: 1 };
  face.morphTargetInfluences = [0, 0];
  character.add(face);
  return { character, bones, face };
}

function headerOf(skeleton, curveNames) {
  const widths = [
    [ChannelKind.ROOT_TRANSLATION, 3], [ChannelKind.JOINT_ROTATIONS, 4 * skeleton.joints.length], [ChannelKind.CURVES, curveNames.length],
  ];
  let bytesPerFrame = 0;
  const channels = widths.map(([kind, width]) => {
    const channel = { kind, width, offset: bytesPerFrame, encoding: ChannelEncoding.FLOAT32 };
    bytesPerFrame += 4 * width;
    return channel;
  });
  return create(MotionHeaderSchema, { fps: 30, skeleton, curveNames, channels, bytesPerFrame });
}

function poseOf(skeleton, root, turns, weights) {
  return new Float32Array([...root, ...turns.flatMap((q) => q.toArray()), ...weights]);
}

/** Joints' places and rotations in the character. */
function forward(skeleton, root, turns) {
  const places = [];
  const rotations = [];
  skeleton.joints.forEach(({ parent, restTranslation: { x, y, z } }, joint) => {
    const own = turns[joint];
    rotations.push(parent < 0 ? own.clone() : rotations[parent].clone().multiply(own));
    places.push(parent < 0 ? new Vector3(...root) : new Vector3(x, y, z).applyQuaternion(rotations[parent]).add(places[parent]));
  });
  return { places, rotations };
}

test("a character of one's own: its rest pose, and any other", () => {
  const { character, bones, face } = figure();
  const before = bones.map((bone) => bone.getWorldPosition(new Vector3()));
  const skeleton = skeletonOf(character);
  assert.deepEqual(skeleton.joints.map(({ parent }) => parent), [-1, 0, 1, 2]);
  const header = headerOf(skeleton, ["jawOpen", "mouthClose", "tongueOut"]);
  const apply = applyToGLTF(character, header);

  const rest = skeleton.joints.map(({ restRotation: { x, y, z, w } }) => new Quaternion(x, y, z, w));
  const root = Object.values(skeleton.joints[0].restTranslation);
  const held = forward(skeleton, root, rest);
  bones.forEach((_, i) => near(held.places[i].distanceTo(before[i]), 0));
  apply(poseOf(skeleton, root, rest, [0, 0, 0]));
  character.updateWorldMatrix(true, true);
  bones.slice(0, 2).forEach((bone, i) => near(bone.getWorldPosition(new Vector3()).distanceTo(before[i]), 0));

  const turns = rest.map(() => turn());
  const expected = forward(skeleton, [0.3, 1.1, -0.2], turns);
  apply(poseOf(skeleton, [0.3, 1.1, -0.2], turns, [0.25, 0.5, 1]));
  character.position.set(5, 0, 1); // wherever it stands
  character.updateWorldMatrix(true, true);
  bones.forEach((bone, i) => {
    near(bone.getWorldPosition(new Vector3()).distanceTo(expected.places[i].clone().add(character.position)), 0);
    near(Math.abs(bone.getWorldQuaternion(new Quaternion()).dot(expected.rotations[i])), 1);
  });
  assert.deepEqual(face.morphTargetInfluences, [0.25, 0.5]);
});

test("a character without bones or with several roots is refused", () => {
  assert.throws(() => skeletonOf(new Group()), /0 root bones/);
  assert.throws(() => skeletonOf(new Group().add(new Bone(), new Bone())), /2 root bones/);
});

for (const metaVersion of ["1", "0"])
  test(`a VRM ${metaVersion} character`, () => {
    const scene = new Group();
    const names = ["hips", "spine", "head"];
    const bones = names.map((name) => Object.assign(new Object3D(), { name }));
    scene.add(bones[0]);
    bones[0].position.set(0, 1.6, 0);
    bones[0].add(bones[1].add(bones[2]));
    bones[1].position.y = bones[2].position.y = 0.3;
    bones[1].quaternion.copy(turn(0.2)); // a rest pose of its own, which the normalised rig hides
    const humanoid = new VRMHumanoid(Object.fromEntries(names.map((name, i) => [name, { node: bones[i] }])));
    scene.add(humanoid.normalizedHumanBonesRoot);
    const expressionManager = new VRMExpressionManager();
    expressionManager.registerExpression(new VRMExpression("aa"));
    const vrm = new VRM({ scene, humanoid, expressionManager, meta: { metaVersion } });
    const skeleton = {
      name: VRM_OPTIONS.targetSkeleton.value,
      joints: names.map((name, i) => ({ name, ...(i && { parent: i - 1 }), restTranslation: { x: 0, y: i ? 0.3 : 0.8, z: 0 } })),
    };
    const apply = applyToVRM(vrm, headerOf(skeleton, ["aa", "blink"]));
    const lean = new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), 0.5); // forward, where the character faces +Z
    const still = new Quaternion();
    apply(poseOf(skeleton, [0.1, 0.9, 0.2], [lean, still, still], [0.7, 1]));
    vrm.update(0);
    const forwards = metaVersion === "0" ? -1 : 1; // VRM 0 faces -Z
    const hips = humanoid.getNormalizedBoneNode("hips");
    near(hips.position.x, forwards * 0.2); // twice as tall as the skeleton
    near(hips.position.y, 1.8);
    scene.updateWorldMatrix(true, true);
    const head = bones[2].getWorldPosition(new Vector3()).sub(bones[0].getWorldPosition(new Vector3()));
    assert.ok(forwards * head.z > 0.1, `the head goes forward, not to ${head.toArray()}`);
    near(expressionManager.getValue("aa"), 0.7);
  });

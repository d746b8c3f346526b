import { Bone, Matrix4, Mesh, Object3D, Quaternion, Vector3 } from "three";

import type { MotionOptionsInit } from "./client.js";
import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import { FrameLayout } from "./motion.js";

type CustomSkeleton = Extract<NonNullable<MotionOptionsInit["targetSkeleton"]>, { case: "customSkeleton" }>["value"];

/**
 * A character's bones in their rest pose, to be retargeted to: `targetSkeleton: { case: "customSkeleton", value }` together with
 * the coordinates "gltf". Take it before anything has moved. Throws if there are no bones, or several roots.
 */
export function skeletonOf(character: Object3D): CustomSkeleton {
  character.updateWorldMatrix(true, true);
  const toCharacter = character.matrixWorld.clone().invert();
  const bones: Bone[] = [];
  character.traverse((node) => {
    if ((node as Bone).isBone) bones.push(node as Bone);
  });
  const index = new Map<Object3D, number>(bones.map((bone, i) => [bone, i]));
  const roots = bones.filter((bone) => parentBone(bone) === null);
  if (roots.length !== 1) throw new Error(`the character has ${roots.length} root bones, expected 1`);
  const position = new Vector3();
  const rotation = new Quaternion();
  const scale = new Vector3();
  const joints = bones.map((bone) => {
    const parent = parentBone(bone);
    // Lengths in the character's unit, whatever the nodes between are scaled by.
    const from = parent ? unscaled(toCharacter, parent).invert() : new Matrix4();
    from.multiply(unscaled(toCharacter, bone)).decompose(position, rotation, scale);
    return {
      name: bone.name,
      parent: parent ? index.get(parent)! : -1,
      restTranslation: { x: position.x, y: position.y, z: position.z },
      restRotation: { x: rotation.x, y: rotation.y, z: rotation.z, w: rotation.w },
    };
  });
  return { name: character.name || "character", joints };
}

function parentBone(bone: Object3D): Bone | null {
  for (let node = bone.parent; node; node = node.parent) if ((node as Bone).isBone) return node as Bone;
  return null;
}

function unscaled(toCharacter: Matrix4, node: Object3D): Matrix4 {
  const position = new Vector3();
  const rotation = new Quaternion();
  toCharacter.clone().multiply(node.matrixWorld).decompose(position, rotation, new Vector3());
  return new Matrix4().compose(position, rotation, new Vector3(1, 1, 1));
}

/**
 * Binds a motion to a character and returns a function that puts a pose on it.
 *
 * Joints drive the nodes of their name, with rotations that replace the nodes' own; the root's place drives the root's node. Curves
 * drive every morph target of their name, in whatever case. What the character does not have is left out.
 */
export function applyToGLTF(character: Object3D, header: MotionHeader): (pose: Float32Array) => void {
  const layout = new FrameLayout(header);
  const nodes = new Map<string, Object3D>();
  character.traverse((node) => {
    nodes.set(node.name, node);
    if (node.userData["name"]) nodes.set(node.userData["name"], node); // what three.js took out of names, such as colons
  });
  const joints = header.skeleton?.joints ?? [];
  const bound = joints.map((joint) => nodes.get(joint.name) ?? nodes.get(joint.name.replace(/[[\].:/]/g, "")));
  // Rotations are relative to the parent joint (the root's: to the character); nodes between that and the parent are undone.
  const undone = bound.map((node, joint) => {
    const parent = bound[joints[joint]!.parent ?? -1] ?? character;
    return node?.parent ? rotationBetween(parent, node.parent).invert() : new Quaternion();
  });
  const root = bound[0];
  const morphs = morphsByName(character);
  const curves = header.curveNames.map((name) => morphs.get(name.toLowerCase()) ?? []);
  const place = new Vector3();
  return (pose) => {
    bound.forEach((node, joint) => {
      node?.quaternion.fromArray(pose, layout.rotations + 4 * joint).premultiply(undone[joint]!);
    });
    if (root?.parent) {
      root.parent.updateWorldMatrix(true, false);
      root.position.copy(root.parent.worldToLocal(character.localToWorld(place.fromArray(pose, 0))));
    }
    curves.forEach((targets, curve) => {
      for (const { influences, index } of targets) influences[index] = pose[layout.weights + curve]!;
    });
  };
}

/** Of a node relative to one of its ancestors or itself. */
function rotationBetween(ancestor: Object3D, node: Object3D): Quaternion {
  const rotation = new Quaternion();
  for (let at: Object3D | null = node; at && at !== ancestor; at = at.parent) rotation.premultiply(at.quaternion);
  return rotation;
}

interface Morph {
  influences: number[];
  index: number;
}

function morphsByName(character: Object3D): Map<string, Morph[]> {
  const found = new Map<string, Morph[]>();
  character.traverse((node) => {
    const { morphTargetDictionary, morphTargetInfluences } = node as Mesh;
    for (const [name, index] of Object.entries(morphTargetDictionary ?? {})) {
      const key = name.toLowerCase().replace(/^.*\./, "");
      found.set(key, [...(found.get(key) ?? []), { influences: morphTargetInfluences!, index }]);
    }
  });
  return found;
}

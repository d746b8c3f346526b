import type { VRM, VRMHumanBoneName } from "@pixiv/three-vrm";
import { Quaternion } from "three";

import type { MotionOptionsInit } from "./client.js";
import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import { FrameLayout } from "./motion.js";

/** What to ask the server for, for a VRM character. */
export const VRM_OPTIONS = {
  targetSkeleton: { case: "skeleton", value: "vrm1" },
  faceRig: "vrm",
  targetCoordinates: { case: "coordinateSystem", value: "gltf" },
} as const satisfies MotionOptionsInit;

/**
 * Binds a motion made with VRM_OPTIONS to a three-vrm character and returns a function that puts a pose on it; call the character's
 * update(delta) afterwards, as always. Bones are driven by the normalised rig and so by any VRM 0 or 1; hips go by their height.
 * With the face rig "arkit52" curves drive the character's own expressions of those names ("perfect sync").
 */
export function applyToVRM(vrm: VRM, header: MotionHeader): (pose: Float32Array) => void {
  const layout = new FrameLayout(header);
  const joints = header.skeleton?.joints ?? [];
  const bones = joints.map((joint) => vrm.humanoid.getNormalizedBoneNode(joint.name as VRMHumanBoneName));
  const hips = vrm.humanoid.getNormalizedBoneNode("hips");
  const height = joints[0]?.restTranslation?.y ?? 0;
  const scale = hips && height ? (vrm.humanoid.normalizedRestPose.hips?.position?.[1] ?? height) / height : 1;
  // VRM 0 faces the other way.
  const sign = vrm.meta?.metaVersion === "0" ? -1 : 1;
  const expressions = new Map(vrm.expressionManager?.expressions.map((e) => [e.expressionName.toLowerCase(), e.expressionName]));
  const curves = header.curveNames.map((name) => expressions.get(name.toLowerCase()));
  const turn = new Quaternion();
  return (pose) => {
    bones.forEach((bone, joint) => {
      turn.fromArray(pose, layout.rotations + 4 * joint);
      bone?.quaternion.set(sign * turn.x, turn.y, sign * turn.z, turn.w);
    });
    if (joints.length) hips?.position.set(sign * scale * pose[0]!, scale * pose[1]!, sign * scale * pose[2]!);
    curves.forEach((name, curve) => {
      if (name) vrm.expressionManager!.setValue(name, pose[layout.weights + curve]!);
    });
  };
}

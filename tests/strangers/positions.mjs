// node positions.mjs FILE SECONDS...: world places of named joints, and face weights, as three.js has them.
// A .bvh goes through BVHLoader, a .glb through GLTFLoader. Prints [{positions: {joint: [x, y, z]}, weights: {curve: w}}].
import { readFileSync } from "node:fs";
import { AnimationMixer, Group, Vector3 } from "three";
import { BVHLoader } from "three/addons/loaders/BVHLoader.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

globalThis.self = globalThis;
globalThis.ProgressEvent ??= Event; // for buffers in the text, which three.js fetches
const [file, ...times] = process.argv.slice(2);
const data = readFileSync(file);

async function load() {
  if (file.endsWith(".bvh")) {
    const { skeleton, clip } = new BVHLoader().parse(data.toString());
    const root = new Group();
    root.add(skeleton.bones[0]);
    return { root, clip, mixed: skeleton.bones[0] };
  }
  const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
  const gltf = await new GLTFLoader().parseAsync(buffer, "");
  return { root: gltf.scene, clip: gltf.animations[0], mixed: gltf.scene };
}

const { root, clip, mixed } = await load();
const mixer = new AnimationMixer(mixed);
mixer.clipAction(clip).play();
const frames = times.map((seconds) => {
  mixer.setTime(Number(seconds));
  root.updateMatrixWorld(true);
  const positions = {}, weights = {};
  root.traverse((node) => {
    if (node.isBone && node.name && node.name !== "ENDSITE") positions[node.userData.name ?? node.name] = node.getWorldPosition(new Vector3()).toArray();
    for (const [name, index] of Object.entries(node.morphTargetDictionary ?? {})) weights[name] = node.morphTargetInfluences[index];
  });
  return { positions, weights };
});
console.log(JSON.stringify(frames));

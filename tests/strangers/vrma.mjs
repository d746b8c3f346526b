// node vrma.mjs FILE: what three-vrm-animation reads from a VRM animation.
// Prints {duration, rotations: {bone: [[x, y, z, w], ...]}, hips: [[x, y, z], ...], presets: {name: [w, ...]}, custom, look}.
import { readFileSync } from "node:fs";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { VRMAnimationLoaderPlugin } from "@pixiv/three-vrm-animation";

globalThis.self = globalThis;
const data = readFileSync(process.argv[2]);
const loader = new GLTFLoader();
loader.register((parser) => new VRMAnimationLoaderPlugin(parser));
const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
const gltf = await loader.parseAsync(buffer, "");
const animation = gltf.userData.vrmAnimations[0];
const rows = (track, width) =>
  Array.from({ length: track.times.length }, (_, at) => Array.from(track.values.slice(at * width, at * width + width)));
const table = (map, width) => Object.fromEntries([...map].map(([name, track]) => [name, rows(track, width)]));
console.log(
  JSON.stringify({
    duration: animation.duration,
    restHips: animation.restHipsPosition.toArray(),
    rotations: table(animation.humanoidTracks.rotation, 4),
    hips: rows(animation.humanoidTracks.translation.get("hips"), 3),
    presets: table(animation.expressionTracks.preset, 1),
    custom: table(animation.expressionTracks.custom, 1),
    look: animation.lookAtTrack ? rows(animation.lookAtTrack, 4) : null,
  }),
);

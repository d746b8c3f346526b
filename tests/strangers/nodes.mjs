// node nodes.mjs FILE CLIP SECONDS...: world places of all nodes by their number, as three.js' GLTFLoader has them while it plays
// the clip of that number (from 0; -1: none). Files beside a .gltf are read from its folder. Pictures are left out.
// Prints [{positions: {node: [x, y, z]}, weights: {curve: w}}].
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AnimationMixer, FileLoader, LoopOnce, Vector3 } from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

globalThis.self = globalThis;
const [file, clip, ...times] = process.argv.slice(2);
FileLoader.prototype.load = function (url, onLoad) {
  const inside = /^data:[^,]*;base64,/.exec(url);
  const bytes = inside ? Buffer.from(url.slice(inside[0].length), "base64") : readFileSync(join(dirname(file), decodeURIComponent(url)));
  onLoad(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const data = readFileSync(file);
const buffer = data.buffer.slice(data.byteOffset, data.byteOffset + data.length);
const loader = new GLTFLoader();
loader.setMeshoptDecoder(MeshoptDecoder);
loader.register(() => ({ name: "no pictures", loadTexture: () => Promise.resolve(null) }));
const gltf = await loader.parseAsync(buffer, "");
const mixer = new AnimationMixer(gltf.scene);
if (Number(clip) >= 0) {
  const action = mixer.clipAction(gltf.animations[Number(clip)]).setLoop(LoopOnce);
  action.clampWhenFinished = true;
  action.play();
}
const frames = (times.length ? times : ["0"]).map((seconds) => {
  if (Number(clip) >= 0) mixer.update(Number(seconds) - mixer.time);
  gltf.scene.updateMatrixWorld(true);
  const positions = {}, weights = {};
  gltf.scene.traverse((object) => {
    const node = gltf.parser.associations.get(object)?.nodes;
    if (node !== undefined) positions[node] ??= object.getWorldPosition(new Vector3()).toArray();
    for (const [name, index] of Object.entries(object.morphTargetDictionary ?? {})) weights[name] = object.morphTargetInfluences[index];
  });
  return { positions, weights };
});
console.log(JSON.stringify(frames));

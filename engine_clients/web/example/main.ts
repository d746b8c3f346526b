// Drop a sound file: the server makes the motion, the character speaks and moves in sync with the sound.
import { VRMLoaderPlugin } from "@pixiv/three-vrm";
import type { VRM } from "@pixiv/three-vrm";
import { AmbientLight, Clock, DirectionalLight, Object3D, PerspectiveCamera, Scene, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

import { Client, PcmEncoding, Playback, httpTransport, listen, poseAt, webSocketTransport } from "../dist/index.js";
import type { LiveStream, Microphone, Motion, MotionHeader, MotionOptionsInit } from "../dist/index.js";
import { applyToGLTF, skeletonOf } from "../dist/three.js";
import { VRM_OPTIONS, applyToVRM } from "../dist/vrm.js";

const element = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const audio = element<HTMLAudioElement>("audio");
const status = element<HTMLOutputElement>("status");
const client = () => {
  const baseUrl = element<HTMLInputElement>("server").value;
  // Clips go either way, live streams only over WebSockets.
  return new Client(/^http/.test(baseUrl) ? httpTransport({ baseUrl }) : webSocketTransport({ baseUrl }));
};

// ------------------------------------------------------------------------------------------------------------ the stage

const renderer = new WebGLRenderer({ canvas: document.querySelector("canvas")!, antialias: true });
const camera = new PerspectiveCamera(30, 1, 0.1, 20);
const scene = new Scene();
const sun = new DirectionalLight("white", 2.5);
sun.position.set(1, 2, 2);
scene.add(new AmbientLight("white", 1.2), sun);
const controls = new OrbitControls(camera, renderer.domElement);
camera.position.set(0, 1.35, 2.6);
controls.target.set(0, 1.15, 0);

// -------------------------------------------------------------------------------------------------------- the character

interface Character {
  object: Object3D;
  vrm: VRM | undefined;
  /** What to ask the server for, so that the motion fits. */
  options: MotionOptionsInit;
  bind(header: MotionHeader): (pose: Float32Array) => void;
}

let character: Character | undefined;

async function load(bytes: ArrayBuffer): Promise<void> {
  const loader = new GLTFLoader().register((parser) => new VRMLoaderPlugin(parser));
  const gltf = await loader.parseAsync(bytes, "");
  const vrm = gltf.userData["vrm"] as VRM | undefined;
  if (character) scene.remove(character.object);
  scene.add(gltf.scene);
  character = vrm
    ? { object: gltf.scene, vrm, options: VRM_OPTIONS, bind: (header) => applyToVRM(vrm, header) }
    : {
        object: gltf.scene,
        vrm: undefined,
        options: {
          targetSkeleton: { case: "customSkeleton", value: skeletonOf(gltf.scene) },
          targetCoordinates: { case: "coordinateSystem", value: "gltf" },
        },
        bind: (header) => applyToGLTF(gltf.scene, header),
      };
}

// ---------------------------------------------------------------------------------------------------------- what it does

let poseNow: (seconds: number) => Float32Array | undefined = () => undefined;
let apply: (pose: Float32Array) => void = () => {};
let live: { stream: LiveStream; microphone: Microphone } | undefined;

async function speak(file: File): Promise<void> {
  if (!character) return;
  status.textContent = `making the motion of ${file.name}`;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const motion: Motion = await client().generate(bytes, character.options, {
    onProgress: (progress) => (status.textContent = `${Math.round(100 * progress)} %`),
  });
  stopListening();
  const pose = new Float32Array(motion.layout.floats);
  apply = character.bind(motion.header);
  poseNow = () => poseAt(motion, audio.currentTime, pose);
  audio.src = URL.createObjectURL(file);
  status.textContent = `${file.name}: ${motion.frameCount} frames at ${motion.header.fps} fps`;
  await audio.play().catch(() => (status.textContent += "; press play"));
}

async function listenToMicrophone(): Promise<void> {
  if (!character) return;
  const early: Float32Array[] = [];
  let send = (samples: Float32Array): void => void early.push(samples);
  const microphone = await listen((samples) => send(samples));
  const stream = await client().live({ encoding: PcmEncoding.F32LE, sampleRateHz: microphone.sampleRate }, character.options);
  send = (samples) => stream.push(samples);
  live = { stream, microphone };
  const playback = new Playback(stream.header, { late: "drop" });
  apply = character.bind(stream.header);
  poseNow = (seconds) => {
    playback.advance(seconds);
    return playback.pose;
  };
  status.textContent = "listening";
  for await (const event of stream) playback.feed(event);
}

function stopListening(): void {
  live?.microphone.stop();
  live?.stream.cancel();
  live = undefined;
}

async function doing(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (live) stopListening();
    status.textContent = error instanceof Error ? error.message : String(error);
  }
}

const take = (file: File | undefined) => {
  if (!file) return;
  if (/\.(glb|vrm)$/i.test(file.name)) void doing(file.arrayBuffer().then(load));
  else void doing(speak(file));
};

for (const id of ["speech", "character"]) element<HTMLInputElement>(id).onchange = (event) => take((event.target as HTMLInputElement).files?.[0]);
document.ondragover = (event) => event.preventDefault();
document.ondrop = (event) => {
  event.preventDefault();
  take(event.dataTransfer?.files[0]);
};
element("microphone").onclick = () => {
  if (live) stopListening();
  else void doing(listenToMicrophone());
};

const clock = new Clock();
renderer.setAnimationLoop(() => {
  const seconds = clock.getDelta();
  const { clientWidth, clientHeight } = renderer.domElement;
  renderer.setSize(clientWidth, clientHeight, false);
  camera.aspect = clientWidth / clientHeight;
  camera.updateProjectionMatrix();
  const pose = poseNow(seconds);
  if (pose) apply(pose);
  character?.vrm?.update(seconds);
  renderer.render(scene, camera);
});

void doing(
  fetch("character.glb").then(async (answer) => {
    if (!answer.ok) throw new Error("no character.glb beside the page; drop one");
    await load(await answer.arrayBuffer());
  }),
);

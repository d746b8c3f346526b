// The characters and the camera. Metres, +Y up, characters face +Z.

import * as THREE from "three";
import { OrbitControls } from "./vendor/three@0.180.0/controls/OrbitControls.js";
import { character } from "./site.js";
import { GLTFLoader } from "./vendor/three@0.180.0/loaders/GLTFLoader.js";

const VIEWS = { body: { height: 0.98, span: 2.1, apart: 1.2 }, face: { height: 1.54, span: 0.46, apart: 0.5 } };

export class Stage {
  #canvas;
  #renderer;
  #camera = new THREE.PerspectiveCamera(30, 1, 0.05, 40);
  #scene = new THREE.Scene();
  #controls;
  #loader = new GLTFLoader();
  #characterFile = null;
  #slots = { left: null, right: null };
  #view = "body";
  #bones = false;
  #stale = true;

  constructor(canvas) {
    this.#canvas = canvas;
    this.#renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
    this.#renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.#scene.background = new THREE.Color(0x2a303a);
    this.#scene.add(new THREE.HemisphereLight(0xffffff, 0x8d94a0, 1.6));
    for (const [x, y, z, strength] of [[1.5, 2.6, 3, 1.9], [-2, 1.5, 1.5, 0.5], [0, 2.5, -3, 0.9]]) {
      const light = new THREE.DirectionalLight(0xffffff, strength);
      light.position.set(x, y, z);
      this.#scene.add(light);
    }
    const floor = new THREE.GridHelper(6, 24, 0x586172, 0x3b424e);
    this.#scene.add(floor);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.addEventListener("change", () => this.invalidate());
    new ResizeObserver(() => this.#resize()).observe(canvas.parentElement);
    this.#resize();
    this.look("body");
  }

  // Shows a take's motion, glTF as bytes, on the left or the right; null for nothing. Returns the face's curves.
  async show(side, bytes, onCharacter) {
    this.#remove(side);
    if (bytes === null) {
      this.look(this.#view);
      return null;
    }
    const given = await this.#loader.parseAsync(bytes, "");
    const clip = given.animations[0];
    const figure = onCharacter ? await this.#character() : given.scene;
    const mixer = new THREE.AnimationMixer(figure);
    const known = new Set();
    figure.traverse((node) => known.add(node.name));
    clip.tracks = clip.tracks.filter((track) => known.has(THREE.PropertyBinding.parseTrackName(track.name).nodeName));
    const action = mixer.clipAction(clip).play();
    action.paused = true;
    figure.traverse((node) => (node.frustumCulled = false));
    const skeleton = new THREE.SkeletonHelper(figure);
    skeleton.material.depthTest = false;
    skeleton.renderOrder = 1;
    skeleton.visible = this.#bones;
    this.#scene.add(figure, skeleton);
    this.#slots[side] = { figure, skeleton, mixer, action };
    this.look(this.#view);
    this.seek(0);
    return curvesOf(given, clip);
  }

  // All at this time, seconds; each stays at its end.
  seek(time) {
    for (const slot of Object.values(this.#slots)) {
      if (!slot) continue;
      slot.action.time = Math.min(time, slot.action.getClip().duration);
      slot.mixer.update(0);
    }
    this.invalidate();
  }

  look(view) {
    this.#view = view;
    const { height, span, apart } = VIEWS[view];
    const between = this.#slots.left && this.#slots.right ? apart : 0;
    for (const [side, slot] of Object.entries(this.#slots)) {
      if (slot) slot.figure.position.x = (side === "left" ? -between : between) / 2;
    }
    const width = 0.7 * span + between;
    const tangent = Math.tan(THREE.MathUtils.degToRad(this.#camera.fov / 2));
    const distance = Math.max(span, width / this.#camera.aspect) / 2 / tangent;
    this.#controls.target.set(0, height, 0);
    this.#camera.position.set(0, height + 0.02 * distance, distance + (view === "face" ? 0.1 : 0));
    this.#controls.update();
    this.invalidate();
  }

  set bones(shown) {
    this.#bones = shown;
    for (const slot of Object.values(this.#slots)) {
      if (slot) slot.skeleton.visible = shown;
    }
    this.invalidate();
  }

  invalidate() {
    this.#stale = true;
  }

  // Draws if something has changed.
  draw() {
    if (!this.#stale) return;
    this.#stale = false;
    this.#renderer.render(this.#scene, this.#camera);
  }

  async #character() {
    this.#characterFile ??= await character();
    return (await this.#loader.parseAsync(this.#characterFile, "")).scene;
  }

  #remove(side) {
    const slot = this.#slots[side];
    if (!slot) return;
    slot.mixer.stopAllAction();
    slot.figure.traverse((node) => node.geometry?.dispose());
    slot.skeleton.dispose();
    this.#scene.remove(slot.figure, slot.skeleton);
    this.#slots[side] = null;
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#canvas.parentElement;
    if (!width || !height) return;
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.look(this.#view);
  }
}

function curvesOf(given, clip) {
  const track = clip.tracks.find(({ name }) => name.endsWith(".morphTargetInfluences"));
  let names = null;
  given.scene.traverse((node) => (names ??= node.morphTargetDictionary ? Object.keys(node.morphTargetDictionary) : null));
  return track && names ? { names, times: track.times, weights: track.values } : null;
}

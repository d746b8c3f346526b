// The page: takes, menus, playback and keys brought together.

import { Curves } from "./curves.js";
import { Playback } from "./playback.js";
import * as site from "./site.js";
import { Stage } from "./stage.js";

const POLL_MILLISECONDS = 200;
const at = (id) => document.getElementById(id);

const stage = new Stage(at("view"));
const playback = new Playback(at("speech"));
const curves = new Curves(at("curves"));
const shown = { left: null, right: null };
const seen = new Set();
let takes = [];
let catalog = null;

function say(text) {
  at("message").textContent = text;
  if (text) setTimeout(() => at("message").textContent === text && (at("message").textContent = ""), 8000);
}

// Runs what the user asked for, and says so if it fails.
async function trying(work) {
  try {
    await work();
  } catch (error) {
    say(error.message);
  }
}

const take = (id) => takes.find((each) => each.id === id);

function fill(select, entries, chosen) {
  select.replaceChildren(...entries.map(([value, text]) => new Option(text, value, false, value === chosen)));
  select.disabled = entries.length < 2;
}

// ------------------------------------------------------------------------------------------------------------ menus

function chooseModel() {
  const model = catalog.models.find(({ name }) => name === at("model").value);
  at("model").title = model.description;
  fill(at("speaker"), model.speakers.map(({ id, name }) => [id, name || id]));
  fill(at("emotion"), [["", "none"], ...model.emotions.map((name) => [name, name.replaceAll("_", " ")])]);
  at("strength-label").hidden = true;
}

function options() {
  const emotion = at("emotion").value;
  return {
    model: at("model").value,
    speaker: at("speaker").value,
    seed: at("seed").value || "0",
    ...(emotion ? { emotion, strength: at("strength").value } : {}),
  };
}

// ------------------------------------------------------------------------------------------------------------ takes

function optionsText({ model, speaker, seed, emotions }) {
  const felt = Object.entries(emotions).map(([name, strength]) => `${name} ${strength}`);
  return [model || "builtin", speaker, `seed ${seed}`, ...felt].filter(Boolean).join(", ");
}

function listTakes() {
  at("take-list").replaceChildren(...takes.map((each) => {
    const item = document.createElement("li");
    const choose = Object.assign(document.createElement("button"), { type: "button", className: "choose" });
    choose.textContent = `${each.id}  ${each.name}`;
    choose.disabled = !each.motion;
    choose.setAttribute("aria-pressed", String(shown.left === each.id));
    choose.addEventListener("click", () => trying(() => show("left", each.id)));
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×" });
    remove.setAttribute("aria-label", `Remove take ${each.id}`);
    remove.addEventListener("click", () => trying(() => drop(each.id)));
    const about = document.createElement("small");
    about.textContent = each.error || [...(each.options ? [optionsText(each.options)] : each.made_from), ...each.notes].filter(Boolean).join(" · ");
    about.className = each.error ? "error" : "";
    item.append(choose, remove, about);
    if (!each.motion && !each.error) item.append(Object.assign(document.createElement("progress"), { max: 1, value: each.progress }));
    return item;
  }));
  const ready = takes.filter((each) => each.motion && each.id !== shown.left);
  fill(at("right"), [["", "nothing"], ...ready.map(({ id, name }) => [String(id), `${id}  ${name}`])], String(shown.right ?? ""));
}

async function show(side, id) {
  const chosen = take(id) ?? null;
  shown[side] = chosen ? chosen.id : null;
  if (side === "left" && shown.right === shown.left) await show("right", null);
  const bytes = chosen ? await site.motion(chosen.id) : null;
  curves.show(side, await stage.show(side, bytes, chosen?.motion.on_character ?? true));
  at(`${side}-name`).textContent = chosen ? chosen.name : "";
  at("hint").hidden = shown.left !== null;
  listTakes();
  if (side === "left") offerFiles(chosen);
  await cue();
}

// The clock for what is shown: its speech, and its length.
async function cue() {
  const visible = [take(shown.left), take(shown.right)].filter(Boolean);
  const speaking = visible.find((each) => each.speech);
  const duration = Math.max(0, ...visible.map((each) => each.motion.seconds));
  const heard = speaking ? await site.speech(speaking.id) : null;
  await playback.load(heard, duration, () => site.speech(speaking.id, "speech.wav"));
  at("again").disabled = !take(shown.left)?.speech;
  at("play").disabled = at("time").disabled = !duration;
  at("time").max = duration;
  // What is dragged keeps the focus, and is left alone while it has it.
  at("time").value = playback.time;
}

async function drop(id) {
  await site.removeTake(id);
  for (const side of ["left", "right"]) if (shown[side] === id) await show(side, null);
  await refresh();
}

// Draws the list again. A take that has become ready is shown; at first, when all are, and two side by side.
async function refresh() {
  takes = await site.takes();
  listTakes();
  const making = takes.some((each) => !each.motion && !each.error);
  const fresh = takes.filter((each) => !seen.has(each.id) && (each.motion || each.error));
  for (const each of fresh.filter(({ error }) => error)) {
    seen.add(each.id);
    say(each.error.startsWith(`${each.name}:`) ? each.error : `${each.name}: ${each.error}`);
  }
  const ready = fresh.filter(({ motion }) => motion);
  if (ready.length && (shown.left !== null || !making)) {
    for (const { id } of ready) seen.add(id);
    const pair = ready.length === 2 && shown.left === null;
    await show("left", pair ? ready[0].id : ready.at(-1).id);
    if (pair) await show("right", ready[1].id);
  }
  if (making) setTimeout(() => trying(refresh), POLL_MILLISECONDS);
}

async function open(files) {
  for (const file of files) await site.makeTake(file, options());
  await refresh();
}

// -------------------------------------------------------------------------------------------------------- downloads

function offerFiles(chosen) {
  const known = new Map(catalog.formats.map(({ name, description }) => [name, description]));
  at("formats").replaceChildren(...(chosen?.motion.formats ?? []).map((name) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: name, title: known.get(name) });
    button.addEventListener("click", () => trying(() => download(chosen.id, name)));
    return button;
  }));
  at("file-skeleton").disabled = !chosen?.motion.body;
}

async function download(id, format) {
  const { name, blob } = await site.file(id, format, at("file-skeleton").value);
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// --------------------------------------------------------------------------------------------------------- playback

function seekTo(time) {
  playback.seek(time);
  frame();
}

function toggle() {
  if (playback.playing) playback.pause();
  else trying(() => playback.play());
}

function frame() {
  const time = playback.time;
  if (document.activeElement !== at("time") || playback.playing) at("time").value = time;
  at("clock").textContent = `${time.toFixed(2)} / ${playback.duration.toFixed(2)} s`;
  stage.seek(time);
  curves.seek(time);
}

function tick() {
  if (playback.playing) {
    playback.tick();
    frame();
  }
  stage.draw();
  requestAnimationFrame(tick);
}

playback.addEventListener("change", () => {
  at("play").textContent = playback.playing ? "❚❚" : "▶";
  at("play").setAttribute("aria-label", playback.playing ? "Pause" : "Play");
  frame();
});

function showBones() {
  const pressed = at("skeleton").getAttribute("aria-pressed") !== "true";
  at("skeleton").setAttribute("aria-pressed", String(pressed));
  stage.bones = pressed;
}

const frameSeconds = () => 1 / (take(shown.left)?.motion.fps ?? 30);
const keys = {
  " ": toggle,
  ArrowLeft: (event) => seekTo(playback.time - (event.shiftKey ? 1 : frameSeconds())),
  ArrowRight: (event) => seekTo(playback.time + (event.shiftKey ? 1 : frameSeconds())),
  Home: () => seekTo(0),
  End: () => seekTo(playback.duration),
  1: () => stage.look("body"),
  2: () => stage.look("face"),
  s: showBones,
  l: () => at("loop").click(),
};

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("button, input, select, label");
  if (busy || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key](event);
});

// ------------------------------------------------------------------------------------------------------------ wiring

at("play").addEventListener("click", toggle);
at("time").addEventListener("input", () => seekTo(Number(at("time").value)));
at("loop").addEventListener("change", () => (playback.loop = at("loop").checked));
at("speed").addEventListener("change", () => (playback.speed = Number(at("speed").value)));
at("moving").addEventListener("change", () => {
  curves.onlyMoving = at("moving").checked;
  curves.seek(playback.time);
});
at("skeleton").addEventListener("click", showBones);
for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => stage.look(button.dataset.view));
at("model").addEventListener("change", chooseModel);
at("emotion").addEventListener("change", () => (at("strength-label").hidden = !at("emotion").value));
at("right").addEventListener("change", () => trying(() => show("right", Number(at("right").value) || null)));
at("files").addEventListener("change", () => trying(async () => {
  await open(at("files").files);
  at("files").value = "";
}));
at("making").addEventListener("submit", (event) => {
  event.preventDefault();
  trying(async () => {
    await site.makeAgain(shown.left, options());
    await refresh();
  });
});
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropping", kind === "dragover");
    if (kind === "drop") trying(() => open(event.dataTransfer.files));
  });
}

await trying(async () => {
  catalog = await site.catalog();
  fill(at("model"), catalog.models.map(({ name }) => [name, name]));
  fill(at("file-skeleton"), [["", "its own"], ...catalog.skeletons.map((name) => [name, name])]);
  chooseModel();
  await refresh();
});
tick();

// A small fake of what Emscripten makes of a .jslib: its functions are copied as text, so that they see nothing of the file
// they stood in, with what they name in __deps; the memory grows, and HEAPU8 is another one then.

function emitted(text) {
  const library = {};
  const merge = (into, from) => Object.assign(into, from);
  new Function("mergeInto", "LibraryManager", text)(merge, { library });
  const done = new Set();
  const lines = [];
  const emit = (name) => {
    if (done.has(name)) return;
    done.add(name);
    if (!(name in library)) throw new Error(`${name} is not in the library`);
    for (const needed of library[`${name}__deps`] ?? []) emit(needed);
    const value = library[name];
    if (typeof value === "function") lines.push(value.toString().replace(/^function\s*\(/, `function _${name}(`));
    else lines.push(`var ${name.slice(1)} = ${copied(value)};`);
  };
  const functions = Object.keys(library).filter((name) => !name.startsWith("$") && !name.endsWith("__deps"));
  functions.forEach(emit);
  const given = functions.map((name) => `${name}: _${name}`).join(", ");
  lines.push("var HEAPU8 = new Uint8Array(memory.buffer);");
  lines.push("function grow() { memory.grow(1); HEAPU8 = new Uint8Array(memory.buffer); }");
  return `"use strict";\n${lines.join("\n")}\nreturn { ${given}, grow, heap: () => HEAPU8, sockets: PantoMatrixSockets };`;
}

function copied(value) {
  if (typeof value === "function") return value.toString();
  if (typeof value !== "object") return JSON.stringify(value);
  return `{ ${Object.entries(value).map(([name, one]) => `${name}: ${copied(one)}`).join(", ")} }`;
}

const instance = new Function("memory", emitted(LIBRARY))(new WebAssembly.Memory({ initial: 1, maximum: 4096 }));
const AT = 4096;

function put(bytes) {
  while (instance.heap().length < AT + bytes.length + 8192) instance.grow();
  instance.heap().set(bytes, AT);
  return AT;
}

function open(url, protocols) {
  const [one, other] = [url, protocols].map((text) => new TextEncoder().encode(text));
  put(new Uint8Array([...one, ...other]));
  return instance.PantoMatrixSocketOpen(AT, one.length, AT + one.length, other.length);
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

function base64Of(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const frame = () => new Promise((resolve) => setTimeout(resolve, 4));

// One call as the C# side makes it, asked once a frame; the memory grows before every question. What comes, in base64.
async function call({ url, protocols = "pantomatrix.v1", requests, room = 1000, pauses = {} }) {
  const handle = open(url, protocols);
  const answer = { messages: [], texts: [], refusals: 0 };
  let part = [];
  let said = 0;
  for (;;) {
    await frame();
    instance.grow();
    const state = instance.PantoMatrixSocketState(handle);
    if (state === 0) continue;
    while (state === 1 && said < requests.length && answer.messages.length >= (pauses[said] ?? 0)) {
      const bytes = bytesOf(requests[said]);
      const taken = instance.PantoMatrixSocketSend(handle, put(bytes), 0, bytes.length);
      if (taken === 0) ++answer.refusals;
      if (taken !== 1) break;
      ++said;
    }
    for (let size; (size = instance.PantoMatrixSocketNextSize(handle)) !== -1; ) {
      const isText = size < 0;
      const left = isText ? -2 - size : size;
      const closed = instance.PantoMatrixSocketState(handle);
      put(new Uint8Array(room));
      const count = instance.PantoMatrixSocketRead(handle, AT - 7, 7, room);
      part.push(...instance.heap().slice(AT, AT + count));
      if (count < left) continue;
      const message = new Uint8Array(part);
      part = [];
      if (closed >= 1000) {
        instance.PantoMatrixSocketClose(handle);
        return { ...answer, code: closed, reason: new TextDecoder().decode(message) };
      }
      if (isText) answer.texts.push(new TextDecoder().decode(message));
      else answer.messages.push(base64Of(message));
      if (answer.messages.length === 20) console.log("twenty");
    }
  }
}

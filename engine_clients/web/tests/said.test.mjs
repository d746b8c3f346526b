// What a stream needs to go on elsewhere, without any server.
import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";

import {
  Alphabet, ChannelEncoding, ChannelKind, FrameBlockSchema, MotionHeaderSchema, PcmEncoding, StreamMotionRequestSchema, StreamMotionResponseSchema, StreamStartSchema,
} from "../dist/index.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { isFinal, isLost, pauseBefore } from "../dist/lost.js";
import { Said } from "../dist/said.js";
import { Silence } from "../dist/silence.js";

const RATE = 16000;
const CHANNEL = { kind: ChannelKind.CURVES, width: 1, encoding: ChannelEncoding.UNORM8 };
const HEADER = create(MotionHeaderSchema, { fps: 30, curveNames: ["frame"], channels: [CHANNEL], bytesPerFrame: 1, seed: 7n, lookAheadSeconds: 0.1 });
const joy = (strength) => ({ entries: [{ emotion: "joy", strength }] });

/** A stream's two sides. The weight of frame k is k / 255. */
class Stream {
  constructor(more = {}) {
    const format = { encoding: PcmEncoding.S16LE, sampleRateHz: RATE };
    this.said = new Said(create(StreamStartSchema, { format, options: { speaker: "anna" }, ...more }));
    this.said.begin(HEADER);
  }
  say(kind, value = {}) {
    return this.said.say(create(StreamMotionRequestSchema, { message: { case: kind, value } }).message);
  }
  speak(seconds, chunk = 0.02) {
    this.chunkBytes = Math.round(2 * RATE * chunk);
    for (let at = 0; at < seconds - 1e-9; at += chunk) this.say("audio", { samples: new Uint8Array(Math.round(2 * RATE * chunk)) });
  }
  hear(kind, value = {}, refused) {
    return this.said.take(create(StreamMotionResponseSchema, { message: { case: kind, value } }).message, refused);
  }
  frames(first, count) {
    const data = new Uint8Array(Array.from({ length: count }, (_, i) => first + i));
    return this.hear("frames", create(FrameBlockSchema, { firstFrame: BigInt(first), frameCount: count, data }));
  }
  begin(utterance, beginSeconds) {
    return this.hear("utteranceBegin", { utterance, beginSeconds });
  }
  end(utterance, endFrame, interrupted = false) {
    return this.hear("utteranceEnd", { utterance, endFrame: BigInt(endFrame), interrupted });
  }
  /** How it is opened again, in short. */
  get opening() {
    const { start, again, firstFrame } = this.said.opening();
    const { resume, options } = start;
    // Audio is joined: an "a" for each chunk that was said.
    const audio = ({ value }) => "a".repeat(value.samples.length / this.chunkBytes);
    const word = { audio, endOfUtterance: () => "e", interrupt: () => "i", options: () => "o" };
    const words = again.map(({ message }) => word[message.case](message)).join("");
    return { resume, options, firstFrame, words: words.replace(/a+/g, (run) => `a${run.length}`), again };
  }
}

test("before any frame the same start again, and everything said again", () => {
  const stream = new Stream();
  stream.say("options", { speaker: "bert" });
  stream.speak(0.1);
  const { resume, options, words } = stream.opening;
  assert.deepEqual([resume, options.speaker, options.seed, words], [undefined, "anna", 0n, "oa5"]);
});

test("in mid-utterance", () => {
  const stream = new Stream();
  stream.frames(0, 30);
  stream.speak(0.5);
  assert.ok(stream.begin(0, 1));
  stream.frames(30, 10);
  const { resume, options, words, firstFrame } = stream.opening;
  assert.deepEqual([resume.firstFrame, resume.audioSeconds, resume.utterance, firstFrame], [40n, 1, 0, 40]);
  assert.equal(new Float32Array(resume.lastFrame.slice().buffer)[0], Math.fround(39 / 255));
  assert.deepEqual([options.seed, options.speaker, words], [7n, "anna", "a25"]);
  assert.equal(stream.begin(0, 1), undefined); // it was told already
});

test("an end answers the first end_of_utterance, and the next utterance is kept", () => {
  const stream = new Stream();
  stream.speak(0.2);
  stream.say("endOfUtterance");
  stream.speak(0.1);
  stream.say("endOfUtterance");
  stream.begin(0, 0);
  stream.frames(0, 8);
  stream.end(0, 6);
  let { resume, words } = stream.opening;
  assert.deepEqual([resume.utterance, resume.audioSeconds, words], [1, undefined, "a5e"]);
  stream.begin(1, 0.3);
  ({ resume, words } = stream.opening);
  assert.deepEqual([resume.utterance, resume.audioSeconds, words], [1, 0.3, "a5e"]);
  stream.end(1, 12);
  assert.deepEqual([stream.opening.resume.utterance, stream.opening.words], [2, ""]);
  assert.ok(stream.said.isQuiet);
});

test("an interrupted end answers for the end_of_utterance before it", () => {
  const stream = new Stream();
  stream.speak(0.2);
  stream.say("endOfUtterance");
  stream.say("interrupt");
  stream.speak(0.1);
  stream.begin(0, 0);
  stream.frames(0, 8);
  stream.end(0, 8, true);
  assert.equal(stream.opening.words, "a5");
});

test("the last end once more takes nothing that was said since", () => {
  const stream = new Stream();
  stream.say("endOfUtterance");
  stream.say("interrupt");
  stream.speak(0.1);
  stream.say("endOfUtterance");
  stream.frames(0, 30);
  stream.end(-1, 0);
  assert.equal(stream.opening.words, "a5e");
  stream.end(-1, 0);
  assert.equal(stream.opening.words, "a5e");
  stream.begin(0, 1);
  stream.end(0, 34);
  assert.equal(stream.opening.words, "");
});

test("closing ends the utterance", () => {
  const stream = new Stream();
  stream.speak(1);
  stream.begin(0, 0);
  stream.frames(0, 20);
  stream.said.closed = true;
  stream.end(0, 30);
  assert.equal(stream.opening.words, "");
});

test("options that were followed are the start's", () => {
  const stream = new Stream();
  stream.frames(0, 3);
  stream.say("options", { speaker: "bert", emotions: joy(0.5) });
  assert.equal(stream.opening.words, "o"); // it may be refused yet
  stream.speak(0.2);
  stream.say("options", { emotions: joy(1), partStrengths: {} });
  stream.speak(0.1);
  stream.begin(0, 0.1);
  let { options, words } = stream.opening;
  assert.deepEqual([options.speaker, options.emotions[0].strength, words], ["bert", 0.5, "a10oa5"]);
  stream.say("endOfUtterance");
  stream.end(0, 12);
  ({ options, words } = stream.opening);
  assert.deepEqual([options.speaker, options.emotions.map(({ strength }) => strength), words], ["bert", [1], ""]);
  stream.say("options", { emotions: {} });
  stream.frames(3, 31);
  ({ options, words } = stream.opening);
  assert.deepEqual([options.emotions, words], [[], ""]);
});

test("options with a time", () => {
  const stream = new Stream();
  stream.frames(0, 30);
  stream.say("options", { speaker: "bert", atSeconds: 0 });
  stream.say("options", { speaker: "carl", atSeconds: 9 });
  stream.speak(0.1);
  stream.begin(0, 0.9);
  stream.frames(30, 30);
  // The first counted from frame 30 on, within what is said again.
  let { options, again } = stream.opening;
  assert.deepEqual(again.slice(0, 2).map(({ message }) => message.value.atSeconds), [1, 9]);
  assert.equal(options.speaker, "anna");
  stream.say("endOfUtterance");
  stream.end(0, 60);
  ({ options, again } = stream.opening);
  assert.deepEqual(again.map(({ message }) => message.value.atSeconds), [9]);
  assert.equal(options.speaker, "bert");
});

test("what was refused is not said again", () => {
  const stream = new Stream();
  stream.frames(0, 3);
  const refused = [stream.say("options", { speaker: "nobody" }), stream.say("options", { speaker: "none", atSeconds: 5 })];
  stream.say("options", { speaker: "bert" });
  for (const entry of refused) assert.ok(stream.hear("refusal", {}, entry));
  stream.frames(3, 60);
  const { options, words } = stream.opening;
  assert.deepEqual([options.speaker, words], ["bert", ""]);
  assert.equal(stream.hear("refusal", {}, refused[0]), undefined);
});

test("of a long utterance the last twenty seconds", () => {
  const stream = new Stream();
  stream.speak(50, 1);
  stream.begin(0, 0);
  for (let frame = 0; frame < 45 * 30; frame += 30) stream.frames(frame, 30);
  const { resume, words } = stream.opening;
  assert.deepEqual([resume.audioSeconds, words], [25, "a25"]);
});

test("each frame once", () => {
  const stream = new Stream();
  stream.frames(0, 10);
  const { value } = stream.frames(5, 10);
  assert.deepEqual([value.firstFrame, value.frameCount, [...value.data]], [10n, 5, [10, 11, 12, 13, 14]]);
  assert.equal(stream.frames(3, 12), undefined);
  assert.throws(() => stream.frames(16, 1), { code: Code.DataLoss });
});

test("frames that an interrupt takes back", () => {
  const stream = new Stream();
  stream.speak(3);
  stream.begin(0, 0);
  stream.frames(0, 50);
  stream.say("interrupt", { playedSeconds: 1.2 });
  const { resume } = stream.opening; // its answer has not come
  assert.deepEqual([resume.firstFrame, resume.lastFrame.length], [36n, 4]);
  assert.equal(stream.frames(40, 10), undefined);
  stream.end(0, 36, true);
  assert.equal(new Float32Array(stream.opening.resume.lastFrame.slice().buffer)[0], Math.fround(35 / 255));
  assert.equal(stream.frames(36, 4).value.frameCount, 4);
});

test("echoed audio once", () => {
  const stream = new Stream();
  const echo = (startSeconds, seconds) => stream.hear("audio", { startSeconds, samples: new Uint8Array(2 * RATE * seconds) })?.value;
  assert.ok(echo(1, 0.5));
  assert.equal(echo(1, 0.25), undefined);
  const { startSeconds, samples } = echo(1.25, 0.5);
  assert.deepEqual([startSeconds, samples.length], [1.5, RATE / 2]);
});

test("when frames are due", () => {
  const stream = new Stream();
  assert.equal(stream.said.isDue(0.1), false);
  stream.speak(0.2);
  assert.equal(stream.said.isDue(0.1), false);
  stream.speak(0.1);
  assert.equal(stream.said.isDue(0.1), true);
  stream.begin(0, 0);
  stream.frames(0, 6);
  assert.equal(stream.said.isDue(0.1), false);
  stream.say("endOfUtterance");
  assert.equal(stream.said.isDue(0.1), true);
});

test("how long nothing may come", (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const lasts = (said, spare) => {
    const silence = new Silence(HEADER, spare);
    for (let waited = 0; waited < 10; waited += 0.05, now += 50) if (silence.isTooLong(said)) return waited;
    return Infinity;
  };
  const near = (a, b) => assert.ok(Math.abs(a - b) < 0.11, `${a}, expected ${b}`);
  const stream = new Stream();
  near(lasts(stream.said), 2);
  stream.speak(1);
  near(lasts(stream.said), 1.13);
  near(lasts(stream.said, 3), 4.13);
  stream.begin(0, 0);
  stream.frames(0, 27);
  assert.equal(lasts(stream.said), Infinity); // the caller says nothing
  const silence = new Silence(HEADER);
  for (let i = 0; i < 100; i++, now += 50) assert.equal(silence.isTooLong(stream.said), false);
  stream.speak(0.5); // only from now on
  assert.equal(silence.isTooLong(stream.said), false);
  now += 60_000; // the page stood still
  assert.equal(silence.isTooLong(stream.said), false);
});

test("which errors are a loss", () => {
  const answer = (code) => new ConnectError("no", code, { "x-request-id": "1" });
  const cut = (code, text = "cut") => new ConnectError(text, code);
  for (const error of [cut(Code.Unavailable), answer(Code.Unavailable), cut(Code.Canceled), cut(Code.DataLoss), cut(Code.Internal), cut(Code.Unknown), cut(Code.InvalidArgument, "protocol error: incomplete envelope")])
    assert.ok(isLost(error), error.message);
  for (const code of [Code.InvalidArgument, Code.Unauthenticated, Code.FailedPrecondition, Code.NotFound, Code.Internal, Code.DeadlineExceeded, Code.ResourceExhausted])
    assert.ok(!isLost(answer(code)), Code[code]);
  assert.ok(isFinal(answer(Code.InvalidArgument)) && isFinal(answer(Code.Unauthenticated)));
  assert.ok(!isFinal(answer(Code.ResourceExhausted)) && !isFinal(answer(Code.NotFound)));
  assert.deepEqual([0, 1, 2, 3, 4, 6, 8, 10, 40].map((attempt) => pauseBefore(attempt, 2)), [0, 0, 100, 0, 200, 400, 800, 1000, 1000]);
});

const text = (...starts) => ({ alphabet: Alphabet.IPA, symbols: starts.map((startSeconds) => ({ symbol: "a", startSeconds })) });
const startsIn = (again) => again.map(({ message }) => message.value.timedText?.symbols.map(({ startSeconds }) => startSeconds) ?? message.value.samples.length / 2 / RATE);

test("text is said again with its audio", () => {
  const stream = new Stream();
  stream.say("audio", { timedText: text(0.5) });
  stream.say("audio", { samples: new Uint8Array(2 * RATE), timedText: text(0, 0.9) });
  stream.speak(1);
  stream.begin(0, 4);
  stream.frames(0, 100);
  const { resume, again } = stream.opening;
  assert.deepEqual(startsIn(again), [[0.5], [0, 0.9], 1, 1]);
  assert.equal(resume.utteranceSeconds, 4);
});

test("text outlives audio that is too old, and its times count from the utterance's beginning", () => {
  const stream = new Stream();
  stream.say("audio", { timedText: text(0, 33) });
  stream.speak(35, 1);
  stream.begin(3, 0);
  for (let first = 0; first < 30 * 32; first += 120) stream.frames(first, 120);
  const { resume, again } = stream.opening;
  assert.deepEqual(startsIn(again)[0], [0, 33]);
  assert.equal(resume.utteranceSeconds, 0);
  assert.ok(resume.audioSeconds >= 11);
  stream.end(3, 960);
  stream.begin(4, 40);
  assert.ok(startsIn(stream.opening.again).every((one) => typeof one === "number"));
});

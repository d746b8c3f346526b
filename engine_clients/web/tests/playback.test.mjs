// Frames whose one curve is their own time, so that a pose tells when it is from.
import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";

import { ChannelEncoding, ChannelKind, FrameBlockSchema, MotionHeaderSchema, Playback, UtteranceEndSchema } from "../dist/index.js";

const FPS = 30;
const TICK = 1 / 60;
const CHANNEL = { kind: ChannelKind.CURVES, width: 1, encoding: ChannelEncoding.FLOAT32 };
const HEADER = create(MotionHeaderSchema, { fps: FPS, curveNames: ["time"], channels: [CHANNEL], bytesPerFrame: 4 });

class Stream {
  next = 0;
  constructor(options) {
    this.playback = new Playback(HEADER, options);
  }
  push(count, weight = (frame) => frame / FPS) {
    const data = new Float32Array(Array.from({ length: count }, (_, i) => weight(this.next + i)));
    const block = { firstFrame: BigInt(this.next), frameCount: count, data: new Uint8Array(data.buffer) };
    this.playback.feed({ case: "frames", value: create(FrameBlockSchema, block) });
    this.next += count;
  }
  interrupted(endFrame) {
    this.playback.feed({ case: "utteranceEnd", value: create(UtteranceEndSchema, { endFrame: BigInt(endFrame), interrupted: true }) });
  }
  advance(seconds) {
    for (let done = 0; done < seconds - 1e-9; done += TICK) this.playback.advance(TICK);
  }
  get shown() {
    return this.playback.pose[0];
  }
}

const near = (a, b, by = 1e-5) => assert.ok(Math.abs(a - b) <= by, `${a}, expected ${b}`);

test("waits for its delay, and any tick rate shows the same", () => {
  const stream = new Stream({ delay: 0.1 });
  assert.equal(stream.playback.advance(TICK), false);
  stream.push(3);
  assert.equal(stream.playback.advance(TICK), false);
  stream.push(57);
  assert.equal(stream.playback.advance(TICK), true);
  for (let i = 1; i < 100; i++) {
    stream.playback.advance(1 / 144);
    near(stream.shown, i / 144);
  }
});

test("hold leaves nothing out", () => {
  const stream = new Stream({ late: "hold", delay: 0.1 });
  stream.push(10);
  stream.advance(0.5);
  near(stream.shown, 0.3);
  assert.equal(stream.playback.stalled, true);
  stream.push(10);
  stream.advance(2 * TICK);
  near(stream.shown, 0.3 + TICK);
});

test("drop goes on with the clock, and follows another", () => {
  const stream = new Stream({ late: "drop", delay: 0.1 });
  stream.push(10);
  stream.advance(0.5);
  near(stream.shown, 0.3);
  stream.push(20);
  stream.advance(0.3);
  near(stream.shown, stream.playback.time);
  near(stream.playback.time, 0.8, 0.02);
  assert.equal(stream.playback.underruns, 1);

  const other = new Stream({ late: "drop", delay: 0.1 });
  other.push(6);
  for (let time = 0, made = 6 / FPS; time < 300; time += TICK) {
    for (made += TICK * 1.001; made >= (other.next + 1) / FPS; ) other.push(1);
    other.playback.advance(TICK);
  }
  assert.ok(other.playback.buffered < 0.2 && other.playback.buffered > 0.05);
  assert.equal(other.playback.underruns, 0);
});

test("a stream that has gone on goes on where it was", () => {
  for (const late of ["hold", "drop"]) {
    const stream = new Stream({ late, delay: 0.1 });
    stream.push(30);
    stream.advance(3); // nothing comes for two of them
    stream.playback.feed({ case: "goneOn", value: { address: "", firstFrame: 30n, lostSeconds: 2 } });
    near(stream.shown, 29 / FPS);
    for (let i = 0; i < 30; i++) {
      stream.push(1);
      const before = stream.shown;
      stream.advance(2 * TICK);
      assert.ok(stream.shown >= before && stream.shown - before < 2.1 * TICK);
    }
    near(stream.shown, 59 / FPS - 0.1, 0.04);
  }
});

test("an interrupt skips what was sent ahead, softly", () => {
  const stream = new Stream({ delay: 0.1 });
  stream.push(300);
  stream.advance(1);
  stream.interrupted(300);
  stream.push(30);
  let last = stream.shown;
  for (let i = 0; i < 18; i++) {
    stream.playback.advance(TICK);
    assert.ok(stream.shown >= last && stream.shown - last < 1.6);
    last = stream.shown;
  }
  near(stream.shown, stream.playback.time, 1e-4);
  assert.ok(stream.playback.time > 10);
});

test("frames that come again take the place of those that were not shown", () => {
  const stream = new Stream({ delay: 0.1 });
  stream.push(60);
  stream.advance(1);
  const { time } = stream.playback;
  const start = Math.ceil(time * FPS);
  stream.next = start;
  stream.push(24, (frame) => (start + (frame - start) / 2) / FPS); // half as fast
  stream.interrupted(start);
  for (let last = stream.shown, i = 0; i < 30; i++) {
    stream.playback.advance(TICK);
    assert.ok(stream.shown >= last - 1e-6 && stream.shown - last < 1.5 * TICK, "not a jump");
    last = stream.shown;
  }
  near(stream.playback.time, time + 30 * TICK);
  near(stream.shown, start / FPS + (stream.playback.time - start / FPS) / 2);
});

test("frames that come again where the page is already are gone over to", () => {
  for (const late of ["hold", "drop"]) {
    const stream = new Stream({ delay: 0.1, late });
    stream.push(60);
    stream.advance(1.5);
    const { time } = stream.playback;
    stream.next = 30; // told 1 s, and meanwhile the page went on
    stream.push(18, () => 0);
    stream.interrupted(30);
    stream.push(60, () => 0);
    for (let last = stream.shown, i = 0; i < 30; i++) {
      stream.playback.advance(TICK);
      assert.ok(stream.shown <= last && last - stream.shown < 0.25, `from ${last} to ${stream.shown}`);
      last = stream.shown;
    }
    near(stream.shown, 0);
    near(stream.playback.time, time + 30 * TICK, 0.02);
  }
});

test("the clock does not go back to frames that end before it", () => {
  const stream = new Stream({ delay: 0.1 });
  stream.push(60);
  stream.advance(1.5);
  const { time } = stream.playback;
  stream.next = 30;
  stream.push(3, () => 0);
  stream.advance(0.5);
  near(stream.playback.time, time);
  near(stream.shown, 0);
  stream.push(60, () => 0);
  stream.advance(0.5);
  near(stream.playback.time, time + 0.5, 0.05);
});

// Frames whose one curve is their own time, so that a pose tells when it is from.
import assert from "node:assert/strict";
import { test } from "node:test";

import { create } from "@bufbuild/protobuf";

import { FrameBlockSchema, MotionHeaderSchema, Playback, UtteranceEndSchema } from "../dist/index.js";

const FPS = 30;
const TICK = 1 / 60;
const HEADER = create(MotionHeaderSchema, { fps: FPS, curveNames: ["time"], floatsPerFrame: 1 });

class Stream {
  next = 0;
  constructor(options) {
    this.playback = new Playback(HEADER, options);
  }
  push(count) {
    const data = new Float32Array(Array.from({ length: count }, (_, i) => (this.next + i) / FPS));
    this.playback.feed({ case: "frames", value: create(FrameBlockSchema, { frameCount: count, data: new Uint8Array(data.buffer) }) });
    this.next += count;
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

test("an interrupt skips what was sent ahead, softly", () => {
  const stream = new Stream({ delay: 0.1 });
  stream.push(300);
  stream.advance(1);
  stream.playback.feed({ case: "utteranceEnd", value: create(UtteranceEndSchema, { endFrame: 300n, interrupted: true }) });
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

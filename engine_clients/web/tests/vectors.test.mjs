// The same bytes mean the same to all clients: tests/vectors of the project.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";

import {
  FrameLayout, GenerateMotionRequestSchema, Playback, StreamMotionRequestSchema, StreamMotionResponseSchema, framesOf, poseAt, statusError,
} from "../dist/index.js";

const VECTORS = new URL("../../../tests/vectors/", import.meta.url);
const bytes = (name) => new Uint8Array(fs.readFileSync(new URL(name, VECTORS)));
const json = (name) => JSON.parse(fs.readFileSync(new URL(name, VECTORS), "utf8"));

function messages(name) {
  const reader = new BinaryReader(bytes(name));
  const found = [];
  while (reader.pos < reader.len) found.push(reader.bytes());
  return found;
}

const responses = () => messages("stream_responses.bin").map((data) => fromBinary(StreamMotionResponseSchema, data).message);

function clip() {
  const all = responses();
  const layout = new FrameLayout(all[0].value);
  const data = all.filter(({ case: kind }) => kind === "frames").flatMap(({ value }) => [...framesOf(value, layout)]);
  return { header: all[0].value, layout, frameCount: data.length / layout.floats, data: new Float32Array(data), summary: undefined };
}

test("requests survive a round trip", () => {
  const request = fromBinary(GenerateMotionRequestSchema, bytes("generate_request.bin"));
  assert.equal(request.options.seed, 9223372036854775813n);
  assert.deepEqual(request.options.targetSkeleton, { case: "skeleton", value: "ue5_manny" });
  assert.equal(request.options.curveAdjustments[0].gain, 0);
  assert.equal(request.options.curveAdjustments[0].minimum, undefined);
  assert.deepEqual(toBinary(GenerateMotionRequestSchema, request), bytes("generate_request.bin"));
  for (const data of messages("stream_requests.bin"))
    assert.deepEqual(toBinary(StreamMotionRequestSchema, fromBinary(StreamMotionRequestSchema, data)), data);
});

test("frames are the numbers", () => {
  const { header, data, frameCount } = clip();
  const expected = json("frames.json");
  assert.equal(frameCount, 12);
  assert.deepEqual([...data], expected.frames.flat());
  assert.deepEqual(header.skeleton.joints.map(({ name }) => name), expected.joint_names);
  assert.equal(header.lookAhead.seconds, 1n);
  const [, , , , end, audio] = responses();
  assert.equal(end.value.interrupted, true);
  assert.deepEqual([...audio.value.samples], [0, 255, 128, 127]);
});

test("poses between frames", () => {
  const motion = clip();
  const { times, poses } = json("samples.json");
  times.forEach((time, index) => {
    const playback = new Playback(motion.header, { delay: 0 });
    for (const event of responses()) if (event.case === "frames") playback.feed(event);
    playback.advance(0);
    playback.advance(Math.max(time, 0));
    for (const pose of [poseAt(motion, time), playback.pose]) {
      const expected = [...poses[index]];
      for (let at = motion.layout.rotations; at < motion.layout.weights; at += 4) {
        // A quaternion and its negative are one rotation.
        const dot = [0, 1, 2, 3].reduce((sum, i) => sum + expected[at + i] * pose[at + i], 0);
        if (dot < 0) for (let i = 0; i < 4; i++) expected[at + i] *= -1;
      }
      expected.forEach((number, i) => assert.ok(Math.abs(number - pose[i]) < 2e-6, `${time} s, ${i}: ${pose[i]}, expected ${number}`));
    }
  });
});

test("what does not fit is refused", () => {
  const [header, block] = responses();
  const layout = new FrameLayout(header.value);
  assert.throws(() => framesOf({ ...block.value, frameCount: 4 }, layout), RangeError);
  assert.throws(() => new FrameLayout({ ...header.value, floatsPerFrame: 16 }), RangeError);
});

test("statuses over WebSockets", () => {
  const expected = json("status.json");
  const error = statusError(expected.code, expected.text);
  assert.equal(error.code, expected.code);
  assert.equal(error.rawMessage, expected.message);
  assert.equal(error.metadata.get("x-request-id"), expected.request_id);
});

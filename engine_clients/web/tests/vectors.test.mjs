// The same bytes mean the same to all clients: tests/vectors of the project.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";

import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryReader } from "@bufbuild/protobuf/wire";

import {
  ChannelEncoding, ChannelKind, ErrorReason, FrameLayout, GenerateMotionRequestSchema, Playback, StreamMotionRequestSchema, StreamMotionResponseSchema, framesOf, poseAt, statusError,
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

const responses = (name = "stream_responses.bin") => messages(name).map((data) => fromBinary(StreamMotionResponseSchema, data).message);

function clip(name) {
  const all = responses(name);
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
  assert.equal(header.lookAheadSeconds, 1.5);
  assert.deepEqual(header.labels, { character: "Käthe" });
  const [, first, , last, end, refusal, audio] = responses();
  assert.deepEqual([first.value.idle, last.value.idle], [false, true]);
  assert.equal(end.value.interrupted, true);
  assert.equal(ErrorReason[refusal.value.reason], "UNKNOWN_NAME");
  assert.equal(refusal.value.field, "options.emotions");
  assert.equal(audio.value.startSeconds, 2.000000001);
  assert.deepEqual([...audio.value.samples], [0, 255, 128, 127]);
});

test("compact frames are nearly the numbers", () => {
  const { layout, data } = clip("compact_responses.bin");
  json("frames.json").frames.forEach((expected, frame) => {
    const pose = data.subarray(frame * layout.floats, (frame + 1) * layout.floats);
    for (let i = 0; i < 3; i++) assert.equal(pose[i], expected[i]);
    for (let at = layout.rotations; at < layout.weights; at += 4) {
      const [a, b] = [pose, expected].map((numbers) => [...numbers.slice(at, at + 4)]);
      const sign = a.reduce((sum, number, i) => sum + number * b[i], 0) < 0 ? -1 : 1;
      // From the chord, which is exact for small angles; the cosine is not.
      const degrees = (4 * Math.asin(Math.hypot(...a.map((number, i) => number - sign * b[i])) / 2) * 180) / Math.PI;
      assert.ok(degrees < 0.02, `frame ${frame}: ${degrees} degrees`);
    }
    for (let at = layout.weights; at < layout.floats; at++) assert.ok(Math.abs(pose[at] - expected[at]) < 0.002);
  });
});

test("16-bit floats, in whatever order channels come", () => {
  const numbers = new Map([[0x3c00, 1], [0xc000, -2], [0x0001, 2 ** -24], [0x7bff, 65504], [0x3555, 0.333251953125], [0x8000, -0]]);
  const curves = { kind: ChannelKind.CURVES, name: "curves", width: 6, offset: 4, encoding: ChannelEncoding.FLOAT16, joints: [] };
  const some = { ...curves, offset: 0, width: 2, joints: [1, 2] };
  const layout = new FrameLayout({ ...responses()[0].value, skeleton: undefined, curveNames: [..."abcdef"], channels: [some, curves], bytesPerFrame: 16 });
  const data = new Uint8Array(new Uint16Array([9, 9, ...numbers.keys()]).buffer);
  assert.deepEqual([...framesOf({ data, frameCount: 1 }, layout)], [...numbers.values()]);

  const { header, data: expected } = clip();
  const turned = { ...header, channels: header.channels.slice().reverse() };
  const [, block] = responses();
  assert.deepEqual([...framesOf(block.value, new FrameLayout(turned))], [...expected.subarray(0, 5 * 17)]);
});

test("joints without a channel rest", () => {
  const joint = (name, more) => ({ name, restTranslation: { x: 1, y: 2, z: 3 }, ...more });
  const turn = { x: 0, y: 0.6, z: 0, w: 0.8 };
  const skeleton = { joints: [joint("root"), joint("head", { parent: 0, restRotation: turn }), joint("jaw", { parent: 1, restRotation: { x: 0, y: 0, z: 0, w: 0 } })] };
  const curves = { kind: ChannelKind.CURVES, name: "curves", width: 1, offset: 0, encoding: ChannelEncoding.UNORM8, joints: [] };
  const layout = new FrameLayout({ ...responses()[0].value, skeleton, curveNames: ["jawOpen"], channels: [curves], bytesPerFrame: 1 });
  const frame = [1, 2, 3, 0, 0, 0, 1, 0, 0.6, 0, 0.8, 0, 0, 0, 1].map(Math.fround);
  assert.deepEqual([...framesOf({ data: new Uint8Array([0, 255]), frameCount: 2 }, layout)], [...frame, 0, ...frame, 1]);
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
  const changed = (change) => () => new FrameLayout({ ...header.value, channels: header.value.channels.map((one) => ({ ...one, ...change(one) })) });
  const ofCurves = (change) => changed(({ kind }) => (kind === ChannelKind.CURVES ? change : {}));
  assert.throws(ofCurves({ encoding: 77 }), /^RangeError: the channel curves has encoding 77, which this client does not know$/);
  assert.throws(ofCurves({ width: 3 }), /the channel curves has 3 numbers a frame, the header's joints and curves make 2/);
  assert.throws(ofCurves({ offset: 70 }), /the channel curves ends at byte 78 of a frame of 72 bytes/);
  assert.throws(ofCurves({ kind: 98 }), /the header names 2 curves and has no channel of them/);
  changed(({ kind }) => (kind === 99 ? { encoding: 77 } : {}))(); // of a channel that nobody reads
});

test("statuses over WebSockets", () => {
  const expected = json("status.json");
  const error = statusError(expected.code, expected.text);
  assert.equal(error.code, expected.code);
  assert.equal(error.rawMessage, expected.message);
  assert.equal(error.metadata.get("x-request-id"), expected.request_id);
});

// Against a real server, over gRPC and over WebSockets; tests/clients/test_web.py starts it.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";

import { Code, ConnectError } from "@connectrpc/connect";
import WebSocket from "ws";

import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { Alphabet, Client, ErrorReason, FrameEncoding, PcmEncoding, framesOf, httpTransport, webSocketTransport } from "../dist/index.js";
import { grpcTransport } from "../dist/node.js";

const { PANTOMATRIX_TEST_GRPC: grpc, PANTOMATRIX_TEST_WEBSOCKET: websocket, PANTOMATRIX_TEST_WEB: web, PANTOMATRIX_TEST_TOKENS: tokens } = process.env;
const SPEECH = new Uint8Array(fs.readFileSync(new URL("../../../tests/data/audio/hu03_speech_m.wav", import.meta.url)));
const SMPLX = { targetSkeleton: { case: "skeleton", value: "smplx" } };
const FORMAT = { encoding: PcmEncoding.S16LE, sampleRateHz: 16000 };
const samples = (seconds) => new Int16Array(SPEECH.slice(44, 44 + 32000 * seconds).buffer);

const transports = {
  gRPC: () => grpcTransport({ baseUrl: `http://${grpc}` }),
  WebSocket: () => webSocketTransport({ baseUrl: `ws://${websocket}`, WebSocket }),
  Connect: () => httpTransport({ baseUrl: `http://${web}` }),
  "gRPC-Web": () => createGrpcWebTransport({ baseUrl: `http://${web}` }),
};
/** Browsers have no requests that stream, and these transports are theirs. */
const LIVE = ["gRPC", "WebSocket"];

for (const [name, transport] of Object.entries(transports)) {
  describe(`over ${name}`, { skip: !grpc && "no server" }, () => {
    test("catalog", async () => {
      const catalog = await new Client(transport()).catalog();
      assert.equal(catalog.models[0].name, "builtin");
    });

    test("a clip", async () => {
      const told = [];
      const motion = await new Client(transport()).generate(SPEECH, SMPLX, { onProgress: (progress) => told.push(progress) });
      assert.equal(motion.frameCount, 330);
      assert.equal(motion.layout.joints, 55);
      assert.equal(motion.data.length, 330 * motion.layout.floats);
      assert.equal(told.at(-1), 1);
      const jaw = motion.layout.weights + motion.header.curveNames.indexOf("jawOpen");
      const open = Array.from({ length: 330 }, (_, frame) => motion.data[frame * motion.layout.floats + jaw]);
      assert.ok(Math.max(...open) > 0.2);
    });

    test("compact frames are a third of the bytes, and labels come back", async () => {
      const client = new Client(transport());
      const [exact, compact] = [
        await client.generate(SPEECH, SMPLX),
        await client.generate(SPEECH, SMPLX, { frameEncoding: FrameEncoding.COMPACT, labels: { character: "Käthe" } }),
      ];
      assert.deepEqual(compact.header.labels, { character: "Käthe" });
      assert.ok(compact.layout.bytesPerFrame < 0.4 * exact.layout.bytesPerFrame);
      const { weights, floats } = exact.layout;
      exact.data.forEach((number, i) => {
        if (i % floats < 3) assert.equal(compact.data[i], number);
        if (i % floats >= weights) assert.ok(Math.abs(compact.data[i] - number) < 0.002);
      });
    });

    if (LIVE.includes(name)) test("a live stream gives the frames of the clip", async () => {
      const client = new Client(transport());
      const pcm = { audio: { source: { case: "pcm", value: { format: FORMAT, samples: new Uint8Array(samples(3).buffer) } } }, options: SMPLX };
      const whole = [];
      for await (const { message } of client.motion.generateMotion(pcm)) if (message.case === "frames") whole.push(...message.value.data);
      const live = await client.live(FORMAT, SMPLX, { lookAheadSeconds: 0.5, echoAudio: true });
      for (let at = 0; at < 48000; at += 320) live.push(samples(3).subarray(at, at + 320));
      live.close();
      const come = [];
      let echoed = 0;
      for await (const event of live) {
        if (event.case === "frames") come.push(...event.value.data);
        if (event.case === "audio") echoed += event.value.samples.length;
      }
      assert.equal(echoed, 96000);
      assert.equal(come.length, whole.length);
      const [a, b] = [come, whole].map((data) => new Float32Array(new Uint8Array(data).buffer));
      a.forEach((number, i) => assert.ok(Math.abs(number - b[i]) < 1e-4));
    });

    if (LIVE.includes(name)) test("utterances, interrupts, and leaving in mid-sentence", async () => {
      const live = await new Client(transport()).live(FORMAT, SMPLX);
      const events = live[Symbol.asyncIterator]();
      const until = async (wanted) => {
        for (let next = await events.next(); ; next = await events.next()) if (wanted(next.value)) return next.value.value;
      };
      const end = () => until((event) => event.case === "utteranceEnd");
      live.push(samples(1));
      live.endUtterance();
      assert.deepEqual([(await end()).interrupted], [false]);
      live.push(samples(1));
      await until((event) => event.case === "frames" && !event.value.idle);
      live.interrupt();
      assert.equal((await end()).interrupted, true);
      live.interrupt();
      assert.equal((await end()).utterance, 1);
      live.cancel();
      await assert.rejects(events.next(), { code: Code.Canceled });
    });

    if (LIVE.includes(name)) test("lips follow timed text, and what cannot be followed is told", async () => {
      const client = new Client(transport());
      const rounded = { alphabet: Alphabet.IPA, symbols: [{ symbol: "u", startSeconds: 1, endSeconds: 3 }] };
      const funnel = (motion, frame) => motion.data[frame * motion.layout.floats + motion.layout.weights + motion.header.curveNames.indexOf("mouthFunnel")];
      assert.ok(funnel(await client.generate(SPEECH, { ...SMPLX, timedText: rounded }), 75) > 0.3);
      const live = await client.live(FORMAT, SMPLX, { maxAheadSeconds: 0 });
      live.push(samples(0), rounded);
      live.push(samples(3), { alphabet: Alphabet.ARPABET, symbols: [{ symbol: "QQ" }] });
      live.close();
      const [data, refused] = [[], []];
      for await (const event of live) {
        if (event.case === "frames") data.push(...framesOf(event.value, live.layout));
        if (event.case === "refusal") refused.push(event.value.field);
      }
      assert.ok(funnel({ data, layout: live.layout, header: live.header }, 75) > 0.3);
      assert.deepEqual(refused, ["audio.timed_text.symbols"]);
    });

    if (LIVE.includes(name)) test("an interrupt that says what was played takes the rest back, and what cannot be done is told", async () => {
      const live = await new Client(transport()).live(FORMAT, SMPLX, { maxAheadSeconds: 0, frameEncoding: FrameEncoding.COMPACT });
      const jaw = live.layout.weights + live.header.curveNames.indexOf("jawOpen");
      const open = []; // by frame; what comes again takes the place of what was there
      const events = live[Symbol.asyncIterator]();
      const until = async (kind) => {
        for (let event = (await events.next()).value; ; event = (await events.next()).value) {
          if (event.case === "frames") {
            const first = Number(event.value.firstFrame);
            assert.ok(first <= open.length);
            const data = framesOf(event.value, live.layout);
            open.length = first;
            for (let at = jaw; at < data.length; at += live.layout.floats) open.push([data[at], event.value.idle]);
          }
          if (event.case === kind) return event.value;
        }
      };
      live.change({ emotions: { entries: [{ emotion: "joi", strength: 1 }] } });
      const refusal = await until("refusal");
      assert.deepEqual([ErrorReason[refusal.reason], refusal.field], ["UNKNOWN_NAME", "options.emotions"]);
      live.push(samples(3));
      while (open.length < 80) await until("frames");
      assert.ok(Math.max(...open.slice(45).map(([weight]) => weight)) > 0.1);
      live.interrupt(1.2);
      const end = await until("utteranceEnd");
      assert.deepEqual([end.endFrame, end.interrupted], [36n, true]);
      live.close();
      await until("summary");
      assert.ok(open.length > 80);
      assert.ok(open.slice(38).every(([weight, idle]) => weight < 0.01 && idle));
      assert.ok(!open[35][1]);
    });

    test("errors", async () => {
      const client = new Client(transport());
      await assert.rejects(client.generate(SPEECH, { model: "emagee" }), (error) => {
        assert.equal(error.code, Code.NotFound);
        assert.match(error.rawMessage, /unknown model 'emagee'/);
        if (LIVE.includes(name)) assert.ok(error.metadata.get("x-request-id").length > 7);
        else assert.equal(error.details[0].type, "google.rpc.ErrorInfo");
        return true;
      });
      await assert.rejects(client.generate(new Uint8Array([1, 2])), { code: Code.InvalidArgument });
      if (LIVE.includes(name)) await assert.rejects(client.live({ ...FORMAT, sampleRateHz: 1 }), { code: Code.InvalidArgument });
      await assert.rejects(client.generate(SPEECH, {}, { timeoutMs: 1 }), { code: Code.DeadlineExceeded });
    });
  });
}

test("after the summary the client closes the connection", { skip: !grpc && "no server" }, async () => {
  let closed = 0;
  class Told extends WebSocket {
    close(...words) {
      closed++;
      super.close(...words);
    }
  }
  const live = await new Client(webSocketTransport({ baseUrl: `ws://${websocket}`, WebSocket: Told })).live(FORMAT, SMPLX);
  live.push(samples(1));
  live.close();
  for await (const event of live) assert.equal(closed, event.case === "summary" ? 1 : 0);
  assert.equal(closed, 1);
});

test("nobody there", async () => {
  for (const transport of [
    grpcTransport({ baseUrl: "http://127.0.0.1:1" }), httpTransport({ baseUrl: "http://127.0.0.1:1" }), webSocketTransport({ baseUrl: "ws://127.0.0.1:1", WebSocket }),
  ])
    await assert.rejects(new Client(transport).catalog(), ConnectError);
});

test("tokens", { skip: !tokens && "no server with tokens" }, async () => {
  const [grpcAddress, websocketAddress, webAddress, token] = tokens.split(" ");
  for (const make of [
    (more) => grpcTransport({ baseUrl: `http://${grpcAddress}`, ...more }),
    (more) => webSocketTransport({ baseUrl: `ws://${websocketAddress}`, WebSocket, ...more }),
    (more) => httpTransport({ baseUrl: `http://${webAddress}`, ...more }),
  ]) {
    await assert.rejects(new Client(make({})).catalog(), { code: Code.Unauthenticated });
    assert.equal((await new Client(make({ token })).catalog()).models[0].name, "builtin");
  }
});

import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import type { ServerTransport } from "./addresses.js";
import { LiveCall } from "./call.js";
import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import { StreamMotionRequestSchema, StreamStartSchema } from "./generated/pantomatrix/v1/motion_pb.js";
import type { Move, StreamMotionResponse, StreamOptionsSchema } from "./generated/pantomatrix/v1/motion_pb.js";
import type { TimedTextSchema } from "./generated/pantomatrix/v1/options_pb.js";
import { ATTEMPT_MS, GIVE_UP_MS, isFinal, isLost, pause, pauseBefore } from "./lost.js";
import { FrameLayout } from "./motion.js";
import { Said } from "./said.js";
import { Silence } from "./silence.js";

/** The stream has gone on, at another server or over another connection. */
export interface GoneOn {
  /** Where. */
  address: string;
  /** Index of the next frame. */
  firstFrame: bigint;
  /** How long nothing came; 0 where the server told the stream to move. */
  lostSeconds: number;
}

export type LiveEvent = StreamMotionResponse["message"] | { case: "goneOn"; value: GoneOn };

const CHECK_MS = 50;
const STAYS_MS = 5000;
/** Of real time: so fast a server computes what is said again. */
const AGAIN_SHARE = 0.25;

/** From the loss until frames come again. Times as performance.now() gives them. */
interface Outage {
  error: ConnectError;
  beganAt: number;
  quietFrom: number;
  /** Which address was lost. */
  from: number;
  attempt: number;
}

/**
 * An open StreamMotion. Iterate over what comes: frames, beginnings and ends of utterances, refusals, echoed audio, a summary. Where
 * its server, its connection or its network is lost it continues by itself: frames come in order, without gaps and once.
 */
export class LiveStream implements AsyncIterable<LiveEvent> {
  readonly layout: FrameLayout;
  private readonly events: LiveEvent[] = [];
  private readonly ended = new AbortController();
  private readonly moving = new AbortController();
  /** All that hear what is said. */
  private readonly calls: Set<LiveCall>;
  private cameAt = performance.now();
  private movedAt = -Infinity;
  private outage: Outage | undefined;

  private constructor(
    readonly header: MotionHeader,
    private readonly servers: ServerTransport,
    private readonly said: Said,
    private call: LiveCall,
  ) {
    this.layout = new FrameLayout(header);
    this.calls = new Set([call]);
    said.begin(header, this.layout);
  }

  /** At the first of the servers that takes it. */
  static async open(servers: ServerTransport, start: MessageInitShape<typeof StreamStartSchema>): Promise<LiveStream> {
    const said = new Said(create(StreamStartSchema, start));
    for (const [at, address] of servers.addresses.entries()) {
      const isLast = at === servers.addresses.length - 1;
      const call = new LiveCall(servers, address, said.opening());
      try {
        return new LiveStream(await call.header(isLast ? undefined : ATTEMPT_MS), servers, said, call);
      } catch (error) {
        call.end(); // frames of such a header cannot be read
        if (isLast || !(error instanceof ConnectError) || isFinal(error)) throw error;
      }
    }
    throw new RangeError("no address");
  }

  /**
   * Speak: interleaved samples in the stream's format. timedText: what is said in them or in what follows, as far as it is known,
   * in seconds since the utterance began; it has most effect where it comes with its sound or earlier, with no samples too.
   */
  push(samples: Int16Array | Float32Array, timedText?: MessageInitShape<typeof TimedTextSchema>): void {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    this.say({ case: "audio", value: { samples: bytes.slice(), timedText } });
  }

  /** The sentence is over: its frames come, the mouth closes. */
  endUtterance(): void {
    this.say({ case: "endOfUtterance", value: {} });
  }

  /**
   * Stop talking at once: speech that was pushed and not played is dropped. playedSeconds: what the listener has seen, as
   * Playback.time says it; what was sent beyond it comes again with the mouth shut. Without it all that was sent counts as seen.
   */
  interrupt(playedSeconds?: number): void {
    this.say({ case: "interrupt", value: playedSeconds === undefined ? {} : { playedSeconds } });
  }

  /**
   * What is given changes, in mid-sentence too, and the rest stays. atSeconds: when, on the stream's clock; at once without.
   * Where it cannot be done a refusal comes, and the stream continues.
   */
  change(options: MessageInitShape<typeof StreamOptionsSchema>): void {
    this.say({ case: "options", value: options });
  }

  /** Nothing more will be said; what is due still comes. */
  close(): void {
    this.said.closed = true;
    this.moving.abort();
    for (const call of this.calls) call.closeSide();
  }

  /** Ends the call now. */
  cancel(): void {
    this.said.closed = true;
    this.finish();
    for (const call of this.calls) call.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent> {
    for (let next = await this.next(); next; next = await this.next()) yield next;
  }

  private say(message: NonNullable<MessageInitShape<typeof StreamMotionRequestSchema>["message"]>): void {
    if (this.said.closed) return;
    const entry = this.said.say(create(StreamMotionRequestSchema, { message }).message);
    for (const call of this.calls) call.say(entry);
  }

  private finish(): void {
    this.ended.abort();
    this.moving.abort();
  }

  private drop(call: LiveCall): void {
    this.calls.delete(call);
    call.end();
  }

  private async next(): Promise<LiveEvent | undefined> {
    while (!this.events.length) {
      const { call } = this;
      if (this.ended.signal.aborted && !this.calls.has(call)) return undefined;
      try {
        const message = await this.coming(call);
        if (call !== this.call) continue; // it has moved
        call.took();
        if (!message) throw new ConnectError("the stream ended before its summary", Code.DataLoss);
        this.take(message, call);
      } catch (error) {
        if (call !== this.call) continue;
        await this.lost(error);
      }
    }
    return this.events.shift();
  }

  /** The next message. Rejects where nothing comes for too long. */
  private coming(call: LiveCall): Promise<StreamMotionResponse["message"] | undefined> {
    return new Promise((resolve, reject) => {
      const silence = new Silence(this.header, this.spareSeconds(call));
      const check = () => {
        if (silence.isTooLong(this.said)) done(() => reject(new ConnectError(`nothing came from ${call.address}`, Code.Unavailable)));
        else if (call !== this.call) done(() => resolve(undefined));
      };
      const timer = setInterval(check, CHECK_MS);
      const done = (settle: () => void) => {
        clearInterval(timer);
        settle();
      };
      call.next().then((message) => done(() => resolve(message)), (error) => done(() => reject(error)));
    });
  }

  /** Until frames come again: what is said again is computed again, and where that was too slow it is waited for longer. */
  private spareSeconds(call: LiveCall): number {
    return this.outage ? call.opening.audioSeconds * Math.min(1, AGAIN_SHARE * this.outage.attempt) : 0;
  }

  private take(message: StreamMotionResponse["message"], call: LiveCall): void {
    this.cameAt = performance.now();
    if (message.case === "move") {
      void this.move(message.value);
      return;
    }
    const event = this.said.take(message, call.about(message));
    if (event?.case === "frames") this.outage = undefined;
    if (event) this.events.push(event);
    if (message.case !== "summary") return;
    this.finish();
    this.calls.delete(call);
    call.leave();
  }

  private async lost(reason: unknown): Promise<void> {
    const error = ConnectError.from(reason);
    const isWanted = this.ended.signal.aborted;
    this.drop(this.call);
    if (isWanted || !(reason instanceof ConnectError) || !isLost(error)) {
      this.finish();
      throw reason;
    }
    const now = performance.now();
    this.outage ??= { error, beganAt: now, quietFrom: this.cameAt, from: this.servers.addresses.indexOf(this.call.address), attempt: 0 };
    try {
      await this.goOn(this.outage);
    } catch (final) {
      this.finish();
      throw final;
    }
  }

  private async goOn(outage: Outage): Promise<void> {
    const { addresses } = this.servers;
    for (; ; outage.attempt++) {
      const wait = pauseBefore(outage.attempt, addresses.length);
      if (performance.now() + wait - outage.beganAt > GIVE_UP_MS) throw outage.error;
      await pause(wait, this.ended.signal);
      if (this.ended.signal.aborted) throw new ConnectError("cancelled by the caller", Code.Canceled);
      try {
        const call = await this.dial(addresses[(outage.from + 1 + outage.attempt) % addresses.length]!);
        outage.attempt++;
        this.goOnWith(call, (performance.now() - outage.quietFrom) / 1000);
        return;
      } catch (error) {
        if (this.ended.signal.aborted) throw new ConnectError("cancelled by the caller", Code.Canceled);
        if (!(error instanceof ConnectError) || isFinal(error)) throw error;
      }
    }
  }

  /** A call that goes on with the stream, once its header has come. */
  private async dial(address: string): Promise<LiveCall> {
    const call = new LiveCall(this.servers, address, this.said.opening());
    this.calls.add(call);
    if (this.said.closed) call.closeSide();
    try {
      const header = await call.header(ATTEMPT_MS);
      if (!this.fits(header, call.opening.firstFrame))
        throw new ConnectError(`${address} would go on with other frames`, Code.Unavailable);
      return call;
    } catch (error) {
      this.drop(call);
      throw error;
    }
  }

  private fits(header: MotionHeader, firstFrame: number): boolean {
    const frames = ({ fps, bytesPerFrame, curveNames, skeleton, channels }: MotionHeader) => {
      const layout = channels.map(({ kind, width, offset, encoding }) => [kind, width, offset, encoding]);
      return JSON.stringify([fps, bytesPerFrame, curveNames, skeleton?.joints.map(({ name }) => name), layout]);
    };
    return Number(header.firstFrame) === firstFrame && frames(header) === frames(this.header);
  }

  private goOnWith(call: LiveCall, lostSeconds: number): void {
    if (this.calls.has(this.call)) this.drop(this.call);
    this.call = call;
    this.events.push({ case: "goneOn", value: { address: call.address, firstFrame: BigInt(this.said.nextFrame), lostSeconds } });
  }

  /** To another server while this one still serves: between utterances, or where they leave no time, in mid-utterance. */
  private async move({ withinSeconds }: Move): Promise<void> {
    const { call, said } = this;
    const { addresses } = this.servers;
    const { signal } = this.moving;
    const beganAt = performance.now();
    const from = addresses.indexOf(call.address);
    const isOver = () => signal.aborted || this.call !== call || performance.now() - beganAt > 1000 * withinSeconds;
    for (let attempt = 0; !isOver(); attempt++) {
      await pause(pauseBefore(attempt, addresses.length), signal);
      // One that was just left, since there is no other, is not left again at once.
      const isEarly = () => said.isQuiet && performance.now() - this.movedAt > STAYS_MS;
      while (!isOver() && !isEarly() && performance.now() - beganAt < 500 * withinSeconds) await pause(CHECK_MS, signal);
      if (isOver()) return;
      const { version } = said;
      try {
        const next = await this.dial(addresses[(from + 1 + attempt) % addresses.length]!);
        const leftMs = 1000 * withinSeconds - (performance.now() - beganAt);
        await next.frames(Math.max(ATTEMPT_MS, leftMs / 2)).catch((error) => {
          this.drop(next);
          throw error;
        });
        // An utterance that began or ended meanwhile did so at its own time here and there.
        if (isOver() || said.version !== version) this.drop(next);
        else {
          this.movedAt = performance.now();
          this.goOnWith(next, 0);
        }
      } catch (error) {
        if (error instanceof ConnectError && isFinal(error)) return;
      }
    }
  }
}

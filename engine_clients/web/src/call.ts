import { Code, ConnectError, createClient } from "@connectrpc/connect";

import type { Connection, ServerTransport } from "./addresses.js";
import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import { MotionService } from "./generated/pantomatrix/v1/motion_pb.js";
import type { StreamMotionRequest, StreamMotionResponse } from "./generated/pantomatrix/v1/motion_pb.js";
import type { Entry, Opening } from "./said.js";

type Response = StreamMotionResponse["message"];

/** One call of StreamMotion, on a connection of its own. */
export class LiveCall {
  private readonly connection: Connection;
  private readonly requests = new Requests();
  private readonly abort = new AbortController();
  private readonly responses: AsyncIterator<StreamMotionResponse>;
  /** Options by the number of their request: a refusal says which it is about. */
  private readonly options = new Map<bigint, Entry>();
  private count = 1n;
  private waiting: Promise<Response | undefined> | undefined;
  /** What came before anybody asked for it. */
  private readonly early: Response[] = [];

  constructor(servers: ServerTransport, readonly address: string, readonly opening: Opening) {
    this.connection = servers.dial(address);
    this.requests.push({ case: "start", value: opening.start });
    for (const entry of opening.again) this.say(entry);
    const service = createClient(MotionService, this.connection.transport);
    this.responses = service.streamMotion(this.requests, { signal: this.abort.signal })[Symbol.asyncIterator]();
  }

  /** The header. withinMs: how long it may take. */
  async header(withinMs?: number): Promise<MotionHeader> {
    const first = await this.within(withinMs, () => this.next());
    if (first?.case !== "header") throw new ConnectError("no header came", Code.DataLoss);
    this.took();
    return first.value;
  }

  /** Until frames are there to be read. */
  async frames(withinMs: number): Promise<void> {
    const read: Response[] = [];
    await this.within(withinMs, async () => {
      while (read.at(-1)?.case !== "frames") {
        const message = await this.next();
        if (!message) throw new ConnectError("no frame came", Code.DataLoss);
        read.push(message);
        this.took();
      }
    });
    this.early.push(...read);
  }

  private async within<T>(milliseconds: number | undefined, work: () => Promise<T>): Promise<T> {
    let isLate = false;
    const late = () => {
      isLate = true;
      this.end();
    };
    const timer = milliseconds === undefined ? undefined : setTimeout(late, milliseconds);
    try {
      return await work();
    } catch (error) {
      throw isLate ? new ConnectError(`${this.address} did not answer within ${milliseconds! / 1000} s`, Code.Unavailable) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next message, the same one until it was taken; undefined at the end. */
  next(): Promise<Response | undefined> {
    if (this.early.length) return Promise.resolve(this.early[0]);
    if (!this.waiting) {
      this.waiting = this.responses.next().then(
        (next) => (next.done ? undefined : next.value.message),
        (error) => Promise.reject(ConnectError.from(error)),
      );
      this.waiting.catch(() => {}); // whoever waits for it is told
    }
    return this.waiting;
  }

  took(): void {
    if (this.early.length) this.early.shift();
    else this.waiting = undefined;
  }

  say(entry: Entry): void {
    if (entry.message.case === "options") this.options.set(this.count, entry);
    this.count++;
    this.requests.push(entry.message);
  }

  /** What a refusal is about. */
  about(message: Response): Entry | undefined {
    return message.case === "refusal" ? this.options.get(message.value.requestIndex) : undefined;
  }

  /** Nothing more will be said. */
  closeSide(): void {
    this.requests.close();
  }

  /** All has come. */
  leave(): void {
    this.requests.close();
    if (this.connection.closesFirst) this.end();
    else void this.next().catch(() => {}).finally(() => this.connection.close());
  }

  /** At once. */
  end(): void {
    this.requests.close();
    this.abort.abort();
    this.connection.close();
  }
}

/** Requests as they are made. */
class Requests implements AsyncIterable<{ message: StreamMotionRequest["message"] }> {
  private readonly waiting: StreamMotionRequest["message"][] = [];
  private closed = false;
  private wake: () => void = () => {};

  push(message: StreamMotionRequest["message"]): void {
    if (this.closed) return;
    this.waiting.push(message);
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<{ message: StreamMotionRequest["message"] }> {
    while (true) {
      const message = this.waiting.shift();
      if (message) yield { message };
      else if (this.closed) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

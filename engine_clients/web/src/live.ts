import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Client as ConnectClient } from "@connectrpc/connect";

import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import type {
  MotionService, StreamMotionRequestSchema, StreamMotionResponse, StreamOptionsSchema, StreamStartSchema,
} from "./generated/pantomatrix/v1/motion_pb.js";
import { FrameLayout } from "./motion.js";

type Request = MessageInitShape<typeof StreamMotionRequestSchema>;
export type LiveEvent = StreamMotionResponse["message"];

/** An open StreamMotion. Iterate over what comes: frames, ends of utterances, refusals, echoed audio, a summary. */
export class LiveStream implements AsyncIterable<LiveEvent> {
  readonly layout: FrameLayout;
  private constructor(
    readonly header: MotionHeader,
    private readonly requests: Requests,
    private readonly responses: AsyncIterator<StreamMotionResponse>,
    private readonly abort: AbortController,
  ) {
    this.layout = new FrameLayout(header);
  }

  static async open(service: ConnectClient<typeof MotionService>, start: MessageInitShape<typeof StreamStartSchema>): Promise<LiveStream> {
    const requests = new Requests();
    requests.push({ message: { case: "start", value: start } });
    const abort = new AbortController();
    const responses = service.streamMotion(requests, { signal: abort.signal })[Symbol.asyncIterator]();
    const first = await responses.next();
    try {
      if (first.done || first.value.message.case !== "header") throw new ConnectError("no header came", Code.DataLoss);
      return new LiveStream(first.value.message.value, requests, responses, abort);
    } catch (error) {
      abort.abort(); // frames of such a header cannot be read
      throw error;
    }
  }

  /** Speak: interleaved samples in the stream's format. */
  push(samples: Int16Array | Float32Array): void {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    this.requests.push({ message: { case: "audio", value: { samples: bytes.slice() } } });
  }

  /** The sentence is over: its frames come, the mouth closes. */
  endUtterance(): void {
    this.requests.push({ message: { case: "endOfUtterance", value: {} } });
  }

  /**
   * Stop talking at once: speech that was pushed and not played is dropped. playedSeconds: what the listener has seen, as
   * Playback.time says it; what was sent beyond it comes again with the mouth shut. Without it all that was sent counts as seen.
   */
  interrupt(playedSeconds?: number): void {
    this.requests.push({ message: { case: "interrupt", value: playedSeconds === undefined ? {} : { playedSeconds } } });
  }

  /**
   * What is given changes, in mid-sentence too, and the rest stays. atSeconds: when, on the stream's clock; at once without.
   * Where it cannot be done a refusal comes, and the stream continues.
   */
  change(options: MessageInitShape<typeof StreamOptionsSchema>): void {
    this.requests.push({ message: { case: "options", value: options } });
  }

  /** Nothing more will be said; what is due still comes. */
  close(): void {
    this.requests.close();
  }

  /** Ends the call now. */
  cancel(): void {
    this.requests.close();
    this.abort.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LiveEvent> {
    for (let next = await this.responses.next(); !next.done; next = await this.responses.next()) yield next.value.message;
  }
}

/** Requests as they are made. */
class Requests implements AsyncIterable<Request> {
  private readonly waiting: Request[] = [];
  private closed = false;
  private wake: () => void = () => {};

  push(request: Request): void {
    if (this.closed) return;
    this.waiting.push(request);
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Request> {
    while (true) {
      const next = this.waiting.shift();
      if (next) yield next;
      else if (this.closed) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

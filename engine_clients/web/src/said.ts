import { clone, create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import { PcmEncoding } from "./generated/pantomatrix/v1/audio_pb.js";
import type { FrameBlock, MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import { AudioChunkSchema, ResumeSchema, StreamOptionsSchema, StreamStartSchema } from "./generated/pantomatrix/v1/motion_pb.js";
import type {
  AudioEcho, Refusal, StreamMotionRequest, StreamMotionResponse, StreamStart, UtteranceBegin, UtteranceEnd,
} from "./generated/pantomatrix/v1/motion_pb.js";
import { MotionOptionsSchema } from "./generated/pantomatrix/v1/options_pb.js";
import type { MotionOptions } from "./generated/pantomatrix/v1/options_pb.js";
import { FrameLayout, framesOf } from "./motion.js";

/** What was said once. */
export interface Entry {
  readonly message: StreamMotionRequest["message"];
  /** The frame that was next when it was said. */
  readonly frame: number;
  /** For options with an at_seconds: when they count, on the stream's clock. */
  readonly seconds?: number;
  /** Of options: the server took them. */
  taken: boolean;
}

/** How a stream is opened that goes on: the start, and what is said after it. */
export interface Opening {
  start: StreamStart;
  again: Entry[];
  /** What the header has to say. */
  firstFrame: number;
  /** How much audio is said again. */
  audioSeconds: number;
}

type Response = StreamMotionResponse["message"];

/** So much of an utterance is said again, before the next frame. */
const KEPT_AUDIO_SECONDS = 20;
/** The server can take back so much of what was sent. */
const KEPT_FRAMES_SECONDS = 2;
/** Frames depend on so much more than the header says, for audio is heard in pieces. */
const PIECE_SECONDS = 0.1;

/**
 * What another server needs to go on with a stream: what was said since the utterance under way began, and where the frames are.
 * It also says which of what comes is new. Without any I/O.
 */
export class Said {
  /** The index of the next frame. */
  nextFrame = 0;
  /** The utterance under way, once it was told. */
  begun: UtteranceBegin | undefined;
  /** Changes with every utterance's beginning and end. */
  version = 0;
  /** Whether the caller has closed its side. */
  closed = false;
  private readonly start: StreamStart;
  private readonly bytesPerSecond: number;
  private header: MotionHeader | undefined;
  private layout: FrameLayout | undefined;
  private log: Entry[] = [];
  private timed: Entry[] = [];
  /** Of the utterance under way, which the log has no more. */
  private texts: Entry[] = [];
  /** Where that utterance began: times of its text count from here. */
  private textFrom = 0;
  private audioBytes = 0;
  /** Where the log's audio begins, in mid-utterance. */
  private audioSeconds = 0;
  private echoedUntil = -Infinity;
  private lastEnd: UtteranceEnd | undefined;
  private nextUtterance: number;
  private recent: FrameBlock[] = [];
  private readonly refused = new WeakSet<Entry>();

  constructor(start: StreamStart) {
    this.start = clone(StreamStartSchema, start);
    this.nextUtterance = start.resume?.utterance ?? 0;
    const { encoding, channels = 0, sampleRateHz = 0 } = start.format ?? {};
    this.bytesPerSecond = (encoding === PcmEncoding.F32LE ? 4 : 2) * (channels || 1) * sampleRateHz;
  }

  /** The first header: with it begins what frames are. */
  begin(header: MotionHeader, layout = new FrameLayout(header)): void {
    this.header = header;
    this.layout = layout;
    this.nextFrame = Number(header.firstFrame);
  }

  /** To be sent to every call that is open. */
  say(message: StreamMotionRequest["message"]): Entry {
    if (message.case === "options" && message.value.atSeconds !== undefined) {
      const seconds = Math.max(message.value.atSeconds, this.seconds);
      // Said again it must not count from an earlier frame on.
      const value = Object.assign(clone(StreamOptionsSchema, message.value), { atSeconds: seconds });
      const entry = { message: { case: "options" as const, value }, frame: this.nextFrame, seconds, taken: false };
      this.settle();
      this.timed.push(entry);
      return entry;
    }
    const entry = { message, frame: this.nextFrame, taken: false };
    if (message.case !== "audio") {
      this.log.push(entry);
      return entry;
    }
    // Apart, since text is kept for longer than its audio.
    const { samples, timedText } = message.value;
    const apart = (init: MessageInitShape<typeof AudioChunkSchema>) =>
      this.log.push({ ...entry, message: { case: "audio", value: create(AudioChunkSchema, init) } });
    if (timedText) apart({ timedText });
    if (samples.length) apart({ samples });
    this.audioBytes += samples.length;
    return entry;
  }

  /** Whether frames, or an answer, have to come without more audio. lookAheadSeconds: the header's. */
  isDue(lookAheadSeconds: number): boolean {
    if (this.closed || this.log.some(isMark)) return true;
    const audio = this.audioBytes / this.bytesPerSecond;
    const owed = this.begun ? this.audioSeconds + audio - this.seconds : audio;
    return owed > lookAheadSeconds + PIECE_SECONDS + 1 / (this.header?.fps ?? 1);
  }

  /** Whether nobody speaks, and nothing waits to be said. */
  get isQuiet(): boolean {
    return !this.begun && !this.audioBytes;
  }

  /** What of a message is new; undefined where nothing is. refused: what a refusal is about. Throws where frames are missing. */
  take(message: Response, refused?: Entry): Response | undefined {
    switch (message.case) {
      case "frames": return this.takeFrames(message.value);
      case "utteranceBegin": return this.takeBegin(message.value);
      case "utteranceEnd": return this.takeEnd(message.value);
      case "audio": return this.takeEcho(message.value);
      case "refusal": return this.takeRefusal(message.value, refused);
      default: return message;
    }
  }

  /** How to go on. The state stays as it is. */
  opening(): Opening {
    const start = clone(StreamStartSchema, this.start);
    const options = (start.options ??= create(MotionOptionsSchema));
    const from = this.begun ? this.audioSeconds : this.seconds;
    const timed = this.timed.filter((entry) => !this.isPast(entry, from));
    for (const entry of this.timed) if (!timed.includes(entry)) merge(options, entry);
    const firstAudio = this.log.findIndex(isAudio);
    const merged = this.log.filter((entry, at) => (firstAudio < 0 || at < firstAudio) && isOptions(entry) && this.wasTaken(entry));
    for (const entry of merged) merge(options, entry);
    const again = [...timed, ...this.texts, ...this.joined(this.log.filter((entry) => !merged.includes(entry)))];
    const audioSeconds = this.audioBytes / this.bytesPerSecond;
    if (!this.header || !this.recent.length) return { start, again, firstFrame: Number(start.resume?.firstFrame ?? 0), audioSeconds };
    options.seed = this.header.seed;
    const firstFrame = this.firstToCome();
    start.resume = create(ResumeSchema, {
      firstFrame: BigInt(firstFrame), lastFrame: this.frameBytes(firstFrame - 1), utterance: this.begun?.utterance ?? this.nextUtterance,
    });
    if (this.begun) {
      start.resume.audioSeconds = this.audioSeconds;
      start.resume.utteranceSeconds = this.textFrom;
    }
    return { start, again, firstFrame, audioSeconds };
  }

  /** Audio in few large chunks, of a second at most unless it came so. */
  private joined(entries: Entry[]): Entry[] {
    const out: Entry[] = [];
    let parts: Uint8Array[] = [];
    let bytes = 0;
    const flush = (frame: number) => {
      if (!parts.length) return;
      const samples = new Uint8Array(bytes);
      let at = 0;
      for (const one of parts) {
        samples.set(one, at);
        at += one.length;
      }
      out.push({ message: { case: "audio", value: create(AudioChunkSchema, { samples }) }, frame, taken: false });
      parts = [];
      bytes = 0;
    };
    for (const entry of entries) {
      const samples = entry.message.case === "audio" && isAudio(entry) ? entry.message.value.samples : undefined;
      if (!samples || bytes + samples.length > this.bytesPerSecond) flush(entry.frame);
      if (!samples) {
        out.push(entry);
        continue;
      }
      parts.push(samples);
      bytes += samples.length;
    }
    flush(this.nextFrame);
    return out;
  }

  private get seconds(): number {
    return this.nextFrame / (this.header?.fps ?? 1);
  }

  private takeFrames(block: FrameBlock): Response | undefined {
    const first = Number(block.firstFrame);
    const skipped = Math.max(0, this.nextFrame - first);
    if (first > this.nextFrame) throw new ConnectError(`frame ${first} came, expected ${this.nextFrame}`, Code.DataLoss);
    if (skipped >= block.frameCount) return undefined;
    const rest = part(block, skipped, block.frameCount);
    this.nextFrame = first + block.frameCount;
    this.recent.push(rest);
    const oldest = this.nextFrame - Math.ceil(KEPT_FRAMES_SECONDS * (this.header?.fps ?? 1)) - 1;
    while (this.recent.length > 1 && endOf(this.recent[0]!) <= oldest) this.recent.shift();
    if (this.begun) this.forgetAudio();
    return { case: "frames", value: rest };
  }

  private takeBegin(begin: UtteranceBegin): Response | undefined {
    const isNew = this.begun?.utterance !== begin.utterance;
    if (isNew || !this.recent.length) this.audioSeconds = this.textFrom = begin.beginSeconds;
    for (const entry of this.log) {
      if (isAudio(entry)) break;
      entry.taken = true;
    }
    if (!isNew) return undefined;
    this.begun = begin;
    this.version++;
    return { case: "utteranceBegin", value: begin };
  }

  private takeEnd(end: UtteranceEnd): Response {
    const last = this.lastEnd;
    const isSame = last?.endFrame === end.endFrame && last.interrupted === end.interrupted;
    const isRepeated = end.utterance < this.nextUtterance && !this.begun && (isSame || !end.interrupted);
    this.log = this.log.slice(this.answered(end, isRepeated));
    this.texts = [];
    this.audioBytes = this.log.reduce((sum, { message }) => sum + (message.case === "audio" ? message.value.samples.length : 0), 0);
    if (!isRepeated) {
      this.begun = undefined;
      this.lastEnd = end;
      this.nextUtterance = end.utterance + 1;
      this.echoedUntil = -Infinity;
      this.version++;
      if (end.interrupted && end.endFrame < this.nextFrame) this.takeBack(Number(end.endFrame));
    }
    this.settle();
    return { case: "utteranceEnd", value: end };
  }

  /** How much of the log an end answers. */
  private answered(end: UtteranceEnd, isRepeated: boolean): number {
    const firstAudio = this.log.findIndex(isAudio);
    let at = -1;
    if (isRepeated) {
      // An interrupt may have taken others of them back, and nothing else is lost with it.
      this.log.forEach((entry, place) => {
        if (isMark(entry) && (firstAudio < 0 || place < firstAudio)) at = place;
      });
    } else {
      if (end.interrupted) at = this.log.findIndex(({ message }) => message.case === "interrupt");
      if (at < 0) at = this.log.findIndex(({ message }, place) => place > firstAudio && message.case === "endOfUtterance");
      if (at < 0 && this.closed) at = this.log.length - 1;
    }
    const count = at + 1;
    for (const entry of this.log.slice(0, count)) if (isOptions(entry)) this.keep(entry);
    return count;
  }

  private takeEcho(echo: AudioEcho): Response | undefined {
    const tolerance = 0.5 / (this.start.format?.sampleRateHz ?? 1);
    const until = echo.startSeconds + echo.samples.length / this.bytesPerSecond;
    if (until <= this.echoedUntil + tolerance) return undefined;
    const seconds = Math.max(0, this.echoedUntil - echo.startSeconds);
    const sample = this.bytesPerSecond / (this.start.format?.sampleRateHz ?? 1);
    const skipped = sample * Math.round((seconds * this.bytesPerSecond) / sample);
    this.echoedUntil = until;
    if (!skipped) return { case: "audio", value: echo };
    const startSeconds = echo.startSeconds + skipped / this.bytesPerSecond;
    return { case: "audio", value: { ...echo, startSeconds, samples: echo.samples.subarray(skipped) } };
  }

  private takeRefusal(refusal: Refusal, refused: Entry | undefined): Response | undefined {
    if (refused) {
      if (this.refused.has(refused)) return undefined;
      this.refused.add(refused);
      this.log = this.log.filter((entry) => entry !== refused);
      this.timed = this.timed.filter((entry) => entry !== refused);
    }
    return { case: "refusal", value: refusal };
  }

  /** Frames from this one on come again. */
  private takeBack(frame: number): void {
    this.nextFrame = frame;
    this.recent = this.recent
      .filter(({ firstFrame }) => Number(firstFrame) < frame)
      .map((block) => part(block, 0, Math.min(block.frameCount, frame - Number(block.firstFrame))));
  }

  private forgetAudio(): void {
    const oldest = this.seconds - KEPT_AUDIO_SECONDS;
    while (this.log.length) {
      const entry = this.log[0]!;
      if (entry.message.case === "audio" && !isAudio(entry)) {
        this.texts.push(entry);
      } else if (entry.message.case === "audio") {
        const bytes = entry.message.value.samples.length;
        if (this.audioSeconds + bytes / this.bytesPerSecond > oldest) return;
        this.audioSeconds += bytes / this.bytesPerSecond;
        this.audioBytes -= bytes;
      } else if (!isOptions(entry) || this.audioSeconds > oldest) {
        return;
      } else {
        this.keep(entry);
      }
      this.log.shift();
    }
  }

  /** Options that the server has followed are the stream's from then on. */
  private keep(entry: Entry): void {
    merge((this.start.options ??= create(MotionOptionsSchema)), entry);
  }

  private settle(): void {
    const from = this.begun ? this.audioSeconds : this.seconds;
    this.timed = this.timed.filter((entry) => {
      const isPast = this.isPast(entry, from);
      if (isPast) this.keep(entry);
      return !isPast;
    });
  }

  private isPast(entry: Entry, from: number): boolean {
    return entry.seconds! < from && this.wasTaken(entry);
  }

  /** A refusal would have come within a second. */
  private wasTaken(entry: Entry): boolean {
    return entry.taken || this.nextFrame >= entry.frame + (this.header?.fps ?? Infinity);
  }

  /** The next frame, or where an interrupt that was not answered takes frames back. */
  private firstToCome(): number {
    const { fps } = this.header!;
    for (const { message } of this.log) {
      if (message.case !== "interrupt" || message.value.playedSeconds === undefined) continue;
      const played = Math.ceil(message.value.playedSeconds * fps - 1e-6);
      return Math.max(Math.min(played, this.nextFrame), Number(this.recent[0]!.firstFrame) + 1);
    }
    return this.nextFrame;
  }

  /** As 32-bit floats; empty where it is not known any more. */
  private frameBytes(frame: number): Uint8Array {
    const block = this.recent.find((one) => Number(one.firstFrame) <= frame && frame < endOf(one));
    if (!block) return new Uint8Array();
    const at = frame - Number(block.firstFrame);
    const numbers = framesOf(part(block, at, at + 1), this.layout!);
    const bytes = new DataView(new ArrayBuffer(4 * numbers.length));
    numbers.forEach((number, place) => bytes.setFloat32(4 * place, number, true));
    return new Uint8Array(bytes.buffer);
  }
}

function endOf(block: FrameBlock): number {
  return Number(block.firstFrame) + block.frameCount;
}

/** Its frames from one to before another, counted within it. */
function part(block: FrameBlock, from: number, to: number): FrameBlock {
  if (from === 0 && to === block.frameCount) return block;
  const size = block.data.length / block.frameCount;
  return {
    ...block, firstFrame: block.firstFrame + BigInt(from), frameCount: to - from, data: block.data.subarray(from * size, to * size),
  };
}

/** What an utterance_end answers. */
function isMark({ message }: Entry): boolean {
  return message.case === "endOfUtterance" || message.case === "interrupt";
}

/** Samples; text comes apart. */
function isAudio({ message }: Entry): boolean {
  return message.case === "audio" && message.value.samples.length > 0;
}

function isOptions({ message }: Entry): boolean {
  return message.case === "options";
}

function merge(options: MotionOptions, { message }: Entry): void {
  if (message.case !== "options") return;
  const { speaker, expression, partStrengths, curveAdjustments, emotions } = message.value;
  if (speaker !== undefined) options.speaker = speaker;
  if (expression !== undefined) options.expression = expression;
  if (partStrengths) options.partStrengths = partStrengths.entries;
  if (curveAdjustments) options.curveAdjustments = curveAdjustments.entries;
  if (emotions) options.emotions = emotions.entries;
}

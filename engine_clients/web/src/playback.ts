import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import type { LiveEvent } from "./live.js";
import { FrameLayout, framesOf, interpolate } from "./motion.js";

export interface PlaybackOptions {
  /**
   * What happens when the next frame is not there in time. "hold": the clock waits and nothing is left out, for speech that
   * the page plays itself. "drop": the clock keeps running and what is late is left out, for microphones. Default: "hold".
   */
  late?: "hold" | "drop";
  /** How much is gathered before the clock starts, seconds. Default: 0.1. */
  delay?: number;
  /** How long a pose takes to go over into one that does not follow it, seconds. Default: 0.2. */
  blend?: number;
}

/** More than this beyond the delay is no jitter: the page stood still. */
const MOST_EXCESS_SECONDS = 1;
const MOST_SPEED_CHANGE = 0.01;
const SPEED_CHANGE_A_SECOND = 0.05;
const DEPTH_MEMORY_SECONDS = 2;

/**
 * A jitter buffer and a clock: poses of a live stream at whatever moments a page draws. `live.interrupt(playback.time)` stops the
 * speaker where the page is.
 */
export class Playback {
  readonly layout: FrameLayout;
  /** The time of the pose on the stream's clock, on which frame k is at k / fps. */
  time = 0;
  /** How often the next frame was not there in time. */
  underruns = 0;
  private readonly fps: number;
  private readonly late: "hold" | "drop";
  private readonly delay: number;
  private readonly blend: number;
  private frames: Float32Array[] = [];
  private first = 0;
  private playing = false;
  private behind = false;
  private hasPose = false;
  private depth = 0;
  private blendLeft = 0;
  private readonly current: Float32Array;
  private readonly blendFrom: Float32Array;

  constructor(header: MotionHeader, options: PlaybackOptions = {}) {
    this.layout = new FrameLayout(header);
    this.fps = header.fps;
    this.late = options.late ?? "hold";
    this.delay = options.delay ?? 0.1;
    this.blend = options.blend ?? 0.2;
    this.current = new Float32Array(this.layout.floats);
    this.blendFrom = new Float32Array(this.layout.floats);
  }

  /** Takes frames, interrupted utterances' ends, and that the stream has gone on; other events are none of its business. */
  feed(event: LiveEvent): void {
    if (event.case === "frames") {
      this.makeRoom(Number(event.value.firstFrame));
      const all = framesOf(event.value, this.layout);
      for (let at = 0; at < all.length; at += this.layout.floats) this.frames.push(all.subarray(at, at + this.layout.floats));
    } else if (event.case === "utteranceEnd" && event.value.interrupted) {
      const end = Number(event.value.endFrame) / this.fps;
      // Where the server was told what was played, the end is the next frame, and nothing is to be skipped.
      if (end - this.time > 1 / this.fps) this.jump(end);
    } else if (event.case === "goneOn" && this.frames.length && this.time > this.newest) {
      // No frame was lost: the stream's clock stood still.
      this.time = this.newest;
      this.playing = this.behind = false;
    }
  }

  /** (layout.floats), laid out as a frame; undefined before the first. */
  get pose(): Float32Array | undefined {
    return this.hasPose ? this.current : undefined;
  }

  /** Whether the clock waits for frames. */
  get stalled(): boolean {
    return !this.playing;
  }

  /** How much there is beyond the clock, seconds. */
  get buffered(): number {
    return this.frames.length ? Math.max(0, this.newest - this.time) : 0;
  }

  /** Moves the clock on and computes the pose; false as long as there is none. seconds: since the last call. */
  advance(seconds: number): boolean {
    if (!this.frames.length) return this.hasPose;
    if (!this.playing && this.buffered >= this.delay) {
      this.playing = true;
      this.depth = this.buffered;
    } else if (this.playing) {
      this.follow(seconds);
    }
    if (!this.playing && !this.hasPose) return false;
    this.blendLeft = Math.max(0, this.blendLeft - seconds);
    this.sample();
    return true;
  }

  private get newest(): number {
    return (this.first + this.frames.length - 1) / this.fps;
  }

  /** For frames from `start` on: after an interrupt they may take the place of some that are here, or were shown already. */
  private makeRoom(start: number): void {
    const kept = start - this.first;
    if (kept === this.frames.length) return;
    if (kept >= 0 && kept < this.frames.length) {
      this.frames.length = kept;
    } else {
      this.frames = [];
    }
    if (!this.frames.length) this.first = start;
    if (this.time * this.fps > start - 1) this.soften();
  }

  private jump(time: number): void {
    this.time = time;
    this.soften();
  }

  /** What is shown now goes over into what comes. */
  private soften(): void {
    if (!this.hasPose) return;
    this.blendFrom.set(this.current);
    this.blendLeft = this.blend;
  }

  private follow(seconds: number): void {
    const { newest } = this;
    if (this.late === "hold") {
      if (this.time + seconds > newest) {
        this.underruns++;
        this.playing = false;
      }
      // Not back: frames that replace others may end before them.
      this.time = Math.max(this.time, Math.min(this.time + seconds, newest));
      return;
    }
    const ahead = newest - this.time;
    this.depth += (ahead - this.depth) * Math.min(1, seconds / DEPTH_MEMORY_SECONDS);
    const change = (this.depth - this.delay) * SPEED_CHANGE_A_SECOND;
    this.time += seconds * (1 + Math.min(Math.max(change, -MOST_SPEED_CHANGE), MOST_SPEED_CHANGE));
    if (this.time > newest) {
      if (!this.behind) this.underruns++;
      this.behind = true;
    } else if (this.behind) {
      this.behind = false;
      this.jump(this.time);
    } else if (ahead > this.delay + MOST_EXCESS_SECONDS) {
      this.jump(newest - this.delay);
      this.depth = this.delay;
    }
  }

  private sample(): void {
    const at = Math.min(Math.max(this.time * this.fps - this.first, 0), this.frames.length - 1);
    const before = Math.floor(at);
    const from = this.frames[before]!;
    interpolate(this.layout, from, 0, this.frames[before + 1] ?? from, 0, at - before, this.current);
    if (this.blendLeft > 0) {
      const left = this.blendLeft / this.blend;
      interpolate(this.layout, this.current, 0, this.blendFrom, 0, left * left * (3 - 2 * left), this.current);
    }
    this.hasPose = true;
    this.frames.splice(0, before);
    this.first += before;
  }
}

import type { MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";
import type { Said } from "./said.js";

/** While frames are due they may fail to come for so long, and for the look-ahead. */
const MOST_SECONDS = 1;
/** While nobody speaks: a new stream idles after a second. */
const MOST_IDLE_SECONDS = 2;
/** A page that stood still for longer has not waited longer. */
const MOST_STEP_SECONDS = 0.1;

/** How long nothing has come, from now on. */
export class Silence {
  private checkedAt = performance.now();
  private seconds = 0;
  private due = 0;
  private idle = 0;

  /** spareSeconds: a server that was told much at once computes for so long. */
  constructor(private readonly header: MotionHeader, private readonly spareSeconds = 0) {}

  /** Whether a server that is there would have sent something. To be asked every now and then. */
  isTooLong(said: Said): boolean {
    const now = performance.now();
    const step = Math.min((now - this.checkedAt) / 1000, MOST_STEP_SECONDS);
    this.checkedAt = now;
    const { lookAheadSeconds, fps } = this.header;
    this.seconds += step;
    // A caller may pause in mid-sentence: only from then on that enough was said is anything late.
    this.due = said.isDue(lookAheadSeconds) ? this.due + step : 0;
    this.idle = said.begun ? 0 : this.idle + step;
    const most = MOST_SECONDS + lookAheadSeconds + 1 / fps + this.spareSeconds;
    if (this.due >= Math.max(MOST_SECONDS, lookAheadSeconds) && this.seconds >= most) return true;
    return this.idle >= Math.max(MOST_IDLE_SECONDS, most);
  }
}

import { readChannel } from "./channels.js";
import type { ReadChannel } from "./channels.js";
import { ChannelKind } from "./generated/pantomatrix/v1/frames_pb.js";
import type { FrameBlock, MotionHeader, MotionSummary } from "./generated/pantomatrix/v1/frames_pb.js";

/**
 * Where numbers lie in a decoded frame, a Float32Array: root x y z, joints' quaternions x y z w, curves' weights; without joints the
 * weights alone. However the server stores its frames, they are decoded to this. Throws RangeError for a header that this client
 * cannot read.
 */
export class FrameLayout {
  readonly joints: number;
  readonly curves: number;
  /** Index of the first rotation's x. */
  readonly rotations: number;
  /** Index of the first weight. */
  readonly weights: number;
  readonly floats: number;
  /** Of a frame as it comes. */
  readonly bytesPerFrame: number;
  private readonly readers: { read: ReadChannel; to: number }[] = [];
  /** What a frame has where no channel says otherwise: the rest pose. */
  private readonly rest: Float32Array;

  constructor(header: MotionHeader) {
    this.joints = header.skeleton?.joints.length ?? 0;
    this.curves = header.curveNames.length;
    this.rotations = this.joints ? 3 : 0;
    this.weights = this.rotations + 4 * this.joints;
    this.floats = this.weights + this.curves;
    this.bytesPerFrame = header.bytesPerFrame;
    this.rest = restPose(header, this.floats);
    const add = (kind: ChannelKind, width: number, to: number): boolean => {
      const read = width ? readChannel(header, kind, width) : undefined;
      if (read) this.readers.push({ read, to });
      return read !== undefined;
    };
    add(ChannelKind.ROOT_TRANSLATION, this.rotations, 0);
    add(ChannelKind.JOINT_ROTATIONS, 4 * this.joints, this.rotations);
    const hasCurves = add(ChannelKind.CURVES, this.curves, this.weights);
    if (this.curves && !hasCurves) throw new RangeError(`the header names ${this.curves} curves and has no channel of them`);
  }

  /** The frames that lie one after another in `data`: (count, floats). */
  decode(data: DataView, count: number): Float32Array {
    const frames = new Float32Array(count * this.floats);
    for (let frame = 0; frame < count; frame++) {
      frames.set(this.rest, frame * this.floats);
      for (const { read, to } of this.readers) read(data, frame, frames, frame * this.floats + to);
    }
    return frames;
  }
}

/** Without weights. */
function restPose(header: MotionHeader, floats: number): Float32Array {
  const pose = new Float32Array(floats);
  header.skeleton?.joints.forEach(({ restTranslation: place, restRotation: turn }, joint) => {
    if (!joint && place) pose.set([place.x, place.y, place.z]);
    // All zero, as left out, is no rotation.
    const isSet = turn && (turn.x || turn.y || turn.z || turn.w);
    pose.set(isSet ? [turn.x, turn.y, turn.z, turn.w] : [0, 0, 0, 1], 3 + 4 * joint);
  });
  return pose;
}

/** A whole clip. */
export interface Motion {
  header: MotionHeader;
  layout: FrameLayout;
  frameCount: number;
  /** (frameCount, layout.floats) */
  data: Float32Array;
  summary: MotionSummary | undefined;
}

/** A block's frames, (frameCount, layout.floats). Throws RangeError if the bytes are not as many. */
export function framesOf({ data, frameCount }: FrameBlock, layout: FrameLayout): Float32Array {
  const bytes = frameCount * layout.bytesPerFrame;
  if (frameCount < 1 || data.byteLength !== bytes)
    throw new RangeError(`a block of ${frameCount} frames has ${data.byteLength} bytes, expected ${bytes}`);
  return layout.decode(new DataView(data.buffer, data.byteOffset, bytes), frameCount);
}

/** Where rotations are so near each other that the chord will do. */
const NEARLY_EQUAL = 0.9995;

/**
 * The frame at `fraction` (0 to 1) of the way from the frame at index `from` to the one at `to`: rotations by slerp on the
 * shortest arc, the rest linearly. (Shoemake, "Animating rotation with quaternion curves", 1985)
 */
export function interpolate(
  layout: FrameLayout, a: Float32Array, from: number, b: Float32Array, to: number, fraction: number, out: Float32Array,
): void {
  for (let i = 0; i < layout.rotations; i++) out[i] = a[from + i]! + (b[to + i]! - a[from + i]!) * fraction;
  for (let i = layout.rotations; i < layout.weights; i += 4) slerp(a, from + i, b, to + i, fraction, out, i);
  for (let i = layout.weights; i < layout.floats; i++) out[i] = a[from + i]! + (b[to + i]! - a[from + i]!) * fraction;
}

function slerp(a: Float32Array, i: number, b: Float32Array, j: number, fraction: number, out: Float32Array, at: number): void {
  let cosine = a[i]! * b[j]! + a[i + 1]! * b[j + 1]! + a[i + 2]! * b[j + 2]! + a[i + 3]! * b[j + 3]!;
  const sign = cosine < 0 ? -1 : 1;
  cosine *= sign;
  let left = 1 - fraction;
  let right = fraction;
  if (cosine < NEARLY_EQUAL) {
    const angle = Math.acos(cosine);
    left = Math.sin(left * angle) / Math.sin(angle);
    right = Math.sin(right * angle) / Math.sin(angle);
  }
  right *= sign;
  const x = left * a[i]! + right * b[j]!;
  const y = left * a[i + 1]! + right * b[j + 1]!;
  const z = left * a[i + 2]! + right * b[j + 2]!;
  const w = left * a[i + 3]! + right * b[j + 3]!;
  const norm = 1 / Math.hypot(x, y, z, w);
  out[at] = x * norm;
  out[at + 1] = y * norm;
  out[at + 2] = z * norm;
  out[at + 3] = w * norm;
}

/** The pose at a time of the clip in seconds, clamped to its ends. out: layout.floats, reused if given. */
export function poseAt(motion: Motion, seconds: number, out = new Float32Array(motion.layout.floats)): Float32Array {
  const place = Math.min(Math.max(seconds * motion.header.fps, 0), motion.frameCount - 1);
  const before = Math.floor(place);
  const after = Math.min(before + 1, motion.frameCount - 1);
  const { floats } = motion.layout;
  interpolate(motion.layout, motion.data, before * floats, motion.data, after * floats, place - before, out);
  return out;
}

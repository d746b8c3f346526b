import { ChannelEncoding } from "./generated/pantomatrix/v1/frames_pb.js";
import type { Channel, ChannelKind, MotionHeader } from "./generated/pantomatrix/v1/frames_pb.js";

/** Puts the `width` numbers that begin at byte `from` into `out` at `to`. */
type Decode = (data: DataView, from: number, width: number, out: Float32Array, to: number) => void;

interface Form {
  bytesOfFour: number;
  decode: Decode;
}

const FORMS = new Map<ChannelEncoding, Form>([
  [ChannelEncoding.FLOAT32, { bytesOfFour: 16, decode: each(4, (data, at) => data.getFloat32(at, true)) }],
  [ChannelEncoding.FLOAT16, { bytesOfFour: 8, decode: each(2, (data, at) => float16(data.getUint16(at, true))) }],
  [ChannelEncoding.QUATERNION48, { bytesOfFour: 6, decode: quaternions48 }],
  [ChannelEncoding.UNORM8, { bytesOfFour: 4, decode: each(1, (data, at) => data.getUint8(at) / 255) }],
]);

function each(bytes: number, read: (data: DataView, at: number) => number): Decode {
  return (data, from, width, out, to) => {
    for (let i = 0; i < width; i++) out[to + i] = read(data, from + bytes * i);
  };
}

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent ? sign * 2 ** (exponent - 15) * (1 + fraction) : sign * 2 ** -14 * fraction;
}

function quaternions48(data: DataView, from: number, width: number, out: Float32Array, to: number): void {
  for (let end = to + width; to < end; to += 4, from += 6) {
    const words = [data.getUint16(from, true), data.getUint16(from + 2, true), data.getUint16(from + 4, true)];
    const leftOut = 2 * (words[1]! >> 15) + (words[0]! >> 15);
    let rest = 1;
    for (let i = 0; i < 3; i++) {
      const value = ((words[i]! & 0x7fff) - 16384) / 16384 / Math.SQRT2;
      out[to + i + (i < leftOut ? 0 : 1)] = value;
      rest -= value * value;
    }
    out[to + leftOut] = Math.sqrt(Math.max(0, rest));
  }
}

/** Of frames that lie one after another in `data`: puts the channel's numbers of frame number `frame` into `out` at `to`. */
export type ReadChannel = (data: DataView, frame: number, out: Float32Array, to: number) => void;

/**
 * A reader of the header's channel of a kind; undefined where there is none. Channels that are about some joints only are passed
 * over, as those of other kinds are. Throws RangeError where its encoding is not known, and where it has not `width` numbers or is
 * not within a frame.
 */
export function readChannel(header: MotionHeader, kind: ChannelKind, width: number): ReadChannel | undefined {
  const channel = header.channels.find((one) => one.kind === kind && !one.joints.length);
  if (!channel) return undefined;
  const form = FORMS.get(channel.encoding);
  if (!form) throw new RangeError(`the channel ${channel.name} has encoding ${channel.encoding}, which this client does not know`);
  checkPlace(channel, header.bytesPerFrame, width, form);
  return (data, frame, out, to) => form.decode(data, frame * header.bytesPerFrame + channel.offset, width, out, to);
}

function checkPlace(channel: Channel, bytesPerFrame: number, width: number, form: Form): void {
  if (channel.width !== width)
    throw new RangeError(`the channel ${channel.name} has ${channel.width} numbers a frame, the header's joints and curves make ${width}`);
  const end = channel.offset + (width * form.bytesOfFour) / 4;
  if (channel.offset < 0 || end > bytesPerFrame || !Number.isInteger(end))
    throw new RangeError(`the channel ${channel.name} ends at byte ${end} of a frame of ${bytesPerFrame} bytes`);
}

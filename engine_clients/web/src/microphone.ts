import type { LiveStream } from "./live.js";

/** Runs in the audio thread: hands every block of samples over. */
const WORKLET = `registerProcessor("pantomatrix-microphone", class extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples) this.port.postMessage(samples);
    return true;
  }
});`;

export interface Microphone {
  /** Samples per second of what comes. */
  sampleRate: number;
  stop(): void;
}

/**
 * Listens to the microphone, or to any other media stream, and hands over (S,) float samples of its first channel. Asks for
 * leave; needs a page over https or from this machine. For a stream's format: { encoding: PcmEncoding.F32LE, sampleRateHz }.
 */
export async function listen(onSamples: (samples: Float32Array) => void, source?: MediaStream): Promise<Microphone> {
  const media = source ?? (await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }));
  const context = new AudioContext();
  const address = URL.createObjectURL(new Blob([WORKLET], { type: "text/javascript" }));
  await context.audioWorklet.addModule(address);
  URL.revokeObjectURL(address);
  const node = new AudioWorkletNode(context, "pantomatrix-microphone", { numberOfOutputs: 0 });
  node.port.onmessage = ({ data }) => onSamples(data as Float32Array);
  context.createMediaStreamSource(media).connect(node);
  return {
    sampleRate: context.sampleRate,
    stop() {
      node.port.onmessage = null;
      if (!source) for (const track of media.getTracks()) track.stop();
      void context.close();
    },
  };
}

/** The microphone into a live stream of PcmEncoding.F32LE. */
export function listenInto(live: LiveStream, source?: MediaStream): Promise<Microphone> {
  return listen((samples) => live.push(samples), source);
}

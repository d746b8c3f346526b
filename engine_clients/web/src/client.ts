import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import type { CallOptions, Client as ConnectClient, Transport } from "@connectrpc/connect";

import { asServers } from "./addresses.js";
import type { ServerTransport } from "./addresses.js";
import { CatalogService } from "./generated/pantomatrix/v1/catalog_pb.js";
import type { GetCatalogResponse } from "./generated/pantomatrix/v1/catalog_pb.js";
import type { MotionOptionsSchema } from "./generated/pantomatrix/v1/options_pb.js";
import type { PcmFormatSchema } from "./generated/pantomatrix/v1/audio_pb.js";
import { ConvertService } from "./generated/pantomatrix/v1/convert_pb.js";
import { FrameEncoding } from "./generated/pantomatrix/v1/frames_pb.js";
import { MotionService } from "./generated/pantomatrix/v1/motion_pb.js";
import type { StreamStartSchema } from "./generated/pantomatrix/v1/motion_pb.js";
import { LiveStream } from "./live.js";
import { FrameLayout, framesOf } from "./motion.js";
import type { Motion } from "./motion.js";

export type MotionOptionsInit = MessageInitShape<typeof MotionOptionsSchema>;

export interface GenerateOptions extends CallOptions {
  /** Told 0 to 1 as frames come. */
  onProgress?: (progress: number) => void;
  /** How frames are stored on the way; FrameEncoding.COMPACT is a third of the bytes. */
  frameEncoding?: FrameEncoding;
  /** Words of the caller's, which come back in the header. */
  labels?: Record<string, string>;
}

export interface LiveOptions extends Omit<MessageInitShape<typeof StreamStartSchema>, "$typeName" | "options" | "format"> {}

/**
 * A server or several, over whatever transport: webSocketTransport in browsers, grpcTransport in Node. Errors are ConnectErrors.
 */
export class Client {
  /** The contract's services as they are. */
  readonly motion: ConnectClient<typeof MotionService>;
  readonly convert: ConnectClient<typeof ConvertService>;
  readonly catalogs: ConnectClient<typeof CatalogService>;

  private readonly servers: ServerTransport;

  constructor(transport: Transport) {
    this.servers = asServers(transport);
    this.motion = createClient(MotionService, transport);
    this.convert = createClient(ConvertService, transport);
    this.catalogs = createClient(CatalogService, transport);
  }

  catalog(options?: CallOptions): Promise<GetCatalogResponse> {
    return this.catalogs.getCatalog({}, options);
  }

  /** The motion of an audio file's bytes. */
  async generate(audio: Uint8Array, options: MotionOptionsInit = {}, call: GenerateOptions = {}): Promise<Motion> {
    const { onProgress, frameEncoding = FrameEncoding.UNSPECIFIED, labels = {}, ...callOptions } = call;
    const request = { options, audio: { source: { case: "encoded" as const, value: { data: audio } } }, frameEncoding, labels };
    let motion: Motion | undefined;
    const blocks: Float32Array[] = [];
    for await (const { message } of this.motion.generateMotion(request, callOptions)) {
      if (message.case === "header") {
        motion = { header: message.value, layout: new FrameLayout(message.value), frameCount: 0, data: new Float32Array(), summary: undefined };
      } else if (message.case === "frames" && motion) {
        blocks.push(framesOf(message.value, motion.layout));
        motion.frameCount += message.value.frameCount;
        if (motion.header.frameCount) onProgress?.(motion.frameCount / Number(motion.header.frameCount));
      } else if (message.case === "summary" && motion) {
        motion.summary = message.value;
      }
    }
    if (!motion?.summary) throw new ConnectError("the motion ended before its summary", Code.DataLoss);
    motion.data = new Float32Array(motion.frameCount * motion.layout.floats);
    let at = 0;
    for (const block of blocks) {
      motion.data.set(block, at);
      at += block.length;
    }
    return motion;
  }

  /** A live stream, once a server has answered. It continues by itself where that is lost. format: of what will be pushed. */
  live(format: MessageInitShape<typeof PcmFormatSchema>, options: MotionOptionsInit = {}, more: LiveOptions = {}): Promise<LiveStream> {
    return LiveStream.open(this.servers, { ...more, options, format });
  }
}

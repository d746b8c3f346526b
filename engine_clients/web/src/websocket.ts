import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, DescMethod, DescMethodStreaming, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StreamResponse, Transport, UnaryResponse } from "@connectrpc/connect";

import { toServers } from "./addresses.js";
import type { ServerTransport } from "./addresses.js";

export interface WebSocketOptions {
  /** "ws://host:port" of the server's WebSockets, or "wss://...", or a list of servers. */
  baseUrl: string | readonly string[];
  /** Where the server wants one. */
  token?: string;
  /** Where there is no global one: Node before 22, with the package ws. */
  WebSocket?: typeof globalThis.WebSocket;
}

/** The server closes with this plus a status' number (docs/reference/contract.md). */
const STATUS_CLOSE_CODE = 4000;
const TOO_BIG_CLOSE_CODE = 1009;
/** Bytes. While more than this waits to be sent, requests wait too. */
const MOST_BUFFERED_BYTES = 1 << 18;
/** A server that is asked to close and does not is left after so long. */
const LEAVING_MS = 500;

type OneServer = WebSocketOptions & { baseUrl: string };

/**
 * All calls of the contract from browsers, live streams too: a connection each. It is a transport for Connect's
 * clients, so errors are ConnectErrors with gRPC's codes.
 */
export function webSocketTransport(options: WebSocketOptions): ServerTransport {
  const reach = (baseUrl: string) => toServer({ ...options, baseUrl });
  return toServers(options.baseUrl, reach, (address) => ({ transport: reach(address), closesFirst: true, close: () => {} }));
}

function toServer(options: OneServer): Transport {
  return {
    async unary<I extends DescMessage, O extends DescMessage>(
      method: DescMethodUnary<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      _header: HeadersInit | undefined,
      input: MessageInitShape<I>,
    ): Promise<UnaryResponse<I, O>> {
      const call = new Call(options, method, signal, timeoutMs);
      await call.opened;
      call.send(toBinary(method.input, create(method.input, input)));
      for await (const bytes of call)
        return {
          stream: false, service: method.parent, method, header: new Headers(), trailer: new Headers(),
          message: fromBinary(method.output, bytes),
        };
      throw new ConnectError("the server ended the call without an answer", Code.Internal);
    },

    async stream<I extends DescMessage, O extends DescMessage>(
      method: DescMethodStreaming<I, O>,
      signal: AbortSignal | undefined,
      timeoutMs: number | undefined,
      _header: HeadersInit | undefined,
      input: AsyncIterable<MessageInitShape<I>>,
    ): Promise<StreamResponse<I, O>> {
      const call = new Call(options, method, signal, timeoutMs);
      await call.opened;
      void (async () => {
        try {
          for await (const request of input) {
            await call.room();
            call.send(toBinary(method.input, create(method.input, request)));
          }
          if (method.methodKind === "bidi_streaming") call.send(new Uint8Array());
        } catch (error) {
          call.fail(ConnectError.from(error));
        }
      })();
      async function* messages(): AsyncGenerator<MessageShape<O>> {
        for await (const bytes of call) yield fromBinary(method.output, bytes);
      }
      return {
        stream: true, service: method.parent, method, header: new Headers(), trailer: new Headers(), message: messages(),
      };
    },
  };
}

/** One connection. Iterating gives the responses' bytes until the server closes; leaving the loop closes it. */
class Call implements AsyncIterable<Uint8Array> {
  readonly opened: Promise<void>;
  private readonly socket: WebSocket;
  private readonly received: Uint8Array[] = [];
  private wake: () => void = () => {};
  private status = "";
  private end: { error?: ConnectError } | undefined;
  private readonly release: () => void;
  private left: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OneServer, method: DescMethod, signal?: AbortSignal, timeoutMs?: number) {
    const protocols = options.token ? ["pantomatrix.v1", `pantomatrix.bearer.${options.token}`] : ["pantomatrix.v1"];
    const address = `${options.baseUrl.replace(/\/$/, "")}/${method.parent.typeName}/${method.name}`;
    this.socket = new (options.WebSocket ?? globalThis.WebSocket)(address, protocols);
    this.socket.binaryType = "arraybuffer";
    let isOpen = false;
    this.opened = new Promise((resolve, reject) => {
      this.socket.onopen = () => {
        isOpen = true;
        resolve();
      };
      this.socket.onclose = (event) => {
        clearTimeout(this.left);
        const error = isOpen
          ? closingError(event, this.status)
          : new ConnectError(`no server answers at ${options.baseUrl}, or it refuses this page`, Code.Unavailable);
        this.finish(error);
        if (!isOpen) reject(this.end?.error ?? error);
      };
    });
    this.socket.onerror = () => {}; // onclose follows, and says more
    this.socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.status = data;
      else this.received.push(new Uint8Array(data as ArrayBuffer));
      this.wake();
    };
    const abort = () => this.fail(new ConnectError("cancelled by the caller", Code.Canceled));
    const late = () => this.fail(new ConnectError("the call took longer than its timeout", Code.DeadlineExceeded));
    const timer = timeoutMs ? setTimeout(late, timeoutMs) : undefined;
    signal?.addEventListener("abort", abort);
    this.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted) abort();
  }

  send(bytes: Uint8Array): void {
    if (this.socket.readyState === WEBSOCKET_OPEN) this.socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  /** Until so little waits to be sent that more may. */
  async room(): Promise<void> {
    while (this.socket.bufferedAmount > MOST_BUFFERED_BYTES && !this.end) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  fail(error: ConnectError): void {
    this.finish(error);
    this.leave();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      while (true) {
        const next = this.received.shift();
        if (next) yield next;
        else if (this.end?.error) throw this.end.error;
        else if (this.end) return;
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      this.finish(undefined);
      this.leave();
    }
  }

  /** Browsers see to it that a connection ends that was closed; Node's package would wait half a minute for a server's answer. */
  private leave(): void {
    this.socket.close();
    const { terminate } = this.socket as { terminate?: () => void };
    if (!terminate || this.socket.readyState === WEBSOCKET_CLOSED || this.left) return;
    this.left = setTimeout(() => terminate.call(this.socket), LEAVING_MS);
  }

  private finish(error: ConnectError | undefined): void {
    this.end ??= error ? { error } : {};
    this.release();
    this.wake();
  }
}

const WEBSOCKET_OPEN = 1;
const WEBSOCKET_CLOSED = 3;

function closingError(event: { code: number; reason: string }, status: string): ConnectError | undefined {
  const code = event.code - STATUS_CLOSE_CODE;
  if (code > 0 && code <= 16) return statusError(code, status, event.reason);
  if (event.code === TOO_BIG_CLOSE_CODE) return new ConnectError("the request is larger than the server takes", Code.ResourceExhausted);
  if (event.code === 1000) return undefined;
  return new ConnectError(`the connection was lost (${event.code}) ${event.reason}`, Code.Unavailable);
}

/** Of the google.rpc.Status that came as JSON; the request's id is in the metadata as over gRPC. */
export function statusError(code: number, status: string, reason = ""): ConnectError {
  const { message = reason, details = [] } = status ? JSON.parse(status) : {};
  const id = details.find((detail: any) => detail.metadata?.request_id)?.metadata.request_id;
  return new ConnectError(message, code, id ? { "x-request-id": id } : undefined);
}

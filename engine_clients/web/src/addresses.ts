import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { StreamResponse, Transport } from "@connectrpc/connect";

/** A connection of its own to one address. */
export interface Connection {
  readonly transport: Transport;
  /** Whether the caller ends it once all has come, and not the server. */
  readonly closesFirst?: boolean;
  /** Ends it at once, whatever the other side says. */
  close(): void;
}

/** A transport to one server or several that do the same. Calls go to the first that answers. */
export interface ServerTransport extends Transport {
  readonly addresses: readonly string[];
  /** A new connection, so that one that may be dead is never used again. */
  dial(address: string): Connection;
}

/** reach: makes a transport to an address. dial: see ServerTransport. */
export function toServers(
  baseUrl: string | readonly string[], reach: (address: string) => Transport, dial: (address: string) => Connection,
): ServerTransport {
  const addresses = typeof baseUrl === "string" ? [baseUrl] : [...baseUrl];
  if (!addresses.length) throw new RangeError("baseUrl is an empty list, expected an address at least");
  const transports = addresses.map(reach);
  return {
    addresses,
    dial,
    unary: (...call) => firstThatAnswers(transports, (transport) => transport.unary(...call)),
    stream(method, signal, timeoutMs, header, input, values) {
      // What is said live is said once: live streams are opened by `dial`.
      if (method.methodKind !== "server_streaming" || transports.length < 2)
        return transports[0]!.stream(method, signal, timeoutMs, header, input, values);
      return firstThatAnswers(transports, (transport) => opened(transport.stream(method, signal, timeoutMs, header, again(input), values)));
    },
  };
}

/** A transport of Connect's own is one server, over whatever connection it has. */
export function asServers(transport: Transport): ServerTransport {
  if ("dial" in transport) return transport as ServerTransport;
  return {
    unary: (...call) => transport.unary(...call),
    stream: (...call) => transport.stream(...call),
    addresses: [""],
    dial: () => ({ transport, close: () => {} }),
  };
}

async function firstThatAnswers<T>(transports: readonly Transport[], call: (transport: Transport) => Promise<T>): Promise<T> {
  for (const transport of transports.slice(0, -1)) {
    try {
      return await call(transport);
    } catch (error) {
      if (ConnectError.from(error).code !== Code.Unavailable) throw error;
    }
  }
  return call(transports.at(-1)!);
}

const HEARD = new WeakMap<object, unknown[]>();

/** The same requests for each call. */
async function* again<T>(input: AsyncIterable<T>): AsyncGenerator<T> {
  const heard = (HEARD.get(input) as T[] | undefined) ?? [];
  if (!HEARD.has(input)) {
    for await (const request of input) heard.push(request);
    HEARD.set(input, heard);
  }
  yield* heard;
}

/** The answer, once its first message has come: before that an error is the connection's. */
async function opened<I extends DescMessage, O extends DescMessage>(answer: Promise<StreamResponse<I, O>>): Promise<StreamResponse<I, O>> {
  const response = await answer;
  const messages = response.message[Symbol.asyncIterator]();
  const first = await messages.next();
  async function* all(): AsyncGenerator<MessageShape<O>> {
    try {
      for (let next = first; !next.done; next = await messages.next()) yield next.value;
    } finally {
      await messages.return?.();
    }
  }
  return { ...response, message: all() };
}


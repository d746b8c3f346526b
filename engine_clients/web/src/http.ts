import type { Interceptor, Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

export interface HttpOptions {
  /** "http://host:port" of the server's web port, or "https://...". */
  baseUrl: string;
  /** Where the server wants one. */
  token?: string;
}

/** Calls with one request over HTTP, by the Connect protocol: from behind any proxy. Live streams need webSocketTransport. */
export function httpTransport(options: HttpOptions): Transport {
  return createConnectTransport({
    baseUrl: options.baseUrl,
    useBinaryFormat: true,
    interceptors: options.token ? [bearer(options.token)] : [],
  });
}

/** Puts a token into every call's header. */
export function bearer(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

import type { Interceptor } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";

import { toServers } from "./addresses.js";
import type { ServerTransport } from "./addresses.js";

export interface HttpOptions {
  /** "http://host:port" of the server's web port, or "https://...", or a list of servers. */
  baseUrl: string | readonly string[];
  /** Where the server wants one. */
  token?: string;
}

/** Calls with one request over HTTP, by the Connect protocol: from behind any proxy. Live streams need webSocketTransport. */
export function httpTransport(options: HttpOptions): ServerTransport {
  const interceptors = options.token ? [bearer(options.token)] : [];
  const reach = (baseUrl: string) => createConnectTransport({ baseUrl, useBinaryFormat: true, interceptors });
  return toServers(options.baseUrl, reach, (address) => ({ transport: reach(address), close: () => {} }));
}

/** Puts a token into every call's header. */
export function bearer(token: string): Interceptor {
  return (next) => (request) => {
    request.header.set("authorization", `Bearer ${token}`);
    return next(request);
  };
}

import { Http2SessionManager, createGrpcTransport } from "@connectrpc/connect-node";

import { toServers } from "./addresses.js";
import type { ServerTransport } from "./addresses.js";
import { bearer } from "./http.js";
import type { HttpOptions } from "./http.js";

/** Node's way to the server: gRPC over HTTP/2, all calls. baseUrl: "http://host:port", or "https://..." for TLS, or a list. */
export function grpcTransport(options: HttpOptions): ServerTransport {
  const interceptors = options.token ? [bearer(options.token)] : [];
  const reach = (baseUrl: string) => createGrpcTransport({ baseUrl, interceptors });
  return toServers(options.baseUrl, reach, (baseUrl) => {
    const sessionManager = new Http2SessionManager(baseUrl);
    const transport = createGrpcTransport({ baseUrl, interceptors, sessionManager });
    return { transport, close: () => sessionManager.abort() };
  });
}

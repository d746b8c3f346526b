import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

import { bearer } from "./http.js";
import type { HttpOptions } from "./http.js";

/** Node's way to the server: gRPC over HTTP/2, all calls. baseUrl: "http://host:port", or "https://..." for TLS. */
export function grpcTransport(options: HttpOptions): Transport {
  return createGrpcTransport({ baseUrl: options.baseUrl, interceptors: options.token ? [bearer(options.token)] : [] });
}

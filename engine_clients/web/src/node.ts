import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

export interface GrpcOptions {
  /** "http://host:port", or "https://..." for TLS. */
  baseUrl: string;
  /** Where the server wants one. */
  token?: string;
}

/** Node's way to the server: gRPC over HTTP/2. */
export function grpcTransport(options: GrpcOptions): Transport {
  const authorize: Interceptor = (next) => (request) => {
    request.header.set("authorization", `Bearer ${options.token}`);
    return next(request);
  };
  return createGrpcTransport({ baseUrl: options.baseUrl, interceptors: options.token ? [authorize] : [] });
}

import { Code, ConnectError } from "@connectrpc/connect";

/** An attempt to open a call may take so long, until its header has come. */
export const ATTEMPT_MS = 2000;
/** All attempts together. */
export const GIVE_UP_MS = 60_000;
/** Between rounds of all addresses; from the last on it stays. */
const PAUSES_MS = [0, 100, 200, 400, 800, 1000];

const ENDS_A_CONNECTION = new Set([Code.Unavailable, Code.Canceled, Code.DataLoss, Code.Aborted]);
const MAY_END_A_CONNECTION = new Set([Code.Internal, Code.Unknown]);
const OF_WHAT_WAS_ASKED = new Set([Code.InvalidArgument, Code.Unauthenticated, Code.PermissionDenied]);

/** Whether a server, a connection or a network was lost; else the error is the server's answer. */
export function isLost(error: ConnectError): boolean {
  if (ENDS_A_CONNECTION.has(error.code)) return true;
  const isAnswer = error.metadata.has("x-request-id");
  if (isAnswer) return false;
  // A message that was cut off is told as an invalid one.
  return MAY_END_A_CONNECTION.has(error.code) || (error.code === Code.InvalidArgument && error.rawMessage.startsWith("protocol error"));
}

/** Whether no other server would do what this one did not. */
export function isFinal(error: ConnectError): boolean {
  return OF_WHAT_WAS_ASKED.has(error.code) && !isLost(error);
}

/** Before attempt number `attempt` (0 is the first) at so many addresses. */
export function pauseBefore(attempt: number, addresses: number): number {
  if (attempt % addresses) return 0;
  return PAUSES_MS[Math.min(attempt / addresses, PAUSES_MS.length - 1)]!;
}

/** Resolves after so long, or as soon as the signal is given. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener("abort", over);
    if (signal.aborted) over();
  });
}

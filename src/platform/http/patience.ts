import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client may take. */
export interface Patience {
  /** Milliseconds for the head of a request. */
  headersMs: number;
  /** Milliseconds in which a body must make progress. */
  bodyMs: number;
  /** Milliseconds for the rest of a body whose request is answered already. */
  restMs: number;
}

export const PATIENCE: Patience = { headersMs: 30_000, bodyMs: 60_000, restMs: 5_000 };

/** Bytes of a body that count as progress. */
const LEAST_BYTES = 1024;
/** Bytes of a body that are thrown away after the answer, so that a client which is still sending can read it. */
const MOST_REST = 4 * 1024 * 1024;

/**
 * Calls `stalled` once when a body that is being read brings next to nothing for `bodyMs`. A reader that takes its time
 * is no stall. Ends with the request; the function returned ends it earlier.
 */
export function watchBody(request: IncomingMessage, bodyMs: number, stalled: () => void): () => void {
  let received = 0;
  const count = (chunk: Buffer): void => {
    received += chunk.length;
  };
  const timer = setInterval(() => {
    const reading = request.readableFlowing === true;
    if (reading && received < LEAST_BYTES) {
      stop();
      stalled();
    }
    received = 0;
  }, bodyMs);
  timer.unref();
  function stop(): void {
    clearInterval(timer);
    request.off('data', count);
  }
  // a listener would set the body flowing before anybody reads it
  request.once('resume', () => request.on('data', count));
  for (const event of ['end', 'close']) request.once(event, stop);
  return stop;
}

/** Closes the connection of a request that is answered when the rest of its body is long in coming, or very long. */
export function discardRest(request: IncomingMessage, restMs: number): void {
  const { socket } = request;
  if (request.complete || !isSocket(socket)) return;
  const from = socket.bytesRead;
  const deadline = Date.now() + restMs;
  const timer = setInterval(
    () => {
      if (request.complete || socket.destroyed) clearInterval(timer);
      else if (socket.bytesRead - from > MOST_REST || Date.now() > deadline) {
        clearInterval(timer);
        socket.destroy();
      }
    },
    Math.min(200, restMs),
  );
  timer.unref();
}

/** Requests that are made within the process have no socket. */
function isSocket(socket: Socket | undefined): socket is Socket {
  return typeof socket?.bytesRead === 'number' && typeof socket.destroy === 'function';
}

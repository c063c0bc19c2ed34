import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Statuses of errors that the parser of HTTP finds, by code; 400 for all others. */
const STATUSES: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

const DETAILS: Readonly<Record<number, string>> = {
  400: 'The request is not valid HTTP',
  408: 'The request did not arrive in time',
  413: 'The extensions of a chunk are too large',
  431: 'The head of the request is too large',
};

/** Answers what is no request, and closes the connection. */
export interface BrokenRequests {
  /** Remembers the request that a connection is busy with. */
  begun(request: IncomingMessage): void;
  answered(request: IncomingMessage): void;
  /** For the event `clientError`. */
  refuse(error: Error & { code?: string }, socket: Socket): void;
}

/**
 * The answer is a problem (RFC 7807), like those of requests. It is sent only where it cannot be taken for the answer to
 * another request of the connection: a request that is complete gets its own answer first, and then the end.
 */
export function brokenRequests(): BrokenRequests {
  const busy = new WeakMap<Socket, IncomingMessage>();
  const finish = new WeakMap<IncomingMessage, () => void>();
  return {
    begun: (request) => void busy.set(request.socket, request),
    answered(request) {
      if (busy.get(request.socket) === request) busy.delete(request.socket);
      finish.get(request)?.();
    },
    refuse(error, socket) {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
      const request = busy.get(socket);
      if (request?.complete) finish.set(request, () => socket.destroySoon());
      else socket.end(answerTo(error.code));
    },
  };
}

function answerTo(code: string | undefined): string {
  const status = STATUSES[code ?? ''] ?? 400;
  const title = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: DETAILS[status] });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

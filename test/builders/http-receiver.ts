import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that a receiver got. */
export interface ReceivedRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
  at: number;
}

/**
 * How a receiver answers a request; `cut` closes the connection in the middle of the body, `close` instead of an answer;
 * undefined keeps the connection open without an answer.
 */
export type Reply =
  | { status: number; headers?: Record<string, string>; body?: string; cut?: boolean }
  | 'close'
  | undefined;

/** An HTTP server that keeps what it gets and answers as it is told. */
export interface HttpReceiver {
  url: string;
  requests: ReceivedRequest[];
  /** Decides about the next requests. */
  answer(reply: (request: ReceivedRequest, count: number) => Reply): void;
  close(): Promise<void>;
}

/** Starts a receiver on a free port of this machine. */
export async function startReceiver(): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = [];
  let reply: (request: ReceivedRequest, count: number) => Reply = () => ({ status: 200, body: 'ok' });
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        at: Date.now(),
      };
      requests.push(request);
      const answer = reply(request, requests.length);
      if (answer === undefined) return;
      if (answer === 'close') return void incoming.socket.destroy();
      const { status, headers, body = '', cut } = answer;
      if (!cut) return void outgoing.writeHead(status, headers).end(body);
      outgoing.writeHead(status, { ...headers, 'content-length': body.length + 100 });
      outgoing.write(body, () => incoming.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (next) => {
      reply = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

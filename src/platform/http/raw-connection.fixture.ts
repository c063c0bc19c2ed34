import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back over a connection. */
export interface RawAnswer {
  /** Statuses of the answers, in their order. */
  statuses: number[];
  text: string;
  /** The server ended the connection within the time. */
  closed: boolean;
}

/** Sends bytes over a new connection of its own, piece by piece, and collects the answer until the end or the time. */
export async function sendRaw(
  port: number,
  pieces: Iterable<string | Buffer> | AsyncIterable<string>,
  options: { waitMs?: number; halfClose?: boolean; until?: RegExp } = {},
): Promise<RawAnswer> {
  const { waitMs = 3_000, halfClose = false, until } = options;
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  // a server that has had enough resets the connection
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const chunks: Buffer[] = [];
  let closed = false;
  const ended = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    const done = (): void => {
      closed = true;
      clearTimeout(timer);
      resolve();
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (!until?.test(Buffer.concat(chunks).toString('latin1'))) return;
      clearTimeout(timer);
      resolve();
    });
    socket.once('end', done);
    socket.once('close', done);
  });
  for await (const piece of pieces) {
    if (closed || socket.destroyed || !socket.writable) break;
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain').catch(() => undefined), ended]);
  }
  if (halfClose) socket.end();
  await ended;
  socket.destroy();
  const text = Buffer.concat(chunks).toString('latin1');
  return { statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])), text, closed };
}

import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { FrameReader, fatalError, type Unit } from './frames.ts';
import type { Client, Turns } from './turns.ts';

/** COPY from the client needs answers in the middle of a statement, which the engine cannot wait for. */
const COPY_IN = /^\s*copy\s[\s\S]*\sfrom\s+stdin/i;

/** Serves the engine to PostgreSQL clients on a unix socket which only this user may open. */
export async function serveSocket(path: string, turns: Turns): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveClient(socket, turns);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serveClient(socket: Socket, turns: Turns): void {
  const frames = new FrameReader();
  const client: Client = {
    send: (bytes) => {
      if (socket.writable) socket.write(Buffer.from(bytes));
    },
    refuse: (code, message) => {
      if (socket.writable) socket.end(fatalError(code, message));
    },
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const unit of frames.push(chunk)) handle(unit, socket, client, turns);
    } catch (error) {
      client.refuse('08P01', error instanceof Error ? error.message : String(error));
      void turns.leave(client);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => void turns.leave(client));
}

function handle(unit: Unit, socket: Socket, client: Client, turns: Turns): void {
  switch (unit.kind) {
    case 'encryption-request':
      socket.write('N');
      return;
    case 'cancel':
    case 'terminate':
      socket.end();
      return;
    case 'startup':
      turns.submit(client, unit.bytes, false);
      return;
    case 'work':
      if (unit.bytes[0] === 0x51 && COPY_IN.test(Buffer.from(unit.bytes.subarray(5, 2_000)).toString())) {
        client.refuse('0A000', 'COPY FROM STDIN is not supported by the embedded database');
        return;
      }
      turns.submit(client, unit.bytes, unit.open);
  }
}

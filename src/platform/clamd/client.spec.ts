import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasClamd, MALWARE_MARK, startClamd } from '../../../test/builders/clamd.ts';
import { createClamdClient } from './client.ts';

/** A server that gets all bytes of a session so far, and may answer. */
function serve(answer: (received: string, socket: Socket) => void): Promise<{ server: Server; address: string }> {
  const server = createServer((socket) => {
    let received = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
      answer(received, socket);
    });
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      resolve({ server, address: `127.0.0.1:${port}` });
    }),
  );
}

describe('a daemon that misbehaves', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());
  const client = async (answer: (received: string, socket: Socket) => void, timeoutMs = 5_000) => {
    const started = await serve(answer);
    server = started.server;
    return createClamdClient({ address: started.address, timeoutMs });
  };

  it('is none', async () => {
    const other = await client((_, socket) => socket.write('1: SSH-2.0\0'));
    await expect(other.version()).rejects.toThrow(/is no clamd/);
    other.close();
  });

  it('never answers', async () => {
    const silent = await client(() => undefined, 200);
    await expect(silent.version()).rejects.toMatchObject({ kind: 'unreachable', message: /in time/ });
  });

  it('closes in the middle of a file', async () => {
    const rude = await client((received, socket) => received.includes('INSTREAM') && socket.destroy(), 500);
    const endless = (function* () {
      for (let i = 0; i < 10_000; i++) yield new Uint8Array(65_536);
    })();
    await expect(rude.scan(endless)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('answers without end', async () => {
    const verbose = await client((_, socket) => socket.write('x'.repeat(100_000)));
    await expect(verbose.version()).rejects.toThrow(/no end/);
  });

  it('refuses a large file before its end', async () => {
    const strict = await client(
      (received, socket) => received.length > 200_000 && socket.end('1: INSTREAM size limit exceeded. ERROR\0'),
    );
    const large = Array.from({ length: 100 }, () => new Uint8Array(65_536));
    await expect(strict.scan(large)).rejects.toMatchObject({ kind: 'refused', message: /size limit/ });
  });

  it('refuses a large file and takes its answer with it', async () => {
    const abrupt = await client((received, socket) => {
      if (received.includes('VERSION')) socket.write('1: ClamAV 1.0.0\0');
      else if (received.length > 200_000) socket.destroy();
    });
    const large = Array.from({ length: 100 }, () => new Uint8Array(65_536));
    await expect(abrupt.scan(large)).rejects.toMatchObject({ kind: 'refused', message: /while the file was sent/ });
    abrupt.close();
  });

  it('is not there', async () => {
    const nobody = createClamdClient({ address: '/no/such/socket', timeoutMs: 1_000 });
    await expect(nobody.version()).rejects.toMatchObject({ kind: 'unreachable', message: /cannot be reached at/ });
  });
});

describe.skipIf(!hasClamd())('clamd (needs clamav-daemon)', () => {
  let daemon: Awaited<ReturnType<typeof startClamd>>;
  beforeAll(async () => {
    daemon = await startClamd();
  }, 90_000);
  afterAll(() => daemon?.stop());

  it('tells its version, and scans one file after the other in a session', async () => {
    const client = createClamdClient({ address: daemon.address, timeoutMs: 20_000 });
    expect((await client.version()).engine).toMatch(/^ClamAV \d/);
    expect(await client.scan([Buffer.from('nothing here')])).toBeUndefined();
    expect(
      await client.scan([Buffer.from(`before ${MALWARE_MARK.slice(0, 10)}`), Buffer.from(MALWARE_MARK.slice(10))]),
    ).toMatch(/Windlass\.Test/);
    expect(await client.scan([])).toBeUndefined();
    await expect(client.scan([new Uint8Array(3 << 20)])).rejects.toMatchObject({ kind: 'refused' });
    expect(await client.scan([Buffer.from(MALWARE_MARK)])).toMatch(/Windlass\.Test/);
    client.close();
  });
});

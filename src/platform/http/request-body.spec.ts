import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bodyBytes } from './request-body.ts';

function request(headers: Record<string, string> = {}): IncomingMessage {
  return Object.assign(new PassThrough(), { headers }) as unknown as IncomingMessage;
}

describe('the body of a request that is refused before it is read', () => {
  it('may end early, break or be malformed without ending the process', async () => {
    const aborted = request();
    const early = bodyBytes(aborted, 100);
    aborted.emit('aborted');
    const broken = request({ 'content-encoding': 'gzip' });
    const malformed = bodyBytes(broken, 100);
    (broken as unknown as PassThrough).end('no gzip');
    const large = request();
    const tooLarge = bodyBytes(large, 2);
    (large as unknown as PassThrough).end('long');
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect([early.destroyed, malformed.destroyed, tooLarge.destroyed]).toEqual([true, true, true]);
  });

  it('still fails for whoever reads it', async () => {
    const large = request();
    const body = bodyBytes(large, 2);
    (large as unknown as PassThrough).end('long');
    await expect(body.toArray()).rejects.toThrow('too large');
  });
});

import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from './index.ts';
import { prettyLine } from './pretty.ts';

function capture(): { lines: string[]; stream: Writable } {
  const lines: string[] = [];
  return {
    lines,
    stream: new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  };
}

describe('createLogger', () => {
  it('writes JSON lines with level names and child fields', () => {
    const { lines, stream } = capture();
    createLogger({ level: 'info', format: 'auto', access: true }, stream)
      .child({ component: 'jobs' })
      .warn({ id: 1 }, 'late');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', component: 'jobs', id: 1, msg: 'late' });
  });

  it('hides secrets wherever they usually stand', () => {
    const { lines, stream } = capture();
    const log = createLogger({ level: 'trace', format: 'json', access: true }, stream);
    log.info({ password: 'hunter2', body: { token: 'hunter2' }, headers: { authorization: 'hunter2' } }, 'a');
    log.info(
      {
        req: { headers: { authorization: 'hunter2', cookie: 'hunter2' } },
        res: { headers: { 'set-cookie': 'hunter2' } },
      },
      'b',
    );
    expect(lines.join('')).not.toContain('hunter2');
    expect(lines.join('')).toContain('[redacted]');
  });

  it('leaves out lines below the level', () => {
    const { lines, stream } = capture();
    createLogger({ level: 'error', format: 'json', access: true }, stream).info('nothing');
    expect(lines).toEqual([]);
  });

  it('prints for people', () => {
    const { lines, stream } = capture();
    const log = createLogger({ level: 'info', format: 'pretty', access: true }, stream).child({ component: 'api' });
    log.error({ err: new Error('broken'), port: 8228 }, 'cannot listen');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d error api cannot listen port=8228\nError: broken\n/);
  });

  it('does not let a message drive the terminal', () => {
    const line = prettyLine(JSON.stringify({ level: 30, time: 0, msg: 'a\u001b[2Jb', name: '\u001b]0;x' }), false);
    expect(line).not.toContain('\u001b');
  });
});

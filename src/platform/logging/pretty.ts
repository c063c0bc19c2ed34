import { Writable } from 'node:stream';

const LEVELS: Record<number, [name: string, colour: number]> = {
  10: ['trace', 90],
  20: ['debug', 90],
  30: ['info', 32],
  40: ['warn', 33],
  50: ['error', 31],
  60: ['fatal', 35],
};
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'err', 'component']);
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A line for people from a line of JSON: time, level, component, message, and the rest as `name=value`. */
export function prettyLine(line: string, colour: boolean): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  // Names from images and registries are printed: they must not drive the terminal.
  const clean = (text: string): string => text.replace(CONTROL, '\ufffd');
  const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const [level, code] = LEVELS[Number(entry.level)] ?? ['log', 0];
  const time = new Date(Number(entry.time)).toISOString().slice(11, 19);
  const rest = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => paint(clean(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`), 90));
  const component = entry.component ? `${paint(clean(String(entry.component)), 36)} ` : '';
  const error = entry.err as { message?: string; stack?: string } | undefined;
  const trace = error ? `\n${error.stack ?? error.message ?? ''}` : '';
  const head = `${paint(time, 90)} ${paint(level.padEnd(5), code)} ${component}`;
  return [head + clean(String(entry.msg ?? '')), ...rest].join(' ') + clean(trace);
}

/** A stream that takes lines of JSON and prints them for people. */
export function prettyStream(target: NodeJS.WritableStream & { isTTY?: boolean }): Writable {
  const colour = target.isTTY === true && !process.env.NO_COLOR;
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      for (const line of String(chunk).split('\n')) if (line) target.write(`${prettyLine(line, colour)}\n`);
      done();
    },
  });
}

import fc from 'fast-check';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** Texts that break careless programs: terminators, half characters, numbers beyond each limit, impossible times, patterns. */
export const ODD_WORDS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff tail',
  '\uffff',
  '\u202e\u0007',
  '😀',
  '..',
  '../../etc/passwd',
  '%',
  '%2e%2e',
  "'",
  '"; --',
  '\\',
  '$1',
  '{}',
  '[]',
  'null',
  'true',
  '-1',
  '0',
  '1',
  '1.5',
  'NaN',
  'Infinity',
  '1e309',
  '2147483648',
  '9223372036854775808',
  '99999999999999999999999999',
  '0000-00-00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T00:00:00+99:99',
  '__proto__',
  'constructor',
  'toString',
  'admin',
  '*',
  '(a+)+$',
  'latest',
  'library/alpine:latest',
  '00000000-0000-0000-0000-000000000000',
  DIGEST,
  DIGEST.toUpperCase(),
  'x'.repeat(3_000),
];

/** A word that no schema asked for. */
export const oddWord: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ODD_WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);

/** Any JSON value, odd ones above all. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddWord },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      0.5,
      2 ** 31,
      2 ** 53,
      1e308,
      -1e308,
      [],
      {},
      [null],
      [[[[]]]],
      { $ref: '#' },
    ),
  },
  { weight: 1, arbitrary: fc.array(oddWord, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** A valid value damaged in one place: a field lost, replaced, added, repeated very often, or nested very deep. */
export function damaged(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      valid,
      fc.nat(),
      fc.constantFrom('drop', 'replace', 'replace', 'replace', 'extra', 'many'),
      oddValue,
      oddWord,
    )
    .map(([value, at, how, odd, name]) => damage(structuredClone(value), at, how, odd, name));
}

interface Place {
  holder: Record<string, unknown> | unknown[];
  key: string | number;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (value === null || typeof value !== 'object') return found;
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  for (const key of keys) {
    found.push({ holder: value as unknown[], key });
    placesIn((value as Record<string | number, unknown>)[key], found);
  }
  return found;
}

/** Sets a field of any name, `__proto__` included, as a parser of JSON would. */
function define(holder: object, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function damage(value: unknown, at: number, how: string, odd: unknown, name: string): unknown {
  const places = placesIn(value);
  const place = places[at % Math.max(places.length, 1)];
  if (!place) return odd;
  const { holder, key } = place;
  const old = (holder as Record<string | number, unknown>)[key];
  if (how === 'drop') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key as string];
  } else if (how === 'extra')
    define(Array.isArray(holder) ? holder : holder, Array.isArray(holder) ? holder.length : name, odd);
  else if (how === 'many' && Array.isArray(old)) define(holder, key, Array(old.length ? 10_000 : 0).fill(old[0]));
  else define(holder, key, odd);
  return value;
}

import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deb } from './deb/index.ts';
import { gem } from './gem/index.ts';
import { pep440 } from './pep440/index.ts';
import { rpm } from './rpm/index.ts';
import type { VersionScheme } from './types.ts';

/** Runs a program with pairs of versions as JSON on its input; it answers with a JSON list of -1, 0 and 1. */
function ask(command: string, args: string[], pairs: [string, string][]): number[] | undefined {
  const run = spawnSync(command, args, { input: JSON.stringify(pairs), encoding: 'utf8', timeout: 60_000 });
  return run.status === 0 ? (JSON.parse(run.stdout) as number[]) : undefined;
}

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { timeout: 30_000 }).status === 0;
}

function compareWithPeer(scheme: VersionScheme, pairs: [string, string][], answers: number[] | undefined): void {
  expect(answers).toHaveLength(pairs.length);
  const wrong = pairs.filter(([a, b], at) => scheme.compare(a, b) !== Math.sign(answers?.[at] ?? Number.NaN));
  expect(wrong).toEqual([]);
}

const digits = fc.oneof(fc.nat(30).map(String), fc.constantFrom('0', '00', '01', '010', '20240101', '99999999999'));
const pairsOf = (text: fc.Arbitrary<string>): [string, string][] =>
  fc.sample(fc.tuple(text, text), { numRuns: 500, seed: 7 });

const debText = fc
  .tuple(
    fc.constantFrom('', '0:', '1:'),
    digits,
    fc.array(fc.tuple(fc.constantFrom('.', '~', '+', 'a', 'rc', '+dfsg', '~beta', 'p', '.git'), digits), {
      maxLength: 3,
    }),
    fc.constantFrom('', '-1', '-0', '-1+deb12u1', '-1~bpo1', '-2ubuntu0.1', '-1.1'),
  )
  .map(([epoch, first, rest, revision]) => epoch + first + rest.map((part) => part.join('')).join('') + revision);

describe('deb against dpkg', () => {
  it.skipIf(!works('dpkg', ['--version']))('orders generated pairs alike (skipped without dpkg)', () => {
    const script =
      'while IFS=" " read -r a b; do if dpkg --compare-versions "$a" lt "$b"; then echo -1; elif dpkg --compare-versions "$a" eq "$b"; then echo 0; else echo 1; fi; done';
    const pairs = pairsOf(debText).slice(0, 300);
    const run = spawnSync('sh', ['-c', script], {
      input: `${pairs.map((pair) => pair.join(' ')).join('\n')}\n`,
      encoding: 'utf8',
      timeout: 60_000,
    });
    compareWithPeer(deb, pairs, run.stdout.trim().split('\n').map(Number));
  });
});

const rpmText = fc
  .tuple(
    fc.constantFrom('', '0:', '1:'),
    digits,
    fc.array(fc.tuple(fc.constantFrom('.', '~', '^', '_', 'a', 'rc', '.el', '+'), digits), { maxLength: 4 }),
    fc.constantFrom('-1', '-1.el9', '-2.el9_2', '-0.1.rc1'),
  )
  .map(([epoch, first, rest, release]) => epoch + first + rest.map((part) => part.join('')).join('') + release);

describe('rpm against rpm', () => {
  const lua =
    "%{lua: for a, b in string.gmatch(rpm.expand('%{pairs}'), '([^ ]+) ([^ ]+)') do print(rpm.vercmp(a, b) .. ' ') end}";
  it.skipIf(!works('rpm', ['--eval', "%{lua: print(rpm.vercmp('1', '2'))}"]))(
    'orders generated pairs alike (skipped without rpm)',
    () => {
      const pairs = pairsOf(rpmText);
      const run = spawnSync(
        'rpm',
        ['--define', `pairs ${pairs.map((pair) => pair.join(' ')).join(' ')}`, '--eval', lua],
        { encoding: 'utf8', timeout: 60_000 },
      );
      compareWithPeer(rpm, pairs, run.stdout.trim().split(/\s+/).map(Number));
    },
  );
});

const pythonText = fc
  .tuple(
    fc.constantFrom('', '1!', 'v'),
    digits,
    fc.array(digits, { maxLength: 3 }),
    fc.constantFrom('', 'a1', '.b2', '-rc3', 'c4', '_pre', 'alpha'),
    fc.constantFrom('', '.post1', '-1', 'rev2', '.r3'),
    fc.constantFrom('', '.dev1', 'dev', '-dev02'),
    fc.constantFrom('', '+local', '+1', '+1.a', '+ubuntu-1', '+01'),
  )
  .map(
    ([epoch, first, rest, pre, post, dev, local]) =>
      epoch.replace('1!', '1!') + [first, ...rest].join('.') + pre + post + dev + local,
  );

describe('pep440 against packaging', () => {
  const script =
    'import json,sys\nfrom packaging.version import Version as V\nprint(json.dumps([(V(a)>V(b))-(V(a)<V(b)) for a,b in json.load(sys.stdin)]))';
  it.skipIf(!works('python3', ['-c', 'import packaging.version']))(
    'orders generated pairs alike (skipped without packaging)',
    () => {
      const pairs = pairsOf(pythonText);
      compareWithPeer(pep440, pairs, ask('python3', ['-c', script], pairs));
    },
  );
});

const gemText = fc
  .tuple(
    digits,
    fc.array(fc.oneof(digits, fc.constantFrom('a', 'b2', 'rc1', 'pre', 'beta', '0')), { maxLength: 4 }),
    fc.constantFrom('', '-rc1', '-1'),
  )
  .map(([first, rest, end]) => [first, ...rest].join('.') + end);

describe('gem against Gem::Version', () => {
  const script =
    'require "json"; puts JSON.generate(JSON.parse($stdin.read).map { |a, b| Gem::Version.new(a) <=> Gem::Version.new(b) })';
  it.skipIf(!works('ruby', ['--version']))('orders generated pairs alike (skipped without ruby)', () => {
    const pairs = pairsOf(gemText);
    compareWithPeer(gem, pairs, ask('ruby', ['-e', script], pairs));
  });
});

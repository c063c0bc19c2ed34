import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composer } from './composer/index.ts';
import { deb } from './deb/index.ts';
import { gem } from './gem/index.ts';
import { maven } from './maven/index.ts';
import { npm } from './npm/index.ts';
import { pacman } from './pacman/index.ts';
import { pep440 } from './pep440/index.ts';
import { rpm } from './rpm/index.ts';
import type { VersionScheme } from './types.ts';

/**
 * Orders generated pairs as the programs do that own the schemes. A peer that is not installed is skipped; one that
 * refuses a version answers null, and the pair does not count.
 */
interface Peer {
  scheme: VersionScheme;
  program: string;
  works: () => boolean;
  /** -1, 0, 1 or null for each pair. */
  order: (pairs: [string, string][]) => (number | null)[];
  versions: fc.Arbitrary<string>;
  pairs: number;
  /** Compare generated versions only, none with a character more or less. */
  unchanged?: boolean;
  /** Versions that the program orders by no total order. */
  leftOut?: RegExp;
}

function run(command: string, args: string[], input = ''): string | undefined {
  const result = spawnSync(command, args, { input, encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 ** 2 });
  return result.status === 0 ? result.stdout : undefined;
}

/** Runs a program that reads pairs as JSON and answers with a JSON list. */
function ask(command: string, args: string[], pairs: [string, string][]): (number | null)[] {
  return JSON.parse(run(command, args, JSON.stringify(pairs)) ?? '[]') as (number | null)[];
}

const digits = fc.oneof(
  fc.nat(30).map(String),
  fc.constantFrom('0', '00', '01', '001', '010', '20240101', '99999999999999999999'),
);
const some = (values: string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const joined = (parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(''));
const rest = (separators: string[], maxLength: number): fc.Arbitrary<string> =>
  fc.array(joined([some(separators), fc.oneof(digits, fc.constant(''))]), { maxLength }).map((parts) => parts.join(''));

const require = createRequire(import.meta.url);
const semverModule = (): { compare(a: string, b: string): number; valid(a: string): string | null } | undefined => {
  try {
    return require('semver');
  } catch {
    return undefined;
  }
};

const MAVEN_JAR = '/usr/share/java/maven3-artifact.jar';
const MAVEN_PROGRAM = `import org.apache.maven.artifact.versioning.ComparableVersion;
public class Peer { public static void main(String[] a) throws Exception {
  var in = new java.io.BufferedReader(new java.io.InputStreamReader(System.in)); String l; var out = new StringBuilder();
  while ((l = in.readLine()) != null) { var p = l.split(" ");
    out.append(Integer.signum(new ComparableVersion(p[0]).compareTo(new ComparableVersion(p[1])))).append('\\n'); }
  System.out.print(out); } }`;

const peers: Peer[] = [
  {
    scheme: deb,
    program: 'Dpkg::Version',
    works: () => run('perl', ['-MDpkg::Version', '-e', '1']) !== undefined,
    order: (pairs) => {
      const script =
        'use Dpkg::Version; while (<STDIN>) { chomp; my ($a, $b) = split / /; my ($x, $y) = map { Dpkg::Version->new($_) } $a, $b; print(($x->is_valid && $y->is_valid) ? version_compare($a, $b) : "null", "\\n") }';
      return lines(run('perl', ['-e', script], input(pairs)));
    },
    versions: joined([
      some(['', '0:', '1:', '10:']),
      digits,
      rest(['.', '~', '+', 'a', 'rc', '-', '~~', 'Z', 'A', '+~', '+dfsg', '.git'], 4),
      some(['', '-1', '-0', '-1+deb12u1', '-1~bpo1', '-2ubuntu0.1', '-1.1', '-~', '-2a']),
    ]),
    pairs: 3000,
  },
  {
    scheme: rpm,
    program: 'rpm',
    works: () => run('rpm', ['--eval', "%{lua: print(rpm.vercmp('1', '2'))}"])?.trim() === '-1',
    order: (pairs) => {
      const lua =
        "%{lua: for a, b in string.gmatch(rpm.expand('%{pairs}'), '([^ ]+) ([^ ]+)') do local ok, r = pcall(rpm.vercmp, a, b); print((ok and r or 'null') .. ' ') end}";
      const found: (number | null)[] = [];
      // The pairs are an argument, of which the system takes 128 KiB.
      for (let at = 0; at < pairs.length; at += 1000) {
        const list = pairs
          .slice(at, at + 1000)
          .map((pair) => pair.join(' '))
          .join(' ');
        found.push(...lines(run('rpm', ['--define', `pairs ${list}`, '--eval', lua])));
      }
      return found;
    },
    versions: joined([
      some(['', '0:', '1:']),
      digits,
      rest(['.', '~', '^', '_', 'a', 'rc', '.el', '+', '..', 'Z', '~~', '^^', '~^', '^~', '.~'], 5),
      some(['-1', '-1.el9', '-2.el9_2', '-0.1.rc1', '-1~', '-1^']),
    ]),
    pairs: 3000,
  },
  {
    scheme: pep440,
    program: 'packaging',
    works: () => run('python3', ['-c', 'import packaging.version']) !== undefined,
    order: (pairs) => {
      const script = `import json, sys
from packaging.version import Version as V
def order(a, b):
    try: x, y = V(a), V(b)
    except Exception: return None
    return (x > y) - (x < y)
print(json.dumps([order(a, b) for a, b in json.load(sys.stdin)]))`;
      return ask('python3', ['-c', script], pairs);
    },
    versions: joined([
      some(['', '1!', 'v', '0!']),
      digits,
      rest(['.'], 3),
      some(['', 'a1', '.b2', '-rc3', 'c4', '_pre', 'alpha', 'RC-1', '.preview_2']),
      some(['', '.post1', '-1', 'rev2', '.r3', '_POST0']),
      some(['', '.dev1', 'dev', '-dev02', '_dev']),
      some(['', '+local', '+1', '+1.a', '+ubuntu-1', '+01', '+A_b']),
    ]),
    pairs: 4000,
  },
  {
    scheme: gem,
    program: 'Gem::Version',
    works: () => run('ruby', ['--version']) !== undefined,
    order: (pairs) => {
      const script =
        'require "json"; puts JSON.generate(JSON.parse($stdin.read).map { |a, b| begin; Gem::Version.new(a) <=> Gem::Version.new(b); rescue ArgumentError; nil; end })';
      return ask('ruby', ['-e', script], pairs);
    },
    versions: joined([
      digits,
      fc
        .array(fc.oneof(digits, some(['a', 'b2', 'rc1', 'pre', 'beta', '0', 'a1b', 'Z', '0a', '1a'])), { maxLength: 4 })
        .map((parts) => parts.map((part) => `.${part}`).join('')),
      some(['', '-rc1', '-1', '-a', '-x.1', '-0', '-1.0']),
    ]),
    pairs: 3000,
  },
  {
    scheme: npm,
    program: 'semver',
    works: () => semverModule() !== undefined,
    order: (pairs) => {
      const semver = semverModule();
      return pairs.map(([a, b]) => (semver?.valid(a) && semver.valid(b) ? semver.compare(a, b) : null));
    },
    versions: joined([
      some(['', 'v']),
      fc.nat(12).map(String),
      some(['.0', '.1', '.10', '.2']),
      some(['.0', '.3', '.999999999999']),
      some(['', '-a', '-alpha.1', '-alpha.10', '-1', '-0.a', '-rc.1.x-1', '-A', '-a0', '--', '-01a', '-1a.b.2']),
      some(['', '+b', '+01']),
    ]),
    pairs: 3000,
  },
  {
    scheme: composer,
    program: 'Composer\\Semver',
    works: () => run('php', ['-r', 'require "/usr/share/php/Composer/Semver/autoload.php";']) !== undefined,
    order: (pairs) => {
      const script =
        'require "/usr/share/php/Composer/Semver/autoload.php"; $p = new Composer\\Semver\\VersionParser; echo json_encode(array_map(function ($x) use ($p) { try { return version_compare($p->normalize($x[0]), $p->normalize($x[1])); } catch (\\Throwable $e) { return null; } }, json_decode(stream_get_contents(STDIN))));';
      return ask('php', ['-r', script], pairs);
    },
    // Numbers of more than four digits may be dates, which keep their zeros.
    versions: joined([
      some(['', 'v']),
      fc.nat(30).map(String),
      some(['', '.0', '.1', '.10']),
      some(['', '.0', '.2']),
      some(['', '.0', '.7']),
      some([
        '',
        '-alpha',
        'b',
        '-beta.2',
        'RC3',
        '-rc-4',
        'p1',
        '.pl2',
        '_patch3',
        '-dev',
        '-stable',
        '-a0',
        '-p0',
        '-alpha1.2',
      ]),
      some(['', '-dev']),
    ]),
    pairs: 3000,
  },
  {
    scheme: pacman,
    program: 'libalpm',
    works: () => run('python3', ['-c', "import ctypes; ctypes.CDLL('libalpm.so.13')"]) !== undefined,
    order: (pairs) => {
      const script =
        "import ctypes, json, sys; l = ctypes.CDLL('libalpm.so.13'); print(json.dumps([l.alpm_pkg_vercmp(a.encode(), b.encode()) for a, b in json.load(sys.stdin)]))";
      return ask('python3', ['-c', script], pairs);
    },
    versions: joined([
      some(['', '0:', '1:']),
      digits,
      rest(['.', '_', 'a', 'rc', '+', '.a', 'alpha', 'r', 'z'], 4),
      some(['-1', '-2', '-1.1', '-10']),
    ]),
    // Several separators in a row, or at the beginning, are compared by what stands at their end.
    leftOut: /[._+]{2}|^(?:[0-9]+:)?[._+-]/,
    pairs: 4000,
  },
  {
    scheme: maven,
    program: 'ComparableVersion',
    works: () =>
      run('java', ['-cp', MAVEN_JAR, 'org.apache.maven.artifact.versioning.ComparableVersion', '1']) !== undefined,
    order: (pairs) => {
      const folder = mkdtempSync(join(tmpdir(), 'windlass-maven-'));
      try {
        const file = join(folder, 'Peer.java');
        writeFileSync(file, MAVEN_PROGRAM);
        return lines(run('java', ['-cp', `${MAVEN_JAR}:/usr/share/java/commons-lang3.jar`, file], input(pairs)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    // A qualifier in the midst of a list (`1.foo.1`) has no place in a total order there: none is made.
    versions: joined([
      fc.nat(20).map(String),
      some(['', '.0', '.1', '.10']),
      some(['', '.0', '.2', '.7.1']),
      fc.oneof(
        some(['', '.Final', '-GA', '-1', '-2', '.RELEASE', '-final']),
        joined([
          some(['-alpha', '-beta-2', '-RC1', '-rc2', '-SP1', '-jre', '-foo', '-M3', '-b4', 'a1', '-cr1', 'rc']),
          some(['', '-SNAPSHOT', '-redhat-1', '-2']),
        ]),
      ),
    ]),
    unchanged: true,
    pairs: 3000,
  },
];

function input(pairs: [string, string][]): string {
  return `${pairs.map((pair) => pair.join(' ')).join('\n')}\n`;
}

function lines(text: string | undefined): (number | null)[] {
  return (text ?? '')
    .split(/\s+/)
    .filter((line) => line !== '')
    .map((line) => (line === 'null' ? null : Number(line)));
}

/** Pairs of which half differ in a few characters only. */
function pairsOf({ versions, pairs, unchanged }: Peer): [string, string][] {
  const changed = fc
    .tuple(versions, fc.nat(), some(['.0', '0', '', '1', '.1', 'a']))
    .map(([text, at, insert]): [string, string] => {
      const place = at % (text.length + 1);
      return [text, text.slice(0, place) + insert + text.slice(insert === '' ? place + 1 : place)];
    });
  const two = fc.tuple(versions, versions);
  return fc.sample(unchanged ? two : fc.oneof(two, changed), { numRuns: pairs, seed: 7 });
}

describe.each(peers)('$scheme.name against $program', (peer) => {
  const { scheme, works, order, leftOut } = peer;
  const fair = (text: string): boolean => scheme.valid(text) && leftOut?.test(text) !== true;
  const runs = works();
  it.skipIf(!runs)(
    `orders generated pairs alike${runs ? '' : ' (skipped: it is not installed)'}`,
    { timeout: 60_000 },
    () => {
      const pairs = pairsOf(peer).filter(([a, b]) => fair(a) && fair(b));
      const answers = order(pairs);
      expect(answers).toHaveLength(pairs.length);
      const wrong = pairs.flatMap(([a, b], at) => {
        const answer = answers[at];
        const ours = scheme.compare(a, b);
        return answer === null || answer === undefined || Math.sign(answer) === ours ? [] : [[a, b, answer, ours]];
      });
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(peer.pairs / 4);
    },
  );
});

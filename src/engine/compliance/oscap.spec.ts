import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readComplianceReport } from './read-report.ts';
import type { ComplianceReport } from './types.ts';

const CONTENT = '/usr/share/xml/scap/ssg/content';
const stream = existsSync(CONTENT)
  ? readdirSync(CONTENT)
      .filter((name) => /^ssg-debian\d+-ds\.xml$/.test(name))
      .map((name) => join(CONTENT, name))[0]
  : undefined;
const installed = stream !== undefined && spawnSync('oscap', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'windlass-oscap-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What oscap prints of a run: outcomes by rule. */
function printed(output: string): [string, string][] {
  return [...output.matchAll(/^\r?Rule\s+(\S+)\s*$[\s\S]*?^\r?Result\s+(\w+)\s*$/gm)].map(([, rule, result]) => [
    rule!,
    result!,
  ]);
}

const outcomes = ({ results }: ComplianceReport) =>
  results
    .filter(({ result }) => result !== 'notselected')
    .map(({ rule, result }): [string, string] => [rule.id, result]);

describe.skipIf(!installed)(
  'files of oscap itself (skipped where oscap and its Debian content are not installed)',
  () => {
    it('say what it prints, as XCCDF and as ARF', { timeout: 120_000 }, async () => {
      const [xccdf, arf] = [join(folder, 'results.xml'), join(folder, 'arf.xml')];
      const info = execFileSync('oscap', ['info', '--profiles', stream!], { encoding: 'utf8' });
      const profile = info.split('\n')[0]!.split(':')[0]!;
      const run = spawnSync(
        'oscap',
        ['xccdf', 'eval', '--profile', profile, '--results', xccdf, '--results-arf', arf, stream!],
        { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
      );
      expect([0, 2]).toContain(run.status);
      const expected = printed(run.stdout).sort();
      expect(expected.length).toBeGreaterThan(5);
      const [fromXccdf, fromArf] = await Promise.all(
        [xccdf, arf].map((file) => readComplianceReport(createReadStream(file))),
      );
      expect(outcomes(fromXccdf!).sort()).toEqual(expected);
      expect(fromXccdf).toMatchObject({ format: 'xccdf-1.2', profile: { id: profile, title: expect.any(String) } });
      expect({ ...fromArf, format: 'xccdf-1.2' }).toEqual(fromXccdf);
      expect(fromXccdf!.results.every(({ rule }) => rule.title !== '')).toBe(true);
    });
  },
);

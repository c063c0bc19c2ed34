import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { bashCompletion, zshCompletion } from '../../src/programs/cli/completion-script.ts';
import { NOUNS } from '../../src/programs/cli/nouns.ts';
import { buildProgram } from '../../src/programs/cli/run.ts';
import { memoryContext, run } from './memory-context.ts';

const program = await buildProgram('all', memoryContext().context, () => undefined);

function leaves(command: Command, path: string[]): [string, Command][] {
  if (command.commands.length > 0) return command.commands.flatMap((sub) => leaves(sub, [...path, sub.name()]));
  return [[path.join(' '), command]];
}

describe('help', () => {
  it.each(leaves(program, []).map(([path]) => [path]))('of "%s" has examples', async (path) => {
    const { exitCode, stdout } = await run([...path.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: windlass ${path}`);
    expect(stdout).toContain('Examples:\n  ');
  });
  it('names every command', async () => {
    const { stdout, exitCode } = await run([]);
    expect(exitCode).toBe(0);
    for (const { name } of NOUNS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
  it('is shown for a noun alone', async () => {
    const { exitCode, stdout } = await run(['image']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('import-archive');
  });
});

describe('wrong command lines', () => {
  it.each([
    [['nope'], "unknown command 'nope'"],
    [['imag'], 'Did you mean image?'],
    [['image', 'nope'], "unknown command 'nope'"],
    [['scan'], "missing required argument 'source'"],
    [['image', 'list', '-o', 'yaml'], 'Allowed choices are table, json, csv, id'],
    [['image', 'list', '--nope'], "unknown option '--nope'"],
    [['image', 'list', '--url', 'localhost:8228'], '"localhost:8228" is no address of a server'],
    [['image', 'list', '--username', 'admin'], 'no password for the user admin'],
    [['image', 'add', 'a/b@sha256:0', '--password', 'x'], 'has no tag to be known by'],
    [['demo', '--port', 'many'], '"many" is no port'],
  ])('%j', async (args, message) => {
    const { exitCode, stderr } = await run(args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('completion', () => {
  const bash = bashCompletion(program);
  it('knows commands, options and choices', () => {
    expect(bash).toContain("'image') words='add import-archive list get");
    expect(bash).toContain(
      "'image sbom --format'|' image sbom --format') values='cyclonedx-json spdx-json native-json'",
    );
    expect(zshCompletion(program)).toContain("'image:Add images and read what is known about them'");
  });
  const hasBash = spawnSync('bash', ['--version']).status === 0;
  it.skipIf(!hasBash)('completes in bash', () => {
    // The script is longer than one argument of a program may be.
    const complete = (...words: string[]) =>
      spawnSync('bash', ['-s'], {
        input: `${bash}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _windlass; echo "\${COMPREPLY[@]}"\n`,
        encoding: 'utf8',
      }).stdout.trim();
    expect(complete('windlass', 'sys')).toBe('system');
    expect(complete('windlass', 'image', 'anc')).toBe('ancestors');
    expect(complete('windlass', 'image', 'sbom', 'x', '--format', 's')).toBe('spdx-json');
    expect(complete('windlass', 'image', 'add', '--wai')).toBe('--wait');
  });
});

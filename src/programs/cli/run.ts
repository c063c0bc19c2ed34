import { Command, CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { describeFailure } from './failure.ts';
import { examples } from './help.ts';
import { NOUNS, type Noun } from './nouns.ts';
import { printable, styleFor } from './terminal/style.ts';

/** Runs one command line (without program and script name). Prints errors and returns the exit code; never throws. */
export async function runCli(args: readonly string[], cli: CliContext): Promise<number> {
  let exitCode: number = EXIT.ok;
  try {
    const program = await buildProgram(args, cli, (code) => {
      exitCode = code;
    });
    await program.parseAsync(asksForHelp(program, args) ? [...args, '--help'] : [...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return isHelp(error) ? EXIT.ok : EXIT.usage;
    if (cli.signal.aborted) {
      await cli.stderr.write('interrupted\n');
      return EXIT.interrupted;
    }
    return report(error, cli);
  }
}

/** The command tree; only the command that is called is loaded in full, or all of them. */
export async function buildProgram(
  args: readonly string[] | 'all',
  cli: CliContext,
  exit: (code: number) => void,
): Promise<Command> {
  const program = new Command('windlass');
  program
    .description('Container security: what is in an image, what is known to be wrong with it, and whether it may run.')
    .usage('COMMAND [options]')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .addHelpText(
      'after',
      `${examples(
        ['windlass scan debian:12', 'scan an image here'],
        ['windlass serve', 'run the server'],
        ['windlass image add debian:12 --wait', 'let the server analyse an image'],
        ['windlass image vulnerabilities debian:12', 'read what it found'],
      )}\n\nEvery command has its own page: windlass COMMAND --help`,
    );
  settle(program, cli);
  const called =
    args === 'all' ? undefined : NOUNS.find(({ name }) => name === args.find((arg) => !arg.startsWith('-')));
  for (const noun of NOUNS) {
    const command = program.command(noun.name).description(noun.summary).helpCommand(false);
    if (args === 'all' || noun === called) await define(noun, command, cli, exit);
  }
  return program;
}

/** Nothing, or a noun alone, is a question, not a mistake. */
function asksForHelp(program: Command, [noun, ...rest]: readonly string[]): boolean {
  if (rest.length > 0) return false;
  return noun === undefined || (program.commands.find((command) => command.name() === noun)?.commands.length ?? 0) > 0;
}

async function define(noun: Noun, command: Command, cli: CliContext, exit: (code: number) => void): Promise<void> {
  settle(command, cli);
  (await noun.load())(command, cli, exit);
  for (const sub of command.commands) settle(sub, cli);
}

function settle(command: Command, cli: CliContext): void {
  command
    .exitOverride()
    .showHelpAfterError(`(see: windlass${command.parent ? ` ${pathOf(command)}` : ''} --help)`)
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      getOutHelpWidth: () => cli.stdout.columns,
      getErrHelpWidth: () => cli.stderr.columns,
    })
    .helpOption('-h, --help', 'show this page');
}

function pathOf(command: Command): string {
  const names: string[] = [];
  for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name());
  return names.join(' ');
}

function isHelp({ code }: CommanderError): boolean {
  return code === 'commander.helpDisplayed' || code === 'commander.version';
}

async function report(error: unknown, cli: CliContext): Promise<number> {
  const { lines, exitCode } = describeFailure(error);
  const style = styleFor(cli.stderr, cli.env);
  const [first, ...rest] = lines.flatMap((line) => line.split('\n')).map(printable);
  await cli.stderr.write(`${[style('red', first!), ...rest].join('\n')}\n`);
  if (cli.env.DEBUG === 'windlass' && error instanceof Error) await cli.stderr.write(`${error.stack}\n`);
  return exitCode;
}

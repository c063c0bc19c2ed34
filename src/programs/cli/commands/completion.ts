import { Argument, type Command } from 'commander';
import type { CliContext } from '../context.ts';
import { examples } from '../help.ts';

/** `windlass completion`: a script made from the command tree. */
export function defineCompletion(command: Command, cli: CliContext): void {
  command
    .addArgument(new Argument('<shell>', 'shell to complete for').choices(['bash', 'zsh']))
    .addHelpText(
      'after',
      examples(
        ['source <(windlass completion bash)', 'now, or in ~/.bashrc'],
        ['windlass completion zsh > ~/.zfunc/_windlass', 'a folder of $fpath'],
      ),
    )
    .action(async (shell: 'bash' | 'zsh') => {
      const { buildProgram } = await import('../run.ts');
      const { bashCompletion, zshCompletion } = await import('../completion-script.ts');
      const program = await buildProgram('all', cli, () => undefined);
      await cli.stdout.write(shell === 'bash' ? bashCompletion(program) : zshCompletion(program));
    });
}

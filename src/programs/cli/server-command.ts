import { type Command, Option } from 'commander';
import { type Client, createClient } from '#client/index.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';
import { examples } from './help.ts';
import { FORMATS, type Format } from './show.ts';

/** Options that every command which talks to a server has. */
export interface ServerOptions {
  url?: string;
  username?: string;
  password?: string;
  account?: string;
  output: Format;
}

/** Adds a subcommand that talks to a server: connection and output options, and examples on its page. */
export function serverCommand(
  noun: Command,
  usage: string,
  summary: string,
  ...lines: Parameters<typeof examples>
): Command {
  const command = connected(noun.command(usage).description(summary));
  return lines.length === 0 ? command : command.addHelpText('after', examples(...lines));
}

/** Adds connection and output options to a command. */
export function connected(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(FORMATS).default('table'))
    .option('--url <url>', 'address of the server (default: WINDLASS_URL, else http://localhost:8228)')
    .option('--username <name>', 'user (default: WINDLASS_USERNAME); _api_key for an API key')
    .option('--password <password>', 'password, or the API key (default: WINDLASS_PASSWORD)')
    .option('--account <name>', 'account to work in (default: WINDLASS_ACCOUNT, else that of the user)');
}

/** A client for the server that options and environment name. Throws CliFailure. */
export function connect({ env, fetch }: CliContext, options: Partial<ServerOptions>): Client {
  const url = options.url ?? (env.WINDLASS_URL || 'http://localhost:8228');
  const username = options.username ?? env.WINDLASS_USERNAME;
  const password = options.password ?? env.WINDLASS_PASSWORD;
  const account = options.account ?? env.WINDLASS_ACCOUNT;
  if (!/^https?:\/\//.test(url))
    throw usageFailure(`"${url}" is no address of a server`, 'Write it as in https://windlass.example.com:8228.');
  if (username && password === undefined)
    throw usageFailure(`no password for the user ${username}`, 'Set WINDLASS_PASSWORD or --password.');
  return createClient({
    url,
    cookies: 'omit',
    ...(username ? { auth: { username, password: password! } } : {}),
    ...(account ? { account } : {}),
    ...(fetch ? { fetch } : {}),
  });
}

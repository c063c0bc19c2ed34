import type { z } from 'zod';
import { areas } from './areas.ts';
import { AGENT_PREFIXES, CLIENT_VARIABLES, listSettings, type SettingEntry } from './names.ts';

/** Text of docs/operations/configuration.md: every setting with its variable, default and meaning. */
export function renderConfigurationPage(): string {
  const settings = listSettings();
  const lines = [
    '<!-- Written by scripts/generate-configuration-page.ts. Do not edit. -->',
    '# Configuration',
    '',
    'Settings come from a YAML file (`WINDLASS_CONFIG`, else `windlass.yaml` in the working folder), from environment variables, which win over',
    'the file, and from the command line (`--server.port=8228`), which wins over both. An unknown setting, section or `WINDLASS_` variable is refused',
    'at start, and all mistakes are listed at once. An empty variable counts as unset. Lists are comma-separated in the environment.',
    '',
    `The command line client reads ${CLIENT_VARIABLES.map((name) => `\`${name}\``).join(', ')}; variables that begin with ` +
      `\`${AGENT_PREFIXES[0]}\` are those of the agents.`,
  ];
  for (const [area, { title }] of Object.entries(areas)) {
    lines.push('', `## ${title}: \`${area}\``, '', '| Setting | Variable | Default | Meaning |', '|---|---|---|---|');
    for (const entry of settings.filter((setting) => setting.area === area)) lines.push(row(entry));
  }
  return `${lines.join('\n')}\n`;
}

function row({ key, env, aliases = [], schema, doc, defaultText }: SettingEntry): string {
  const names = [`\`${env}\``, ...aliases.map((alias) => `\`${alias}\``)].join('<br>');
  return `| \`${key}\` | ${names} | ${defaultText ?? defaultOf(schema)} | ${doc.replaceAll('|', '\\|')} |`;
}

function defaultOf(schema: z.ZodType): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success || parsed.data === undefined) return '';
  const { data } = parsed;
  const text = Array.isArray(data) ? data.join(',') : String(data);
  return text === '' ? 'none' : `\`${text}\``;
}

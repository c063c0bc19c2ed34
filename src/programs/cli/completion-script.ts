import type { Command, Option } from 'commander';

/** What can follow a path of commands. */
interface Node {
  /** Names of commands from the top, `image add`; empty at the top. */
  path: string;
  commands: { name: string; summary: string }[];
  options: { flag: string; summary: string; values: readonly string[]; takesValue: boolean }[];
}

function* nodes(command: Command, path: string): Generator<Node> {
  yield {
    path,
    commands: command.commands.map((sub) => ({ name: sub.name(), summary: sub.description() })),
    options: [
      ...command.options.flatMap(describe),
      { flag: '--help', summary: 'show help', values: [], takesValue: false },
    ],
  };
  for (const sub of command.commands) yield* nodes(sub, path === '' ? sub.name() : `${path} ${sub.name()}`);
}

function describe(option: Option): Node['options'] {
  const flags = [option.long, option.short].filter((flag) => flag !== undefined);
  const takesValue = option.required || option.optional;
  return flags.map((flag) => ({ flag, summary: option.description, values: option.argChoices ?? [], takesValue }));
}

/** A completion script for bash (4 or newer). */
export function bashCompletion(program: Command): string {
  const all = [...nodes(program, '')];
  const words = all.map(({ path, commands, options }) => {
    const list = [...commands.map(({ name }) => name), ...options.map(({ flag }) => flag)].join(' ');
    return `    '${path}') words='${list}' ;;`;
  });
  const values = all.flatMap(({ path, options }) =>
    options
      .filter((option) => option.takesValue)
      .map(
        ({ flag, values: choices }) =>
          `    '${path} ${flag}'|' ${path} ${flag}') values='${choices.join(' ')}'; value=1 ;;`,
      ),
  );
  const paths = all.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`);
  return `# bash completion for windlass
_windlass() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} path='' word try words='' values='' value=0
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    try=\${path:+$path }$word
    case "$try" in
      ${paths.join('|')}) path=$try ;;
    esac
  done
  case "$path $previous" in
${values.join('\n')}
  esac
  if [ "$value" = 1 ]; then
    if [ -n "$values" ]; then COMPREPLY=($(compgen -W "$values" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
    return
  fi
  case "$path" in
${words.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _windlass windlass
`;
}

/** A completion script for zsh. */
export function zshCompletion(program: Command): string {
  const cases = [...nodes(program, '')].map(({ path, commands, options }) => {
    const entries = [
      ...commands.map(({ name, summary }) => `${name}:${summary}`),
      ...options.map(({ flag, summary }) => `${flag}:${summary}`),
    ];
    return `    ${path === '' ? "''" : quoteZsh(path)}) entries=(${entries.map((entry) => quoteZsh(entry)).join(' ')}) ;;`;
  });
  const paths = [...nodes(program, '')].filter(({ path }) => path !== '').map(({ path }) => quoteZsh(path));
  return `#compdef windlass
# zsh completion for windlass
_windlass() {
  local at='' word try
  local -a entries
  for word in "\${(@)words[2,CURRENT-1]}"; do
    try=\${at:+$at }$word
    case "$try" in
      ${paths.join('|')}) at=$try ;;
    esac
  done
  case "$at" in
${cases.join('\n')}
  esac
  _describe 'windlass' entries
  _files
}
if [ "$funcstack[1]" = "_windlass" ]; then _windlass "$@"; else compdef _windlass windlass; fi
`;
}

function quoteZsh(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

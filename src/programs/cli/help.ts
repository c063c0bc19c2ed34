/** Examples at the end of a help page. */
export function examples(...lines: [command: string, meaning: string][]): string {
  const width = Math.min(60, Math.max(...lines.map(([command]) => command.length)));
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}  # ${meaning}`).join('\n')}`;
}

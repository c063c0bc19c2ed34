/** What making a new plug-in writes. */
export interface Plan {
  /** Folder below the repository root. */
  folder: string;
  /** New files in that folder, by path. */
  files: Record<string, string>;
  /** Changes of files that exist; an edit throws when the file does not look as expected. */
  edits: { file: string; edit(text: string): string }[];
  /** One line on what to do now. */
  next: string;
}

/** `go-binary` → `goBinary`. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Adds an import of `./<folder>/index.ts` and a line to the first list behind `marker`, both in alphabetical order.
 * `pinned` members keep their places at the front or the end of the list.
 */
export function addToRegistry(
  text: string,
  name: string,
  constant: string,
  marker: string,
  pinned: readonly string[] = [],
): string {
  const line = `import { ${constant} } from './${name}/index.ts';`;
  const lines = text.split('\n');
  const imports = lines.flatMap((candidate, i) =>
    /^import \{ \w+ \} from '\.\/[\w-]+\/index\.ts';$/.test(candidate) ? [i] : [],
  );
  if (imports.length === 0) throw new Error('the registry has no imports of plug-ins');
  const path = (row: string): string => /'\.\/([\w-]+)\/index\.ts'/.exec(row)?.[1] ?? '';
  const before = imports.find((i) => path(lines[i] as string) > name);
  lines.splice(before ?? (imports.at(-1) as number) + 1, 0, line);
  const start = lines.findIndex((candidate) => candidate.includes(marker));
  const end = start < 0 ? -1 : lines.findIndex((candidate, i) => i > start && /^[\])}]/.test(candidate));
  if (end < 0) throw new Error(`the registry has no list behind "${marker}"`);
  const order = new Map(
    lines.flatMap((candidate, i) => {
      const match = /^import \{ (\w+) \} from/.exec(candidate);
      return match ? [[match[1] as string, i] as const] : [];
    }),
  );
  let at = end;
  for (let i = start + 1; i < end; i++) {
    const member = /^\s*(\w+),$/.exec(lines[i] as string)?.[1];
    if (member === undefined || pinned.includes(member)) {
      if (i > start + 1 && at === end && member === undefined) at = i;
      continue;
    }
    if ((order.get(member) ?? 0) > (order.get(constant) ?? 0)) {
      at = i;
      break;
    }
  }
  lines.splice(at, 0, `  ${constant},`);
  return lines.join('\n');
}

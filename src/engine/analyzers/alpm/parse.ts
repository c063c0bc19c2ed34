/** Sections of a pacman database file: `%NAME%` with one value per line. */
export type Sections = Map<string, string[]>;

/** Reads a `desc` or `files` file of pacman's local database. The first of two equal sections counts. */
export function parseSections(text: string): Sections {
  const sections: Sections = new Map();
  let values: string[] | undefined;
  for (const raw of text.split('\n')) {
    const line = raw.trimEnd();
    const heading = /^%([A-Z0-9_]+)%$/.exec(line);
    if (heading) {
      values = [];
      const name = heading[1] as string;
      if (!sections.has(name)) sections.set(name, values);
    } else if (line === '') values = undefined;
    else values?.push(line);
  }
  return sections;
}

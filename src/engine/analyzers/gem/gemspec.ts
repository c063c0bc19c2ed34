import { rubyString, rubyStrings } from './ruby-literals.ts';

/** Fact of one installed gem specification. */
export interface GemFact {
  name: string;
  version: string;
  /** `java`, `x86_64-linux` …; absent for pure Ruby. */
  platform?: string;
  licenses: string[];
  authors: string[];
  homepage?: string;
  /** Names of run-time dependencies. */
  dependencies: string[];
  /** True: name and version stand in the specification; false: they come from the file's name. */
  declared: boolean;
}

const LONGEST_STATEMENT = 65_536;

/**
 * Name, version and platform of a specification file's name: `nokogiri-1.15.4-x86_64-linux.gemspec`.
 * The version is the first part that starts with a digit and is followed by nothing but a platform.
 */
export function fromFileName(file: string): { name: string; version: string; platform?: string } | undefined {
  const stem = file.replace(/\.gemspec$/, '');
  const match = /^(.+?)-(\d[0-9A-Za-z]*(?:\.[0-9A-Za-z]+)*)(?:-([a-z][\w.-]*))?$/.exec(stem);
  const [, name, version, platform] = match ?? [];
  if (name === undefined || version === undefined) return undefined;
  return platform === undefined ? { name, version } : { name, version, platform };
}

/** Right-hand sides of `s.<field> = …`, as text up to the end of the literal's line (lists may span lines). */
function assignments(text: string, receiver: string, field: string): string[] {
  const pattern = new RegExp(`^[ \\t]*${receiver}\\.${field}[ \\t]*=(?!=)[ \\t]*`, 'gm');
  return [...text.matchAll(pattern)].slice(0, 20).map((match) => {
    const start = match.index + match[0].length;
    return text.slice(start, start + LONGEST_STATEMENT);
  });
}

function one(text: string, receiver: string, field: string, literals: Map<string, string>): string | undefined {
  for (const right of assignments(text, receiver, field)) {
    const version = /^Gem::Version\.(?:new|create)\s*\(?\s*/.exec(right)?.[0].length ?? 0;
    const literal = rubyString(right, version);
    if (literal !== undefined) return literal.value.trim();
    const variable = /^([a-z_]\w*|[A-Z]\w*(?:::[A-Z]\w*)*)\s*(?:$|\n|#)/.exec(right)?.[1];
    const known = variable === undefined ? undefined : literals.get(variable);
    if (known !== undefined) return known;
  }
  return undefined;
}

/** Constants and local variables set to a plain string: `VERSION = "1.2"`. */
function literalNames(text: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const match of text.matchAll(/^[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*(["'])([^"'#\n]{1,200})\2/gm)) {
    if (match[1] !== undefined && match[3] !== undefined) out.set(match[1], match[3]);
    if (out.size > 200) break;
  }
  return out;
}

function dependencies(text: string, receiver: string): string[] {
  const names = new Set<string>();
  const call = new RegExp(`\\b${receiver}\\.add_(?:runtime_)?dependency[ \\t]*\\(?[ \\t]*`, 'g');
  const development = new Set<string>();
  for (const match of text.matchAll(new RegExp(`\\b${receiver}\\.add_development_dependency[ \\t]*\\(?[ \\t]*`, 'g'))) {
    const literal = rubyString(text, match.index + match[0].length);
    if (literal !== undefined) development.add(literal.value);
  }
  for (const match of text.matchAll(call)) {
    const literal = rubyString(text, match.index + match[0].length);
    // Old specifications repeat development dependencies as plain ones for RubyGems that cannot tell them apart.
    if (literal !== undefined && (!development.has(literal.value) || match[0].includes('runtime')))
      names.add(literal.value);
    if (names.size > 500) break;
  }
  return [...names];
}

function list(text: string, receiver: string, plural: string, singular: string): string[] {
  for (const field of [plural, singular]) {
    for (const right of assignments(text, receiver, field)) {
      const values = rubyStrings(right);
      if (values !== undefined && values.length > 0) return values.slice(0, 50).map((value) => value.slice(0, 512));
    }
  }
  return [];
}

/**
 * Reads a gem specification as RubyGems writes it on installation, as data: assignments of literals inside
 * `Gem::Specification.new do |s|`. Nothing is evaluated. Name and version that are no literals come from the file's
 * name; undefined when neither tells both.
 */
export function readGemspec(text: string, file: string): GemFact | undefined {
  const receiver =
    /Gem::Specification\.new\b[^\n]*?\bdo\s*\|\s*([a-z_]\w*)\s*\|/.exec(text)?.[1] ??
    /Gem::Specification\.new\b[^\n]*?\{\s*\|\s*([a-z_]\w*)\s*\|/.exec(text)?.[1];
  const told = fromFileName(file);
  if (receiver === undefined) {
    return told === undefined ? undefined : { ...told, licenses: [], authors: [], dependencies: [], declared: false };
  }
  const literals = literalNames(text);
  const name = one(text, receiver, 'name', literals);
  const version = one(text, receiver, 'version', literals);
  const declared = name !== undefined && version !== undefined && /^\d[\w.-]*$/.test(version);
  const identity = declared ? { name, version } : (told ?? undefined);
  if (identity === undefined) return undefined;
  const fact: GemFact = {
    name: identity.name,
    version: identity.version,
    licenses: list(text, receiver, 'licenses', 'license'),
    authors: list(text, receiver, 'authors', 'author'),
    dependencies: dependencies(text, receiver),
    declared,
  };
  const platform = one(text, receiver, 'platform', literals) ?? (declared ? undefined : told?.platform);
  if (platform !== undefined && platform !== 'ruby' && platform !== '') fact.platform = platform;
  const homepage = one(text, receiver, 'homepage', literals);
  if (homepage !== undefined && homepage !== '') fact.homepage = homepage.slice(0, 1024);
  return fact;
}

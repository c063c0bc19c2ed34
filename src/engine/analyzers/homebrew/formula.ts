import { isObject } from '#shared/json-object.ts';

/** What a formula of Homebrew says of its software. */
export interface Formula {
  kind: 'formula';
  description?: string;
  homepage?: string;
  /** SPDX expression. */
  license?: string;
}

/** What Homebrew noted when it installed. */
export interface Receipt {
  kind: 'receipt';
  tap?: string;
  arch?: string;
  dependencies: string[];
}

const LONGEST_LICENSE = 2000;
const MOST_DEPENDENCIES = 1000;

/** Reads texts that a formula assigns. It is a Ruby program, which is never run: what is no literal is left out. */
export function readFormula(ruby: string): Formula {
  // Resources and patches in blocks behind have addresses of their own.
  const head = ruby.slice(0, 64 << 10);
  const literal = (word: string): string | undefined =>
    new RegExp(`^ {0,8}${word} "([^"\\\\\\n#]{1,500})"`, 'm').exec(head)?.[1];
  const license = licenseOf(head);
  const description = literal('desc');
  const homepage = literal('homepage');
  return {
    kind: 'formula',
    ...(description ? { description } : {}),
    ...(homepage ? { homepage } : {}),
    ...(license ? { license } : {}),
  };
}

/** `license "MIT"`, `license any_of: ["MIT", "Apache-2.0"]`, `license all_of: […]`; other forms are left out. */
function licenseOf(ruby: string): string | undefined {
  const stated = /^ {0,8}license ([^\n[]*(?:\[[^\]]*\])?[^\n]*)/m.exec(ruby)?.[1]?.slice(0, LONGEST_LICENSE) ?? '';
  const plain = /^"([\w.+-]{1,100})"\s*$/.exec(stated)?.[1];
  if (plain !== undefined) return plain;
  const [, kind, list = ''] = /^(any_of|all_of): \[([^\]{]*)\]\s*$/.exec(stated) ?? [];
  const names = [...list.matchAll(/"([\w.+-]{1,100})"/g)].map(([, name]) => name);
  return names.length > 0 ? names.join(kind === 'any_of' ? ' OR ' : ' AND ') : undefined;
}

/** Reads `INSTALL_RECEIPT.json`; undefined when it is no JSON object. */
export function readReceipt(json: string): Receipt | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const tap = text(isObject(value.source) ? value.source.tap : undefined) ?? text(value.tap);
  const arch = text(value.arch);
  const needed = Array.isArray(value.runtime_dependencies) ? value.runtime_dependencies : [];
  const dependencies = needed
    .slice(0, MOST_DEPENDENCIES)
    // Formulae of other taps have the tap before the name; what is installed is known by the name alone.
    .flatMap((entry) => (isObject(entry) ? (text(entry.full_name)?.split('/').at(-1) ?? []) : []));
  return { kind: 'receipt', dependencies, ...(tap ? { tap } : {}), ...(arch ? { arch } : {}) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 300 ? value : undefined;
}

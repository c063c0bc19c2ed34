import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import currentIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { LICENSE_ALIASES } from './licenses-aliases.ts';

const IDS = new Map([...deprecatedIds, ...currentIds].map((id) => [id.toLowerCase(), id]));

/** Exceptions of the SPDX list that distributions use. */
const EXCEPTIONS = new Map(
  [
    '389-exception',
    'Autoconf-exception-2.0',
    'Autoconf-exception-3.0',
    'Autoconf-exception-generic',
    'Bison-exception-2.2',
    'Bootloader-exception',
    'Classpath-exception-2.0',
    'eCos-exception-2.0',
    'Font-exception-2.0',
    'GCC-exception-2.0',
    'GCC-exception-3.1',
    'GPL-3.0-linking-exception',
    'Libtool-exception',
    'Linux-syscall-note',
    'LLVM-exception',
    'LZMA-exception',
    'OpenJDK-assembly-exception-1.0',
    'OCaml-LGPL-linking-exception',
    'Qt-GPL-exception-1.0',
    'Qt-LGPL-exception-1.1',
    'Swift-exception',
    'Texinfo-exception',
    'u-boot-exception-2.0',
    'Universal-FOSS-exception-1.0',
    'WxWindows-exception-3.1',
  ].map((id) => [id.toLowerCase(), id]),
);

const MAX_LENGTH = 2000;

/**
 * The SPDX expression (SPDX 2.3, annex D) that a licence field says, or undefined. Understands SPDX itself in any case,
 * Debian's and Fedora's short names (`GPL-2+`, `GPLv2+ and MIT`), and common long names. All parts must be known.
 */
export function toSpdxExpression(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const whole = licenseId(text);
  if (whole) return whole;
  const tokens = tokenize(text);
  const parser = { tokens, at: 0 };
  const expression = parseOr(parser, 0);
  return expression !== undefined && parser.at === tokens.length ? expression : undefined;
}

interface Parser {
  tokens: string[];
  at: number;
}

/** Parentheses, operators and the text between them. A comma or `&` joins as `and`, `|` and `/or` as `or`. */
function tokenize(text: string): string[] {
  return text
    .split(/(\(|\)|\s+(?:and\/or|and|or|with)\s+|\s*[,;&]\s*(?:(?:and|or)\s+)?|\s*\|+\s*)/i)
    .map((token) => (token.trim().toLowerCase() === 'and/or' ? 'or' : token.trim()))
    .filter((token) => token !== '');
}

function operator(parser: Parser): string {
  const token = (parser.tokens[parser.at] ?? '').toLowerCase();
  if (/^[,;&]?\s*and$|^[,;&]$/.test(token)) return 'AND';
  if (/^[,;]?\s*or$|^\|+$/.test(token)) return 'OR';
  return token === 'with' ? 'WITH' : '';
}

function parseOr(parser: Parser, depth: number): string | undefined {
  let left = parseAnd(parser, depth);
  while (left !== undefined && operator(parser) === 'OR') {
    parser.at++;
    const right = parseAnd(parser, depth);
    left = right === undefined ? undefined : `${left} OR ${right}`;
  }
  return left;
}

function parseAnd(parser: Parser, depth: number): string | undefined {
  let left = parseAtom(parser, depth);
  while (left !== undefined && operator(parser) === 'AND') {
    parser.at++;
    const right = parseAtom(parser, depth);
    left = right === undefined ? undefined : `${left} AND ${right}`;
  }
  return left;
}

function parseAtom(parser: Parser, depth: number): string | undefined {
  const token = parser.tokens[parser.at];
  if (token === undefined || depth > 50) return undefined;
  parser.at++;
  if (token === '(') {
    const inner = parseOr(parser, depth + 1);
    if (inner === undefined || parser.tokens[parser.at] !== ')') return undefined;
    parser.at++;
    return inner.includes(' ') ? `(${inner})` : inner;
  }
  const id = licenseId(token);
  if (id === undefined || operator(parser) !== 'WITH') return id;
  const exception = EXCEPTIONS.get((parser.tokens[parser.at + 1] ?? '').toLowerCase());
  if (!exception) return undefined;
  parser.at += 2;
  return `${id} WITH ${exception}`;
}

/** One licence id, or undefined when the text is no single licence that we know. */
function licenseId(text: string): string | undefined {
  const trimmed = text.trim();
  if (/^(DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(trimmed)) return trimmed;
  const lower = trimmed.toLowerCase();
  const gnu = gnuId(lower);
  if (gnu) return gnu;
  const id = IDS.get(lower);
  if (id) return id;
  const orLater = lower.endsWith('+') ? IDS.get(lower.slice(0, -1)) : undefined;
  if (orLater) return `${orLater}+`;
  return LICENSE_ALIASES[foldLicenseName(lower)];
}

/** GNU licences are written in many ways: `GPL-2+`, `GPLv2+`, `LGPL-2.1-only`, `GPL-3.0+`, `GFDL-1.3`. */
function gnuId(lower: string): string | undefined {
  const match = /^(a|l)?gpl[\s-]*v?(\d)(?:\.(\d))?(?:\.0)?(\+|-or-later|-only|\s+or later)?$/.exec(lower);
  if (!match) return undefined;
  const version = `${match[2]}.${match[3] ?? '0'}`;
  const suffix = match[4] && match[4] !== '-only' ? 'or-later' : 'only';
  return IDS.get(`${match[1] ?? ''}gpl-${version}-${suffix}`);
}

/** Lower case, no `the`, no `licence`/`license` spelling trouble, punctuation to single blanks. */
export function foldLicenseName(lower: string): string {
  return lower
    .replace(/licence/g, 'license')
    .replace(/^the\s+(?!mit|unlicense)/, '')
    .replace(/[\s,()"'-]+/g, ' ')
    .trim();
}

/** Values of the variables of dependency specifiers (PyPA "Dependency specifiers", formerly PEP 508). */
export type MarkerEnvironment = Readonly<Record<string, string>>;

/**
 * Environment of CPython on Linux. `pythonVersion` is `major.minor`; when unknown, comparisons with it count as true,
 * so that no dependency is lost.
 */
export function linuxEnvironment(pythonVersion: string | undefined): MarkerEnvironment {
  return {
    os_name: 'posix',
    sys_platform: 'linux',
    platform_system: 'Linux',
    platform_python_implementation: 'CPython',
    implementation_name: 'cpython',
    extra: '',
    ...(pythonVersion === undefined
      ? {}
      : { python_version: pythonVersion, python_full_version: `${pythonVersion}.0` }),
  };
}

const TOKEN = /\s*(?:(\(|\))|(not\s+in|in|and|or)\b|(===|==|!=|<=|>=|~=|<|>)|'([^']*)'|"([^"]*)"|([A-Za-z_][\w.]*))/y;

interface Token {
  kind: 'bracket' | 'word' | 'compare' | 'text' | 'variable';
  value: string;
}

function tokens(marker: string): Token[] | undefined {
  const out: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < marker.trimEnd().length) {
    const match = TOKEN.exec(marker);
    if (match === null || out.length > 500) return undefined;
    const [, bracket, word, compare, single, double, variable] = match;
    if (bracket !== undefined) out.push({ kind: 'bracket', value: bracket });
    else if (word !== undefined)
      out.push({ kind: /in$/.test(word) ? 'compare' : 'word', value: word.replace(/\s+/, ' ') });
    else if (compare !== undefined) out.push({ kind: 'compare', value: compare });
    else if (variable !== undefined) out.push({ kind: 'variable', value: variable });
    else out.push({ kind: 'text', value: single ?? double ?? '' });
  }
  return out;
}

/**
 * Evaluates an environment marker. Unknown variables and markers that do not parse count as true: a dependency too
 * many is better than one lost. `extra` is empty, so that optional features are left out.
 */
export function markerHolds(marker: string, environment: MarkerEnvironment): boolean {
  const list = tokens(marker);
  if (list === undefined || list.length === 0) return true;
  let at = 0;
  let broken = false;

  function either(): boolean {
    let value = both();
    while (list?.[at]?.value === 'or' && list[at]?.kind === 'word') {
      at++;
      const right = both();
      value = value || right;
    }
    return value;
  }
  function both(): boolean {
    let value = single();
    while (list?.[at]?.value === 'and' && list[at]?.kind === 'word') {
      at++;
      const right = single();
      value = value && right;
    }
    return value;
  }
  function single(): boolean {
    if (list?.[at]?.kind === 'bracket' && list[at]?.value === '(') {
      at++;
      const value = either();
      if (list[at]?.value !== ')') broken = true;
      at++;
      return value;
    }
    const left = list?.[at++];
    const operator = list?.[at++];
    const right = list?.[at++];
    if (left === undefined || right === undefined || operator?.kind !== 'compare') {
      broken = true;
      return true;
    }
    return compare(left, operator.value, right, environment);
  }

  const value = either();
  return broken || at < list.length ? true : value;
}

function compare(left: Token, operator: string, right: Token, environment: MarkerEnvironment): boolean {
  const a = left.kind === 'variable' ? environment[left.value] : left.value;
  const b = right.kind === 'variable' ? environment[right.value] : right.value;
  if (a === undefined || b === undefined) return true;
  if (operator === 'in') return b.includes(a);
  if (operator === 'not in') return !b.includes(a);
  const isVersion = /^\d+(\.\d+)*(\.\*)?$/.test(a) && /^\d+(\.\d+)*(\.\*)?$/.test(b);
  if (!isVersion) {
    if (operator === '!=') return a !== b;
    if (operator === '==' || operator === '===') return a === b;
    return operator === '<'
      ? a < b
      : operator === '>'
        ? a > b
        : operator === '<='
          ? a <= b
          : operator === '>='
            ? a >= b
            : true;
  }
  if (b.endsWith('.*')) {
    const starts = `${a}.`.startsWith(b.slice(0, -1));
    return operator === '!=' ? !starts : starts;
  }
  const order = compareNumbers(a, b);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '!=':
      return order !== 0;
    case '~=':
      return order >= 0 && `${a}.`.startsWith(`${b.split('.').slice(0, -1).join('.')}.`);
    default:
      return order === 0;
  }
}

function compareNumbers(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

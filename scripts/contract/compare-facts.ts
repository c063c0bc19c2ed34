import type { ContractFacts, OperationFacts, TypeFacts } from './facts.ts';

/** Result of a comparison; `identical` counts operations without a difference. */
export interface Comparison {
  total: number;
  present: number;
  identical: number;
  missing: string[];
  /** Operations of ours that the reference lacks. */
  extra: string[];
  differing: { id: string; differences: string[] }[];
}

/** Places where the reference contradicts the behaviour that clients need. */
const EXCEPTIONS = [/\.policy_conditions: type object expected, array found/];

/** Compares what we promise with a reference. More than the reference asks for is no difference, except requirements on requests. */
export function compareFacts(reference: ContractFacts, ours: ContractFacts): Comparison {
  const result: Comparison = { total: 0, present: 0, identical: 0, missing: [], extra: [], differing: [] };
  for (const [id, wanted] of Object.entries(reference.operations)) {
    result.total++;
    const found = ours.operations[id];
    if (!found) {
      result.missing.push(`${id} (${wanted.method} ${wanted.path})`);
      continue;
    }
    result.present++;
    const differences = compareOperation(wanted, found, reference, ours).filter(
      (text) => !EXCEPTIONS.some((one) => one.test(text)),
    );
    if (differences.length) result.differing.push({ id, differences });
    else result.identical++;
  }
  result.extra = Object.keys(ours.operations).filter((id) => !reference.operations[id]);
  return result;
}

function compareOperation(
  a: OperationFacts,
  b: OperationFacts,
  reference: ContractFacts,
  ours: ContractFacts,
): string[] {
  const differences: string[] = [];
  const types = new TypeComparison(reference, ours, differences);
  const plain = (path: string) => path.replace(/\{[^}]+\}/g, '{}');
  if (a.method !== b.method || plain(a.path) !== plain(b.path)) differences.push(`served as ${b.method} ${b.path}`);
  if (a.pathParameters !== b.pathParameters) differences.push(`${a.pathParameters} path parameters expected`);
  for (const [name, type] of Object.entries(a.parameters)) {
    const found = b.parameters[name];
    if (found === undefined) differences.push(`parameter ${name} missing`);
    else if (!sameParameter(type, found)) differences.push(`parameter ${name}: ${type} expected, ${found} found`);
  }
  for (const [name, type] of Object.entries(b.parameters)) {
    if (type.endsWith('!') && !(name in a.parameters))
      differences.push(`parameter ${name} is required, the reference lacks it`);
  }
  if (a.body && !b.body) differences.push('body missing');
  if (a.body && b.body) {
    if (a.body.required && !b.body.required) differences.push('body must be required');
    for (const type of a.body.contentTypes)
      if (!b.body.contentTypes.includes(type)) differences.push(`body type ${type} missing`);
    types.compare(a.body.type, b.body.type, 'body', true);
  }
  for (const [code, type] of Object.entries(a.success)) {
    if (!(code in b.success)) differences.push(`status ${code} missing`);
    else if (type !== null) types.compare(type, b.success[code] ?? 'any', code, false);
  }
  for (const code of Object.keys(b.success))
    if (!(code in a.success)) differences.push(`success status ${code} is not in the reference`);
  for (const code of a.errors) if (!b.errors.includes(code)) differences.push(`status ${code} missing`);
  return differences;
}

function sameParameter(a: string, b: string): boolean {
  if (a.endsWith('!') !== b.endsWith('!')) return false;
  return sameType(a.replace(/!$/, ''), b.replace(/!$/, ''));
}

function sameType(a: string, b: string): boolean {
  return a === 'any' || a === b || (a === 'number' && b === 'integer') || (a === 'integer' && b === 'number');
}

class TypeComparison {
  readonly #reference: ContractFacts;
  readonly #ours: ContractFacts;
  readonly #differences: string[];
  readonly #seen = new Set<string>();

  constructor(reference: ContractFacts, ours: ContractFacts, differences: string[]) {
    this.#reference = reference;
    this.#ours = ours;
    this.#differences = differences;
  }

  compare(a: TypeFacts, b: TypeFacts, where: string, request: boolean): void {
    const names = `${JSON.stringify(a)} ${JSON.stringify(b)}`;
    if (typeof a === 'string' && a.startsWith('#')) {
      if (this.#seen.has(names)) return;
      this.#seen.add(names);
    }
    const left = follow(a, this.#reference);
    const right = follow(b, this.#ours);
    if (left === 'any') return;
    if (!sameType(kind(left), kind(right))) {
      this.#differences.push(`${where}: type ${kind(left)} expected, ${kind(right)} found`);
    } else if (Array.isArray(left)) {
      if (Array.isArray(right)) this.compare(left[0], right[0], `${where}[]`, request);
    } else if (typeof left === 'object') {
      this.#fields(left, typeof right === 'object' && !Array.isArray(right) ? right : {}, where, request);
    }
  }

  #fields(left: Record<string, TypeFacts>, right: Record<string, TypeFacts>, where: string, request: boolean): void {
    for (const [key, type] of Object.entries(left)) {
      const name = key.replace(/!$/, '');
      const found = right[name] ?? right[`${name}!`];
      if (found === undefined) {
        this.#differences.push(`${where}.${name}: missing`);
        continue;
      }
      if (key.endsWith('!') && !(key in right)) this.#differences.push(`${where}.${name}: must be required`);
      this.compare(type, found, `${where}.${name}`, request);
    }
    if (!request) return;
    for (const key of Object.keys(right)) {
      if (key.endsWith('!') && !(key in left))
        this.#differences.push(`${where}.${key.slice(0, -1)}: must not be required`);
    }
  }
}

function follow(type: TypeFacts, facts: ContractFacts): TypeFacts {
  let current = type;
  for (let n = 0; typeof current === 'string' && current.startsWith('#') && n < 20; n++) {
    current = facts.schemas[current.slice(1)] ?? 'any';
  }
  return current;
}

function kind(type: TypeFacts): string {
  if (Array.isArray(type)) return 'array';
  return typeof type === 'string' ? type : 'object';
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from './default-policy.ts';
import { GATES } from './gates/registry.ts';
import { policySpec } from './policy-spec.ts';
import { policyOf, ruleOf } from './testing/facts.ts';
import { validatePolicy } from './validate.ts';

function errorsOf(input: unknown): string[] {
  return validatePolicy(input)
    .validation_details.filter((problem) => problem.severity === 'error')
    .map((problem) => `${problem.problem_type} ${problem.details}`);
}

const RULE = '/rule_sets/0/rules/0';

describe('validation of rules', () => {
  it.each([
    [
      ruleOf('vulnerabilties', 'package', 'STOP'),
      `unknown_gate ${RULE}/gate: there is no gate "vulnerabilties". Did you mean "vulnerabilities"?`,
    ],
    [ruleOf('dockerfile', 'no_healthcheck', 'STOP'), 'unknown_trigger'],
    [
      ruleOf('vulnerabilities', 'package', 'STOP'),
      `missing_parameter ${RULE}/params: vulnerabilities.package needs parameter "package_type"`,
    ],
    [
      ruleOf('vulnerabilities', 'package', 'STOP', { package_type: 'all', severty: 'high' }),
      `unknown_parameter ${RULE}/params/1/name: vulnerabilities.package has no parameter "severty". Did you mean "severity"?`,
    ],
    [ruleOf('vulnerabilities', 'package', 'STOP', { package_type: 'All' }), `invalid_parameter ${RULE}/params/0/value`],
    [ruleOf('dockerfile', 'instruction', 'STOP', { instruction: 'from', check: 'exists' }), 'invalid_parameter'],
    [ruleOf('files', 'name_match', 'STOP', { regex: '(' }), 'invalid_parameter'],
    [ruleOf('files', 'attribute_match', 'STOP', { filename: '/a', mode: '9' }), 'invalid_parameter'],
    [
      ruleOf('metadata', 'attribute', 'STOP', { attribute: 'size', check: '>', value: '2 potatoes' }),
      'invalid_parameter',
    ],
    [ruleOf('packages', 'verify', 'STOP', { only_packages: 'a,,b' }), 'invalid_parameter'],
    [ruleOf('passwd_file', 'denylist_userids', 'STOP', { user_ids: '1,x' }), 'invalid_parameter'],
    [
      ruleOf('anchoresec', 'vulnhigh', 'STOP'),
      `eol_gate ${RULE}/gate: gate anchoresec is retired and does not run; use gate vulnerabilities`,
    ],
  ])('%j', (rule, expected) => {
    expect(errorsOf(policyOf([rule])).join('\n')).toContain(expected);
  });

  it.each([
    ruleOf('Vulnerabilities', 'PACKAGE', 'STOP', {
      Package_Type: 'all',
      vendor_only: 'False',
      max_days_since_fix: ' 3 ',
    }),
    ruleOf('dockerfile', 'effective_user', 'STOP', { users: 'root', type: 'blacklist' }),
    ruleOf('vulnerabilities', 'blacklist', 'STOP', { vulnerability_ids: 'CVE-1, CVE-2' }),
    ruleOf('metadata', 'attribute', 'STOP', { attribute: 'distro', check: 'exists' }),
    ruleOf('metadata', 'attribute', 'STOP', { attribute: 'layer_count', check: 'in', value: '1,2' }),
    ruleOf('passwd_file', 'blacklist_usernames', 'STOP', { usernameblacklist: 'ftp' }),
    ruleOf('dockerfile', 'instruction', 'STOP', { instruction: 'FROM', check: '=' }),
  ])('accepts %j', (rule) => {
    expect(errorsOf(policyOf([rule]))).toEqual([]);
  });

  it('collects all errors, unreferenced rule sets included', () => {
    const document = policyOf([ruleOf('x', 'y', 'GO'), ruleOf('always', 'z', 'GO', { p: '1' })], {
      mappings: [
        {
          id: 'm',
          name: 'm',
          registry: '*',
          repository: 'regexp:(',
          image: { type: 'tag', value: '*' },
          rule_set_ids: ['rulez'],
          allowlist_ids: ['none'],
        },
      ],
    });
    document.allowlists![0]!.items.push({ id: 'i', gate: 'g', trigger_id: '*', expires_on: '2030-01-01' });
    const types = validatePolicy(document).validation_details.map((problem) => problem.problem_type);
    expect(new Set(types)).toEqual(
      new Set(['reference_not_found', 'invalid_expiry', 'unknown_gate', 'unknown_trigger', 'invalid_pattern']),
    );
    expect(errorsOf(document).join('\n')).toContain('Did you mean "rules"?');
  });
});

describe('validation of documents', () => {
  it('refuses unknown keys and missing members by pointer', () => {
    const { rule_sets: _, ...rest } = policyOf([]);
    const errors = errorsOf({ ...rest, sbom_mappings: [] });
    expect(errors).toContain("schema_violation /rule_sets: 'rule_sets' is a required property");
    expect(errors).toContain('schema_violation /sbom_mappings: is not a property of this object');
    expect(errorsOf({ ...policyOf([]), name: '' })).toHaveLength(1);
  });

  it('checks the version first and alone', () => {
    expect(errorsOf({ version: '7', nonsense: 1 })).toEqual([
      'unsupported_version /version: version "7" is not known; write "2"',
    ]);
  });

  it('refuses numbers as parameter values, duplicate ids and lower-case actions', () => {
    const rule = { ...ruleOf('always', 'always', 'GO'), action: 'stop', params: [{ name: 'a', value: 1 }] };
    expect(errorsOf(policyOf([rule as never]))).toHaveLength(2);
    const document = policyOf([]);
    expect(errorsOf({ ...document, rule_sets: [...document.rule_sets, ...document.rule_sets] })[0]).toContain(
      'duplicate_id',
    );
  });

  it('bounds size, counts and the answer', () => {
    expect(errorsOf({ ...policyOf([]), description: 'x'.repeat(6_000_000) })[0]).toContain('document_too_large');
    const many = Array.from({ length: 10_001 }, (_, index) => ruleOf('always', 'always', 'GO', {}, String(index)));
    expect(errorsOf(policyOf(many))[0]).toContain('limit_exceeded');
    expect(
      validatePolicy(policyOf(Array.from({ length: 3_000 }, () => ruleOf('x', 'y', 'GO')))).validation_details.length,
    ).toBeLessThanOrEqual(1_001);
  });

  it.each([undefined, null, 1, 'x', [], {}])('answers %j', (input) => {
    expect(validatePolicy(input).valid).toBe(false);
  });

  it('the default policy is valid without warnings', () => {
    expect(validatePolicy(DEFAULT_POLICY)).toMatchObject({ valid: true, validation_details: [] });
  });
});

const shared = join(import.meta.dirname, '../../../../shared/contract');

describe.skipIf(!existsSync(shared))('published facts (skipped without the shared folder)', () => {
  it.each(existsSync(shared) ? readdirSync(join(shared, 'example-policies')) : [])('example %s is valid', (name) => {
    expect(errorsOf(JSON.parse(readFileSync(join(shared, 'example-policies', name), 'utf8')))).toEqual([]);
  });

  it('every gate, trigger and parameter is there, and required alike', () => {
    const known = JSON.parse(readFileSync(join(shared, 'policy-gates.json'), 'utf8')) as {
      gates: { name: string; triggers: { name: string; params: { name: string; required: boolean }[] }[] }[];
    };
    const spec = new Map(
      policySpec().map((gate) => [
        gate.name,
        new Map(gate.triggers.map((trigger) => [trigger.name, trigger.parameters])),
      ]),
    );
    for (const gate of known.gates) {
      for (const trigger of gate.triggers) {
        const parameters = spec
          .get(gate.name)
          ?.get(trigger.name)
          ?.map(({ name, required }) => `${name} ${required}`);
        for (const { name, required } of trigger.params)
          expect(parameters, `${gate.name}.${trigger.name}`).toContain(`${name} ${required}`);
        expect(parameters, `${gate.name}.${trigger.name}`).toBeDefined();
      }
    }
  });
});

describe('gate registry', () => {
  it('examples of parameters are valid, names are unique', () => {
    for (const gate of GATES) {
      expect(new Set(gate.triggers.map((trigger) => trigger.name)).size).toBe(gate.triggers.length);
      for (const trigger of gate.triggers) {
        for (const [name, parameter] of Object.entries(trigger.parameters)) {
          expect(parameter.parse(parameter.example ?? '').ok, `${gate.name}.${trigger.name}.${name}`).toBe(true);
          if (parameter.default !== undefined) expect(parameter.parse(parameter.default).ok).toBe(true);
        }
      }
    }
  });

  it('every gate folder is registered', () => {
    const folders = readdirSync(join(import.meta.dirname, 'gates'), { withFileTypes: true }).filter((item) =>
      item.isDirectory(),
    );
    const names = new Set(GATES.map((gate) => gate.name));
    for (const { name } of folders) expect(names).toContain(name.replaceAll('-', '_'));
  });
});

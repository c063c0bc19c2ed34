import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, importV1Policy, isV1Document } from '#engine/policy/index.ts';
import { exportV1Policy } from './policy-document.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'contract', 'example-policies');

const text = fc.string({ minLength: 1, maxLength: 8 });
const described = { description: text };
const image = fc.record({ type: fc.constantFrom('tag', 'digest', 'id'), value: text });
const selection = fc.record(
  { id: text, name: text, registry: text, repository: text, image, ...described },
  { requiredKeys: ['id', 'name', 'registry', 'repository', 'image'] },
);
const rule = fc.record(
  {
    id: text,
    gate: text,
    trigger: text,
    action: fc.constantFrom('GO', 'WARN', 'STOP'),
    params: fc.array(fc.record({ name: text, value: text }), { maxLength: 2 }),
    recommendation: text,
    ...described,
  },
  { requiredKeys: ['id', 'gate', 'trigger', 'action', 'params'] },
);
const two = fc.constant('2');
const document = fc.record(
  {
    id: text,
    name: text,
    version: two,
    ...described,
    rule_sets: fc.array(
      fc.record(
        {
          id: text,
          name: text,
          version: two,
          artifact_type: fc.constantFrom('image', 'source'),
          rules: fc.array(rule, { maxLength: 2 }),
          ...described,
        },
        { requiredKeys: ['id', 'name', 'version', 'rules'] },
      ),
      { maxLength: 2 },
    ),
    allowlists: fc.array(
      fc.record(
        {
          id: text,
          name: text,
          version: two,
          items: fc.array(
            fc.record(
              { id: text, gate: text, trigger_id: text, expires_on: fc.constant('2030-01-01T00:00:00Z'), ...described },
              { requiredKeys: ['id', 'gate', 'trigger_id'] },
            ),
            { maxLength: 2 },
          ),
          ...described,
        },
        { requiredKeys: ['id', 'name', 'version', 'items'] },
      ),
      { maxLength: 2 },
    ),
    mappings: fc.array(
      fc.record(
        {
          id: text,
          name: text,
          registry: text,
          repository: text,
          image,
          rule_set_ids: fc.array(text, { maxLength: 2 }),
          allowlist_ids: fc.array(text, { maxLength: 2 }),
          ...described,
        },
        { requiredKeys: ['id', 'name', 'registry', 'repository', 'image', 'rule_set_ids', 'allowlist_ids'] },
      ),
      { maxLength: 2 },
    ),
    source_mappings: fc.array(
      fc.record({
        id: text,
        name: text,
        host: text,
        repository: text,
        rule_set_ids: fc.array(text),
        allowlist_ids: fc.array(text),
        description: text,
      }),
      { maxLength: 2 },
    ),
    allowlisted_images: fc.array(selection, { maxLength: 2 }),
    denylisted_images: fc.array(selection, { maxLength: 2 }),
    last_updated: fc.nat(),
  },
  { requiredKeys: ['id', 'name', 'version', 'rule_sets', 'mappings'] },
);

function thereAndBack(policy: object): unknown {
  const exported = exportV1Policy(policy);
  expect(isV1Document(exported)).toBe(true);
  return importV1Policy(JSON.parse(JSON.stringify(exported))).document;
}

describe('exportV1Policy', () => {
  it('is undone by the importer, whatever the document', () => {
    fc.assert(
      fc.property(document, (policy) => {
        const plain = JSON.parse(JSON.stringify(policy)) as object;
        expect(thereAndBack(plain)).toEqual(plain);
      }),
    );
  });

  it('is undone for the default policy', () => {
    expect(thereAndBack(DEFAULT_POLICY)).toEqual(JSON.parse(JSON.stringify(DEFAULT_POLICY)));
  });

  it.skipIf(!existsSync(EXAMPLES))('is undone for published examples', () => {
    for (const file of readdirSync(EXAMPLES)) {
      const policy = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as object;
      if (!('rule_sets' in policy)) continue;
      expect(thereAndBack(policy)).toEqual(policy);
    }
  });

  it('uses the names of the first generation, but for what it never had', () => {
    const { source_mappings: _new, ...policy } = DEFAULT_POLICY;
    const exported = JSON.stringify(exportV1Policy(policy));
    for (const name of [
      'rule_sets',
      'allowlists',
      'rule_set_ids',
      'allowlist_ids',
      'allowlisted_images',
      'denylisted_images',
      '"version":"2"',
    ]) {
      expect(exported).not.toContain(name);
    }
  });
});

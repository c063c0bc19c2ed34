import { describe, expect, it } from 'vitest';
import { importV1Policy, isV1Document } from './document-import.ts';
import { validatePolicy } from './validate.ts';

const V1 = {
  id: 'b',
  version: '1_0',
  name: 'Bundle',
  comment: 'text',
  policies: [
    {
      id: 'p',
      version: '1_0',
      name: 'P',
      comment: 'c',
      rules: [{ id: 'r', gate: 'always', trigger: 'always', action: 'stop', params: [] }],
    },
  ],
  whitelists: [
    { id: 'w', version: '1_0', name: 'W', items: [{ id: 'i', gate: 'files', trigger: 'x', trigger_id: '*' }] },
  ],
  mappings: [
    {
      name: 'm',
      registry: '*',
      repository: '*',
      image: { type: 'tag', value: '*' },
      policy_ids: ['p'],
      whitelist_ids: ['w'],
    },
  ],
  whitelisted_images: [{ name: 'l', registry: '*', repository: 'a', image: { type: 'tag', value: '*' } }],
  blacklisted_images: [],
};

describe('import of V1 documents', () => {
  it('makes a valid V2 document and names its changes', () => {
    expect(isV1Document(V1)).toBe(true);
    const { document, changes } = importV1Policy(V1);
    const { valid, document: checked } = validatePolicy(document);
    expect(valid).toBe(true);
    expect(checked).toMatchObject({
      id: 'b',
      description: 'text',
      version: '2',
      rule_sets: [{ id: 'p', description: 'c', rules: [{ action: 'STOP' }] }],
      allowlists: [{ id: 'w', items: [{ id: 'i', trigger_id: '*' }] }],
      mappings: [{ rule_set_ids: ['p'], allowlist_ids: ['w'] }],
      allowlisted_images: [{ name: 'l' }],
      denylisted_images: [],
    });
    expect(changes).toContain('"policies" became "rule_sets"');
    expect(changes.join()).toContain('never compared');
  });

  it('keeps policy_id, and leaves what it cannot read to validation', () => {
    const { policy_ids: _, ...mapping } = V1.mappings[0]!;
    const single = importV1Policy({ ...V1, mappings: [{ ...mapping, policy_id: 'p' }] });
    expect(validatePolicy(single.document).valid).toBe(true);
    expect(validatePolicy(importV1Policy({ ...V1, mappings: [mapping] }).document).valid).toBe(false);
    expect(validatePolicy(importV1Policy({ ...V1, policies: 'x', mappings: [1] }).document).valid).toBe(false);
    for (const input of [null, 1, 'x', []]) expect(importV1Policy(input).document).toBe(input);
    expect(isV1Document({ rule_sets: [] })).toBe(false);
  });
});

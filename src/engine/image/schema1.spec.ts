import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { convertSchema1, schema1PayloadDigest } from './schema1.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const step = (fields: object) => ({ v1Compatibility: JSON.stringify(fields) });

const document = {
  schemaVersion: 1,
  architecture: 'amd64',
  fsLayers: [{ blobSum: digest('3') }, { blobSum: digest('2') }, { blobSum: digest('1') }],
  history: [
    step({
      id: 'c',
      created: '2016-03-03',
      os: 'linux',
      config: { Env: ['A=b'] },
      container_config: { Cmd: ['/bin/sh', '-c', 'top'] },
    }),
    step({ id: 'b', throwaway: true, container_config: { Cmd: ['/bin/sh -c #(nop) ENV A=b'] } }),
    step({ id: 'a', container_config: { Cmd: ['/bin/sh -c #(nop) ADD x'] } }),
  ],
};

describe('schema 1', () => {
  it('becomes a configuration and layers, oldest first, without those that changed nothing', () => {
    const { config, layers } = convertSchema1(document);
    expect(layers.map((layer) => [layer.digest, layer.size])).toEqual([
      [digest('1'), -1],
      [digest('3'), -1],
    ]);
    const parsed = JSON.parse(Buffer.from(config).toString());
    expect(parsed).toMatchObject({
      architecture: 'amd64',
      os: 'linux',
      config: { Env: ['A=b'] },
      created: '2016-03-03',
    });
    expect(parsed.id).toBeUndefined();
    expect(parsed.history).toEqual([
      { created_by: '/bin/sh -c #(nop) ADD x' },
      { created_by: '/bin/sh -c #(nop) ENV A=b', empty_layer: true },
      { created: '2016-03-03', created_by: '/bin/sh -c top' },
    ]);
  });

  it.each<[string, object]>([
    ['has no layers', { fsLayers: [], history: [] }],
    ['has fewer steps than layers', { ...document, history: [step({})] }],
    ['has a step that is no JSON', { fsLayers: [{ blobSum: digest('1') }], history: [{ v1Compatibility: '{' }] }],
    ['has a step that is no object', { fsLayers: [{ blobSum: digest('1') }], history: [{ v1Compatibility: '1' }] }],
    ['has a layer without digest', { fsLayers: [{ blobSum: 'md5:1' }], history: [step({})] }],
  ])('is refused when it %s', (_, broken) => {
    expect(() => convertSchema1(broken as Record<string, unknown>)).toThrow(
      expect.objectContaining({ code: 'invalid' }),
    );
  });

  it('has the digest of its payload, without signatures', () => {
    const payload = '{\n   "name": "a"\n}';
    const formatLength = payload.length - 2;
    const signed = {
      protected: Buffer.from(
        JSON.stringify({ formatLength, formatTail: Buffer.from('\n}').toString('base64url') }),
      ).toString('base64url'),
    };
    const bytes = Buffer.from(`${payload.slice(0, formatLength)},\n   "signatures": [${JSON.stringify(signed)}]\n}`);
    expect(schema1PayloadDigest(bytes)).toBe(`sha256:${createHash('sha256').update(payload).digest('hex')}`);
    expect(schema1PayloadDigest(Buffer.from(payload))).toBeUndefined();
    expect(schema1PayloadDigest(Buffer.from('x'))).toBeUndefined();
  });
});

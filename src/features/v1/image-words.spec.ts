import { describe, expect, it } from 'vitest';
import type { V1ImageRequest } from '#contract/v1/images.ts';
import { imageRequest, v1Image } from './image-words.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('imageRequest', () => {
  it.each<[string, V1ImageRequest, unknown]>([
    ['a tag', { tag: 'r/x:1' }, { source: { tag: { pull_string: 'r/x:1' } } }],
    [
      'a tag with a dockerfile',
      { tag: 'r/x:1', dockerfile: 'RlJPTQ==' },
      { source: { tag: { pull_string: 'r/x:1', dockerfile: 'RlJPTQ==' } } },
    ],
    [
      'annotations and a type',
      { tag: 'x', annotations: { a: 'b' }, image_type: 'docker' },
      { annotations: { a: 'b' }, image_type: 'docker', source: { tag: { pull_string: 'x' } } },
    ],
    [
      'a pull string by digest',
      { digest: `r/x@${DIGEST}`, tag: 'r/x:1' },
      { source: { digest: { pull_string: `r/x@${DIGEST}`, tag: 'r/x:1' } } },
    ],
    [
      'a bare digest and a tag of a registry with a port',
      { digest: DIGEST, tag: 'r:5000/x:1', created_at: '2026-01-01T00:00:00Z' },
      {
        source: {
          digest: {
            pull_string: `r:5000/x@${DIGEST}`,
            tag: 'r:5000/x:1',
            creation_timestamp_override: '2026-01-01T00:00:00Z',
          },
        },
      },
    ],
    [
      'a bare digest and a tag without tag part',
      { digest: DIGEST, tag: 'r:5000/x' },
      { source: { digest: { pull_string: `r:5000/x@${DIGEST}`, tag: 'r:5000/x' } } },
    ],
    [
      'a source',
      { source: { tag: { pullstring: 'x' }, digest: null } },
      { source: { tag: { pull_string: 'x' }, digest: null } },
    ],
    ['an archive', { source: { archive: { digest: DIGEST } } }, { source: { archive: { digest: DIGEST } } }],
    [
      'nulls for what is absent',
      { tag: 'x', digest: null, dockerfile: null, annotations: null, source: null },
      { source: { tag: { pull_string: 'x' } } },
    ],
  ])('understands %s', (_, body, expected) => {
    expect(imageRequest(body)).toEqual(expected);
  });

  it('refuses nothing and too much', () => {
    expect(() => imageRequest({})).toThrow("'tag' is a required property");
    expect(() => imageRequest({ tag: 'x', source: { tag: { pullstring: 'x' } } })).toThrow('exclude each other');
  });
});

describe('v1Image', () => {
  it('has every member that clients read, even when nothing is known', () => {
    expect(v1Image({ image_digest: DIGEST, account_name: 'a', analysis_status: 'not_analyzed' })).toMatchObject({
      imageDigest: DIGEST,
      userId: 'a',
      image_type: 'docker',
      analyzed_at: null,
      annotations: {},
      image_detail: [],
      image_content: {
        metadata: {
          arch: null,
          distro: null,
          distro_version: null,
          dockerfile_mode: null,
          image_size: null,
          layer_count: null,
        },
      },
    });
  });
});

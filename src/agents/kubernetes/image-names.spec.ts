import { describe, expect, it } from 'vitest';
import { type MissingTag, namedImage, runningImage } from './image-names.ts';

const A = `sha256:${'a'.repeat(64)}`;
const container = (image: string, imageId = '', statusImage = '') => ({
  name: 'c',
  kind: 'regular' as const,
  image,
  statusImage,
  imageId,
  id: 'containerd://1',
});

describe('namedImage', () => {
  it.each<[string, string, string, MissingTag, string | undefined, string?]>([
    ['nginx:1.25', `docker.io/library/nginx@${A}`, '', { policy: 'digest' }, 'nginx:1.25', A],
    ['nginx:1.25', `docker-pullable://nginx@${A}`, '', { policy: 'digest' }, 'nginx:1.25', A],
    ['nginx', `docker.io/library/nginx@${A}`, '', { policy: 'digest' }, `nginx:${'a'.repeat(64)}`, A],
    ['nginx', '', '', { policy: 'digest' }, 'nginx:latest', ''],
    ['nginx', A, '', { policy: 'digest' }, 'nginx:latest', ''],
    [`nginx@${A}`, '', '', { policy: 'digest' }, `nginx:${'a'.repeat(64)}`, A],
    [`nginx:1@${A}`, '', '', { policy: 'drop' }, 'nginx:1', A],
    ['host:5000/team/app', '', '', { policy: 'insert', tag: 'UNKNOWN' }, 'host:5000/team/app:UNKNOWN', ''],
    ['host:5000/team/app', '', '', { policy: 'drop' }, undefined],
    ['', '', 'quay.io/x/y:2', { policy: 'digest' }, 'quay.io/x/y:2', ''],
    ['', '', A, { policy: 'digest' }, undefined],
  ])('%s, id %s', (image, id, status, missing, tag, digest) => {
    expect(namedImage(container(image, id, status), missing)).toEqual(tag === undefined ? undefined : { tag, digest });
  });
  it.each([
    ['nginx:1', 'mirror.example/nginx:1'],
    ['team/app:1', 'mirror.example/team/app:1'],
    ['quay.io/app:1', 'quay.io/app:1'],
    ['localhost/app:1', 'localhost/app:1'],
    ['host:5000/app:1', 'host:5000/app:1'],
    ['a/b/c:1', 'a/b/c:1'],
  ])('puts a missing registry before %s', (image, tag) => {
    expect(namedImage(container(image), { policy: 'digest' }, 'mirror.example/')?.tag).toBe(tag);
  });
});

describe('runningImage', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest', 'docker.io/library/nginx:latest'],
    ['nginx', A, 'nginx:latest'],
    ['nginx:1', 'docker.io/library/nginx:1', 'nginx:1'],
  ])('%s run as %s', (image, status, tag) => {
    expect(runningImage(container(image, '', status))?.tag).toBe(tag);
  });
});

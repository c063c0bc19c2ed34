import { describe, expect, it } from 'vitest';
import { canonicalTag, digestIn } from './image-names.ts';
import { digest } from './inventory.fixture.ts';
import { addRequestFor, pauseAfter } from './watch-job.ts';
import { ecsWorkload, workloadOf } from './workload.ts';

const hex = 'a'.repeat(64);
const sha = digest('x');

describe('canonicalTag', () => {
  it.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.25', 'docker.io/library/nginx:1.25'],
    ['docker.io/nginx', 'docker.io/library/nginx:latest'],
    ['index.docker.io/library/nginx:1', 'docker.io/library/nginx:1'],
    ['registry-1.docker.io/team/app', 'docker.io/team/app:latest'],
    ['team/app:1', 'docker.io/team/app:1'],
    ['localhost/app', 'localhost/app:latest'],
    ['host:5000/a/b/c:v1', 'host:5000/a/b/c:v1'],
    [`nginx:1@${sha}`, 'docker.io/library/nginx:1'],
    [`nginx@${sha}`, null],
    [`alpine:${hex}`, null],
    ['repo:UNKNOWN', null],
    ['nginx:', null],
    [sha, null],
    ['', null],
    ['a:b:c', null],
    ['UPPER/Case:1', null],
  ])('%s', (text, expected) => expect(canonicalTag(text)).toBe(expected));
});

describe('digestIn', () => {
  it.each([
    [sha, sha],
    [`docker-pullable://nginx@${sha}`, sha],
    [sha.toUpperCase().replace('SHA256', 'sha256'), sha],
    ['', ''],
    [null, ''],
    ['sha256:12', ''],
  ])('%s', (text, expected) => expect(digestIn(text)).toBe(expected));
});

describe('workloadOf', () => {
  it.each([
    ['web-5d8f7c9b6d-x2x9z', { 'pod-template-hash': '5d8f7c9b6d' }, 'deployment/web'],
    ['db-0', { 'statefulset.kubernetes.io/pod-name': 'db-0', 'controller-revision-hash': 'db-1' }, 'statefulset/db'],
    ['agent-x2x9z', { 'controller-revision-hash': '7b9' }, 'daemonset/agent'],
    ['load-28000000-x2x9z', { 'job-name': 'load-28000000' }, 'cronjob/load'],
    ['load-x2x9z', { 'batch.kubernetes.io/job-name': 'load' }, 'job/load'],
    ['rs-x2x9z', { app: 'rs' }, 'replicaset/rs'],
    ['alone', null, 'pod/alone'],
  ])('%s', (name, labels, expected) => expect(workloadOf({ name, labels })).toBe(expected));
  it.each([
    [{ service_arn: 'arn:aws:ecs:eu-west-1:1:service/c1/web' }, 'service/web'],
    [{ service_arn: 'UNKNOWN', task_definition_arn: 'arn:aws:ecs:eu-west-1:1:task-definition/load:7' }, 'task/load'],
    [{}, 'task/unknown'],
  ])('%j', (task, expected) => expect(ecsWorkload(task)).toBe(expected));
});

describe('addRequestFor', () => {
  const request = (image_tag: string, image_digest = '') =>
    addRequestFor({ image_tag, image_digest, full_tag: canonicalTag(image_tag) })?.source;
  it.each([
    ['nginx:1', sha, { digest: { pull_string: `nginx@${sha}`, tag: 'nginx:1' } }],
    [`host:5000/a@${sha}`, sha, { digest: { pull_string: `host:5000/a@${sha}`, tag: 'host:5000/a' } }],
    [`alpine:${hex}`, sha, { digest: { pull_string: `alpine@${sha}`, tag: `alpine:${hex}` } }],
    ['nginx:', sha, { digest: { pull_string: `nginx@${sha}`, tag: `nginx:${sha.slice(7)}` } }],
    ['nginx', '', { tag: { pull_string: 'nginx' } }],
    [`alpine:${hex}`, '', undefined],
    [`sha256:${hex}`, sha, undefined],
  ])('%s %s', (tag, value, expected) => expect(request(tag, value)).toEqual(expected));
  it('waits longer after each failure, a day at most', () => {
    expect([1, 2, 3, 20].map((n) => pauseAfter(n) / 60_000)).toEqual([5, 10, 20, 1440]);
  });
});

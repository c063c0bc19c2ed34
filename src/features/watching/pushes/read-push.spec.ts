import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPush } from './read-push.ts';

const oci = 'application/vnd.oci.image.manifest.v1+json';
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const harborResource = { digest: 'sha256:1', tag: '2', resource_url: 'harbor.example.org/team/app:2' };
const harborRepository = { name: 'app', namespace: 'team', repo_full_name: 'team/app', repo_type: 'private' };

describe('readPush', () => {
  it.each<[string, unknown, string, unknown[]]>([
    [
      'Docker Hub',
      {
        push_data: { pushed_at: 1, pusher: 'x', tag: '2' },
        callback_url: 'https://x',
        repository: { repo_name: 'team/app', name: 'app' },
      },
      'docker-hub',
      [{ registry: 'docker.io', repository: 'team/app', tag: '2' }],
    ],
    [
      'Harbor',
      {
        type: 'PUSH_ARTIFACT',
        occur_at: 1,
        operator: 'x',
        event_data: { resources: [harborResource], repository: harborRepository },
      },
      'harbor',
      [{ registry: 'harbor.example.org', repository: 'team/app', tag: '2' }],
    ],
    [
      'Harbor, a digest without tag',
      {
        type: 'PUSH_ARTIFACT',
        event_data: {
          resources: [{ tag: 'sha256:1', resource_url: 'harbor.example.org/team/app@sha256:1' }],
          repository: harborRepository,
        },
      },
      'harbor',
      [{ registry: 'harbor.example.org', repository: 'team/app' }],
    ],
    [
      'Harbor, deleted',
      { type: 'DELETE_ARTIFACT', event_data: { resources: [harborResource], repository: harborRepository } },
      'harbor',
      [],
    ],
    [
      'Harbor, CloudEvent',
      {
        specversion: '1.0',
        type: 'harbor.artifact.pushed',
        source: '/projects/1',
        data: { resources: [harborResource], repository: harborRepository },
      },
      'harbor',
      [{ registry: 'harbor.example.org', repository: 'team/app', tag: '2' }],
    ],
    [
      'Quay',
      {
        name: 'app',
        repository: 'team/app',
        namespace: 'team',
        docker_url: 'quay.io/team/app',
        homepage: 'https://quay.io/x',
        updated_tags: ['2', '3'],
      },
      'quay',
      [
        { registry: 'quay.io', repository: 'team/app', tag: '2' },
        { registry: 'quay.io', repository: 'team/app', tag: '3' },
      ],
    ],
    [
      'Quay, a build',
      { name: 'app', repository: 'team/app', docker_url: 'quay.io/team/app', build_id: 'x' },
      'quay',
      [],
    ],
    [
      'GitHub package',
      {
        action: 'published',
        package: {
          name: 'App',
          namespace: 'Team',
          package_type: 'CONTAINER',
          package_version: {
            package_url: 'ghcr.io/team/app:2',
            container_metadata: { tag: { name: '2', digest: 'sha256:1' } },
          },
        },
      },
      'github',
      [{ registry: 'ghcr.io', repository: 'team/app', tag: '2' }],
    ],
    [
      'GitHub registry_package without address',
      {
        action: 'updated',
        registry_package: {
          name: 'App',
          namespace: 'Team',
          ecosystem: 'container',
          package_version: { package_url: '', container_metadata: { tag: { name: '2' } } },
        },
      },
      'github',
      [{ registry: 'ghcr.io', repository: 'team/app', tag: '2' }],
    ],
    [
      'GitHub, a package of npm',
      { action: 'published', package: { name: 'x', package_type: 'npm', package_version: {} } },
      'github',
      [],
    ],
    ['GitHub, ping', { zen: 'Keep it logically awesome.', hook_id: 1, hook: {} }, 'github', []],
    [
      'distribution',
      {
        events: [
          {
            action: 'push',
            target: { mediaType: 'application/octet-stream', repository: 'team/app', digest: 'sha256:1' },
            request: { host: 'registry.example.org:5000' },
          },
          {
            action: 'pull',
            target: { mediaType: oci, repository: 'team/app', tag: '2' },
            request: { host: 'registry.example.org:5000' },
          },
          {
            action: 'push',
            target: { mediaType: oci, repository: 'team/app', tag: '2' },
            request: { host: 'registry.example.org:5000' },
          },
          {
            action: 'push',
            target: {
              mediaType: oci,
              repository: 'team/app',
              url: 'https://other.example.org/v2/team/app/manifests/sha256:1',
            },
          },
        ],
      },
      'distribution',
      [
        { registry: 'registry.example.org:5000', repository: 'team/app', tag: '2' },
        { registry: 'other.example.org', repository: 'team/app' },
      ],
    ],
    [
      'Azure',
      {
        id: 'x',
        action: 'push',
        target: { mediaType: oci, repository: 'app', tag: '2' },
        request: { host: 'team.azurecr.io', method: 'PUT' },
      },
      'azure',
      [{ registry: 'team.azurecr.io', repository: 'app', tag: '2' }],
    ],
    ['Azure, ping', { id: 'x', action: 'ping', target: {} }, 'azure', []],
    [
      'Azure Event Grid',
      [
        {
          eventType: 'Microsoft.ContainerRegistry.ImagePushed',
          data: {
            action: 'push',
            target: { mediaType: oci, repository: 'app', tag: '2' },
            request: { host: 'team.azurecr.io' },
          },
        },
        {
          eventType: 'Microsoft.ContainerRegistry.ImageDeleted',
          data: { action: 'delete', target: { repository: 'app' } },
        },
      ],
      'azure-event-grid',
      [{ registry: 'team.azurecr.io', repository: 'app', tag: '2' }],
    ],
    [
      'Amazon',
      {
        source: 'aws.ecr',
        'detail-type': 'ECR Image Action',
        account: '123456789012',
        region: 'eu-west-1',
        detail: {
          result: 'SUCCESS',
          'repository-name': 'app',
          'image-digest': 'sha256:1',
          'action-type': 'PUSH',
          'image-tag': '2',
        },
      },
      'amazon',
      [{ registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'app', tag: '2' }],
    ],
    [
      'Google',
      {
        message: {
          data: encoded({
            action: 'INSERT',
            digest: 'europe-docker.pkg.dev/p/r/app@sha256:1',
            tag: 'europe-docker.pkg.dev/p/r/app:2',
          }),
          messageId: '1',
        },
        subscription: 's',
      },
      'google',
      [{ registry: 'europe-docker.pkg.dev', repository: 'p/r/app', tag: '2' }],
    ],
    [
      'Google, deleted',
      { message: { data: encoded({ action: 'DELETE', tag: 'europe-docker.pkg.dev/p/r/app:2' }) } },
      'google',
      [],
    ],
  ])('%s', (_, body, format, pushes) => {
    expect(readPush(body, {})).toEqual({ format, pushes });
  });

  it('hands back the code with which Azure sees whether anybody listens', () => {
    const body = [{ eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent', data: { validationCode: 'abc' } }];
    expect(readPush(body, {})).toEqual({ format: 'azure-event-grid', pushes: [], validation: 'abc' });
  });

  it.each([
    [null],
    [1],
    ['text'],
    [[]],
    [{}],
    [{ events: 'x' }],
    [{ events: [1] }],
    [{ message: { data: 'no base64 of JSON' } }],
  ])('knows nobody who sends %j', (body) => {
    expect(readPush(body, {})).toBeUndefined();
  });

  it('takes anything without an error', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('events', 'package', 'event_data', 'message', 'push_data', 'target'),
        (value, key) => {
          readPush(value, {});
          readPush({ [key]: value, action: value, repository: value, type: 'x', data: value, docker_url: 'a/b' }, {});
        },
      ),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { ApiError } from '#client/index.ts';
import { RegistryError } from '#engine/image/index.ts';
import { SbomError } from '#engine/sbom/index.ts';
import { FeedError } from '#engine/vulnerabilities/index.ts';
import { CliFailure, describeFailure } from '../../src/programs/cli/failure.ts';

const system = (fields: object) => Object.assign(new Error('ENOENT: no such file'), fields);

describe('describeFailure', () => {
  it.each([
    [new CliFailure('no', { hint: 'do', exitCode: 5 }), ['error: no', '  do'], 5],
    [
      new ApiError(0, 'No answer from http://x: refused'),
      ['error: No answer from http://x: refused', '  Is the server running? Set WINDLASS_URL or --url.'],
      3,
    ],
    [
      new ApiError(400, 'bad', { detail: { error_codes: ['A', 'B'], field: 'tag' }, requestId: 'r1' }),
      ['error: bad (HTTP 400, request r1)', '  A, B; field: tag'],
      3,
    ],
    [new ApiError(404, 'gone'), ['error: gone (HTTP 404)'], 3],
    [new RegistryError('invalid', 'x does not exist.'), ['error: x does not exist.'], 2],
    [
      new RegistryError('unauthorized', 'denied'),
      ['error: denied', '  Log in with --username and --password, or with docker login or podman login.'],
      3,
    ],
    [
      new SbomError('not JSON'),
      ['error: not JSON', '  Readable are native (Syft) JSON, CycloneDX JSON and SPDX 2 JSON.'],
      2,
    ],
    [new FeedError('corrupt', 'broken'), ['error: vulnerability database: broken'], 3],
    [system({ code: 'ENOENT', path: '/x' }), ['error: /x does not exist'], 2],
    [
      system({ code: 'EADDRINUSE', port: 80 }),
      ['error: port 80 is in use by another process', '  Choose another one: --port=9000.'],
      3,
    ],
    [new Error('odd'), ['error: odd'], 3],
    ['text', ['error: text'], 3],
  ])('%s', (error, lines, exitCode) => expect(describeFailure(error)).toEqual({ lines, exitCode }));
});

import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { erlangOtpAnalyzer } from './index.ts';

const PATH = '/opt/rabbitmq/plugins/cowboy-2.8.0/ebin/cowboy.app';
const TEXT = `%% {vsn, "0"}
{application, 'cowboy', [
\t{description, "Small \\"fast\\" server, 100%"},
\t{vsn, "2.8.0"},
\t{modules, ['cowboy_app']},
\t{applications, [kernel,stdlib,'ranch']},
\t{mod, {cowboy_app, []}}
]}.
`;

describe('erlang-otp', () => {
  it('reads the resource file of an application', () => {
    const { packages } = analyzeFiles(erlangOtpAnalyzer, { [PATH]: TEXT });
    expect(rows(packages)).toEqual([`cowboy@2.8.0 ${PATH}`]);
    expect(packages[0]).toMatchObject({
      type: 'erlang-otp',
      purl: 'pkg:otp/cowboy@2.8.0',
      dependencies: ['kernel', 'stdlib', 'ranch'],
      metadata: { description: 'Small "fast" server, 100%' },
    });
  });

  it.each([
    ['a source with a placeholder', TEXT.replace('"2.8.0"', 'git')],
    ['a version that is none', TEXT.replace('2.8.0', '%VSN%')],
    ['no application', '{release, "x", "1"}.'],
    ['nothing', ''],
  ])('takes nothing from %s', (_, text) => {
    expect(analyzeFiles(erlangOtpAnalyzer, { [PATH]: text }).packages).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { analyzeFiles, rows } from '../analyze-files.fixture.ts';
import { wordpressAnalyzer } from './index.ts';

const ROOT = '/var/www/html/wp-content/plugins';
const header = (lines: string[]): string => `<?php\n/**\n${lines.map((line) => ` * ${line}\n`).join('')} */\nexit;\n`;
const FORMS = header([
  'Plugin Name: Fine Forms',
  'Plugin URI: https://example.org/forms',
  'Version: 5.9.3',
  'Author: Ann Example',
  'License: GPL-2.0-or-later',
]);

describe('wordpress', () => {
  it('reads the header of a plugin', () => {
    const { packages } = analyzeFiles(wordpressAnalyzer, { [`${ROOT}/fine-forms/fine-forms.php`]: FORMS });
    expect(rows(packages)).toEqual([`Fine Forms@5.9.3 ${ROOT}/fine-forms/fine-forms.php`]);
    expect(packages[0]).toMatchObject({
      type: 'wordpress-plugin',
      purl: 'pkg:generic/wordpress-plugin/fine-forms@5.9.3',
      origin: 'Ann Example',
      metadata: { pluginInstallDirectory: 'fine-forms' },
    });
    expect(packages[0]?.cpes).toContain('cpe:2.3:a:ann_example:fine-forms:5.9.3:*:*:*:*:*:*:*');
  });

  it.each([
    ['a plugin of one file', `${ROOT}/hello.php`, FORMS, 'hello'],
    ['one that is always loaded', '/srv/wp-content/mu-plugins/hello.php', FORMS, 'hello'],
    [
      'a comment of lines, with carriage returns',
      `${ROOT}/a/b.php`,
      '<?php\r\n// Plugin Name: A\r\n# Version: 1.0-beta2\r\n',
      'a',
    ],
    ['a header in the first line', `${ROOT}/a/b.php`, '<?php /* Plugin Name: A */ /*\nVersion: 2 */', 'a'],
  ])('reads %s', (_, path, text, slug) => {
    const { packages } = analyzeFiles(wordpressAnalyzer, { [path]: text });
    expect(packages.map(({ metadata }) => metadata.pluginInstallDirectory)).toEqual([slug]);
    expect(packages[0]?.version).not.toContain('*');
  });

  it.each([
    ['a file of a plugin further down', `${ROOT}/a/lib/b.php`, FORMS],
    ['no version', `${ROOT}/a/b.php`, header(['Plugin Name: A'])],
    [
      'a name only after the first 8 KiB',
      `${ROOT}/a/b.php`,
      `<?php\n${' '.repeat(9000)}\n// Plugin Name: A\n// Version: 1\n`,
    ],
    ['ordinary code', `${ROOT}/a/b.php`, '<?php echo 1;'],
  ])('takes nothing from %s', (_, path, text) => {
    expect(analyzeFiles(wordpressAnalyzer, { [path]: text }).packages).toEqual([]);
  });
});
